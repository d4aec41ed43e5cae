//! The channel: what recognition makes of true letters.
//!
//! **Model.** A true word is read from left to right; each letter `t` (or a pair of letters) is seen as a segment `o` of 0 to 3 characters with
//! probability `P(o | t)`, learned from aligned pairs (`train::channel`). The probability of an observed word given a true one is that of the best
//! way to cut both into segments: a weighted edit distance whose weights are learned (Brill & Moore 2000).
//!
//! **Search.** The words of the lexicon, in each of their cases, form a trie. Candidates for an observed word of `n` characters are found by best-first
//! search over pairs (trie node, characters consumed). Each pair of position and length is looked up once as a *row*: the cost of that observed
//! segment for every letter. The sum of what was paid and the least that the rest must cost, trie or not, orders the search (A*), so
//! only readings within a margin of the best are ever built.

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::RestoreError;
use super::lexicon::Lexicon;
use super::lm::WordId;
use super::token::{Case, recase};

/// Longest observed segment, in characters.
pub const MAX_SEGMENT: usize = 3;
/// Step of a quantised cost, in nats.
const STEP: f32 = 0.06;
/// The quantised cost of what does not happen.
const NEVER: u8 = u8::MAX;
/// Words longer than this are not looked up: no syllable is.
const MAX_WORD: usize = 14;
/// Most pairs of node and position that one search may visit.
const MAX_VISITS: usize = 6000;

/// Letters of true words as small numbers, so that rows are arrays.
#[derive(Debug, Clone, Default)]
struct Alphabet {
    codes: FxHashMap<char, u8>,
}

impl Alphabet {
    fn code(&self, c: char) -> Option<u8> {
        self.codes.get(&c).copied()
    }

    fn code_or_add(&mut self, c: char) -> Option<u8> {
        if let Some(k) = self.code(c) {
            return Some(k);
        }
        let k = u8::try_from(self.codes.len()).ok()?;
        self.codes.insert(c, k);
        Some(k)
    }
}

/// A word of the lexicon in one of its cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Form {
    /// The word.
    pub word: WordId,
    /// How it is written.
    pub case: Case,
}

#[derive(Debug, Clone, Default)]
struct Node {
    first_child: u32,
    children: u8,
    /// First of the forms that end here.
    first_form: u32,
    forms: u8,
}

/// The words that may be written, in all their cases, as a trie of letters.
#[derive(Debug, Clone, Default)]
pub struct Trie {
    alphabet: Alphabet,
    nodes: Vec<Node>,
    /// Letters that lead to the nodes, by node.
    letters: Vec<u8>,
    forms: Vec<Form>,
}

impl Trie {
    /// The trie of all words of `lexicon`: each in lower case, Title case and capitals, acronyms only as they are written.
    #[must_use]
    pub fn new(lexicon: &Lexicon) -> Trie {
        let mut alphabet = Alphabet::default();
        let mut spelled: Vec<(Vec<u8>, Form)> = Vec::new();
        for (word, entry) in lexicon.iter() {
            let mut add = |text: &str, case| {
                let codes: Option<Vec<u8>> = text.chars().map(|c| alphabet.code_or_add(c)).collect();
                if let Some(codes) = codes {
                    spelled.push((codes, Form { word, case }));
                }
            };
            if let Some(mixed) = &entry.mixed {
                add(mixed, Case::Mixed);
            }
            if entry.is_acronym() {
                add(&recase(&entry.word, Case::Upper), Case::Upper);
                continue;
            }
            add(&entry.word, Case::Lower);
            let title = recase(&entry.word, Case::Title);
            let upper = recase(&entry.word, Case::Upper);
            if upper != title {
                add(&upper, Case::Upper);
            }
            add(&title, Case::Title);
        }
        spelled.sort_by(|a, b| a.0.cmp(&b.0).then((a.1.word, a.1.case).cmp(&(b.1.word, b.1.case))));
        let mut trie = Trie { alphabet, nodes: vec![Node::default()], letters: vec![0], forms: Vec::new() };
        trie.fill(0, &spelled, 0);
        trie
    }

    /// Lays the children of `node` side by side, then fills each.
    fn fill(&mut self, node: usize, spelled: &[(Vec<u8>, Form)], depth: usize) {
        let ending = spelled.partition_point(|(s, _)| s.len() == depth);
        self.nodes[node].first_form = self.forms.len() as u32;
        self.nodes[node].forms = ending.min(255) as u8;
        self.forms.extend(spelled[..ending].iter().take(255).map(|(_, f)| *f));
        let rest = &spelled[ending..];
        let groups: Vec<&[(Vec<u8>, Form)]> =
            rest.chunk_by(|a, b| a.0[depth] == b.0[depth]).take(255).collect();
        let first = self.nodes.len();
        self.nodes[node].first_child = first as u32;
        self.nodes[node].children = groups.len() as u8;
        for group in &groups {
            self.nodes.push(Node::default());
            self.letters.push(group[0].0[depth]);
        }
        for (i, group) in groups.into_iter().enumerate() {
            self.fill(first + i, group, depth + 1);
        }
    }

