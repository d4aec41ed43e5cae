//! What persons decide about the documents of an OUT: kept, applied, and given back by every run.
//!
//! ```text
//! a decision ──▶ journal (flushed: kept) ──▶ machine's pages + decisions ──▶ parse ──▶ JSON, text, extras ──▶ ledger
//!                OUT/reviews/NAME.jsonl      (from the JSON, places read again)
//! ```
//!
//! * The journal is the truth, outputs follow from it. `digitise` applies it too ([`super::document`]), so a run gives no decision up.
//! * The machine's own reading can always be got back: pages hold the raw text, `corrections`, `doubtful` and `reviews` what lies over it
//!   ([`crate::model::review`]).
//! * Parsing looks at where words stand, which the JSON does not hold. Where pages have a size, they are read again by a worker and kept
//!   beside the ledger ([`reread`]); without the source their outputs wait.

mod apply;
mod archive;
mod decision;
mod reread;
mod revise;

pub use apply::value;
pub(super) use apply::{fields, log_of, words};
pub(super) use archive::is_behind;
pub use archive::{Archive, ArchiveError, Listed};
pub use decision::{Decision, Kind, Log, rfc3339};
pub use reread::Reader;
pub use revise::{Pending, Revised};
