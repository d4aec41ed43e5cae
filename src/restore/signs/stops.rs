//! Full stops in the middle of sentences.

use super::{Token, gone};
use crate::restore::footnotes::Mark;
use crate::restore::lexicon::Lexicon;
use crate::restore::lm::LanguageModel;
use crate::restore::token;

/// Two words that the model joins at least so readily, in nats, are not parted by a full stop.
const JOINED: f32 = -6.0;

/// A full stop between two words that belong together, the second in small letters.
pub(super) fn false_stop(
    tokens: &[Token],
    i: usize,
    lexicon: &Lexicon,
    language: &LanguageModel,
) -> Option<Mark> {
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
