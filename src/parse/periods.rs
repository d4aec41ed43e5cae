//! Dates and periods in running text, brought to one form.
//!
//! ```text
//! trước ngày 30/6/2022                    2022-06-30
//! từ ngày 01/11/2017 đến 31/5/2018        2017-11-01 … 2018-05-31
//! Quý II năm 2022                         2022-04 … 2022-06
//! giai đoạn 2021 - 2025                   2021 … 2025
//! ```
//!
//! The ends are ISO 8601 in the precision that is printed: a year, a month, or a day; nothing is guessed. A day without
//! a year takes that of the other end of its period. Years alone (*năm 2022*) are only looked for in titles.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::fold::{Folded, fold_char};
use crate::model::roman;

/// One date or period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes in the text.
    pub at: Range<usize>,
    /// First day, month or year.
    pub from: String,
    /// Last day, month or year; the same as `from` for a date.
    pub to: String,
}

/// A day: `ngày 5/3`, `05/3/2024`, `ngày 05 tháng 3 năm 2024`.
const DAY: &str = r"(?:ngay )?([0-9]{1,2})(?:/| thang )([0-9]{1,2})(?:(?:/| nam )([12][0-9]{3}))?";

static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let year = r"([12][0-9]{3})";
    let dash = r" ?(?:-|den|den het|den nam|den het nam) ?";
    // numbers of groups are counted on: see `read`
    Regex::new(&format!(
        concat!(
            r"\b(?:tu )?{day}(?: ?- ?| den het | den ){day}",
            r"|\b(?:giai doan|nam hoc|nhiem ky|tu nam)(?: tu)?(?: nam)? {year}{dash}{year}",
            r"|\bquy ([ivx]{{1,3}}|[1-4])(?: ?(?:,|va|-|den quy|, quy) ?([ivx]{{1,3}}|[1-4]))?(?:/| nam |/nam |-){year}",
            r"|\b(?:tu )?thang ([0-9]{{1,2}})(?:(?:/| nam ){year})?(?: ?- ?| den het | den )(?:thang )?([0-9]{{1,2}})(?:/| nam ){year}",
            r"|\bthang ([0-9]{{1,2}})(?:/| nam ){year}",
            r"|\b(?:0?6|sau) thang (dau|cuoi) nam {year}",
            r"|\b(?:ngay [0-9]{{1,2}}(?:/| thang )[0-9]{{1,2}}(?:/| nam )|[0-9]{{1,2}}/[0-9]{{1,2}}/){year}\b",
        ),
        day = DAY,
        year = year,
        dash = dash
    ))
    .ok()
});

static ONE_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("^{DAY}$")).ok());
static YEARS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:nam|va) ([12][0-9]{3})(?: ?- ?([12][0-9]{3}))?\b").ok());

/// The dates and periods in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    find_outside(text, &[])
}

/// The dates and periods in `text` that touch none of `taken` (in order): most dates are those of cited documents.
pub(super) fn find_outside(text: &str, taken: &[Range<usize>]) -> Vec<Found> {
    if !has_year(text, taken) {
        return Vec::new();
    }
    let Some(re) = PERIOD.as_ref() else { return Vec::new() };
    let folded = Folded::new(text);
    let mut taken = taken.iter().peekable();
    re.find_iter(&folded.text)
        .filter_map(|found| {
            let all = found.range();
            // the end of a longer number, or of a document's
            let free = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'/');
            let bytes = folded.text.as_bytes();
            if !free(all.start.checked_sub(1).and_then(|i| bytes.get(i))) || !free(bytes.get(all.end)) {
                return None;
            }
            let at = folded.back(all);
            while taken.next_if(|r| r.end <= at.start).is_some() {}
            if taken.peek().is_some_and(|r| r.start < at.end) {
                return None;
            }
            // only now its parts: that takes longer than to find it
            let (from, to) = match usual(found.as_str()) {
                Some(ends) => ends,
                None => read(&re.captures(found.as_str())?)?,
            };
            Some(Found { at, from, to })
        })
        .collect()
}

