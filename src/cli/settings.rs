//! What the flags of a run mean: resolved once into plain options, for `digitise` and `watch` alike.

use std::time::Duration;

use crate::batch::{ModelChoice, Ocr, Options, RunError};
use crate::emit::Extra;
use crate::ingest::Limits;

use super::args::{LimitArgs, OcrWhen, RunArgs};
use super::exit::Exit;
use super::screen::Voice;
use super::{log, output, own};

/// A run's options, and how it speaks.
pub struct Settings {
    /// What to do. The paths are for the subcommand to fill in.
    pub options: Options,
    /// How much is said, and how.
    pub voice: Voice,
}

/// Decides what the flags mean, and begins the log if one is asked for.
///
/// # Errors
/// How to end when they mean nothing; it has been said why.
pub fn resolve(args: RunArgs) -> Result<Settings, Exit> {
    let voice = match (args.log_format, args.quiet, args.verbose) {
        (Some(_), ..) => Voice::Log,
        (None, true, _) => Voice::Quiet,
        (None, false, true) => Voice::Verbose,
        (None, false, false) => Voice::Normal,
    };
    if let Some(format) = args.log_format {
        log::begin(format, args.quiet, args.verbose);
    }
    let own = own::words(&args.own).map_err(|error| {
        output::complain(&error.to_string());
        Exit::Usage
    })?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let model = match (args.model, args.fast) {
        (Some(name), _) => ModelChoice::Named(name),
        (None, true) => ModelChoice::Fast,
        (None, false) => ModelChoice::Best,
    };
    let extras = [(args.md, Extra::Markdown), (args.alto, Extra::Alto), (args.pdf, Extra::Pdf)];
    let extras = extras.into_iter().filter_map(|(asked, extra)| asked.then_some(extra)).collect();
    let options = Options {
        paths: Vec::new(),
        out: args.out,
        jobs: args.jobs.map_or(processors, usize::from),
        model,
        ocr: match args.ocr {
            OcrWhen::Always => Ocr::Always,
            OcrWhen::Auto => Ocr::Auto,
            OcrWhen::Never => Ocr::Never,
        },
        pages: args.pages,
        dpi: args.dpi,
        force: false,
        retry_failed: false,
        wait: args.wait,
        jsonl: args.jsonl,
        extras,
        document_per_folder: args.document_per_folder,
        dictionaries: args.dictionaries,
        own,
        limits: limits(&args.limits),
        page_timeout: Duration::from_secs(args.limits.page_timeout.into()),
        document_timeout: Duration::from_secs(args.limits.document_timeout.into()),
        worker_memory: u64::from(args.limits.worker_memory) << 20,
        // A log is a line an event; what the engine remarks is none.
        verbose: voice == Voice::Verbose,
    };
    Ok(Settings { options, voice })
}

fn limits(args: &LimitArgs) -> Limits {
    Limits {
        file_bytes: u64::from(args.max_file_mb) << 20,
        text_bytes: u64::from(args.max_text_mb) << 20,
        pages: args.max_pages,
        pixels: u64::from(args.max_pixels) * 1_000_000,
        stream_bytes: u64::from(args.max_stream_mb) << 20,
        nesting: args.max_nesting,
    }
}

/// Says why a run did not begin, and how the program ends then.
pub fn refused(error: &RunError, voice: Voice) -> Exit {
    if voice == Voice::Log {
        tracing::error!(%error, "cannot begin");
    } else {
        output::complain(&error.to_string());
    }
    match error {
        RunError::OneOutput { .. }
        | RunError::OutIsInput(_)
        | RunError::NotAFolder(_)
        | RunError::Dictionaries(_) => Exit::Usage,
        RunError::Out(_) | RunError::Locked(_) | RunError::Ledger(_) | RunError::Lines { .. } => Exit::Output,
        RunError::Interrupted => Exit::Interrupted,
        RunError::Unwatchable { .. } | RunError::System(_) => Exit::Failed,
    }
}
