//! How often a document is wrong, and how reluctant that makes to change it.

use super::decode::Chosen;
use super::reading::Memory;

/// How often a document is wrong, as its first pass sees it.
///
/// The channel of slight damage was learned from pages of which [`LEARNED_RATE`] of the words were wrong. A document with far fewer errors than that
/// makes each of them less likely to begin with, so in the second pass every change costs the log of the ratio: right text stays right.
#[derive(Debug, Default)]
pub(super) struct Rate {
    wrong: f32,
    units: f32,
}

/// Share of wrong words in the pages that the channel of slight damage was learned from.
const LEARNED_RATE: f32 = 0.07;
/// A page of which no more is wrong is clean: its signs are the author's.
pub(super) const CLEAN: f32 = 0.004;
/// No document is taken for better than this.
const LEAST_RATE: f32 = 0.0005;

impl Rate {
    pub(super) fn add(&mut self, units: usize, chosen: &[Chosen], memory: &Memory) {
        self.units += units as f32;
        let changed = chosen.iter().filter(|c| memory.reading(c.reading).keeps.is_none());
        self.wrong += changed.map(|c| c.posterior).sum::<f32>();
    }

    pub(super) fn join(&mut self, other: &Rate) {
        self.wrong += other.wrong;
        self.units += other.units;
    }

    pub(super) fn share(&self) -> f32 {
        self.wrong / self.units.max(1.0)
    }

    pub(super) fn reluctance(&self) -> f32 {
        (LEARNED_RATE / self.share().max(LEAST_RATE)).ln().max(0.0)
    }
}
