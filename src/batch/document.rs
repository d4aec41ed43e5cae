//! One document while its pages are being read by several workers, and what is made of them when the last one is in.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::emit::{self, EmitError};
use crate::ingest::MediaType;
use crate::model::plan::{Source, Warning};
use crate::model::{Decision, Page, Plan, Profile, RestoredPage, profile};

use super::failure::{Failure, Reason};
use super::gather::Job;
use super::ledger::Entry;
use super::options::{Ocr, Options};
use super::ranges::PageRanges;
use super::record;
use super::restoration::Restoration;
use super::reviews;
use super::stamp::Stamp;

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// Unique in the run.
    pub id: u64,
    /// What it is made from and to.
    pub job: Job,
    /// Its content when it was taken up.
    pub read: Identity,
    /// How many pages it has.
    pub count: u32,
    /// The pages to be read, 1-based, ascending.
    pub numbers: Vec<u32>,
    /// When it was taken up.
    pub taken_up: Instant,
    reading: Mutex<Reading>,
}

/// What a document was when it was taken up.
#[derive(Debug)]
pub(super) struct Identity {
    /// SHA-256 of its content.
    pub sha256: String,
    /// The stamp of its files before they were read.
    pub stamp: Option<Stamp>,
    /// Its row in the ledger, as far as it is known.
    pub entry: Entry,
}

#[derive(Debug)]
struct Reading {
    pages: Vec<Option<Page>>,
    left: usize,
    failure: Option<Failure>,
    recognised_by: Option<String>,
}

/// A document whose pages are all read.
#[derive(Debug)]
pub(super) struct Complete {
    /// The pages, in order.
    pub pages: Vec<Page>,
    /// The recognition model, if an image was read.
    pub recognised_by: Option<String>,
}

impl Document {
    /// A document of `count` pages, opened for `job`, which was taken up at `taken_up`; `numbers` are the pages to be read.
    pub fn new(
        id: u64,
        job: Job,
        read: Identity,
        count: u32,
        numbers: Vec<u32>,
        taken_up: Instant,
    ) -> Document {
        let reading = Reading {
            pages: vec![None; numbers.len()],
            left: numbers.len(),
            failure: None,
            recognised_by: None,
        };
        Document { id, job, read, count, numbers, taken_up, reading: Mutex::new(reading) }
    }

    /// What it is.
    pub fn origin(&self) -> Origin {
        Origin {
            name: self.job.input.shown_name(),
            sha256: self.read.sha256.clone(),
            media: self.job.input.media,
            pages: self.count,
            warnings: self.job.input.warnings.clone(),
        }
    }

    /// Whether a page has failed, so that the others need not be read.
    pub fn has_failed(&self) -> bool {
        self.lock().failure.is_some()
    }

