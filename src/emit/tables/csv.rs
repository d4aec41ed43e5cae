//! CSV that opens right in a spreadsheet: RFC 4180 (cells with a separator, quote or line break are quoted, lines end with CR LF), UTF-8
//! with a byte order mark, without which Excel takes it for the system's old encoding.
//!
//! **Formulas.** A spreadsheet computes a cell that begins with `=`, `+`, `-` or `@`; text from a scan that happens to (a list item
//! `- Sở Tài chính ...`) would show as an error, and text that was made to could run something. Such a cell gets an apostrophe before
//! it, the mark by which spreadsheets tell text. A sign alone (the label of a list item) computes nothing and stays. `guard: false` leaves
//! all as it is, for programs; JSON Lines never have the mark.
//!
//! Limits: Excel shows 32,767 characters of a cell at most, and takes labels such as `1.10` for numbers unless the column is imported as text.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};

use super::Cell;

/// How CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv {
    /// What stands between cells.
    pub separator: Separator,
    /// Whether a byte order mark comes first.
    pub bom: bool,
    /// Whether cells that a spreadsheet would compute get an apostrophe.
    pub guard: bool,
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    #[default]
    Comma,
    /// `;`, which Excel wants where the comma is the decimal sign.
    Semicolon,
    /// A tab.
    Tab,
}

impl Default for Csv {
    fn default() -> Csv {
        Csv { separator: Separator::Comma, bom: true, guard: true }
    }
}

impl Csv {
    /// The byte order mark and the row of column names.
    pub(super) fn head(self, columns: &[&str]) -> Vec<u8> {
        let mut out = if self.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        let mut writer = self.writer(&mut out);
        // memory takes whatever is written to it
        let _ = writer.write_record(columns);
        drop(writer);
        out
    }

    /// Adds the rows that `rows` hands over.
    pub(super) fn rows(self, out: &mut Vec<u8>, rows: impl FnOnce(&mut dyn FnMut(&[Cell<'_>]))) {
        let mut writer = self.writer(out);
        rows(&mut |cells| {
            for cell in cells {
                let _ = writer.write_field(&*self.cell(cell));
            }
            let _ = writer.write_record(None::<&[u8]>);
        });
    }

    fn writer(self, out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
        let separator = match self.separator {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
        };
        WriterBuilder::new().delimiter(separator).terminator(Terminator::CRLF).from_writer(out)
    }

    fn cell<'a>(self, cell: &'a Cell<'_>) -> Cow<'a, str> {
        let text: Cow<'a, str> = match cell {
            Cell::Empty => return Cow::Borrowed(""),
            Cell::Count(n) => return n.to_string().into(),
            Cell::Number(n) => return n.to_string().into(),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::List(texts) => texts.join("; ").into(),
        };
        let text = plain(text);
        if self.guard && is_computed(&text) { format!("'{text}").into() } else { text }
    }
}

/// Whether a spreadsheet would compute the cell.
fn is_computed(text: &str) -> bool {
    text.len() > 1 && text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Control characters, at which spreadsheets end a cell or a file, become spaces.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    let disturbing = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(disturbing) { text.replace(disturbing, " ").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(csv: Csv, cells: &[Cell<'_>]) -> String {
        let mut out = Vec::new();
        csv.rows(&mut out, |row| row(cells));
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let cells = [
            Cell::text("a, b"),
            Cell::text("nói \"vâng\""),
            Cell::text("hai\ndòng"),
            Cell::Empty,
            Cell::Count(7),
            Cell::Number(92.5),
            Cell::List(vec!["x", "y"]),
            Cell::text("a\u{0}b"),
        ];
        let expected = "\"a, b\",\"nói \"\"vâng\"\"\",\"hai\ndòng\",,7,92.5,x; y,a b\r\n";
        assert_eq!(line(Csv::default(), &cells), expected);
        let tabs = Csv { separator: Separator::Tab, ..Csv::default() };
        assert_eq!(line(tabs, &[Cell::text("a,b"), Cell::text("c;d")]), "a,b\tc;d\r\n");
        let semicolons = Csv { separator: Separator::Semicolon, ..Csv::default() };
        assert_eq!(line(semicolons, &[Cell::text("a,b"), Cell::text("c;d")]), "a,b;\"c;d\"\r\n");
    }

    #[test]
    fn nothing_is_computed_by_a_spreadsheet() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("- Sở Tài chính", "'- Sở Tài chính"),
            ("+84 24", "'+84 24"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("-", "-"),
            ("+", "+"),
            ("a = b", "a = b"),
        ] {
            assert_eq!(line(Csv::default(), &[Cell::text(text), Cell::Empty]), format!("{shown},\r\n"));
            let plain = Csv { guard: false, ..Csv::default() };
            assert_eq!(line(plain, &[Cell::text(text), Cell::Empty]), format!("{text},\r\n"));
        }
    }
}
