//! How likely a word is to stand in lower case, Title case or UPPER CASE, given the word before it.
//!
//! `P(case | word before, its case, word)` backs off to `P(case | case before, word)` and that to `P(case | case before)`; each level is
//! smoothed by the next one when the table is made (`train::case`). A hash table like the language model's: slots of a `u64`, 32 bits of
//! fingerprint and a byte of `-ln P` for each of the four cases.

use std::borrow::Cow;

use super::RestoreError;
use super::lm::WordId;
use super::token::{Break, Case};

/// What all tables of this kind begin with.
pub const MAGIC: &[u8; 8] = b"sohoaCS1";

/// Step of the quantised `-ln P`, in nats.
pub const STEP: f32 = 0.05;

/// What stood before: how a word is written depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Before {
    /// A sentence starts here.
    Sentence = 0,
    /// A clause starts here, after `;` or `:`.
    Clause = 1,
    /// A word in lower case.
    Lower = 2,
    /// A word in Title case.
    Title = 3,
    /// A word in capitals.
    Upper = 4,
    /// A word in mixed case.
    Mixed = 5,
    /// A number or another class.
    Class = 6,
}

impl From<Case> for Before {
    fn from(c: Case) -> Before {
        match c {
            Case::Lower => Before::Lower,
            Case::Title => Before::Title,
            Case::Upper => Before::Upper,
            Case::Mixed => Before::Mixed,
        }
    }
}

impl From<Break> for Before {
    fn from(b: Break) -> Before {
        match b {
            Break::Sentence => Before::Sentence,
            Break::Clause => Before::Clause,
        }
    }
}

/// The key of the finest table: word before, its case, word.
#[must_use]
pub fn fine_key(previous: WordId, before: Before, word: WordId) -> u64 {
    3 << 40 | u64::from(previous) << 20 | (before as u64) << 16 | u64::from(word)
}

/// The key of the middle table: case before, word.
#[must_use]
pub fn middle_key(before: Before, word: WordId) -> u64 {
    2 << 40 | (before as u64) << 16 | u64::from(word)
}

/// The key of the coarse table: case before.
#[must_use]
pub fn coarse_key(before: Before) -> u64 {
    1 << 40 | before as u64
}

/// Hash of a key: slot hint and fingerprint, never both 0.
#[must_use]
pub fn hash(key: u64) -> (u32, u32) {
    let mut h = key.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    h ^= h >> 32;
    h = h.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    h ^= h >> 32;
    ((h >> 32) as u32, (h as u32).max(1))
}

/// A loaded table.
#[derive(Debug, Clone)]
pub struct CaseModel {
    bytes: Cow<'static, [u8]>,
    slots: usize,
}

impl CaseModel {
    /// Reads a table where it lies.
    ///
    /// # Errors
    /// [`RestoreError::Model`] if the bytes are not such a table.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Result<CaseModel, RestoreError> {
        let bytes = bytes.into();
        let bad = |what: &str| RestoreError::Model { name: "case.bin".into(), what: what.into() };
        if bytes.get(..8) != Some(MAGIC) {
            return Err(bad("does not begin with the mark of a case table"));
        }
        let slots = bytes.get(8..12).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])) as usize;
        if slots == 0 || bytes.len() != 12 + slots * 8 {
            return Err(bad("its length does not fit its head"));
        }
        Ok(CaseModel { bytes, slots })
    }

    fn lookup(&self, key: u64) -> Option<[f32; 4]> {
        let (hint, print) = hash(key);
        let mut i = super::lm::slot_of(hint, self.slots);
        for _ in 0..self.slots {
            let at = 12 + i * 8;
            let slot = self.bytes.get(at..at + 8)?;
            let found = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if found == 0 {
                return None;
            }
            if found == print {
                return Some([4, 5, 6, 7].map(|k| -f32::from(slot[k]) * STEP));
            }
            i = if i + 1 == self.slots { 0 } else { i + 1 };
        }
        None
    }

    /// `ln P(case)` for the four cases, in the order of [`Case`].
    #[must_use]
    pub fn score(&self, previous: WordId, before: Before, word: WordId) -> [f32; 4] {
        self.lookup(fine_key(previous, before, word))
            .or_else(|| self.lookup(middle_key(before, word)))
            .or_else(|| self.lookup(coarse_key(before)))
            .unwrap_or([-1.4; 4])
    }
}
