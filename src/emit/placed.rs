//! Restored words with their places: what outputs that lie on pages are made of.
//!
//! A restored word has the box of what was read for it. Where one thing that was read became several words, or a part of it
//! one, the box is shared out along the line by characters.

use std::ops::Range;

use crate::model::page::words_of;
use crate::model::{BBox, Line, RestoredPage};

/// A line of words that have places.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlacedLine {
    /// Which line of the page it is, from 0.
    pub number: usize,
    /// The box around its words.
    pub bbox: BBox,
    /// In order, at least one.
    pub words: Vec<PlacedWord>,
}

/// A restored word and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlacedWord {
    /// Byte range in the restored text.
    pub restored: Range<usize>,
    /// Byte range of what was read for it.
    pub raw: Range<usize>,
    /// Where that stands.
    pub bbox: BBox,
}

/// The lines of `page` that have words with places, in order.
pub(super) fn lines(page: &RestoredPage) -> Vec<PlacedLine> {
    let quarters = (page.page.turn / 90.0).round() as i32;
    let mut out = Vec::with_capacity(page.page.lines.len());
    let mut start = 0;
    for (number, (text, line)) in page.text.split('\n').zip(&page.page.lines).enumerate() {
        let mut words: Vec<PlacedWord> = Vec::new();
        for group in groups(page, words_of(text, start)) {
            if let Some(bbox) = place(&page.page.raw, line, &group.raw, quarters) {
                group.share(&page.text, bbox, quarters, &mut words);
            }
        }
        start += text.len() + 1;
        if let Some(bbox) = words.iter().map(|word| word.bbox).reduce(BBox::union) {
            out.push(PlacedLine { number, bbox, words });
        }
    }
    out
}

/// Words that share what was read for them.
struct Group {
    raw: Range<usize>,
    words: Vec<Range<usize>>,
}

impl Group {
    /// Shares `bbox` among its words, a character's width left between two of them.
    fn share(self, text: &str, bbox: BBox, quarters: i32, out: &mut Vec<PlacedWord>) {
        let length = |word: &Range<usize>| text.get(word.clone()).map_or(1, |word| word.chars().count());
        let all: usize = self.words.iter().map(|word| length(word) + 1).sum::<usize>().max(2) - 1;
        let mut done = 0;
        for word in self.words {
            let (from, to) = (done, done + length(&word));
            done = to + 1;
            let share = |n: usize| n as f32 / all as f32;
            let bbox = part(bbox, share(from), share(to), quarters);
            out.push(PlacedWord { restored: word, raw: self.raw.clone(), bbox });
        }
    }
}

/// The words of one line in groups: those for which the same was read together, each in its own group otherwise. A word for which
/// nothing was read goes with the one before it.
fn groups(page: &RestoredPage, words: impl Iterator<Item = Range<usize>>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    for word in words {
        let raw = page.raw(word.clone());
        match out.last_mut() {
            Some(last) if raw.start < last.raw.end || raw.is_empty() || last.raw.is_empty() => {
                last.raw = if last.raw.is_empty() { raw } else { last.raw.start..last.raw.end.max(raw.end) };
                last.words.push(word);
            }
            _ => out.push(Group { raw, words: vec![word] }),
        }
    }
    out
}

/// Where the range `of` of the raw text stands, which lies in `line`.
fn place(raw: &str, line: &Line, of: &Range<usize>, quarters: i32) -> Option<BBox> {
    let first = line.words.partition_point(|word| word.span.end <= of.start);
    let words = line.words.get(first..)?.iter().take_while(|word| word.span.start < of.end);
    let boxes = words.filter_map(|word| {
        let characters = |to: usize| raw.get(word.span.start..to).map_or(0, |text| text.chars().count());
        let all = characters(word.span.end).max(1) as f32;
        let from = characters(of.start.max(word.span.start)) as f32 / all;
        let to = characters(of.end.min(word.span.end)) as f32 / all;
        Some(part(word.bbox?, from, to, quarters))
    });
    boxes.reduce(BBox::union)
}

