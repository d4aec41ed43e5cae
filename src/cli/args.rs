//! The command line as clap reads it: names, help, examples. What the flags mean is decided in the subcommand's own file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::batch::{PageRanges, Shard};

mod export;
mod parse;
mod restore;

pub use export::{ExportArgs, ExportFormat, ExportTable, SeparatorSign};
pub use parse::{ParseArgs, ParseFormat};
pub use restore::{RestoreArgs, RestoreFormat, Tone};

const OVERVIEW: &str = "\
Examples:
  sohoa digitise scans/ -o out            every PDF, image and text below scans/
  sohoa digitise plan.pdf -o out --fast   one file, with the small recognition model
  sohoa status out                        what is done, what failed and why
  sohoa export out --to tables            documents, citations, tasks, sections as CSV
  sohoa report out > report.html          figures, what failed, what to look at first
  sohoa review out                        look through the doubtful words, scan beside text
  sohoa watch inbox/ -o out               digitises what is put into a folder, as it comes
  sohoa restore < garbled.txt > true.txt  repair the text that an old OCR left
  sohoa parse plan.txt > plan.json        the section tree of a text
  sohoa schema > plan.v1.json             the JSON Schema of the outputs

Exit codes: 0 done, 1 some inputs failed, 2 wrong usage, 3 warnings (with --strict),
4 something is not installed, 5 output folder unusable or in use, 130 interrupted.";

/// Scanned Vietnamese administrative plans to restored text and JSON.
#[derive(Debug, Parser)]
#[command(name = "sohoa", version, about, after_help = OVERVIEW, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn scans, PDFs and old OCR text into restored text and JSON
    Digitise(DigitiseArgs),
    /// Say what is done in an output folder, what failed and why
    Status(StatusArgs),
    /// Export tables, citations and archival records of everything in an output folder
    Export(ExportArgs),
    /// Print a report of an output folder: an HTML page for people
    Report(ReportArgs),
    /// Open a page in the browser to look through what is doubtful, scan beside text
    Review(ReviewArgs),
    /// Digitise what is put into a folder, as it comes
    Watch(WatchArgs),
    /// Restore the diacritics of a text: stdin to stdout, line by line
    Restore(RestoreArgs),
    /// Parse a text into the JSON of a plan
    Parse(ParseArgs),
    /// Measure finished results against the truth
    Evaluate(super::evaluate::EvaluateArgs),
    /// Build dictionaries from corpora and pairs of observed and true words
    Train(super::train::TrainArgs),
    /// Print the JSON Schema of the outputs
    Schema,
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page in roff (for packages)
    #[command(hide = true)]
    Manual(ManualArgs),
    /// Decode and recognise for a parent process (not for people)
    #[command(name = crate::batch::WORKER, hide = true)]
    Worker,
}

const REVIEW: &str = "\
One link is printed; whoever has it can look and decide, from this machine alone. What is decided is kept at
once in OUT/reviews/NAME.jsonl, a line each, and put into the outputs; the machine's own reading stays in
the JSON. A later run of digitise applies it again. Ctrl-C ends it.

Examples:
  sohoa review out
  sohoa review out --reviewer 'Lê Thị Hoa' --scans /mnt/scans
  sohoa train --from-reviews out -o ours   learn from what was decided";

/// Flags of `review`.
#[derive(Debug, Args)]
#[command(after_help = REVIEW)]
pub struct ReviewArgs {
    /// A folder that sohoa digitise wrote into
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Who decides, as it is noted; your login name unless given
    #[arg(long, value_name = "NAME")]
    pub reviewer: Option<String>,
    /// Where the sources are, if they are not where they were when they were digitised
    #[arg(long, value_name = "DIR")]
    pub scans: Option<PathBuf>,
    /// The port; a free one unless given
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// Print the link, and open no browser
    #[arg(long)]
    pub no_open: bool,
}

