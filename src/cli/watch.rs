//! `sohoa watch IN -o OUT`: digitises what is put into a folder, as it comes.

use std::time::Duration;

use crate::batch::{self, Interrupt, RunError, Totals, WorkerCommand};

use super::args::WatchArgs;
use super::exit::Exit;
use super::output;
use super::screen::{Screen, Voice};
use super::settings::{self, Settings};

/// Watches until it is told to stop. That is no failure, unless it leaves something unfinished.
pub fn run(args: WatchArgs, worker: Option<&WorkerCommand>) -> Exit {
    let Settings { options, voice } = match settings::resolve(args.run, worker) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let screen = Screen::new(voice, false, false);
    let settle = Duration::from_secs(args.settle.into());
    let watched = Interrupt::listen().map_err(RunError::from).and_then(|interrupt| {
        if voice > Voice::Quiet {
            let folder = batch::one_line(&args.folder.to_string_lossy());
            output::tell(&format!("watching {folder}; Ctrl-C ends it"));
        }
        batch::watch(&options, &args.folder, settle, &screen, &interrupt, |round: &Totals| {
            tracing::debug!(done = round.done, skipped = round.skipped, failed = round.failures(), "round");
        })
    });
    match watched {
        Ok(totals) => {
            screen.close(&totals, &batch::one_line(&options.out.to_string_lossy()));
            match (totals.out_is_unusable(), totals.is_unfinished()) {
                (true, _) => Exit::Output,
                (_, true) => Exit::Interrupted,
                _ => Exit::Done,
            }
        }
        Err(error) => settings::refused(&error, voice),
    }
}
