//! The second search: a beam over the histories of the full model, with the share of each reading by forward-backward.

use super::{Arc, Chosen, Stretch, UNLIKELY, Weights};
use crate::restore::cache::Cache;
use crate::restore::lm::{LanguageModel, State, WordId};

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    // also where both are impossible
    if low - high > -16.0 { high + (low - high).exp().ln_1p() } else { high }
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
pub(super) struct Fine {
    nodes: Vec<Node>,
    steps: Vec<Step>,
    /// Nodes before the unit at hand, the next and the one after.
    ahead: [Vec<u32>; 3],
    backward: Vec<f32>,
}

impl Fine {
    pub(super) fn run(
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
    pub(super) fn finish(
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
