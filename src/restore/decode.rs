//! The decoder: the best reading of a page's units together, and how sure it is of each.
//!
//! **Model.** A path through the lattice of candidates costs
//! `Σ channel + λ · (-ln P(word | history)) + κ · (-ln P(case | word before, its case, word))`.
//! Units are the steps of the lattice; a candidate may emit two words (ran together) or span two units (came apart).
//!
//! **Search.** Beam search over states (language-model history, case before). States with the same future are merged. All arcs between kept
//! states are remembered, so a backward pass gives each arc's share of the probability of all kept paths (forward-backward): the posterior
//! of each reading. The cost is linear in the units, with beam × candidates language-model look-ups each.

use rustc_hash::FxHashMap;

use super::cache::Cache;
use super::candidates::{Candidate, Finder};
use super::case::{Before, CaseModel};
use super::lexicon;
use super::lm::{LanguageModel, State, WordId};
use super::token::Break;
use super::units::Unit;

/// Weights and widths of the search.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    /// λ: how much the language model counts against the channel.
    pub language: f32,
    /// κ: how much the case model counts.
    pub case: f32,
    /// States kept after each unit.
    pub beam: usize,
    /// States that much worse than the best, in nats, are not kept.
    pub width: f32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights { language: 1.0, case: 0.8, beam: 14, width: 12.0 }
    }
}

/// The reading that was chosen for one or two units.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// First unit.
    pub unit: usize,
    /// Units it stands for: 1 or 2.
    pub units: usize,
    /// The reading.
    pub text: String,
    /// Its share of the probability (0 to 1), not calibrated.
    pub posterior: f32,
    /// The next best reading and its share.
    pub runner_up: Option<(String, f32)>,
}

#[derive(Clone, Copy)]
struct Node {
    state: State,
    before: Before,
    previous: WordId,
    /// Best score of a path here.
    best: f32,
    /// Log of the sum over all paths here.
    forward: f32,
    /// Arc of the best path.
    arc: u32,
}

struct Arc {
    from: u32,
    to: u32,
    unit: u32,
    units: u8,
    candidate: u32,
    score: f32,
}

/// Units that are decoded together at most. Text without a break for that long is decoded in pieces, each going on from the best end of the one before,
/// so that memory stays bounded.
const LONGEST: usize = 400;

/// The models that the decoder asks.
#[derive(Clone, Copy)]
pub struct Models<'a> {
    /// Language model.
    pub language: &'a LanguageModel,
    /// Case model.
    pub case: &'a CaseModel,
    /// The document's own words, in a second pass.
    pub cache: Option<&'a Cache>,
}

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Decodes `units` of `raw`.
#[must_use]
pub fn decode(
    raw: &str,
    units: &[Unit],
    finder: &mut Finder,
    models: Models,
    weights: &Weights,
) -> Vec<Choice> {
    let mut out = Vec::with_capacity(units.len());
    let mut from = 0;
    let mut start: Option<Node> = None;
    // A break forgets everything before it, so what lies between two breaks is decoded on its own.
    for i in 1..=units.len() {
        let ends = i == units.len() || units[i].breaks.is_some();
        if ends || i - from == LONGEST {
            let stop = ends.then(|| units.get(i).and_then(|u| u.breaks).unwrap_or(Break::Sentence));
            let trellis = Trellis::new(raw, &units[from..i], models, *weights);
            let last = trellis.run(finder, start, from, stop, &mut out);
            start = last.filter(|_| !ends);
            from = i;
        }
    }
    out
}

struct Trellis<'a> {
    raw: &'a str,
    units: &'a [Unit],
    models: Models<'a>,
    weights: Weights,
    nodes: Vec<Node>,
    arcs: Vec<Arc>,
    candidates: Vec<Candidate>,
    /// Nodes by position: position `i` lies before unit `i`.
    at: Vec<FxHashMap<(u64, Before), u32>>,
}

