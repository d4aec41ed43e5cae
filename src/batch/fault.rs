//! Faults on purpose, for tests: `SOHOA_FAULT=KIND@PAGE[!]` makes a worker go wrong when it is asked for that page (1-based)
//! of any document; with `!` only at the first attempt. Debug builds only: a release knows no faults.
//!
//! | kind | what the worker does |
//! |---|---|
//! | `crash` | aborts, as a C++ exception nobody catches would |
//! | `exit` | ends quietly with code 0 |
//! | `hang` | sleeps for ever |
//! | `slow` | sleeps for two seconds, then goes on |
//! | `drip` | answers one byte every 50 ms, for ever |
//! | `garbage` | answers bytes that are no frame |
//! | `nonsense` | answers a frame that is no answer |
//! | `huge` | announces an answer of 4 GB |
//! | `flood` | answers without end |
//! | `memory` | allocates until it is refused |
//! | `noise` | prints to its standard output as a library might, then goes on |
//! | `panic` | panics inside the reader |
//!
//! A worker that goes wrong first makes the file that `SOHOA_FAULT_MARK` names, so that a test knows when.
//!
//! With a number in the place of the page, some kinds are for the run itself:
//!
//! | kind | what happens |
//! |---|---|
//! | `kill` | the run is killed (SIGKILL) at that step of writing, counted from 1 |
//! | `worn` | a worker is replaced after so many pages |
//! | `full`, `readonly` | from that output on, counted from 1, writing says that the disk is full or read-only |

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};

use super::wire;

/// The environment variable that asks for a fault.
const VARIABLE: &str = "SOHOA_FAULT";

/// Goes wrong if the environment asks for it at this page and attempt. `answers` is the pipe to the parent.
pub fn inject(number: u32, attempt: u32, answers: &mut impl Write) {
    let Ok(wish) = std::env::var(VARIABLE) else { return };
    let (wish, once) = wish.strip_suffix('!').map_or((wish.as_str(), false), |wish| (wish, true));
    let Some((kind, page)) = wish.split_once('@') else { return };
    if page.parse() != Ok(number) || (once && attempt > 0) {
        return;
    }
    if let Some(mark) = std::env::var_os("SOHOA_FAULT_MARK") {
        let _ = std::fs::write(mark, "");
    }
    // Write errors below mean that the parent is gone or has had enough: then the worker just ends.
    let _ = match kind {
        "crash" => std::process::abort(),
        "exit" => std::process::exit(0),
        "hang" => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
        "slow" => {
            std::thread::sleep(Duration::from_secs(2));
            Ok(())
        }
        "drip" => drip(answers),
        "garbage" => answers.write_all(&[0xff; 64]).and_then(|()| answers.flush()),
        "nonsense" => wire::send(answers, &"what page?"),
        "huge" => answers.write_all(&u32::MAX.to_le_bytes()).and_then(|()| answers.flush()),
        "flood" => flood(answers),
        "memory" => exhaust(),
        "noise" => {
            println!("Estimating resolution as 300");
            Ok(())
        }
        "panic" => panic!("a fault on purpose"),
        _ => Ok(()),
    };
}

/// The step of writing that the run is at, and the output.
static STEP: AtomicU64 = AtomicU64::new(0);
static OUTPUT: AtomicU64 = AtomicU64::new(0);

/// The number that a fault of this kind is wished for.
fn wished(kind: &str) -> Option<u64> {
    let wish = std::env::var(VARIABLE).ok()?;
    wish.strip_prefix(kind)?.strip_prefix('@')?.parse().ok()
}

/// After how many pages a worker is to be replaced.
pub fn most_pages() -> Option<u64> {
    wished("worn")
}

/// Counts a step of writing; kills the run at the one that was wished for.
pub fn step() {
    let step = STEP.fetch_add(1, Ordering::Relaxed) + 1;
    if wished("kill") == Some(step) {
        let _ = kill_process(getpid(), Signal::KILL);
    }
}

/// Whether the next step kills the run.
pub fn is_here() -> bool {
    wished("kill") == Some(STEP.load(Ordering::Relaxed) + 1)
}

/// Counts an output; says what the disk says of it.
///
/// # Errors
/// Those that were wished for.
pub fn disk() -> io::Result<()> {
    let output = OUTPUT.fetch_add(1, Ordering::Relaxed) + 1;
    for (kind, error) in [("full", ErrorKind::StorageFull), ("readonly", ErrorKind::ReadOnlyFilesystem)] {
        if wished(kind).is_some_and(|first| output >= first) {
            return Err(error.into());
        }
    }
    Ok(())
}

fn drip(answers: &mut impl Write) -> io::Result<()> {
    answers.write_all(&1_000_000_u32.to_le_bytes())?;
    loop {
        answers.write_all(b" ")?;
        answers.flush()?;
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn flood(answers: &mut impl Write) -> io::Result<()> {
    loop {
        wire::send(answers, &[0; 1 << 16].as_slice())?;
    }
}

fn exhaust() -> io::Result<()> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(vec![0; 64 << 20]);
    }
}