    fn children(&self, node: u32) -> std::ops::Range<usize> {
        let n = &self.nodes[node as usize];
        n.first_child as usize..n.first_child as usize + n.children as usize
    }

    fn forms(&self, node: u32) -> &[Form] {
        let n = &self.nodes[node as usize];
        &self.forms[n.first_form as usize..n.first_form as usize + n.forms as usize]
    }
}

/// Costs of one observed segment for every letter.
#[derive(Debug, Clone)]
struct Row {
    single: [u8; 256],
    /// Pairs of letters seen as this segment.
    pairs: Vec<(u8, u8, u8)>,
    least: u8,
}

impl Row {
    fn empty() -> Row {
        Row { single: [NEVER; 256], pairs: Vec::new(), least: NEVER }
    }
}

/// A learned channel over a trie's alphabet.
#[derive(Debug, Clone)]
pub struct Channel {
    rows: FxHashMap<Segment, u32>,
    table: Vec<Row>,
    /// Row of a character that training never saw.
    strange: u32,
}

/// Up to three characters.
type Segment = [char; MAX_SEGMENT];

fn segment(chars: &[char]) -> Segment {
    let mut s = ['\0'; MAX_SEGMENT];
    for (to, from) in s.iter_mut().zip(chars) {
        *to = *from;
    }
    s
}

/// One candidate: a form and what the channel asks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The form.
    pub form: Form,
    /// `-ln P(observed | form)`, in nats.
    pub cost: f32,
}

impl Channel {
    /// Reads a channel file: `true`, `observed` (empty: not seen), `-ln P`, separated by tabs.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the first line that is not of this form.
    pub fn parse(name: &str, text: &str, trie: &Trie) -> Result<Channel, RestoreError> {
        let mut channel = Channel { rows: FxHashMap::default(), table: Vec::new(), strange: 0 };
        let mut strange = Row::empty();
        strange.single = [(9.0 / STEP) as u8; 256];
        strange.least = (9.0 / STEP) as u8;
        channel.table.push(strange);
        for (i, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let bad = || RestoreError::Model {
                name: name.into(),
                what: format!(
                    "line {}: expected true segment, observed segment and cost, separated by tabs",
                    i + 1
                ),
            };
            let mut fields = line.split('\t');
            let truth: Vec<char> = fields.next().ok_or_else(bad)?.chars().collect();
            let seen: Vec<char> = fields.next().ok_or_else(bad)?.chars().collect();
            let cost: f32 = fields.next().and_then(|f| f.parse().ok()).ok_or_else(bad)?;
            if seen.len() > MAX_SEGMENT || truth.is_empty() || truth.len() > 2 {
                return Err(bad());
            }
            let codes: Option<Vec<u8>> = truth.iter().map(|c| trie.alphabet.code(*c)).collect();
            // A letter that no word of this lexicon has.
            let Some(codes) = codes else { continue };
            let cost = ((cost / STEP).round().clamp(0.0, 254.0)) as u8;
            let next = channel.table.len() as u32;
            let row = *channel.rows.entry(segment(&seen)).or_insert(next);
            if row == next {
                channel.table.push(Row::empty());
            }
            let row = &mut channel.table[row as usize];
            row.least = row.least.min(cost);
            match codes[..] {
                [a] => row.single[a as usize] = cost,
                [a, b] => row.pairs.push((a, b, cost)),
                _ => {}
            }
        }
        Ok(channel)
    }

    /// The forms that `observed` may stand for, cheapest first: all within `margin` nats of the cheapest, none above `most` nats.
    #[must_use]
    pub fn candidates(&self, trie: &Trie, observed: &str, margin: f32, most: f32) -> Vec<Found> {
        let chars: Vec<char> = observed.chars().take(MAX_WORD + 1).collect();
        if chars.is_empty() || chars.len() > MAX_WORD || trie.nodes.is_empty() {
            return Vec::new();
        }
        Search::new(self, trie, &chars).run((margin / STEP) as u32, (most / STEP) as u32)
    }

    fn row(&self, chars: &[char]) -> Option<u32> {
        let found = self.rows.get(&segment(chars)).copied();
        if chars.len() == 1 { Some(found.unwrap_or(self.strange)) } else { found }
    }
}

/// The state of one search.
struct Search<'a> {
    channel: &'a Channel,
    trie: &'a Trie,
    /// Rows of the observed segments by position and length.
    rows: Vec<[Option<u32>; MAX_SEGMENT + 1]>,
    /// The least that the characters from here on must cost.
    rest: Vec<u32>,
    heap: BinaryHeap<std::cmp::Reverse<(u32, u32, u32, u16)>>,
    seen: FxHashMap<(u32, u16), u32>,
}

