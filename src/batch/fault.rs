//! Faults on purpose, for tests of the worker pool: `SOHOA_FAULT=KIND@PAGE[!]` makes a worker go wrong when it is asked
//! for that page (1-based) of any document; with `!` only at the first attempt. Debug builds only: a release knows no faults.
//!
//! | kind | what the worker does |
//! |---|---|
//! | `crash` | aborts, as a C++ exception nobody catches would |
//! | `exit` | ends quietly with code 0 |
//! | `hang` | sleeps for ever |
//! | `drip` | answers one byte every 50 ms, for ever |
//! | `garbage` | answers bytes that are no frame |
//! | `nonsense` | answers a frame that is no answer |
//! | `huge` | announces an answer of 4 GB |
//! | `flood` | answers without end |
//! | `memory` | allocates until it is refused |
//! | `noise` | prints to its standard output as a library might, then goes on |
//! | `panic` | panics inside the reader |

use std::io::Write;
use std::time::Duration;

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
    // Write errors below mean that the parent is gone or has had enough: then the worker just ends.
    let _ = match kind {
        "crash" => std::process::abort(),
        "exit" => std::process::exit(0),
        "hang" => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
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

fn drip(answers: &mut impl Write) -> std::io::Result<()> {
    answers.write_all(&1_000_000_u32.to_le_bytes())?;
    loop {
        answers.write_all(b" ")?;
        answers.flush()?;
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn flood(answers: &mut impl Write) -> std::io::Result<()> {
    loop {
        wire::send(answers, &[0; 1 << 16].as_slice())?;
    }
}

fn exhaust() -> std::io::Result<()> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(vec![0; 64 << 20]);
    }
}
