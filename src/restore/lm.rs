//! The language model: which syllable follows which.
//!
//! An interpolated Kneser-Ney model of order 4 over canonical (lower-case) words, classes and breaks, pruned and quantised.
//! `P(w | h)` is stored for the n-grams that were kept; for others it is `bow(h) · P(w | h′)` with `h′` the history without its
//! oldest word (Katz back-off form; Kneser & Ney 1995, Chen & Goodman 1999).
//!
//! **Form.** Words are `u16` numbers. Pairs stand in rows, one a first word, sorted by the second; a bit for each pair, set when the model is
//! loaded, tells at once whether it was kept and where. N-grams of order 3 and 4 pack into a `u64` and stand in open-addressing hash tables: 16 bits
//! of fingerprint, 8 bits of `-ln P` and, for order 3, 8 bits of back-off. The tables are read where they lie. A wrong hit needs an equal
//! fingerprint in the probed run (about 10⁻⁴), and an n-gram is only looked for when its history is known to exist.

use std::borrow::Cow;

use super::RestoreError;

/// Number of a word in the lexicon.
pub type WordId = u16;

/// Highest order of the model.
pub const ORDER: usize = 4;

/// What all n-gram tables of this kind begin with.
pub const MAGIC: &[u8; 8] = b"sohoaLM2";

/// Step of the quantised `-ln P`, in nats.
pub const PROB_STEP: f32 = 0.075;
/// Step of the quantised back-off, in nats.
pub const BOW_STEP: f32 = 0.04;
/// Back-off value that is stored as 0.
pub const BOW_MIN: f32 = -8.0;

/// A history: the longest suffix of what was read that the model knows, newest word last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Packed history, newest word in the low 16 bits.
    packed: u64,
    /// Words in it (0 to 3).
    len: u8,
    /// Back-off of the history's last 1, 2, 3 words.
    bows: [f32; 3],
}

impl State {
    /// Identifies the state: equal keys, equal futures.
    #[must_use]
    pub fn key(&self) -> u64 {
        self.packed
    }

    /// The state as a model of order 3 would have it.
    #[must_use]
    pub fn shortened(mut self) -> State {
        if self.len > 2 {
            (self.len, self.packed) = (2, self.packed & 0xFFFF_FFFF);
        }
        self
    }

    /// The newest word.
    #[must_use]
    pub fn last(&self) -> WordId {
        (self.packed & 0xFFFF) as WordId
    }
}

/// A loaded model.
#[derive(Debug, Clone)]
pub struct LanguageModel {
    bytes: Cow<'static, [u8]>,
    /// `ln P` and back-off of each word.
    unigrams: Vec<(f32, f32)>,
    /// Where the pairs of each first word begin.
    rows: Vec<u32>,
    /// Seconds kept after each first word, a bit each, and how many were kept before each 64 of them.
    kept: Vec<u64>,
    ranks: Vec<u16>,
    /// 64-bit words in a row of `kept`.
    stride: usize,
    parts: Layout,
}

