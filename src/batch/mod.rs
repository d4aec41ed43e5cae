//! The run over many documents: gathers inputs, spreads their pages over worker processes, takes each document through
//! all stages and writes its outputs. The only room that knows the order of the stages.
//!
//! ```text
//!          ┌ gather ┐      ┌──────── rayon, one unit a page ─────────┐      ┌ last page in ┐
//! paths ──▶ jobs ────▶ queue ──▶ slot ═pipe═▶ worker process          ──▶ document ──▶ restore, parse, emit
//!                                             decode, recognise
//! ```
//!
//! * **Isolation.** Decoders and Tesseract run in child processes ([`serve`]) with a memory limit. A child that crashes,
//!   hangs, floods or talks nonsense is killed and replaced, and the run goes on; a page has a deadline. Text needs no child.
//! * **Order of work.** Pages of open documents come before further documents, so memory does not grow with the number of
//!   inputs: images stay in the children, and the parent holds the words of the documents that are open.
//! * **Results** do not depend on the number of threads: pages are put in order before anything is made of them.
//! * **Endings.** Every input ends once, as done, up to date or failed with a reason ([`Outcome`]); outputs are whole or not there.
//!
//! Limits: outputs that exist tell what is done (there is no ledger); a run holds the list of its inputs in memory.

mod child;
mod document;
mod done;
mod engine;
mod failure;
#[cfg(debug_assertions)]
mod fault;
mod gather;
mod interrupt;
mod options;
mod protocol;
mod queue;
mod ranges;
mod record;
mod report;
mod restoration;
mod run;
mod slot;
mod wire;
mod worker;

pub use child::WORKER;
pub use document::TOOL;
pub use failure::{Failure, Reason};
pub use gather::{Gathered, Job, RunError, gather};
pub use interrupt::{INTERRUPTED, Interrupt};
pub use options::{ModelChoice, Options};
pub use ranges::{BadRange, PageRanges};
pub use record::plan;
pub use report::{Outcome, Report, Totals, Watch, one_line};
pub use restoration::Restoration;
pub use run::{Planned, preview, run};
pub use worker::serve;
