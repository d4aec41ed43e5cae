//! The words that may be written, as a trie of lower-case letters.
//!
//! Words stand once, whatever their case: the search ([`super::search`]) looks for letters first and for cases afterwards. Children lie side by side, and a node
//! knows its letters as a set, so a child is found by counting bits. Each word has a *price* (rare ones cost more), each node the least price below it.

use rustc_hash::FxHashMap;

use super::lexicon::{Lexicon, UNKNOWN};
use super::lm::WordId;
use super::token::{Case, recase};

/// Capital letters are numbered by their small letter plus this.
pub const CAPITAL: u8 = 128;

/// Letters as small numbers: small ones below [`CAPITAL`], capitals above.
#[derive(Debug, Clone, Default)]
pub struct Alphabet {
    codes: FxHashMap<char, u8>,
    small: u8,
}

impl Alphabet {
    /// The number of a letter of the words.
    #[must_use]
    pub fn code(&self, c: char) -> Option<u8> {
        self.codes.get(&c).copied()
    }

    /// The number of a letter of either case, new if need be; `None` if there are too many.
    fn code_or_add(&mut self, c: char) -> Option<u8> {
        if let Some(k) = self.code(c) {
            return Some(k);
        }
        let mut lower = c.to_lowercase();
        let (Some(small), None) = (lower.next(), lower.next()) else { return None };
        if self.small == CAPITAL {
            return None;
        }
        let k = self.small;
        self.small += 1;
        self.codes.insert(small, k);
        let mut upper = small.to_uppercase();
        if let (Some(capital), None) = (upper.next(), upper.next())
            && capital != small
        {
            self.codes.insert(capital, k + CAPITAL);
        }
        self.code(c)
    }
}

/// A prefix of words.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    first_child: u32,
    /// The letters that lead on, a bit each.
    pub letters: u128,
    /// The word that ends here, or [`UNKNOWN`].
    pub word: WordId,
    /// Whether that word is written in small letters, with a capital first, in capitals.
    pub cases: [bool; 3],
    /// The price of that word.
    pub own: u8,
    /// The least price of the words that begin so.
    pub least: u8,
}

/// A word on its way into a trie: letters, word, its cases, price.
type Spelled = (Vec<u8>, WordId, [bool; 3], u8);

impl Node {
    const BLANK: Node =
        Node { first_child: 0, letters: 0, word: UNKNOWN, cases: [true; 3], own: u8::MAX, least: u8::MAX };
}

/// One trie.
#[derive(Debug, Clone, Default)]
pub struct Trie {
    nodes: Vec<Node>,
}

impl Trie {
    fn new(mut spelled: Vec<Spelled>) -> Trie {
        spelled.sort();
        spelled.dedup_by(|b, a| a.0 == b.0);
        let mut trie = Trie { nodes: vec![Node::BLANK] };
        trie.fill(0, &spelled, 0);
        trie
    }

    /// Lays the children of `node` side by side, then fills each. Words are short, so this does not go deep.
    fn fill(&mut self, node: usize, spelled: &[Spelled], depth: usize) {
        let ending = spelled.partition_point(|(s, ..)| s.len() == depth);
        let to = &mut self.nodes[node];
        to.least = spelled.iter().map(|s| s.3).min().unwrap_or(u8::MAX);
        if let Some((_, word, cases, own)) = spelled[..ending].first() {
            (to.word, to.cases, to.own) = (*word, *cases, *own);
        }
        let groups = || spelled[ending..].chunk_by(|a, b| a.0[depth] == b.0[depth]);
        let first = self.nodes.len();
        self.nodes.extend(groups().map(|_| Node::BLANK));
        self.nodes[node].first_child = first as u32;
        self.nodes[node].letters = groups().fold(0, |all, g| all | 1 << g[0].0[depth]);
        for (i, group) in groups().enumerate() {
            self.fill(first + i, group, depth + 1);
        }
    }

    /// The node of the empty prefix; `None` in an empty trie.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.nodes.first()
    }

    /// The prefix that is one letter longer.
    ///
    /// # Panics
    /// If `letter` is not among the node's letters and lies beyond them.
    #[must_use]
    #[inline]
    pub fn child(&self, node: &Node, letter: u8) -> &Node {
        let before = (node.letters & ((1 << letter) - 1)).count_ones();
        &self.nodes[(node.first_child + before) as usize]
    }
}

/// All words of a lexicon.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Numbers of letters.
    pub alphabet: Alphabet,
    /// In lower case.
    pub trie: Trie,
    /// Letters of those that have a case of their own, as they are written.
    pub mixed: FxHashMap<WordId, Box<[u8]>>,
}

/// Longer words are not looked up: no syllable is.
pub const MAX_WORD: usize = 14;

impl Words {
    /// The words of `lexicon`, each with its price: what it costs beyond the channel, in steps of the channel. Those that are `settled` are only written in
    /// the cases in which they were seen, or in capitals.
    #[must_use]
    pub fn new(lexicon: &Lexicon, price: impl Fn(WordId) -> u8, settled: impl Fn(WordId) -> bool) -> Words {
        let mut alphabet = Alphabet::default();
        let (mut regular, mut mixed) = (Vec::new(), FxHashMap::default());
        for (word, entry) in lexicon.iter() {
            let mut codes = |text: &str| -> Option<Vec<u8>> {
                let codes: Vec<u8> = text.chars().map(|c| alphabet.code_or_add(c)).collect::<Option<_>>()?;
                (codes.len() <= MAX_WORD).then_some(codes)
            };
            let small = |spelled: &Vec<u8>| spelled.iter().all(|l| *l < CAPITAL);
            if let Some(spelled) = codes(&entry.word).filter(small) {
                let cases = match entry.is_acronym() {
                    true => [false, false, true],
                    false if settled(word) => [entry.counts[0] > 0, entry.counts[..2] != [0, 0], true],
                    false => [true; 3],
                };
                regular.push((spelled, word, cases, price(word)));
            }
            if let Some(spelled) = entry.mixed.as_deref().and_then(&mut codes) {
                mixed.insert(word, spelled.into());
            }
        }
        Words { alphabet, trie: Trie::new(regular), mixed }
    }

    /// How a word of a lexicon is written in a case.
    #[must_use]
    pub fn written(lexicon: &Lexicon, word: WordId, case: Case) -> String {
        let Some(entry) = lexicon.entry(word) else { return String::new() };
        match (case, &entry.mixed) {
            (Case::Mixed, Some(form)) => form.clone(),
            (case, _) => recase(&entry.word, case),
        }
    }
}
