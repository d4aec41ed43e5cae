//! A file of lines that only grows: what persons decided about one document, a line each.
//!
//! A line is on the disk before anybody is told that it is kept. A kill can leave a partial last line, which the next one who opens the
//! file for writing cuts off; readers pass over it. Several processes may write: each locks the file for as long as it
//! holds the [`Journal`].

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::atomic::{folder_for, settle_folders};
use super::{EmitError, Target};

/// The folder inside OUT that holds what persons decided.
const REVIEWS: &str = "reviews";

/// The journal of the document with these outputs, relative to OUT: `plans/a.pdf` has `reviews/plans/a.pdf.jsonl`.
#[must_use]
pub fn journal_file(target: &Target) -> PathBuf {
    Path::new(REVIEWS).join(target.json.with_extension("jsonl"))
}

/// A journal, open for writing and locked.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// How long it is, whole lines only.
    bytes: u64,
    /// Folders to be flushed with the first line.
    folders: Vec<PathBuf>,
}

impl Journal {
    /// Opens the journal at `relative` below `out`, or makes it, waits until no other process writes it, and cuts off what is no whole line.
    /// Gives its lines too.
    ///
    /// # Errors
    /// As [`super::write()`].
    pub fn open(out: &Path, relative: &Path) -> Result<(Journal, String), EmitError> {
        let path = out.join(relative);
        let folder = folder_for(out, relative)?;
        let failed = |source| EmitError::Write { path: path.clone(), source };
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(EmitError::Link(path));
        }
        let is_new = !path.exists();
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = file.map_err(failed)?;
        file.lock().map_err(failed)?;
        let (text, whole) = read(&mut file).map_err(failed)?;
        if whole < text.len() {
            file.set_len(whole as u64).map_err(failed)?;
        }
        let ancestors = folder.ancestors().take_while(|folder| folder.starts_with(out)).map(Path::to_owned);
        let folders = if is_new { ancestors.collect() } else { Vec::new() };
        let text = String::from_utf8_lossy(&text[..whole]).into_owned();
        Ok((Journal { path: path.clone(), file, bytes: whole as u64, folders }, text))
    }

    /// Appends whole lines and flushes them to disk; on an error, none of them is there.
    ///
    /// # Errors
    /// [`EmitError::Write`].
    pub fn append(&mut self, lines: &str) -> Result<(), EmitError> {
        debug_assert!(lines.ends_with('\n'));
        let mut put = || {
            self.file.seek(SeekFrom::Start(self.bytes))?;
            self.file.write_all(lines.as_bytes())?;
            self.file.sync_data()
        };
        if let Err(source) = put() {
            // If this fails too, whoever opens it next repairs it.
            let _ = self.file.set_len(self.bytes);
            return Err(EmitError::Write { path: self.path.clone(), source });
        }
        self.bytes += lines.len() as u64;
        settle_folders(&mut self.folders)
    }

    /// The whole lines of the journal at `relative`, which may be written meanwhile; none if there is no such file.
    ///
    /// # Errors
    /// What the system says when it cannot be read.
    pub fn read(out: &Path, relative: &Path) -> io::Result<String> {
        match File::open(out.join(relative)) {
            Ok(mut file) => {
                let (text, whole) = read(&mut file)?;
                Ok(String::from_utf8_lossy(&text[..whole]).into_owned())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error),
        }
    }
}

/// All bytes, and how many of them are whole lines.
fn read(file: &mut File) -> io::Result<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok((bytes, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_a_partial_one_goes() {
        let out = tempfile::tempdir().expect("a folder");
        let target = Target::new(Path::new("b/a.pdf")).expect("a name");
        let file = journal_file(&target);
        assert_eq!(file, Path::new("reviews/b/a.pdf.jsonl"));
        assert_eq!(Journal::read(out.path(), &file).expect("none"), "");
        let (mut journal, text) = Journal::open(out.path(), &file).expect("made");
        assert_eq!(text, "");
        journal.append("{\"a\": 1}\n").expect("written");
        journal.append("{\"b\": 2}\n").expect("written");
        drop(journal);
        let path = out.path().join(&file);
        let mut whole = fs::read_to_string(&path).expect("there");
        fs::write(&path, whole.clone() + "{\"c\": ").expect("written");
        assert_eq!(Journal::read(out.path(), &file).expect("read"), whole);
        let (mut journal, text) = Journal::open(out.path(), &file).expect("opened");
        assert_eq!(text, whole);
        journal.append("{\"d\": 4}\n").expect("written");
        whole.push_str("{\"d\": 4}\n");
        assert_eq!(fs::read_to_string(&path).expect("there"), whole);
    }
}
