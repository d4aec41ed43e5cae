//! Restored text lies over raw text: spans, the map between their offsets, and what was changed or is doubtful.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::Page;

/// A range of one page's raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// 1-based page number.
    pub page: u32,
    /// First byte in that page's `raw` (UTF-8).
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A piece of restored text and the raw text it stands for. White space between pieces is not in the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Byte range in the restored text.
    pub restored: Range<usize>,
    /// Byte range in the raw text.
    pub raw: Range<usize>,
}

/// The map from offsets of a restored text back to its raw text: pieces in order, both sides ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
}

impl OffsetMap {
    /// A map of the given pieces, which must ascend on both sides.
    #[must_use]
    pub fn new(pieces: Vec<Piece>) -> OffsetMap {
        debug_assert!(
            pieces
                .windows(2)
                .all(|p| p[0].restored.end <= p[1].restored.start && p[0].raw.end <= p[1].raw.start)
        );
        OffsetMap { pieces }
    }

    /// The pieces, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The raw range that the restored range `of` stands for. Inside a piece of equal length on both sides offsets map one to
    /// one; elsewhere the range widens to whole pieces. Between pieces it is empty, at the end of the raw text before.
    #[must_use]
    pub fn raw(&self, of: Range<usize>) -> Range<usize> {
        let first = self.pieces.partition_point(|p| p.restored.end <= of.start);
        let last = self.pieces.partition_point(|p| p.restored.start < of.end);
        if first >= last {
            let at = first.checked_sub(1).map_or(0, |i| self.pieces[i].raw.end);
            return at..at;
        }
        let (a, b) = (&self.pieces[first], &self.pieces[last - 1]);
        let same = |p: &Piece| p.raw.len() == p.restored.len();
        let start = if same(a) && of.start > a.restored.start {
            a.raw.start + (of.start - a.restored.start)
        } else {
            a.raw.start
        };
        let end = if same(b) && of.end < b.restored.end {
            b.raw.start + (of.end - b.restored.start)
        } else {
            b.raw.end
        };
        start..end.max(start)
    }
}

/// One word that restoration changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Byte range in the page's raw text.
    pub raw: Range<usize>,
    /// Byte range in the restored text.
    pub restored: Range<usize>,
    /// Probability that the new reading is right (0 to 1).
    pub confidence: f32,
    /// The next best reading, if there was one.
    pub runner_up: Option<String>,
}

/// One word, changed or not, that a person should look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Byte range in the page's raw text.
    pub raw: Range<usize>,
    /// Byte range in the restored text.
    pub restored: Range<usize>,
    /// Probability that the reading is right (0 to 1).
    pub confidence: f32,
}

/// A page with its restored text over the raw one. Line `i` of `text` stands for line `i` of `page.raw`.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredPage {
    /// The page as read.
    pub page: Page,
    /// The restored text, same number of lines as `page.raw`, NFC.
    pub text: String,
    /// From offsets in `text` to offsets in `page.raw`.
    pub map: OffsetMap,
    /// What was changed, in order.
    pub changes: Vec<Change>,
    /// What is doubtful, in order.
    pub doubts: Vec<Doubt>,
}

impl RestoredPage {
    /// A page taken as it is: nothing restored, nothing doubtful.
    #[must_use]
    pub fn unchanged(page: Page) -> RestoredPage {
        let pieces = page
            .lines
            .iter()
            .flat_map(|l| &l.words)
            .map(|w| Piece { restored: w.span.clone(), raw: w.span.clone() })
            .collect();
        RestoredPage {
            text: page.raw.clone(),
            map: OffsetMap::new(pieces),
            changes: Vec::new(),
            doubts: Vec::new(),
            page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_map_back() {
        // raw "ngay06 x" restored "ngày 06 x"
        let map = OffsetMap::new(vec![
            Piece { restored: 0..5, raw: 0..4 },
            Piece { restored: 6..8, raw: 4..6 },
            Piece { restored: 9..10, raw: 7..8 },
        ]);
        assert_eq!(map.raw(0..5), 0..4);
        assert_eq!(map.raw(0..8), 0..6);
        assert_eq!(map.raw(7..8), 5..6);
        assert_eq!(map.raw(8..9), 6..6);
        assert_eq!(map.raw(2..3), 0..4);
    }
}
