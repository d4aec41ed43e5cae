//! `sohoa evaluate scans FOLDER`: digitises scans whose printed text is known, and says how well by the state they are in.
//!
//! The names are those that `tools/scans.py` and `tools/pairs.py` are asked for: `PLAN-RECIPE.pdf` (or `.tiff`) beside its truth; the
//! recipe is the state. The truth is the plan itself, `PLAN.json`, printed a paragraph a line, or `PLAN.true.txt`, the text as it stands on
//! the page. There what is printed side by side stands on one line, so that a signature read in its own order counts as misread: a
//! twentieth of a short plan. Texts are compared as bodies are ([`crate::evaluate::body`]): stretches without a counterpart are counted as
//! left out, everything else is judged.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::output::{self, Outcome, Style};
use super::{EvaluateError, read_all};
use crate::batch::{self, Interrupt, Report, Watch, WorkerCommand};
use crate::cli::args::{Cli, Command};
use crate::cli::settings;
use crate::evaluate::body::{self, Figures, Misread};
use crate::evaluate::printed;
use crate::evaluate::record::Record;

/// Arguments of `sohoa evaluate scans`.
#[derive(Debug, Clone, clap::Args)]
pub struct ScansArgs {
    /// A folder of scans PLAN-RECIPE.pdf with their plans PLAN.json or texts PLAN.true.txt.
    folder: PathBuf,
    /// Read page images with the small model.
    #[arg(long)]
    fast: bool,
    /// Pages worked on at a time.
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: u16,
    /// Show each wrong word.
    #[arg(short, long)]
    verbose: bool,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// A scan with its truth.
#[derive(Debug, PartialEq)]
struct Scan {
    path: PathBuf,
    state: String,
    truth: PathBuf,
}

/// Nobody watches: what fails is said afterwards.
struct Failures(std::sync::Mutex<Vec<String>>);

impl Watch for Failures {
    fn found(&self) {}
    fn opened(&self, _: usize) {}
    fn page(&self) {}
    fn ended(&self, report: &Report<'_>) {
        if let batch::Outcome::Failed(failure) = report.outcome {
            let line = format!("{}: {failure}", report.name);
            self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(line);
        }
    }
}

/// Digitises, measures, prints.
pub(super) fn measure(
    args: &ScansArgs,
    worker: Option<&WorkerCommand>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<(), EvaluateError> {
    let scans = find(&args.folder)?;
    let made = tempfile::tempdir()?;
    for line in digitise(args, worker, &scans, made.path())? {
        writeln!(err, "{line}")?;
    }
    let mut states: BTreeMap<&str, (Figures, Vec<Misread>)> = BTreeMap::new();
    let mut failed = 0;
    for scan in &scans {
        let mut name = scan.path.file_name().unwrap_or_default().to_owned();
        name.push(".txt");
        match read_all(&[made.path().join(name), scan.truth.clone()]).as_deref() {
            Ok([recognised, truth]) => {
                let (figures, misread) = body::compare(recognised, &printed(&scan.truth, truth)?);
                let sum = states.entry(&scan.state).or_default();
                sum.0.add(&figures);
                sum.1.extend(misread);
            }
            _ => failed += 1,
        }
    }
    let outcomes: Vec<Outcome> =
        states.iter().map(|(state, (figures, misread))| Outcome::of_body(state, *figures, misread)).collect();
    output::write(out, &outcomes, None, Style { json: args.json, details: args.verbose })?;
    if failed > 0 { Err(EvaluateError::Failed { failed, of: scans.len() }) } else { Ok(()) }
}

/// The text that a truth stands for: a plan is printed.
fn printed<'a>(path: &Path, truth: &'a str) -> Result<Cow<'a, str>, EvaluateError> {
    if path.extension().is_none_or(|kind| kind != "json") {
        return Ok(Cow::Borrowed(truth));
    }
    let plan = Record::from_json(truth)
        .map_err(|error| EvaluateError::Usage(format!("{}: no plan ({error})", path.display())))?;
    Ok(Cow::Owned(printed::plain(&plan)))
}

/// The scans of a folder, by name.
fn find(folder: &Path) -> Result<Vec<Scan>, EvaluateError> {
    let shown = folder.display();
    let entries = std::fs::read_dir(folder).map_err(|e| {
        EvaluateError::Usage(format!("{shown}: cannot be read ({e}); name a folder of scans"))
    })?;
    let mut scans: Vec<Scan> =
        entries.filter_map(Result::ok).filter_map(|entry| scan(&entry.path())).collect();
    scans.sort_by(|a, b| a.path.cmp(&b.path));
    if scans.is_empty() {
        let message = format!(
            "{shown}: no scans PLAN-RECIPE.pdf with PLAN.json or PLAN.true.txt there; tools/scans.py makes some"
        );
        return Err(EvaluateError::Usage(message));
    }
    Ok(scans)
}

/// The scan at `path`, if it is one whose truth is there: of the ways to part its name, the one with the longest name of a plan.
fn scan(path: &Path) -> Option<Scan> {
    let kind = path.extension()?.to_str()?;
    if !["pdf", "tif", "tiff"].contains(&kind) {
        return None;
    }
    let stem = path.file_stem()?.to_str()?;
    stem.rmatch_indices('-').find_map(|(at, _)| {
        let beside = |ending| path.with_file_name(format!("{}{ending}", &stem[..at]));
        let truth = [".json", ".true.txt"].map(beside).into_iter().find(|file| file.is_file())?;
        Some(Scan { path: path.to_owned(), state: stem[at + 1..].to_owned(), truth })
    })
}

/// Runs `sohoa digitise` on them, with the options that it has by default; what failed, line by line.
fn digitise(
    args: &ScansArgs,
    worker: Option<&WorkerCommand>,
    scans: &[Scan],
    out: &Path,
) -> Result<Vec<String>, EvaluateError> {
    let usage = |message: String| EvaluateError::Usage(message);
    let words = ["sohoa", "digitise", "-", "-q", "-o"].into_iter().map(OsStr::new).chain([out.as_os_str()]);
    let command = Cli::try_parse_from(words).map_err(|e| usage(e.to_string()))?.command;
    let Command::Digitise(mut digitise) = command else { return Ok(Vec::new()) };
    (digitise.run.fast, digitise.run.jobs) = (args.fast, Some(args.jobs));
    let settings = settings::resolve(digitise.run, worker)
        .map_err(|_| usage("the words of your own cannot be read".into()))?;
    let options =
        batch::Options { paths: scans.iter().map(|s| s.path.clone()).collect(), ..settings.options };
    let failures = Failures(std::sync::Mutex::default());
    let interrupt = Interrupt::listen()?;
    batch::run(&options, &failures, &interrupt).map_err(|e| usage(e.to_string()))?;
    Ok(failures.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_of_a_plan_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "a.true.txt",
            "a-b.true.txt",
            "a-b.json",
            "a-b-low.pdf",
            "a-upside-down.pdf",
            "c-low.pdf",
            "a.pdf",
            "a-low.txt",
        ] {
            std::fs::write(folder.path().join(name), "x").expect("written");
        }
        let found = find(folder.path()).expect("scans");
        let seen: Vec<(&str, String)> = found
            .iter()
            .map(|s| {
                (s.state.as_str(), s.truth.file_name().unwrap_or_default().to_string_lossy().into_owned())
            })
            .collect();
        assert_eq!(seen, [("low", "a-b.json".into()), ("upside-down", "a.true.txt".into())]);
        assert!(matches!(find(&folder.path().join("none")), Err(EvaluateError::Usage(_))));
    }
}