const DIGITISE: &str = "\
Outputs: for plans/a.pdf below a folder given as PATH, OUT/plans/a.pdf.json and OUT/plans/a.pdf.txt;
for a file given itself, OUT/a.pdf.json and OUT/a.pdf.txt. OUT/.sohoa holds a ledger of what was done
(see sohoa status). --report writes OUT/report.html. --md adds OUT/plans/a.pdf.md,
--alto OUT/plans/a.pdf.alto.xml, --pdf OUT/plans/a.pdf.searchable.pdf.

Running again skips an input whose outputs were made from the same content with the same options,
models and version; what failed, what is new and what was not finished is done. A file is not even
read if its size, times and inode are those of the last run.

Examples:
  sohoa digitise scans/ -o out
  sohoa digitise a.pdf b.tif -o out --pages 1-3,7
  sohoa digitise scans/ -o out --md --alto --pdf
  sohoa digitise boxes/ -o out --document-per-folder --dpi 300
  sohoa digitise scans/ -o out/3 --shard 3/16
  sohoa digitise scans/ -o out --jsonl all.jsonl --log-format json 2>> log.jsonl
  pdftotext old.pdf - | sohoa digitise - -o out --show-changes";

/// Flags of `digitise`.
#[derive(Debug, Args)]
#[command(after_help = DIGITISE)]
pub struct DigitiseArgs {
    /// Files and folders (PDF, PNG, JPEG, TIFF, text); - reads a text from stdin
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only take up part I of N of the inputs, as their names fall: for schedulers that start N such runs, each with an OUT of its own
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Make outputs again that are up to date
    #[arg(long)]
    pub force: bool,
    /// Only do again what failed before
    #[arg(long, conflicts_with = "force")]
    pub retry_failed: bool,
    /// Say what would be done and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print every changed line, raw and restored
    #[arg(long)]
    pub show_changes: bool,
    /// Exit with code 3 if any document has warnings
    #[arg(long)]
    pub strict: bool,
    /// Write a report for people into OUT at the end, OUT/report.html
    #[arg(long, conflicts_with = "dry_run")]
    pub report: bool,
    /// Print a table of the documents at the end
    #[arg(long)]
    pub summary: bool,
    /// Print the CPU time of each stage at the end, on stderr
    #[arg(long)]
    pub profile: bool,
    /// How, and where to.
    #[command(flatten)]
    pub run: RunArgs,
}

const STATUS: &str = "\
Examples:
  sohoa status out
  sohoa status out --json | jq -r '.failures[] | select(.reason == \"deadline\") | .path'";

/// Flags of `status`.
#[derive(Debug, Args)]
#[command(after_help = STATUS)]
pub struct StatusArgs {
    /// The output folder
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// How many of the slowest and of the worst documents
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: u16,
}

/// Flags of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sohoa report out > report.html\n  sohoa digitise scans/ -o out --report      the same page as OUT/report.html"
)]
pub struct ReportArgs {
    /// The output folder
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
}

/// Flags of `manual`.
#[derive(Debug, Args)]
pub struct ManualArgs {
    /// A command; the program as a whole without it
    pub command: Option<String>,
}

const WATCH: &str = "\
Each file below IN is digitised once it has not changed for a while, as 'sohoa digitise IN -o OUT' would;
nothing is moved or removed. What came while nobody watched is done at the start. Ctrl-C ends it.

Example:
  sohoa watch inbox/ -o out --jsonl all.jsonl";

/// Flags of `watch`.
#[derive(Debug, Args)]
#[command(after_help = WATCH)]
pub struct WatchArgs {
    /// The folder to watch, with the folders inside it
    #[arg(value_name = "IN")]
    pub folder: PathBuf,
    /// Seconds for which a file must not have changed
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub settle: u16,
    /// How, and where to.
    #[command(flatten)]
    pub run: RunArgs,
}

