//! What came apart, and what ran together.

use super::{Token, gone};
use crate::model::normal::strip_marks;
use crate::restore::footnotes::Mark;

/// A symbol or date that came apart: `132/2008/NĐ- CP`, `31/ 12/2008`.
pub(super) fn symbol(tokens: &[Token], i: usize) -> Option<Mark> {
    let (t, next) = (&tokens[i], tokens.get(i + 1)?);
    let digits = t.text.chars().next()?.is_ascii_digit();
    let space = next.at - (t.at + t.text.len());
    if next.line != t.line || space != 1 || !digits || !t.text.contains('/') {
        return None;
    }
    let head = next.text.split(['/', '-', ',', ';', '.', ')']).next()?;
    let capitals = head.chars().count() >= 2 && head.chars().take(2).all(char::is_uppercase);
    let symbol = t.text.ends_with('-') && capitals;
    let date = t.text.ends_with('/')
        && t.text.bytes().all(|b| b.is_ascii_digit() || b == b'/')
        && head.bytes().all(|b| b.is_ascii_digit())
        && next.text.contains('/');
    (symbol || date).then(|| gone(t.at + t.text.len(), 1))
}

/// `động- -Thương`: one hyphen seen twice.
pub(super) fn hyphen(tokens: &[Token], i: usize) -> Option<Mark> {
    let (t, next) = (&tokens[i], tokens.get(i + 1)?);
    let (word, rest) = (t.text.strip_suffix('-')?, next.text.strip_prefix('-')?);
    let letters = word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic);
    let from = t.at + word.len();
    (letters && next.line == t.line).then(|| Mark { span: from..next.at + 1, text: "-".into() })
}

/// `số03/2010/TT-BTC`, `sô12/KH-UBND`: the number of a document ran together with the word before it.
pub(super) fn number(t: &Token) -> Option<Mark> {
    let digit = t.text.find(|c: char| c.is_ascii_digit())?;
    let (word, symbol) = t.text.split_at(digit);
    let so = strip_marks(word).eq_ignore_ascii_case("so");
    let number = symbol.split('/').next()?;
    let document = symbol.len() > number.len() && (1..=5).contains(&number.len());
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let at = t.at + digit;
    (so && document && digits).then(|| Mark { span: at..at, text: " ".into() })
}
