//! The ledger: one row for every input of every run into OUT, in an SQLite database beside the outputs.
//!
//! ```text
//! outputs flushed ──▶ outputs in their places ──▶ folders flushed ──▶ rows committed
//! ```
//!
//! Rows are written in groups, after the outputs they speak of are on the disk, so a row that says *done* is never ahead of
//! its outputs. The opposite, outputs without a row, is what a kill between the last two steps leaves; the outputs say
//! themselves what they were made from, and the next run writes the row ([`super::done`]). So the ledger can be lost without
//! loss: it remembers, the outputs are the truth.
//!
//! A group is one transaction. With write-ahead logging such a commit does not wait for the disk; a power cut may take the
//! last rows with it, never a part of one.

mod extras;
mod listing;
mod overview;
mod schema;
mod status;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::emit::Extra;
use crate::ingest::LeftOut;

use super::failure::{Failure, Reason};
use super::lock;
use super::report::Totals;

pub(super) use overview::overview;
pub use status::{Failed, Figures, LastRun, Ranked, Skipped, Status, status};

/// What the ledger cannot do.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be opened, read or written.
    #[error("the ledger {path} cannot be used: {source}; make room or check its permissions, then run again", path = .path.display())]
    Unusable {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// It was written by a later version.
    #[error("the ledger {path} was written by a later version of this program (its format is {found}): use that one, or name another folder with -o", path = .path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// The number of its format.
        found: i64,
    },
    /// There is none.
    #[error("{} has no ledger: name a folder that 'sohoa digitise' has written to", .0.display())]
    None(PathBuf),
}

/// How an input ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Done,
    DoneWithWarnings,
    Failed,
    /// No document: nothing was to be made of it.
    Skipped,
}

impl State {
    /// Whether there are outputs.
    pub fn is_done(self) -> bool {
        matches!(self, State::Done | State::DoneWithWarnings)
    }

    pub fn name(self) -> &'static str {
        match self {
            State::Done => "done",
            State::DoneWithWarnings => "done-with-warnings",
            State::Failed => "failed",
            State::Skipped => "skipped",
        }
    }

    fn of(name: &str) -> State {
        let known = [State::Done, State::DoneWithWarnings, State::Skipped];
        known.into_iter().find(|s| s.name() == name).unwrap_or(State::Failed)
    }
}

/// What an output was when it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub stamp: String,
    pub sha256: String,
}

impl Output {
    /// Stands for an output that cannot be made of its input, so that the next run does not try again.
    pub fn refused() -> Output {
        Output { stamp: "refused".to_owned(), sha256: String::new() }
    }
}

/// What shaped a result, besides the content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recipe {
    /// Program and version.
    pub tool: String,
    /// Options, one after the other.
    pub options: String,
    /// The dictionaries.
    pub dictionaries: String,
    /// The recognition model, if an image was read.
    pub recognition: Option<String>,
}

/// One input's row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// What its outputs are called, below OUT.
    pub name: PathBuf,
    /// Where the input is.
    pub path: PathBuf,
    /// Bytes.
    pub bytes: u64,
    /// Its stamp, if that can be relied upon.
    pub stamp: Option<String>,
    /// SHA-256 of its content, if it could be read.
    pub sha256: Option<String>,
    pub media: Option<&'static str>,
    pub pages: Option<u32>,
    pub recipe: Recipe,
    pub state: State,
    pub failure: Option<Failure>,
    pub started: SystemTime,
    pub elapsed: Duration,
    pub grade: Option<&'static str>,
    pub words: Option<u32>,
    pub doubtful: Option<u32>,
    pub warnings: Option<u32>,
    pub json: Option<Output>,
    pub text: Option<Output>,
    /// Further outputs.
    pub extras: Vec<(Extra, Output)>,
}

/// As much of a row as decides whether its input is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub state: State,
    pub stamp: Option<String>,
    pub sha256: Option<String>,
    pub recipe: Recipe,
    pub json: Option<Output>,
    pub text: Option<Output>,
    pub extras: Vec<(Extra, Output)>,
}

/// An open ledger.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    connection: Connection,
    /// The query for what is known.
    known: &'static str,
}

/// Of a ledger of today, and of one of the format before, which is only read.
const KNOWN: &str = "SELECT state, stamp, sha256, tool, options, dictionaries, recognition,
    json_stamp, json_sha256, text_stamp, text_sha256, extras FROM documents WHERE name = ?1";
const KNOWN_1: &str = "SELECT state, stamp, sha256, tool, options, dictionaries, recognition,
    json_stamp, json_sha256, text_stamp, text_sha256, '' FROM documents WHERE name = ?1";

