//! Which words an observed word may stand for, by the channel.
//!
//! A walk over the trie. At each node a *column* holds, for every number of observed characters, the least cost of having seen just those as the
//! node's prefix (the rows of a weighted edit distance, shared by all words with that prefix; Oflazer 1996). A prefix is left when no entry of its
//! column, with the least that the remaining characters must cost and the least price of a word below, is within the bound. The three regular cases of a word have a column each and are
//! walked together. The bound is found by trying: from little more than the least possible cost upwards until a word is within it, then once more with
//! the margin on top. The cost is linear in the nodes within the bound.

use super::channel::{Channel, MAX_SEGMENT, NEVER, Row, STEP};
use super::lexicon::UNKNOWN;
use super::lm::WordId;
use super::trie::{CAPITAL, MAX_WORD, Node, Trie, Words};

/// A word that the channel can explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The word.
    pub word: WordId,
    /// `-ln P(observed | word in that case)` by [`super::token::Case`], in nats; infinite where out of bounds.
    pub costs: [f32; 4],
    /// The least of the costs and the word's price.
    pub priced: f32,
}

impl Found {
    /// The cost in the case that explains the observed word best.
    #[must_use]
    pub fn least(&self) -> f32 {
        self.costs.iter().fold(f32::INFINITY, |a, c| a.min(*c))
    }
}

/// How far above the least possible cost the search begins, in nats.
const FIRST_SURPLUS: f32 = 3.5;
/// Most nodes that one walk may visit: a stop for words that look like everything.
const MAX_VISITS: u32 = 20_000;

const NONE: u16 = u16::MAX;

/// Least costs by number of observed characters, which of them are finite, and the least that any of them comes to with all that is left.
#[derive(Clone, Copy)]
struct Column {
    cost: [u16; MAX_WORD + 1],
    from: u8,
    to: u8,
    reach: u16,
}

impl Column {
    const DEAD: Column = Column { cost: [NONE; MAX_WORD + 1], from: 1, to: 0, reach: NONE };

    fn is_dead(&self) -> bool {
        self.from > self.to
    }
}

/// Columns of the three regular cases.
type Columns = [Column; 3];

/// A pair of letters seen as one segment.
struct PairMove {
    first: u8,
    second: u8,
    at: u8,
    len: u8,
    cost: u8,
}

/// The words that `observed` may stand for: all within `margin` nats of the cheapest, prices included, none above `most` nats, in the order of the trie.
#[must_use]
pub fn search(channel: &Channel, words: &Words, observed: &[char], margin: f32, most: f32) -> Vec<Found> {
    if observed.is_empty() || observed.len() > MAX_WORD {
        return Vec::new();
    }
    let steps = |nats: f32| (nats / STEP) as u16;
    let mut walk = Walk::new(channel, observed);
    let (margin, most) = (steps(margin), steps(most));
    let cheapest = words.regular.root().map_or(0, |r| u16::from(r.least));
    let mut bound = walk.rest[0] + cheapest + steps(FIRST_SURPLUS);
    let mut surplus = steps(FIRST_SURPLUS);
    loop {
        let found = walk.run(words, bound.min(most), margin);
        if let Some(best) = found.iter().map(|f| f.priced).min() {
            let wanted = best.saturating_add(margin).min(most);
            let found = if wanted > bound { walk.run(words, wanted, margin) } else { found };
            return finish(found, wanted);
        }
        if bound >= most {
            return Vec::new();
        }
        surplus *= 2;
        bound = bound.saturating_add(surplus);
    }
}

/// A word in steps of the channel.
struct Steps {
    word: WordId,
    priced: u16,
    price: u16,
    costs: [u16; 4],
}

fn finish(found: Vec<Steps>, bound: u16) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for f in found.into_iter().filter(|f| f.priced <= bound) {
        let nats = |c: u16| match c.saturating_add(f.price) <= bound {
            true => f32::from(c) * STEP,
            false => f32::INFINITY,
        };
        let (costs, priced) = (f.costs.map(nats), f32::from(f.priced) * STEP);
        match out.iter_mut().find(|o| o.word == f.word) {
            Some(o) => {
                o.costs.iter_mut().zip(costs).for_each(|(a, b)| *a = a.min(b));
                o.priced = o.priced.min(priced);
            }
            None => out.push(Found { word: f.word, costs, priced }),
        }
    }
    out
}

struct Walk {
    n: usize,
    /// What each letter costs by position and length of the segment that it is seen as; [`NEVER`] where it is not.
    costs: Box<[[[u8; MAX_SEGMENT + 1]; MAX_WORD + 1]; 256]>,
    /// The least that each letter costs above what its segment must cost anyway.
    surplus: [i16; 256],
    /// The least that the characters from here on must cost.
    rest: [u16; MAX_WORD + 1],
    pairs: Vec<PairMove>,
    /// Where the pairs of a first letter begin among `pairs`.
    starts: [u16; 257],
    bound: u16,
    margin: u16,
    visits: u32,
    found: Vec<Steps>,
}

