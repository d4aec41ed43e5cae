//! The decoder: the best reading of a page's units together, and how sure it is of each.
//!
//! **Model.** A path through the lattice of readings costs `Σ channel + λ · (-ln P(word | history))`. Units are the steps of the lattice; a reading may
//! be two words (ran together) or span two units (came apart). How the words are written is decided afterwards ([`super::casing`]).
//!
//! **Search**, from coarse to fine. First a bigram model goes forwards and backwards over all readings; with only the last word as state
//! that is exact and cheap. Readings whose best path is worse than the best of all by more than [`Weights::narrow`] are left out; of a dozen, one or two
//! remain. The full model then searches what is left with a beam over histories; histories with the same future are merged. All steps
//! between kept histories are remembered, so a backward pass gives each reading's share of the probability of all kept paths (forward-backward): its
//! posterior. What is left after the first search may be searched again with the document's own words ([`super::cache`]).

mod coarse;
mod fine;

use coarse::Coarse;
use fine::Fine;

use super::cache::Cache;
use super::candidates::Finder;
use super::hints::Hints;
use super::lexicon;
use super::lm::{LanguageModel, ORDER, WordId};
use super::plain::Plain;
use super::token::Break;
use super::units::Unit;
use crate::model::patience;

/// Weights and widths of the search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// λ: how much the language model counts against the channel.
    pub language: f32,
    /// κ: how much the case model counts.
    pub case: f32,
    /// Readings that the bigram model finds that much worse than the best, in nats, are left out.
    pub narrow: f32,
    /// Histories kept after each unit.
    pub beam: usize,
    /// Histories that much worse than the best, in nats, are not kept.
    pub width: f32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights { language: 1.0, case: 0.8, narrow: 8.0, beam: 12, width: 10.0 }
    }
}

/// The reading that was chosen for one or two units, its case still open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chosen {
    /// First unit.
    pub unit: u32,
    /// Units it stands for: 1 or 2.
    pub units: u8,
    /// The reading, by its place in the finder's memory.
    pub reading: u32,
    /// Its share of the probability (0 to 1), not calibrated.
    pub posterior: f32,
    /// The next best reading and its share.
    pub runner_up: Option<(u32, f32)>,
}

/// Units that are decoded together at most. Text without a break for that long is decoded in pieces, so that memory stays bounded.
const LONGEST: usize = 400;

/// Readings with less of the probability than this are left out of a second search.
const UNLIKELY: f32 = 1e-3;

/// A reading at its place.
#[derive(Clone, Copy)]
struct Arc {
    unit: u32,
    units: u8,
    changes: bool,
    reading: u32,
    cost: f32,
    first: WordId,
    second: Option<WordId>,
    /// Its share of the probability, as the last search found it.
    share: f32,
}

impl Arc {
    fn last(&self) -> WordId {
        self.second.unwrap_or(self.first)
    }

    fn end(&self) -> usize {
        self.unit as usize + usize::from(self.units)
    }
}

/// What the first search left, unit by unit.
pub struct Lattice {
    arcs: Vec<Arc>,
    /// Stretches that are decoded together: arcs and units, and the breaks at their ends.
    stretches: Vec<Stretch>,
}

struct Stretch {
    arcs: std::ops::Range<usize>,
    units: std::ops::Range<usize>,
    begin: WordId,
    stop: Option<WordId>,
}

impl Lattice {
    /// The readings of all units of `raw` that the bigram model leaves; of what is `plain` only the one that keeps it.
    #[must_use]
    pub fn new(
        raw: &str,
        units: &[Unit],
        hints: &Hints,
        plain: Option<&Plain>,
        finder: &mut Finder,
        language: &LanguageModel,
        weights: &Weights,
    ) -> Lattice {
        let mut lattice = Lattice { arcs: Vec::new(), stretches: Vec::new() };
        let mut coarse = Coarse::default();
        let mut from = 0;
        let mut begin = lexicon::SENTENCE;
        // A break forgets everything before it, so what lies between two breaks is decoded on its own.
        for i in 1..=units.len() {
            let ends = i == units.len() || units[i].breaks.is_some();
            if !ends && i - from < LONGEST {
                continue;
            }
            if let Some(b) = units[from].breaks {
                begin = lexicon::break_id(b);
            }
            let stop = ends
                .then(|| lexicon::break_id(units.get(i).and_then(|u| u.breaks).unwrap_or(Break::Sentence)));
            patience::check();
            for (piece, searched) in pieces(from..i, plain) {
                let begin = if piece.start == from { begin } else { lexicon::UNKNOWN };
                let stop = stop.filter(|_| piece.end == i);
                let first = lattice.arcs.len();
                coarse.fill(raw, units, hints, piece.clone(), plain, finder);
                if searched {
                    coarse.prune(piece.start, begin, stop, language, weights, &mut lattice.arcs);
                } else {
                    lattice.arcs.extend_from_slice(&coarse.arcs);
                }
                let arcs = first..lattice.arcs.len();
                lattice.stretches.push(Stretch { arcs, units: piece, begin, stop });
            }
            from = i;
            begin = lexicon::UNKNOWN;
        }
        lattice
    }