/// Whether `text` has a year in figures outside `taken` that may end a date or a period, as each of them ends in one.
fn has_year(text: &str, taken: &[Range<usize>]) -> bool {
    if !super::scan::holds_digit(text) {
        return false;
    }
    let bytes = text.as_bytes();
    let mut taken = taken.iter().peekable();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(u8::is_ascii_digit) {
        at += next;
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if run == 4 && matches!(bytes[at], b'1' | b'2') {
            while taken.next_if(|r| r.end <= at).is_some() {}
            if taken.peek().is_none_or(|r| r.start >= at + run || r.end < at + run) && ends(&text[..at]) {
                return true;
            }
        }
        at += run;
    }
    false
}

/// Words that stand before *năm* where it does not stand for itself, as in *quý II năm 2022*, *từ năm 2021 đến năm 2025*.
const BEFORE_YEAR: [&str; 9] = ["dau", "cuoi", "tu", "den", "het", "doan", "hoc", "ky", "nam"];

/// Whether a year behind `before` may end a date or a period. Most years stand for themselves: *trong năm 2022*.
fn ends(before: &str) -> bool {
    let mut back = before.chars().rev().map(fold_char);
    if !b" man".iter().all(|want| back.next() == Some(*want)) {
        return true;
    }
    if back.next() != Some(b' ') {
        return true;
    }
    let mut word = [0; 4];
    let mut len = word.len();
    for b in back.take_while(|b| *b != b' ') {
        if b.is_ascii_digit() || len == 0 {
            return b.is_ascii_digit();
        }
        len -= 1;
        word[len] = b;
    }
    let word = &word[len..];
    BEFORE_YEAR.iter().any(|w| w.as_bytes() == word) || word.iter().all(|b| matches!(b, b'i' | b'v' | b'x'))
}

/// The years that a title names: `năm 2022`, `giai đoạn 2021 - 2025`, `6 tháng cuối năm 2025 và năm 2026`.
pub(super) fn of_title(title: &str) -> Option<Found> {
    let mut all = find(title);
    let folded = Folded::new(title);
    for found in YEARS.as_ref()?.captures_iter(&folded.text) {
        let at = folded.back(found.get(0)?.range());
        if all.iter().any(|f| f.at.start < at.end && at.start < f.at.end) {
            continue;
        }
        let from = found.get(1)?.as_str().to_owned();
        let to = found.get(2).map_or_else(|| from.clone(), |y| y.as_str().to_owned());
        all.push(Found { at, from, to });
    }
    // dates of documents that the title cites have a day
    all.retain(|f| f.from.len() < 10);
    all.sort_by_key(|f| f.at.start);
    let (first, last) = (all.first()?, all.last()?);
    Some(Found { at: first.at.start..last.at.end, from: first.from.clone(), to: last.to.clone() })
}

/// The forms that nearly all dates and periods have, read without a search for their parts.
fn usual(found: &str) -> Option<(String, String)> {
    let figures = |text: &'_ str| text.bytes().take_while(u8::is_ascii_digit).count();
    let last = |rest: &str| rest.len() == 4 && figures(rest) == 4;
    if let Some(rest) = ["giai doan ", "nam hoc ", "nhiem ky "].iter().find_map(|w| found.strip_prefix(w)) {
        let (from, rest) = rest.split_at_checked(4)?;
        let to = rest.trim_start().strip_prefix('-')?.trim_start();
        return (figures(from) == 4 && last(to)).then(|| (from.to_owned(), to.to_owned()));
    }
    let (first, rest) = match found.strip_prefix("thang ") {
        Some(rest) => (None, rest),
        None => {
            let rest = found.strip_prefix("ngay ").unwrap_or(found);
            let (day, rest) = rest.split_at(figures(rest));
            (Some(day), rest.strip_prefix('/').or_else(|| rest.strip_prefix(" thang "))?)
        }
    };
    let (second, rest) = rest.split_at(figures(rest));
    let year = rest.strip_prefix('/').or_else(|| rest.strip_prefix(" nam ")).filter(|y| last(y))?;
    let one = match first {
        Some(first) => day(first, second, year)?,
        None => month(second, year)?,
    };
    Some((one.clone(), one))
}