    /// Takes what reading the page at `slot` of [`Document::numbers`] came to. `Some` for the last page: then the document
    /// is complete, or failed for the first reason met.
    pub fn take(
        &self,
        slot: usize,
        page: Result<(Page, Option<String>), Failure>,
    ) -> Option<Result<Complete, Failure>> {
        let mut reading = self.lock();
        match page {
            Ok((page, recognised_by)) => {
                if let Some(place) = reading.pages.get_mut(slot) {
                    *place = Some(page);
                }
                reading.recognised_by = reading.recognised_by.take().or(recognised_by);
            }
            Err(failure) => {
                reading.pages.clear(); // not needed any more, and may be large
                reading.failure.get_or_insert(failure);
            }
        }
        reading.left = reading.left.saturating_sub(1);
        if reading.left > 0 {
            return None;
        }
        Some(match reading.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(Complete {
                pages: std::mem::take(&mut reading.pages).into_iter().flatten().collect(),
                recognised_by: reading.recognised_by.take(),
            }),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pages of a document of `count` pages that `ranges` choose; all, if there are none.
///
/// # Errors
/// If they choose none of its pages.
pub(super) fn chosen(count: u32, ranges: Option<&PageRanges>) -> Result<Vec<u32>, Failure> {
    let Some(ranges) = ranges else { return Ok((1..=count).collect()) };
    let numbers: Vec<u32> = ranges.of(count).collect();
    if numbers.is_empty() {
        let message = format!("--pages {ranges} chooses none of its {count} pages: choose others");
        return Err(Failure::new(Reason::Input, message));
    }
    Ok(numbers)
}

/// The failure of a document whose files became others while they were read.
pub(super) fn changed() -> Failure {
    Failure::new(Reason::Input, "the file changed while it was read: run again when it is complete")
}

/// The options that shape a result, as the record shows them.
pub(super) fn shaping(options: &Options) -> Vec<String> {
    let pages = options.pages.as_ref().map(|pages| format!("pages={pages}"));
    let dpi = options.dpi.map(|dpi| format!("dpi={dpi}"));
    let ocr = match options.ocr {
        Ocr::Auto => None,
        Ocr::Always => Some("ocr=always".to_owned()),
        Ocr::Never => Some("ocr=never".to_owned()),
    };
    pages.into_iter().chain(dpi).chain(ocr).collect()
}

/// What a document is, whoever read its pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// Its path as shown to the user, relative to the folder given.
    pub name: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// What the content is.
    pub media: MediaType,
    /// How many pages it has.
    pub pages: u32,
    /// What looks wrong about it as a whole.
    pub warnings: Vec<Warning>,
}

/// Restores and parses the pages of the document from `origin`, with what persons decided about it, and says where the result comes from; with
/// the plan come the pages.
/// What that costs is added to `spent`.
///
/// # Errors
/// If no page has any text because none was to be recognised.
pub(super) fn plan(
    origin: &Origin,
    complete: Complete,
    restoration: &Restoration,
    options: &Options,
    log: &reviews::Log,
    spent: &mut Profile,
) -> Result<(Plan, Vec<RestoredPage>), Failure> {
    let unread = unread(&complete.pages, options);
    if !unread.is_empty() && unread.len() == complete.pages.len() {
        let message = "no page has a text layer: leave out --ocr never, so that their images are recognised";
        return Err(Failure::new(Reason::Input, message));
    }
    let restored = profile::timed(&mut spent.restore, || restoration.document(complete.pages));
    let source = Source {
        path: origin.name.clone(),
        sha256: origin.sha256.clone(),
        media_type: origin.media.name().to_owned(),
        pages: origin.pages,
        tool: TOOL.to_owned(),
        models: complete.recognised_by.into_iter().chain([restoration.name().to_owned()]).collect(),
        options: shaping(options),
    };
    let (restored, decided) = reviews::words(log, restored);
    let mut plan = profile::timed(&mut spent.parse, || record::plan(&restored, source));
    plan.warnings.splice(0..0, origin.warnings.iter().cloned().chain(unread));
    reviews::fields(log, &mut plan, decided);
    Ok((plan, restored))
}

/// A warning for each page that has no text layer and was not to be recognised.
fn unread(pages: &[Page], options: &Options) -> Vec<Warning> {
    let empty = |page: &&Page| page.decision == Decision::TextLayer && page.raw.trim().is_empty();
    let warning = |page: &Page| Warning {
        code: "not-recognised".to_owned(),
        message: "the page has no text layer, and --ocr never leaves its image alone".to_owned(),
        page: Some(page.number),
    };
    let never = options.ocr == Ocr::Never;
    pages.iter().filter(|_| never).filter(empty).map(warning).collect()
}

/// The program and its version, as the record shows them.
pub const TOOL: &str = concat!("sohoa ", env!("CARGO_PKG_VERSION"));

/// An output that could not be written, as a failure of its input; or of the run, if no other could be written either.
pub(super) fn failed_output(error: &EmitError, out: &Path) -> Failure {
    let fatal = error.is_fatal() || emit::prepare(out).is_err();
    Failure::new(if fatal { Reason::OutUnusable } else { Reason::Output }, error.to_string())
}
