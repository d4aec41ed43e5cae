//! Specks: signs that are never printed by themselves, and those that stand where nothing accounts for them.

use super::{Line, NEAR, Token, gone};
use crate::model::normal::strip_mark;
use crate::restore::footnotes::Mark;
use crate::restore::lexicon::Lexicon;
use crate::restore::lm::LanguageModel;
use crate::restore::token;

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

/// Counts the marks of a line.
pub(super) fn line(text: &str) -> Line {
    let mut line =
        Line { tokens: text.split_whitespace().count(), opening: 0, closing: 0, quotes: 0, dots: true };
    for c in text.chars() {
        line.opening += usize::from(OPENING.contains(&c));
        line.closing += usize::from(CLOSING.contains(&c));
        line.quotes += usize::from(is_quote(c));
        line.dots &= c == '.' || c.is_whitespace();
    }
    line
}

/// A token of nothing but stray signs.
pub(super) fn stray(tokens: &[Token], i: usize, line: &Line) -> Option<Mark> {
    let t = &tokens[i];
    if t.text.starts_with(char::is_alphanumeric) || t.text.chars().count() > 4 {
        return None;
    }
    let ends = tokens.get(i + 1).is_none_or(|n| n.line != t.line);
    let all = |of: fn(char) -> bool| t.text.chars().all(of);
    let specks = all(|c| is_speck(c) || is_apostrophe(c) || matches!(c, '|'));
    // a mark that stands alone on its line, or before everything else in it
    let alone = t.first && all(|c| matches!(c, '.' | ',' | ')' | '(' | '}' | '{' | ']' | '['));
    let begins = t.first && all(|c| matches!(c, ',' | ';' | ':'));
    let bracket = t.text.chars().count() == 1 && all(is_bracket);
    let unpaired = bracket && line.opening != line.closing && !has_partner(tokens, i);
    let quote = all(is_quote) && line.quotes % 2 == 1;
    let dots = line.tokens > 1 && line.dots;
    // what closed already is not closed again at the end of the line
    let closed = |o: &Token| o.line == t.line && o.text.ends_with([';', ',', ':']);
    let again = ends && matches!(t.text, "." | ",") && i.checked_sub(1).is_some_and(|b| closed(&tokens[b]));
    // dirt at the start of a line is read as quotation marks and dots
    let dirt = |c: char| is_quote(c) || is_speck(c) || is_apostrophe(c) || c == '.';
    let dirty = t.first
        && t.text.chars().count() > 1
        && all(dirt)
        && !all(|c| c == '.')
        && (line.quotes % 2 == 1 || !t.text.contains(is_quote));
    // a mark between two words that a sentence runs through
    let word = |o: &Token| o.line == t.line && o.text.chars().all(char::is_lowercase);
    let between = matches!(t.text, "." | ",")
        && i.checked_sub(1).is_some_and(|b| word(&tokens[b]))
        && tokens.get(i + 1).is_some_and(word);
    let lone = alone && (ends || bracket && !has_partner(tokens, i)) && !dots;
    (specks || dirty || between || lone || again || begins || unpaired || quote)
        .then(|| gone(t.at, t.text.len()))
}

const OPENING: [char; 3] = ['(', '{', '['];
const CLOSING: [char; 3] = [')', '}', ']'];

fn is_bracket(c: char) -> bool {
    OPENING.contains(&c) || CLOSING.contains(&c)
}

/// Whether a bracket that stands by itself has its other half nearby, on whatever line. Markers such as `a)` have none and are nobody's.
fn has_partner(tokens: &[Token], i: usize) -> bool {
    let opening = tokens[i].text.starts_with(OPENING);
    let mut open = 0i32;
    let mut closed = |t: &Token| {
        if t.first && token::is_marker(t.text) && !t.text.contains(OPENING) {
            return false;
        }
        let sign = |c: char| match c {
            _ if OPENING.contains(&c) => 1,
            _ if CLOSING.contains(&c) => -1,
            _ => 0,
        };
        let mut within = 0;
        let mut least = 0;
        let chars = t.text.chars();
        let mut step = |c: char| {
            within += if opening { sign(c) } else { -sign(c) };
            least = least.min(open + within);
        };
        if opening {
            chars.for_each(&mut step)
        } else {
            chars.rev().for_each(&mut step)
        }
        open += within;
        least < 0
    };
    if opening {
        tokens[i + 1..].iter().take(NEAR).any(&mut closed)
    } else {
        tokens[..i].iter().rev().take(NEAR).any(&mut closed)
    }
}

