//! What a unit may have been: one or two words, their case still open, with what the channel asks for them; and what was found for units before.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::lexicon::{self, Lexicon};
use super::lm::WordId;
use super::plain::Form;
use super::token::{Case, Class};
use super::trie::Words;

/// One word or sign of a reading.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A word of the lexicon, in a case that is still open.
    Word {
        /// The word.
        word: WordId,
        /// What each case costs above the cheapest, in steps of the channel; 255 for never.
        costs: [u8; 4],
    },
    /// Something whose letters are settled: a number, a symbol, a word that the lexicon lacks.
    Fixed {
        /// What the language model takes it for.
        word: WordId,
        /// Its case; `None` for classes.
        case: Option<Case>,
        /// As it is written.
        text: Box<str>,
    },
}

impl Part {
    /// What the language model reads.
    #[must_use]
    pub fn word(&self) -> WordId {
        match self {
            Part::Word { word, .. } | Part::Fixed { word, .. } => *word,
        }
    }

    pub(super) fn fixed(word: WordId, case: Option<Case>, text: &str) -> Part {
        Part::Fixed { word, case, text: text.into() }
    }

    pub(super) fn class(class: Class, text: &str) -> Part {
        Part::fixed(lexicon::class_id(class), None, text)
    }
}

/// One reading of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The word, or the first of two.
    pub first: Part,
    /// The second of two words that ran together.
    pub second: Option<Part>,
    /// `-ln P(observed | reading)` in the case that fits best, in nats.
    pub cost: f32,
    /// Bytes at the end of what was observed that are marks and stay.
    pub signs: u8,
    /// Whether nothing changes, if the case is this one (which one does not matter for what has none).
    pub keeps: Option<Case>,
}

impl Reading {
    pub(super) fn one(first: Part, cost: f32) -> Reading {
        Reading { first, second: None, cost, signs: 0, keeps: None }
    }

    pub(super) fn kept(mut self, case: Case) -> Reading {
        self.keeps = Some(case);
        self
    }

    /// Of the cases that the first word may have, the wanted one or else the one that fits best.
    #[must_use]
    pub fn likely_case(&self, wanted: Case) -> Case {
        match &self.first {
            Part::Word { costs, .. } if costs[wanted as usize] < u8::MAX => wanted,
            Part::Word { costs, .. } => [Case::Lower, Case::Title, Case::Upper, Case::Mixed]
                .into_iter()
                .min_by_key(|c| costs[*c as usize])
                .unwrap_or(wanted),
            Part::Fixed { .. } => wanted,
        }
    }

    /// How the reading of `observed` is written with its words in the given cases.
    #[must_use]
    pub fn text<'o>(
        &self,
        lexicon: &Lexicon,
        observed: &'o str,
        first: Case,
        second: Option<Case>,
    ) -> Cow<'o, str> {
        let settled = matches!(self.first, Part::Fixed { .. });
        if self.keeps.is_some_and(|keeps| settled || keeps == first) {
            return Cow::Borrowed(observed);
        }
        let written = |part: &Part, case| match part {
            Part::Word { word, .. } => Words::written(lexicon, *word, case),
            Part::Fixed { text, .. } => text.to_string(),
        };
        let mut text = written(&self.first, first);
        if let Some(part) = &self.second {
            text.push(' ');
            text += &written(part, second.unwrap_or(Case::Lower));
        }
        text += observed.get(observed.len() - usize::from(self.signs)..).unwrap_or_default();
        Cow::Owned(text)
    }
}

/// Forgets when it knows the readings of so many units, so that memory stays bounded.
const KNOWN: usize = 20_000;

/// What was found for the units seen so far, for one kind of damage. The readings of a unit do not depend on where it stands, so this may
/// serve document after document.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    known: FxHashMap<Box<str>, Known>,
    /// Units as they stand, if they can be what they seem.
    pub(super) forms: FxHashMap<Box<str>, Option<Form>>,
    pub(super) readings: Vec<Reading>,
    /// Documents so far.
    document: u32,
}

/// A unit whose readings are known.
#[derive(Debug, Clone)]
struct Known {
    readings: Range<u32>,
    /// The document that asked for it last.
    last: u32,
    /// Whether more than one did since it was found, or since the last forgetting.
    again: bool,
}

impl Memory {
    /// The readings in a range that [`Finder::readings`] gave.
    #[must_use]
    pub fn get(&self, range: &Range<u32>) -> &[Reading] {
        self.readings.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// One reading.
    ///
    /// # Panics
    /// If it was not given by this memory.
    #[must_use]
    pub fn reading(&self, at: u32) -> &Reading {
        &self.readings[at as usize]
    }

    /// The readings that are known of a unit.
    pub(super) fn recall(&mut self, unit: &str) -> Option<Range<u32>> {
        let known = self.known.get_mut(unit)?;
        known.again |= known.last != self.document;
        known.last = self.document;
        Some(known.readings.clone())
    }

    /// Keeps the readings of a unit.
    pub(super) fn keep(&mut self, unit: &str, found: impl IntoIterator<Item = Reading>) -> Range<u32> {
        let from = self.readings.len() as u32;
        self.readings.extend(found);
        let readings = from..self.readings.len() as u32;
        let known = Known { readings: readings.clone(), last: self.document, again: false };
        self.known.insert(unit.into(), known);
        readings
    }

    /// To be said after each document. If there is much, forgets what only one document had: garbled words are mostly of that kind, and
    /// with them goes no more than their own search, while the words that all documents have stay known. Ranges given before are no
    /// longer valid.
    pub fn tidy(&mut self) {
        self.document = self.document.wrapping_add(1);
        if self.known.len() + self.forms.len() <= KNOWN {
            return;
        }
        let before = std::mem::take(self);
        let kept: Vec<_> = before.known.into_iter().filter(|(_, known)| known.again).collect();
        self.document = before.document;
        // where nearly all of it is used again there would be no end to forgetting
        if kept.len() > KNOWN / 2 {
            return;
        }
        for (unit, known) in kept {
            let readings = before.readings.get(known.readings.start as usize..known.readings.end as usize);
            self.keep(&unit, readings.unwrap_or_default().iter().cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_documents_have_stays_known() {
        let reading = |cost| Reading::one(Part::fixed(0, None, "a"), cost);
        let mut memory = Memory::default();
        memory.keep("common", [reading(1.0), reading(2.0)]);
        memory.tidy();
        assert!(memory.recall("common").is_some());
        for i in 0..KNOWN {
            memory.keep(&format!("rare {i}"), [reading(3.0)]);
        }
        assert!(memory.recall("rare 7").is_some());
        memory.tidy();
        assert_eq!(memory.recall("rare 7"), None);
        let range = memory.recall("common").expect("known");
        let costs: Vec<f32> = memory.get(&range).iter().map(|reading| reading.cost).collect();
        assert_eq!((costs, memory.readings.len()), (vec![1.0, 2.0], 2));
        // what has not been asked for since goes the next time, and so does what is too much to keep
        memory.tidy();
        for i in 0..KNOWN {
            memory.keep(&format!("rare {i}"), [reading(3.0)]);
        }
        memory.tidy();
        assert_eq!(memory.recall("rare 7"), None);
    }
}
