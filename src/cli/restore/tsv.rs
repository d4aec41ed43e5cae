//! One row for each word.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::RestoredPage;

use super::form::{Form, PAGE_BREAK, parts};

const HEADER: &str = "line\tstart\tend\traw\trestored\tconfidence\trunner_up\tdoubtful";

/// Writes words as rows.
#[derive(Debug, Default)]
pub(super) struct Tsv {
    begun: bool,
    /// Lines that have ended.
    lines: u64,
    /// Bytes of the line's raw text in parts that are written.
    before: usize,
}

impl Tsv {
    fn begin(&mut self, to: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) { Ok(()) } else { writeln!(to, "{HEADER}") }
    }
}

impl Form for Tsv {
    fn page(&mut self, page: &RestoredPage, to: &mut dyn Write) -> io::Result<()> {
        self.begin(to)?;
        for part in parts(page) {
            for word in &part.words {
                let other = word.said.runner_up.as_ref().map_or("", |(other, _)| other.as_str());
                writeln!(
                    to,
                    "{}\t{}\t{}\t{}\t{}\t{:.4}\t{}\t{}",
                    self.lines + 1,
                    self.before + word.at.start,
                    self.before + word.at.end,
                    cell(word.raw),
                    cell(word.text),
                    word.said.confidence,
                    cell(other),
                    u8::from(word.said.doubtful),
                )?;
            }
            if part.ends {
                self.lines += 1;
                self.before = 0;
            } else {
                self.before += part.raw.len();
            }
        }
        Ok(())
    }

    fn page_break(&mut self, _: &mut dyn Write) -> io::Result<()> {
        self.before += PAGE_BREAK.len_utf8();
        Ok(())
    }

    fn end(&mut self, to: &mut dyn Write) -> io::Result<()> {
        self.begin(to)
    }
}

/// A cell's text: a tab inside it, as between the two halves of a word that came apart, would make two of one cell.
fn cell(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.replace(char::is_control, " ").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_cells() {
        assert_eq!(cell("th\tang\n"), "th ang ");
        assert_eq!(cell("tháng"), "tháng");
    }
}
