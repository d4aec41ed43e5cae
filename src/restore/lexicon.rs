//! The words that restoration may write: syllables, acronyms, and the foreign words of administrative text.
//!
//! `lexicon.tsv` is readable: one word a line, its canonical form (lower case, NFC, tone in the old place), how often it was seen
//! in lower case, Title case, UPPER CASE and otherwise, and its usual mixed form (`CTr`) or `-`. The order of the lines is the order of the words' numbers.

use rustc_hash::FxHashMap;

use super::RestoreError;
use super::lm::WordId;
use super::token::{Break, CLASSES, Case, Class};

/// The language model's number for a start of a sentence.
pub const SENTENCE: WordId = 1;
/// For a start after `;` or `:`.
pub const CLAUSE: WordId = 2;
/// For a word that the lexicon lacks.
pub const UNKNOWN: WordId = 3;
/// First class; the classes follow in the order of [`CLASSES`].
pub const FIRST_CLASS: WordId = 4;
/// First word.
pub const FIRST_WORD: WordId = FIRST_CLASS + CLASSES.len() as WordId;

/// The number of a class.
#[must_use]
pub fn class_id(class: Class) -> WordId {
    FIRST_CLASS + class as WordId
}

/// The number of a break.
#[must_use]
pub fn break_id(b: Break) -> WordId {
    match b {
        Break::Sentence => SENTENCE,
        Break::Clause => CLAUSE,
    }
}

/// One word of the lexicon.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Canonical form.
    pub word: String,
    /// Weighted counts by [`Case`].
    pub counts: [u32; 4],
    /// The usual form in mixed case.
    pub mixed: Option<String>,
}

impl Entry {
    /// How often it was seen in all.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().fold(0, |a, c| a.saturating_add(*c))
    }

    /// Whether it is hardly ever seen but in capitals: an acronym.
    #[must_use]
    pub fn is_acronym(&self) -> bool {
        let upper =
            u64::from(self.counts[Case::Upper as usize]) + u64::from(self.counts[Case::Mixed as usize]);
        upper * 10 > u64::from(self.total()) * 7 && !super::syllable::is_syllable(&self.word)
    }
}

/// All words, by number.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    ids: FxHashMap<String, WordId>,
}

impl Lexicon {
    /// A lexicon of the given words, numbered in their order; words beyond the range of numbers are left out.
    #[must_use]
    pub fn new(mut entries: Vec<Entry>) -> Lexicon {
        entries.truncate(usize::from(u16::MAX - FIRST_WORD));
        let ids =
            entries.iter().enumerate().map(|(i, e)| (e.word.clone(), FIRST_WORD + i as WordId)).collect();
        Lexicon { entries, ids }
    }

    /// Reads `lexicon.tsv`.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the first line that is not of this form.
    pub fn parse(text: &str) -> Result<Lexicon, RestoreError> {
        let mut entries = Vec::new();
        for (i, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let bad = || RestoreError::Model {
                name: "lexicon.tsv".into(),
                what: format!(
                    "line {}: expected word, four counts and a mixed form, separated by tabs",
                    i + 1
                ),
            };
            let mut fields = line.split('\t');
            let word = fields.next().filter(|w| !w.is_empty()).ok_or_else(bad)?.to_owned();
            let mut counts = [0; 4];
            for c in &mut counts {
                *c = fields.next().and_then(|f| f.parse().ok()).ok_or_else(bad)?;
            }
            let mixed = fields.next().filter(|m| *m != "-").map(str::to_owned);
            entries.push(Entry { word, counts, mixed });
        }
        Ok(Lexicon::new(entries))
    }

    /// Writes `lexicon.tsv`.
    #[must_use]
    pub fn to_tsv(&self) -> String {
        let mut out = String::from("# word\tlower\tTitle\tUPPER\tmixed\tmixed form\n");
        for e in &self.entries {
            let [l, t, u, m] = e.counts;
            out += &format!("{}\t{l}\t{t}\t{u}\t{m}\t{}\n", e.word, e.mixed.as_deref().unwrap_or("-"));
        }
        out
    }

    /// The number of a canonical word.
    #[must_use]
    pub fn id(&self, canonical: &str) -> Option<WordId> {
        self.ids.get(canonical).copied()
    }

    /// The word of a number.
    #[must_use]
    pub fn entry(&self, id: WordId) -> Option<&Entry> {
        self.entries.get(usize::from(id.checked_sub(FIRST_WORD)?))
    }

    /// All words with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (WordId, &Entry)> {
        self.entries.iter().enumerate().map(|(i, e)| (FIRST_WORD + i as WordId, e))
    }

    /// Number of language-model words: reserved numbers, classes and words.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        usize::from(FIRST_WORD) + self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tsv_round_trip() {
        let lexicon = Lexicon::new(vec![
            Entry { word: "hành".into(), counts: [9, 1, 2, 0], mixed: None },
            Entry { word: "ctr".into(), counts: [0, 0, 0, 3], mixed: Some("CTr".into()) },
        ]);
        let again = Lexicon::parse(&lexicon.to_tsv()).unwrap();
        assert_eq!(again.id("ctr"), Some(FIRST_WORD + 1));
        assert_eq!(again.entry(FIRST_WORD + 1), lexicon.entry(FIRST_WORD + 1));
        assert!(again.entry(FIRST_WORD + 1).unwrap().is_acronym());
        assert!(Lexicon::parse("hành\t1\n").is_err());
    }
}
