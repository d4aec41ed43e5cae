//! What the ledger adds up to, for people and programs.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde::Serialize;

use super::{LedgerError, schema};
use crate::batch::lock;
use crate::batch::report::one_line;

/// The state of everything that was ever digitised into one OUT.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// How many inputs are in which state.
    #[serde(flatten)]
    pub figures: Figures,
    /// The failed ones, by reason and name.
    pub failures: Vec<Failed>,
    /// What was skipped, by what it is instead of a document, the most frequent first.
    pub skips: Vec<Skipped>,
    /// Those that took longest, the slowest first.
    pub slowest: Vec<Ranked>,
    /// Those that are done but can be trusted least, the worst first.
    pub worst: Vec<Ranked>,
    /// The last run.
    pub last_run: Option<LastRun>,
}

/// How many inputs are in which state.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// All inputs that ended, but for those that are no documents.
    pub documents: u64,
    /// Done, without warnings.
    pub done: u64,
    /// Done, with warnings in their JSON.
    pub done_with_warnings: u64,
    /// Failed.
    pub failed: u64,
    /// Entries of folders that are no documents. (What was up to date is done.)
    pub skipped: u64,
    /// Pages of the documents that are done.
    pub pages: u64,
    /// Their words.
    pub words: u64,
    /// Of these, the doubtful ones.
    pub doubtful: u64,
    /// How many are graded good, fair, poor.
    pub grades: [u64; 3],
    /// Seconds from when a document was taken up until it ended, summed.
    pub seconds: f64,
}

/// What is no document, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// What it is.
    pub why: String,
    /// How many there are.
    pub count: u64,
    /// Where one of them is.
    pub example: String,
}

/// A failed input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Where it is.
    pub path: String,
    /// What its outputs would be called.
    pub name: String,
    /// The kind of failure.
    pub reason: String,
    /// What happened and what to do.
    pub message: String,
    /// How often this content was tried.
    pub attempts: u64,
}

/// An input with the figures that put it where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// Where it is.
    pub path: String,
    /// What its outputs are called.
    pub name: String,
    /// From when it was taken up until it ended.
    pub seconds: f64,
    /// Its pages.
    pub pages: Option<u64>,
    /// `good`, `fair` or `poor`.
    pub grade: Option<String>,
    /// Its words.
    pub words: Option<u64>,
    /// Of these, the doubtful ones.
    pub doubtful: Option<u64>,
    /// How many warnings its JSON holds.
    pub warnings: Option<u64>,
}

/// A run into OUT. The counts are there when it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastRun {
    /// Milliseconds since 1970 (UTC).
    pub started: i64,
    /// Likewise; none while it runs, and if it was killed.
    pub ended: Option<i64>,
    /// `ended`, `interrupted`, `killed`, or `not ended`: it runs, or was killed and no other has begun since.
    pub how: String,
    /// Program and version.
    pub tool: String,
    /// Done.
    pub done: Option<u64>,
    /// Of these, with warnings.
    pub warned: Option<u64>,
    /// Up to date already.
    pub skipped: Option<u64>,
    /// Failed.
    pub failed: Option<u64>,
}

/// Reads the ledger of `out`, with the `most` slowest and worst documents. A run may be going on meanwhile.
///
/// # Errors
/// [`LedgerError`].
pub fn status(out: &Path, most: usize) -> Result<Status, LedgerError> {
    let records = lock::records(out);
    let connection = schema::open_to_read(&records, out)?;
    // One moment for all questions, whatever a run writes meanwhile.
    let moment = connection.unchecked_transaction().and_then(|moment| read(&moment, most, usize::MAX));
    moment.map_err(|source| LedgerError::Unusable { path: schema::path(&records), source })
}

/// With so many of the slowest and worst documents and so many failures.
pub(super) fn read(moment: &Connection, most: usize, most_failures: usize) -> rusqlite::Result<Status> {
    let ranked = |rest: &str| {
        let sql = format!(
            "SELECT path, name, millis / 1000.0, pages, grade, words, doubtful, warnings FROM documents {rest} LIMIT {most}"
        );
        moment.prepare(&sql)?.query_map([], ranked)?.collect::<rusqlite::Result<Vec<Ranked>>>()
    };
    Ok(Status {
        figures: moment.query_row(FIGURES, [], figures)?,
        failures: failures(moment, None, most_failures)?,
        skips: moment.prepare(SKIPS)?.query_map([], skipped)?.collect::<rusqlite::Result<_>>()?,
        slowest: ranked("WHERE state != 'skipped' ORDER BY millis DESC, name")?,
        worst: ranked(
            "WHERE grade IN ('poor', 'fair') ORDER BY grade = 'poor' DESC, 1.0 * doubtful / max(words, 1) DESC, warnings DESC, name",
        )?,
        last_run: moment.prepare(LAST_RUN)?.query_map([], last_run)?.next().transpose()?,
    })
}