impl Ledger {
    /// Opens the ledger in the folder of records, or makes it. One that is damaged is put aside, and a new one made: the
    /// outputs say what is done.
    pub fn open(records: &Path) -> Result<Ledger, LedgerError> {
        let path = schema::path(records);
        match schema::open(&path) {
            Err(LedgerError::Unusable { source, .. }) if schema::is_damage(&source) => {
                schema::put_aside(&path);
                tracing::warn!(ledger = %path.display(), "damaged: put aside");
                schema::open(&path)
            }
            opened => opened,
        }
        .map(|connection| Ledger { path, connection, known: KNOWN })
    }

    /// Opens the ledger of `out` for looking up, if there is one.
    pub fn open_to_read(out: &Path) -> Result<Option<Ledger>, LedgerError> {
        let records = lock::records(out);
        match schema::open_to_read(&records, out) {
            Ok(connection) => {
                let path = schema::path(&records);
                let unusable = |source| LedgerError::Unusable { path: path.clone(), source };
                let old = schema::format(&connection).map_err(unusable)? == 1;
                Ok(Some(Ledger { path, connection, known: if old { KNOWN_1 } else { KNOWN } }))
            }
            Err(LedgerError::None(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known of the input whose outputs are called `name`.
    pub fn known(&self, name: &Path) -> Result<Option<Known>, LedgerError> {
        let mut statement = self.connection.prepare_cached(self.known).map_err(|e| self.unusable(e))?;
        statement.query_row([schema::path_value(name)], known).optional().map_err(|e| self.unusable(e))
    }

    /// Writes all of `batch` or nothing. A row in the place of an earlier one counts the attempts at the same content.
    pub fn commit(&mut self, batch: &Batch<'_>) -> Result<(), LedgerError> {
        let written = write(&mut self.connection, batch);
        written.map_err(|e| self.unusable(e))
    }

    /// Notes that a run began; says its number, and whether the one before came to its end.
    pub fn begin(&mut self, tool: &str) -> Result<(i64, bool), LedgerError> {
        let begun = || {
            let unended = "SELECT EXISTS (SELECT 1 FROM runs WHERE ended IS NULL)";
            let unended: bool = self.connection.query_row(unended, [], |row| row.get(0))?;
            let insert = "INSERT INTO runs (started, tool, process) VALUES (?1, ?2, ?3)";
            let now = schema::millis(SystemTime::now());
            self.connection.execute(insert, (now, tool, std::process::id()))?;
            Ok((self.connection.last_insert_rowid(), !unended))
        };
        begun().map_err(|e| self.unusable(e))
    }

    /// Notes how run `number` ended, and that earlier ones did not.
    pub fn end(&mut self, number: i64, totals: &Totals, interrupted: bool) -> Result<(), LedgerError> {
        let how = if interrupted { "interrupted" } else { "ended" };
        let counts = [totals.done, totals.warned, totals.skipped, totals.failures()];
        let [done, warned, skipped, failed] = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let end = || {
            let now = schema::millis(SystemTime::now());
            let earlier = "UPDATE runs SET ended = started, how = 'killed' WHERE ended IS NULL AND id < ?1";
            self.connection.execute(earlier, [number])?;
            let update = "UPDATE runs SET ended = ?2, how = ?3, done = ?4, warned = ?5, skipped = ?6, failed = ?7 WHERE id = ?1";
            self.connection.execute(update, (number, now, how, done, warned, skipped, failed))
        };
        end().map(drop).map_err(|e| self.unusable(e))
    }

    /// How long the JSON Lines file at `path` was when the last rows were committed.
    pub fn lines(&self, path: &Path) -> Result<Option<u64>, LedgerError> {
        let sql = "SELECT bytes FROM lines WHERE path = ?1";
        let bytes = self.connection.query_row(sql, [schema::path_value(path)], |row| row.get::<_, i64>(0));
        let bytes = bytes.optional().map_err(|e| self.unusable(e))?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()))
    }

    fn unusable(&self, source: rusqlite::Error) -> LedgerError {
        LedgerError::Unusable { path: self.path.clone(), source }
    }
}

/// What one transaction writes.
#[derive(Debug, Default)]
pub(super) struct Batch<'a> {
    /// Rows.
    pub entries: Vec<&'a Entry>,
    /// New stamps of inputs that are done.
    pub refreshed: Vec<&'a Refreshed>,
    /// Documents whose outputs were made again after a person's decisions.
    pub revised: Vec<&'a Revision>,
    /// What is no document.
    pub left_out: Vec<&'a LeftOut>,
    /// The JSON Lines file and how long it is.
    pub lines: Option<(&'a Path, u64)>,
}

impl Batch<'_> {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.refreshed.is_empty()
            && self.revised.is_empty()
            && self.left_out.is_empty()
    }
}

/// New stamps of an input that is done, and of its outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refreshed {
    pub name: PathBuf,
    pub stamp: Option<String>,
    pub json_stamp: String,
    pub text_stamp: String,
    pub extras: Vec<(Extra, Output)>,
}

