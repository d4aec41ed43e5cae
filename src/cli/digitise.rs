//! `sohoa digitise PATH... -o OUT`: the main job.

use std::time::Duration;

use crate::batch::{self, Gathered, Interrupt, ModelChoice, Options, RunError};
use crate::ingest::Limits;
use crate::restore::OwnWords;

use super::args::{DigitiseArgs, LimitArgs};
use super::exit::Exit;
use super::screen::{Screen, Volume};
use super::{output, own};

/// Gathers, digitises and reports.
pub fn run(args: DigitiseArgs) -> Exit {
    let volume = match (args.quiet, args.verbose) {
        (true, _) => Volume::Quiet,
        (_, true) => Volume::Verbose,
        _ => Volume::Normal,
    };
    let (strict, dry_run, show_changes, summary) =
        (args.strict, args.dry_run, args.show_changes, args.summary);
    let own = match own::words(&args.own) {
        Ok(own) => own,
        Err(error) => {
            output::complain(&error.to_string());
            return Exit::Usage;
        }
    };
    let options = options(args, own);
    let ended = batch::gather(&options).and_then(|gathered| {
        note_on(&gathered, volume);
        if dry_run {
            return preview(&options, &gathered);
        }
        let interrupt = Interrupt::listen()?;
        let screen = Screen::new(volume, show_changes, summary, gathered.jobs.len());
        let totals = batch::run(&options, gathered, &screen, &interrupt)?;
        screen.close(&totals, &batch::one_line(&options.out.to_string_lossy()));
        Ok(Exit::of(&totals, interrupt.is_raised() && totals.interrupted > 0, strict))
    });
    ended.unwrap_or_else(|error| {
        output::complain(&error.to_string());
        match error {
            RunError::OneOutput { .. } | RunError::OutIsInput(_) | RunError::Dictionaries(_) => Exit::Usage,
            RunError::Out(_) => Exit::Output,
            RunError::System(_) => Exit::Failed,
        }
    })
}

/// Decides what the flags mean.
fn options(args: DigitiseArgs, own: OwnWords) -> Options {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let model = match (args.model, args.fast) {
        (Some(name), _) => ModelChoice::Named(name),
        (None, true) => ModelChoice::Fast,
        (None, false) => ModelChoice::Best,
    };
    Options {
        paths: args.paths,
        out: args.out,
        jobs: args.jobs.map_or(processors, usize::from),
        model,
        pages: args.pages,
        dpi: args.dpi,
        force: args.force,
        document_per_folder: args.document_per_folder,
        dictionaries: args.dictionaries,
        own,
        limits: limits(&args.limits),
        page_timeout: Duration::from_secs(args.limits.page_timeout.into()),
        worker_memory: u64::from(args.limits.worker_memory) << 20,
        verbose: args.verbose,
    }
}

fn limits(args: &LimitArgs) -> Limits {
    Limits {
        file_bytes: u64::from(args.max_file_mb) << 20,
        text_bytes: u64::from(args.max_text_mb) << 20,
        pages: args.max_pages,
        pixels: u64::from(args.max_pixels) * 1_000_000,
    }
}

/// What the user should know about the inputs before the work begins.
fn note_on(gathered: &Gathered, volume: Volume) {
    let nothing = gathered.jobs.is_empty() && gathered.failures.is_empty();
    if nothing && volume > Volume::Quiet {
        output::complain(
            "nothing to do: no PDF, image or .txt file was found; name files or folders that hold some",
        );
    }
    if gathered.ignored > 0 && volume == Volume::Verbose {
        output::tell(&format!("{} files of other kinds are left out", gathered.ignored));
    }
}

/// Says what a run would do.
fn preview(options: &Options, gathered: &Gathered) -> Result<Exit, RunError> {
    let mut listing = String::new();
    for planned in batch::preview(options, gathered)? {
        let out = |file: &std::path::Path| batch::one_line(&options.out.join(file).to_string_lossy());
        let (json, text) = (out(&planned.job.target.json), out(&planned.job.target.text));
        let state = if planned.up_to_date { " (up to date)" } else { "" };
        listing.push_str(&format!("{} -> {json}, {text}{state}\n", planned.job.name()));
    }
    for (name, failure) in &gathered.failures {
        output::complain(&format!("{name}: {failure}"));
    }
    let printed = output::print(&listing);
    Ok(if gathered.failures.is_empty() { printed } else { Exit::Failed })
}
