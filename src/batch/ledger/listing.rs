//! All documents as a list shows them.

use std::path::PathBuf;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::{Ledger, LedgerError};
use crate::batch::reviews::Listed;

const ALL: &str =
    "SELECT name, path, state, message, pages, words, doubtful, warnings, json_stamp FROM documents
    WHERE state != 'skipped' ORDER BY name";

impl Ledger {
    /// All documents, by name.
    pub fn listed(&self) -> Result<Vec<Listed>, LedgerError> {
        let read = || -> rusqlite::Result<Vec<Listed>> {
            self.connection.prepare(ALL)?.query_map([], listed)?.collect()
        };
        read().map_err(|e| self.unusable(e))
    }
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let count =
        |at: usize| Ok::<u64, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.unwrap_or(0).unsigned_abs());
    let failed = row.get::<_, String>(2)? == "failed";
    let message: Option<String> = row.get(3)?;
    Ok(Listed {
        name: path(row, 0)?,
        path: Some(path(row, 1)?),
        failure: failed.then(|| message.unwrap_or_default()),
        pages: count(4)?,
        words: count(5)?,
        doubtful: count(6)?,
        warnings: count(7)?,
        stamp: row.get(8)?,
    })
}

fn path(row: &Row<'_>, at: usize) -> rusqlite::Result<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(match row.get_ref(at)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => std::ffi::OsString::from_vec(bytes.to_vec()).into(),
        _ => PathBuf::new(),
    })
}
