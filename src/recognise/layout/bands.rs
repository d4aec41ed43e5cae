//! Finds blocks that stand side by side: segments, rows, gutters and the tests on them. The method is told in [`super`].

use std::collections::HashSet;
use std::ops::Range;

use crate::model::{BBox, Line, Page};

/// A gap this many times the usual one between words parts segments; also the least width of a gutter.
const GAP: f32 = 2.2;
/// A segment narrower than this many line heights is no text of a column.
const WIDE: f32 = 3.0;
/// No page of a document has more segments; the search is quadratic in them at worst.
const MOST_SEGMENTS: usize = 4000;
/// Two sides stand beside each other over at least this many line heights.
const BESIDE: f32 = 2.0;
/// Middles this near each other, as a share of the text's width, are one.
const NEAR: f32 = 0.035;

/// Words of one line without a wide gap between them.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) line: usize,
    pub(super) words: Range<usize>,
    bbox: BBox,
    /// Nothing but what recognition makes of a printed rule.
    rule: bool,
}

impl Segment {
    fn right(&self) -> f32 {
        self.bbox.x + self.bbox.w
    }

    pub(super) fn middle(&self) -> f32 {
        self.bbox.x + self.bbox.w / 2.0
    }
}

/// Segments at one height, from left to right.
pub(super) type Row = Vec<Segment>;

/// What a row has on the left and on the right of a gutter.
type Parts = (Option<BBox>, Option<BBox>);

/// Rows that stand side by side of a gutter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub(super) rows: Range<usize>,
    /// Left and right edge of the gutter.
    pub(super) gutter: (f32, f32),
}

pub(super) struct View {
    pub(super) rows: Vec<Row>,
    /// Median height of a line.
    height: f32,
    /// A wide gap between words.
    gap: f32,
    /// Left edge and width of the text.
    left: f32,
    width: f32,
}

impl View {
    pub(super) fn of(page: &Page) -> Option<View> {
        // A word without a place could be lost, so a page with one is left alone.
        if page.lines.iter().flat_map(|l| &l.words).any(|w| w.bbox.is_none()) {
            return None;
        }
        let height = median(page.lines.iter().filter_map(|l| l.bbox).map(|b| b.h).filter(|h| *h > 0.0))?;
        let boxes = |line: &Line| line.words.iter().filter_map(|w| w.bbox).collect::<Vec<_>>();
        let gaps = page.lines.iter().flat_map(|l| {
            boxes(l).windows(2).map(|w| w[1].x - w[0].x - w[0].w).filter(|g| *g > 0.0).collect::<Vec<_>>()
        });
        let gap = GAP * median(gaps)?.clamp(0.1 * height, 0.5 * height);
        let mut segments: Vec<Segment> =
            (0..).zip(&page.lines).flat_map(|(i, line)| cut(page, i, line, gap)).collect();
        if segments.len() > MOST_SEGMENTS {
            return None;
        }
        let left = segments.iter().map(|s| s.bbox.x).min_by(f32::total_cmp)?;
        let right = segments.iter().map(Segment::right).max_by(f32::total_cmp)?;
        segments
            .sort_by(|a, b| centre(a.bbox).total_cmp(&centre(b.bbox)).then(a.bbox.x.total_cmp(&b.bbox.x)));
        Some(View { rows: rows(segments), height, gap, left, width: right - left })
    }

    /// The bands of side-by-side blocks, top down, not overlapping.
    pub(super) fn bands(&self) -> Vec<Band> {
        let mut out: Vec<Band> = Vec::new();
        let mut at = 0;
        while at < self.rows.len() {
            let done = out.last().map_or(0, |b| b.rows.end);
            let best = self
                .seeds(at)
                .map(|gutter| self.grow(at, gutter, done))
                .filter(|band| self.side_by_side(band) && !self.has_cells(band) && self.is_closed(band))
                .max_by_key(|band| band.rows.len());
            match best {
                Some(band) => {
                    at = band.rows.end;
                    out.push(band);
                }
                None => at += 1,
            }
        }
        out
    }

