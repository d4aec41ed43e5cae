//! Restores pages and texts: chooses the channel, decodes, writes the result over the raw text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::adapt::Seen;
use super::cache::Cache;
use super::candidates::{Costs, Finder};
use super::case::Before;
use super::casing;
use super::confidence::{Circumstances, Evidence, evidence};
use super::decode::{Chosen, Lattice, Weights};
use super::footnotes::{self, Mark};
use super::hints::Hints;
use super::lexicon;
use super::lm::WordId;
use super::markers;
use super::models::{Damage, Models};
use super::phrases;
use super::plain::Plain;
use super::rate::{CLEAN, Rate};
use super::reading::{Memory, Part, Reading};
use super::signs;
use super::token::{self, Case};
use super::trie::Words;
use super::units::{Unit, units};
use super::written::{Written, write};
use crate::model::page::{Decision, Page};
use crate::model::text::{OffsetMap, RestoredPage};

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
        Options { costs: Costs::default(), weights: Weights::default(), doubtful: 0.92, damage: None }
    }
}

/// Restores text by given models. Cheap to make; may be shared between threads.
#[derive(Debug, Clone, Copy)]
pub struct Restorer<'a> {
    models: &'a Models,
    options: Options,
}

/// Readings that are this certain teach the document's own channel.
const SURE: f32 = 0.9;
/// Units that are looked at to judge the damage of a page.
const SAMPLE: usize = 150;

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
        self.with_evidence(pages).into_iter().map(|(page, _)| page).collect()
    }

    /// Restores the pages of one document, each with the evidence for those of its words that had a rival or were changed, by their ranges in the
    /// restored text: what confidences are learned from.
    #[must_use]
    pub fn with_evidence(&self, pages: Vec<Page>) -> Vec<(RestoredPage, Vec<WordEvidence>)> {
        let mut memory = self.models.take_memory(self.options.costs);
        let mut cache = Cache::default();
        self.models.names.say(&mut cache);
        let mut due = 1;
        let mut rate = Rate::default();
        let mut read: Vec<Read> =
            pages.iter().map(|page| self.read(page, &mut due, &mut cache, &mut rate, &mut memory)).collect();
        let reluctance = rate.reluctance();
        self.adapt(&pages, &mut read, &memory[Damage::Garbled as usize]);
        let restored = pages
            .into_iter()
            .zip(read)
            .map(|(page, mut read)| {
                let reluctance = match (read.damage, page.decision) {
                    (Damage::Garbled, _) => 0.0,
                    // a layer that was found right is a typist's: nothing of it is changed on a mere suspicion
                    (Damage::Slight, Decision::TextLayer) => Rate::default().reluctance(),
                    (Damage::Slight, _) => reluctance,
                };
                let memory = &memory[read.damage as usize];
                let language = &self.models.language;
                let chosen = read.lattice.decode(language, Some(&cache), reluctance, &self.options.weights);
                let mut choices =
                    self.choices(&page.raw, &read.units, &chosen, memory, reluctance, read.damage);
                phrases::repair(&page.raw, &read.units, &mut choices);
                self.models.places.repair(&read.units, &mut choices);
                self.models.names.write(&self.models.lexicon, &read.units, &mut choices);
                let written = write(&page.raw, &read.units, &choices, &read.marks, self.options.doubtful);
                let Written { text, pieces, words, evidence, .. } = written;
                (RestoredPage::new(page, text, OffsetMap::new(pieces), words), evidence)
            })
            .collect();
        self.models.give_memory(self.options.costs, memory);
        restored
    }

    /// The first pass over a page: what it may say, and what that counts for the document.
    fn read(
        &self,
        page: &Page,
        due: &mut u32,
        cache: &mut Cache,
        rate: &mut Rate,
        memory: &mut [Memory; 2],
    ) -> Read {
        let raw = &page.raw;
        let mut units = units(raw, &[]);
        let plain = self.plain(raw, &units, memory);
        let damage = match self.options.damage {
            Some(damage) => damage,
            None if plain.is_some() => Damage::Slight,
            None => self.damage(raw, &units, memory),
        };
        let mut marks = Vec::new();
        if damage == Damage::Garbled {
            marks = footnotes::marks(raw, due);
            marks.extend(markers::repairs(raw));
            marks.extend(self.mends(raw, damage));
            units = marked(raw, &mut marks);
        }
        let memory = &mut memory[damage as usize];
        let (language, weights) = (&self.models.language, &self.options.weights);
        let mut finder = Finder::new(self.models, damage, self.options.costs, memory);
        let hints = Hints::new(page, &units);
        let mut lattice = Lattice::new(raw, &units, &hints, plain.as_ref(), &mut finder, language, weights);
        let mut chosen = lattice.decode(language, None, 0.0, weights);
        if damage == Damage::Slight {
            let mut own = Rate::default();
            own.add(units.len(), &chosen, finder.memory());
            rate.join(&own);
            // what was recognised here is not the author's to the letter: nothing of it is beyond doubt
            if own.share() > CLEAN || page.decision == Decision::Ocr {
                marks = self.mends(raw, damage);
                units = marked(raw, &mut marks);
                let hints = Hints::new(page, &units);
                lattice = Lattice::new(raw, &units, &hints, None, &mut finder, language, weights);
                chosen = lattice.decode(language, None, 0.0, weights);
            }
        }
        lattice.narrow();
        count(&units, &chosen, finder.memory(), cache);
        Read { units, marks, damage, lattice, chosen }
    }

    /// What of a page is plainly right, if that is most of it.
    fn plain(&self, raw: &str, units: &[Unit], memory: &mut [Memory; 2]) -> Option<Plain> {
        if self.options.damage == Some(Damage::Garbled) {
            return None;
        }
        let memory = &mut memory[Damage::Slight as usize];
        let mut finder = Finder::new(self.models, Damage::Slight, self.options.costs, memory);
        let plain = Plain::read(raw, units, self.models, &mut finder);
        plain.is_vietnamese().then_some(plain)
    }

    fn mends(&self, raw: &str, damage: Damage) -> Vec<Mark> {
        signs::mends(raw, damage, &self.models.lexicon, &self.models.language)
    }

    /// Weighs the readings of garbled pages anew, by the confusions that the document itself shows.
    fn adapt(&self, pages: &[Page], read: &mut [Read], memory: &Memory) {
        let (channel, alphabet) = (self.models.channel(Damage::Garbled), &self.models.words.alphabet);
        let mut sure: BTreeMap<(&str, u32), f32> = BTreeMap::new();
        for (page, read) in pages.iter().zip(read.iter()).filter(|(_, r)| r.damage == Damage::Garbled) {
            for c in read.chosen.iter().filter(|c| c.units == 1 && c.posterior > SURE) {
                *sure.entry((&page.raw[span(&read.units, c)], c.reading)).or_default() += c.posterior;
            }
        }
        let written = |observed: &str, reading: &Reading| {
            let Part::Word { word, .. } = &reading.first else { return None };
            let case = reading.likely_case(token::case_of(observed));
            Some(Words::written(&self.models.lexicon, *word, case))
        };
        let bare = |observed: &str, reading: &Reading| observed.len() - usize::from(reading.signs);
        let mut seen = Seen::default();
        for ((observed, reading), times) in sure {
            let reading = memory.reading(reading);
            if let (Some(truth), None) = (written(observed, reading), &reading.second) {
                seen.add(channel, alphabet, &observed[..bare(observed, reading)], &truth, times);
            }
        }
        let mut known: FxHashMap<u32, f32> = FxHashMap::default();
        for (page, read) in pages.iter().zip(read).filter(|(_, r)| r.damage == Damage::Garbled) {
            read.lattice.reprice(|unit, at| {
                *known.entry(at).or_insert_with(|| {
                    let (observed, reading) = (&page.raw[read.units[unit].span.clone()], memory.reading(at));
                    written(observed, reading).map_or(0.0, |truth| {
                        seen.difference(channel, alphabet, &observed[..bare(observed, reading)], &truth)
                    })
                })
            });
        }
    }

    /// The chosen readings as they are written.
    fn choices<'r>(
        &self,
        raw: &'r str,
        units: &[Unit],
        chosen: &[Chosen],
        memory: &Memory,
        reluctance: f32,
        damage: Damage,
    ) -> Vec<Choice<'r>> {
        let mut words: Vec<casing::Word> = Vec::with_capacity(chosen.len());
        for c in chosen {
            let reading = memory.reading(c.reading);
            let breaks = units.get(c.unit as usize).and_then(|u| u.breaks);
            let start = breaks.map(|b| (Before::from(b), lexicon::break_id(b)));
            let sized = casing::sized(&raw[span(units, c)]);
            words.push(casing::Word { part: &reading.first, start, keeps: reading.keeps, sized });
            let second = reading.second.as_ref();
            words.extend(second.map(|part| casing::Word { part, start: None, keeps: None, sized: false }));
        }
        let cased = casing::cases(&words, &self.models.case, self.options.weights.case, reluctance);
        let mut cased = cased.iter();
        let lexicon = &self.models.lexicon;
        let mut out = Vec::with_capacity(chosen.len());
        for (i, c) in chosen.iter().enumerate() {
            let reading = memory.reading(c.reading);
            let (unit, span) = (c.unit as usize, span(units, c));
            let observed = &raw[span];
            let Some(first) = cased.next() else { break };
            let second = reading.second.as_ref().and_then(|_| cased.next());
            let case_share = first.posterior * second.map_or(1.0, |s| s.posterior);
            let write = |reading: &Reading, first: Case, second: Option<Case>| {
                reading.text(lexicon, observed, first, second)
            };
            let text = write(reading, first.case, second.map(|s| s.case));
            let other_word = c.runner_up.filter(|(_, p)| *p > 1e-3).map(|(r, p)| {
                let other = memory.reading(r);
                let case = other.likely_case(first.case);
                (write(other, case, other.second.as_ref().map(|_| Case::Lower)).into_owned(), p)
            });
            let other_case = first.runner_up.filter(|(_, p)| *p > 1e-3).map(|(case, p)| {
                (write(reading, case, second.map(|s| s.case)).into_owned(), p * c.posterior)
            });
            let runner_up = match (other_word, other_case) {
                (Some(a), Some(b)) => Some(if a.1 >= b.1 { a } else { b }),
                (a, b) => a.or(b),
            };
            let changed = text != observed;
            let around = self.around(units, chosen, i, memory, changed, case_share);
            let evidence = evidence(observed, reading, &around);
            let posterior = self.models.confidence.probability(damage, &evidence);
            // from words without a rival there is nothing to learn: they are many, and drown those in doubt
            let evidence = Some(evidence).filter(|_| c.posterior < 1.0 || changed);
            out.push(Choice { unit, units: usize::from(c.units), text, posterior, runner_up, evidence });
        }
        out
    }

    /// What is known of the chosen reading `i` from the search and from its surroundings.
    fn around(
        &self,
        units: &[Unit],
        chosen: &[Chosen],
        i: usize,
        memory: &Memory,
        changed: bool,
        case: f32,
    ) -> Circumstances {
        let c = &chosen[i];
        let share = |c: Option<&Chosen>| c.map_or(1.0, |c| c.posterior);
        let neighbour = share(i.checked_sub(1).map(|i| &chosen[i])).min(share(chosen.get(i + 1)));
        if c.posterior == 1.0 && !changed {
            // what was plain from the beginning was expected where it stands
            return Circumstances {
                units: c.units,
                changed,
                word: c.posterior,
                case,
                before: 0.0,
                after: 0.0,
                neighbour,
            };
        }
        let ends = |c: &Chosen| {
            let reading = memory.reading(c.reading);
            let first = reading.first.word();
            (first, reading.second.as_ref().map_or(first, |p| p.word()))
        };
        let (first, last) = ends(c);
        let breaks = |c: &Chosen| units.get(c.unit as usize).and_then(|u| u.breaks).map(lexicon::break_id);
        let earlier = i.checked_sub(1).map(|i| &chosen[i]);
        let later = chosen.get(i + 1);
        let before = breaks(c).or(earlier.map(|e| ends(e).1)).unwrap_or(lexicon::SENTENCE);
        let after = later.map_or(lexicon::SENTENCE, |l| breaks(l).unwrap_or_else(|| ends(l).0));
        let surprise = |a: WordId, b: WordId| -self.models.language.pair(a, b);
        Circumstances {
            units: c.units,
            changed,
            word: c.posterior,
            case,
            before: surprise(before, first),
            after: surprise(last, after),
            neighbour,
        }
    }

    /// Restores one page by itself.
    #[must_use]
    pub fn page(&self, page: Page) -> RestoredPage {
        match self.document(vec![page]).pop() {
            Some(page) => page,
            None => unreachable!("as many pages come out as go in"),
        }
    }

    /// The kind of damage under which a sample of the units is likelier, each unit by itself.
    fn damage(&self, raw: &str, units: &[Unit], memory: &mut [Memory; 2]) -> Damage {
        let step = units.len().div_ceil(SAMPLE).max(1);
        let mut score = |damage| {
            let memory = &mut memory[damage as usize];
            let mut finder = Finder::new(self.models, damage, self.options.costs, memory);
            let mut sum = 0.0;
            for unit in units.iter().step_by(step) {
                let found = finder.readings(&raw[unit.span.clone()]);
                let alone = |word: WordId| self.models.unigram[usize::from(word)];
                let cost = |r: &Reading| {
                    r.cost + alone(r.first.word()) + r.second.as_ref().map_or(0.0, |p| alone(p.word()))
                };
                sum += finder.memory().get(&found).iter().map(cost).fold(f32::INFINITY, f32::min);
            }
            sum
        };
        if score(Damage::Garbled) < score(Damage::Slight) { Damage::Garbled } else { Damage::Slight }
    }
}

