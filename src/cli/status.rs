//! `sohoa status OUT`: what the ledger says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use crate::batch::{self, LastRun, Ranked, Status};

use super::args::StatusArgs;
use super::exit::Exit;
use super::output;

/// So many failures of one reason are shown by name; `--json` has them all.
const EXAMPLES: usize = 3;

/// Prints the state of an output folder.
pub fn run(args: &StatusArgs) -> Exit {
    let status = match batch::status(&args.out, args.top.into()) {
        Ok(status) => status,
        Err(error) => {
            output::complain(&error.to_string());
            return Exit::Output;
        }
    };
    if args.json {
        // Plain values always serialise.
        let mut json = serde_json::to_string_pretty(&status).unwrap_or_default();
        json.push('\n');
        return output::print(&json);
    }
    output::print(&text(&status, SystemTime::now()))
}

/// The state for people; `now` is when they ask.
fn text(status: &Status, now: SystemTime) -> String {
    let figures = &status.figures;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{:>9}  documents", figures.documents);
    for (n, what) in [
        (figures.done, "done"),
        (figures.done_with_warnings, "done, with warnings"),
        (figures.failed, "failed"),
    ] {
        let _ = writeln!(out, "{n:>9}  {what}");
    }
    if figures.skipped > 0 {
        let _ = writeln!(out, "{:>9}  skipped: no documents", figures.skipped);
    }
    let [good, fair, poor] = figures.grades;
    let _ = writeln!(
        out,
        "\n{} pages, {} words, {} of them doubtful; results good {good}, fair {fair}, poor {poor}",
        figures.pages, figures.words, figures.doubtful
    );
    if let Some(run) = &status.last_run {
        let _ = writeln!(out, "{}", last_run(run, now));
    }
    out.push_str(&failures(status));
    out.push_str(&skips(status));
    out.push_str(&ranking("Slowest", &status.slowest));
    out.push_str(&ranking("To look at first", &status.worst));
    out
}

fn last_run(run: &LastRun, now: SystemTime) -> String {
    let since = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(run.started).unwrap_or(0));
    let ago = span(now.duration_since(since).unwrap_or_default());
    let count = |n: Option<u64>| n.unwrap_or_default();
    match run.how.as_str() {
        "ended" | "interrupted" => {
            let millis = run.ended.unwrap_or(run.started) - run.started;
            format!(
                "last run: begun {ago} ago, {} after {}: {} done, {} up to date, {} failed",
                run.how,
                span(Duration::from_millis(u64::try_from(millis).unwrap_or(0))),
                count(run.done),
                count(run.skipped),
                count(run.failed)
            )
        }
        _ => format!("last run: begun {ago} ago; it is still at work, or was killed"),
    }
}

fn failures(status: &Status) -> String {
    let mut by_reason: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, failed) in status.failures.iter().enumerate() {
        by_reason.entry(&failed.reason).or_default().push(at);
    }
    let mut out = String::new();
    for (reason, failed) in by_reason {
        let _ = writeln!(out, "\nFailed ({reason}): {}", failed.len());
        for failed in failed.iter().take(EXAMPLES).filter_map(|at| status.failures.get(*at)) {
            let _ = writeln!(out, "  {}: {}", failed.path, failed.message);
        }
        if failed.len() > EXAMPLES {
            let _ = writeln!(out, "  ... (--json has all)");
        }
    }
    out
}

fn skips(status: &Status) -> String {
    let mut out = if status.skips.is_empty() { String::new() } else { "\nSkipped\n".to_owned() };
    for skipped in &status.skips {
        let _ = writeln!(out, "{:>9}  {}, such as {}", skipped.count, skipped.why, skipped.example);
    }
    out
}

fn ranking(title: &str, ranked: &[Ranked]) -> String {
    if ranked.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{title}\n");
    for document in ranked {
        let count = |n: Option<u64>| n.map_or("–".into(), |n| n.to_string());
        let _ = writeln!(
            out,
            "  {:>8.1} s  {:>5} pages  {:<6}{:>5} of {:>6} words doubtful  {}",
            document.seconds,
            count(document.pages),
            document.grade.as_deref().unwrap_or("failed"),
            count(document.doubtful),
            count(document.words),
            document.path
        );
    }
    out
}

/// A span of time in its two largest units.
fn span(time: Duration) -> String {
    match time.as_secs() {
        s @ ..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {} s", s / 60, s % 60),
        s @ 3600..86_400 => format!("{} h {} min", s / 3600, s % 3600 / 60),
        s => format!("{} days {} h", s / 86_400, s % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Failed, Figures, Skipped};

    #[test]
    fn what_people_read() {
        let failed = |path: &str| Failed {
            path: path.into(),
            name: path.into(),
            reason: "input".into(),
            message: "empty".into(),
            attempts: 1,
        };
        let status = Status {
            figures: Figures { documents: 12, done: 7, failed: 5, ..Figures::default() },
            failures: ["a", "b", "c", "d", "e"].map(failed).to_vec(),
            skips: vec![Skipped { why: "a GIF image".into(), count: 3, example: "in/a.gif".into() }],
            slowest: vec![],
            worst: vec![],
            last_run: Some(LastRun {
                started: 1_000,
                ended: Some(76_000),
                how: "ended".into(),
                tool: "sohoa".into(),
                done: Some(7),
                warned: Some(0),
                skipped: Some(0),
                failed: Some(5),
            }),
        };
        let text = text(&status, SystemTime::UNIX_EPOCH + Duration::from_secs(3 * 3600 + 1));
        for line in [
            "       12  documents",
            "        5  failed",
            "last run: begun 3 h 0 min ago, ended after 1 min 15 s: 7 done, 0 up to date, 5 failed",
            "Failed (input): 5",
            "  c: empty",
            "  ... (--json has all)",
            "        3  a GIF image, such as in/a.gif",
        ] {
            assert!(text.lines().any(|found| found == line), "{line:?} in\n{text}");
        }
        assert!(!text.contains("Slowest"));
    }
}
