//! An OUT as those see it who look through it: its documents, their plans, and the one way to decide something.

use std::path::{Path, PathBuf};

use crate::batch::ledger::{Ledger, LedgerError};
use crate::emit::{self, EmitError, Journal, Target, journal_file};
use crate::ingest::Input;
use crate::model::{Page, Plan, RestoredPage};

use super::apply::log_of;
use super::decision::{Decision, Log};
use super::reread::Reader;
use super::revise::{self, Pending, Revised};

/// Why an OUT cannot be looked through.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// OUT cannot be written to.
    #[error(transparent)]
    Out(#[from] EmitError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is nothing in it.
    #[error("{} holds no documents: name a folder that sohoa digitise wrote into", .0.display())]
    Empty(PathBuf),
}

/// A document as a list shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    /// What its outputs are called below OUT, less `.json` and `.txt`.
    pub name: PathBuf,
    /// Where it came from, if the ledger knows.
    pub path: Option<PathBuf>,
    /// Whether it failed, and why.
    pub failure: Option<String>,
    /// Its pages.
    pub pages: u64,
    /// Its words.
    pub words: u64,
    /// Of these, the doubtful ones, as its JSON has them now.
    pub doubtful: u64,
    /// How many warnings its JSON holds.
    pub warnings: u64,
    /// The stamp of its JSON when it was written.
    pub stamp: Option<String>,
}

/// An OUT.
#[derive(Debug, Clone)]
pub struct Archive {
    out: PathBuf,
    scans: Option<PathBuf>,
}

impl Archive {
    /// The OUT at `out`. Sources that are not where they were are looked for in `scans`.
    ///
    /// # Errors
    /// [`ArchiveError::Out`] if it cannot be written to.
    pub fn open(out: &Path, scans: Option<&Path>) -> Result<Archive, ArchiveError> {
        if !out.is_dir() {
            return Err(ArchiveError::Empty(out.to_owned()));
        }
        emit::prepare(out)?;
        let out = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
        Ok(Archive { out, scans: scans.map(Path::to_owned) })
    }

    /// Where it is.
    #[must_use]
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// All its documents by name: those that the ledger knows, or if there is none, those whose JSON is there.
    ///
    /// # Errors
    /// [`ArchiveError::Ledger`], [`ArchiveError::Empty`].
    pub fn documents(&self) -> Result<Vec<Listed>, ArchiveError> {
        let listed = match Ledger::open_to_read(&self.out)? {
            Some(ledger) => ledger.listed()?,
            None => self.by_outputs(),
        };
        if listed.is_empty() { Err(ArchiveError::Empty(self.out.clone())) } else { Ok(listed) }
    }

    fn by_outputs(&self) -> Vec<Listed> {
        let files = walkdir::WalkDir::new(&self.out).sort_by_file_name().into_iter();
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
        };
        let jsons =
            files.filter_entry(visible).filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
        let listed = |entry: walkdir::DirEntry| {
            let name = entry.path().strip_prefix(&self.out).ok()?.to_owned();
            let name =
                Some(name).filter(|name| name.extension().is_some_and(|e| e == "json"))?.with_extension("");
            let plan = revise::read_plan(entry.path()).ok()?;
            let quality = &plan.quality;
            Some(Listed {
                name,
                pages: plan.pages.len() as u64,
                words: u64::from(quality.words),
                doubtful: u64::from(quality.doubtful),
                warnings: plan.warnings.len() as u64,
                ..Listed::default()
            })
        };
        jsons.filter_map(listed).collect()
    }

    /// The plan of the document with these outputs.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub fn plan(&self, target: &Target) -> Result<Plan, String> {
        revise::read_plan(&self.out.join(&target.json))
    }

    /// What was decided about it.
    #[must_use]
    pub fn log(&self, target: &Target) -> Log {
        log_of(&self.out, target)
    }

    /// The source of `listed`, if it is still what `plan` was made from.
    ///
    /// # Errors
    /// Why it is not, for people.
    pub fn source(&self, listed: &Listed, plan: &Plan) -> Result<Input, String> {
        let moved = self.scans.as_ref().map(|scans| scans.join(&listed.name));
        let places: Vec<&PathBuf> = listed.path.iter().chain(&moved).collect();
        let mut why = "the ledger does not say where the source is: name the folder with --scans".to_owned();
        for place in places {
            match Reader::source(place, plan) {
                Ok(input) => return Ok(input),
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    /// Keeps `decisions` about the document with these outputs, if nobody has decided anything about it after its `version`-th
    /// decision. They are on the disk when this returns.
    ///
    /// # Errors
    /// The error; or, without one, what others decided meanwhile is in the journal that comes back.
    pub fn decide(
        &self,
        target: &Target,
        version: Option<usize>,
        decisions: &[Decision],
    ) -> Result<Result<Log, Log>, EmitError> {
        let (mut journal, text) = Journal::open(&self.out, &journal_file(target))?;
        let log = Log::of(&text);
        if version.is_some_and(|version| version != log.version()) {
            return Ok(Err(log));
        }
        let line = |decision: &Decision| serde_json::to_string(decision).unwrap_or_default() + "\n";
        let lines: String = decisions.iter().map(line).collect();
        if lines.is_empty() {
            return Ok(Ok(log));
        }
        revise::step();
        journal.append(&lines)?;
        revise::step();
        Ok(Ok(Log::of(&(text + &lines))))
    }

    /// Whether words have to be found on the pages again before the outputs of `plan` can be made.
    #[must_use]
    pub fn needs_places(plan: &Plan) -> bool {
        revise::needs_places(plan)
    }

    /// Makes the outputs of `listed` those that follow from what was decided. `places` are its pages with the places of words, where it has
    /// any.
    ///
    /// # Errors
    /// [`Pending`]: why they wait.
    pub fn revise(
        &self,
        listed: &Listed,
        target: &Target,
        places: Option<Vec<Page>>,
    ) -> Result<Revised, Pending> {
        let mut searchable = |plan: &Plan, pages: &[RestoredPage], to: &Path| {
            let input = self.source(listed, plan)?;
            Reader::new(&self.out).searchable(&input, plan, pages, to)
        };
        revise::revise(&self.out, &listed.name, target, places, &mut searchable)
    }

    /// The documents about which somebody decided something after their JSON was written: a kill came between.
    #[must_use]
    pub fn behind<'l>(&self, listed: &'l [Listed]) -> Vec<&'l Listed> {
        let is_behind =
            |listed: &&Listed| Target::new(&listed.name).is_ok_and(|target| is_behind(&self.out, &target));
        if !self.out.join("reviews").is_dir() {
            return Vec::new();
        }
        listed.iter().filter(is_behind).collect()
    }
}

/// Whether a decision was noted after the JSON was written.
pub(in crate::batch) fn is_behind(out: &Path, target: &Target) -> bool {
    let touched = |path: PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
    let decided = touched(out.join(journal_file(target)));
    decided.is_some_and(|decided| touched(out.join(&target.json)).is_some_and(|written| decided > written))
}
