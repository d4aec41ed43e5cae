//! Writes what a run comes to: outputs, lines and ledger, in groups and in an order that keeps the promises; then reports.
//!
//! ```text
//! threads of the pool ──desk──▶ scribe: drafts ▶ flush ▶ rename text, JSON ▶ flush folders ▶ lines ▶ ledger ▶ report
//! ```
//!
//! * No output is ever half there: it has its name only when its content is on the disk.
//! * The ledger never says *done* without outputs: it is written after them.
//! * Whoever is told that a document is done can rely on it: reports come last.
//!
//! A kill between two steps loses at most the group in hand: without its row an input is looked at again by the next run,
//! which finds its outputs up to date or makes them anew.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use crate::emit::{self, Draft, EmitError, Extra, Target};
use crate::ingest::{LeftOut, fingerprint_bytes};
use crate::model::Plan;

use super::desk::Desk;
use super::document::failed_output;
use super::failure::{Failure, Reason};
use super::ledger::{Batch, Entry, Ledger, LedgerError, Output, Refreshed, State};
use super::lines::Lines;
use super::report::Outcome;
use super::stamp::Stamp;

/// An input that ended.
#[derive(Debug)]
pub(super) struct Paper {
    /// As the user knows it.
    pub shown: String,
    /// From when it was taken up until it ended.
    pub elapsed: Duration,
    /// How.
    pub ending: Ending,
}

/// How an input ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// Its plan is to be written.
    Made(Box<Made>),
    /// It has no outputs.
    Failed(Box<Entry>, Failure),
    /// It was up to date; new stamps, if they have to be noted.
    Skipped(Option<Refreshed>),
    /// It was up to date, which the ledger did not know.
    Adopted(Box<Entry>, Box<Plan>),
    /// It is no document: noted, and not told.
    LeftOut(LeftOut),
}

/// What was made of an input.
#[derive(Debug)]
pub(super) struct Made {
    pub entry: Entry,
    pub target: Target,
    pub plan: Plan,
    pub json: String,
    pub text: String,
    /// Further outputs.
    pub extras: Vec<(Extra, Content)>,
}

/// A further output, on its way to its place.
#[derive(Debug)]
pub(super) enum Content {
    /// What it is to hold.
    Text(String),
    /// Written already, under a temporary name; with its SHA-256.
    File(Option<Draft>, String),
    /// It cannot be made of this input.
    Refused,
}

impl Paper {
    /// About as many bytes as it holds.
    pub fn bytes(&self) -> usize {
        match &self.ending {
            Ending::Made(made) => {
                let bytes = |content: &Content| match content {
                    Content::Text(text) => text.len(),
                    Content::File(..) => 1 << 20, // it holds an open file, of which there are not many
                    Content::Refused => 0,
                };
                let extras: usize = made.extras.iter().map(|(_, content)| bytes(content)).sum();
                2 * (made.json.len() + made.text.len()) + extras
            }
            _ => 1 << 10,
        }
    }
}

/// The writer of a run.
pub(super) struct Scribe<'a> {
    out: &'a Path,
    ledger: Ledger,
    lines: Option<Lines>,
    /// Told of every input that ended: as the user knows it, how, and after how long.
    report: &'a (dyn Fn(&str, Outcome<'_>, Duration) + Sync),
}

