//! How long work inside this process may take: for stages that cannot be killed from outside, as a worker process can.
//!
//! A thread cannot be ended from outside without leaving its memory in an unknown state. So loops whose length an input decides ask
//! [`check`] on their way, once a window of words or a line. When the time is over, `check` does not return: it unwinds to
//! [`within`], as a panic would, but without a message and without being counted as one. All that was in hand is dropped in order.
//! Outside of `within`, `check` costs a look at a thread's own variable and nothing happens.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

thread_local! {
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The time was over before the work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time was over before the work was done")]
pub struct Overdue;

/// Puts back what was there before, however the work ends.
struct Restored(Option<Instant>);

impl Drop for Restored {
    fn drop(&mut self) {
        UNTIL.set(self.0);
    }
}

/// What `work` comes to, if it does so before `until`. Panics of `work` pass through. What `work` changes outside of itself may be in any
/// state when it is overdue, as after a panic.
///
/// ```
/// use sohoa::model::patience::{Overdue, check, within};
/// use std::time::{Duration, Instant};
/// assert_eq!(within(Instant::now() + Duration::from_secs(60), || 7), Ok(7));
/// assert_eq!(within(Instant::now(), || loop { check() }), Err::<(), _>(Overdue));
/// ```
///
/// # Errors
/// [`Overdue`].
pub fn within<T>(until: Instant, work: impl FnOnce() -> T) -> Result<T, Overdue> {
    let before = UNTIL.get();
    // the nearer of two deadlines counts
    let _restored = Restored(UNTIL.replace(Some(before.map_or(until, |outer| outer.min(until)))));
    catch_unwind(AssertUnwindSafe(work)).or_else(|panic| match panic.downcast::<Overdue>() {
        // that of the work around this one: it is for that one to say
        Ok(overdue) if before.is_some_and(|outer| outer < until) => resume_unwind(overdue),
        Ok(_) => Err(Overdue),
        Err(panic) => resume_unwind(panic),
    })
}

/// Returns if there is time left, or if nobody counts it.
pub fn check() {
    if UNTIL.get().is_some_and(|until| Instant::now() >= until) {
        resume_unwind(Box::new(Overdue));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    #[test]
    fn outside_there_is_no_hurry() {
        check();
        assert_eq!(within(Instant::now(), || 1), Ok(1), "what never asks is never late");
        check();
    }

    #[test]
    fn the_nearer_deadline_counts_and_is_reported_where_it_was_set() {
        let inner = within(later(), || within(Instant::now(), check));
        assert_eq!(inner, Ok(Err(Overdue)));
        let outer = within(Instant::now(), || within(later(), check));
        assert_eq!(outer, Err(Overdue));
    }

    #[test]
    fn panics_are_not_taken_for_lateness_and_the_deadline_goes_with_its_work() {
        let panicked = catch_unwind(|| within(later(), || resume_unwind(Box::new("a bug"))));
        let why = panicked.map(|late: Result<(), Overdue>| late).expect_err("passed through");
        assert_eq!(why.downcast_ref::<&str>(), Some(&"a bug"));
        assert_eq!(UNTIL.get(), None);
    }
}
