//! What the stages of a run cost, in CPU time: on a busy machine the wall clock says little.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// CPU time by stage, summed over threads and worker processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Pages that were read.
    pub pages: u64,
    /// Files decoded to images and text layers.
    pub decode: Duration,
    /// Images looked at and made ready, readings scored and put in order.
    pub prepare: Duration,
    /// The recognition engine itself.
    pub recognise: Duration,
    /// Text layers judged, words restored.
    pub restore: Duration,
    /// Structure found.
    pub parse: Duration,
    /// Outputs formed and written.
    pub write: Duration,
}

impl Profile {
    /// Adds what `other` cost.
    pub fn add(&mut self, other: &Profile) {
        self.pages += other.pages;
        self.decode += other.decode;
        self.prepare += other.prepare;
        self.recognise += other.recognise;
        self.restore += other.restore;
        self.parse += other.parse;
        self.write += other.write;
    }

    /// The stages in their order, by name.
    #[must_use]
    pub fn stages(&self) -> [(&'static str, Duration); 6] {
        [
            ("decode", self.decode),
            ("prepare", self.prepare),
            ("recognise", self.recognise),
            ("restore", self.restore),
            ("parse", self.parse),
            ("write", self.write),
        ]
    }
}

/// The CPU time that this thread has taken since it began.
#[must_use]
pub fn clock() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let whole = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(whole, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Does `work` and adds its CPU time to `spent`.
pub fn timed<T>(spent: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begun = clock();
    let done = work();
    *spent += clock().saturating_sub(begun);
    done
}
