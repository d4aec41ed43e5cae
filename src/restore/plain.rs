//! What is plainly right: words of the lexicon, written as they are written, where the language model expects them.
//!
//! Most of a clean text is, and a search for what else it might have been would only find it again. So a page is first read as it stands, once, with
//! the full language model and the case model; other readings are sought only for units that are unexpected, and for their neighbours. How unexpected
//! depends on the page: where a word now and then is none at all, others may be wrong that look right.
//!
//! The bounds were chosen by what they lose: on slightly damaged pages next to nothing.

use super::candidates::Finder;
use super::case::Before;
use super::lexicon;
use super::lm::WordId;
use super::models::Models;
use super::token::Case;
use super::units::Unit;
use crate::model::patience;

/// Words at least so likely after what stands before them are expected, `-ln P` in nats.
const EXPECTED: f32 = 7.0;
/// The same on a page that hardly has a word that is none.
const EXPECTED_IN_CALM: f32 = 9.0;
/// So much likelier on other pages must be what a reader makes of other words too, in nats.
const CONFUSED: f32 = 4.0;
/// No more of the units of such a page than this are odd: what no lexicon has, or in a case that no one writes.
const CALM: f32 = 0.006;
/// No more of the units of a page with Vietnamese letters than this are unexpected.
const VIETNAMESE: f32 = 0.3;
/// Cases at least so likely are expected, `-ln P` in nats.
const EXPECTED_CASE: f32 = 3.0;

/// A unit that is what it seems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// The word or class.
    pub word: WordId,
    /// Its case; `None` for classes.
    pub case: Option<Case>,
    /// Whether it is what a reader makes of other words too.
    pub confused: bool,
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
        let mut surprises = Vec::with_capacity(units.len());
        let mut odd = 0;
        for (keeps, unit) in plain.keeps.iter_mut().zip(units) {
            patience::check();
            if let Some(b) = unit.breaks {
                previous = lexicon::break_id(b);
                state = models.language.begin(previous);
                before = b.into();
            }
            let form = finder.form(&raw[unit.span.clone()]);
            let word = form.map_or(lexicon::UNKNOWN, |f| f.word);
            let case = form.and_then(|f| f.case);
            let (p, next) = models.language.score(&state, word);
            let usual =
                |case: Case| -models.case.score(previous, before, word)[case as usize] <= EXPECTED_CASE;
            if case.is_none_or(usual) {
                *keeps = form.map(|f| f.reading);
            }
            odd += usize::from(form.is_none());
            surprises.push((-p, form.is_some_and(|f| f.confused)));
            state = next.shortened();
            before = case.map_or(Before::Class, Before::from);
            previous = word;
        }
        let share = |n: usize| n as f32 / units.len() as f32;
        let (most, confused) = match share(odd) <= CALM {
            true => (EXPECTED_IN_CALM, EXPECTED_IN_CALM),
            false => (EXPECTED, EXPECTED - CONFUSED),
        };
        for (i, (surprise, is_confused)) in surprises.iter().enumerate() {
            let most = if *is_confused { confused } else { most };
            if *surprise <= most && plain.keeps[i].is_some() {
                continue;
            }
            plain.keeps[i] = None;
            plain.unexpected += 1;
            // where a word is not expected, the one before was perhaps another
            if i > 0 && units[i].breaks.is_none() {
                plain.keeps[i - 1] = None;
            }
        }
        plain
    }

    /// Whether most of the page is expected Vietnamese, so that it was not read with the model of another language.
    #[must_use]
    pub fn is_vietnamese(&self) -> bool {
        self.unexpected as f32 <= VIETNAMESE * self.keeps.len() as f32
    }

    /// The reading that keeps a unit, if it needs no search.
    #[must_use]
    pub fn keeps(&self, unit: usize) -> Option<u32> {
        self.keeps.get(unit).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Damage;
    use crate::restore::candidates::Costs;
    use crate::restore::reading::Memory;
    use crate::restore::units::units;

    fn read(raw: &str) -> (Vec<bool>, bool) {
        let models = Models::embedded();
        let units = units(raw, &[]);
        let mut memory = Memory::default();
        let mut finder = Finder::new(models, Damage::Slight, Costs::default(), &mut memory);
        let plain = Plain::read(raw, &units, models, &mut finder);
        ((0..units.len()).map(|i| plain.keeps(i).is_some()).collect(), plain.is_vietnamese())
    }

    #[test]
    fn what_is_expected_is_plain() {
        let right = "Ủy ban nhân dân xã có trách nhiệm tổ chức thực hiện kế hoạch này";
        assert_eq!(read(right), (vec![true; 15], true));
        let (plain, vietnamese) = read(&right.replace("trách nhiệm", "trách nhiêm"));
        assert!(
            !plain[6] && !plain[7] && plain[..5].iter().all(|p| *p),
            "a wrong word and the one before it"
        );
        assert!(vietnamese);
        let (_, vietnamese) = read("Uy ban nhan din xi cé trich nhiém td chirc thuc hién ké hoach nay");
        assert!(!vietnamese);
    }
}
