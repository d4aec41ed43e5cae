//! What the user sees of a run: a progress bar on a terminal, plain lines elsewhere, failures in either case, all on stderr;
//! on stdout the changes and the table, if asked for.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::batch::{Outcome, Report, Totals, Watch};
use crate::model::Plan;

use super::table::{self, Row};
use super::{changes, output};

/// How much is shown, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// Nothing: there is a log in its place.
    Log,
    /// Failures only.
    Quiet,
    /// What is done, on a terminal as a bar.
    Normal,
    /// Also what was skipped, and every warning.
    Verbose,
}

/// The screen during a run.
pub struct Screen {
    voice: Voice,
    show_changes: bool,
    bar: Option<ProgressBar>,
    /// Pages of the documents opened so far, and how many of them are read.
    pages: AtomicUsize,
    read: AtomicUsize,
    rows: Option<Mutex<Vec<Row>>>,
}

impl Screen {
    /// A screen for a run.
    pub fn new(voice: Voice, show_changes: bool, summary: bool) -> Screen {
        let bar = (voice > Voice::Quiet && std::io::stderr().is_terminal()).then(bar);
        let (pages, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Screen { voice, show_changes, bar, pages, read, rows: summary.then(Mutex::default) }
    }

    fn show_pages(&self) {
        if let Some(bar) = &self.bar {
            let (read, pages) = (self.read.load(Ordering::Relaxed), self.pages.load(Ordering::Relaxed));
            bar.set_message(format!("{read}/{pages} pages"));
        }
    }

    /// Prints the table and the closing line.
    pub fn close(self, totals: &Totals, out: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some(rows) = self.rows {
            output::print(&table::table(rows.into_inner().unwrap_or_else(PoisonError::into_inner)));
        }
        if self.voice == Voice::Log {
            let (done, warned, skipped, failed) =
                (totals.done, totals.warned, totals.skipped, totals.failures());
            tracing::info!(done, warned, skipped, failed, interrupted = totals.is_unfinished(), "run ended");
        }
        if self.voice > Voice::Quiet {
            if totals.inputs() == 0 && !totals.is_unfinished() {
                output::complain(
                    "nothing to do: no PDF, image or .txt file was found; name files or folders that hold some",
                );
            }
            if totals.left_out > 0 && self.voice == Voice::Verbose {
                output::tell(&format!("{} files of other kinds are left out", totals.left_out));
            }
            output::tell(&closing(totals, out));
        }
    }

    fn say(&self, line: &str) {
        self.undisturbed(|| output::tell(line));
    }

    /// Prints while the bar is out of the way.
    fn undisturbed(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn done(&self, name: &str, plan: &Plan, elapsed: Duration) {
        if self.voice == Voice::Verbose || (self.voice == Voice::Normal && self.bar.is_none()) {
            self.say(&line(name, plan, elapsed));
        }
        if self.voice == Voice::Verbose {
            for warning in &plan.warnings {
                let page = warning.page.map(|page| format!("page {page}: ")).unwrap_or_default();
                self.say(&format!("  warning: {page}{} ({})", warning.message, warning.code));
            }
        }
        if self.show_changes {
            let changes = changes::of_plan(name, plan);
            // A reader that has had enough of them does not end the run.
            self.undisturbed(|| {
                let _ = anstream::stdout().lock().write_all(changes.as_bytes());
            });
        }
        self.row(|| Row::done(name, plan, elapsed));
    }

    fn row(&self, row: impl FnOnce() -> Row) {
        if let Some(rows) = &self.rows {
            rows.lock().unwrap_or_else(PoisonError::into_inner).push(row());
        }
    }
}

impl Watch for Screen {
    fn note(&self, text: &str) {
        match self.voice {
            Voice::Log => tracing::warn!("{text}"),
            Voice::Quiet => {}
            Voice::Normal | Voice::Verbose => self.say(&format!("sohoa: {text}")),
        }
    }

    fn found(&self) {
        if let Some(bar) = &self.bar {
            bar.inc_length(1);
        }
    }

    fn opened(&self, pages: usize) {
        self.pages.fetch_add(pages, Ordering::Relaxed);
        self.show_pages();
    }

    fn page(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
        self.show_pages();
    }

    fn ended(&self, report: &Report<'_>) {
        let name = report.name;
        match report.outcome {
            Outcome::Done(plan) => self.done(name, plan, report.elapsed),
            Outcome::Skipped => {
                if self.voice == Voice::Verbose {
                    self.say(&format!("{name}: up to date"));
                }
                self.row(|| Row::other(name, "up to date"));
            }
            Outcome::Failed(failure) => {
                if self.voice > Voice::Log {
                    self.say(&format!("sohoa: {name}: {failure}"));
                }
                self.row(|| Row::other(name, "failed"));
            }
        }
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0); // grows as inputs are found, somewhat ahead of the work
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {pos} of {len} documents found so far, {elapsed} {wide_msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// A document that is done, in one line.
fn line(name: &str, plan: &Plan, elapsed: Duration) -> String {
    let header = &plan.header;
    let title: Vec<&str> = [&header.kind, &header.number].into_iter().flatten().map(String::as_str).collect();
    let title = if title.is_empty() { String::new() } else { format!("{}, ", title.join(" ")) };
    let warnings = match plan.warnings.len() {
        0 => String::new(),
        some => format!(", {}", count(some, "warning")),
    };
    format!(
        "{name}: {}, {title}{}, {}, {} doubtful{warnings}, {:.1} s",
        count(plan.pages.len(), "page"),
        count(table::sections(plan), "section"),
        count(plan.quality.words as usize, "word"),
        plan.quality.doubtful,
        elapsed.as_secs_f32(),
    )
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The last line of a run.
fn closing(totals: &Totals, out: &str) -> String {
    let mut parts = vec![match totals.warned {
        0 => format!("{} done", totals.done),
        warned => format!("{} done ({warned} with warnings)", totals.done),
    }];
    for (n, what) in
        [(totals.skipped, "up to date"), (totals.failures(), "failed"), (totals.interrupted, "not finished")]
    {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    if totals.cut_short {
        parts.push("others not looked at".into());
    }
    format!("{}; outputs in {out}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Reason;

    #[test]
    fn lines_for_people() {
        let mut plan = Plan::default();
        plan.header.number = Some("05/KH-UBND".into());
        plan.quality.words = 1;
        assert_eq!(
            line("a.txt", &plan, Duration::from_millis(340)),
            "a.txt: 0 pages, 05/KH-UBND, 0 sections, 1 word, 0 doubtful, 0.3 s"
        );
        let mut totals = Totals { done: 3, warned: 1, skipped: 2, ..Totals::default() };
        assert_eq!(closing(&totals, "out"), "3 done (1 with warnings), 2 up to date; outputs in out");
        totals.failed.insert(Reason::Input, 4);
        totals.interrupted = 1;
        assert!(closing(&totals, "out").contains("4 failed, 1 not finished"));
    }
}
