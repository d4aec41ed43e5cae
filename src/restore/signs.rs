//! Specks, stray signs and misread marks between the words: what no dictionary knows and only counting, sequence or balance can tell.
//!
//! A speck on the glass becomes `_`, `` ` `` or `'`; a full stop appears in the middle of a sentence; `1.` becomes `].`; the `;` of one point among many
//! becomes `.`. Each rule wants proof from the surroundings: no partner for a quotation mark or bracket, a `2.` after the `].`, siblings that all end in `;`,
//! two words that belong together and go on in small letters. Only pages on which words are wrong too are looked at: on a clean page a
//! strange sign is the author's.

use super::footnotes::Mark;
use super::lexicon::Lexicon;
use super::lm::LanguageModel;
use super::models::Damage;
use super::token;

/// Two words that the model joins at least so readily, in nats, are not parted by a full stop.
const JOINED: f32 = -6.0;
/// In so many tokens after an opening quotation mark its partner is sought.
const QUOTED: usize = 60;
/// Siblings that must end in `;` for one that does not to be mended.
const SIBLINGS: usize = 2;

struct Token<'a> {
    at: usize,
    text: &'a str,
    line: usize,
    first: bool,
}

/// The mends of a page, in order.
#[must_use]
pub fn mends(raw: &str, damage: Damage, lexicon: &Lexicon, language: &LanguageModel) -> Vec<Mark> {
    let tokens = tokens(raw);
    let mut out = Vec::new();
    for (i, t) in tokens.iter().enumerate() {
        if let Some(mark) = stray(&tokens, i) {
            out.push(mark);
        } else if damage == Damage::Slight {
            out.extend(speck_before(&tokens, i));
            out.extend(speck_after(t));
            out.extend(stroke_for_one(&tokens, i));
            out.extend(false_stop(&tokens, i, lexicon, language));
        }
        out.extend(joined(&tokens, i));
    }
    if damage == Damage::Slight {
        out.extend(first_of_a_list(&tokens));
        out.extend(ends_of_points(raw, &tokens));
    }
    out.sort_by_key(|m| m.span.start);
    out.dedup_by(|b, a| b.span.start < a.span.end);
    out
}

fn tokens(raw: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    for (line, text) in raw.split('\n').enumerate() {
        let found = text.split_whitespace().enumerate();
        out.extend(found.map(|(i, text)| Token {
            at: text.as_ptr() as usize - raw.as_ptr() as usize,
            text,
            line,
            first: i == 0,
        }));
    }
    out
}

fn gone(from: usize, len: usize) -> Mark {
    Mark { span: from..from + len, text: String::new() }
}

/// Signs that are never printed by themselves.
fn is_speck(c: char) -> bool {
    matches!(c, '_' | '`' | '^' | 'ˆ' | '~' | '\\' | '¬' | '¡' | '¦' | '´' | '¨')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’')
}

/// A token of nothing but stray signs.
fn stray(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    if t.text.chars().count() > 3 {
        return None;
    }
    let ends = tokens.get(i + 1).is_none_or(|n| n.line != t.line);
    let all = |of: fn(char) -> bool| t.text.chars().all(of);
    let specks = all(|c| is_speck(c) || is_apostrophe(c) || matches!(c, '|'));
    // a mark that stands alone on its line, or before everything else in it
    let alone = t.first && all(|c| matches!(c, '.' | ',' | ')' | '(' | '}' | '{' | ']' | '['));
    let line = || tokens.iter().filter(|o| o.line == t.line);
    let bracket = t.text.chars().count() == 1 && all(|c| matches!(c, ')' | '}' | ']' | '(' | '{' | '['));
    let unpaired = bracket && {
        let count = |of: &[char]| line().map(|o| o.text.matches(of).count()).sum::<usize>();
        count(&['(', '{', '[']) != count(&[')', '}', ']'])
    };
    let quote = all(is_quote) && line().map(|o| o.text.matches(is_quote).count()).sum::<usize>() % 2 == 1;
    let dots = line().count() > 1 && line().all(|o| o.text.chars().all(|c| c == '.'));
    let lone = alone && (ends || bracket) && !dots;
    (specks || lone || unpaired || quote).then(|| gone(t.at, t.text.len()))
}