impl<'a> Trellis<'a> {
    fn new(raw: &'a str, units: &'a [Unit], models: Models<'a>, weights: Weights) -> Trellis<'a> {
        let at = vec![FxHashMap::default(); units.len() + 1];
        Trellis {
            raw,
            units,
            models,
            weights,
            nodes: Vec::new(),
            arcs: Vec::new(),
            candidates: Vec::new(),
            at,
        }
    }

    /// Decodes from `start`, or from the break before the first unit, to `stop`, and returns where the best path ends.
    fn run(
        mut self,
        finder: &mut Finder,
        start: Option<Node>,
        offset: usize,
        stop: Option<Break>,
        out: &mut Vec<Choice>,
    ) -> Option<Node> {
        let (word, before) = match self.units.first()?.breaks {
            Some(Break::Clause) => (lexicon::CLAUSE, Before::Clause),
            _ => (lexicon::SENTENCE, Before::Sentence),
        };
        let fresh = || {
            let state = self.models.language.begin(word);
            Node { state, before, previous: word, best: 0.0, forward: 0.0, arc: u32::MAX }
        };
        let first = start.unwrap_or_else(fresh);
        self.at[0].insert((first.state.key(), first.before), 0);
        self.nodes.push(Node { best: 0.0, forward: 0.0, arc: u32::MAX, ..first });
        for i in 0..self.units.len() {
            let kept = self.kept(i);
            let observed = &self.raw[self.units[i].span.clone()];
            let found = finder.candidates(observed);
            self.extend(&kept, i, 1, &found);
            if let Some(next) = self.units.get(i + 1).filter(|n| n.follows) {
                let second = &self.raw[next.span.clone()];
                if may_merge(observed, second, &found, &finder.candidates(second)) {
                    let merged = finder.merged(&format!("{observed}{second}"));
                    self.extend(&kept, i, 2, &merged);
                }
            }
        }
        self.finish(offset, stop, out)
    }

    /// The best states before unit `i`.
    fn kept(&self, i: usize) -> Vec<u32> {
        let mut kept: Vec<u32> = self.at[i].values().copied().collect();
        kept.sort_by(|a, b| {
            self.nodes[*b as usize].best.total_cmp(&self.nodes[*a as usize].best).then(a.cmp(b))
        });
        kept.truncate(self.weights.beam);
        if let Some(best) = kept.first().map(|n| self.nodes[*n as usize].best) {
            kept.retain(|n| self.nodes[*n as usize].best > best - self.weights.width);
        }
        kept
    }

    fn extend(&mut self, kept: &[u32], unit: usize, units: usize, found: &[Candidate]) {
        let base = self.candidates.len() as u32;
        self.candidates.extend_from_slice(found);
        for from in kept {
            let node = self.nodes[*from as usize];
            for (k, candidate) in found.iter().enumerate() {
                let mut score = -candidate.cost;
                let (mut state, mut before, mut previous) = (node.state, node.before, node.previous);
                for e in &candidate.words {
                    let (mut p, next) = self.models.language.score(&state, e.word);
                    if let Some(cache) = self.models.cache {
                        p = cache.mix(previous, e.word, p, self.models.language.unigram(e.word).0);
                    }
                    score += self.weights.language * p;
                    match e.case {
                        Some(case) => {
                            let p = self.models.case.score(previous, before, e.word)[case as usize];
                            score += self.weights.case * p;
                            before = case.into();
                        }
                        None => before = Before::Class,
                    }
                    (state, previous) = (next, e.word);
                }
                self.arrive(
                    *from,
                    unit,
                    units,
                    base + k as u32,
                    score,
                    Node {
                        state,
                        before,
                        previous,
                        best: f32::NEG_INFINITY,
                        forward: f32::NEG_INFINITY,
                        arc: u32::MAX,
                    },
                );
            }
        }
    }

    fn arrive(&mut self, from: u32, unit: usize, units: usize, candidate: u32, score: f32, node: Node) {
        let fresh = self.nodes.len() as u32;
        let to = *self.at[unit + units].entry((node.state.key(), node.before)).or_insert(fresh);
        if to == fresh {
            self.nodes.push(node);
        }
        let (best, forward) = {
            let n = &self.nodes[from as usize];
            (n.best + score, n.forward + score)
        };
        let arc = self.arcs.len() as u32;
        let n = &mut self.nodes[to as usize];
        if best > n.best {
            n.best = best;
            n.arc = arc;
        }
        n.forward = log_add(n.forward, forward);
        self.arcs.push(Arc { from, to, unit: unit as u32, units: units as u8, candidate, score });
    }

    /// The best path, with posteriors from the backward pass.
    fn finish(self, offset: usize, stop: Option<Break>, out: &mut Vec<Choice>) -> Option<Node> {
        let last = self.units.len();
        let mut backward = vec![f32::NEG_INFINITY; self.nodes.len()];
        let mut whole = f32::NEG_INFINITY;
        let mut end: Option<u32> = None;
        let mut ends: Vec<u32> = self.at[last].values().copied().collect();
        ends.sort_unstable();
        let mut best = f32::NEG_INFINITY;
        for n in ends {
            let node = &self.nodes[n as usize];
            let stops = stop.map_or(0.0, |b| {
                self.weights.language * self.models.language.score(&node.state, lexicon::break_id(b)).0
            });
            backward[n as usize] = stops;
            whole = log_add(whole, node.forward + stops);
            if end.is_none() || node.best + stops > best {
                end = Some(n);
                best = node.best + stops;
            }
        }
        // Arcs were made in order of their first unit, and a node's arcs onwards come after all its arcs inwards.
        for arc in self.arcs.iter().rev() {
            let through = backward[arc.to as usize] + arc.score;
            let b = &mut backward[arc.from as usize];
            *b = log_add(*b, through);
        }
        let mut shares: Vec<FxHashMap<(u8, &str), f32>> = vec![FxHashMap::default(); last];
        for arc in &self.arcs {
            let log = self.nodes[arc.from as usize].forward + arc.score + backward[arc.to as usize] - whole;
            if log > -12.0 {
                let text = self.candidates[arc.candidate as usize].text.as_str();
                *shares[arc.unit as usize].entry((arc.units, text)).or_default() += log.exp();
            }
        }
        let mut path = Vec::new();
        let mut node = end.unwrap_or(0);
        while let Some(arc) = self.arcs.get(self.nodes[node as usize].arc as usize) {
            path.push(arc);
            node = arc.from;
        }
        for arc in path.into_iter().rev() {
            let text = &self.candidates[arc.candidate as usize].text;
            let here = &shares[arc.unit as usize];
            let posterior = here.get(&(arc.units, text.as_str())).copied().unwrap_or(0.0).min(1.0);
            let runner_up = here
                .iter()
                .filter(|((n, t), _)| *n == arc.units && *t != text)
                .max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0)))
                .map(|((_, t), p)| ((*t).to_owned(), *p));
            out.push(Choice {
                unit: offset + arc.unit as usize,
                units: usize::from(arc.units),
                text: text.clone(),
                posterior,
                runner_up,
            });
        }
        end.map(|n| self.nodes[n as usize])
    }
}

/// Whether two units may be one word that came apart: short, letters on both sides, and one of them is no likely word by itself.
fn may_merge(a: &str, b: &str, first: &[Candidate], second: &[Candidate]) -> bool {
    let short = a.chars().count() + b.chars().count() <= 7;
    let odd = |c: &[Candidate]| c.iter().map(|c| c.cost).fold(f32::INFINITY, f32::min) > 3.5;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    short && !digits(a) && !digits(b) && (odd(first) || odd(second))
}
