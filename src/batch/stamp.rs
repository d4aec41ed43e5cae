//! What the file system says of a file without reading it: whether it may have changed since it was last looked at.
//!
//! A stamp holds size, time of modification, time of change and number (inode). The time of change is set by the system
//! whenever content, name or rights change, and no program can set it back, so content that changed under equal size and
//! time of modification is noticed too. What a stamp cannot see is a change within the clock's tick after it was taken:
//! a file that was touched moments ago has no stamp that can be relied upon ([`Stamp::settled`]).

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::ingest::fingerprint_bytes;

/// Coarser clocks than this are not known of file systems (FAT counts in steps of two seconds).
const TICK: Duration = Duration::from_secs(2);

/// The stamp of one file, or of several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    text: String,
    /// When the last of them was touched.
    touched: SystemTime,
}

impl Stamp {
    /// The stamp of the files at `paths`, links followed; `None` if one of them cannot be asked.
    pub fn of(paths: &[PathBuf]) -> Option<Stamp> {
        let all = paths.iter().map(|path| Some(Stamp::from(&fs::metadata(path).ok()?)));
        let all = all.collect::<Option<Vec<Stamp>>>()?;
        match all.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            many => {
                let texts: Vec<&str> = many.iter().map(|stamp| stamp.text.as_str()).collect();
                let touched = many.iter().map(|stamp| stamp.touched).max()?;
                Some(Stamp { text: fingerprint_bytes(texts.join(" ").as_bytes()), touched })
            }
        }
    }

    /// The stamp of an output; `None` if it is not there or no plain file, since a link is not an output of ours.
    pub fn of_output(path: &Path) -> Option<Stamp> {
        fs::symlink_metadata(path).ok().filter(Metadata::is_file).map(|found| Stamp::from(&found))
    }

    /// The stamp as text, if the file had not been touched for a while at `then`: only then does an equal stamp later on say
    /// that nothing changed.
    pub fn settled(&self, then: SystemTime) -> Option<String> {
        let idle = then.duration_since(self.touched).unwrap_or_default();
        (idle > TICK).then(|| self.text.clone())
    }

    /// The stamp as text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&Metadata> for Stamp {
    fn from(found: &Metadata) -> Stamp {
        let text = format!(
            "{} {}.{:09} {}.{:09} {}",
            found.size(),
            found.mtime(),
            found.mtime_nsec(),
            found.ctime(),
            found.ctime_nsec(),
            found.ino()
        );
        let time = |seconds: i64, nanos: i64| {
            let seconds = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
            SystemTime::UNIX_EPOCH + seconds + Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
        };
        let touched = time(found.mtime(), found.mtime_nsec()).max(time(found.ctime(), found.ctime_nsec()));
        Stamp { text, touched }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_under_equal_size_and_time_is_seen() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        fs::write(&path, "một").expect("written");
        let time = fs::metadata(&path).and_then(|found| found.modified()).expect("a time");
        let before = Stamp::of(std::slice::from_ref(&path)).expect("a stamp");
        let other = dir.path().join("b");
        fs::write(&other, "hai").expect("written"); // another size would do, another inode does
        fs::rename(&other, &path).expect("renamed");
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(time))
            .expect("set back");
        assert_ne!(Stamp::of(&[path]), Some(before));
    }

    #[test]
    fn a_stamp_counts_when_the_file_has_been_idle() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        fs::write(&path, "x").expect("written");
        let stamp = Stamp::of_output(&path).expect("a stamp");
        assert_eq!(stamp.settled(stamp.touched + Duration::from_secs(1)), None);
        assert_eq!(stamp.settled(stamp.touched + Duration::from_secs(3)).as_deref(), Some(stamp.text()));
        assert_eq!(Stamp::of_output(dir.path()), None);
        assert_eq!(Stamp::of(&[path, dir.path().join("none")]), None);
    }
}
