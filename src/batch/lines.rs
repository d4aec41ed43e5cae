//! One file of JSON Lines for all documents of a run, each on one line as it ends.
//!
//! A kill can leave a partial last line, which is cut off, and whole lines of documents whose rows the ledger does not have
//! yet. How long the file was when the last rows were committed stands in the ledger; a line that stands after that place
//! already is not written again. No whole line is ever removed: the file may hold what others wrote.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::ingest::fingerprint_bytes;

/// The file, open and locked for this run.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Digests of the lines that are there already.
    there: HashSet<String>,
}

impl Lines {
    /// Opens the file at `path`, or makes it, and repairs its end. `committed` is how long it was when the ledger's last rows
    /// were written.
    pub fn open(path: &Path, committed: Option<u64>) -> io::Result<Lines> {
        let path = std::path::absolute(path)?;
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path)?;
        file.try_lock().map_err(|_| io::Error::other("another run writes it; wait for its end"))?;
        let bytes = repair(&mut file)?;
        let there = match committed {
            Some(committed) if committed < bytes => lines_from(&mut file, committed)?,
            _ => HashSet::new(),
        };
        Ok(Lines { path, file, bytes, there })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long it is, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether `line` is not among those that a killed run left.
    pub fn lacks(&mut self, line: &str) -> bool {
        !self.there.remove(&fingerprint_bytes(line.trim_end_matches('\n').as_bytes()))
    }

    /// Appends whole lines and flushes them to disk; on an error, none of them is there.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut put = || {
            self.file.seek(SeekFrom::Start(self.bytes))?;
            self.file.write_all(lines)?;
            self.file.sync_data()
        };
        if let Err(error) = put() {
            // If this fails too, the next run repairs it.
            let _ = self.file.set_len(self.bytes);
            return Err(error);
        }
        self.bytes += lines.len() as u64;
        Ok(())
    }
}

/// Cuts off a last line that is not whole; one that only lacks its newline gets it. Says how long the file is then.
fn repair(file: &mut File) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut start = length; // of the last line
    let mut block = vec![0; 1 << 16];
    while start > 0 {
        let from = start.saturating_sub(block.len() as u64);
        let part = &mut block[..(start - from) as usize]; // at most the block's length
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(part)?;
        match part.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => {
                start = from + at as u64 + 1;
                break;
            }
            None => start = from,
        }
    }
    if start == length {
        return Ok(length);
    }
    file.seek(SeekFrom::Start(start))?;
    let whole = serde_json::from_reader::<_, serde::de::IgnoredAny>(BufReader::new(&mut *file)).is_ok();
    if whole {
        file.seek(SeekFrom::Start(length))?;
        file.write_all(b"\n")?;
        return Ok(length + 1);
    }
    file.set_len(start)?;
    Ok(start)
}

/// Digests of the lines that begin at or after `from`.
fn lines_from(file: &mut File, from: u64) -> io::Result<HashSet<String>> {
    file.seek(SeekFrom::Start(from))?;
    BufReader::new(file).split(b'\n').map(|line| Ok(fingerprint_bytes(&line?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit;
    use crate::model::Plan;

    fn line(name: &str) -> String {
        let mut plan = Plan { schema_version: "1.1".into(), ..Plan::default() };
        plan.source.path = name.into();
        plan.source.sha256 = "00".into();
        emit::json_line(&plan)
    }

    #[test]
    fn a_partial_last_line_goes_and_known_documents_get_no_second_line() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("all.jsonl");
        let mut lines = Lines::open(&path, None).expect("made");
        lines.append(line("a").as_bytes()).expect("written");
        let committed = lines.bytes();
        lines.append(line("b").as_bytes()).expect("written");
        lines.append(&line("c").as_bytes()[..200]).expect("written");
        assert!(Lines::open(&path, None).is_err(), "locked");
        drop(lines);
        let mut lines = Lines::open(&path, Some(committed)).expect("opened");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), line("a") + &line("b"));
        assert!(lines.lacks(&line("a")) && !lines.lacks(&line("b")) && lines.lacks(&line("c")));
        assert!(lines.lacks(&line("b")), "once");
    }

    #[test]
    fn whole_lines_of_others_stay() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("all.jsonl");
        let long = format!("[\"{}\"]", "x".repeat(200_000));
        for (before, after) in [
            ("", ""),
            ("{\"a\": 1}", "{\"a\": 1}\n"),
            ("no json\n{\"a\"", "no json\n"),
            (&long, &(long.clone() + "\n")),
        ] {
            std::fs::write(&path, before).expect("written");
            let lines = Lines::open(&path, Some(3)).expect("opened");
            assert_eq!(std::fs::read_to_string(&path).expect("there"), after);
            assert_eq!(lines.bytes(), after.len() as u64);
        }
    }
}
