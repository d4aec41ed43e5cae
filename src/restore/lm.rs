//! The language model: which syllable follows which.
//!
//! An interpolated Kneser-Ney model of order 4 over canonical (lower-case) words, classes and breaks, pruned and quantised.
//! `P(w | h)` is stored for the n-grams that were kept; for others it is `bow(h) · P(w | h′)` with `h′` the history without its
//! oldest word (Katz back-off form; Kneser & Ney 1995, Chen & Goodman 1999).
//!
//! **Form.** Words are `u16` numbers, so an n-gram of up to four packs into a `u64`. All n-grams of order 2 to 4 stand in one
//! open-addressing hash table of `u32` slots: 16 bits of fingerprint, 8 bits of `-ln P`, 8 bits of back-off. Nothing is decoded at load:
//! the table is read where it lies. A wrong hit needs an equal fingerprint in the probed run (about 2·10⁻⁴), and an n-gram is only
//! looked for when its history is known to exist.

use std::borrow::Cow;

use super::RestoreError;

/// Number of a word in the lexicon.
pub type WordId = u16;

/// Highest order of the model.
pub const ORDER: usize = 4;

/// What all n-gram tables of this kind begin with.
pub const MAGIC: &[u8; 8] = b"sohoaLM1";

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
}

/// A loaded model.
#[derive(Debug, Clone)]
pub struct LanguageModel {
    bytes: Cow<'static, [u8]>,
    words: usize,
    slots: usize,
    unigrams_at: usize,
    slots_at: usize,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn f32_at(bytes: &[u8], at: usize) -> f32 {
    f32::from_bits(u32_at(bytes, at))
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
        let (words, slots) = (u32_at(&bytes, 8) as usize, u32_at(&bytes, 12) as usize);
        let unigrams_at = 16;
        let slots_at = unigrams_at + words * 8;
        if words == 0 || words > 0xFFFF || slots == 0 || bytes.len() != slots_at + slots * 4 {
            return Err(bad("its length does not fit its head"));
        }
        Ok(LanguageModel { bytes, words, slots, unigrams_at, slots_at })
    }

    /// Number of words it knows.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words
    }

    /// `ln P(w)` and the back-off of `w` alone.
    #[must_use]
    pub fn unigram(&self, w: WordId) -> (f32, f32) {
        let at = self.unigrams_at + usize::from(w) * 8;
        (f32_at(&self.bytes, at), f32_at(&self.bytes, at + 4))
    }

    /// `ln P` and back-off of a packed n-gram of order 2 or more.
    fn lookup(&self, packed: u64) -> Option<(f32, f32)> {
        let (hint, print) = hash(packed);
        let mut i = slot_of(hint, self.slots);
        for _ in 0..self.slots {
            let slot = u32_at(&self.bytes, self.slots_at + i * 4);
            if slot == 0 {
                return None;
            }
            if (slot >> 16) as u16 == print {
                let p = -(((slot >> 8) & 0xFF) as f32) * PROB_STEP;
                return Some((p, BOW_MIN + (slot & 0xFF) as f32 * BOW_STEP));
            }
            i = if i + 1 == self.slots { 0 } else { i + 1 };
        }
        None
    }

    /// The state after `w` alone: how breaks begin.
    #[must_use]
    pub fn begin(&self, w: WordId) -> State {
        State { packed: u64::from(w), len: 1, bows: [self.unigram(w).1, 0.0, 0.0] }
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
            let Some((q, b)) = self.lookup(history << 16 | u64::from(w)) else { break };
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
        assert!(LanguageModel::new(&b"sohoaLM1\x05\0\0\0\x05\0\0\0"[..]).is_err());
    }
}
