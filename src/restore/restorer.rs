//! Restores pages and texts: chooses the channel, decodes, writes the result over the raw text.

use std::ops::Range;

use super::cache::Cache;
use super::candidates::{Costs, Finder};
use super::decode::{self, Choice, Weights};
use super::footnotes::{self, Mark};
use super::lexicon;
use super::markers;
use super::models::{Damage, Models};
use super::token;
use super::units::{Unit, units};
use crate::model::page::{Decision, Page};
use crate::model::text::{OffsetMap, Piece, RestoredPage, RestoredWord};

/// How to restore.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Costs of what the channel does not know.
    pub costs: Costs,
    /// Weights of the search.
    pub weights: Weights,
    /// Words less certain than this are doubtful.
    pub doubtful: f32,
    /// The kind of damage, if known; else it is judged page by page.
    pub damage: Option<Damage>,
}

impl Default for Options {
    fn default() -> Options {
        Options { costs: Costs::default(), weights: Weights::default(), doubtful: 0.9, damage: None }
    }
}

/// Restores text by given models. Cheap to make; may be shared between threads.
#[derive(Debug, Clone, Copy)]
pub struct Restorer<'a> {
    models: &'a Models,
    options: Options,
}

/// Units that are looked at to judge the damage of a page.
const SAMPLE: usize = 400;

impl<'a> Restorer<'a> {
    /// A restorer over `models`.
    #[must_use]
    pub fn new(models: &'a Models, options: Options) -> Restorer<'a> {
        Restorer { models, options }
    }

    /// Restores a text, its lines kept.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.page(Page::from_text(1, Decision::Text, text)).text
    }

    /// Restores the pages of one document.
    #[must_use]
    pub fn document(&self, pages: Vec<Page>) -> Vec<RestoredPage> {
        let mut cache = Cache::default();
        let mut due = 1;
        let mut rate = Rate::default();
        let read: Vec<(Vec<Unit>, Vec<Mark>, Damage)> = pages
            .iter()
            .map(|page| {
                let mut units = units(&page.raw, &[]);
                let damage = self.options.damage.unwrap_or_else(|| self.damage(&page.raw, &units));
                let mut marks = Vec::new();
                if damage == Damage::Garbled {
                    marks = footnotes::marks(&page.raw, &mut due);
                    marks.extend(markers::repairs(&page.raw));
                    marks.sort_by_key(|m| m.span.start);
                    marks.dedup_by(|b, a| b.span.start < a.span.end);
                    units = self::units(&page.raw, &marks);
                }
                let choices = self.decode(&page.raw, &units, damage, None, 0.0);
                self.count(&units, &choices, &mut cache);
                if damage == Damage::Slight {
                    rate.add(&page.raw, &units, &choices);
                }
                (units, marks, damage)
            })
            .collect();
        let reluctance = rate.reluctance();
        pages
            .into_iter()
            .zip(read)
            .map(|(page, (units, marks, damage))| {
                let reluctance = if damage == Damage::Slight { reluctance } else { 0.0 };
                let mut choices = self.decode(&page.raw, &units, damage, Some(&cache), reluctance);
                self.models.places.repair(&units, &mut choices);
                write(page, &units, &choices, &marks, self.options.doubtful)
            })
            .collect()
    }

    /// Restores one page by itself.
    #[must_use]
    pub fn page(&self, page: Page) -> RestoredPage {
        match self.document(vec![page]).pop() {
            Some(page) => page,
            None => unreachable!("as many pages come out as go in"),
        }
    }

    /// Counts the words of a first pass.
    fn count(&self, units: &[Unit], choices: &[Choice], cache: &mut Cache) {
        let id = |text: &str| self.models.lexicon.id(&token::canonical(text));
        let mut previous = lexicon::SENTENCE;
        for choice in choices {
            if units.get(choice.unit).is_some_and(|u| u.breaks.is_some()) {
                previous = lexicon::SENTENCE;
            }
            if let Some((other, p)) = &choice.runner_up
                && let Some(word) = id(other)
            {
                cache.add(previous, word, *p);
            }
            match id(&choice.text) {
                Some(word) => {
                    cache.add(previous, word, choice.posterior);
                    previous = word;
                }
                None => previous = lexicon::UNKNOWN,
            }
        }
    }

