//! The run over many documents: finds inputs, spreads their pages over worker processes, takes each document through
//! all stages, writes its outputs and keeps a ledger. The only room that knows the order of the stages.
//!
//! ```text
//!        ┌ finder ┐      ┌──────── rayon, one unit a page ─────────┐      ┌ last page in ┐      ┌ scribe ┐
//! paths ──▶ tasks ───▶ queue ──▶ slot ═pipe═▶ worker process        ──▶ document ─▶ restore, ──▶ outputs,
//!                                            decode, recognise                      parse        ledger
//! ```
//!
//! * **Isolation.** Decoders and Tesseract run in child processes ([`serve`]) with a memory limit. A child that crashes,
//!   hangs, floods or talks nonsense is killed and replaced, and the run goes on; pages and documents have deadlines. Text
//!   needs no child.
//! * **Order of work.** Inputs are found as the run goes on, and pages of open documents come before further documents, so memory
//!   does not grow with the number of inputs: images stay in the children, and the parent holds the words of the documents
//!   that are open.
//! * **Results** do not depend on the number of threads: pages are put in order before anything is made of them.
//! * **Endings.** Every input ends once, as done, up to date or failed with a reason ([`Outcome`]); what lies between the inputs and is no
//!   document is noted as skipped. Outputs are whole or not there, and the ledger ([`status()`]) never runs ahead of them.
//! * **Time.** Restoration and parsing run in the parent, in threads that cannot be killed; they ask on their way whether a
//!   document has time left ([`crate::model::patience`]).
//!
//! Limits: between two such questions, steps that take a time proportional to the page (such as taking it apart into words) are not interrupted. Where
//! several paths are given, eight bytes of each name and sixteen of each path are held.

mod child;
mod desk;
mod digitiser;
mod document;
mod done;
mod engine;
mod entry;
mod export;
mod failure;
#[cfg(debug_assertions)]
mod fault;
mod gather;
mod interrupt;
mod ledger;
mod lines;
mod lock;
mod lookout;
mod options;
mod overview;
mod plain;
mod preview;
mod protocol;
mod queue;
mod ranges;
mod record;
mod report;
mod restoration;
mod reviews;
mod run;
mod scribe;
mod searchable;
mod session;
mod shard;
mod slot;
mod stamp;
mod wire;
mod witness;
mod worker;

pub use child::{WORKER, WorkerCommand};
pub use digitiser::{Digitiser, Examined, Given, Portion, Progress};
pub use document::TOOL;
pub use export::{ExportError, Exported, export};
pub use failure::{Failure, Reason, Stage};
pub use gather::{Job, RunError, Unreadable};
pub use interrupt::{INTERRUPTED, Interrupt};
pub use ledger::{Failed, Figures, LastRun, LedgerError, Ranked, Skipped, Status, status};
pub use lookout::watch;
pub use options::{ModelChoice, Ocr, Options};
pub use overview::{REPORT, ReportError, report_is_free, report_page, write_report};
pub use plain::parse_text;
pub use preview::{Planned, preview};
pub use ranges::{BadRange, PageRanges};
pub use record::plan;
pub use report::{Outcome, Report, Totals, Watch, one_line};
pub use restoration::Restoration;
pub use reviews::{
    Archive, ArchiveError, Decision as ReviewDecision, Kind as ReviewDecisionKind, Listed, Log as ReviewLog,
    Pending, Reader, Revised, rfc3339, value as review_field,
};
pub use session::run;
pub use shard::{BadShard, Shard};
pub use worker::serve;
