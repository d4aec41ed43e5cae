//! Markers that are a number or a letter and a closing sign: `I.`, `1.1.`, `a)`, `1/`, and what recognition makes of them.

use super::fold::fold_char;
use super::glyphs;
use super::markers::{Kind, Mark, Reading, push};
use super::numerals::letter_value;
use crate::model::roman;

/// `I.`, `A.`, `1.`, `1.1.`, `a)`, `1/`, `I -` and what recognition makes of them.
pub(super) fn numbered(line: &str, start: usize, chars: &[(usize, char)], out: &mut Vec<Reading>) {
    let is_part = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, 'đ' | 'Đ' | '|' | '!' | ']' | 'Ì' | 'Í' | 'Ị' | 'ð' | 'Ụ' | 'Ỷ')
    };
    // components joined by dots
    let mut parts = [""; 4];
    let mut count = 0;
    let mut i = 0;
    loop {
        let from = i;
        while i < chars.len() && i - from < 7 && is_part(chars[i].1) {
            i += 1;
        }
        // "ä) Đưa", "©) Di dời"
        let blurred =
            i == 0 && chars.get(1).is_some_and(|c| c.1 == ')') && letter_of_blur(chars[0].1).is_some();
        i += usize::from(blurred);
        if i == from || i - from >= 7 {
            break;
        }
        let part = &line[chars[from].0..chars[i - 1].0 + chars[i - 1].1.len_utf8()];
        parts[count] = part;
        count += 1;
        let dotted = chars.get(i).is_some_and(|c| c.1 == '.')
            && chars.get(i + 1).is_some_and(|c| c.1.is_ascii_digit())
            && count < parts.len()
            && part.len() <= 4
            && !part.bytes().all(|b| b.is_ascii_lowercase());
        if !dotted {
            break;
        }
        i += 1;
    }
    let parts = &parts[..count];
    if parts.is_empty() {
        return;
    }
    let Some((style, width, closing)) = closing(&chars[i..]) else { return };
    let end = chars.get(i + width).map_or_else(|| chars.last().map_or(0, |c| c.0 + c.1.len_utf8()), |c| c.0);
    let next = chars[i + width..].iter().map(|c| c.1).find(|c| !c.is_whitespace());
    let glued = chars.get(i + width).is_some_and(|c| !c.1.is_whitespace());
    let glue = if !glued || style == 0 {
        0.0
    } else if next.is_some_and(|c| c.is_alphabetic() || matches!(c, '“' | '"' | '\'')) {
        0.3
    } else {
        return;
    };
    let base = closing + glue;
    // a comma was a full stop
    let (style, comma) = if style == b',' { (b'.', true) } else { (style, false) };
    let mut add = |mark: Mark, cost: f32, repaired: bool| {
        push(out, line, mark, base + cost, start, end, repaired || comma);
    };
    if parts.len() > 1 {
        if let Some((numbers, cost)) = glyphs::components(parts) {
            let mark = Mark { kind: Kind::Number, style, depth: parts.len() as u8, numbers };
            // without a closing sign it may be a quantity, but a short one with a capital after it seldom is
            let open = if style == 0 && next.is_none_or(|c| !c.is_uppercase()) { 2.5 } else { 0.0 };
            let odd = if matches!(style, 0 | b'.' | b')' | b'-' | b'/') { 0.0 } else { 1.0 };
            add(mark, cost + open + odd, cost > 0.4);
        }
        return;
    }
    let token = parts[0];
    let count = token.chars().count();
    let capital = next.is_none_or(|c| c.is_uppercase() || !c.is_alphabetic());
    // without any closing sign only a heading in capitals may follow
    let open = match (style, next) {
        (0, Some(c)) if c.is_uppercase() => 2.5,
        (0, _) => return,
        _ => 0.0,
    };
    if let Some((value, cost)) = glyphs::digits(token).filter(|d| (1..200).contains(&d.0)) {
        add(Mark::one(Kind::Number, value, style), cost + open, cost > 0.4);
    }
    if style != b')' && capital {
        for (value, cost) in roman::readings(token) {
            add(Mark::one(Kind::Roman, value, style), cost + open * 0.6, cost > 0.0);
        }
    }
    let mut letters = token.chars();
    if let (Some(c), None) = (letters.next(), letters.next()) {
        let c = if c == 'ð' { 'đ' } else { c };
        if let Some(value) = letter_value(c) {
            if c.is_uppercase() && style != b')' && style != 0 {
                add(Mark::one(Kind::Upper, value, style), 0.0, false);
            } else if c.is_uppercase() && style == b')' {
                add(Mark::one(Kind::Upper, value, style), 0.5, false);
                add(Mark::one(Kind::Letter, value, style), 0.7, true);
            } else if c.is_lowercase() && style != 0 {
                let cost = if style == b')' { 0.0 } else { 0.4 };
                add(Mark::one(Kind::Letter, value, style), cost, false);
                for (twin, cost) in glyphs::twins(c) {
                    if let Some(value) = letter_value(twin) {
                        add(Mark::one(Kind::Letter, value, style), cost, true);
                    }
                }
            }
        }
        if style == b')' {
            let twin = match c {
                '8' | '9' | 'ø' => Some('g'),
                '6' | 'ó' => Some('b'),
                'l' | 'I' | 'í' => Some('i'),
                _ => None,
            };
            let round = (c == '8').then_some('a');
            for twin in twin.into_iter().chain(round).chain(letter_of_blur(c)) {
                if let Some(value) = letter_value(twin) {
                    add(Mark::one(Kind::Letter, value, style), 1.8, true);
                }
            }
        }
    }
    if count <= 4
        && matches!(style, b')' | b'.')
        && token.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
        && let Some(value) = roman::value(&token.to_uppercase())
    {
        add(Mark::one(Kind::LowerRoman, value, style), if count == 1 { 0.8 } else { 0.2 }, false);
    }
}

