//! Counts the words of the corpora and keeps those that restoration may write.
//!
//! A word is kept if it is a syllable by the spelling rules that was seen [`SYLLABLE_MIN`] times, or another word (an acronym, a foreign word, a
//! place name of another language) that was seen [`OTHER_MIN`] times. Counts are weighted by corpus.

use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use crate::model::normal::{split_tone, strip_marks};
use crate::restore::lexicon::{Entry, Lexicon};
use crate::restore::syllable::is_syllable;
use crate::restore::token::{self, Case, Item};

/// Least weighted count of a syllable.
pub const SYLLABLE_MIN: f32 = 3.0;
/// Least weighted count of another word.
pub const OTHER_MIN: f32 = 40.0;

#[derive(Default)]
struct Count {
    cases: [f32; 4],
    mixed: FxHashMap<String, f32>,
}

/// The lexicon of the corpora.
#[must_use]
pub fn learn(corpora: &[Corpus]) -> Lexicon {
    let mut raw: FxHashMap<&str, f32> = FxHashMap::default();
    for corpus in corpora {
        for paragraph in corpus.paragraphs() {
            token::read(paragraph, |item| {
                if let Item::Word(w) = item {
                    *raw.entry(w).or_default() += corpus.weight;
                }
            });
        }
    }
    let mut counts: FxHashMap<String, Count> = FxHashMap::default();
    for (word, n) in raw {
        let case = token::case_of(word);
        let count = counts.entry(token::canonical(word)).or_default();
        count.cases[case as usize] += n;
        if case == Case::Mixed {
            *count.mixed.entry(word.to_owned()).or_default() += n;
        }
    }
    let mut entries: Vec<Entry> = counts
        .into_iter()
        .filter(|(word, c)| {
            let total: f32 = c.cases.iter().sum();
            let single = word.chars().nth(1).is_none();
            if !word.chars().all(is_vietnamese) {
                return false;
            }
            total >= if is_syllable(word) || single { SYLLABLE_MIN } else { OTHER_MIN }
        })
        .map(|(word, c)| {
            let total: f32 = c.cases.iter().sum();
            let best = c.mixed.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            // A mixed form that is a slip of the typist, not how the word is written, is of no use.
            let mixed = best.filter(|(_, n)| n * 4.0 > total).map(|(form, _)| form);
            Entry { word, counts: c.cases.map(|n| n.round() as u32), mixed }
        })
        .collect();
    drop_stripped(&mut entries);
    entries.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.word.cmp(&b.word)));
    Lexicon::new(entries)
}

/// Whether `c` (lower case) is a letter of the Vietnamese alphabet or of the Latin one, with a tone only where a tone can stand.
fn is_vietnamese(c: char) -> bool {
    let (base, tone) = split_tone(c);
    let vowel = matches!(base, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y');
    vowel || (tone == 0 && (base.is_ascii_lowercase() || base == 'đ'))
}

/// Acronyms that lost their marks (`hdnd`) are slips of the corpora where the marked one is far more frequent.
fn drop_stripped(entries: &mut Vec<Entry>) {
    let mut marked: FxHashMap<String, u32> = FxHashMap::default();
    for e in entries.iter().filter(|e| !e.word.is_ascii() && !is_syllable(&e.word)) {
        let total = marked.entry(strip_marks(&e.word)).or_default();
        *total = (*total).max(e.total());
    }
    entries.retain(|e| {
        is_syllable(&e.word) || !e.word.is_ascii() || marked.get(&e.word).is_none_or(|n| *n < 5 * e.total())
    });
}