/// Where the parts of the file begin, and the slots of its hash tables.
#[derive(Debug, Clone, Copy, Default)]
struct Layout {
    pair_p: usize,
    pair_bow: usize,
    triples: usize,
    triple_slots: usize,
    fours: usize,
    four_p: usize,
    four_slots: usize,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn f32_at(bytes: &[u8], at: usize) -> f32 {
    f32::from_bits(u32_at(bytes, at))
}

fn probability(byte: u8) -> f32 {
    -f32::from(byte) * PROB_STEP
}

fn back_off(byte: u8) -> f32 {
    BOW_MIN + f32::from(byte) * BOW_STEP
}

/// The hash of a packed n-gram: slot hint in the high half, fingerprint (never 0) in the low 16 bits.
#[must_use]
pub fn hash(packed: u64) -> (u32, u16) {
    let mut h = packed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h ^= h >> 29;
    h = h.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h ^= h >> 32;
    ((h >> 32) as u32, ((h & 0xFFFF) as u16).max(1))
}

/// Where in a table of `slots` slots the search for a hash begins.
#[must_use]
pub fn slot_of(hint: u32, slots: usize) -> usize {
    ((u64::from(hint) * slots as u64) >> 32) as usize
}

impl LanguageModel {
    /// Reads a model where it lies.
    ///
    /// # Errors
    /// [`RestoreError::Model`] if the bytes are not such a model.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Result<LanguageModel, RestoreError> {
        let bytes = bytes.into();
        let bad = |what: &str| RestoreError::Model { name: "lm.bin".into(), what: what.into() };
        if bytes.get(..8) != Some(MAGIC) {
            return Err(bad("does not begin with the mark of a language model"));
        }
        let [words, pairs, triple_slots, four_slots] = [8, 12, 16, 20].map(|at| u32_at(&bytes, at) as usize);
        let unigrams_at = 24;
        let rows_at = unigrams_at + words * 8;
        let seconds = rows_at + (words + 1) * 4;
        let pair_p = seconds + pairs * 2;
        let pair_bow = pair_p + pairs;
        let triples = pair_bow + pairs;
        let fours = triples + triple_slots * 4;
        let four_p = fours + four_slots * 2;
        let whole = four_p + four_slots;
        if words == 0 || words > 0xFFFF || triple_slots == 0 || four_slots == 0 || bytes.len() != whole {
            return Err(bad("its length does not fit its head"));
        }
        let parts = Layout { pair_p, pair_bow, triples, triple_slots, fours, four_p, four_slots };
        let unigrams = (0..words).map(|w| unigrams_at + w * 8);
        let unigrams = unigrams.map(|at| (f32_at(&bytes, at), f32_at(&bytes, at + 4))).collect();
        let rows: Vec<u32> = (0..=words).map(|w| u32_at(&bytes, rows_at + w * 4)).collect();
        let stride = words.div_ceil(64);
        let mut kept = vec![0u64; words * stride];
        let mut ranks = vec![0u16; words * stride];
        for w in 0..words {
            let row = w * stride..(w + 1) * stride;
            for i in rows[w]..rows[w + 1] {
                let second = usize::from(u16_at(&bytes, seconds + i as usize * 2));
                match kept[row.clone()].get_mut(second / 64) {
                    Some(bits) if (i as usize) < pairs => *bits |= 1 << (second % 64),
                    _ => return Err(bad("a pair of it has no such word")),
                }
            }
            let mut before = 0;
            for k in row {
                ranks[k] = before;
                before += kept[k].count_ones() as u16;
            }
            if u32::from(before) != rows[w + 1].wrapping_sub(rows[w]) {
                return Err(bad("its pairs are not in order"));
            }
        }
        Ok(LanguageModel { bytes, unigrams, rows, kept, ranks, stride, parts })
    }

    /// Number of words it knows.
    #[must_use]
    pub fn words(&self) -> usize {
        self.unigrams.len()
    }

    /// Has it know more words, `words` in all, each with this `ln P` wherever it stands.
    pub fn extend(&mut self, words: usize, p: f32) {
        self.unigrams.resize(words.max(self.unigrams.len()), (p, 0.0));
    }

    /// `ln P(w)` and the back-off of `w` alone.
    ///
    /// # Panics
    /// If `w` is no word of the model.
    #[must_use]
    pub fn unigram(&self, w: WordId) -> (f32, f32) {
        self.unigrams[usize::from(w)]
    }

    /// Where the pair `a b` stands, if it was kept.
    fn place(&self, a: WordId, b: WordId) -> Option<usize> {
        let column = usize::from(b) / 64;
        let k = usize::from(a) * self.stride + column;
        // words that were added later stand in no pair
        let (bits, bit) = (*self.kept.get(k)?, usize::from(b) % 64);
        if bits >> bit & 1 == 0 || column >= self.stride {
            return None;
        }
        let before = (bits & ((1 << bit) - 1)).count_ones();
        Some((self.rows[usize::from(a)] + u32::from(self.ranks[k]) + before) as usize)
    }

