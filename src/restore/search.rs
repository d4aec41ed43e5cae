//! Which words an observed word may stand for, by the channel.
//!
//! A walk over the trie. At each node a *column* holds, for every number of observed characters, the least cost of having seen just those as the
//! node's prefix (the rows of a weighted edit distance, shared by all words with that prefix; Oflazer 1996). A prefix is left when no entry of its
//! column, with the least that the remaining characters must cost and the least price of a word below, is within the bound.
//!
//! The walk does not look at cases: a letter costs what the cheaper of its two forms costs, so a word never costs more in the walk than in any case.
//! The best words are then priced in each case by themselves. Which letters may follow is asked of all children at once: for each place in
//! the observed word and each slack a set of letters stands ready (`Walk::within`). The bound is found by trying: from little more than the least possible
//! cost upwards until a word is within it, then once more with the margin on top. The cost is linear in the nodes within the bound.

use super::channel::{Channel, MAX_SEGMENT, NEVER, Row, STEP};
use super::lexicon::UNKNOWN;
use super::lm::WordId;
use super::trie::{CAPITAL, MAX_WORD, Node, Words};

/// A word that the channel can explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The word.
    pub word: WordId,
    /// `-ln P(observed | word in that case)` by [`super::token::Case`], in nats; infinite where that cannot be.
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

/// Words are given up to this number.
pub const MOST: usize = 24;
/// So many of the best are priced in each case.
const PRICED: usize = MOST + 8;
/// How far above the least possible cost the search begins, in nats.
const FIRST_SURPLUS: f32 = 3.5;
/// And how much more it takes each time that nothing was found.
const SURPLUS_MORE: f32 = 1.8;
/// Most nodes that one walk may visit: a stop for words that look like everything.
const MAX_VISITS: u32 = 20_000;

const NONE: u16 = u16::MAX;

/// Least costs by number of observed characters, which of them are finite, and the least that any of them comes to with all that is left.
#[derive(Clone, Copy)]
struct Column {
    cost: [u16; MAX_WORD + 1],
    from: u8,
    to: u8,
}

impl Column {
    const DEAD: Column = Column { cost: [NONE; MAX_WORD + 1], from: 1, to: 0 };
    /// Nothing written, nothing seen.
    const START: Column = {
        let mut start = Column::DEAD;
        (start.cost[0], start.from) = (0, 0);
        start
    };

    fn is_dead(&self) -> bool {
        self.from > self.to
    }

    /// The finite entries.
    #[inline]
    fn live(&self) -> impl Iterator<Item = (usize, u16)> + '_ {
        let range = usize::from(self.from)..usize::from(self.to) + 1;
        range.map(|i| (i, self.cost[i])).filter(|(_, c)| *c != NONE)
    }

    #[inline]
    fn reach(&mut self, at: usize, cost: u16) {
        self.cost[at] = self.cost[at].min(cost);
    }
}

/// A pair of letters seen as one segment.
struct PairMove {
    first: u8,
    second: u8,
    at: u8,
    len: u8,
    cost: u8,
}

/// A letter whatever its case.
fn small(letter: u8) -> u8 {
    letter % CAPITAL
}

fn bit(letter: u8) -> u128 {
    1 << small(letter)
}

/// The words that `observed` may stand for: the [`MOST`] best within `margin` nats of the cheapest, prices included, none above `most` nats, best
/// first.
#[must_use]
pub fn search(channel: &Channel, words: &Words, observed: &[char], margin: f32, most: f32) -> Vec<Found> {
    if observed.is_empty() || observed.len() > MAX_WORD {
        return Vec::new();
    }
    let steps = |nats: f32| (nats / STEP) as u16;
    let mut walk = Walk::new(channel, words, observed);
    let (margin, most) = (steps(margin), steps(most));
    let cheapest = words.trie.root().map_or(0, |r| u16::from(r.least));
    let mut bound = walk.rest[0].saturating_add(cheapest + steps(FIRST_SURPLUS));
    let mut surplus = steps(FIRST_SURPLUS);
    loop {
        walk.run(bound.min(most), margin);
        if walk.best != NONE {
            let wanted = walk.best.saturating_add(margin).min(most);
            if wanted > bound {
                walk.run(wanted, margin);
            }
            return walk.finish(wanted);
        }
        if bound >= most {
            return Vec::new();
        }
        surplus += steps(SURPLUS_MORE);
        bound = bound.saturating_add(surplus);
    }
}