    fn finder(&self, damage: Damage, reluctance: f32) -> Finder<'a> {
        Finder::new(self.models, damage, self.options.costs, reluctance)
    }

    fn decode(
        &self,
        raw: &str,
        units: &[Unit],
        damage: Damage,
        cache: Option<&Cache>,
        reluctance: f32,
    ) -> Vec<Choice> {
        let models = decode::Models { language: &self.models.language, case: &self.models.case, cache };
        decode::decode(raw, units, &mut self.finder(damage, reluctance), models, &self.options.weights)
    }

    /// The kind of damage under which a sample of the units is likelier, each unit by itself.
    fn damage(&self, raw: &str, units: &[Unit]) -> Damage {
        let step = units.len().div_ceil(SAMPLE).max(1);
        let score = |damage| {
            let mut finder = self.finder(damage, 0.0);
            let cost = |unit: &Unit| {
                let found = finder.candidates(&raw[unit.span.clone()]);
                found
                    .iter()
                    .map(|c| {
                        let words = c.words.iter().map(|e| self.models.unigram[usize::from(e.word)]);
                        c.cost + words.sum::<f32>()
                    })
                    .fold(f32::INFINITY, f32::min)
            };
            units.iter().step_by(step).map(cost).sum::<f32>()
        };
        if score(Damage::Garbled) < score(Damage::Slight) { Damage::Garbled } else { Damage::Slight }
    }
}

/// How often a document is wrong, as its first pass sees it.
///
/// The channel of slight damage was learned from pages of which [`LEARNED_RATE`] of the words were wrong. A document with far fewer errors than that
/// makes each of them less likely to begin with, so in the second pass every change costs the log of the ratio: right text stays right.
#[derive(Debug, Default)]
struct Rate {
    wrong: f32,
    units: f32,
}

/// Share of wrong words in the pages that the channel of slight damage was learned from.
const LEARNED_RATE: f32 = 0.07;
/// No document is taken for better than this.
const LEAST_RATE: f32 = 0.0005;

impl Rate {
    fn add(&mut self, raw: &str, units: &[Unit], choices: &[Choice]) {
        self.units += units.len() as f32;
        for choice in choices {
            let same = units.get(choice.unit).is_some_and(|u| raw[u.span.clone()] == choice.text);
            if !same {
                self.wrong += choice.posterior;
            }
        }
    }

    fn reluctance(&self) -> f32 {
        let rate = (self.wrong / self.units.max(1.0)).max(LEAST_RATE);
        (LEARNED_RATE / rate).ln().max(0.0)
    }
}

/// How sure a mark is that counting or sequence put right. An estimate: they are too few to measure.
const MARK: f32 = 0.9;

/// Puts the chosen readings between the gaps.
fn write(page: Page, units: &[Unit], choices: &[Choice], marks: &[Mark], doubtful: f32) -> RestoredPage {
    let mut written = Written { raw: &page.raw, done: 0, text: String::new(), pieces: vec![], words: vec![] };
    written.text.reserve(page.raw.len() + page.raw.len() / 4);
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
        written.word(raw, &choice.text, choice.posterior, choice.runner_up.clone(), doubtful);
    }
    for mark in marks {
        written.word(mark.span.clone(), &mark.text, MARK, None, false);
    }
    written.copy(page.raw.len());
    let Written { text, pieces, words, .. } = written;
    RestoredPage::new(page, text, OffsetMap::new(pieces), words)
}

/// A page as far as it is written.
struct Written<'a> {
    raw: &'a str,
    /// How much of `raw` is done.
    done: usize,
    text: String,
    pieces: Vec<Piece>,
    words: Vec<RestoredWord>,
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
