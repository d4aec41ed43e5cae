//! What restoration changed, for people: each changed line twice, raw (`-`) and restored (`+`), the changed words coloured
//! on a terminal.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};

use crate::model::Plan;

const RAW: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default().bold();

/// One changed stretch of a raw text and what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    /// Byte range in the raw text.
    pub raw: Range<usize>,
    /// What stands there now.
    pub new: &'a str,
}

/// The changed lines of one page's `raw` text, with colours that `anstream` drops where there is no terminal.
#[must_use]
pub fn lines(raw: &str, changes: &[Change<'_>]) -> String {
    let mut out = String::new();
    let mut left = changes.iter().peekable();
    let mut start = 0;
    for line in raw.split_inclusive('\n') {
        let span = start..start + line.len();
        start = span.end;
        let (mut old, mut new, mut at) = (String::new(), String::new(), span.start);
        while let Some(change) = left.next_if(|change| change.raw.start < span.end) {
            let (Some(kept), Some(was)) = (raw.get(at..change.raw.start), raw.get(change.raw.clone())) else {
                continue; // overlaps the one before
            };
            // Writing to a String cannot fail.
            let _ = write!(old, "{kept}{RAW}{}{RAW:#}", was.replace('\n', " "));
            let _ = write!(new, "{kept}{NEW}{}{NEW:#}", change.new);
            at = change.raw.end;
        }
        if at > span.start {
            let rest = raw.get(at..span.end).unwrap_or_default();
            let _ = writeln!(out, "- {}{}", old, rest.trim_end_matches('\n'));
            let _ = writeln!(out, "+ {}{}", new, rest.trim_end_matches('\n'));
        }
    }
    out
}

/// The changed lines of a whole plan, under a heading for each page that has any.
#[must_use]
pub fn of_plan(name: &str, plan: &Plan) -> String {
    let mut out = String::new();
    for page in &plan.pages {
        let changes: Vec<Change<'_>> = plan
            .corrections
            .iter()
            .filter(|c| c.page == page.number)
            .map(|c| Change { raw: c.start..c.end, new: &c.new })
            .collect();
        if !changes.is_empty() {
            let _ = writeln!(out, "{name}, page {}:\n{}", page.number, lines(&page.raw, &changes));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(raw: &str, changes: &[Change<'_>]) -> String {
        anstream::adapter::strip_str(&lines(raw, changes)).to_string()
    }

    #[test]
    fn only_changed_lines_are_shown() {
        let raw = "ngay06 thing3\nkhông đổi\nxi Tan An";
        let at = |word: &str| {
            let start = raw.find(word).expect("in the text");
            start..start + word.len()
        };
        let changes = [
            Change { raw: at("ngay06"), new: "ngày 06" },
            Change { raw: at("thing3"), new: "tháng 3" },
            Change { raw: at("xi"), new: "xã" },
        ];
        assert_eq!(plain(raw, &changes), "- ngay06 thing3\n+ ngày 06 tháng 3\n- xi Tan An\n+ xã Tan An\n");
        assert!(lines(raw, &changes).contains("\u{1b}["));
    }

    #[test]
    fn ranges_that_do_not_fit_are_left_out() {
        let at = |raw, new| Change { raw, new };
        assert_eq!(plain("aé\n", &[at(2..3, "x")]), "", "inside a letter");
        assert_eq!(plain("abc\n", &[at(0..2, "AB"), at(1..3, "x"), at(2..90, "y")]), "- abc\n+ ABc\n");
    }
}