/// Slack is told apart in buckets of so many steps.
const BUCKET: u16 = 16;
/// Number of buckets; more slack than that is endless.
const BUCKETS: usize = NEVER as usize / BUCKET as usize + 1;

/// A word as the walk found it: what it costs in the cheapest forms of its letters, its price and its letters.
struct Lead {
    priced: u16,
    price: u16,
    word: WordId,
    cases: [bool; 3],
    len: u8,
    letters: [u8; MAX_WORD],
}

struct Walk<'a> {
    n: usize,
    words: &'a Words,
    /// By place and length of the observed segment.
    rows: [[Option<&'a Row>; MAX_SEGMENT + 1]; MAX_WORD + 1],
    /// The least that the characters from here on must cost.
    rest: [u16; MAX_WORD + 1],
    /// By place and bucket of slack: the letters that cost no more than that above what their segment must cost anyway.
    within: [[u128; BUCKETS]; MAX_WORD + 1],
    pairs: Vec<PairMove>,
    /// Where the pairs of a first letter begin among `pairs`.
    starts: [u16; CAPITAL as usize + 1],
    bound: u16,
    margin: u16,
    /// The least exact price found.
    best: u16,
    visits: u32,
    path: [u8; MAX_WORD],
    leads: Vec<Lead>,
}

impl<'a> Walk<'a> {
    fn new(channel: &'a Channel, words: &'a Words, observed: &[char]) -> Walk<'a> {
        let n = observed.len();
        let mut rows = [[None; MAX_SEGMENT + 1]; MAX_WORD + 1];
        let mut pairs = Vec::new();
        for (i, here) in rows.iter_mut().enumerate().take(n + 1) {
            for (len, row) in here.iter_mut().enumerate().take((n - i).min(MAX_SEGMENT) + 1) {
                *row = channel.row(&observed[i..i + len]);
                for (first, second, cost) in row.iter().flat_map(|r: &&Row| &r.pairs) {
                    let (at, len) = (i as u8, len as u8);
                    pairs.push(PairMove { first: *first, second: *second, at, len, cost: *cost });
                }
            }
        }
        pairs.sort_unstable_by_key(|p| small(p.first));
        let mut starts = [pairs.len() as u16; CAPITAL as usize + 1];
        for (i, p) in pairs.iter().enumerate().rev() {
            starts[usize::from(small(p.first))] = i as u16;
        }
        for k in (0..usize::from(CAPITAL)).rev() {
            starts[k] = starts[k].min(starts[k + 1]);
        }
        let mut rest = [0u16; MAX_WORD + 1];
        for i in (0..n).rev() {
            let least = |len: usize| rows[i][len].map(|r| u16::from(r.least).saturating_add(rest[i + len]));
            rest[i] = (1..=MAX_SEGMENT.min(n - i)).filter_map(least).min().unwrap_or(1000);
        }
        let mut within = [[0u128; BUCKETS]; MAX_WORD + 1];
        for i in 0..=n {
            let mut surplus = [NEVER; CAPITAL as usize];
            for (len, row) in rows[i].iter().enumerate() {
                let Some(row) = row else { continue };
                let more = rest[i + len] as i16 - rest[i] as i16;
                for (least, cost) in surplus.iter_mut().zip(&row.either) {
                    if *cost != NEVER {
                        *least = (*least).min((i16::from(*cost) + more).clamp(0, 254) as u8);
                    }
                }
            }
            for (letter, least) in surplus.iter().enumerate().filter(|(_, least)| **least != NEVER) {
                within[i][usize::from(u16::from(*least) / BUCKET)] |= 1 << letter;
            }
        }
        for p in &pairs {
            let (i, end) = (usize::from(p.at), usize::from(p.at + p.len));
            let more = (i32::from(p.cost) + i32::from(rest[end]) - i32::from(rest[i])).clamp(0, 254);
            within[i][more as usize / usize::from(BUCKET)] |= bit(p.first);
        }
        for here in within.iter_mut().take(n + 1) {
            for b in 1..BUCKETS {
                here[b] |= here[b - 1];
            }
        }
        Walk {
            n,
            words,
            rows,
            rest,
            within,
            pairs,
            starts,
            bound: 0,
            margin: 0,
            best: NONE,
            visits: 0,
            path: [0; MAX_WORD],
            leads: Vec::new(),
        }
    }

    fn run(&mut self, bound: u16, margin: u16) {
        (self.bound, self.margin, self.visits) = (bound, margin, 0);
        self.leads.clear();
        if let Some(root) = self.words.trie.root() {
            self.walk(root, 0, &Column::START, &Column::DEAD);
        }
    }

    /// The children of a node that are within the bound, each with all below it. `far` is the column before that of the node.
    fn walk(&mut self, node: &Node, depth: usize, at: &Column, far: &Column) {
        let mut letters = 0;
        for (i, paid) in at.live() {
            let reach = paid + self.rest[i] + u16::from(node.least);
            if let Some(slack) = self.bound.checked_sub(reach) {
                letters |= self.within[i][usize::from(slack / BUCKET).min(BUCKETS - 1)];
            }
        }
        let last = depth.checked_sub(1).map(|d| self.path[d]);
        let pairs = last.filter(|_| !far.is_dead()).map_or(0..0, |last| self.pairs_of(last));
        for p in &self.pairs[pairs.clone()] {
            if far.cost[usize::from(p.at)] != NONE {
                letters |= bit(p.second);
            }
        }
        letters &= node.letters;
        while letters != 0 {
            let letter = letters.trailing_zeros() as u8;
            letters &= letters - 1;
            self.visits += 1;
            if self.visits > MAX_VISITS {
                return;
            }
            let child = self.words.trie.child(node, letter);
            let next = self.step(at, letter, far, pairs.clone(), child.least.into());
            let pending = self.promises(letter, at);
            if next.is_dead() && !pending {
                continue;
            }
            self.path[depth] = letter;
            if child.word != UNKNOWN && next.cost[self.n] != NONE {
                self.take(child, depth + 1, next.cost[self.n]);
            }
            self.walk(child, depth + 1, &next, if pending { at } else { &Column::DEAD });
        }
    }

    /// One more letter: every observed segment that it may have been seen as.
    fn step(
        &self,
        before: &Column,
        letter: u8,
        far: &Column,
        pairs: std::ops::Range<usize>,
        price: u16,
    ) -> Column {
        let bound = self.bound.saturating_sub(price);
        let mut next = Column::DEAD;
        for (i, paid) in before.live() {
            for (len, row) in self.rows[i].iter().enumerate() {
                if let Some(row) = row {
                    let cost = row.either[usize::from(letter)];
                    if cost != NEVER {
                        next.reach(i + len, paid + u16::from(cost));
                    }
                }
            }
        }
        for p in self.pairs[pairs].iter().filter(|p| small(p.second) == letter) {
            let paid = far.cost[usize::from(p.at)];
            if paid != NONE {
                next.reach(usize::from(p.at + p.len), paid + u16::from(p.cost));
            }
        }
        (next.from, next.to) = (u8::MAX, 0);
        for j in 0..=self.n {
            if next.cost[j].saturating_add(self.rest[j]) > bound {
                next.cost[j] = NONE;
            } else {
                next.from = next.from.min(j as u8);
                next.to = j as u8;
            }
        }
        next
    }

    fn pairs_of(&self, first: u8) -> std::ops::Range<usize> {
        let first = usize::from(first);
        usize::from(self.starts[first])..usize::from(self.starts[first + 1])
    }

    /// Whether a pair that begins with `letter` after `before` may stay within the bound.
    fn promises(&self, letter: u8, before: &Column) -> bool {
        self.pairs[self.pairs_of(letter)].iter().any(|p| {
            let after = self.rest[usize::from(p.at + p.len)] + u16::from(p.cost);
            before.cost[usize::from(p.at)].saturating_add(after) <= self.bound
        })
    }

    /// A word within the bound.
    fn take(&mut self, node: &Node, length: usize, cost: u16) {
        let price = u16::from(node.own);
        let priced = cost.saturating_add(price);
        if priced > self.bound {
            return;
        }
        let lead =
            Lead { priced, price, word: node.word, cases: node.cases, len: length as u8, letters: self.path };
        if priced < self.best {
            let exact = self.in_cases(&lead).into_iter().min().unwrap_or(NONE).saturating_add(price);
            self.best = self.best.min(exact);
            self.bound = self.bound.min(self.best.saturating_add(self.margin));
        }
        self.leads.push(lead);
        if self.leads.len() >= 2 * PRICED {
            self.leads.select_nth_unstable_by_key(PRICED, |l| (l.priced, l.word));
            self.leads.truncate(PRICED);
            self.bound = self.leads.iter().map(|l| l.priced).max().map_or(self.bound, |m| m.min(self.bound));
        }
    }

    /// What a word costs in each case.
    fn in_cases(&self, lead: &Lead) -> [u16; 4] {
        let small = &lead.letters[..usize::from(lead.len)];
        let mut form = lead.letters;
        let form = &mut form[..small.len()];
        let mut costs = [NONE; 4];
        let [lower, title, upper] = lead.cases;
        if lower {
            costs[0] = self.cost(form);
        }
        form[0] += CAPITAL;
        if title || small.len() == 1 {
            // one capital letter is Title case
            costs[1] = self.cost(form);
        }
        if upper && small.len() > 1 {
            form[1..].iter_mut().for_each(|l| *l += CAPITAL);
            costs[2] = self.cost(form);
        }
        if let Some(form) = self.words.mixed.get(&lead.word) {
            costs[3] = self.cost(form);
        }
        costs
    }

    /// What it costs to see all that was seen as just these letters.
    fn cost(&self, letters: &[u8]) -> u16 {
        let (mut far, mut here) = (Column::DEAD, Column::START);
        let mut last = None;
        for letter in letters {
            let mut next = Column::DEAD;
            for (i, paid) in here.live() {
                for (len, row) in self.rows[i].iter().enumerate() {
                    let cost = row.map_or(NEVER, |r| r.single[usize::from(*letter)]);
                    if cost != NEVER {
                        next.reach(i + len, paid + u16::from(cost));
                    }
                }
            }
            let pairs = last.map_or(0..0, |l| self.pairs_of(small(l)));
            for p in self.pairs[pairs].iter().filter(|p| Some(p.first) == last && p.second == *letter) {
                let paid = far.cost[usize::from(p.at)];
                if paid != NONE {
                    next.reach(usize::from(p.at + p.len), paid + u16::from(p.cost));
                }
            }
            (next.from, next.to) = (0, self.n as u8);
            (far, here, last) = (here, next, Some(*letter));
        }
        here.cost[self.n]
    }

    /// The best of what was found, priced in each case.
    fn finish(&mut self, bound: u16) -> Vec<Found> {
        let mut leads = std::mem::take(&mut self.leads);
        leads.sort_unstable_by_key(|l| (l.priced, l.word));
        leads.truncate(PRICED);
        let mut out: Vec<(u16, Found)> = Vec::with_capacity(leads.len());
        for lead in leads {
            let costs = self.in_cases(&lead);
            let priced = costs.iter().min().copied().unwrap_or(NONE).saturating_add(lead.price);
            if priced <= bound {
                let nats = |c: u16| if c == NONE { f32::INFINITY } else { f32::from(c) * STEP };
                let found =
                    Found { word: lead.word, costs: costs.map(nats), priced: f32::from(priced) * STEP };
                out.push((priced, found));
            }
        }
        out.sort_unstable_by_key(|(priced, f)| (*priced, f.word));
        out.truncate(MOST);
        out.into_iter().map(|(_, f)| f).collect()
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
        let words = Words::new(&lexicon, |_| 0, |_| false);
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