fn read(found: &Captures<'_>) -> Option<(String, String)> {
    let text = |k: usize| found.get(k).map(|m| m.as_str());
    if let (Some(d1), Some(d2)) = (text(1), text(4)) {
        let year = text(6)?;
        return Some((day(d1, text(2)?, text(3).unwrap_or(year))?, day(d2, text(5)?, year)?));
    }
    if let (Some(from), Some(to)) = (text(7), text(8)) {
        return Some((from.to_owned(), to.to_owned()));
    }
    if let (Some(first), Some(year)) = (text(9), text(11)) {
        let quarter = |t: &str| {
            t.parse::<u8>().ok().or_else(|| roman::value(&t.to_uppercase())).filter(|q| (1..=4).contains(q))
        };
        let (first, last) = (quarter(first)?, text(10).map_or_else(|| quarter(first), quarter)?);
        return Some((format!("{year}-{:02}", 3 * first - 2), format!("{year}-{:02}", 3 * last)));
    }
    if let (Some(m1), Some(m2), Some(year)) = (text(12), text(14), text(15)) {
        return Some((month(m1, text(13).unwrap_or(year))?, month(m2, year)?));
    }
    if let (Some(m), Some(year)) = (text(16), text(17)) {
        let month = month(m, year)?;
        return Some((month.clone(), month));
    }
    if let (Some(half), Some(year)) = (text(18), text(19)) {
        let (from, to) = if half == "dau" { ("01", "06") } else { ("07", "12") };
        return Some((format!("{year}-{from}"), format!("{year}-{to}")));
    }
    let one = ONE_DAY.as_ref()?.captures(text(0)?)?;
    let day = day(one.get(1)?.as_str(), one.get(2)?.as_str(), one.get(3)?.as_str())?;
    Some((day.clone(), day))
}

fn day(day: &str, month: &str, year: &str) -> Option<String> {
    super::dates::iso(day, month, year)
}

fn month(month: &str, year: &str) -> Option<String> {
    let m: u8 = month.parse().ok()?;
    (1..=12).contains(&m).then(|| format!("{year}-{m:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(text: &str) -> Vec<(String, String, String)> {
        find(text).into_iter().map(|f| (text[f.at].to_owned(), f.from, f.to)).collect()
    }

    fn one(text: &str) -> (String, String) {
        let mut all = periods(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        let (_, from, to) = all.remove(0);
        (from, to)
    }

    #[test]
    fn every_form() {
        for (text, from, to) in [
            ("trước ngày 30/6/2022", "2022-06-30", "2022-06-30"),
            ("ngày 05 tháng 3 năm 2024", "2024-03-05", "2024-03-05"),
            ("từ ngày 01/11/2017 đến 31/5/2018", "2017-11-01", "2018-05-31"),
            ("Từ 15/7 đến hết ngày 20/8/2023.", "2023-07-15", "2023-08-20"),
            ("giai đoạn 2021 - 2025", "2021", "2025"),
            ("năm học 2023–2024", "2023", "2024"),
            ("từ năm 2021 đến năm 2025", "2021", "2025"),
            ("Quý II năm 2022", "2022-04", "2022-06"),
            ("Quý IV/2022", "2022-10", "2022-12"),
            ("Quý II, III năm 2016", "2016-04", "2016-09"),
            ("tháng 6/2022", "2022-06", "2022-06"),
            ("từ tháng 01 đến tháng 3/2020", "2020-01", "2020-03"),
            ("6 tháng cuối năm 2025", "2025-07", "2025-12"),
        ] {
            assert_eq!(one(text), (from.to_owned(), to.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        assert!(
            periods(
                "Nghị định số 63/2010/NĐ-CP; tỷ lệ 24/24; TCVN ISO 9001:2015; ngày 31/02/2020; 2.345 hồ sơ"
            )
            .is_empty()
        );
    }

    #[test]
    fn titles_have_years() {
        let of = |t: &str| of_title(t).map(|f| (f.from, f.to));
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(of("Cải cách hành chính năm 2012"), pair("2012", "2012"));
        assert_eq!(of("Chuyển đổi số 6 tháng cuối năm 2025 và năm 2026"), pair("2025-07", "2026"));
        assert_eq!(of("Thực hiện Nghị quyết ngày 05/3/2020 giai đoạn 2021-2025"), pair("2021", "2025"));
        assert_eq!(of("Trồng cây"), None);
    }
}
