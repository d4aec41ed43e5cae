//! The first search: which readings are on a path nearly as good as the best, under the bigram model.

use super::{Arc, Weights};
use crate::restore::candidates::Finder;
use crate::restore::hints::Hints;
use crate::restore::lm::{LanguageModel, WordId};
use crate::restore::plain::Plain;
use crate::restore::reading::{Memory, Reading};
use crate::restore::units::Unit;

/// The first search: all readings of one stretch, under the bigram model.
#[derive(Default)]
pub(super) struct Coarse {
    pub(super) arcs: Vec<Arc>,
    /// Where the readings of each unit of the stretch begin among the arcs.
    starts: Vec<u32>,
    /// Cost of each reading with its inner word pair.
    own: Vec<f32>,
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// Pairs of readings whose words the model knows as a pair, with its cost, ascending by the second.
    between: Vec<(u32, u32, f32)>,
}

impl Coarse {
    pub(super) fn fill(
        &mut self,
        raw: &str,
        units: &[Unit],
        hints: &Hints,
        stretch: std::ops::Range<usize>,
        plain: Option<&Plain>,
        finder: &mut Finder,
    ) {
        self.arcs.clear();
        self.starts.clear();
        for i in stretch.clone() {
            self.starts.push(self.arcs.len() as u32);
            if let Some(keeps) = plain.and_then(|p| p.keeps(i)) {
                self.add(i, 1, &(keeps..keeps + 1), finder.memory());
                continue;
            }
            let observed = &raw[units[i].span.clone()];
            let found = finder.readings(observed);
            self.add(i, 1, &found, finder.memory());
            for hint in hints.of(i) {
                if let Some(reading) = finder.hinted(observed, &hint.text) {
                    self.hint(i, reading, hint.cost, finder.memory());
                }
            }
            let next = units.get(i + 1).filter(|n| i + 1 < stretch.end && n.follows);
            if let Some(next) = next {
                let second = &raw[next.span.clone()];
                if may_merge(observed, second) {
                    let then = finder.readings(second);
                    let memory = finder.memory();
                    if is_odd(memory.get(&found)) || is_odd(memory.get(&then)) {
                        let merged = finder.merged(observed, second);
                        self.add(i, 2, &merged, finder.memory());
                    }
                }
            }
        }
        self.starts.push(self.arcs.len() as u32);
    }

    fn add(&mut self, unit: usize, units: u8, found: &std::ops::Range<u32>, memory: &Memory) {
        self.arcs.extend(memory.get(found).iter().zip(found.start..).map(|(r, reading)| Arc {
            unit: unit as u32,
            units,
            changes: r.keeps.is_none(),
            reading,
            cost: r.cost,
            first: r.first.word(),
            second: r.second.as_ref().map(|p| p.word()),
            share: 1.0,
        }));
    }

    /// Has a reading of unit `i` cost no more than a hint says.
    fn hint(&mut self, i: usize, reading: u32, cost: f32, memory: &Memory) {
        let own = |a: &&mut Arc| a.unit as usize == i;
        if !self.arcs.iter_mut().rev().take_while(own).any(|a| a.reading == reading) {
            self.add(i, 1, &(reading..reading + 1), memory);
        }
        if let Some(arc) = self.arcs.iter_mut().rev().take_while(own).find(|a| a.reading == reading) {
            arc.cost = arc.cost.min(cost);
        }
    }

    /// The arcs of unit `i` of the stretch.
    fn of(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i] as usize..self.starts[i + 1] as usize
    }

    /// Keeps the readings that are on a path nearly as good as the best.
    pub(super) fn prune(
        &mut self,
        offset: usize,
        begin: WordId,
        stop: Option<WordId>,
        language: &LanguageModel,
        weights: &Weights,
        out: &mut Vec<Arc>,
    ) {
        let units = self.starts.len() - 1;
        let pair = |a: WordId, b: WordId| -weights.language * language.pair(a, b);
        self.own.clear();
        self.own.extend(self.arcs.iter().map(|a| a.cost + a.second.map_or(0.0, |s| pair(a.first, s))));
        self.forward.clear();
        self.forward.resize(self.arcs.len(), f32::INFINITY);
        self.between.clear();
        let bow = |w: WordId| -weights.language * language.unigram(w).1;
        let alone = |w: WordId| -weights.language * language.unigram(w).0;
        for k in self.of(0) {
            self.forward[k] = pair(begin, self.arcs[k].first) + self.own[k];
        }
        for i in 1..units {
            let before = self.before(i);
            let here = self.of(i);
            let ends = |a: &Arc| a.end() == offset + i;
            // pairs that were not kept: what goes before does not depend on what follows
            let back = before.clone().filter(|j| ends(&self.arcs[*j]));
            let back = back.map(|j| self.forward[j] + bow(self.arcs[j].last())).fold(f32::INFINITY, f32::min);
            for k in here.clone() {
                self.forward[k] = back + alone(self.arcs[k].first);
            }
            for j in before.filter(|j| ends(&self.arcs[*j])) {
                let (last, paid) = (self.arcs[j].last(), self.forward[j]);
                for k in here.clone() {
                    if let Some(p) = language.kept_pair(last, self.arcs[k].first) {
                        let cost = -weights.language * p;
                        self.between.push((j as u32, k as u32, cost));
                        self.forward[k] = self.forward[k].min(paid + cost);
                    }
                }
            }
            for k in here {
                self.forward[k] += self.own[k];
            }
        }
        self.backward.clear();
        self.backward.resize(self.arcs.len(), f32::INFINITY);
        let mut best = f32::INFINITY;
        for k in 0..self.arcs.len() {
            if self.arcs[k].end() == offset + units {
                self.backward[k] = stop.map_or(0.0, |s| pair(self.arcs[k].last(), s));
                best = best.min(self.forward[k] + self.backward[k]);
            }
        }
        let mut asked = self.between.len();
        for i in (1..units).rev() {
            let here = self.of(i);
            let onwards = here.clone().map(|k| self.own[k] + self.backward[k] + alone(self.arcs[k].first));
            let onwards = onwards.fold(f32::INFINITY, f32::min);
            for j in self.before(i) {
                if self.arcs[j].end() == offset + i {
                    self.backward[j] = onwards + bow(self.arcs[j].last());
                }
            }
            while let Some((j, k, cost)) = asked.checked_sub(1).map(|a| self.between[a]) {
                if (k as usize) < here.start {
                    break;
                }
                asked -= 1;
                let (j, k) = (j as usize, k as usize);
                self.backward[j] = self.backward[j].min(cost + self.own[k] + self.backward[k]);
            }
        }
        for k in 0..self.arcs.len() {
            if self.forward[k] + self.backward[k] <= best + weights.narrow {
                out.push(self.arcs[k]);
            }
        }
    }

    /// The arcs that may end where unit `i` of the stretch begins.
    fn before(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i.saturating_sub(2)] as usize..self.starts[i] as usize
    }
}

/// Whether two units are short enough to be one word that came apart, and neither is a number.
fn may_merge(a: &str, b: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    a.chars().count() + b.chars().count() <= 7 && !digits(a) && !digits(b)
}

/// Whether a unit is no likely word by itself.
fn is_odd(readings: &[Reading]) -> bool {
    readings.iter().all(|r| r.cost > 3.5)
}
