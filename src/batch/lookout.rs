//! Watching a folder: what is put into it is digitised once it stands still.
//!
//! The system's notices say where to look, never what to think: a file counts as complete when it has not been touched for a
//! while, by its own times, whoever wrote it and however. Notices can be lost when there are very many; then, and once at the
//! start, the whole folder is walked, which the ledger makes cheap. Nothing is remembered between two starts but the ledger.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::gather::{RunError, Tasks, show};
use super::interrupt::Interrupt;
use super::options::Options;
use super::report::{Totals, Watch};
use super::session::Session;

/// How often to look whether the user wants to stop, and whether pending files stand still.
const TICK: Duration = Duration::from_millis(500);

/// At most so many files wait one by one; beyond that the whole folder is walked instead.
const MOST_PENDING: usize = 100_000;

/// Digitises what stands below `folder` and what comes, each file when it has not been touched for `settle`, until
/// `interrupt`. `ended` is told what each round of work came to. The paths of `options` are not looked at.
///
/// # Errors
/// [`RunError`] when it cannot begin, and when OUT cannot be used any more.
pub fn watch(
    options: &Options,
    folder: &Path,
    settle: Duration,
    watch: &dyn Watch,
    interrupt: &Interrupt,
    mut ended: impl FnMut(&Totals),
) -> Result<Totals, RunError> {
    if !folder.is_dir() {
        return Err(RunError::NotAFolder(show(folder)));
    }
    let options = Options { paths: vec![folder.to_owned()], ..options.clone() };
    let (to, notices) = mpsc::channel();
    let unwatchable = |source| RunError::Unwatchable { path: show(folder), source };
    let mut watcher = notify::recommended_watcher(to).map_err(unwatchable)?;
    // Before the first walk, so that nothing falls between the two.
    watcher.watch(folder, RecursiveMode::Recursive).map_err(unwatchable)?;
    Tasks::of(&options)?;
    let session = Session::open(&options, interrupt)?;
    let mut pending = Pending { all: true, files: BTreeSet::new() };
    let mut sum = Totals::default();
    while !interrupt.is_raised() {
        let ready = if pending.all {
            pending.all = false;
            let found = files_below(folder);
            pending.files.extend(found);
            pending.take_still(settle)
        } else {
            pending.take_still(settle)
        };
        if !ready.is_empty() {
            let totals = session.run(Tasks::at(folder, ready, &options), watch)?;
            ended(&totals);
            sum.add(&totals);
            if totals.out_is_unusable() {
                return Ok(sum);
            }
        }
        pending.listen(folder, &notices);
    }
    Ok(sum)
}

/// Files that may have to be digitised.
struct Pending {
    files: BTreeSet<PathBuf>,
    /// Whether any file below the folder may be one.
    all: bool,
}

impl Pending {
    /// Waits for notices, or for a tick to pass.
    fn listen(&mut self, folder: &Path, notices: &Receiver<notify::Result<Event>>) {
        let mut notice = notices.recv_timeout(TICK);
        loop {
            match notice {
                Ok(Ok(event)) => self.note(folder, event),
                // Notices were lost.
                Ok(Err(error)) => {
                    tracing::warn!(%error, "notices were lost: the folder is walked");
                    self.all = true;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
            notice = notices.try_recv().map_err(|_| RecvTimeoutError::Timeout);
        }
        if self.files.len() > MOST_PENDING {
            self.files.clear();
            self.all = true;
        }
    }

    fn note(&mut self, folder: &Path, event: Event) {
        self.all |= event.need_rescan();
        if !matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Modify(_) | EventKind::Any | EventKind::Other
        ) {
            return;
        }
        let absolute = std::path::absolute(folder).ok();
        for path in event.paths {
            // Notices have absolute paths; what is shown and noted has the path that the user gave.
            let Some(below) = absolute.as_ref().and_then(|root| path.strip_prefix(root).ok()) else {
                continue;
            };
            let path = folder.join(below);
            // A folder that was moved here says nothing of the files in it.
            if path.is_dir() && path != folder {
                self.files.extend(files_below(&path));
            } else if path.is_file() {
                self.files.insert(path);
            }
        }
    }

    /// Takes out the files that nobody has touched for `settle`, and forgets those that are gone.
    fn take_still(&mut self, settle: Duration) -> Vec<PathBuf> {
        let now = SystemTime::now();
        let mut still = Vec::new();
        self.files.retain(|path| {
            let Ok(touched) = std::fs::metadata(path).and_then(|found| found.modified()) else {
                return false;
            };
            // A time in the future says nothing: the file is taken as it is, and again when it changes.
            let waits = now.duration_since(touched).is_ok_and(|idle| idle < settle);
            if !waits {
                still.push(path.clone());
            }
            waits
        });
        still
    }
}

/// All files below `folder`, links to files included.
fn files_below(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = walkdir::WalkDir::new(folder).follow_root_links(true).into_iter();
    entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_type().is_dir())
        .map(walkdir::DirEntry::into_path)
}
