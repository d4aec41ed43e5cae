//! Which words and letters are mistaken for which, most frequent first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::matching::{Kind, align};
use super::text::WrongWord;
use crate::model::normal::nfc;

/// Something true, what stands in its place, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// What is true; empty where something was added.
    pub want: String,
    /// What stands there; empty where it was lost.
    pub got: String,
    /// How often.
    pub count: usize,
}

/// Confused words, as printed (NFC).
#[must_use]
pub fn words<'w>(wrong: impl IntoIterator<Item = &'w WrongWord>) -> Vec<Confusion> {
    count(wrong.into_iter().map(both))
}

/// Confused stretches of letters inside words that have a counterpart: `ố` for `ổ`, `ii` for `ủ`. Lost and added words are left out.
///
/// ```
/// use sohoa::evaluate::{confusions, text};
/// let seen = text::compare("", "thong kê", "thống kê");
/// let found = confusions::letters(&seen.wrong);
/// assert_eq!((found[0].want.as_str(), found[0].got.as_str(), found[0].count), ("ố", "o", 1));
/// ```
#[must_use]
pub fn letters<'w>(wrong: impl IntoIterator<Item = &'w WrongWord>) -> Vec<Confusion> {
    let pairs = wrong.into_iter().map(both).filter(|(want, got)| !want.is_empty() && !got.is_empty());
    count(pairs.flat_map(|(want, got)| {
        let (want, got): (Vec<char>, Vec<char>) = (want.chars().collect(), got.chars().collect());
        align(&want, &got)
            .into_iter()
            .filter(|s| s.kind != Kind::Equal)
            .map(|s| (want[s.a].iter().collect(), got[s.b].iter().collect()))
            .collect::<Vec<(String, String)>>()
    }))
}

fn both(word: &WrongWord) -> (String, String) {
    let shown = |w: &Option<String>| w.as_deref().map(nfc).unwrap_or_default();
    (shown(&word.want), shown(&word.got))
}

fn count(pairs: impl Iterator<Item = (String, String)>) -> Vec<Confusion> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for pair in pairs {
        *counts.entry(pair).or_default() += 1;
    }
    let mut out: Vec<Confusion> =
        counts.into_iter().map(|((want, got), count)| Confusion { want, got, count }).collect();
    // stable: equal counts stay in alphabetical order
    out.sort_by_key(|c| std::cmp::Reverse(c.count));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::text::compare;

    #[test]
    fn counted_and_sorted() {
        let seen = compare("", "thông tin thông kê, tô chưc x", "thống tin thống kê, tổ chức");
        let shown = |c: Vec<Confusion>| -> Vec<(String, String, usize)> {
            c.into_iter().map(|c| (c.want, c.got, c.count)).collect()
        };
        let entry = |want: &str, got: &str, count| (want.to_owned(), got.to_owned(), count);
        assert_eq!(
            shown(words(&seen.wrong)),
            [entry("thống", "thông", 2), entry("", "x", 1), entry("chức", "chưc", 1), entry("tổ", "tô", 1)]
        );
        assert_eq!(shown(letters(&seen.wrong)), [entry("ố", "ô", 2), entry("ổ", "ô", 1), entry("ứ", "ư", 1)]);
    }
}