/// Signs glued to the front of a word.
fn speck_before(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let sign = t.text.chars().next()?;
    let rest = &t.text[sign.len_utf8()..];
    if !rest.chars().next()?.is_alphanumeric() {
        return None;
    }
    let letter = rest.chars().next()?.is_alphabetic();
    let speck = is_speck(sign)
        || (is_apostrophe(sign) && !rest.contains(is_apostrophe))
        || (letter && sign == '|')
        || (letter && !t.first && matches!(sign, ',' | ';' | ':'));
    let quote = is_quote(sign) && !closes(&tokens[i..], sign.len_utf8());
    (speck || quote).then(|| gone(t.at, sign.len_utf8()))
}

/// Whether a quotation that the first token opens is closed soon.
fn closes(tokens: &[Token], opening: usize) -> bool {
    let inner = |(i, t): (usize, &Token)| {
        if i == 0 { t.text[opening..].contains(is_quote) } else { t.text.contains(is_quote) }
    };
    tokens.iter().take(QUOTED).enumerate().any(inner)
}

/// Signs glued to the end of a word.
fn speck_after(t: &Token) -> Option<Mark> {
    let sign = t.text.chars().next_back()?;
    let rest = &t.text[..t.text.len() - sign.len_utf8()];
    let word = rest.chars().next_back()?.is_alphanumeric();
    let speck = is_speck(sign)
        || (sign == '|' && rest.chars().next_back()?.is_alphabetic())
        || (is_apostrophe(sign) && !rest.contains(is_apostrophe));
    (word && speck).then(|| gone(t.at + rest.len(), sign.len_utf8()))
}

/// A full stop between two words that belong together, the second in small letters.
fn false_stop(tokens: &[Token], i: usize, lexicon: &Lexicon, language: &LanguageModel) -> Option<Mark> {
    let (t, next) = (&tokens[i], tokens.get(i + 1)?);
    let word = t.text.strip_suffix('.')?;
    let (_, trail) = token::trim_marks(next.text);
    let following = &next.text[..next.text.len() - trail];
    let small = |w: &str| w.chars().count() > 1 && w.chars().all(|c| c.is_alphabetic() && c.is_lowercase());
    if next.line != t.line || !small(word) || !small(following) {
        return None;
    }
    let id = |w: &str| lexicon.id(&token::canonical(w));
    let p = language.kept_pair(id(word)?, id(following)?)?;
    (p > JOINED).then(|| gone(t.at + word.len(), 1))
}

/// A symbol or date that came apart: `132/2008/NĐ- CP`, `31/ 12/2008`.
fn joined(tokens: &[Token], i: usize) -> Option<Mark> {
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

/// `].`, `Ì.`, `l.` at the start of a line where the next number at a start of a line is `2.`: the first of a list.
fn first_of_a_list(tokens: &[Token]) -> Vec<Mark> {
    let number = |t: &Token| -> Option<u32> { t.text.strip_suffix('.')?.parse().ok() };
    let firsts: Vec<&Token> = tokens.iter().filter(|t| t.first).collect();
    let mut out = Vec::new();
    for (i, t) in firsts.iter().enumerate() {
        let stroke = t.text.strip_suffix('.').filter(|s| {
            matches!(*s, "]" | "[" | "Ì" | "Ï" | "Í" | "Ĩ" | "Ị" | "Ỉ" | "l" | "|" | "!" | "ì" | "í" | "ï")
        });
        if let Some(stroke) = stroke
            && firsts[i + 1..].iter().find_map(|n| number(n)) == Some(2)
        {
            out.push(Mark { span: t.at..t.at + stroke.len(), text: "1".into() });
        }
    }
    out
}

/// `200];`, `1]`: a bracket that nothing opened, after digits, is a one.
fn stroke_for_one(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let digits = t.text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = t.text.get(digits..)?.strip_prefix(']')?;
    let opened = tokens[i.saturating_sub(QUOTED)..i].iter().any(|o| o.text.contains('['));
    let closing = rest.chars().all(|c| matches!(c, ';' | ',' | '.' | ':' | ')'));
    let at = t.at + digits;
    ((1..=3).contains(&digits) && closing && !opened).then(|| Mark { span: at..at + 1, text: "1".into() })
}

/// What the first token of a line makes of it.
#[derive(Clone, Copy, PartialEq)]
enum Point {
    Letter(usize),
    Dash(char),
    Other,
}

/// The alphabet of points.
const ALPHABET: &str = "abcdđeghiklmnopqrstuvxy";

fn point(t: &Token) -> Option<Point> {
    let mut chars = t.text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some(c), Some(')'), None) => ALPHABET.chars().position(|a| a == c).map(Point::Letter),
        (Some(c @ ('-' | '–' | '+')), None, None) => Some(Point::Dash(c)),
        _ if token::is_marker(t.text) => Some(Point::Other),
        _ => None,
    }
}

