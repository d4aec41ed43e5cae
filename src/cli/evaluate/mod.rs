//! `sohoa evaluate`: measures finished results against the truth and shows a table, JSON or an HTML page.
//!
//! ```text
//! sohoa evaluate text RAW RESTORED GOLD         error rates before and after
//! sohoa evaluate body RECOGNISED GOLD           for scans whose typed truth lacks letterhead and tables
//! sohoa evaluate structure OUT.json GOLD.json   header fields, tree, references ...
//! sohoa evaluate leave-one-out RAW GOLD         restores each document with a channel learned from all others
//! sohoa evaluate scans FOLDER                   digitises scans whose text is known, by the state they are in
//! ```
//!
//! All paths of a call are files, or all are folders, whose files are then paired by name (the rules are at the head of `pairs.rs`).
//! What the arguments mean is decided here; what is measured, in [`crate::evaluate`].

mod leave_one_out;
mod output;
mod pairs;
mod scans;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::batch::WorkerCommand;
use crate::evaluate::leave_one_out::Reliability;
use crate::evaluate::record::Record;
use crate::evaluate::report::{self, Report};
use crate::evaluate::{body, structure, text};
pub use leave_one_out::LeaveOneOutArgs;
use output::{Outcome, Style};
use pairs::{Pairs, Set, Side};
pub use scans::ScansArgs;

/// Arguments of `sohoa evaluate`.
#[derive(Debug, Clone, clap::Args)]
pub struct EvaluateArgs {
    /// What is measured.
    #[command(subcommand)]
    pub measure: Measure,
}

/// What is measured.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Measure {
    /// Error rates of restored text, before and after; words repaired and harmed.
    Text {
        /// The text before restoration: a file, or a folder of .txt files.
        raw: PathBuf,
        /// The restored text, likewise.
        restored: PathBuf,
        /// The true text, likewise.
        gold: PathBuf,
        /// In the folder RAW, take the files whose names end so; the rest of the name pairs them.
        #[arg(long, value_name = "END")]
        raw_suffix: Option<String>,
        /// Write a self-contained HTML page: rates, confusions, every wrong word in its context.
        #[arg(long, value_name = "FILE.html")]
        report: Option<PathBuf>,
        /// Common options.
        #[command(flatten)]
        common: Common,
    },
    /// Error rate of recognised pages whose typed truth leaves out letterhead, tables and recipients.
    Body {
        /// The recognised text: a file, or a folder of .txt files.
        recognised: PathBuf,
        /// The typed truth, likewise.
        gold: PathBuf,
        /// Common options.
        #[command(flatten)]
        common: Common,
    },
    /// Scores of parsed structure: fields, tree, references, tasks, recipients ...
    Structure {
        /// The plan's JSON: a file, or a folder of .json files.
        out: PathBuf,
        /// The true structure, likewise.
        gold: PathBuf,
        /// Common options.
        #[command(flatten)]
        common: Common,
    },
    /// Error rates of restoring documents that the channel has not seen: for each, it is learned from all others.
    #[command(after_help = leave_one_out::HELP)]
    LeaveOneOut(LeaveOneOutArgs),
    /// Digitises the scans of a folder whose printed text is known; error rates by the state they are in.
    Scans(ScansArgs),
}

/// Options of every measure.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Common {
    /// Show each wrong word (or part) in its context.
    #[arg(short, long)]
    pub verbose: bool,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
    /// In the folder that is measured, take the files whose names end so; the rest of the name pairs them.
    #[arg(long, value_name = "END")]
    pub suffix: Option<String>,
    /// In the folder GOLD, likewise.
    #[arg(long, value_name = "END")]
    pub gold_suffix: Option<String>,
}

/// Why an evaluation did not end well.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The paths do not go together.
    #[error("{0}")]
    Usage(String),
    /// Some documents could not be measured; each was reported on standard error.
    #[error("{failed} of {of} documents could not be measured (see above)")]
    Failed {
        /// How many failed.
        failed: usize,
        /// How many there were.
        of: usize,
    },
    /// Nothing can be learned, or not used.
    #[error("cannot restore: {0}")]
    Learning(String),
    /// The report could not be written.
    #[error(
        "{path}: cannot write the report ({source}); name a file in a folder that exists and is writable"
    )]
    Report {
        /// The report's path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The figures could not be written.
    #[error("cannot write the figures to standard output: {0}")]
    Output(#[from] std::io::Error),
}

impl EvaluateError {
    /// The program's exit code: 1 some inputs failed, 2 usage, 5 output unusable.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            EvaluateError::Failed { .. } | EvaluateError::Learning(_) => 1,
            EvaluateError::Usage(_) => 2,
            EvaluateError::Report { .. } | EvaluateError::Output(_) => 5,
        }
    }
}

