//! Page ranges as people write them: `1-3,7,10-`.

use std::fmt;
use std::str::FromStr;

/// A choice of pages: ranges of 1-based page numbers, ascending, apart.
///
/// ```
/// use sohoa::batch::PageRanges;
/// let pages: PageRanges = "7,1-3".parse().unwrap();
/// assert_eq!(pages.to_string(), "1-3,7");
/// assert_eq!(pages.of(7).collect::<Vec<_>>(), [1, 2, 3, 7]);
/// assert!("3-1".parse::<PageRanges>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRanges(Vec<(u32, u32)>);

/// Page ranges that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no page range: write page numbers from 1 and ranges, such as 1-3,7 or 5-")]
pub struct BadRange(String);

impl PageRanges {
    /// The chosen pages of a document of `count` pages, ascending.
    pub fn of(&self, count: u32) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(move |(first, last)| *first..=(*last).min(count))
    }
}

impl FromStr for PageRanges {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<PageRanges, BadRange> {
        let mut ranges = Vec::new();
        for part in text.split(',') {
            let bad = || BadRange(part.trim().to_owned());
            let number = |digits: &str| digits.trim().parse::<u32>().map_err(|_| bad());
            let (first, last) = match part.split_once('-') {
                None => (number(part)?, number(part)?),
                Some((first, last)) if last.trim().is_empty() => (number(first)?, u32::MAX),
                Some((first, last)) => (number(first)?, number(last)?),
            };
            if first == 0 || last < first {
                return Err(bad());
            }
            ranges.push((first, last));
        }
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Ok(PageRanges(merged))
    }
}

impl fmt::Display for PageRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (first, last)) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            match *last {
                last if last == *first => write!(f, "{comma}{first}")?,
                u32::MAX => write!(f, "{comma}{first}-")?,
                last => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str, count: u32) -> Vec<u32> {
        text.parse::<PageRanges>().expect("a range").of(count).collect()
    }

    #[test]
    fn ranges_overlap_and_run_past_the_end() {
        assert_eq!(pages("2-4, 3-6,9", 8), [2, 3, 4, 5, 6]);
        assert_eq!(pages("3-", 5), [3, 4, 5]);
        assert_eq!(pages("1-4000000000", 3), [1, 2, 3]);
        assert_eq!(pages("8", 3), [0; 0]);
        assert_eq!("1,2,3".parse::<PageRanges>().expect("a range").to_string(), "1-3");
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "0", "a", "1-2-3", "-3", "1,,2", "4-2", "99999999999"] {
            let error = bad.parse::<PageRanges>().expect_err(bad);
            assert!(error.to_string().contains("such as 1-3,7"), "{error}");
        }
    }
}
