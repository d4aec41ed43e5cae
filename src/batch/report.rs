//! What a run tells whoever watches it, and what it adds up to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::Plan;

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
    /// A document was opened; `pages` of it will be read.
    fn opened(&self, pages: usize);
    /// One page was read.
    fn page(&self);
    /// An input ended.
    fn ended(&self, report: &Report<'_>);
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
    /// Not finished because the user stopped the run.
    pub interrupted: usize,
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
