//! The restored text over the raw one: choices and marks in their places, gaps as they are.

use std::ops::Range;

use super::footnotes::Mark;
use super::restorer::{Choice, WordEvidence};
use super::units::Unit;
use crate::model::text::{Piece, RestoredWord};

/// How sure a mark is that counting or sequence put right. An estimate: they are too few to measure.
const MARK: f32 = 0.9;

/// Puts the chosen readings between the gaps.
pub(super) fn write<'r>(
    raw: &'r str,
    units: &[Unit],
    choices: &[Choice],
    marks: &[Mark],
    doubtful: f32,
) -> Written<'r> {
    let mut written =
        Written { raw, done: 0, text: String::new(), pieces: vec![], words: vec![], evidence: vec![] };
    written.text.reserve(raw.len() + raw.len() / 4);
    written.words.reserve(choices.len() + marks.len());
    written.evidence.reserve(choices.len());
    written.pieces.reserve(choices.len() + choices.len() / 4);
    let mut marks = marks.iter().peekable();
    for choice in choices {
        let (Some(first), Some(last)) = (units.get(choice.unit), units.get(choice.unit + choice.units - 1))
        else {
            continue;
        };
        while let Some(mark) = marks.next_if(|m| m.span.end <= first.span.start) {
            written.word(mark.span.clone(), &mark.text, MARK, None, false);
        }
        let raw = first.span.start..last.span.end;
        let doubtful = choice.posterior < doubtful;
        let at = written.words.len();
        written.word(raw, &choice.text, choice.posterior, choice.runner_up.clone(), doubtful);
        let word = written.words.get(at).and_then(|w| Some((w.restored.clone(), choice.evidence?)));
        written.evidence.extend(word);
    }
    for mark in marks {
        written.word(mark.span.clone(), &mark.text, MARK, None, false);
    }
    written.copy(raw.len());
    written
}

/// A page as far as it is written.
pub(super) struct Written<'a> {
    raw: &'a str,
    /// How much of `raw` is done.
    done: usize,
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) words: Vec<RestoredWord>,
    pub(super) evidence: Vec<WordEvidence>,
}

impl Written<'_> {
    /// Copies a gap as it is, up to the offset `to` of the raw text.
    fn copy(&mut self, to: usize) {
        let gap = &self.raw[self.done..to];
        for raw in crate::model::page::words_of(gap, self.done) {
            let at = self.text.len() + (raw.start - self.done);
            self.pieces.push(Piece { restored: at..at + raw.len(), raw });
        }
        self.text.push_str(gap);
        self.done = to;
    }

    /// Copies the gap before `raw` and writes `text` in its place. What lies in a word that is written already, such as a mark between
    /// two words that were joined, is gone with it.
    fn word(
        &mut self,
        raw: Range<usize>,
        text: &str,
        confidence: f32,
        runner_up: Option<(String, f32)>,
        doubtful: bool,
    ) {
        if raw.start < self.done {
            return;
        }
        self.copy(raw.start);
        self.done = raw.end;
        let restored = self.text.len()..self.text.len() + text.len();
        self.text.push_str(text);
        if !text.is_empty() {
            self.pieces.push(Piece { restored: restored.clone(), raw: raw.clone() });
        }
        self.words.push(RestoredWord { raw, restored, confidence, runner_up, doubtful });
    }
}