/// The part of a box between two shares of its length, along the way its text runs: to the right, or turned clockwise by quarters.
fn part(b: BBox, from: f32, to: f32, quarters: i32) -> BBox {
    let (w, h) = (b.w * (to - from), b.h * (to - from));
    match quarters.rem_euclid(4) {
        0 => BBox { x: b.x + b.w * from, w, ..b },
        1 => BBox { y: b.y + b.h * from, h, ..b },
        2 => BBox { x: b.x + b.w * (1.0 - to), w, ..b },
        _ => BBox { y: b.y + b.h * (1.0 - to), h, ..b },
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::assemble::{ReadWord, Sheet};
    use crate::model::text::Piece;
    use crate::model::{Decision, OffsetMap, Page, RestoredWord};

    /// A page on which "ngay06", "ti nh" and "xi" were read and "ngày 06", "tỉnh" and "xã" restored.
    pub fn page() -> RestoredPage {
        let word = |text: &str, x: f32, w: f32| ReadWord {
            text: text.into(),
            bbox: Some(BBox { x, y: 100.0, w, h: 20.0 }),
            confidence: Some(80.0),
            ..ReadWord::default()
        };
        let sheet = Sheet { number: 1, width: 600, height: 800, dpi: 100.0, decision: Decision::Ocr };
        let lines = vec![
            vec![word("ngay06", 100.0, 60.0), word("ti", 200.0, 10.0), word("nh", 220.0, 20.0)],
            vec![],
            vec![word("xi", 50.0, 20.0)],
        ];
        let page = Page::assemble(sheet, lines);
        assert_eq!(page.raw, "ngay06 ti nh\n\nxi");
        let text = "ngày 06 tỉnh\n\nxã".to_owned();
        let piece = |restored: Range<usize>, raw: Range<usize>| Piece { restored, raw };
        let map = OffsetMap::new(vec![
            piece(0..5, 0..4),
            piece(6..8, 4..6),
            piece(9..15, 7..12),
            piece(17..20, 14..16),
        ]);
        let said = |restored: Range<usize>, raw: Range<usize>| RestoredWord {
            raw,
            restored,
            confidence: 0.75,
            runner_up: None,
            doubtful: false,
        };
        let mut words = vec![said(0..5, 0..4), said(9..15, 7..12), said(17..20, 14..16)];
        words[1].runner_up = Some(("tính".into(), 0.2));
        RestoredPage::new(page, text, map, words)
    }

    #[test]
    fn boxes_follow_what_was_read() {
        let page = page();
        let lines = lines(&page);
        let shown = |line: &PlacedLine| {
            let word = |w: &PlacedWord| {
                (page.text[w.restored.clone()].to_owned(), w.bbox.x.round(), w.bbox.w.round())
            };
            line.words.iter().map(word).collect::<Vec<_>>()
        };
        let first =
            [("ngày".to_owned(), 100.0, 40.0), ("06".into(), 140.0, 20.0), ("tỉnh".into(), 200.0, 40.0)];
        assert_eq!((lines[0].number, shown(&lines[0])), (0, first.to_vec()));
        assert_eq!((lines[1].number, shown(&lines[1])), (2, vec![("xã".to_owned(), 50.0, 20.0)]));
    }

    #[test]
    fn words_that_share_a_box_divide_it_the_way_they_run() {
        let b = BBox { x: 0.0, y: 0.0, w: 40.0, h: 80.0 };
        let group = || Group { raw: 0..4, words: vec![0..1, 2..4] };
        let shared = |quarters| {
            let mut out = Vec::new();
            group().share("a bc", b, quarters, &mut out);
            out.iter().map(|w| [w.bbox.x, w.bbox.y, w.bbox.w, w.bbox.h].map(f32::round)).collect::<Vec<_>>()
        };
        assert_eq!(shared(0), [[0.0, 0.0, 10.0, 80.0], [20.0, 0.0, 20.0, 80.0]]);
        assert_eq!(shared(2), [[30.0, 0.0, 10.0, 80.0], [0.0, 0.0, 20.0, 80.0]]);
        assert_eq!(shared(-1), [[0.0, 60.0, 40.0, 20.0], [0.0, 0.0, 40.0, 40.0]]);
    }
}
