//! `sohoa digitise PATH... -o OUT`: the main job.

use super::args::DigitiseArgs;
use super::exit::Exit;
use super::output;
use super::screen::{Screen, Voice};
use super::settings::{self, Settings};
use super::table;
use crate::batch::{self, Interrupt, Options, Planned, RunError, WorkerCommand};

/// Digitises and reports.
pub fn run(args: DigitiseArgs, worker: Option<&WorkerCommand>) -> Exit {
    let (strict, dry_run, show_changes, summary, profile, report) =
        (args.strict, args.dry_run, args.show_changes, args.summary, args.profile, args.report);
    let Settings { options, voice } = match settings::resolve(args.run, worker) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let options = Options {
        paths: args.paths,
        shard: args.shard,
        force: args.force,
        retry_failed: args.retry_failed,
        ..options
    };
    if report && let Err(error) = batch::report_is_free(&options.out) {
        output::complain(&error.to_string());
        return Exit::Usage;
    }
    let ended = if dry_run {
        preview(&options)
    } else {
        Interrupt::listen().map_err(RunError::from).and_then(|interrupt| {
            let screen = Screen::new(voice, show_changes, summary);
            let totals = batch::run(&options, &screen, &interrupt)?;
            screen.close(&totals, &batch::one_line(&options.out.to_string_lossy()));
            if profile {
                output::tell(&table::profile(&totals.spent));
            }
            let exit = Exit::of(&totals, interrupt.is_raised() && totals.is_unfinished(), strict);
            Ok(if report { written_report(&options, voice, exit) } else { exit })
        })
    };
    ended.unwrap_or_else(|error| settings::refused(&error, voice))
}

/// Writes the report of a run that would end with `exit`.
fn written_report(options: &Options, voice: Voice, exit: Exit) -> Exit {
    match batch::write_report(&options.out) {
        Ok(()) => {
            if voice > Voice::Quiet {
                let path = options.out.join(batch::REPORT);
                output::tell(&format!("report in {}", batch::one_line(&path.to_string_lossy())));
            }
            exit
        }
        Err(error) => {
            output::complain(&error.to_string());
            if exit == Exit::Interrupted { exit } else { Exit::Output }
        }
    }
}

/// Says what a run would do.
fn preview(options: &Options) -> Result<Exit, RunError> {
    let mut exit = Exit::Done;
    batch::preview(options, |planned| match planned {
        Planned::Document { job, up_to_date } => {
            let out = |file: &std::path::Path| batch::one_line(&options.out.join(file).to_string_lossy());
            let files: Vec<String> = job.files(&options.extras).map(|file| out(&file)).collect();
            let state = if up_to_date { " (up to date)" } else { "" };
            let printed = output::print(&format!("{} -> {}{state}\n", job.name(), files.join(", ")));
            if printed != Exit::Done {
                exit = printed;
            }
        }
        Planned::Unreadable(unreadable) => {
            output::complain(&format!("{}: {}", unreadable.shown(), unreadable.failure));
            exit = Exit::Failed;
        }
    })?;
    Ok(exit)
}
