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

/// The map from offsets of a restored text back to its raw text: pieces in order, both sides ascending. See
/// [`RestoredPage::raw`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// `None` where the restored text is the raw text, its words the pieces: a large text has millions of them.
    pieces: Option<Vec<Piece>>,
}

/// Pieces that are looked at before all of them.
const NEAR: usize = 32;

impl OffsetMap {
    /// A map of the given pieces, which must ascend on both sides.
    #[must_use]
    pub fn new(pieces: Vec<Piece>) -> OffsetMap {
        debug_assert!(
            pieces
                .windows(2)
                .all(|p| p[0].restored.end <= p[1].restored.start && p[0].raw.end <= p[1].raw.start)
        );
        OffsetMap { pieces: Some(pieces) }
    }

    /// The map of a text that was not restored.
    #[must_use]
    pub fn unchanged() -> OffsetMap {
        OffsetMap { pieces: None }
    }

    /// The pieces, in order; none are listed for a text that was not restored.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        self.pieces.as_deref().unwrap_or_default()
    }

    /// Whether offsets are the same on both sides.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.pieces.is_none()
    }

    /// The raw range that the range `of` of the restored `text` stands for.
    fn raw(&self, text: &str, of: Range<usize>) -> Range<usize> {
        let Some(pieces) = &self.pieces else { return without_space(text, of) };
        let first = pieces.partition_point(|p| p.restored.end <= of.start);
        // a range seldom has more than a line's pieces
        let near = pieces.get(first..first + NEAR).filter(|near| near[NEAR - 1].restored.start >= of.end);
        let last = first + near.unwrap_or(&pieces[first..]).partition_point(|p| p.restored.start < of.end);
        if first >= last {
            let at = first.checked_sub(1).map_or(0, |i| pieces[i].raw.end);
            return at..at;
        }
        let (a, b) = (&pieces[first], &pieces[last - 1]);
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

/// `of` without white space at its ends; where there is nothing else in it, the end of the word before.
fn without_space(text: &str, of: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (of.start.min(text.len()), of.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let part = &text[start..end.max(start)];
    if part.trim_start().is_empty() {
        let at = text[..start].trim_end().len();
        return at..at;
    }
    let from = part.len() - part.trim_start().len();
    let to = part.trim_end().len();
    // inside a character the offset stays what it was
    let from = if from == 0 { of.start } else { start + from };
    let to = if to == part.len() { of.end.min(text.len()) } else { start + to };
    from..to.max(from)
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
    /// The next best reading, if there was one.
    pub runner_up: Option<String>,
}

/// What restoration says of one word that it looked at, changed or not. Footnote marks and item markers that it repaired are among them;
/// marks and white space that it only passed over are not.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredWord {
    /// Byte range in the page's raw text; never empty, within one line. What came apart and was joined holds its white space.
    pub raw: Range<usize>,
    /// Byte range in the restored text; empty where what was read stands for nothing.
    pub restored: Range<usize>,
    /// Probability that the reading is right (0 to 1).
    pub confidence: f32,
    /// The next best reading and its share of the probability (0 to 1), if there was one.
    pub runner_up: Option<(String, f32)>,
    /// Whether a person should look at it.
    pub doubtful: bool,
}

/// A page with its restored text over the raw one. Line `i` of `text` stands for line `i` of `page.raw`.
///
/// Between its [`words`](RestoredPage::words) the restored text is the raw text; so putting the raw words back gives the raw text.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredPage {
    /// The page as read.
    pub page: Page,
    /// The restored text, same number of lines as `page.raw`, NFC.
    pub text: String,
    /// From offsets in `text` to offsets in `page.raw`.
    pub map: OffsetMap,
    /// Every word that restoration looked at, in order; both ranges ascend.
    pub words: Vec<RestoredWord>,
    /// Those of `words` that were changed.
    pub changes: Vec<Change>,
    /// Those of `words` that are doubtful.
    pub doubts: Vec<Doubt>,
}

impl RestoredPage {
    /// A page of which `words` were looked at. Changes and doubts follow from them.
    #[must_use]
    pub fn new(page: Page, text: String, map: OffsetMap, words: Vec<RestoredWord>) -> RestoredPage {
        debug_assert!(
            words
                .windows(2)
                .all(|w| w[0].restored.end <= w[1].restored.start && w[0].raw.end <= w[1].raw.start)
        );
        let changed = |w: &&RestoredWord| page.raw.get(w.raw.clone()) != text.get(w.restored.clone());
        let changes = words.iter().filter(changed).map(|w| Change {
            raw: w.raw.clone(),
            restored: w.restored.clone(),
            confidence: w.confidence,
            runner_up: w.runner_up.as_ref().map(|(other, _)| other.clone()),
        });
        let doubts = words.iter().filter(|w| w.doubtful).map(|w| Doubt {
            raw: w.raw.clone(),
            restored: w.restored.clone(),
            confidence: w.confidence,
            runner_up: w.runner_up.as_ref().map(|(other, _)| other.clone()),
        });
        RestoredPage { changes: changes.collect(), doubts: doubts.collect(), page, text, map, words }
    }

    /// A page taken as it is: nothing restored, nothing doubtful.
    #[must_use]
    pub fn unchanged(page: Page) -> RestoredPage {
        let text = page.raw.clone();
        RestoredPage::new(page, text, OffsetMap::unchanged(), Vec::new())
    }

