//! What came apart.

use super::{Token, gone};
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