impl Walk {
    fn new(channel: &Channel, observed: &[char]) -> Walk {
        let n = observed.len();
        let mut rows: [[Option<&Row>; MAX_SEGMENT + 1]; MAX_WORD + 1] =
            [[None; MAX_SEGMENT + 1]; MAX_WORD + 1];
        let mut pairs = Vec::new();
        for (i, here) in rows.iter_mut().enumerate().take(n + 1) {
            for (len, row) in here.iter_mut().enumerate().take((n - i).min(MAX_SEGMENT) + 1) {
                *row = channel.row(&observed[i..i + len]);
                for (first, second, cost) in row.iter().flat_map(|r| &r.pairs) {
                    let (at, len) = (i as u8, len as u8);
                    pairs.push(PairMove { first: *first, second: *second, at, len, cost: *cost });
                }
            }
        }
        pairs.sort_by_key(|p| p.first);
        let mut starts = [pairs.len() as u16; 257];
        for (i, p) in pairs.iter().enumerate().rev() {
            starts[usize::from(p.first)] = i as u16;
        }
        for k in (0..256).rev() {
            starts[k] = starts[k].min(starts[k + 1]);
        }
        let mut rest = [0u16; MAX_WORD + 1];
        for i in (0..n).rev() {
            let least = |len: usize| rows[i][len].map(|r| u16::from(r.least).saturating_add(rest[i + len]));
            rest[i] = (1..=MAX_SEGMENT.min(n - i)).filter_map(least).min().unwrap_or(1000);
        }
        let mut costs = Box::new([[[NEVER; MAX_SEGMENT + 1]; MAX_WORD + 1]; 256]);
        let mut surplus = [i16::MAX; 256];
        for (i, here) in rows.iter().enumerate().take(n + 1) {
            for (len, row) in here.iter().enumerate() {
                let Some(row) = row else { continue };
                let anyway = (rest[i] - rest[i + len].min(rest[i])) as i16;
                for letter in 0..256 {
                    let cost = row.single[letter];
                    costs[letter][i][len] = cost;
                    if cost != NEVER {
                        surplus[letter] = surplus[letter].min(i16::from(cost) - anyway);
                    }
                }
            }
        }
        Walk { n, costs, surplus, rest, pairs, starts, bound: 0, margin: 0, visits: 0, found: Vec::new() }
    }

    fn run(&mut self, words: &Words, bound: u16, margin: u16) -> Vec<Steps> {
        (self.bound, self.margin, self.visits) = (bound, margin, 0);
        let mut start = Column::DEAD;
        (start.cost[0], start.from, start.reach) = (0, 0, self.rest[0]);
        if let Some(root) = words.regular.root() {
            let columns = [start, start, start];
            self.walk(&words.regular, root, 0, &columns, &[Column::DEAD; 3], [0; 3]);
        }
        if let Some(root) = words.mixed.root() {
            self.walk_mixed(&words.mixed, root, &start, &Column::DEAD, 0);
        }
        std::mem::take(&mut self.found)
    }

    /// One more letter: every observed segment that it may have been seen as.
    fn step(&self, before: &Column, letter: u8, far: &Column, last: u8, price: u16) -> Column {
        let bound = self.bound.saturating_sub(price);
        let pairs = if far.is_dead() { &[] } else { self.pairs_of(last) };
        let hopeless = before.is_dead()
            || i32::from(before.reach) + i32::from(self.surplus[usize::from(letter)]) > i32::from(bound);
        if hopeless && !pairs.iter().any(|p| p.second == letter) {
            return Column::DEAD;
        }
        let mut next = Column::DEAD;
        if !hopeless {
            let costs = &self.costs[usize::from(letter)];
            let (from, to) = (usize::from(before.from), usize::from(before.to));
            for (i, (paid, costs)) in before.cost.iter().zip(costs).enumerate().take(to + 1).skip(from) {
                if *paid == NONE {
                    continue;
                }
                for (len, cost) in costs.iter().enumerate() {
                    if *cost != NEVER {
                        let to = &mut next.cost[i + len];
                        *to = (*to).min(paid + u16::from(*cost));
                    }
                }
            }
        }
        for p in pairs.iter().filter(|p| p.second == letter) {
            let paid = far.cost[usize::from(p.at)];
            if paid != NONE {
                let to = &mut next.cost[usize::from(p.at + p.len)];
                *to = (*to).min(paid + u16::from(p.cost));
            }
        }
        (next.from, next.to) = (u8::MAX, 0);
        for j in 0..=self.n {
            let reach = next.cost[j].saturating_add(self.rest[j]);
            if reach > bound {
                next.cost[j] = NONE;
            } else {
                next.reach = next.reach.min(reach);
                next.from = next.from.min(j as u8);
                next.to = j as u8;
            }
        }
        if next.from == u8::MAX { Column::DEAD } else { next }
    }

