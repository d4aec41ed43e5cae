//! What a run would do, without doing it.

use super::done::Yardstick;
use super::gather::{Job, RunError, Task, Tasks, Unreadable};
use super::ledger::{Ledger, State};
use super::options::Options;
use super::restoration::Restoration;
use super::run::content_digest;

/// What a run would do with one input.
#[derive(Debug)]
pub enum Planned {
    /// A document would be done, or skipped because its outputs are up to date.
    Document {
        /// The document.
        job: Job,
        /// Whether a run would skip it.
        up_to_date: bool,
    },
    /// Something that cannot be read.
    Unreadable(Unreadable),
}

/// What [`super::run`] would do; reads the inputs to see what is up to date and writes nothing.
///
/// # Errors
/// [`RunError`].
pub fn preview(options: &Options, mut each: impl FnMut(Planned)) -> Result<(), RunError> {
    let tasks = Tasks::of(options)?;
    let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
    let recognition = super::engine::model_name(options.model.name());
    let yardstick = Yardstick::new(options, restoration.name(), recognition.as_deref());
    let ledger = Ledger::open_to_read(&options.out)?;
    for task in tasks {
        match task {
            Task::LeftOut(_) => {}
            Task::Unreadable(unreadable) => each(Planned::Unreadable(unreadable)),
            Task::Job(job) => {
                let known = match &ledger {
                    Some(ledger) => ledger.known(&job.input.name)?,
                    None => None,
                };
                let failed = known.as_ref().is_some_and(|known| known.state == State::Failed);
                if options.retry_failed && !failed {
                    continue;
                }
                let stamp = job.stamp();
                let is_done = || match &known {
                    Some(known) => {
                        yardstick.by_stamps(&job, known, stamp.as_ref())
                            || content_digest(&job)
                                .is_ok_and(|sha256| yardstick.by_hashes(&job, known, &sha256, None).is_some())
                    }
                    None => {
                        content_digest(&job).is_ok_and(|sha256| yardstick.by_outputs(&job, &sha256).is_some())
                    }
                };
                let up_to_date = !options.force && is_done();
                each(Planned::Document { job, up_to_date });
            }
        }
    }
    Ok(())
}