impl<'a> Scribe<'a> {
    pub fn new(
        out: &'a Path,
        ledger: Ledger,
        lines: Option<Lines>,
        report: &'a (dyn Fn(&str, Outcome<'_>, Duration) + Sync),
    ) -> Scribe<'a> {
        Scribe { out, ledger, lines, report }
    }

    /// Writes what comes to the desk until it is closed; then gives the ledger back.
    pub fn work(mut self, desk: &Desk<Paper>) -> Ledger {
        while let Some(mut papers) = desk.take() {
            let written = catch_unwind(AssertUnwindSafe(|| self.write(&mut papers)));
            let failure = match written {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(Failure::new(Reason::OutUnusable, error)),
                Err(panic) => {
                    Some(Failure { reason: Reason::OutUnusable, ..Failure::panicked(panic.as_ref()) })
                }
            };
            if let Some(failure) = failure {
                // Nothing can be relied upon any more: the rest of the run is not written.
                desk.close();
                (self.report)(&self.out.to_string_lossy(), Outcome::Failed(&failure), Duration::ZERO);
                while desk.take().is_some() {}
            }
        }
        self.ledger
    }

    /// Writes a group and reports it. What concerns one output fails its input; an error is about the records.
    fn write(&mut self, papers: &mut [Paper]) -> Result<(), String> {
        self.put_outputs(papers);
        self.put_lines(papers).map_err(|error| error.to_string())?;
        self.commit(papers).map_err(|error| error.to_string())?;
        for paper in papers {
            let outcome = match &paper.ending {
                Ending::Made(made) => Outcome::Done(&made.plan),
                Ending::Failed(_, failure) => Outcome::Failed(failure),
                Ending::Skipped(_) | Ending::Adopted(..) => Outcome::Skipped,
                Ending::LeftOut(_) => continue,
            };
            (self.report)(&paper.shown, outcome, paper.elapsed);
        }
        Ok(())
    }

    fn put_outputs(&self, papers: &mut [Paper]) {
        let mut drafts: Vec<Option<Vec<Draft>>> = papers.iter_mut().map(|paper| self.draft(paper)).collect();
        step();
        let written: Vec<&Draft> = drafts.iter().flatten().flatten().collect();
        let mut settled = emit::settle(&written).into_iter();
        let mut folders = Vec::new();
        for (paper, drafts) in papers.iter_mut().zip(&mut drafts) {
            let Some(drafts) = drafts.take() else { continue };
            // all are taken, though the first error is the one that counts
            let settled: Vec<_> = settled.by_ref().take(drafts.len()).collect();
            let all: Result<Vec<()>, EmitError> = settled.into_iter().collect();
            folders.extend(drafts.first().into_iter().flat_map(|draft| draft.folders(self.out)));
            if let Err(error) = all.and_then(|_| publish(drafts)) {
                self.fail(paper, &error);
            }
            step();
        }
        if let Err(error) = emit::settle_folders(&mut folders) {
            for paper in papers.iter_mut() {
                self.fail(paper, &error);
            }
        }
        for paper in papers {
            self.note_outputs(paper);
        }
    }

    /// Writes all outputs under temporary names, the JSON last.
    fn draft(&self, paper: &mut Paper) -> Option<Vec<Draft>> {
        let Ending::Made(made) = &mut paper.ending else { return None };
        let Made { target, json, text, extras, .. } = &mut **made;
        let disk = |file: &Path| -> Result<(), EmitError> {
            #[cfg(debug_assertions)]
            super::fault::disk().map_err(|source| EmitError::Write { path: self.out.join(file), source })?;
            let _ = file;
            Ok(())
        };
        let draft = |file: &Path, content: &str| {
            disk(file)?;
            Draft::new(self.out, file, content.as_bytes())
        };
        let extras = extras.iter_mut().filter_map(|(extra, content)| match content {
            Content::Text(text) => Some(draft(&extra.file(target), text)),
            Content::File(written, _) => {
                let written = written.take()?;
                Some(disk(&extra.file(target)).map(|()| written))
            }
            Content::Refused => None,
        });
        let plain = [(&target.text, &*text), (&target.json, &*json)];
        let plain = plain.into_iter().map(|(file, content)| draft(file, content));
        let drafts: Result<Vec<Draft>, EmitError> = extras.chain(plain).collect();
        drafts.map_err(|error| self.fail(paper, &error)).ok()
    }

    fn fail(&self, paper: &mut Paper, error: &EmitError) {
        if let Ending::Made(made) = &paper.ending {
            let failure = failed_output(error, self.out);
            let entry = Entry { state: State::Failed, failure: Some(failure.clone()), ..made.entry.clone() };
            paper.ending = Ending::Failed(Box::new(entry), failure);
        }
    }

    /// Notes in the row what the outputs are now.
    fn note_outputs(&self, paper: &mut Paper) {
        let Ending::Made(made) = &mut paper.ending else { return };
        let output = |file: &Path, content: &str| {
            let stamp = Stamp::of_output(&self.out.join(file))?.text().to_owned();
            Some(Output { stamp, sha256: fingerprint_bytes(content.as_bytes()) })
        };
        made.entry.json = output(&made.target.json, &made.json);
        made.entry.text = output(&made.target.text, &made.text);
        let extras = made.extras.iter().filter_map(|(extra, content)| {
            let file = extra.file(&made.target);
            let noted = match content {
                Content::Text(text) => output(&file, text)?,
                Content::File(_, sha256) => {
                    let stamp = Stamp::of_output(&self.out.join(&file))?.text().to_owned();
                    Output { stamp, sha256: sha256.clone() }
                }
                Content::Refused => {
                    // what an earlier run made does not stay beside a newer JSON
                    let _ = emit::discard(self.out, &file);
                    Output::refused()
                }
            };
            Some((*extra, noted))
        });
        made.entry.extras = extras.collect();
    }

    fn put_lines(&mut self, papers: &[Paper]) -> Result<(), EmitError> {
        let Some(lines) = &mut self.lines else { return Ok(()) };
        let mut new = String::new();
        for paper in papers {
            let plan = match &paper.ending {
                Ending::Made(made) => &made.plan,
                Ending::Adopted(_, plan) => &**plan,
                Ending::Failed(..) | Ending::Skipped(_) | Ending::LeftOut(_) => continue,
            };
            let line = emit::json_line(plan);
            if lines.lacks(&line) {
                new.push_str(&line);
            }
        }
        step();
        #[cfg(debug_assertions)]
        if super::fault::is_here() && !new.is_empty() {
            let half = new.len() / 2;
            let _ = lines.append(&new.as_bytes()[..half]);
        }
        step();
        let written = lines.append(new.as_bytes());
        step();
        written.map_err(|source| EmitError::Write { path: lines.path().to_owned(), source })
    }

    fn commit(&mut self, papers: &[Paper]) -> Result<(), LedgerError> {
        let mut batch =
            Batch { lines: self.lines.as_ref().map(|l| (l.path(), l.bytes())), ..Batch::default() };
        for paper in papers {
            match &paper.ending {
                Ending::Made(made) => batch.entries.push(&made.entry),
                // That OUT is full says nothing about the input.
                Ending::Failed(_, failure) if failure.reason == Reason::OutUnusable => {}
                Ending::Failed(entry, _) | Ending::Adopted(entry, _) => batch.entries.push(entry),
                Ending::Skipped(refreshed) => batch.refreshed.extend(refreshed),
                Ending::LeftOut(left_out) => batch.left_out.push(left_out),
            }
        }
        let committed = if batch.is_empty() { Ok(()) } else { self.ledger.commit(&batch) };
        step();
        committed
    }
}

/// The JSON, which comes last, says by its presence that all are there.
fn publish(drafts: Vec<Draft>) -> Result<(), EmitError> {
    for (i, draft) in drafts.into_iter().enumerate() {
        if i > 0 {
            step();
        }
        draft.publish()?;
    }
    Ok(())
}

/// A place where a test may kill the run.
fn step() {
    #[cfg(debug_assertions)]
    super::fault::step();
}
