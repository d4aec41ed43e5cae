//! Two simple restorers to compare with: word by word, without a channel that was learned and without context.
//!
//! Both look only at what `sohoa` itself would look at, words that are no numbers, dates or symbols of documents, and keep each word's
//! capitals.

use std::collections::HashMap;

use sohoa::model::normal::strip_marks;
use sohoa::restore::lexicon::Lexicon;
use sohoa::restore::syllable::is_syllable;
use sohoa::restore::token::{Class, canonical, case_of, class_of, recase};
use sohoa::restore::units::units;
use symspell::{SymSpell, UnicodeStringStrategy, Verbosity};

/// A restorer of single words.
pub trait Baseline {
    /// What the word `seen` (lower case) stands for; `None` if it cannot tell.
    fn word(&self, seen: &str) -> Option<&str>;
}

/// `raw` (NFC), restored word by word.
pub fn restore(raw: &str, by: &dyn Baseline) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut done = 0;
    for unit in units(raw, &[]) {
        let core = &raw[unit.span.clone()];
        let restorable = class_of(core) == Class::Other && core.chars().any(char::is_alphabetic);
        let canonical = canonical(core);
        let Some(word) = by.word(&canonical).filter(|_| restorable) else { continue };
        out.push_str(&raw[done..unit.span.start]);
        out.push_str(&recase(word, case_of(core)));
        done = unit.span.end;
    }
    out + &raw[done..]
}

/// The syllable of the lexicon at the smallest edit distance (Levenshtein, of letters); of several the most frequent.
pub struct Nearest {
    /// The most frequent first.
    syllables: Vec<String>,
}

impl Nearest {
    /// Over the syllables of `lexicon`.
    pub fn new(lexicon: &Lexicon) -> Nearest {
        let mut entries: Vec<_> =
            lexicon.iter().map(|(_, entry)| entry).filter(|entry| is_syllable(&entry.word)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.total()));
        Nearest { syllables: entries.into_iter().map(|entry| entry.word.clone()).collect() }
    }
}

impl Baseline for Nearest {
    fn word(&self, seen: &str) -> Option<&str> {
        // `min_by_key` gives the first of several
        self.syllables.iter().min_by_key(|syllable| strsim::levenshtein(syllable, seen)).map(String::as_str)
    }
}

/// SymSpell (symmetric deletes, up to two edits) over words without any marks; of the words that look the same without theirs, the
/// most frequent.
pub struct Deletes {
    shapes: SymSpell<UnicodeStringStrategy>,
    /// The most frequent word of each shape.
    words: HashMap<String, String>,
}

/// Edits that SymSpell looks over, which is as many as it can with its defaults.
const EDITS: i64 = 2;

impl Deletes {
    /// Over the words of `lexicon`.
    pub fn new(lexicon: &Lexicon) -> Deletes {
        let mut best: HashMap<String, (u64, u64, String)> = HashMap::new();
        for (_, entry) in lexicon.iter() {
            let count = u64::from(entry.total());
            let (all, most, word) = best.entry(strip_marks(&entry.word)).or_default();
            *all += count;
            if word.is_empty() || count > *most {
                (*most, *word) = (count, entry.word.clone());
            }
        }
        let mut shapes = SymSpell::default();
        for (shape, (all, ..)) in &best {
            shapes.load_dictionary_line(&format!("{shape}\t{all}"), 0, 1, "\t");
        }
        Deletes { shapes, words: best.into_iter().map(|(shape, (.., word))| (shape, word)).collect() }
    }
}

impl Baseline for Deletes {
    fn word(&self, seen: &str) -> Option<&str> {
        let found = self.shapes.lookup(&strip_marks(seen), Verbosity::Top, EDITS);
        Some(self.words.get(&found.first()?.term)?.as_str())
    }
}
