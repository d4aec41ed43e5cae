//! What a document says again and again: names and terms that repeat support each other.
//!
//! After a first pass over the document its own words and pairs of words are counted, each by its probability. In the second pass the language
//! model is scaled by how much more frequent a word is here than elsewhere (Kneser, Peters & Klakow 1997) and mixed with the counts (Kuhn & De Mori 1990):
//! `P′(w | h) = (1 − μ₂ − μ₁) P(w | h) (P_here(w) / P(w))^β + μ₂ c(v w) / (c(v) + 2) + μ₁ c(w) / N`, with `v` the word before.
//! One occurrence is taken off each count, so that no word speaks for itself.

use rustc_hash::FxHashMap;

use super::lm::WordId;

/// μ₂: weight of pairs of words.
const PAIRS: f32 = 0.15;
/// μ₁: weight of single words.
const SINGLE: f32 = 0.05;
/// β: how far the language model follows the document's frequencies.
const RESCALE: f32 = 0.3;
/// How many words of any text the language model's own frequencies are worth.
const KNOWN: f32 = 500.0;

/// Counts of one document.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    words: FxHashMap<WordId, f32>,
    pairs: FxHashMap<(WordId, WordId), f32>,
    total: f32,
}

impl Cache {
    /// Counts `word` after `previous` with the given probability.
    pub fn add(&mut self, previous: WordId, word: WordId, probability: f32) {
        *self.words.entry(word).or_default() += probability;
        *self.pairs.entry((previous, word)).or_default() += probability;
        self.total += probability;
    }

    /// `ln P′` of a word whose `ln P` is `p`, and `ln P` alone `alone`.
    #[must_use]
    pub fn mix(&self, previous: WordId, word: WordId, p: f32, alone: f32) -> f32 {
        let more = |c: Option<&f32>| c.map_or(0.0, |c| (c - 1.0).max(0.0));
        let single = more(self.words.get(&word));
        let expected = alone.exp();
        let here = (single + KNOWN * expected) / (self.total + KNOWN);
        let p = p + RESCALE * (here / expected).ln().clamp(-3.0, 5.0);
        if single == 0.0 {
            return p;
        }
        let pair = more(self.pairs.get(&(previous, word)));
        let before = self.words.get(&previous).copied().unwrap_or(0.0);
        let own = PAIRS * pair / (before.max(pair) + 2.0) + SINGLE * single / self.total.max(1.0);
        ((1.0 - PAIRS - SINGLE) * p.exp() + own).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_words_gain_and_single_ones_do_not() {
        let mut cache = Cache::default();
        for _ in 0..5 {
            cache.add(20, 21, 0.9);
        }
        cache.add(20, 22, 1.0);
        let p = 1e-4f32.ln();
        assert!(cache.mix(20, 21, p, p) > p + 2.0);
        assert!(cache.mix(20, 22, p, p) <= p);
    }
}
