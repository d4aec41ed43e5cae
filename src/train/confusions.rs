//! Counts which words are taken for which other words as a whole (see [`crate::restore::confusions`]).

use std::collections::BTreeMap;

use super::channel::Pair;
use crate::restore::token;

/// Pairs of words seen less often than this are left to the channel of letters.
const LEAST: f32 = 3.0;
/// So many occurrences of a word are taken to have been read by their letters alone: what is seen rarely is trusted less.
const PRIOR: f32 = 5.0;

/// How much of what was counted holds on other prints: pairs come from few fonts. Tuned on the plans of `corpus/`, degraded, and on their clean text.
const HOLDS: f32 = 0.6;

/// The table of pairs that were confused, with how often each counts.
#[must_use]
pub fn learn(pairs: &[(Pair, f32)]) -> String {
    let mut words: BTreeMap<String, f32> = BTreeMap::new();
    let mut seen: BTreeMap<(String, String), f32> = BTreeMap::new();
    for (pair, n) in pairs {
        let (truth, observed) = (token::canonical(&pair.truth), token::canonical(&pair.observed));
        if observed != truth && token::is_word(&observed) {
            *seen.entry((truth.clone(), observed)).or_default() += n;
        }
        *words.entry(truth).or_default() += n;
    }
    let mut out = String::from("# word\tseen as\t-ln P\n");
    for ((truth, observed), n) in seen.iter().filter(|(_, n)| **n >= LEAST) {
        let all = words.get(truth).copied().unwrap_or_default();
        out += &format!("{truth}\t{observed}\t{:.2}\n", -(HOLDS * n / (all + PRIOR)).ln());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_often_taken_for_others_are_kept() {
        let pair = |o: &str, t: &str, n| (Pair { observed: o.into(), truth: t.into() }, n);
        let table = learn(&[pair("Chỉ", "Chi", 9.0), pair("chi", "chi", 6.0), pair("ván", "văn", 2.0)]);
        assert_eq!(table, "# word\tseen as\t-ln P\nchi\tchỉ\t1.31\n");
    }
}
