//! What is plainly right: words of the lexicon, written as they are written, where the language model expects them.
//!
//! Most of a clean text is, and a search for what else it might have been would only find it again. So a page is first read as it stands, once, with
//! the full language model and the case model; where hardly a word of it is unexpected, other readings are sought only for those that are and for
//! their neighbours. Pages with more errors are searched whole: there a wrong word may look right beside another wrong one.

use std::ops::Range;

use super::candidates::Finder;
use super::case::Before;
use super::lexicon;
use super::lm::WordId;
use super::models::Models;
use super::token::Case;
use super::units::Unit;

/// Words at least so likely after what stands before them are expected, `-ln P` in nats.
const EXPECTED: f32 = 7.0;
/// Cases at least so likely are expected, `-ln P` in nats.
const EXPECTED_CASE: f32 = 3.0;
/// A page is calm if no more of its units than this are unexpected.
const CALM: f32 = 0.3;

/// A unit that is what it seems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// The word or class.
    pub word: WordId,
    /// Its case; `None` for classes.
    pub case: Option<Case>,
    /// The reading that keeps it, by its place in the finder's memory.
    pub reading: u32,
}

/// The units of a page that need no search.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    /// By unit: the reading that keeps it.
    keeps: Vec<Option<u32>>,
    unexpected: usize,
}

impl Plain {
    /// Reads a page as it stands.
    #[must_use]
    pub fn read(raw: &str, units: &[Unit], models: &Models, finder: &mut Finder) -> Plain {
        let mut plain = Plain { keeps: vec![None; units.len()], unexpected: 0 };
        let mut state = models.language.begin(lexicon::SENTENCE);
        let (mut before, mut previous) = (Before::Sentence, lexicon::SENTENCE);
        let mut due = true;
        for (i, unit) in units.iter().enumerate() {
            if let Some(b) = unit.breaks {
                let id = lexicon::break_id(b);
                state = models.language.begin(id);
                (before, previous) = (Before::from(b), id);
                due = true;
            }
            let form = finder.form(&raw[unit.span.clone()]);
            let word = form.map_or(lexicon::UNKNOWN, |f| f.word);
            let (p, next) = models.language.score(&state, word);
            let mut expected = form.is_some() && -p <= EXPECTED;
            let case = form.and_then(|f| f.case);
            if let Some(case) = case {
                expected &= -models.case.score(previous, before, word)[case as usize] <= EXPECTED_CASE;
            }
            if expected {
                // a word that the next one does not expect was perhaps another
                plain.keeps[i] = form.map(|f| f.reading);
            } else {
                plain.unexpected += 1;
                if !due {
                    plain.keeps[i - 1] = None;
                }
            }
            due = false;
            state = next;
            before = case.map_or(Before::Class, Before::from);
            previous = word;
        }
        plain
    }

    /// Whether hardly a unit is unexpected.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.unexpected as f32 <= CALM * self.keeps.len() as f32
    }

    #[allow(missing_docs)]
    pub fn stats(&self) -> (usize, usize) {
        (self.unexpected, self.keeps.iter().filter(|k| k.is_none()).count())
    }
    /// Whether nothing is unexpected among the given units.
    #[must_use]
    pub fn are_plain(&self, units: Range<usize>) -> bool {
        self.keeps.get(units).is_some_and(|k| k.iter().all(Option::is_some))
    }

    /// The reading that keeps a unit, if it needs no search.
    #[must_use]
    pub fn keeps(&self, unit: usize) -> Option<u32> {
        self.keeps.get(unit).copied().flatten()
    }
}
