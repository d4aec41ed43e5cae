//! The lines of all pages in reading order, with what their look says.
//!
//! A [`Line`] is a non-blank line of restored text. It knows where it stands (page, byte offset, box), how many
//! blank lines were before it, and where wide gaps split it into columns. [`Layout`] measures how wide the
//! text column is, so that [`Layout::slack`] can tell whether a line was *full*: whether the next word would
//! still have fitted. A line that is not full ends a paragraph; this is the strongest sign there is, and it
//! works with boxes (right edges) and without (character counts) alike.
//!
//! Limits: without geometry, widths are counted in characters, which is about 5 % off for proportional type.

use std::ops::Range;

use super::breaks::Ends;
use super::scan;
use crate::model::{BBox, Decision, RestoredPage};

/// One non-blank line.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Index of its page.
    pub page: usize,
    /// Its place among the lines of its page.
    pub row: usize,
    /// Its restored text, trimmed.
    pub text: &'a str,
    /// Byte offset of `text` in the page's restored text.
    pub at: usize,
    /// Its length in characters.
    pub len: u32,
    /// Its box, if there is geometry.
    pub bbox: Option<BBox>,
    /// Blank lines right before it on its page.
    pub blanks: u8,
    /// First line of its page.
    pub page_start: bool,
    /// It was read from an image, so any character may be wrong.
    pub recognised: bool,
    /// Width of the white space before it, in characters: from the box where there is one, else as typed.
    pub indent: f32,
    /// It is in capitals.
    pub loud: bool,
    /// How it ends.
    pub ends: Ends,
    /// There is no white space in it but single spaces.
    pub even: bool,
    /// Byte offsets in `text` where a new column begins after a wide gap.
    pub columns: Vec<usize>,
}

impl Line<'_> {
    /// The byte range of `part` (offsets in `text`) in the page's restored text.
    pub fn range(&self, part: Range<usize>) -> Range<usize> {
        self.at + part.start..self.at + part.end
    }

    /// Byte ranges in `text` of its columns, trimmed; the whole line where there is only one.
    pub fn cells(&self) -> Vec<Range<usize>> {
        let mut cuts = vec![0];
        cuts.extend(&self.columns);
        cuts.push(self.text.len());
        cuts.windows(2).map(|w| trim(self.text, w[0]..w[1])).filter(|r| !r.is_empty()).collect()
    }
}

impl<'a> Line<'a> {
    /// Its words, restored, with their boxes; `page` is the one it stands on. `None` if one has no box.
    pub fn words(&self, page: &RestoredPage) -> Option<impl Iterator<Item = (&'a str, BBox)>> {
        let all = self.at..self.at + self.text.len();
        let words = Some(&page.page.lines.get(self.row)?.words).filter(|w| !w.is_empty())?;
        let boxes: Vec<BBox> = words.iter().map(|w| w.bbox).collect::<Option<_>>()?;
        let mut starts: Vec<usize> = words
            .iter()
            .map(|w| restored_start(page, w.span.start, &all).clamp(all.start, all.end))
            .collect();
        starts.push(all.end);
        let (text, at) = (self.text, self.at);
        let part =
            move |k: usize| text.get(starts[k] - at..starts[k + 1].max(starts[k]) - at).unwrap_or("").trim();
        Some(boxes.into_iter().enumerate().map(move |(k, b)| (part(k), b)).filter(|(t, _)| !t.is_empty()))
    }
}

/// `range` of `text` without white space at its ends.
pub(super) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len())
}

/// The non-blank lines of `pages`.
pub(super) fn read(pages: &[RestoredPage]) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let left = left_margin(page);
        let glyph = glyph_width(page);
        let (mut start, mut blanks, mut first) = (0, 0_u8, true);
        for (i, full) in page.text.split('\n').enumerate() {
            let here = start;
            start += full.len() + 1;
            let text = full.trim();
            if text.is_empty() {
                blanks = blanks.saturating_add(1);
                continue;
            }
            let lead = full.len() - full.trim_start().len();
            let source = page.page.lines.get(i);
            let bbox = source.and_then(|l| l.bbox);
            let indent = match (bbox, glyph) {
                (Some(b), Some(g)) => ((b.x - left) / g).max(0.0),
                _ => full[..lead].chars().map(|c| if c == '\t' { 8.0 } else { 1.0 }).sum(),
            };
            let even = is_even(text);
            let columns = match (source, bbox) {
                (Some(l), Some(_)) => boxed_columns(page, l, here + lead..here + lead + text.len()),
                _ if even => Vec::new(),
                _ => typed_columns(text),
            };
            out.push(Line {
                page: index,
                row: i,
                text,
                at: here + lead,
                len: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
                bbox,
                blanks,
                page_start: first,
                recognised: matches!(page.page.decision, Decision::Ocr | Decision::RestoredLayer),
                indent,
                loud: super::breaks::capitals(text),
                ends: Ends::of(text),
                even,
                columns,
            });
            blanks = 0;
            first = false;
        }
    }
    out
}