/// What the outputs of a document are after a person's decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Revision {
    pub name: PathBuf,
    pub state: State,
    pub grade: &'static str,
    pub doubtful: u32,
    pub warnings: u32,
    pub json: Output,
    pub text: Output,
    pub extras: Vec<(Extra, Output)>,
}

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    let state: String = row.get(0)?;
    let output = |at: usize| -> rusqlite::Result<Option<Output>> {
        let (stamp, sha256): (Option<String>, Option<String>) = (row.get(at)?, row.get(at + 1)?);
        Ok(stamp.zip(sha256).map(|(stamp, sha256)| Output { stamp, sha256 }))
    };
    let recipe = Recipe {
        tool: row.get(3)?,
        options: row.get(4)?,
        dictionaries: row.get(5)?,
        recognition: row.get(6)?,
    };
    Ok(Known {
        state: State::of(&state),
        stamp: row.get(1)?,
        sha256: row.get(2)?,
        recipe,
        json: output(7)?,
        text: output(9)?,
        extras: extras::read(&row.get::<_, String>(11)?),
    })
}

fn write(connection: &mut Connection, batch: &Batch<'_>) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    batch.entries.iter().try_for_each(|entry| put(&transaction, entry))?;
    for entry in &batch.refreshed {
        let sql =
            "UPDATE documents SET stamp = ?2, json_stamp = ?3, text_stamp = ?4, extras = ?5 WHERE name = ?1";
        let name = schema::path_value(&entry.name);
        let mut statement = transaction.prepare_cached(sql)?;
        let extras = extras::written(&entry.extras);
        statement.execute((name, &entry.stamp, &entry.json_stamp, &entry.text_stamp, extras))?;
    }
    for entry in &batch.revised {
        let sql = "UPDATE documents SET state = ?2, grade = ?3, doubtful = ?4, warnings = ?5, json_stamp = ?6, json_sha256 = ?7,
            text_stamp = ?8, text_sha256 = ?9, extras = ?10 WHERE name = ?1";
        let name = schema::path_value(&entry.name);
        let (json, text) = (&entry.json, &entry.text);
        transaction.prepare_cached(sql)?.execute((
            name,
            entry.state.name(),
            entry.grade,
            entry.doubtful,
            entry.warnings,
            &json.stamp,
            &json.sha256,
            &text.stamp,
            &text.sha256,
            extras::written(&entry.extras),
        ))?;
    }
    for left_out in &batch.left_out {
        let path = std::path::absolute(&left_out.path).unwrap_or_else(|_| left_out.path.clone());
        let (name, path) = (schema::path_value(&left_out.name), schema::path_value(&path));
        let now = schema::millis(SystemTime::now());
        transaction.prepare_cached(schema::SKIP)?.execute((name, path, left_out.why, now))?;
    }
    if let Some((path, bytes)) = batch.lines {
        let sql = "INSERT INTO lines VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes";
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        transaction.prepare_cached(sql)?.execute((schema::path_value(path), bytes))?;
    }
    transaction.commit()
}

fn put(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let output = |output: &Option<Output>| output.clone().map(|output| (output.stamp, output.sha256)).unzip();
    let ((json_stamp, json_sha256), (text_stamp, text_sha256)) = (output(&entry.json), output(&entry.text));
    connection.prepare_cached(schema::UPSERT)?.execute(named_params! {
        ":name": schema::path_value(&entry.name),
        ":path": schema::path_value(&entry.path),
        ":bytes": i64::try_from(entry.bytes).unwrap_or(i64::MAX),
        ":stamp": entry.stamp,
        ":sha256": entry.sha256,
        ":media": entry.media,
        ":pages": entry.pages,
        ":tool": entry.recipe.tool,
        ":options": entry.recipe.options,
        ":dictionaries": entry.recipe.dictionaries,
        ":recognition": entry.recipe.recognition,
        ":state": entry.state.name(),
        ":reason": entry.failure.as_ref().map(|failure| failure.reason.name()),
        ":message": entry.failure.as_ref().map(|failure| failure.message.as_str()),
        ":started": schema::millis(entry.started),
        ":millis": i64::try_from(entry.elapsed.as_millis()).unwrap_or(i64::MAX),
        ":grade": entry.grade,
        ":words": entry.words,
        ":doubtful": entry.doubtful,
        ":warnings": entry.warnings,
        ":json_stamp": json_stamp,
        ":json_sha256": json_sha256,
        ":text_stamp": text_stamp,
        ":text_sha256": text_sha256,
        ":extras": extras::written(&entry.extras),
    })?;
    Ok(())
}

impl Reason {
    /// Its stable name, as ledgers and logs show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::Input => "input",
            Reason::Dependency => "dependency",
            Reason::Crash => "crash",
            Reason::Deadline => "deadline",
            Reason::Output => "output",
            Reason::OutUnusable => "out-unusable",
            Reason::Internal => "internal",
        }
    }
}

#[cfg(test)]
mod tests;