/// Flags that `digitise` and `watch` have in common.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The output folder; made if it is not there
    #[arg(short, long = "out", value_name = "OUT")]
    pub out: PathBuf,
    /// Pages worked on at a time [default: one for each processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Tesseract model to read page images with [default: Vietnamese, else vie]
    #[arg(long, value_name = "NAME", conflicts_with = "fast")]
    pub model: Option<String>,
    /// Read page images with the small model (the same as --model vie)
    #[arg(long)]
    pub fast: bool,
    /// Which pages to recognise from their images: always (all), auto (those without a right text layer), never (use text layers only)
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, hide_possible_values = true)]
    pub ocr: OcrWhen,
    /// Only these pages of every document, such as 1-3,7
    #[arg(long, value_name = "RANGES")]
    pub pages: Option<PageRanges>,
    /// Resolution of images that state none
    #[arg(long, value_name = "DPI", value_parser = dpi)]
    pub dpi: Option<f32>,
    /// Also append each document that is done to FILE, as one line of JSON
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Also write the outline as Markdown, OUT/a.pdf.md
    #[arg(long)]
    pub md: bool,
    /// Also write words with their boxes as ALTO 4, OUT/a.pdf.alto.xml (not for texts, which have no pages)
    #[arg(long)]
    pub alto: bool,
    /// Also write a searchable PDF, OUT/a.pdf.searchable.pdf: the pages as they came, the restored text over them, invisible (not for texts)
    #[arg(long)]
    pub pdf: bool,
    /// If another run writes into OUT, wait for its end
    #[arg(long)]
    pub wait: bool,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also say what was skipped, every warning, and what the recognition engine remarks
    #[arg(short, long)]
    pub verbose: bool,
    /// Write a log to stderr in place of messages: text or json, a line for each document. It holds no text of the documents
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub log_format: Option<LogFormat>,
    /// Take each folder of single-page images as one document
    #[arg(long)]
    pub document_per_folder: bool,
    /// Use these dictionaries in place of the embedded ones
    #[arg(long, value_name = "DIR")]
    pub dictionaries: Option<PathBuf>,
    /// Your archive's own words and names.
    #[command(flatten)]
    pub own: OwnArgs,
    /// How large an input may be.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Which pages are recognised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OcrWhen {
    /// All.
    Always,
    /// Those without a right text layer.
    #[default]
    Auto,
    /// None.
    Never,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Words and names that no dictionary has.
#[derive(Debug, Args)]
pub struct OwnArgs {
    /// Words and names of your own: a UTF-8 file, one word or name a line, as written inside a sentence; # begins a remark.
    /// Those in sohoa/words.txt of the configuration folder are always known
    #[arg(long, value_name = "FILE")]
    pub dictionary: Vec<PathBuf>,
}

/// Limits on one input.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Largest file, in MB
    #[arg(long, value_name = "MB", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_file_mb: u32,
    /// Largest plain text, in MB
    #[arg(long, value_name = "MB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub max_text_mb: u32,
    /// Most pages of one document
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_pages: u32,
    /// Most pixels of one page image, in millions
    #[arg(long, value_name = "MILLIONS", default_value_t = 150, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_pixels: u32,
    /// Most that one stream of a PDF may decode to, in MB
    #[arg(long, value_name = "MB", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_stream_mb: u32,
    /// Deepest nesting of a PDF's arrays and dictionaries
    #[arg(long, value_name = "LEVELS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub max_nesting: u32,
    /// Seconds that one page may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub page_timeout: u32,
    /// Seconds that one document may take [default: 24 hours]
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub document_timeout: u32,
    /// Memory of one worker process, in MB
    #[arg(long, value_name = "MB", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(256..))]
    pub worker_memory: u32,
}

/// Flags of `completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sohoa completions bash > ~/.local/share/bash-completion/completions/sohoa"
)]
pub struct CompletionsArgs {
    /// Which shell
    pub shell: clap_complete::Shell,
}

fn dpi(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(dpi) if (30.0..=2400.0).contains(&dpi) => Ok(dpi),
        _ => Err("give dots per inch between 30 and 2400, such as 300".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
