//! What persons decided about one document, as its journal holds it: a line of JSON each, in the order in which it was decided.
//!
//! Nothing is ever taken out of a journal. Undoing is a decision too: it names the lines that shall not count, and may be undone
//! itself. The number of lines is the document's *version*, by which two who decide at the same time are told of each other.

use serde::{Deserialize, Serialize};
use std::time::SystemTime;

use crate::model::review::ReviewKind;

/// What kind of decision it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The machine's reading is right.
    Accept,
    /// Its next best reading is right.
    RunnerUp,
    /// The person typed what stands there.
    Typed,
    /// The person wrote a field.
    Field,
    /// The person wrote the label of an item.
    Label,
    /// Earlier lines do not count.
    Undo,
}

impl Kind {
    /// As the document's JSON shows it; an undoing is not shown.
    pub(super) fn shown(self) -> Option<ReviewKind> {
        Some(match self {
            Kind::Accept => ReviewKind::Accept,
            Kind::RunnerUp => ReviewKind::RunnerUp,
            Kind::Typed => ReviewKind::Typed,
            Kind::Field => ReviewKind::Field,
            Kind::Label => ReviewKind::Label,
            Kind::Undo => return None,
        })
    }
}

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When: RFC 3339, UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// The document's name below OUT, less `.json`.
    pub document: String,
    /// How.
    pub kind: Kind,
    /// Page number, for a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// First byte in the page's raw text, for a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// One past the last byte, for a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    /// What was read there, for a word: where another text stands by now, the decision has no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// Where the field stands in the JSON (a JSON pointer), for a field or a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What stood there when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What shall stand there; none empties a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Decisions that were made at once, in one document or several, share this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// For an undoing: the lines that do not count, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<usize>,
}

/// A journal, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// Its lines; one that is no decision holds a place and says nothing.
    lines: Vec<Option<Decision>>,
}

impl Log {
    /// The journal of this text.
    #[must_use]
    pub fn of(text: &str) -> Log {
        Log { lines: text.lines().map(|line| serde_json::from_str(line).ok()).collect() }
    }

    /// How many lines there are.
    #[must_use]
    pub fn version(&self) -> usize {
        self.lines.len()
    }

    /// The decisions of the lines after the `version`-th, with their numbers, from 1.
    pub fn since(&self, version: usize) -> impl Iterator<Item = (usize, &Decision)> {
        (1..).zip(&self.lines).skip(version).filter_map(|(n, line)| Some((n, line.as_ref()?)))
    }

    /// The decisions that were not undone, with their numbers, in order.
    #[must_use]
    pub fn living(&self) -> Vec<(usize, &Decision)> {
        let mut undone = vec![false; self.lines.len() + 1];
        let mut out = Vec::new();
        for (i, line) in self.lines.iter().enumerate().rev() {
            let n = i + 1;
            let Some(decision) = line.as_ref().filter(|_| !undone[n]) else { continue };
            if decision.kind == Kind::Undo {
                for of in decision.of.iter().filter(|of| **of < n) {
                    undone[*of] = true;
                }
            } else {
                out.push((n, decision));
            }
        }
        out.reverse();
        out
    }

    /// The decisions about words that count: of those over one place the last.
    #[must_use]
    pub fn words(&self) -> Vec<&Decision> {
        let mut out: Vec<&Decision> = Vec::new();
        let mut taken: std::collections::BTreeMap<(u32, usize), usize> = std::collections::BTreeMap::new();
        for (_, decision) in self.living().into_iter().rev() {
            let (Some(page), Some(start), Some(end)) = (decision.page, decision.start, decision.end) else {
                continue;
            };
            let before = taken.range(..(page, end)).next_back();
            if before.is_some_and(|((other, _), until)| *other == page && *until > start) {
                continue;
            }
            taken.insert((page, start), end);
            out.push(decision);
        }
        out.sort_by_key(|d| (d.page, d.start));
        out
    }

    /// The decisions about fields that count: of those about one field the last, each with what anybody ever found there.
    #[must_use]
    pub fn fields(&self) -> Vec<(&Decision, Vec<Option<&str>>)> {
        let mut out: Vec<(&Decision, Vec<Option<&str>>)> = Vec::new();
        for (_, decision) in self.living().into_iter().filter(|(_, d)| d.path.is_some()) {
            out.retain(|(other, _)| other.path != decision.path);
            let same = self.lines.iter().flatten().filter(|d| d.path == decision.path);
            out.push((decision, same.map(|d| d.before.as_deref()).collect()));
        }
        out
    }
}

/// A moment as RFC 3339 has it, UTC, to the second.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // years begin in March, so that the day that some of them lack is their last
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (date, month) =
        (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn line(kind: Kind, start: usize, end: usize, after: &str, of: &[usize]) -> String {
        let decision = Decision {
            at: rfc3339(SystemTime::UNIX_EPOCH),
            by: "An".into(),
            document: "a.txt".into(),
            kind,
            page: Some(1).filter(|_| of.is_empty()),
            start: Some(start).filter(|_| of.is_empty()),
            end: Some(end).filter(|_| of.is_empty()),
            raw: None,
            path: None,
            before: None,
            after: Some(after.into()),
            group: None,
            of: of.to_vec(),
        };
        serde_json::to_string(&decision).expect("JSON") + "\n"
    }

    #[test]
    fn the_last_decision_that_was_not_undone_counts() {
        let mut text = line(Kind::Typed, 0, 3, "một", &[]) + &line(Kind::Typed, 0, 3, "hai", &[]);
        let after = |text: &str| {
            Log::of(text).words().iter().map(|d| d.after.clone().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(after(&text), ["hai"]);
        text += &line(Kind::Undo, 0, 0, "", &[2]);
        assert_eq!(after(&text), ["một"]);
        text += "what is this\n";
        text += &line(Kind::Undo, 0, 0, "", &[3]);
        assert_eq!(after(&text), ["hai"], "an undoing that was undone");
        text += &line(Kind::Typed, 2, 5, "ba", &[]);
        text += &line(Kind::Accept, 8, 9, "x", &[]);
        assert_eq!(after(&text), ["ba", "x"], "what overlaps gives way");
        assert_eq!((Log::of(&text).version(), Log::of(&text).since(6).count()), (7, 1));
    }

    #[test]
    fn moments() {
        let at = |seconds| rfc3339(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_767_225_599), "2025-12-31T23:59:59Z");
    }
}
