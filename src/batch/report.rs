//! What a run tells whoever watches it, and what it adds up to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Plan, Profile};

use super::failure::{Failure, Reason};

/// How one input ended. An input that an interrupt left unfinished has not ended: it is only counted.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// Its outputs are written. Warnings are in the plan.
    Done(&'a Plan),
    /// Its outputs were up to date.
    Skipped,
    /// It has no outputs, for this reason.
    Failed(&'a Failure),
}

/// One input, ended.
#[derive(Debug)]
pub struct Report<'a> {
    /// The input as the user knows it, on one line.
    pub name: &'a str,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// From when it was taken up until it ended.
    pub elapsed: Duration,
}

/// Whoever watches a run. Called from several threads.
pub trait Watch: Sync {
    /// An input was found.
    fn found(&self);
    /// A document was opened; `pages` of it will be read.
    fn opened(&self, pages: usize);
    /// One page was read.
    fn page(&self);
    /// An input ended.
    fn ended(&self, report: &Report<'_>);
    /// There is something to say that fails nothing, in one line.
    fn note(&self, _text: &str) {}
}

/// How many inputs ended how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Done, with warnings or without.
    pub done: usize,
    /// Of those, with warnings.
    pub warned: usize,
    /// Up to date already.
    pub skipped: usize,
    /// Failed, by reason.
    pub failed: BTreeMap<Reason, usize>,
    /// Begun or found, and not finished because the user stopped the run.
    pub interrupted: usize,
    /// Whether the user stopped the run before all inputs were found.
    pub cut_short: bool,
    /// Entries of folders that are no documents.
    pub left_out: usize,
    /// What it cost.
    pub spent: Profile,
}

impl Totals {
    /// Adds one input.
    pub fn count(&mut self, outcome: Outcome<'_>) {
        match outcome {
            Outcome::Done(plan) => {
                self.done += 1;
                self.warned += usize::from(!plan.warnings.is_empty());
            }
            Outcome::Skipped => self.skipped += 1,
            Outcome::Failed(failure) => *self.failed.entry(failure.reason).or_default() += 1,
        }
    }

    /// Adds what another run came to.
    pub fn add(&mut self, other: &Totals) {
        self.done += other.done;
        self.warned += other.warned;
        self.skipped += other.skipped;
        for (reason, count) in &other.failed {
            *self.failed.entry(*reason).or_default() += count;
        }
        self.interrupted += other.interrupted;
        self.cut_short |= other.cut_short;
        self.left_out += other.left_out;
        self.spent.add(&other.spent);
    }

    /// Whether the run was broken off because OUT cannot be written to any more.
    #[must_use]
    pub fn out_is_unusable(&self) -> bool {
        self.failed.contains_key(&Reason::OutUnusable)
    }

    /// How many inputs there were, as far as they were found.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.done + self.skipped + self.failures() + self.interrupted
    }

    /// Whether the user stopped the run before everything had ended.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.interrupted > 0 || self.cut_short
    }

    /// How many failed, for whatever reason.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failed.values().sum()
    }
}

/// `text` on one line: control characters, which file names may hold, are shown escaped.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_control() {
            out.extend(c.escape_default())
        } else {
            out.push(c)
        }
        out
    })
}