/// Brings marks into order and gives the units between them.
fn marked(raw: &str, marks: &mut Vec<Mark>) -> Vec<Unit> {
    marks.sort_by_key(|m| (m.span.start, m.text.is_empty()));
    marks.dedup_by(|b, a| b.span.start < a.span.end);
    units(raw, marks)
}

/// A word's range in the restored text, and the evidence for it.
pub type WordEvidence = (Range<usize>, Evidence);

/// What the first pass found of a page.
struct Read {
    units: Vec<Unit>,
    marks: Vec<Mark>,
    damage: Damage,
    lattice: Lattice,
    chosen: Vec<Chosen>,
}

/// The reading of one or two units as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<'r> {
    /// First unit.
    pub unit: usize,
    /// Units it stands for: 1 or 2.
    pub units: usize,
    /// The reading.
    pub text: Cow<'r, str>,
    /// The probability that it is right (0 to 1).
    pub posterior: f32,
    /// The next best reading and its share.
    pub runner_up: Option<(String, f32)>,
    /// What that probability was made of, if it had a rival or was changed.
    pub evidence: Option<Evidence>,
}

/// The raw range of a choice.
fn span(units: &[Unit], chosen: &Chosen) -> Range<usize> {
    let first = chosen.unit as usize;
    let last = first + usize::from(chosen.units) - 1;
    units[first].span.start..units[last].span.end
}

/// Counts the words of a first pass.
fn count(units: &[Unit], chosen: &[Chosen], memory: &Memory, cache: &mut Cache) {
    let known = |word: WordId| word >= lexicon::FIRST_WORD;
    let mut previous = lexicon::SENTENCE;
    for c in chosen {
        if units.get(c.unit as usize).is_some_and(|u| u.breaks.is_some()) {
            previous = lexicon::SENTENCE;
        }
        if let Some((other, p)) = c.runner_up {
            let word = memory.reading(other).first.word();
            if known(word) {
                cache.add(previous, word, p);
            }
        }
        let reading = memory.reading(c.reading);
        for part in [Some(&reading.first), reading.second.as_ref()].into_iter().flatten() {
            let word = part.word();
            if known(word) {
                cache.add(previous, word, c.posterior);
                previous = word;
            } else {
                previous = lexicon::UNKNOWN;
            }
        }
    }
}