/// Points of one list, of which all but the last should end in `;`: those that end otherwise while most do.
fn ends_of_points(raw: &str, tokens: &[Token]) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut finish = |run: &mut Vec<usize>| {
        // the place of the mark that closes each point but the last
        let ends: Vec<usize> =
            run.iter().skip(1).filter_map(|at| raw[..*at].trim_end().len().checked_sub(1)).collect();
        let ends_in = |e: &usize, marks: &[u8]| marks.contains(&raw.as_bytes()[*e]);
        let right = ends.iter().filter(|e| ends_in(e, b";")).count();
        if right >= SIBLINGS && right * 2 > ends.len() {
            let single = |e: &&usize| e.checked_sub(1).is_some_and(|b| !ends_in(&b, b"."));
            let wrong = ends.iter().filter(|e| ends_in(e, b".:,")).filter(single);
            out.extend(wrong.map(|e| Mark { span: *e..*e + 1, text: ";".into() }));
        }
        run.clear();
    };
    let mut last = None;
    for t in tokens.iter().filter(|t| t.first) {
        let Some(here) = point(t) else { continue };
        let goes_on = match (last, here) {
            // a letter may have been misread: one may be missing, and đ is often a d
            (Some(Point::Letter(a)), Point::Letter(b)) => b > a && b <= a + 2 || a == b && a == 3,
            (Some(Point::Dash(a)), Point::Dash(b)) => a == b,
            _ => false,
        };
        if !goes_on {
            finish(&mut run);
        }
        run.push(t.at);
        last = Some(here);
    }
    finish(&mut run);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Models;

    fn mended(raw: &str, damage: Damage) -> String {
        let models = Models::embedded();
        let mut text = String::new();
        let mut done = 0;
        for mark in mends(raw, damage, &models.lexicon, &models.language) {
            text += &raw[done..mark.span.start];
            text += &mark.text;
            done = mark.span.end;
        }
        text + &raw[done..]
    }

    #[test]
    fn specks_go_and_signs_with_a_meaning_stay() {
        for (raw, wanted) in [
            ("được _cấp phép", "được cấp phép"),
            ("cơ quan ` quản lý", "cơ quan  quản lý"),
            ("'lấy mẫu", "lấy mẫu"),
            ("các sản. phẩm khác. Điều này", "các sản phẩm khác. Điều này"),
            ("số 132/2008/NĐ- CP ngày 31/ 12/2008", "số 132/2008/NĐ-CP ngày 31/12/2008"),
            ("\"kiểm tra", "kiểm tra"),
            ("].  Một\n2. Hai", "1.  Một\n2. Hai"),
            ("năm 200]; điểm 1]", "năm 2001; điểm 11"),
        ] {
            assert_eq!(mended(raw, Damage::Slight), wanted);
        }
        for kept in [
            "“Sản phẩm” (mới) - một; hai",
            "- Một\n+ Hai\n* Ba",
            "v.v. và",
            "l. Muối\nm. Nước",
            "ngày ... tháng ... năm",
            "(a) và (b)",
            "[Điều 3, khoản 1]",
            "vào UBND. trong",
        ] {
            assert_eq!(mended(kept, Damage::Slight), kept);
        }
    }

    #[test]
    fn points_end_alike() {
        let raw = "a) một;\nb) hai;\nc) ba.\nd) bốn;\nđ) năm.\n";
        assert_eq!(mended(raw, Damage::Slight), raw.replace("ba.", "ba;"));
        for kept in ["a) một.\nb) hai.\nc) ba.\n", "- một;\n- hai:\n+ ba;\n+ bốn;\n- năm.\n"] {
            assert_eq!(mended(kept, Damage::Slight), kept);
        }
    }
}
