//! The database: its tables, how it is opened, and how paths and times are written into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::LedgerError;

/// The number of this format, kept in the database's `user_version`.
const FORMAT: i64 = 3;

/// How long to wait for another process that reads or writes the database.
const PATIENCE: Duration = Duration::from_secs(30);

/// Paths are text where they are UTF-8, else bytes. Times are milliseconds since 1970 (UTC).
const DOCUMENTS: &str = "
CREATE TABLE documents (
    name PRIMARY KEY NOT NULL,      -- what its outputs are called below OUT, less .json and .txt
    path NOT NULL,                  -- where the input was
    bytes INTEGER NOT NULL,
    stamp TEXT,                     -- size, times and inode, if they can be relied upon
    sha256 TEXT,
    media TEXT,
    pages INTEGER,
    tool TEXT NOT NULL,
    options TEXT NOT NULL,
    dictionaries TEXT NOT NULL,
    recognition TEXT,               -- the model, if an image was read
    state TEXT NOT NULL CHECK (state IN ('done', 'done-with-warnings', 'failed', 'skipped')),
    reason TEXT,
    message TEXT,
    attempts INTEGER NOT NULL,
    started INTEGER NOT NULL,
    millis INTEGER NOT NULL,        -- from when it was taken up until it ended
    grade TEXT,
    words INTEGER,
    doubtful INTEGER,
    warnings INTEGER,
    json_stamp TEXT,
    json_sha256 TEXT,
    text_stamp TEXT,
    text_sha256 TEXT,
    extras TEXT NOT NULL DEFAULT '' -- further outputs, one a line: suffix, stamp, hash, parted by tabs
) WITHOUT ROWID;
";

