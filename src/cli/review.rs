//! `sohoa review OUT`: opens the review desk.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

use crate::batch::{ArchiveError, Interrupt};
use crate::review::{self, Options, ReviewError};

use super::args::ReviewArgs;
use super::exit::Exit;
use super::output;

/// Serves until Ctrl-C, which is no failure.
pub fn run(args: ReviewArgs) -> Exit {
    let open = !args.no_open && std::io::stdout().is_terminal();
    let reviewer = args.reviewer.or_else(login).unwrap_or_else(|| "?".into());
    let options = Options { out: args.out, port: args.port, reviewer, scans: args.scans };
    let served = Interrupt::listen().map_err(ReviewError::from).and_then(|interrupt| {
        review::run(&options, &interrupt, |link| {
            output::print(&format!("{link}\n"));
            output::tell("the review desk is open at this link; Ctrl-C closes it");
            if open {
                show(link);
            }
        })
    });
    match served {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&error.to_string());
            match error {
                ReviewError::Archive(ArchiveError::Out(_) | ArchiveError::Ledger(_)) => Exit::Output,
                ReviewError::Archive(ArchiveError::Empty(_)) => Exit::Usage,
                ReviewError::Port { .. } | ReviewError::System(_) => Exit::Failed,
            }
        }
    }
}

/// The user's login name.
fn login() -> Option<String> {
    ["USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.trim().is_empty()))
}

/// Opens the link in the user's browser, if there is one; the link was printed anyway.
fn show(link: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = Command::new(opener)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
