//! The flags of `sohoa export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXPORT: &str = "\
Tables, a row for each: documents; references (the edges of the graph of citations: 'node' cites 'cited'); tasks (who, what,
by when); sections (items of the outlines). docs/export.md has their columns.

Records are those of Circular 05/2025/TT-BNV: 21 fields a document, each read, inferred, or for a human (docs/record.md).

Every file OUT/**/*.json is read; one that is damaged or no document is named on stderr, and the exit code is then 1.

Examples:
  sohoa export out > documents.csv
  sohoa export out --to tables                          documents.csv, references.csv, tasks.csv, sections.csv
  sohoa export out --table tasks --format jsonl | jq -r 'select(.due_to <= \"2025-06\") | [.who, .what] | @tsv'
  sohoa export out --graph dot | dot -Tsvg > citations.svg
  sohoa export out --format record --to records         records.jsonl and records.xml";

/// Flags of `export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT)]
pub struct ExportArgs {
    /// A folder that 'sohoa digitise' has written to
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// csv (for spreadsheets), jsonl (a JSON object a row), record (archival records, a JSON object a line; with --to as XML too) or record-xml
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: ExportFormat,
    /// documents, references, tasks, sections or all [default: documents; all with --to]
    #[arg(long, value_enum, value_name = "TABLE", hide_possible_values = true)]
    pub table: Option<ExportTable>,
    /// The graph of citations, for Graphviz
    #[arg(long, value_enum, value_name = "LANGUAGE", conflicts_with_all = ["format", "table"])]
    pub graph: Option<GraphLanguage>,
    /// Write files into FOLDER, made if it is not there, in place of stdout
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// Write over files that are in FOLDER already
    #[arg(long, requires = "to")]
    pub force: bool,
    /// Begin CSV without a byte order mark, which Excel needs and some programs dislike
    #[arg(long)]
    pub no_bom: bool,
    /// Between the cells of CSV: comma, semicolon (for Excel where a comma is the decimal sign) or tab
    #[arg(long, value_enum, value_name = "SIGN", default_value_t, hide_possible_values = true)]
    pub separator: SeparatorSign,
    /// Leave cells of CSV as they are that begin with = + - or @, which spreadsheets take for formulas; otherwise they get an apostrophe
    #[arg(long)]
    pub no_guard: bool,
    /// Threads [default: two for each processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

/// What `export` writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Tables for spreadsheets.
    #[default]
    Csv,
    /// Tables as JSON Lines.
    Jsonl,
    /// Archival records.
    Record,
    /// Archival records as XML alone.
    RecordXml,
}

/// Which tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportTable {
    /// A row a document.
    Documents,
    /// A row a citation.
    References,
    /// A row a task.
    Tasks,
    /// A row an item.
    Sections,
    /// All four.
    All,
}

/// The language of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphLanguage {
    /// Graphviz's.
    Dot,
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SeparatorSign {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}
