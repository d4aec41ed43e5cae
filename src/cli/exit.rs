//! Exit codes, a stable interface: the one table of them.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | all inputs are done or were up to date (warnings are in the JSON) |
//! | 1 | some inputs failed; the others are done (`export`: some files could not be read; the others are exported) |
//! | 2 | wrong usage, or a file in the way that is not to be written over; nothing was done |
//! | 3 | all done, but with warnings, under `--strict` |
//! | 4 | something that an input needs is not installed; the message has the command that installs it |
//! | 5 | the output folder cannot be written to, or no longer, or another run writes to it |
//! | 130 | interrupted by the user |

use std::process::ExitCode;

use crate::batch::{INTERRUPTED, Reason, Totals};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// Some inputs failed.
    Failed,
    /// Wrong usage.
    Usage,
    /// Warnings under `--strict`.
    Warnings,
    /// A dependency is missing.
    Dependency,
    /// OUT is unusable.
    Output,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Warnings => 3,
            Exit::Dependency => 4,
            Exit::Output => 5,
            Exit::Interrupted => INTERRUPTED,
        }
    }

    /// What a run that added up to `totals` ends with. The first that applies of: interrupted, OUT unusable, dependency
    /// missing, inputs failed, warnings under `strict`.
    #[must_use]
    pub fn of(totals: &Totals, interrupted: bool, strict: bool) -> Exit {
        let failed = |reason| totals.failed.contains_key(&reason);
        if interrupted {
            Exit::Interrupted
        } else if failed(Reason::OutUnusable) {
            Exit::Output
        } else if failed(Reason::Dependency) {
            Exit::Dependency
        } else if totals.failures() > 0 {
            Exit::Failed
        } else if strict && totals.warned > 0 {
            Exit::Warnings
        } else {
            Exit::Done
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_reason_decides() {
        let mut totals = Totals { done: 3, warned: 1, ..Totals::default() };
        assert_eq!(Exit::of(&totals, false, false), Exit::Done);
        assert_eq!(Exit::of(&totals, false, true), Exit::Warnings);
        for (reason, code) in [
            (Reason::Input, 1),
            (Reason::Crash, 1),
            (Reason::Deadline, 1),
            (Reason::Output, 1),
            (Reason::Internal, 1),
            (Reason::Dependency, 4),
            (Reason::OutUnusable, 5),
        ] {
            totals.failed.insert(reason, 1);
            assert_eq!(Exit::of(&totals, false, true).code(), code, "{reason:?}");
        }
        assert_eq!(Exit::of(&totals, true, true).code(), 130);
    }
}