    /// The raw range that the range `of` of the restored text stands for. Inside a piece of equal length on both sides offsets map
    /// one to one; elsewhere the range widens to whole pieces. Between pieces it is empty, at the end of the raw text before.
    #[must_use]
    pub fn raw(&self, of: Range<usize>) -> Range<usize> {
        self.map.raw(&self.text, of)
    }

    /// The page with other readings of its words, all offsets moved along. `reading` is given each word with its raw and its restored
    /// text, may say anew how sure the word is, and returns what it shall read; `None` leaves it. A reading without a line break
    /// keeps the lines.
    #[must_use]
    pub fn rewritten(
        self,
        mut reading: impl FnMut(&mut RestoredWord, &str, &str) -> Option<String>,
    ) -> RestoredPage {
        let RestoredPage { page, text: old, map, mut words, .. } = self;
        let Some(all) = map.pieces else { return RestoredPage::new(page, old, map, words) };
        let mut text = String::with_capacity(old.len());
        let mut pieces = Vec::with_capacity(all.len());
        let mut between = all.into_iter().peekable();
        let mut done = 0;
        for word in &mut words {
            let (Some(raw), Some(now)) = (page.raw.get(word.raw.clone()), old.get(word.restored.clone()))
            else {
                continue;
            };
            let start = word.restored.start;
            while let Some(piece) =
                between.next_if(|p| p.restored.end <= start && p.raw.end <= word.raw.start)
            {
                pieces.push(shifted(piece, done, text.len()));
            }
            text.push_str(&old[done..start]);
            done = word.restored.end;
            while between.next_if(|p| p.restored.start < done).is_some() {} // the word's own
            let new = reading(word, raw, now);
            word.restored = text.len()..text.len() + new.as_deref().unwrap_or(now).len();
            text.push_str(new.as_deref().unwrap_or(now));
            if !text[word.restored.clone()].trim().is_empty() {
                pieces.push(Piece { restored: word.restored.clone(), raw: word.raw.clone() });
            }
        }
        pieces.extend(between.map(|piece| shifted(piece, done, text.len())));
        text.push_str(&old[done..]);
        RestoredPage::new(page, text, OffsetMap::new(pieces), words)
    }
}

/// A piece whose restored text is moved with the offset `from`, which comes to lie at `to`.
fn shifted(piece: Piece, from: usize, to: usize) -> Piece {
    let at = |offset: usize| offset - from + to;
    Piece { restored: at(piece.restored.start)..at(piece.restored.end), raw: piece.raw }
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
        let text = "ngày 06 x";
        assert_eq!(map.raw(text, 0..5), 0..4);
        assert_eq!(map.raw(text, 0..8), 0..6);
        assert_eq!(map.raw(text, 7..8), 5..6);
        assert_eq!(map.raw(text, 8..9), 6..6);
        assert_eq!(map.raw(text, 2..3), 0..4);
    }

    #[test]
    fn an_unchanged_text_maps_as_its_words_would() {
        let text = " Hà  Nội,\u{2003}ngày\n\n06 x ";
        let words = crate::model::page::words_of(text, 0);
        let map = OffsetMap::new(words.map(|w| Piece { restored: w.clone(), raw: w }).collect());
        let same = OffsetMap::unchanged();
        for start in 0..=text.len() {
            for end in start..=text.len() + 2 {
                assert_eq!(same.raw(text, start..end), map.raw(text, start..end), "{start}..{end}");
            }
        }
    }

    #[test]
    fn rewriting_moves_all_offsets() {
        // raw "x /A b-c" restored "xã/A be-c": the space is gone, as if it were a mark that stands for nothing
        let page = Page::from_text(1, crate::model::Decision::Text, "x /A b-c");
        let said = |raw: Range<usize>, restored: Range<usize>| RestoredWord {
            raw,
            restored,
            confidence: 0.5,
            runner_up: None,
            doubtful: false,
        };
        let words = vec![said(0..1, 0..3), said(1..2, 3..3), said(3..4, 4..5), said(5..6, 6..8)];
        let pieces = [(0..3, 0..1), (3..4, 2..3), (4..5, 3..4), (6..8, 5..6), (8..9, 6..7), (9..10, 7..8)];
        let map = OffsetMap::new(pieces.map(|(restored, raw)| Piece { restored, raw }).into());
        let page = RestoredPage::new(page, "xã/A be-c".into(), map, words);
        assert_eq!(page.changes.len(), 3, "A is as it was");

        let same = page.clone().rewritten(|_, _, _| None);
        assert_eq!(same, page);
        let back = page.clone().rewritten(|_, raw, _| Some(raw.to_owned()));
        assert_eq!((back.text.as_str(), back.changes.len()), ("x /A b-c", 0));
        assert!(back.map.pieces().iter().all(|p| p.raw == p.restored), "{:?}", back.map);
        let longer = page.rewritten(|word, _, now| {
            word.doubtful = true;
            Some(format!("{now}ệ"))
        });
        assert_eq!(longer.text, "xãệệ/Aệ beệ-c");
        assert_eq!(longer.doubts.len(), 4);
        let at = longer.text.find("be").unwrap_or_default();
        assert_eq!(longer.raw(at..at + 5), 5..6);
        assert_eq!(longer.raw(at + 6..at + 7), 7..8);
    }
}
