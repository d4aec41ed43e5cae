//! Stops that are none: in the middle of sentences, or beside another.

use super::{Token, gone};
use crate::restore::footnotes::Mark;
use crate::restore::lexicon::Lexicon;
use crate::restore::lm::LanguageModel;
use crate::restore::token;

/// Two words that the model joins at least so readily, in nats, are not parted by a full stop.
const JOINED: f32 = -6.0;

/// A full stop between two words of which the second goes on in small letters: on the same line any two words, from line to line two that belong together.
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
    let near = next.line <= t.line + 1;
    if !near || !small(word) || !small(following) {
        return None;
    }
    let id = |w: &str| lexicon.id(&token::canonical(w));
    let (a, b) = (id(word)?, id(following)?);
    let common = |w| lexicon.entry(w).is_some_and(|e| !e.is_acronym());
    let same = next.line == t.line && common(a) && common(b);
    let joined = || language.kept_pair(a, b).is_some_and(|p| p > JOINED);
    (same || joined()).then(|| gone(t.at + word.len(), 1))
}

/// `thẩm phán..`: of two full stops one is a speck; three or more lead somewhere.
pub(super) fn double_stop(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let word = t.text.strip_suffix("..")?;
    let plain = word.ends_with(|c: char| c.is_alphanumeric()) && !word.contains("..");
    let leads = tokens.get(i + 1).is_some_and(|n| n.line == t.line && n.text.starts_with('.'));
    (plain && !leads).then(|| gone(t.at + word.len() + 1, 1))
}

/// `phú;,`: of two different marks after a word the last closes, and the first was part of a letter or is a speck.
pub(super) fn two_marks(t: &Token) -> Option<Mark> {
    let mut from_end = t.text.chars().rev();
    let (last, first, word) = (from_end.next()?, from_end.next()?, from_end.next()?);
    let two = matches!(first, ',' | ';' | ':') && matches!(last, ',' | ';' | ':' | '.') && first != last;
    (two && word.is_alphabetic()).then(|| gone(t.at + t.text.len() - 2, 1))
}
