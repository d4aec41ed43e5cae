//! The table of a run's documents: plain columns that line up, numbers to the right.

use std::fmt::Write as _;
use std::time::Duration;

use crate::model::plan::Section;
use crate::model::{Plan, Profile};

/// One document's line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(Vec<String>);

/// Titles, and whether the column holds numbers.
const COLUMNS: [(&str, bool); 8] = [
    ("document", false),
    ("pages", true),
    ("kind", false),
    ("number", false),
    ("sections", true),
    ("words", true),
    ("doubtful", true),
    ("seconds", true),
];

impl Row {
    /// The line of a document that is done.
    #[must_use]
    pub fn done(name: &str, plan: &Plan, elapsed: Duration) -> Row {
        let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "–".into());
        Row(vec![
            name.to_owned(),
            plan.pages.len().to_string(),
            text(&plan.header.kind),
            text(&plan.header.number),
            sections(plan).to_string(),
            plan.quality.words.to_string(),
            plan.quality.doubtful.to_string(),
            format!("{:.1}", elapsed.as_secs_f32()),
        ])
    }

    /// The line of a document that is not: `why` stands in place of the figures.
    #[must_use]
    pub fn other(name: &str, why: &str) -> Row {
        Row(vec![name.to_owned(), "–".into(), why.to_owned()])
    }
}

/// How many numbered or dashed items a plan has, on all levels.
#[must_use]
pub fn sections(plan: &Plan) -> usize {
    let mut left: Vec<&Section> =
        plan.sections.iter().chain(plan.attached.iter().flat_map(|a| &a.sections)).collect();
    let mut count = 0;
    while let Some(section) = left.pop() {
        count += 1;
        left.extend(&section.children);
    }
    count
}

/// The table of `rows`, which are put in order of their names.
#[must_use]
pub fn table(mut rows: Vec<Row>) -> String {
    rows.sort();
    let titles = Row(COLUMNS.iter().map(|(title, _)| (*title).to_owned()).collect());
    let all: Vec<&Row> = std::iter::once(&titles).chain(&rows).collect();
    let width = |i: usize| all.iter().filter_map(|row| row.0.get(i)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS.len()).map(|i| width(i).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in all {
        let mut line = String::new();
        for ((cell, width), (_, number)) in row.0.iter().zip(&widths).zip(COLUMNS) {
            // Writing to a String cannot fail.
            let _ = if number { write!(line, "{cell:>width$}  ") } else { write!(line, "{cell:<width$}  ") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// What each stage cost, as a table without a last line break.
#[must_use]
pub fn profile(spent: &Profile) -> String {
    let stages = spent.stages();
    let whole: Duration = stages.iter().map(|stage| stage.1).sum();
    let pages = spent.pages.max(1) as f64;
    let row = |name: &str, time: Duration| {
        let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64().max(1e-9);
        let a_page = 1000.0 * time.as_secs_f64() / pages;
        format!("\n{name:<10}{:>10.2}{share:>9.1}{a_page:>12.2}", time.as_secs_f64())
    };
    let mut out = format!("{:<10}{:>10}{:>9}{:>12}", "stage", "CPU s", "%", "ms a page");
    stages.iter().for_each(|(name, time)| out.push_str(&row(name, *time)));
    out + &row("all", whole) + &format!(" ({} page{})", spent.pages, if spent.pages == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_listed_with_their_shares() {
        let ms = Duration::from_millis;
        let spent = Profile { pages: 4, prepare: ms(100), recognise: ms(900), ..Profile::default() };
        let table = profile(&spent);
        let line = |name: &str| table.lines().find(|line| line.starts_with(name)).map(str::split_whitespace);
        assert_eq!(
            line("prepare").map(Iterator::collect::<Vec<_>>),
            Some(vec!["prepare", "0.10", "10.0", "25.00"])
        );
        assert!(table.ends_with("all             1.00    100.0      250.00 (4 pages)"), "{table}");
    }

    #[test]
    fn columns_line_up() {
        let mut plan = Plan::default();
        plan.header.kind = Some("KẾ HOẠCH".into());
        plan.sections = vec![Section { children: vec![Section::default()], ..Section::default() }];
        plan.quality.words = 1204;
        let rows = vec![
            Row::done("b.pdf", &plan, Duration::from_millis(1250)),
            Row::other("a long name.pdf", "failed"),
        ];
        let expected = "\
document         pages  kind      number  sections  words  doubtful  seconds
a long name.pdf      –  failed
b.pdf                0  KẾ HOẠCH  –              2   1204         0      1.2
";
        assert_eq!(table(rows), expected);
    }
}
