//! Digits that were read as strokes, where the words around them say that a number stands there.

use super::{NEAR, Token};
use crate::restore::footnotes::Mark;
use crate::restore::token;

/// What a digit of such a number may have been read as.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' | 'Ø' | 'ø' | 'Ö' | 'Ô' | 'Q' => Some('0'),
        'l' | 'I' | '|' | '!' | ']' | '[' | 'i' | 'J' | 'í' | 'ì' | 'ỉ' | 'ĩ' | 'ị' | 'ï' | 'Í' | 'Ì'
        | 'Ỉ' | 'Ĩ' | 'Ị' | 'Ï' => Some('1'),
        _ => None,
    }
}

/// What a Vietnamese model makes of 11 where it expects a word.
const ELEVEN: [&str; 2] = ["lại", "laị"];

/// `text` as a number of at most two digits, if some of them were read amiss.
fn number(text: &str) -> Option<u32> {
    let letters = text.chars().count();
    if !(1..=2).contains(&letters) || text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.chars().map(digit).collect::<Option<String>>()?.parse().ok()
}

/// `200];`, `1]`: a bracket that nothing opened, after digits, is a one.
pub(super) fn stroke_for_one(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let digits = t.text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = t.text.get(digits..)?.strip_prefix(']')?;
    let opened = tokens[i.saturating_sub(NEAR)..i].iter().any(|o| o.text.contains('['));
    let closing = rest.chars().all(|c| matches!(c, ';' | ',' | '.' | ':' | ')'));
    let at = t.at + digits;
    ((1..=3).contains(&digits) && closing && !opened && !is_date(tokens, i))
        .then(|| Mark { span: at..at + 1, text: "1".into() })
}

/// Whether the day or the month of a date must stand here: *ngày* d *tháng* m *năm*.
fn is_date(tokens: &[Token], i: usize) -> bool {
    let is = |at: Option<usize>, word: &str| at.and_then(|a| tokens.get(a)).is_some_and(|t| t.text == word);
    let before = i.checked_sub(1);
    is(before, "ngày") && is(Some(i + 1), "tháng") || is(before, "tháng") && is(Some(i + 1), "năm")
}

/// The day or month of a date: `ngày l9 tháng Ì] năm`. A stroke more than the number may have is a speck.
pub(super) fn date(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    if !is_date(tokens, i) {
        return None;
    }
    let most = if tokens[i - 1].text == "tháng" { 12 } else { 31 };
    let bare = t.text.trim_end_matches(['|', ']', '[']);
    let found = [t.text, bare].into_iter().find_map(|text| {
        let sure = text.len() < t.text.len() && text.bytes().all(|b| b.is_ascii_digit());
        let n = match text {
            _ if ELEVEN.contains(&text) => return Some((11, 2)),
            _ if sure => text.parse().ok(),
            _ => number(text),
        };
        n.filter(|n| (1..=most).contains(n)).map(|n| (n, text.chars().count()))
    });
    let (n, width) = found?;
    Some(Mark { span: t.at..t.at + t.text.len(), text: format!("{n:0width$}") })
}

/// *khoản l Điều này*: clauses and articles have numbers. A point may be called l.
pub(super) fn clause(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let before = tokens[i.checked_sub(1)?].text;
    let (_, trail) = token::trim_marks(t.text);
    let bare = &t.text[..t.text.len() - trail];
    // a bracket at the end may be the stroke itself
    let core = if bare.is_empty() { t.text } else { bare };
    let stroke = core.chars().count() == 1 && number(core) == Some(1);
    (matches!(before, "khoản" | "Khoản" | "Điều" | "điều") && stroke && core != "i")
        .then(|| Mark { span: t.at..t.at + core.len(), text: "1".into() })
}
