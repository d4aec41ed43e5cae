//! The flags of `sohoa parse`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const PARSE: &str = "\
The text is taken as it is; restore it first if it is garbled:
  sohoa restore < garbled.txt | sohoa parse - > plan.json
  sohoa parse plan.txt --format markdown > plan.md
  sohoa parse bundle.txt --split --format jsonl | jq -r .header.number";

/// Flags of `parse`.
#[derive(Debug, Args)]
#[command(after_help = PARSE)]
pub struct ParseArgs {
    /// A text file; - reads stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to print: json, jsonl (a document a line), markdown or html
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: ParseFormat,
    /// Take each new letterhead as the beginning of another document; json then prints an array
    #[arg(long)]
    pub split: bool,
}

/// What `parse` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ParseFormat {
    /// The plan, indented.
    #[default]
    Json,
    /// The plan on one line.
    Jsonl,
    /// For reading and for tools that take Markdown.
    Markdown,
    /// One page that needs nothing else.
    Html,
}
