//! Why an input failed, in one form for all stages: the kind decides the exit code, the message is for people.

use serde::{Deserialize, Serialize};

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The input cannot be read as what it claims to be, or exceeds a limit.
    Input,
    /// Something that the input needs is not installed.
    Dependency,
    /// The worker that read it died, or answered nonsense, more than once.
    Crash,
    /// A page took longer than its deadline.
    Deadline,
    /// Its outputs could not be written.
    Output,
    /// The run cannot go on: OUT is full, read-only or gone.
    OutUnusable,
    /// A bug of this program.
    Internal,
}

/// Where an input failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Finding, opening and decoding it.
    Ingest,
    /// Recognising its images.
    Recognise,
    /// Writing its outputs.
    Emit,
    /// Taking it through the stages: workers, deadlines, bugs.
    Batch,
}

/// One failed input. `message` says what, where in the input, and what to do; the input's name is added by whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure.
    pub reason: Reason,
    /// Where.
    pub stage: Stage,
    /// One line.
    pub message: String,
}

impl Failure {
    /// A failure of kind `reason`, at the stage where that kind is met.
    #[must_use]
    pub fn new(reason: Reason, message: impl Into<String>) -> Failure {
        let stage = match reason {
            Reason::Input => Stage::Ingest,
            Reason::Dependency => Stage::Recognise,
            Reason::Output | Reason::OutUnusable => Stage::Emit,
            Reason::Crash | Reason::Deadline | Reason::Internal => Stage::Batch,
        };
        Failure { reason, stage, message: message.into() }
    }

    /// The same failure, met on page `number`.
    #[must_use]
    pub fn on_page(self, number: u32) -> Failure {
        Failure { message: format!("page {number}: {}", self.message), ..self }
    }

    /// A caught panic. Its message is kept: it is what a bug report needs.
    #[must_use]
    pub fn panicked(panic: &(dyn std::any::Any + Send)) -> Failure {
        let what = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        Failure::new(
            Reason::Internal,
            format!("a bug in this program ({what}); please report it with this file"),
        )
    }
}
