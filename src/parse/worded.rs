//! Markers that are spelt out: `Chương II`, `Điều 5.`, `Phần thứ nhất`, `MỤC 1`.

use super::fold::fold_char;
use super::glyphs;
use super::markers::{Kind, Mark, Reading, push};
use super::numerals::{letter_value, ordinal};
use crate::model::roman;

/// `Chương II`, `Điều 5.`, `Phần thứ nhất`, `MỤC 1`.
pub(super) fn worded(line: &str, chars: &[(usize, char)], out: &mut Vec<Reading>) {
    let second = chars.get(1).map_or(b' ', |c| fold_char(c.1));
    // nearly all lines that begin with one of the letters go on otherwise
    if !matches!(second, b'h' | b'u' | b'i') {
        return;
    }
    let folded: String = chars.iter().map(|c| fold_char(c.1) as char).collect();
    let (kind, skip) = [
        ("phan ", Kind::Part),
        ("chuong ", Kind::Chapter),
        ("muc ", Kind::Division),
        ("tieu muc ", Kind::Subdivision),
        ("dieu ", Kind::Article),
    ]
    .into_iter()
    .find(|(word, _)| folded.starts_with(word))
    .map_or((Kind::Part, 0), |(word, kind)| (kind, word.len()));
    if skip == 0 {
        return;
    }
    let shouted = chars.get(1).is_some_and(|c| c.1.is_uppercase());
    let rest = &folded[skip..];
    let (value, len, cost) = if let Some((value, len)) = ordinal(rest) {
        (value, len, 0.0)
    } else {
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let token: String = chars[skip..skip + len].iter().map(|c| c.1).collect();
        if let Ok(n) = token.parse::<u8>() {
            (n, len, 0.0)
        } else if let Some((n, cost)) = glyphs::cheapest(roman::readings(&token)) {
            (n, len, cost)
        } else if let (Some(v), true) = (token.chars().next().and_then(letter_value), len == 1) {
            (v, len, 0.3)
        } else {
            return;
        }
    };
    if value == 0 || kind == Kind::Article && rest.as_bytes().first().is_some_and(|b| !b.is_ascii_digit()) {
        return;
    }
    let mut at = skip + len;
    let spaced = folded[at..].starts_with(' ') && folded[at + 1..].starts_with([':', '.']);
    if spaced {
        at += 1;
    }
    let next = folded.as_bytes().get(at).copied();
    let (style, closing) = match next {
        Some(b @ (b'.' | b':' | b')' | b'-')) => (b, 0.0),
        None => (0, 0.0),
        Some(b' ') => {
            let upper = chars.get(at + 1).is_some_and(|c| c.1.is_uppercase() || c.1 == '-' || c.1 == '–');
            let worth = match (kind, upper) {
                (Kind::Article, true) => 2.5,
                (_, true) if shouted => 0.3,
                (_, true) => 1.5,
                _ => return,
            };
            (0, worth)
        }
        _ => return,
    };
    let end = if style == 0 { at } else { at + 1 };
    let byte =
        chars.get(end).map_or(line.len().min(chars.last().map_or(0, |c| c.0 + c.1.len_utf8())), |c| c.0);
    push(out, line, Mark::one(kind, value, style), cost + closing, chars[0].0, byte, false);
}