/// Measures, prints the figures on standard output and messages on standard error. A reader that closes the pipe is no error.
///
/// # Errors
/// [`EvaluateError`], after everything that could be measured has been shown.
pub fn run(args: EvaluateArgs, worker: Option<&WorkerCommand>) -> Result<(), EvaluateError> {
    match evaluate(&args, worker, &mut anstream::stdout().lock(), &mut anstream::stderr().lock()) {
        Err(EvaluateError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// What has been measured so far.
#[derive(Default)]
struct Results {
    outcomes: Vec<Outcome>,
    pages: Vec<report::Document>,
    reliability: Option<Reliability>,
    /// Documents that could not be measured.
    failed: usize,
}

fn evaluate(
    args: &EvaluateArgs,
    worker: Option<&WorkerCommand>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<(), EvaluateError> {
    let (common, sides, extension) = match &args.measure {
        Measure::Text { raw, restored, gold, raw_suffix, common, .. } => {
            let raw = Side::new("RAW", raw, raw_suffix);
            let restored = Side::new("RESTORED", restored, &common.suffix);
            (common, vec![raw, restored, Side::new("GOLD", gold, &common.gold_suffix)], "txt")
        }
        Measure::Body { recognised, gold, common } => {
            let recognised = Side::new("RECOGNISED", recognised, &common.suffix);
            (common, vec![recognised, Side::new("GOLD", gold, &common.gold_suffix)], "txt")
        }
        Measure::Structure { out, gold, common } => {
            let out = Side::new("OUT", out, &common.suffix);
            (common, vec![out, Side::new("GOLD", gold, &common.gold_suffix)], "json")
        }
        Measure::LeaveOneOut(LeaveOneOutArgs { raw, gold, common, .. }) => {
            let raw = Side::new("RAW", raw, &common.suffix);
            (common, vec![raw, Side::new("GOLD", gold, &common.gold_suffix)], "txt")
        }
        Measure::Scans(args) => return scans::measure(args, worker, out, err),
    };
    let Pairs { sets, failures, left_over } = pairs::pair(&sides, extension)?;
    for message in failures.iter().chain(&left_over) {
        writeln!(err, "{message}")?;
    }
    let of = sets.len() + failures.len();
    let mut results = Results { failed: failures.len(), ..Results::default() };
    let report = match &args.measure {
        Measure::LeaveOneOut(args) => {
            leave_one_out::measure(args, &sets, &mut results, err)?;
            args.report.as_deref()
        }
        measure => {
            measure_each(measure, &sets, &mut results, err)?;
            if let Measure::Text { report, .. } = measure { report.as_deref() } else { None }
        }
    };
    let style = Style { json: common.json, details: common.verbose };
    output::write(out, &results.outcomes, results.reliability.as_ref(), style)?;
    if let Some(path) = report.filter(|_| !results.pages.is_empty()) {
        write_report(path, results.pages, results.reliability)?;
    }
    match results.failed {
        0 => Ok(()),
        failed => Err(EvaluateError::Failed { failed, of }),
    }
}

/// Measures finished results, each by itself.
fn measure_each(
    measure: &Measure,
    sets: &[Set],
    results: &mut Results,
    err: &mut impl Write,
) -> Result<(), EvaluateError> {
    for set in sets {
        let measured = read_all(&set.paths).and_then(|contents| match measure {
            Measure::Text { .. } | Measure::LeaveOneOut(_) => {
                measure_text(&set.name, &contents, &mut results.pages)
            }
            Measure::Body { .. } => measure_body(&set.name, &contents),
            Measure::Structure { .. } => measure_structure(&set.name, &set.paths, &contents),
            Measure::Scans(_) => Err(format!("{}: scans are not measured by pairs", set.name)),
        });
        match measured {
            Ok(outcome) => results.outcomes.push(outcome),
            Err(message) => {
                results.failed += 1;
                writeln!(err, "{message}")?;
            }
        }
    }
    Ok(())
}

fn measure_text(
    name: &str,
    contents: &[String],
    pages: &mut Vec<report::Document>,
) -> Result<Outcome, String> {
    let [raw, restored, gold] = contents else { return Err(format!("{name}: three texts are needed")) };
    let seen = text::compare(raw, restored, gold);
    if seen.figures.gold_tokens == 0 {
        return Err(format!("{name}: the true text is empty, so there is nothing to measure against"));
    }
    let outcome = Outcome::of_text(name, &seen);
    pages.push(report::Document {
        name: name.to_owned(),
        figures: seen.figures,
        wrong: seen.wrong,
        doubtful: None,
    });
    Ok(outcome)
}

fn measure_body(name: &str, contents: &[String]) -> Result<Outcome, String> {
    let [recognised, gold] = contents else { return Err(format!("{name}: two texts are needed")) };
    let (figures, misread) = body::compare(recognised, gold);
    Ok(Outcome::of_body(name, figures, &misread))
}

fn measure_structure(name: &str, paths: &[PathBuf], contents: &[String]) -> Result<Outcome, String> {
    let mut records = Vec::new();
    for (path, json) in paths.iter().zip(contents) {
        let record = Record::from_json(json)
            .map_err(|e| format!("{}: not a plan's JSON ({e}); see `sohoa schema`", path.display()))?;
        records.push(record);
    }
    let [out, gold] = &records[..] else { return Err(format!("{name}: two records are needed")) };
    let (figures, findings) = structure::compare(out, gold);
    Ok(Outcome::of_structure(name, figures, &findings))
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: cannot be read ({e})", path.display()))?;
        String::from_utf8(bytes)
            .map_err(|_| format!("{}: not UTF-8; convert it first (iconv -t UTF-8)", path.display()))
    };
    paths.iter().map(read).collect()
}

/// Writes the page beside its place first, so that a failure leaves no half page.
fn write_report(
    path: &Path,
    documents: Vec<report::Document>,
    reliability: Option<Reliability>,
) -> Result<(), EvaluateError> {
    let title = "Evaluation of restored text".to_owned();
    let page = report::html(&Report { title, documents, calibration: reliability.map(|r| r.calibration) });
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut builder = tempfile::Builder::new();
        // as readable as any new file; temporary ones are private by default
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(page.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|e| e.error).map(|_| ())
    };
    write().map_err(|source| EvaluateError::Report { path: path.display().to_string(), source })
}

#[cfg(test)]
mod tests;