/// Signs glued to the front of a word.
pub(super) fn before(tokens: &[Token], i: usize) -> Option<Mark> {
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
    let quote = is_quote(sign) && !cites(tokens, i) && !closes(&tokens[i..], sign.len_utf8());
    (speck || quote).then(|| gone(t.at, sign.len_utf8()))
}

/// Whether a quotation begins on a new line after a colon, as the new wording of an article does; its end may be pages away.
fn cites(tokens: &[Token], i: usize) -> bool {
    let announced = i.checked_sub(1).is_some_and(|b| tokens[b].text.ends_with(':'));
    let rest = tokens[i].text.trim_start_matches(is_quote);
    tokens[i].first && announced && rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Whether a quotation that the first token opens is closed soon.
fn closes(tokens: &[Token], opening: usize) -> bool {
    let inner = |(i, t): (usize, &Token)| {
        if i == 0 { t.text[opening..].contains(is_quote) } else { t.text.contains(is_quote) }
    };
    tokens.iter().take(NEAR).enumerate().any(inner)
}

/// Signs glued to the end of a word.
pub(super) fn after(t: &Token) -> Option<Mark> {
    let sign = t.text.chars().next_back()?;
    let rest = &t.text[..t.text.len() - sign.len_utf8()];
    let word = rest.chars().next_back()?.is_alphanumeric();
    let speck = is_speck(sign)
        || (sign == '|' && rest.chars().next_back()?.is_alphabetic())
        || (is_apostrophe(sign) && !rest.contains(is_apostrophe));
    (word && speck).then(|| gone(t.at + rest.len(), sign.len_utf8()))
}

/// Words after which a letter stands for something.
const NAMED: [&str; 20] = [
    "điểm", "khoản", "mục", "nhóm", "loại", "hạng", "bảng", "cột", "chữ", "hiệu", "mẫu", "phần", "số", "lục",
    "tiết", "ngày", "tháng", "quý", "cấp", "và",
];

/// A letter that stands by itself between two words: the start of the next word read twice (`á áp dụng`), or a stroke (`phê duyệt Ì danh mục`).
pub(super) fn letter(
    tokens: &[Token],
    i: usize,
    lexicon: &Lexicon,
    language: &LanguageModel,
) -> Option<Mark> {
    let t = &tokens[i];
    let (before, next) = (&tokens[i.checked_sub(1)?], tokens.get(i + 1)?);
    let mut chars = t.text.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    let word = |w: &str| w.chars().count() > 1 && w.chars().all(char::is_alphabetic);
    let (_, trail) = token::trim_marks(next.text);
    let following = &next.text[..next.text.len() - trail];
    if t.first || !c.is_alphabetic() || !word(before.text) || !word(following) {
        return None;
    }
    let named = NAMED.contains(&before.text.to_lowercase().as_str());
    let stroke = matches!(c, 'Ì' | 'Í' | 'Ï' | 'Ĩ' | 'Ị' | 'ì' | 'ï');
    let low = |c: char| strip_mark(c).to_ascii_lowercase();
    let twice = c.is_lowercase() && following.chars().next().is_some_and(|n| low(n) == low(c));
    let id = |w: &str| lexicon.id(&token::canonical(w));
    // a letter that is a word between these two is none of our business
    let meant = match (id(before.text), id(t.text), id(following)) {
        (Some(a), Some(b), Some(c)) => {
            language.kept_pair(a, b).is_some_and(|p| p > LIKELY)
                || language.kept_pair(b, c).is_some_and(|p| p > LIKELY)
        }
        _ => false,
    };
    // exactly as the next word begins or the one before ends, it is no word but that letter again
    let marked = !c.is_ascii() && following.starts_with(c);
    let consonant = !"aeiouy".contains(low(c));
    let joined = || {
        let pair = id(before.text).zip(id(following)).and_then(|(a, b)| language.kept_pair(a, b));
        pair.is_some_and(|p| p > LIKELY)
    };
    let again = marked || consonant && before.text.ends_with(c) && joined();
    (!named && (stroke || again || twice && !meant)).then(|| gone(t.at, t.text.len()))
}

/// What a letter that is a word has at least with a neighbour, in nats.
const LIKELY: f32 = -4.0;