const OTHERS: &str = "
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    ended INTEGER,                  -- NULL while it runs, or if it was killed
    how TEXT,                       -- 'ended', 'interrupted', 'killed'
    tool TEXT NOT NULL,
    process INTEGER NOT NULL,
    done INTEGER, warned INTEGER, skipped INTEGER, failed INTEGER
);
CREATE TABLE lines (path PRIMARY KEY NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 3;
";

/// From the first format: it knew no further outputs.
const FROM_1: &str = "
BEGIN IMMEDIATE;
ALTER TABLE documents ADD COLUMN extras TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 2;
COMMIT;
";

/// From the second: it knew nothing to be skipped. What a column may hold can only be changed with its table.
const FROM_2: [&str; 2] = [
    "BEGIN IMMEDIATE; ALTER TABLE documents RENAME TO documents_2;",
    "INSERT INTO documents SELECT * FROM documents_2; DROP TABLE documents_2; PRAGMA user_version = 3; COMMIT;",
];

/// Notes what is no document. A document of the same name is another input, unless it lay in the same place. What is noted already is left alone.
pub(super) const SKIP: &str = "
INSERT INTO documents (name, path, bytes, tool, options, dictionaries, state, message, attempts, started, millis)
VALUES (?1, ?2, 0, '', '', '', 'skipped', ?3, 1, ?4, 0)
ON CONFLICT (name) DO UPDATE SET bytes = 0, stamp = NULL, sha256 = NULL, media = NULL, pages = NULL, tool = '', options = '',
    dictionaries = '', recognition = NULL, state = 'skipped', reason = NULL, message = excluded.message, attempts = 1,
    started = excluded.started, millis = 0, grade = NULL, words = NULL, doubtful = NULL, warnings = NULL, json_stamp = NULL,
    json_sha256 = NULL, text_stamp = NULL, text_sha256 = NULL, extras = ''
WHERE documents.path = excluded.path AND NOT (documents.state = 'skipped' AND documents.message = excluded.message)";

/// Writes a row, or writes it over an earlier one.
pub(super) const UPSERT: &str = "
INSERT INTO documents VALUES (:name, :path, :bytes, :stamp, :sha256, :media, :pages, :tool, :options, :dictionaries,
    :recognition, :state, :reason, :message, 1, :started, :millis, :grade, :words, :doubtful, :warnings,
    :json_stamp, :json_sha256, :text_stamp, :text_sha256, :extras)
ON CONFLICT (name) DO UPDATE SET path = excluded.path, bytes = excluded.bytes, stamp = excluded.stamp,
    sha256 = excluded.sha256, media = excluded.media, pages = excluded.pages, tool = excluded.tool,
    options = excluded.options, dictionaries = excluded.dictionaries, recognition = excluded.recognition,
    state = excluded.state, reason = excluded.reason, message = excluded.message,
    attempts = CASE WHEN excluded.sha256 IS documents.sha256 THEN documents.attempts + 1 ELSE 1 END,
    started = excluded.started, millis = excluded.millis, grade = excluded.grade, words = excluded.words,
    doubtful = excluded.doubtful, warnings = excluded.warnings, json_stamp = excluded.json_stamp,
    json_sha256 = excluded.json_sha256, text_stamp = excluded.text_stamp, text_sha256 = excluded.text_sha256,
    extras = excluded.extras";

/// Where the database is.
pub(super) fn path(records: &Path) -> PathBuf {
    records.join("ledger.sqlite")
}

/// Opens the database for writing, making it if need be.
pub(super) fn open(path: &Path) -> Result<Connection, LedgerError> {
    let unusable = |source| LedgerError::Unusable { path: path.to_owned(), source };
    let connection = Connection::open(path).map_err(unusable)?;
    connection.busy_timeout(PATIENCE).map_err(unusable)?;
    // A file system without shared memory has no write-ahead log; there each commit has to wait for the disk.
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(unusable)?;
    let synchronous = if mode == "wal" { "NORMAL" } else { "FULL" };
    connection.pragma_update(None, "synchronous", synchronous).map_err(unusable)?;
    loop {
        let step = match format(&connection).map_err(unusable)? {
            0 => format!("BEGIN IMMEDIATE; {DOCUMENTS} {OTHERS} COMMIT;"),
            1 => FROM_1.to_owned(),
            2 => format!("{} {DOCUMENTS} {}", FROM_2[0], FROM_2[1]),
            FORMAT => return Ok(connection),
            found => return Err(LedgerError::Newer { path: path.to_owned(), found }),
        };
        connection.execute_batch(&step).map_err(unusable)?;
    }
}

/// Opens the database of a folder of records for reading, as it is.
pub(super) fn open_to_read(records: &Path, out: &Path) -> Result<Connection, LedgerError> {
    let path = path(records);
    if !path.is_file() {
        return Err(LedgerError::None(out.to_owned()));
    }
    let unusable = |source| LedgerError::Unusable { path: path.clone(), source };
    let plain = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_ONLY;
    let opened = Connection::open_with_flags(&path, plain).and_then(|connection| {
        connection.busy_timeout(PATIENCE)?;
        format(&connection).map(|found| (connection, found))
    });
    let (connection, found) = match opened {
        Ok(opened) => opened,
        // On a read-only medium there can be no shared memory, and nobody can be writing.
        Err(_) => {
            let as_it_lies = format!("file:{}?immutable=1", uri(&path));
            let flags = plain | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(as_it_lies, flags).map_err(unusable)?;
            let found = format(&connection).map_err(unusable)?;
            (connection, found)
        }
    };
    match found {
        // a run has just made the file, and not yet its tables
        0 => Err(LedgerError::None(out.to_owned())),
        1..=FORMAT => Ok(connection),
        found => Err(LedgerError::Newer { path, found }),
    }
}

/// The number of the database's format.
pub(super) fn format(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// A path as it stands in a URI: what has a meaning there is escaped.
fn uri(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut out, byte| {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                out.push(char::from(*byte))
            }
            _ => out.push_str(&format!("%{byte:02x}")),
        }
        out
    })
}

/// Whether the file is no database, or one that is broken.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// Renames a damaged database, and what belongs to it, out of the way. What cannot be renamed makes opening fail again.
pub(super) fn put_aside(path: &Path) {
    let free = |i: &u32| !path.with_extension(format!("damaged-{i}")).exists();
    let number = (1..1000).find(free).unwrap_or(1000);
    let _ = fs::rename(path, path.with_extension(format!("damaged-{number}")));
    for beside in ["sqlite-wal", "sqlite-shm"] {
        let _ = fs::remove_file(path.with_extension(beside));
    }
}

/// A path for the database.
pub(super) fn path_value(path: &Path) -> Value {
    match path.to_str() {
        Some(text) => Value::Text(text.to_owned()),
        None => Value::Blob(path.as_os_str().as_encoded_bytes().to_vec()),
    }
}

/// A time for the database.
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
