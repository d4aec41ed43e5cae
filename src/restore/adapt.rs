//! The channel of one document: a worn type, a bad copy or another engine makes its own confusions, again and again.
//!
//! After a first pass the words that it was sure of are cut into segments the way the channel explains them best, and the segments are counted. The
//! channel then becomes `P′(o | t) = (n(t, o) + K · P(o | t)) / (n(t) + K)`, maximum a posteriori with the learned channel as its prior. What a
//! word's own form has taught is left out where that form is weighed, so that no form confirms itself.

use rustc_hash::FxHashMap;

use super::channel::{Channel, MAX_SEGMENT, NEVER, STEP};
use super::trie::{Alphabet, MAX_WORD};

/// K: what the learned channel counts, in occurrences of a letter.
const PRIOR: f32 = 20.0;
/// What is counted of any segment at most as certain, so that no cost falls below that of the usual.
const LEAST: f32 = 1e-6;

/// A true segment and what it was seen as. A true segment of one letter has 0 as its second.
type Move = (u8, u8, [char; MAX_SEGMENT]);

/// The segments of the sure words of a document.
#[derive(Debug, Default)]
pub struct Seen {
    moves: FxHashMap<Move, f32>,
    letters: FxHashMap<u8, f32>,
    /// What each form has taught, so that it can be left out.
    own: FxHashMap<Box<str>, Vec<(Move, f32)>>,
}

impl Seen {
    /// Counts `observed`, seen `times` times for the word `truth`.
    pub fn add(&mut self, channel: &Channel, alphabet: &Alphabet, observed: &str, truth: &str, times: f32) {
        let Some(grid) = Grid::new(channel, alphabet, observed, truth) else { return };
        let costs = grid.fill(|_, _, cost| cost);
        let own = self.own.entry(observed.into()).or_default();
        for step in grid.path(&costs) {
            *self.moves.entry(step).or_default() += times;
            *self.letters.entry(step.0).or_default() += times;
            own.push((step, times));
        }
    }

    /// How much more `observed` costs for the word `truth` in this document than elsewhere, in nats.
    #[must_use]
    pub fn difference(&self, channel: &Channel, alphabet: &Alphabet, observed: &str, truth: &str) -> f32 {
        let Some(grid) = Grid::new(channel, alphabet, observed, truth) else { return 0.0 };
        let own = self.own.get(observed).map(Vec::as_slice).unwrap_or_default();
        let without = |total: Option<&f32>, is_own: &dyn Fn(&Move) -> bool| {
            let mine: f32 = own.iter().filter(|(m, _)| is_own(m)).map(|(_, n)| n).sum();
            (total.copied().unwrap_or(0.0) - mine).max(0.0)
        };
        let elsewhere = grid.fill(|_, _, cost| cost);
        let here = grid.fill(|_, step, cost| {
            let n = without(self.moves.get(&step), &|m| *m == step);
            let of = without(self.letters.get(&step.0), &|m| m.0 == step.0);
            let p = (n + PRIOR * (-cost).exp()) / (of + PRIOR);
            -p.max(LEAST).ln()
        });
        match (here.last(), elsewhere.last()) {
            (Some((a, _)), Some((b, _))) if a.is_finite() && b.is_finite() => a - b,
            _ => 0.0,
        }
    }
}

/// All ways to cut a word and what was seen of it into segments.
struct Grid<'a> {
    channel: &'a Channel,
    truth: Vec<u8>,
    seen: Vec<char>,
}

/// The least cost to come to each place, and the move that leads there.
type Costs = Vec<(f32, Option<(usize, Move)>)>;

impl<'a> Grid<'a> {
    fn new(channel: &'a Channel, alphabet: &Alphabet, observed: &str, truth: &str) -> Option<Grid<'a>> {
        let truth: Vec<u8> = truth.chars().map(|c| alphabet.code(c)).collect::<Option<_>>()?;
        let seen: Vec<char> = observed.chars().take(MAX_WORD + 1).collect();
        (seen.len() <= MAX_WORD && truth.len() <= MAX_WORD).then_some(Grid { channel, truth, seen })
    }

    fn fill(&self, cost: impl Fn(usize, Move, f32) -> f32) -> Costs {
        let (n, m) = (self.truth.len(), self.seen.len());
        let mut costs: Costs = vec![(f32::INFINITY, None); (n + 1) * (m + 1)];
        costs[0].0 = 0.0;
        for j in 0..=m {
            // Rows are looked up once for each place and length of what was seen.
            for i in 0..n {
                let (paid, _) = costs[i * (m + 1) + j];
                if paid == f32::INFINITY {
                    continue;
                }
                for len in 0..=MAX_SEGMENT.min(m - j) {
                    let Some(row) = self.channel.row(&self.seen[j..j + len]) else { continue };
                    let mut segment = ['\0'; MAX_SEGMENT];
                    segment[..len].copy_from_slice(&self.seen[j..j + len]);
                    let single = row.single[usize::from(self.truth[i])];
                    let pair = self.truth.get(i + 1).and_then(|b| {
                        row.pairs.iter().find(|p| p.0 == self.truth[i] && p.1 == *b).map(|p| (*b, p.2))
                    });
                    let one = (single != NEVER).then_some((1, 0, single));
                    let two = pair.map(|(b, c)| (2, b, c));
                    for (letters, second, steps) in [one, two].into_iter().flatten() {
                        let step = (self.truth[i], second, segment);
                        let whole = paid + cost(j, step, f32::from(steps) * STEP);
                        let to = &mut costs[(i + letters) * (m + 1) + j + len];
                        if whole < to.0 {
                            *to = (whole, Some((i * (m + 1) + j, step)));
                        }
                    }
                }
            }
        }
        costs
    }

    /// The moves of the cheapest way.
    fn path(&self, costs: &Costs) -> Vec<Move> {
        let mut out = Vec::new();
        let mut at = costs.len() - 1;
        while let Some((before, step)) = costs[at].1 {
            out.push(step);
            at = before;
        }
        if at == 0 { out } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::lexicon::{Entry, Lexicon};
    use crate::restore::trie::Words;

    #[test]
    fn what_repeats_becomes_likelier_but_no_form_confirms_itself() {
        let entry = |w: &str| Entry { word: w.into(), counts: [9, 1, 1, 0], mixed: None };
        let lexicon = Lexicon::new(["lộ", "độ", "hộ"].map(entry).to_vec());
        let words = Words::new(&lexicon, |_| 0, |_| false);
        let table = "l\t1\t5\nl\tl\t0.1\nđ\td\t0.1\nh\th\t0.1\nộ\t0\t6\nộ\to\t0.5\n";
        let channel = Channel::parse("test", table, &words.alphabet).unwrap();
        let mut seen = Seen::default();
        let difference = |seen: &Seen, o: &str| seen.difference(&channel, &words.alphabet, o, "lộ");
        assert!(difference(&seen, "10").abs() < 1e-3);
        seen.add(&channel, &words.alphabet, "10", "lộ", 5.0);
        assert!(difference(&seen, "10").abs() < 1e-3, "its own word");
        seen.add(&channel, &words.alphabet, "d0", "độ", 5.0);
        seen.add(&channel, &words.alphabet, "h0", "hộ", 5.0);
        assert!(difference(&seen, "10") < -2.0);
    }
}
