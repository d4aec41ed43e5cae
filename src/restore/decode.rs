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

use super::cache::Cache;
use super::candidates::{Finder, Memory, Reading};
use super::hints::Hints;
use super::lexicon;
use super::lm::{LanguageModel, ORDER, State, WordId};
use super::plain::Plain;
use super::token::Break;
use super::units::Unit;

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

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    // also where both are impossible
    if low - high > -16.0 { high + (low - high).exp().ln_1p() } else { high }
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

/// The first search: all readings of one stretch, under the bigram model.
#[derive(Default)]
struct Coarse {
    arcs: Vec<Arc>,
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
    fn fill(
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
    fn prune(
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

#[derive(Clone, Copy)]
struct Node {
    state: State,
    /// Score of the best path here.
    best: f32,
    /// Log of the sum over all paths here.
    forward: f32,
    /// Step of the best path.
    step: u32,
}

struct Step {
    from: u32,
    to: u32,
    arc: u32,
    score: f32,
}

/// The second search: the readings that are left of one stretch, under the full model.
#[derive(Default)]
struct Fine {
    nodes: Vec<Node>,
    steps: Vec<Step>,
    /// Nodes before the unit at hand, the next and the one after.
    ahead: [Vec<u32>; 3],
    backward: Vec<f32>,
}

impl Fine {
    fn run(
        &mut self,
        arcs: &[Arc],
        stretch: &Stretch,
        language: &LanguageModel,
        cache: Option<&Cache>,
        reluctance: f32,
        weights: &Weights,
    ) {
        self.nodes.clear();
        self.steps.clear();
        self.ahead.iter_mut().for_each(Vec::clear);
        let state = language.begin(stretch.begin);
        self.nodes.push(Node { state, best: 0.0, forward: 0.0, step: u32::MAX });
        self.ahead[0].push(0);
        let mut next = 0;
        for unit in stretch.units.clone() {
            let mut here = std::mem::take(&mut self.ahead[0]);
            self.keep(&mut here, weights);
            while next < arcs.len() && arcs[next].unit as usize == unit {
                let arc = &arcs[next];
                let cost = arc.cost + if arc.changes { reluctance } else { 0.0 };
                for from in &here {
                    let state = self.nodes[*from as usize].state;
                    let read = |state: &State, word: WordId| {
                        let (mut p, next) = language.score(state, word);
                        if let Some(cache) = cache {
                            p = cache.mix(state.last(), word, p, language.unigram(word).0);
                        }
                        (weights.language * p, next)
                    };
                    let (mut score, mut after) = read(&state, arc.first);
                    if let Some(second) = arc.second {
                        let (p, next) = read(&after, second);
                        (score, after) = (score + p, next);
                    }
                    self.arrive(*from, arc.units, next as u32, score - cost, after);
                }
                next += 1;
            }
            here.clear();
            self.ahead[0] = here;
            self.ahead.rotate_left(1);
        }
    }

    /// Sorts the nodes before a unit, best first, and leaves out those that are too bad.
    fn keep(&self, here: &mut Vec<u32>, weights: &Weights) {
        let best = |n: &u32| self.nodes[*n as usize].best;
        here.sort_by(|a, b| best(b).total_cmp(&best(a)).then(a.cmp(b)));
        here.truncate(weights.beam);
        if let Some(top) = here.first().map(best) {
            here.retain(|n| best(n) > top - weights.width);
        }
    }

    fn arrive(&mut self, from: u32, units: u8, arc: u32, score: f32, state: State) {
        let there = &mut self.ahead[usize::from(units)];
        let key = state.key();
        let to = match there.iter().find(|n| self.nodes[**n as usize].state.key() == key) {
            Some(n) => *n,
            None => {
                let n = self.nodes.len() as u32;
                there.push(n);
                self.nodes.push(Node {
                    state,
                    best: f32::NEG_INFINITY,
                    forward: f32::NEG_INFINITY,
                    step: u32::MAX,
                });
                n
            }
        };
        let (best, forward) = {
            let n = &self.nodes[from as usize];
            (n.best + score, n.forward + score)
        };
        let step = self.steps.len() as u32;
        let n = &mut self.nodes[to as usize];
        if best > n.best {
            (n.best, n.step) = (best, step);
        }
        n.forward = log_add(n.forward, forward);
        self.steps.push(Step { from, to, arc, score });
    }

    /// The best path, with posteriors from the backward pass.
    fn finish(
        &mut self,
        arcs: &mut [Arc],
        stretch: &Stretch,
        language: &LanguageModel,
        weights: &Weights,
        out: &mut Vec<Chosen>,
    ) {
        self.backward.clear();
        self.backward.resize(self.nodes.len(), f32::NEG_INFINITY);
        let mut whole = f32::NEG_INFINITY;
        let (mut end, mut best) = (0, f32::NEG_INFINITY);
        for n in &self.ahead[0] {
            let node = &self.nodes[*n as usize];
            let stops = stretch.stop.map_or(0.0, |b| weights.language * language.score(&node.state, b).0);
            self.backward[*n as usize] = stops;
            whole = log_add(whole, node.forward + stops);
            if node.best + stops > best {
                (end, best) = (*n, node.best + stops);
            }
        }
        arcs.iter_mut().for_each(|a| a.share = 0.0);
        // Steps were made in the order of their first unit: those onwards from a node come after those that lead to it.
        for step in self.steps.iter().rev() {
            let through = self.backward[step.to as usize] + step.score;
            let b = &mut self.backward[step.from as usize];
            *b = log_add(*b, through);
            let log = self.nodes[step.from as usize].forward + through - whole;
            if log > -14.0 {
                arcs[step.arc as usize].share += log.exp();
            }
        }
        let first = out.len();
        let mut node = end;
        while let Some(step) = self.steps.get(self.nodes[node as usize].step as usize) {
            let chosen = &mut arcs[step.arc as usize];
            chosen.share = chosen.share.clamp(UNLIKELY, 1.0);
            let arc = &arcs[step.arc as usize];
            let of_unit = arcs.partition_point(|a| a.unit < arc.unit);
            let runner_up = arcs[of_unit..]
                .iter()
                .take_while(|a| a.unit == arc.unit)
                .filter(|a| a.units == arc.units && a.reading != arc.reading)
                .map(|a| (a.reading, a.share))
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            out.push(Chosen {
                unit: arc.unit,
                units: arc.units,
                reading: arc.reading,
                posterior: arc.share,
                runner_up,
            });
            node = step.from;
        }
        out[first..].reverse();
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