    fn pairs_of(&self, first: u8) -> &[PairMove] {
        let first = usize::from(first);
        &self.pairs[usize::from(self.starts[first])..usize::from(self.starts[first + 1])]
    }

    /// Whether a pair that begins with `letter` after `before` may stay within the bound.
    fn promises(&self, letter: u8, before: &Column) -> bool {
        !before.is_dead()
            && self.pairs_of(letter).iter().any(|p| {
                let after = self.rest[usize::from(p.at + p.len)] + u16::from(p.cost);
                before.cost[usize::from(p.at)].saturating_add(after) <= self.bound
            })
    }

    fn walk(&mut self, trie: &Trie, node: &Node, depth: usize, at: &Columns, far: &Columns, last: [u8; 3]) {
        for child in trie.children(node) {
            self.visits += 1;
            if self.visits > MAX_VISITS {
                return;
            }
            let small = child.letter;
            let capital = small + CAPITAL;
            let letters = [small, if depth == 0 { capital } else { small }, capital];
            let mut next = [Column::DEAD; 3];
            for k in 0..3 {
                if !at[k].is_dead() || !far[k].is_dead() {
                    next[k] = self.step(&at[k], letters[k], &far[k], last[k], child.least.into());
                }
            }
            let dead = next.iter().all(Column::is_dead);
            if dead && !(0..3).any(|k| self.promises(letters[k], &at[k])) {
                continue;
            }
            if child.word != UNKNOWN {
                self.end(child, depth + 1, &next);
            }
            self.walk(trie, child, depth + 1, &next, at, letters);
        }
    }

    fn end(&mut self, node: &Node, length: usize, columns: &Columns) {
        let mut costs = [NONE; 4];
        for (k, column) in columns.iter().enumerate() {
            costs[k] = column.cost[self.n];
        }
        if node.acronym {
            (costs[0], costs[1]) = (NONE, NONE);
        } else if length == 1 {
            // one capital letter is Title case
            (costs[1], costs[2]) = (costs[1].min(costs[2]), NONE);
        }
        self.take(node, costs);
    }

    fn take(&mut self, node: &Node, costs: [u16; 4]) {
        let price = u16::from(node.own);
        let priced = costs.into_iter().min().unwrap_or(NONE).saturating_add(price);
        if priced <= self.bound {
            self.bound = self.bound.min(priced.saturating_add(self.margin));
            self.found.push(Steps { word: node.word, priced, price, costs });
        }
    }

    fn walk_mixed(&mut self, trie: &Trie, node: &Node, at: &Column, far: &Column, last: u8) {
        for child in trie.children(node) {
            let next = self.step(at, child.letter, far, last, child.least.into());
            if next.is_dead() && !self.promises(child.letter, at) {
                continue;
            }
            if child.word != UNKNOWN {
                self.take(child, [NONE, NONE, NONE, next.cost[self.n]]);
            }
            self.walk_mixed(trie, child, &next, at, child.letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::lexicon::{Entry, Lexicon};
    use crate::restore::token::Case;

    fn lexicon(list: &[&str]) -> Lexicon {
        Lexicon::new(
            list.iter().map(|w| Entry { word: (*w).into(), counts: [9, 1, 1, 0], mixed: None }).collect(),
        )
    }

    #[test]
    fn finds_words_behind_learned_confusions() {
        let lexicon = lexicon(&["của", "cua", "cũ", "cứ"]);
        let words = Words::new(&lexicon, |_| 0);
        let table =
            "c\tc\t0.1\nu\tu\t0.2\na\ta\t0.1\nủ\tti\t1\nủ\tu\t1.5\nứ\tir\t1\nC\tC\t0.1\nU\tu\t9\nua\td\t2\n";
        let channel = Channel::parse("test", table, &words.alphabet).unwrap();
        let found = |seen: &str| {
            let chars: Vec<char> = seen.chars().collect();
            let mut found: Vec<(String, f32, Case)> = search(&channel, &words, &chars, 6.0, 20.0)
                .iter()
                .flat_map(|f| {
                    [Case::Lower, Case::Title, Case::Upper]
                        .map(|case| (Words::written(&lexicon, f.word, case), f.costs[case as usize], case))
                })
                .filter(|(_, cost, _)| cost.is_finite())
                .collect();
            found.sort_by(|a, b| a.1.total_cmp(&b.1));
            found
        };
        assert_eq!(found("ctia")[0].0, "của");
        assert_eq!(found("cir")[0].0, "cứ");
        assert_eq!(found("Cir")[0].0, "Cứ");
        assert_eq!(found("cd")[0].0, "cua", "two letters as one");
        let cua = found("cua");
        assert_eq!(cua[0].0, "cua");
        assert!(cua.iter().any(|(w, c, _)| w == "của" && (c - 1.7).abs() < 0.1));
        assert!(found("").is_empty());
        assert!(found(&"x".repeat(100)).is_empty());
    }
}