/// Failures, all or those with one reason, no more than `most`.
pub(super) fn failures(
    connection: &Connection,
    reason: Option<&str>,
    most: usize,
) -> rusqlite::Result<Vec<Failed>> {
    let sql = "SELECT path, name, ifnull(reason, ''), ifnull(message, ''), attempts FROM documents
        WHERE state = 'failed' AND (?1 IS NULL OR ifnull(reason, '') = ?1) ORDER BY reason, name LIMIT ?2";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection.prepare(sql)?.query_map((reason, most), failed)?.collect()
}

const SKIPS: &str = "SELECT message, count(*), min(path) FROM documents WHERE state = 'skipped'
    GROUP BY message ORDER BY count(*) DESC, message";

const FIGURES: &str =
    "SELECT count(*) FILTER (WHERE state != 'skipped'), count(*) FILTER (WHERE state = 'done'),
    count(*) FILTER (WHERE state = 'done-with-warnings'), count(*) FILTER (WHERE state = 'failed'),
    ifnull(sum(pages) FILTER (WHERE state != 'failed'), 0), ifnull(sum(words), 0), ifnull(sum(doubtful), 0),
    count(*) FILTER (WHERE grade = 'good'), count(*) FILTER (WHERE grade = 'fair'),
    count(*) FILTER (WHERE grade = 'poor'), ifnull(sum(millis), 0) / 1000.0,
    count(*) FILTER (WHERE state = 'skipped') FROM documents";

const LAST_RUN: &str =
    "SELECT started, CASE how WHEN 'killed' THEN NULL ELSE ended END, ifnull(how, 'not ended'), tool,
    done, warned, skipped, failed FROM runs ORDER BY id DESC LIMIT 1";

fn figures(row: &Row<'_>) -> rusqlite::Result<Figures> {
    Ok(Figures {
        documents: count(row, 0)?,
        done: count(row, 1)?,
        done_with_warnings: count(row, 2)?,
        failed: count(row, 3)?,
        pages: count(row, 4)?,
        words: count(row, 5)?,
        doubtful: count(row, 6)?,
        grades: [count(row, 7)?, count(row, 8)?, count(row, 9)?],
        seconds: row.get(10)?,
        skipped: count(row, 11)?,
    })
}

fn skipped(row: &Row<'_>) -> rusqlite::Result<Skipped> {
    Ok(Skipped { why: row.get(0)?, count: count(row, 1)?, example: path(row, 2)? })
}

fn failed(row: &Row<'_>) -> rusqlite::Result<Failed> {
    Ok(Failed {
        path: path(row, 0)?,
        name: path(row, 1)?,
        reason: row.get(2)?,
        message: row.get(3)?,
        attempts: count(row, 4)?,
    })
}

fn ranked(row: &Row<'_>) -> rusqlite::Result<Ranked> {
    Ok(Ranked {
        path: path(row, 0)?,
        name: path(row, 1)?,
        seconds: row.get(2)?,
        pages: some(row, 3)?,
        grade: row.get(4)?,
        words: some(row, 5)?,
        doubtful: some(row, 6)?,
        warnings: some(row, 7)?,
    })
}

fn last_run(row: &Row<'_>) -> rusqlite::Result<LastRun> {
    Ok(LastRun {
        started: row.get(0)?,
        ended: row.get(1)?,
        how: row.get(2)?,
        tool: row.get(3)?,
        done: some(row, 4)?,
        warned: some(row, 5)?,
        skipped: some(row, 6)?,
        failed: some(row, 7)?,
    })
}

/// A count, which is never negative.
fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(at)?.unsigned_abs())
}

fn some(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(i64::unsigned_abs))
}

/// A path on one line; one that is not UTF-8 is shown with replacement characters.
fn path(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(at)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => one_line(&String::from_utf8_lossy(bytes)),
        _ => String::new(),
    })
}
