//! The flags of `sohoa restore`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::OwnArgs;
use crate::cli::restore::Marks;

const RESTORE: &str = "\
Examples:
  sohoa restore < garbled.txt > true.txt
  pdftotext old.pdf - | sohoa restore --show-changes > true.txt
  sohoa restore --mark-doubtful < garbled.txt | grep -nF '[?'
  sohoa restore --dictionary our-names.txt < garbled.txt > true.txt
  sohoa restore --format tsv < garbled.txt | awk -F'\\t' '$8 == 1'
  sohoa restore --format jsonl < garbled.txt | jq -r .text";

const FORMATS: &str = "\
Formats:
  text   The restored text. Lines and page breaks are those of the input.
  jsonl  One JSON object for each line of the text format: line (its number, from 1),
         raw (as read), text (restored) and words. Each word has start and end (bytes of
         raw), text_start and text_end (bytes of text), raw, text, confidence (0 to 1),
         runner_up (the next best reading, or null) and doubtful (true or false).
         Between words, raw and text are the same.
  tsv    A row of column names, then one row for each word: line, start, end (bytes of the
         line as read), raw, restored, confidence (four decimals), runner_up (empty if
         there is none), doubtful (0 or 1). Nothing is quoted; a tab or other control
         character inside a cell becomes a space.

A word is what stands between white space and marks such as commas, brackets and hyphens, or
two halves of one that came apart. What was read is shown in Unicode's composed form (NFC). A
page break (form feed) is a character of its line. A word that --min-confidence left as it was
read is doubtful; its runner_up is the restoration that was not taken, its confidence what the
word as it was read is worth.";

/// Flags of `restore`.
#[derive(Debug, Args)]
#[command(after_help = RESTORE, after_long_help = format!("{FORMATS}\n\n{RESTORE}"))]
pub struct RestoreArgs {
    /// What to print: text, jsonl (a JSON object for each line) or tsv (a row for each word)
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: RestoreFormat,
    /// Leave words as they were read whose restoration is less certain than this (0 to 1)
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability, allow_negative_numbers = true)]
    pub min_confidence: f32,
    /// Put marks around the doubtful words of the text format; [?word] unless others are given
    #[arg(long, value_name = "BEFORE,AFTER", num_args = 0..=1, require_equals = true, default_missing_value = "[?,]")]
    pub mark_doubtful: Option<Marks>,
    /// Where to write the tone of oa, oe, uy: keep (as it is), old (hóa, khỏe, thúy) or new (hoá, khoẻ, thuý)
    #[arg(long, value_enum, value_name = "PLACE", default_value_t, hide_possible_values = true)]
    pub tone: Tone,
    /// Print every changed line, raw and restored, on stderr
    #[arg(long)]
    pub show_changes: bool,
    /// Print what TOKEN may stand for, with what the channel and the language model ask for each reading, and read no text
    #[arg(long, value_name = "TOKEN")]
    pub explain: Option<String>,
    /// Use these dictionaries in place of the embedded ones
    #[arg(long, value_name = "DIR")]
    pub dictionaries: Option<PathBuf>,
    /// Your archive's own words and names.
    #[command(flatten)]
    pub own: OwnArgs,
}

/// What `restore` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum RestoreFormat {
    /// The restored text.
    #[default]
    Text,
    /// One JSON object for each line.
    Jsonl,
    /// One row for each word.
    Tsv,
}

/// Where `restore` writes the tone of *oa, oe, uy*.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Tone {
    /// Where it is.
    #[default]
    Keep,
    /// hóa, khỏe, thúy.
    Old,
    /// hoá, khoẻ, thuý.
    New,
}

fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("give a probability between 0 and 1, such as 0.9".into()),
    }
}
