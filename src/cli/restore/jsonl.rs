//! One JSON object for each line.
//!
//! A line's object can only be written when the line has ended, so here memory grows with the longest line, up to the size of
//! the largest text.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::cli::input;
use crate::model::RestoredPage;

use super::form::{Form, PAGE_BREAK, parts};

/// Writes lines as JSON objects.
#[derive(Debug, Default)]
pub(super) struct Jsonl {
    /// Lines that are written.
    lines: u64,
    raw: String,
    text: String,
    words: Vec<Word>,
}

/// A line as it is written.
#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    raw: &'a str,
    text: &'a str,
    words: &'a [Word],
}

/// A word as it is written.
#[derive(Debug, Serialize)]
struct Word {
    start: usize,
    end: usize,
    text_start: usize,
    text_end: usize,
    raw: String,
    text: String,
    confidence: f64,
    runner_up: Option<String>,
    doubtful: bool,
}

impl Jsonl {
    fn write(&mut self, to: &mut dyn Write) -> io::Result<()> {
        self.lines += 1;
        let line = Line { line: self.lines, raw: &self.raw, text: &self.text, words: &self.words };
        serde_json::to_writer(&mut *to, &line)?;
        writeln!(to)?;
        self.raw.clear();
        self.text.clear();
        self.words.clear();
        Ok(())
    }
}

impl Form for Jsonl {
    fn page(&mut self, page: &RestoredPage, to: &mut dyn Write) -> io::Result<()> {
        for part in parts(page) {
            let (raw, text) = (self.raw.len(), self.text.len());
            self.words.extend(part.words.iter().map(|w| Word {
                start: raw + w.at.start,
                end: raw + w.at.end,
                text_start: text + w.text_at.start,
                text_end: text + w.text_at.end,
                raw: w.raw.to_owned(),
                text: w.text.to_owned(),
                confidence: rounded(w.said.confidence),
                runner_up: w.said.runner_up.as_ref().map(|(other, _)| other.clone()),
                doubtful: w.said.doubtful,
            }));
            self.raw.push_str(part.raw);
            self.text.push_str(part.text);
            if part.ends {
                self.write(to)?;
            }
        }
        if self.raw.len() as u64 > input::MOST {
            let what =
                format!("line {}: more than {} MB; ask for tsv or text", self.lines + 1, input::MOST >> 20);
            return Err(io::Error::new(ErrorKind::InvalidData, what));
        }
        Ok(())
    }

    fn page_break(&mut self, _: &mut dyn Write) -> io::Result<()> {
        self.raw.push(PAGE_BREAK);
        self.text.push(PAGE_BREAK);
        Ok(())
    }

    fn end(&mut self, to: &mut dyn Write) -> io::Result<()> {
        if self.raw.is_empty() && self.text.is_empty() { Ok(()) } else { self.write(to) }
    }
}

/// Four decimals: more would be noise, and differ with the machine's arithmetic.
fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