/// Marks the first of the `live` lines of each page, and those below a dropped page number, as first of their page.
pub(super) fn reopen(lines: &mut [Line<'_>], live: &[usize], dropped: &[Option<&'static str>]) {
    for pair in live.windows(2) {
        let between = dropped.get(pair[0] + 1..pair[1]).unwrap_or(&[]);
        let turned = between.contains(&Some("page-number")) || lines[pair[0]].page != lines[pair[1]].page;
        if turned {
            lines[pair[1]].page_start = true;
        }
    }
}

/// Whether `text` has no white space but single spaces, as nearly all lines have. Other white space begins with one of these
/// bytes; so do some dashes and quotation marks.
fn is_even(text: &str) -> bool {
    let odd = scan::holds(text, [b'\t', 0x0B, 0x0C, b'\r', 0xC2, 0xE2, 0xE3])
        && text.chars().any(|c| c != ' ' && c.is_whitespace());
    !odd && !scan::holds_wide_space(text)
}

/// Columns of a typed line: after a tab or four spaces.
fn typed_columns(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut run = 0;
    for (i, b) in text.bytes().enumerate() {
        match b {
            b' ' => run += 1,
            b'\t' => run += 4,
            _ => {
                if run >= 4 && i > 0 {
                    out.push(i);
                }
                run = 0;
            }
        }
    }
    out
}

/// Columns of a line whose words have boxes: after a gap of more than two and a half line heights.
fn boxed_columns(page: &RestoredPage, line: &crate::model::Line, text: Range<usize>) -> Vec<usize> {
    let Some(bbox) = line.bbox else { return Vec::new() };
    // the height of a box that holds two lines by mistake must not hide the gaps
    let height = bbox.h.min(page.page.dpi / 4.0).max(1.0);
    let mut out = Vec::new();
    for pair in line.words.windows(2) {
        let (Some(a), Some(b)) = (pair[0].bbox, pair[1].bbox) else { continue };
        if b.x - (a.x + a.w) <= 2.5 * height {
            continue;
        }
        let at = restored_start(page, pair[1].span.start, &text);
        if at > text.start && at < text.end && page.text.is_char_boundary(at) {
            out.push(at - text.start);
        }
    }
    out.dedup();
    out
}

/// Where the raw offset `raw` begins in the restored text.
fn restored_start(page: &RestoredPage, raw: usize, line: &Range<usize>) -> usize {
    if page.map.is_unchanged() {
        return raw;
    }
    let pieces = page.map.pieces();
    let i = pieces.partition_point(|p| p.raw.end <= raw);
    pieces.get(i).map_or(line.end, |p| p.restored.start)
}

/// The left edge of most long lines of a page.
fn left_margin(page: &RestoredPage) -> f32 {
    let mut xs: Vec<f32> =
        page.page.lines.iter().filter(|l| l.span.len() > 40).filter_map(|l| l.bbox).map(|b| b.x).collect();
    percentile(&mut xs, 0.2).unwrap_or(0.0)
}

/// The mean width of a character on a page, in pixels.
fn glyph_width(page: &RestoredPage) -> Option<f32> {
    let (mut width, mut chars) = (0.0, 0_usize);
    for line in &page.page.lines {
        if let Some(b) = line.bbox {
            width += b.w;
            chars += page.page.raw.get(line.span.clone()).map_or(0, |t| t.trim().chars().count());
        }
    }
    (chars > 0 && width > 0.0).then(|| width / chars as f32)
}

/// The value below which `share` of `values` lie.
fn percentile(values: &mut [f32], share: f32) -> Option<f32> {
    if values.is_empty() {
        return None;
    }
    let k = ((values.len() - 1) as f32 * share) as usize;
    let (_, v, _) = values.select_nth_unstable_by(k, f32::total_cmp);
    Some(*v)
}