/// The letter that a sign or a letter with a mark stands for where only a plain letter makes sense: `ä)`, `©)`.
fn letter_of_blur(c: char) -> Option<char> {
    match c {
        '©' | '¢' | '€' => Some('c'),
        '@' => Some('a'),
        'đ' | 'Đ' => None,
        c if c.is_ascii() => None,
        c => Some(fold_char(c) as char).filter(char::is_ascii_lowercase),
    }
}

/// The closing sign at the head of `rest`: (sign, characters taken, cost).
fn closing(rest: &[(usize, char)]) -> Option<(u8, usize, f32)> {
    let at = |k: usize| rest.get(k).map(|c| c.1);
    match at(0) {
        None => Some((0, 0, 0.0)),
        Some('.') if at(1) == Some('-') || at(1) == Some('–') => Some((b'-', 2, 0.4)),
        Some('.') if at(1) == Some('.') => None,
        Some('.') if at(1) == Some(')') => Some((b')', 2, 0.3)),
        Some('.') => Some((b'.', 1, 0.0)),
        Some(')') => Some((b')', 1, 0.0)),
        // a symbol or a date that was wrapped has a digit or more capitals here: 15/7/2021, 285/KH-UBND
        Some('/') => match (at(1), at(2)) {
            (Some(' '), _) => Some((b'/', 1, 0.2)),
            (Some(a), Some(b)) if a.is_uppercase() && b.is_lowercase() => Some((b'/', 1, 0.3)),
            (None, _) => Some((b'/', 1, 0.5)),
            _ => None,
        },
        Some(':') => Some((b':', 1, 1.0)),
        Some(',') if at(1) == Some(' ') && at(2).is_some_and(char::is_uppercase) => Some((b',', 1, 1.4)),
        Some('-' | '–') if at(1).is_some_and(|c| c.is_uppercase() || c == ' ') => match (at(1), at(2)) {
            (Some(' '), Some(c)) if !c.is_uppercase() => None,
            _ => Some((b'-', 1, 0.3)),
        },
        Some(' ') => match at(1) {
            Some('.') if at(2).is_none_or(|c| c == ' ' || c.is_alphabetic()) => Some((b'.', 2, 0.6)),
            Some(')') => Some((b')', 2, 0.5)),
            Some('/') if at(2) == Some(' ') => Some((b'/', 2, 0.6)),
            Some('-' | '–') if at(2) == Some(' ') && at(3).is_some_and(char::is_uppercase) => {
                Some((b'-', 2, 1.2))
            }
            _ => Some((0, 0, 0.0)),
        },
        Some(_) => None,
    }
}
