//! Dates in every printed form: `ngày 05 tháng 3 năm 2024`, `ngày 5/3/2024`, `05-3-2024`, `05.3.2024`.
//!
//! Works on folded text, so lost marks do not matter; digits that were misread as letters (`l3`, `2O24`) are
//! taken as digits inside a date's frame only.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::numerals::lookalike_digit;

/// The long form, `ngày 05 tháng 3 năm 2024`. Digits may be lookalikes; blanks left to be filled in by hand are allowed.
const LONG: &str = r"ng[a-z]{1,2}\.? ?([0-9loi|!\]]{0,2})[ .…_]{0,12}th[a-z]{1,3} ?([0-9loi|!\]]{0,2})[a-z]{0,2}[ .…_]{0,12}n[a-z]{1,2} ?([12][0-9loi]{3})";
/// The short form.
const SHORT: &str = r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([12][0-9]{3})";

static LONG_RE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(LONG).ok());
static SHORT_RE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(SHORT).ok());
static CITED_RE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^(?:,? ?\(?ng[a-z]{{1,2}} ?{SHORT}|,? ?\(?{LONG})")).ok());

/// A date found in folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes in the folded text.
    pub at: Range<usize>,
    /// ISO 8601, or nothing where day or month are blank or out of range.
    pub iso: Option<String>,
}

/// The first long date of `folded`.
pub(super) fn long(folded: &str) -> Option<Found> {
    let found = LONG_RE.as_ref()?.captures(folded)?;
    let all = found.get(0)?.range();
    Some(Found { at: all, iso: iso(found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str()) })
}

/// The first short date of `folded`.
pub(super) fn short(folded: &str) -> Option<Found> {
    let found = SHORT_RE.as_ref()?.captures(folded)?;
    let all = found.get(0)?.range();
    Some(Found { at: all, iso: iso(found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str()) })
}

/// The date that directly follows a cited number: `folded` begins behind the number.
pub(super) fn cited(folded: &str) -> Option<Found> {
    // a date stands near its number; a longer look would cost time on long paragraphs
    let near = &folded[..folded.len().min(60)];
    if !near.trim_start_matches([',', ' ', '(']).starts_with("ng") {
        return None;
    }
    if let Some(found) = usual(near) {
        return Some(found);
    }
    let found = CITED_RE.as_ref()?.captures(near)?;
    let all = found.get(0)?.range();
    let mut parts = (1..=6).filter_map(|i| found.get(i)).map(|m| m.as_str());
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let iso = iso(day, month, year)?;
    Some(Found { at: all, iso: Some(iso) })
}

/// The two forms that nearly all dates have, ` ngay 15/7/2021` and ` ngay 15 thang 7 nam 2021`, without a search.
fn usual(near: &str) -> Option<Found> {
    let rest = near.trim_start_matches([',', ' ', '(']).strip_prefix("ngay ")?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(digits(rest));
    let (rest, last) = match rest.strip_prefix('/') {
        Some(rest) => (rest, "/"),
        None => (rest.strip_prefix(" thang ")?, " nam "),
    };
    let (month, rest) = rest.split_at(digits(rest));
    let rest = rest.strip_prefix(last)?;
    let (year, rest) = rest.split_at(digits(rest));
    if year.len() != 4 || day.len() > 2 || month.len() > 2 {
        return None;
    }
    let iso = iso(day, month, year)?;
    Some(Found { at: 0..near.len() - rest.len(), iso: Some(iso) })
}

/// ISO 8601 of a day, month and year, if there is such a day.
pub(super) fn iso(day: &str, month: &str, year: &str) -> Option<String> {
    let (d, m, y) = (number(day)?, number(month)?, number(year)?);
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let last = match m {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    ((1..=last).contains(&d) && (1900..2200).contains(&y)).then(|| format!("{y:04}-{m:02}-{d:02}"))
}

fn number(text: &str) -> Option<u32> {
    let mut value = 0;
    for c in text.chars() {
        value = value * 10 + c.to_digit(10).or_else(|| lookalike_digit(c))?;
    }
    (!text.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::fold::fold;

    fn long_iso(text: &str) -> Option<String> {
        long(&fold(text)).and_then(|f| f.iso)
    }

    #[test]
    fn long_dates() {
        assert_eq!(long_iso("Huế, ngày 05 tháng 3 năm 2024").as_deref(), Some("2024-03-05"));
        assert_eq!(long_iso("ngày l3 tháng 01 năm 2O10").as_deref(), Some("2010-01-13"));
        assert_eq!(long_iso("ngay06 thang3 nam 2024").as_deref(), Some("2024-03-06"));
        assert_eq!(long_iso("ngày 30 tháng 02 năm 2024"), None);
    }

    #[test]
    fn blanks_left_for_a_pen() {
        let found = long(&fold("Huế, ngày     tháng 3 năm 2024"));
        assert_eq!(found.map(|f| f.iso), Some(None));
    }

    #[test]
    fn cited_dates_follow_at_once() {
        let iso = |t: &str| cited(&fold(t)).and_then(|f| f.iso);
        assert_eq!(iso(" ngày 15/7/2021 của").as_deref(), Some("2021-07-15"));
        assert_eq!(iso(", ngày 28 tháng 12 năm 2021").as_deref(), Some("2021-12-28"));
        assert_eq!(iso(" của Chính phủ ngày 15/7/2021"), None);
    }

    #[test]
    fn short_dates() {
        assert_eq!(short(&fold("Huế, 5-3-2024")).and_then(|f| f.iso).as_deref(), Some("2024-03-05"));
        assert_eq!(short("9001/2015"), None);
    }
}