    /// `ln P(b | a)` where the pair was kept.
    #[must_use]
    pub fn kept_pair(&self, a: WordId, b: WordId) -> Option<f32> {
        self.place(a, b).map(|i| probability(self.bytes[self.parts.pair_p + i]))
    }

    fn triple(&self, packed: u64) -> Option<(f32, f32)> {
        let (hint, print) = hash(packed);
        let slots = self.parts.triple_slots;
        let mut i = slot_of(hint, slots);
        for _ in 0..slots {
            let slot = u32_at(&self.bytes, self.parts.triples + i * 4);
            if slot == 0 {
                return None;
            }
            if (slot >> 16) as u16 == print {
                return Some((probability((slot >> 8) as u8), back_off(slot as u8)));
            }
            i = if i + 1 == slots { 0 } else { i + 1 };
        }
        None
    }

    fn four(&self, packed: u64) -> Option<f32> {
        let (hint, print) = hash(packed);
        let slots = self.parts.four_slots;
        let mut i = slot_of(hint, slots);
        for _ in 0..slots {
            match u16_at(&self.bytes, self.parts.fours + i * 2) {
                0 => return None,
                p if p == print => return Some(probability(self.bytes[self.parts.four_p + i])),
                _ => i = if i + 1 == slots { 0 } else { i + 1 },
            }
        }
        None
    }

    /// `ln P` and back-off of an n-gram of `n + 1` words; at the highest order there is no back-off.
    fn lookup(&self, packed: u64, n: usize) -> Option<(f32, f32)> {
        match n {
            1 => {
                let i = self.place((packed >> 16) as WordId, packed as WordId)?;
                let byte = |at: usize| self.bytes[at + i];
                Some((probability(byte(self.parts.pair_p)), back_off(byte(self.parts.pair_bow))))
            }
            2 => self.triple(packed),
            _ => self.four(packed).map(|p| (p, 0.0)),
        }
    }

    /// The state after `w` alone: how breaks begin.
    #[must_use]
    pub fn begin(&self, w: WordId) -> State {
        State { packed: u64::from(w), len: 1, bows: [self.unigram(w).1, 0.0, 0.0] }
    }

    /// `ln P(w | previous)`: the bigram model alone.
    #[must_use]
    pub fn pair(&self, previous: WordId, w: WordId) -> f32 {
        self.kept_pair(previous, w).unwrap_or_else(|| self.unigram(previous).1 + self.unigram(w).0)
    }

    /// `ln P(w | state)` and the state after `w`.
    #[must_use]
    pub fn score(&self, state: &State, w: WordId) -> (f32, State) {
        let (uni, bow) = self.unigram(w);
        let mut p = uni;
        let mut next = State { packed: u64::from(w), len: 1, bows: [bow, 0.0, 0.0] };
        let mut reached = 0;
        for n in 1..=usize::from(state.len) {
            let history = state.packed & (u64::MAX >> (64 - 16 * n));
            let Some((q, b)) = self.lookup(history << 16 | u64::from(w), n) else { break };
            p = q;
            reached = n;
            if n < ORDER - 1 {
                next.packed |= (history & (u64::MAX >> (64 - 16 * n))) << 16;
                next.len = n as u8 + 1;
                next.bows[n] = b;
            }
        }
        for n in reached..usize::from(state.len) {
            p += state.bows[n];
        }
        (p, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_model() {
        assert!(LanguageModel::new(&b""[..]).is_err());
        assert!(LanguageModel::new(&b"sohoaLM2\x05\0\0\0\x05\0\0\0\x01\0\0\0\x01\0\0\0"[..]).is_err());
    }
}