    /// The gaps of a row that could be gutters.
    fn seeds(&self, row: usize) -> impl Iterator<Item = (f32, f32)> + '_ {
        let (low, high) = (self.left + 0.2 * self.width, self.left + 0.8 * self.width);
        self.rows[row].windows(2).map(|w| (w[0].right(), w[1].bbox.x)).filter(move |(a, b)| {
            let middle = (a + b) / 2.0;
            b - a >= self.gap && middle > low && middle < high
        })
    }

    fn grow(&self, seed: usize, gutter: (f32, f32), first: usize) -> Band {
        let mut band = Band { rows: seed..seed + 1, gutter };
        while let Some(free) = self.rows.get(band.rows.end).and_then(|row| self.free(row, band.gutter)) {
            band.gutter = free;
            band.rows.end += 1;
        }
        while band.rows.start > first {
            let Some(free) = self.free(&self.rows[band.rows.start - 1], band.gutter) else { break };
            band.gutter = free;
            band.rows.start -= 1;
        }
        self.trim(&mut band);
        band
    }

    /// Takes off rows at both ends that only happen to fit beside the gutter, such as a short centred title under a letterhead: those whose
    /// right part does not share the middle of the others.
    fn trim(&self, band: &mut Band) {
        let both = self.rows[band.rows.clone()].iter().filter_map(|row| match band.parts(row) {
            (Some(_), Some(right)) => Some(right.x + right.w / 2.0),
            _ => None,
        });
        let Some(axis) = median(both) else { return };
        let stray = |row: &Row, band: &Band| {
            band.parts(row).1.is_some_and(|b| (b.x + b.w / 2.0 - axis).abs() > NEAR * self.width)
        };
        while band.rows.len() > 1 && stray(&self.rows[band.rows.end - 1], band) {
            band.rows.end -= 1;
        }
        while band.rows.len() > 1 && stray(&self.rows[band.rows.start], band) {
            band.rows.start += 1;
        }
    }

    /// What a row leaves of the gutter, if it is enough.
    fn free(&self, row: &Row, (mut left, mut right): (f32, f32)) -> Option<(f32, f32)> {
        for segment in row {
            // A segment belongs to the side on which its middle lies.
            if segment.middle() < (left + right) / 2.0 {
                left = left.max(segment.right());
            } else {
                right = right.min(segment.bbox.x);
            }
        }
        (right - left >= self.gap).then_some((left, right))
    }

    /// Whether the lines of the band lie in it entirely (on a skewed page their segments may fall into different rows).
    fn is_closed(&self, band: &Band) -> bool {
        let inside: HashSet<usize> = self.rows[band.rows.clone()].iter().flatten().map(|s| s.line).collect();
        let (above, below) = (&self.rows[..band.rows.start], &self.rows[band.rows.end..]);
        !above.iter().chain(below).flatten().any(|s| inside.contains(&s.line))
    }

    /// Whether a side falls into further columns, as those of tables do: more than half of its rows (and more than one) have several segments.
    fn has_cells(&self, band: &Band) -> bool {
        let middle = (band.gutter.0 + band.gutter.1) / 2.0;
        [false, true].into_iter().any(|right| {
            let rows = self.rows[band.rows.clone()].iter();
            let counts =
                rows.map(|row| row.iter().filter(|s| !s.rule && (s.middle() > middle) == right).count());
            let (some, many) =
                counts.fold((0, 0), |(some, many), n| (some + usize::from(n > 0), many + usize::from(n > 1)));
            many > 1 && 2 * many > some
        })
    }

    fn side_by_side(&self, band: &Band) -> bool {
        let parts: Vec<_> = self.rows[band.rows.clone()].iter().map(|row| band.parts(row)).collect();
        let wide = |b: &BBox| b.w >= WIDE * self.height;
        let left = parts.iter().filter_map(|p| p.0).filter(wide).count();
        let right: Vec<BBox> = parts.iter().filter_map(|p| p.1).filter(wide).collect();
        let open = |p: &&Parts| match p {
            (Some(l), Some(r)) => r.x - l.x - l.w >= 3.0 * self.gap,
            _ => true,
        };
        let open = 2 * parts.iter().filter(open).count() >= parts.len();
        let extent =
            |side: fn(&Parts) -> Option<BBox>| parts.iter().filter_map(side).filter(wide).reduce(BBox::union);
        let beside = extent(|p| p.0).zip(extent(|p| p.1)).map_or(0.0, |(l, r)| overlap(l, r));
        if !open || left < 2 || right.len() < 2 || beside < BESIDE * self.height {
            return false;
        }
        // distances from the median
        let apart = |value: fn(&BBox) -> f32| {
            let values: Vec<f32> = right.iter().map(value).collect();
            let axis = median(values.iter().copied()).unwrap_or(0.0);
            values.into_iter().map(|v| (v - axis).abs()).collect::<Vec<_>>()
        };
        let (middles, edges) = (apart(|b| b.x + b.w / 2.0), apart(|b| b.x));
        let near = middles.iter().filter(|d| **d <= NEAR * self.width).count();
        near as f32 >= 0.6 * right.len() as f32 && middles.iter().sum::<f32>() < edges.iter().sum()
    }
}

impl Band {
    /// What a row has on the left and on the right of the gutter, printed rules left out.
    fn parts(&self, row: &Row) -> Parts {
        let middle = (self.gutter.0 + self.gutter.1) / 2.0;
        let side = |right: bool| {
            let on_side = row.iter().filter(|s| !s.rule && (s.middle() > middle) == right);
            on_side.map(|s| s.bbox).reduce(BBox::union)
        };
        (side(false), side(true))
    }
}

fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Cuts a line at its wide gaps. Rules go with the segment before them, without making it any wider.
fn cut(page: &Page, index: usize, line: &Line, gap: f32) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    for (i, word) in line.words.iter().enumerate() {
        let Some(bbox) = word.bbox else { continue };
        let rule = is_rule(page.raw.get(word.span.clone()).unwrap_or_default());
        match out.last_mut() {
            Some(last) if rule => last.words.end = i + 1,
            Some(last) if !last.rule && bbox.x - last.right() < gap => {
                last.bbox = last.bbox.union(bbox);
                last.words.end = i + 1;
            }
            _ => out.push(Segment { line: index, words: i..i + 1, bbox, rule }),
        }
    }
    out
}

/// Whether a word is what recognition makes of a printed rule. A hyphen is not: it stands between words.
fn is_rule(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '_' | '—' | '–' | '―' | '=' | '~' | '¬' | '|'))
}

fn centre(b: BBox) -> f32 {
    b.y + b.h / 2.0
}

/// Segments, ordered by height, into rows: one joins the row above if it overlaps half of the lower of the two.
fn rows(segments: Vec<Segment>) -> Vec<Row> {
    let mut out: Vec<(Row, BBox)> = Vec::new();
    for segment in segments {
        let b = segment.bbox;
        match out.last_mut() {
            Some((row, first)) if overlap(*first, b) > 0.5 * first.h.min(b.h) => row.push(segment),
            _ => out.push((vec![segment], b)),
        }
    }
    out.into_iter()
        .map(|(mut row, _)| {
            row.sort_by(|a, b| a.bbox.x.total_cmp(&b.bbox.x));
            row
        })
        .collect()
}

fn overlap(a: BBox, b: BBox) -> f32 {
    (a.y + a.h).min(b.y + b.h) - a.y.max(b.y)
}
