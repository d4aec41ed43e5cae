//! Finished documents as tables: documents, references, tasks, sections; a row of cells each, as CSV or JSON Lines.
//!
//! What the columns are stands in [`Table::columns`], what fills them in one file a table. A table is written document by document, so
//! any number of documents takes the memory of one.

mod csv;
mod documents;
mod jsonl;
mod references;
mod sections;
mod tasks;

use std::borrow::Cow;

use super::digest::{Digest, Period, Place, Text};

pub use csv::{Csv, Separator};

/// A table over all documents of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// A row a document: letterhead, signature, counts, quality.
    Documents,
    /// A row for each mention of another document.
    References,
    /// A row for each task and each duty: who, what, by when.
    Tasks,
    /// A row for each item of the outlines.
    Sections,
}

impl Table {
    /// All of them.
    pub const ALL: [Table; 4] = [Table::Documents, Table::References, Table::Tasks, Table::Sections];

    /// Its name, which is that of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::Documents => "documents",
            Table::References => "references",
            Table::Tasks => "tasks",
            Table::Sections => "sections",
        }
    }

    /// The names of its columns. Later versions only add some at the end.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Documents => &documents::COLUMNS,
            Table::References => &references::COLUMNS,
            Table::Tasks => &tasks::COLUMNS,
            Table::Sections => &sections::COLUMNS,
        }
    }

    /// Hands each row of `digest` to `row`, as many cells as there are columns.
    fn rows(self, digest: &Digest<'_>, row: &mut dyn FnMut(&[Cell<'_>])) {
        match self {
            Table::Documents => documents::rows(digest, row),
            Table::References => references::rows(digest, row),
            Table::Tasks => tasks::rows(digest, row),
            Table::Sections => sections::rows(digest, row),
        }
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For spreadsheets.
    Csv(Csv),
    /// A JSON object a row.
    Jsonl,
}

impl Form {
    /// How its files end.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Form::Csv(_) => "csv",
            Form::Jsonl => "jsonl",
        }
    }
}

/// What stands before the rows.
pub(super) fn head(table: Table, form: Form) -> Vec<u8> {
    match form {
        Form::Csv(csv) => csv.head(table.columns()),
        Form::Jsonl => Vec::new(),
    }
}

/// Adds the rows of `digest` to `out`.
pub(super) fn add(table: Table, form: Form, digest: &Digest<'_>, out: &mut Vec<u8>) {
    match form {
        Form::Csv(csv) => csv.rows(out, |row| table.rows(digest, row)),
        Form::Jsonl => table.rows(digest, &mut |cells| jsonl::row(table.columns(), cells, out)),
    }
}

/// What stands in one column of one row.
#[derive(Debug, Clone, PartialEq)]
enum Cell<'a> {
    /// Nothing is known.
    Empty,
    Text(Cow<'a, str>),
    Count(u64),
    Number(f32),
    /// Several texts: an array in JSON; in CSV one cell, a semicolon and a space between.
    List(Vec<&'a str>),
}

impl<'a> Cell<'a> {
    fn text(text: &'a str) -> Cell<'a> {
        Cell::Text(Cow::Borrowed(text))
    }

    fn of(text: &'a Option<Text<'_>>) -> Cell<'a> {
        text.as_deref().map_or(Cell::Empty, Cell::text)
    }

    fn list<'t: 'a>(texts: &'a [Text<'t>]) -> Cell<'a> {
        Cell::List(texts.iter().map(|text| &**text).collect())
    }

    fn count(n: usize) -> Cell<'a> {
        Cell::Count(n as u64)
    }

    /// The page that something begins on.
    fn page(places: &[Place]) -> Cell<'a> {
        places.first().map_or(Cell::Empty, |place| Cell::Count(place.page))
    }

    /// First and last day, month or year.
    fn period(period: &'a Option<Period<'_>>) -> [Cell<'a>; 2] {
        match period {
            Some(period) => [Cell::text(&period.from), Cell::text(&period.to)],
            None => [Cell::Empty, Cell::Empty],
        }
    }

    /// A path of labels: `III › 2 › a`.
    fn path(labels: &[impl AsRef<str>]) -> Cell<'a> {
        if labels.is_empty() {
            return Cell::Empty;
        }
        let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
        Cell::Text(labels.join(" › ").into())
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        self
    }
}