/// How wide the text column is.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// In characters, for lines without boxes.
    width: f32,
    /// Every line is a whole paragraph: nothing was wrapped.
    pub unwrapped: bool,
    /// For each page with boxes: left edge, right edge, width of a character, in pixels.
    pages: Vec<Option<(f32, f32, f32)>>,
}

/// Lines longer than this many characters were not wrapped for paper.
const PAPER: f32 = 150.0;

impl Layout {
    /// Measures `lines`.
    pub fn of(pages: &[RestoredPage], lines: &[Line<'_>]) -> Layout {
        let mut lengths: Vec<f32> = lines.iter().filter(|l| l.len >= 30).map(|l| l.len as f32).collect();
        let longest = lengths.iter().copied().fold(0.0, f32::max);
        let width = percentile(&mut lengths, 0.9).unwrap_or(80.0);
        let boxed = lines.iter().any(|l| l.bbox.is_some());
        let mut edges: Vec<Vec<f32>> = vec![Vec::new(); pages.len()];
        for line in lines.iter().filter(|l| l.len >= 40) {
            if let Some(b) = line.bbox {
                edges[line.page].push(b.x + b.w);
            }
        }
        let mut all: Vec<f32> = edges.iter().flatten().copied().collect();
        let common = percentile(&mut all, 0.8);
        let pages = pages
            .iter()
            .zip(&mut edges)
            .map(|(page, edges)| {
                let right = if edges.len() >= 8 { percentile(edges, 0.8) } else { common };
                Some((left_margin(page), right?, glyph_width(page)?))
            })
            .collect();
        // a document of short paragraphs has one long one at least; wrapped text has no line far over the others
        let unwrapped = !boxed && (width > PAPER || longest > 1.9 * width.max(60.0));
        Layout { width, unwrapped, pages }
    }

    /// How much room was left on `line` after a word of `next` more characters, as a share of the column: near 0
    /// or below for a full line, near 1 for a nearly empty one.
    pub fn slack(&self, line: &Line<'_>, next: usize) -> f32 {
        if let (Some(b), Some(Some((left, right, glyph)))) = (line.bbox, self.pages.get(line.page)) {
            let room = right - (b.x + b.w) - (next + 1) as f32 * glyph;
            return room / (right - left).max(1.0);
        }
        (self.width - line.len as f32 - line.indent.min(20.0) - (next + 1) as f32) / self.width.max(1.0)
    }

    /// Whether `line` stands in the middle of the column, away from both margins. `None` where there are no boxes.
    pub fn centred(&self, line: &Line<'_>) -> Option<bool> {
        let (b, (left, right, glyph)) = (line.bbox?, self.pages.get(line.page).copied().flatten()?);
        let (before, after) = (b.x - left, right - (b.x + b.w));
        Some(before > 3.0 * glyph && after > 3.0 * glyph && (before - after).abs() < 0.1 * (right - left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Page;

    fn page(text: &str) -> RestoredPage {
        RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))
    }

    #[test]
    fn lines_know_where_they_stand() {
        let pages = [page("  Một dòng\n\n\nHai    ba\n")];
        let lines = read(&pages);
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].text, lines[0].at, lines[0].indent), ("Một dòng", 2, 2.0));
        assert_eq!(lines[1].blanks, 2);
        assert!(!lines[1].page_start);
        let cells: Vec<&str> = lines[1].cells().into_iter().map(|r| &lines[1].text[r]).collect();
        assert_eq!(cells, ["Hai", "ba"]);
    }

    #[test]
    fn a_full_line_has_no_slack() {
        let full = "x".repeat(38) + " " + &"y".repeat(40);
        let text = format!("{full}\n{full}\n{full}\nngắn thôi\n{full}\n");
        let pages = [page(&text)];
        let lines = read(&pages);
        let layout = Layout::of(&pages, &lines);
        assert!(!layout.unwrapped);
        assert!(layout.slack(&lines[0], 5) < 0.0);
        assert!(layout.slack(&lines[3], 5) > 0.5);
    }

    #[test]
    fn long_lines_mean_that_nothing_was_wrapped() {
        let text = format!("I. MỤC ĐÍCH\n{}\n{}\n", "một đoạn dài ".repeat(30), "đoạn nữa ".repeat(40));
        let pages = [page(&text)];
        let lines = read(&pages);
        assert!(Layout::of(&pages, &lines).unwrapped);
    }
}
