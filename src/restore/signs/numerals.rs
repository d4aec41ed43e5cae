//! Digits that were read as strokes.

use super::{NEAR, Token};
use crate::restore::footnotes::Mark;

/// `200];`, `1]`: a bracket that nothing opened, after digits, is a one.
pub(super) fn stroke_for_one(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let digits = t.text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = t.text.get(digits..)?.strip_prefix(']')?;
    let opened = tokens[i.saturating_sub(NEAR)..i].iter().any(|o| o.text.contains('['));
    let closing = rest.chars().all(|c| matches!(c, ';' | ',' | '.' | ':' | ')'));
    let at = t.at + digits;
    ((1..=3).contains(&digits) && closing && !opened).then(|| Mark { span: at..at + 1, text: "1".into() })
}