impl<'a> Search<'a> {
    fn new(channel: &'a Channel, trie: &'a Trie, chars: &[char]) -> Search<'a> {
        let n = chars.len();
        let rows: Vec<[Option<u32>; MAX_SEGMENT + 1]> = (0..=n)
            .map(|i| {
                std::array::from_fn(|len| (i + len <= n).then(|| channel.row(&chars[i..i + len])).flatten())
            })
            .collect();
        let mut rest = vec![0u32; n + 1];
        for i in (0..n).rev() {
            rest[i] = (1..=MAX_SEGMENT)
                .filter_map(|len| {
                    rows[i][len].map(|r| u32::from(channel.table[r as usize].least) + rest[i + len])
                })
                .min()
                .unwrap_or(1000);
        }
        Search { channel, trie, rows, rest, heap: BinaryHeap::new(), seen: FxHashMap::default() }
    }

    fn push(&mut self, node: u32, at: u16, paid: u32, bound: u32) {
        let whole = paid + self.rest[usize::from(at)];
        if whole > bound {
            return;
        }
        let known = self.seen.entry((node, at)).or_insert(u32::MAX);
        if paid < *known {
            *known = paid;
            self.heap.push(std::cmp::Reverse((whole, paid, node, at)));
        }
    }

    fn run(mut self, margin: u32, most: u32) -> Vec<Found> {
        let end = (self.rows.len() - 1) as u16;
        let mut bound = most;
        let mut out: Vec<Found> = Vec::new();
        self.push(0, 0, 0, bound);
        let mut visits = 0;
        while let Some(std::cmp::Reverse((whole, paid, node, at))) = self.heap.pop() {
            visits += 1;
            if whole > bound || visits > MAX_VISITS {
                break;
            }
            if self.seen.get(&(node, at)).is_some_and(|k| *k < paid) {
                continue;
            }
            if at == end && !self.trie.forms(node).is_empty() {
                bound = bound.min(paid + margin);
                out.extend(
                    self.trie.forms(node).iter().map(|f| Found { form: *f, cost: paid as f32 * STEP }),
                );
            }
            self.expand(node, at, paid, bound);
        }
        out
    }

    fn expand(&mut self, node: u32, at: u16, paid: u32, bound: u32) {
        for len in 0..=MAX_SEGMENT {
            let Some(row) = self.rows[usize::from(at)][len] else { continue };
            let row = &self.channel.table[row as usize];
            let to = at + len as u16;
            if u32::from(row.least) + paid > bound {
                continue;
            }
            for child in self.trie.children(node) {
                let cost = row.single[self.trie.letters[child] as usize];
                if cost != NEVER {
                    self.push(child as u32, to, paid + u32::from(cost), bound);
                }
            }
            for (a, b, cost) in &row.pairs {
                let Some(first) = self.trie.children(node).find(|c| self.trie.letters[*c] == *a) else {
                    continue;
                };
                let second = self.trie.children(first as u32).find(|c| self.trie.letters[*c] == *b);
                if let Some(second) = second {
                    self.push(second as u32, to, paid + u32::from(*cost), bound);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::lexicon::Entry;

    fn words(list: &[&str]) -> Lexicon {
        Lexicon::new(
            list.iter().map(|w| Entry { word: (*w).into(), counts: [9, 1, 1, 0], mixed: None }).collect(),
        )
    }

    #[test]
    fn finds_words_behind_learned_confusions() {
        let lexicon = words(&["của", "cua", "cũ", "cứ"]);
        let trie = Trie::new(&lexicon);
        let table = "c\tc\t0.1\nu\tu\t0.2\na\ta\t0.1\nủ\tti\t1\nủ\tu\t1.5\nứ\tir\t1\nC\tc\t3\nU\tu\t9\n";
        let channel = Channel::parse("test", table, &trie).unwrap();
        let best = |seen: &str| {
            channel
                .candidates(&trie, seen, 6.0, 20.0)
                .iter()
                .map(|f| (recase(&lexicon.entry(f.form.word).unwrap().word, f.form.case), f.cost))
                .collect::<Vec<_>>()
        };
        assert_eq!(best("ctia")[0].0, "của");
        assert_eq!(best("cir")[0].0, "cứ");
        let cua = best("cua");
        assert_eq!(cua[0].0, "cua");
        assert!(cua.iter().any(|(w, c)| w == "của" && (c - 1.7).abs() < 0.1));
        assert!(best("").is_empty());
        assert!(channel.candidates(&trie, &"x".repeat(100), 6.0, 20.0).is_empty());
    }
}
