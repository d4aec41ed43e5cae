//! One run at a time writes into OUT: a lock on a file in its folder of records, which the system frees when the process
//! ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::interrupt::Interrupt;

/// The folder inside OUT that holds what runs keep about themselves.
const RECORDS: &str = ".sohoa";

/// How long to sleep between two looks at a lock that another run holds.
const PATIENCE: Duration = Duration::from_millis(250);

/// The folder of records inside `out`.
pub(super) fn records(out: &Path) -> PathBuf {
    out.join(RECORDS)
}

/// OUT, locked. Dropping it frees the lock.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Why OUT is not locked.
#[derive(Debug)]
pub(super) enum Unlocked {
    /// Another run holds it.
    Held,
    /// The user gave up waiting.
    Interrupted,
    /// The system refused.
    System(io::Error),
}

impl Lock {
    /// Locks `out`, making its folder of records if need be; with `wait`, waits for a run that holds it.
    pub fn take(out: &Path, wait: bool, interrupt: &Interrupt) -> Result<Lock, Unlocked> {
        let folder = records(out);
        let open = fs::create_dir_all(&folder).and_then(|()| {
            File::options().create(true).truncate(false).write(true).open(folder.join("lock"))
        });
        let file = open.map_err(Unlocked::System)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::Error(error)) => return Err(Unlocked::System(error)),
                Err(TryLockError::WouldBlock) if !wait => return Err(Unlocked::Held),
                Err(TryLockError::WouldBlock) if interrupt.is_raised() => return Err(Unlocked::Interrupted),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PATIENCE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told() {
        let out = tempfile::tempdir().expect("a folder");
        let interrupt = Interrupt::default();
        let first = Lock::take(out.path(), false, &interrupt).expect("free");
        assert!(matches!(Lock::take(out.path(), false, &interrupt), Err(Unlocked::Held)));
        drop(first);
        Lock::take(out.path(), true, &interrupt).expect("free again");
    }
}
