//! The channel: what recognition makes of true letters.
//!
//! **Model.** A true word is read from left to right; each letter `t` (or a pair of letters) is seen as a segment `o` of 0 to 3 characters with
//! probability `P(o | t)`, learned from aligned pairs (`train::channel`). The probability of an observed word given a true one is that of the best
//! way to cut both into segments: a weighted edit distance whose weights are learned (Brill & Moore 2000).
//!
//! **Form.** For each observed segment one *row*: what it costs for every letter, and for the pairs of letters that were seen as it. Costs are
//! whole steps of [`STEP`] nats. The words that an observed word may stand for are found by [`super::search`].

use rustc_hash::FxHashMap;

use super::RestoreError;
use super::trie::{Alphabet, CAPITAL};

/// Longest observed segment, in characters.
pub const MAX_SEGMENT: usize = 3;
/// Step of a quantised cost, in nats.
pub const STEP: f32 = 0.06;
/// The quantised cost of what does not happen.
pub const NEVER: u8 = u8::MAX;
/// What a character that training never saw costs, whatever the letter, in nats.
const STRANGE: f32 = 9.0;

/// Costs of one observed segment.
#[derive(Debug, Clone)]
pub struct Row {
    /// By letter.
    pub single: [u8; 256],
    /// By letter whatever its case: the lesser of the two.
    pub either: [u8; CAPITAL as usize],
    /// Pairs of letters, and their cost.
    pub pairs: Vec<(u8, u8, u8)>,
    /// The least of all.
    pub least: u8,
}

impl Row {
    fn of(cost: u8) -> Row {
        Row { single: [cost; 256], either: [cost; CAPITAL as usize], pairs: Vec::new(), least: cost }
    }
}

/// A learned channel over an alphabet.
#[derive(Debug, Clone)]
pub struct Channel {
    rows: FxHashMap<Segment, u32>,
    table: Vec<Row>,
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

impl Channel {
    /// Reads a channel file: `true`, `observed` (empty: not seen), `-ln P`, separated by tabs.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the first line that is not of this form.
    pub fn parse(name: &str, text: &str, alphabet: &Alphabet) -> Result<Channel, RestoreError> {
        let mut channel = Channel { rows: FxHashMap::default(), table: Vec::new() };
        let strange = (STRANGE / STEP) as u8;
        channel.table.push(Row::of(strange));
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
            let truth = fields.next().ok_or_else(bad)?;
            let seen = fields.next().ok_or_else(bad)?;
            let cost: f32 = fields.next().and_then(|f| f.parse().ok()).ok_or_else(bad)?;
            let mut key = ['\0'; MAX_SEGMENT];
            for (n, c) in seen.chars().enumerate() {
                *key.get_mut(n).ok_or_else(bad)? = c;
            }
            let mut letters = truth.chars();
            let (Some(a), b, None) = (letters.next(), letters.next(), letters.next()) else {
                return Err(bad());
            };
            // A letter that no word of this lexicon has is of no use.
            let Some(a) = alphabet.code(a) else { continue };
            let cost = ((cost / STEP).round().clamp(0.0, 254.0)) as u8;
            let next = channel.table.len() as u32;
            let row = *channel.rows.entry(key).or_insert(next);
            if row == next {
                channel.table.push(Row::of(NEVER));
            }
            let row = &mut channel.table[row as usize];
            match b.map(|b| alphabet.code(b)) {
                None => {
                    row.single[usize::from(a)] = cost;
                    let either = &mut row.either[usize::from(a % CAPITAL)];
                    *either = cost.min(*either);
                }
                Some(Some(b)) => row.pairs.push((a, b, cost)),
                Some(None) => continue,
            }
            row.least = row.least.min(cost);
        }
        Ok(channel)
    }

    /// The row of an observed segment of up to [`MAX_SEGMENT`] characters. A single character always has one.
    #[must_use]
    pub fn row(&self, chars: &[char]) -> Option<&Row> {
        match self.rows.get(&segment(chars)) {
            Some(row) => Some(&self.table[*row as usize]),
            None if chars.len() == 1 => self.table.first(),
            None => None,
        }
    }
}
