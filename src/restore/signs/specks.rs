//! Specks: signs that are never printed by themselves, and those that stand where nothing accounts for them.

use super::{NEAR, Token, gone};
use crate::restore::footnotes::Mark;

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
pub(super) fn stray(tokens: &[Token], i: usize) -> Option<Mark> {
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
    let quote = is_quote(sign) && !closes(&tokens[i..], sign.len_utf8());
    (speck || quote).then(|| gone(t.at, sign.len_utf8()))
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