    /// Leaves out the readings that the last search found most unlikely: what is said of them next can't save them.
    pub fn narrow(&mut self) {
        let mut from = 0;
        let mut kept = 0;
        for stretch in &mut self.stretches {
            let first = kept;
            for i in from..stretch.arcs.end {
                if self.arcs[i].share >= UNLIKELY {
                    self.arcs[kept] = self.arcs[i];
                    kept += 1;
                }
            }
            from = stretch.arcs.end;
            stretch.arcs = first..kept;
        }
        self.arcs.truncate(kept);
    }

    /// Adds to the cost of each reading that has a rival what `more` says of it: its unit and its place in the finder's memory.
    pub fn reprice(&mut self, mut more: impl FnMut(usize, u32) -> f32) {
        let rivals = |arcs: &[Arc], i: usize| {
            let same = |k: usize| arcs.get(k).is_some_and(|a| a.unit == arcs[i].unit);
            same(i + 1) || i.checked_sub(1).is_some_and(same)
        };
        for i in 0..self.arcs.len() {
            if self.arcs[i].units == 1 && self.arcs[i].second.is_none() && rivals(&self.arcs, i) {
                self.arcs[i].cost += more(self.arcs[i].unit as usize, self.arcs[i].reading);
            }
        }
    }

    /// Decodes with the full model. What changes anything costs `reluctance` nats more.
    #[must_use]
    pub fn decode(
        &mut self,
        language: &LanguageModel,
        cache: Option<&Cache>,
        reluctance: f32,
        weights: &Weights,
    ) -> Vec<Chosen> {
        let mut out = Vec::new();
        let mut fine = Fine::default();
        for stretch in &self.stretches {
            patience::check();
            let arcs = &mut self.arcs[stretch.arcs.clone()];
            // Nothing to choose: most of right text.
            if arcs.len() == stretch.units.len() && arcs.iter().all(|a| a.units == 1) {
                out.extend(arcs.iter().map(|a| Chosen {
                    unit: a.unit,
                    units: 1,
                    reading: a.reading,
                    posterior: 1.0,
                    runner_up: None,
                }));
                continue;
            }
            fine.run(arcs, stretch, language, cache, reluctance, weights);
            fine.finish(arcs, stretch, language, weights, &mut out);
        }
        out
    }
}

/// So many words before and after a choice weigh in it.
const CONTEXT: usize = ORDER - 1;

/// A stretch in pieces that can be decoded by themselves, and whether there is anything to decode: plain words further from any other than the language
/// model sees have no say.
fn pieces(
    stretch: std::ops::Range<usize>,
    plain: Option<&Plain>,
) -> impl Iterator<Item = (std::ops::Range<usize>, bool)> + '_ {
    let open = move |u: &usize| plain.is_none_or(|p| p.keeps(*u).is_none());
    let mut at = stretch.start;
    std::iter::from_fn(move || {
        if at == stretch.end {
            return None;
        }
        let odd = (at..stretch.end).find(open).unwrap_or(stretch.end);
        let start = odd.saturating_sub(CONTEXT).max(at);
        let (end, searched) = if odd == stretch.end || start > at {
            (if odd == stretch.end { odd } else { start }, false)
        } else {
            let mut last = odd;
            while let Some(next) = (last + 1..stretch.end.min(last + 2 * CONTEXT + 1)).find(open) {
                last = next;
            }
            ((last + 1 + CONTEXT).min(stretch.end), true)
        };
        let piece = at..end;
        at = end;
        Some((piece, searched))
    })
}
