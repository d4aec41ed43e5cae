//! Reading order of blocks that stand side by side: the letterhead and the closing block of administrative documents.
//!
//! Their two columns (issuer and number | national motto, place and date; recipients | office and name of the signer) are
//! unrelated texts, but a recogniser that takes the page for one column joins their rows: "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI ...".
//!
//! # Method
//! A local X-Y cut (Nagy and Seth 1984) with tests that spare running text and tables. With *h* the median height of a line and *W* the
//! width of the text:
//!
//! 1. Every line is cut into **segments** at gaps wider than 0.8 h. Justified text stretches its spaces to 0.6 h at most.
//! 2. Segments that overlap by half their height make a **row**.
//! 3. A row with a gap seeds a **gutter**: a strip at least 0.8 h wide, its middle between 20 and 80 % of W. The band grows up and down
//!    over the rows that leave at least that much of the strip free, and stops at text that crosses it.
//! 4. The band is two blocks side by side, and no table and no running text, if
//!    * each side has at least two segments of at least 3 h in width (labels and page numbers are narrower),
//!    * the right side is **centred**: at least 60 % of its wide segments share one middle (within 0.035 W of the median), while their left
//!      edges do not share one. That is how administrative documents are set; cells of tables and paragraphs share their left edges.
//!    * Rows at its ends that merely fit beside the gutter (a short centred title) are left out.
//! 5. Such a band is written column by column, left before right, each row of a column one line, with blank lines around the columns.
//!
//! Everything else stays as it came, in its order; no word is ever lost or doubled. One pass over the rows a band: O(rows × segments).
//!
//! Limits: three columns, columns that are turned, and letterheads whose columns nearly touch stay joined.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::assemble::{ReadWord, Sheet};
use crate::model::{BBox, Line, Page};

/// Gap between words, in line heights, that parts segments; also the least width of a gutter.
const GAP: f32 = 0.8;
/// A segment narrower than this many line heights is no text of a column.
const WIDE: f32 = 3.0;
/// Middles this near each other, as a share of the text's width, are one.
const NEAR: f32 = 0.035;

/// The page with side-by-side blocks read apart; the same page when there are none, or no boxes.
#[must_use]
pub fn read_apart(page: Page) -> Page {
    let Some(view) = View::of(&page) else { return page };
    let bands = view.bands();
    if bands.is_empty() { page } else { rewrite(&page, &view, &bands) }
}

/// Words of one line without a wide gap between them.
#[derive(Debug, Clone)]
struct Segment {
    line: usize,
    words: Range<usize>,
    bbox: BBox,
}

impl Segment {
    fn right(&self) -> f32 {
        self.bbox.x + self.bbox.w
    }

    fn middle(&self) -> f32 {
        self.bbox.x + self.bbox.w / 2.0
    }
}

/// Segments at one height, from left to right.
type Row = Vec<Segment>;

/// Rows that stand side by side of a gutter.
#[derive(Debug, Clone, PartialEq)]
struct Band {
    rows: Range<usize>,
    /// Left and right edge of the gutter.
    gutter: (f32, f32),
}

struct View {
    rows: Vec<Row>,
    /// Median height of a line.
    height: f32,
    /// Left edge and width of the text.
    left: f32,
    width: f32,
}

impl View {
    fn of(page: &Page) -> Option<View> {
        // A word without a place could be lost, so a page with one is left alone.
        if page.lines.iter().flat_map(|l| &l.words).any(|w| w.bbox.is_none()) {
            return None;
        }
        let mut heights: Vec<f32> =
            page.lines.iter().filter_map(|l| l.bbox).map(|b| b.h).filter(|h| *h > 0.0).collect();
        heights.sort_by(f32::total_cmp);
        let height = *heights.get(heights.len() / 2)?;
        let mut segments: Vec<Segment> =
            (0..).zip(&page.lines).flat_map(|(i, line)| cut(i, line, GAP * height)).collect();
        let left = segments.iter().map(|s| s.bbox.x).min_by(f32::total_cmp)?;
        let right = segments.iter().map(Segment::right).max_by(f32::total_cmp)?;
        segments.sort_by(|a, b| centre(a.bbox).total_cmp(&centre(b.bbox)).then(a.bbox.x.total_cmp(&b.bbox.x)));
        Some(View { rows: rows(segments), height, left, width: right - left })
    }

    /// The bands of side-by-side blocks, top down, not overlapping.
    fn bands(&self) -> Vec<Band> {
        let mut out: Vec<Band> = Vec::new();
        let mut at = 0;
        while at < self.rows.len() {
            let done = out.last().map_or(0, |b| b.rows.end);
            let best = self
                .seeds(at)
                .map(|gutter| self.grow(at, gutter, done))
                .filter(|band| self.side_by_side(band) && self.is_closed(band))
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
            b - a >= GAP * self.height && middle > low && middle < high
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

    /// Takes off rows at both ends that only happen to fit beside the gutter, such as a short centred title under a letterhead: single
    /// segments on the right that do not share its middle.
    fn trim(&self, band: &mut Band) {
        let mut middles: Vec<f32> = self.rows[band.rows.clone()]
            .iter()
            .filter(|row| row.len() > 1)
            .filter_map(|row| row.last())
            .map(Segment::middle)
            .collect();
        middles.sort_by(f32::total_cmp);
        let Some(axis) = middles.get(middles.len() / 2).copied() else { return };
        let stray = |row: &Row| match row.as_slice() {
            [one] => one.bbox.x >= band.gutter.1 && (one.middle() - axis).abs() > NEAR * self.width,
            _ => false,
        };
        while band.rows.len() > 1 && stray(&self.rows[band.rows.end - 1]) {
            band.rows.end -= 1;
        }
        while band.rows.len() > 1 && stray(&self.rows[band.rows.start]) {
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
        (right - left >= GAP * self.height).then_some((left, right))
    }

    /// Whether the lines of the band lie in it entirely (on a skewed page their segments may fall into different rows).
    fn is_closed(&self, band: &Band) -> bool {
        let inside: HashSet<usize> = self.rows[band.rows.clone()].iter().flatten().map(|s| s.line).collect();
        let (above, below) = (&self.rows[..band.rows.start], &self.rows[band.rows.end..]);
        !above.iter().chain(below).flatten().any(|s| inside.contains(&s.line))
    }

    fn side_by_side(&self, band: &Band) -> bool {
        let wide = |s: &&Segment| s.bbox.w >= WIDE * self.height;
        let sides = |right: bool| {
            let all = self.rows[band.rows.clone()].iter().flatten();
            all.filter(move |s| (s.bbox.x >= band.gutter.1) == right).filter(wide)
        };
        if sides(false).count() < 2 || sides(true).count() < 2 {
            return false;
        }
        let near = NEAR * self.width;
        let share = |values: Vec<f32>| {
            let mut sorted = values.clone();
            sorted.sort_by(f32::total_cmp);
            let median = sorted[sorted.len() / 2];
            values.iter().filter(|v| (*v - median).abs() <= near).count() as f32 / values.len() as f32
        };
        let middles = share(sides(true).map(Segment::middle).collect());
        let edges = share(sides(true).map(|s| s.bbox.x).collect());
        middles >= 0.6 && edges < middles
    }
}

/// Cuts a line at its wide gaps.
fn cut(index: usize, line: &Line, gap: f32) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    for (i, bbox) in line.words.iter().enumerate().filter_map(|(i, w)| Some((i, w.bbox?))) {
        match out.last_mut() {
            Some(last) if bbox.x - last.right() < gap => {
                last.bbox = last.bbox.union(bbox);
                last.words.end = i + 1;
            }
            _ => out.push(Segment { line: index, words: i..i + 1, bbox }),
        }
    }
    out
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

/// The page with the bands' lines replaced, at the place of each band's first line, by its columns.
fn rewrite(page: &Page, view: &View, bands: &[Band]) -> Page {
    let mut band_of: Vec<Option<usize>> = vec![None; page.lines.len()];
    for (i, band) in bands.iter().enumerate() {
        for segment in view.rows[band.rows.clone()].iter().flatten() {
            band_of[segment.line].get_or_insert(i);
        }
    }
    let mut written = vec![false; bands.len()];
    let mut lines: Vec<Vec<ReadWord>> = Vec::new();
    for (line, band) in page.lines.iter().zip(&band_of) {
        match band {
            None => lines.push(line.words.iter().map(|w| read(page, w)).collect()),
            Some(i) if !written[*i] => {
                written[*i] = true;
                lines.push(Vec::new());
                lines.extend(columns(page, view, &bands[*i]));
                lines.push(Vec::new());
            }
            Some(_) => {}
        }
    }
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    let inner = lines.iter().position(|l| !l.is_empty()).unwrap_or(0);
    lines.drain(..inner);
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    let Page { number, width, height, dpi, decision, .. } = *page;
    Page::assemble(Sheet { number, width, height, dpi, decision }, lines)
}

/// The lines of the left column, a blank one, the lines of the right column.
fn columns(page: &Page, view: &View, band: &Band) -> Vec<Vec<ReadWord>> {
    let middle = (band.gutter.0 + band.gutter.1) / 2.0;
    let side = |right: bool| {
        view.rows[band.rows.clone()].iter().filter_map(move |row| {
            let words: Vec<ReadWord> = row
                .iter()
                .filter(|s| (s.middle() > middle) == right)
                .flat_map(|s| page.lines[s.line].words[s.words.clone()].iter())
                .map(|w| read(page, w))
                .collect();
            (!words.is_empty()).then_some(words)
        })
    };
    side(false).chain(std::iter::once(Vec::new())).chain(side(true)).collect()
}

fn read(page: &Page, word: &crate::model::Word) -> ReadWord {
    ReadWord {
        text: page.raw.get(word.span.clone()).unwrap_or_default().to_owned(),
        bbox: word.bbox,
        confidence: word.confidence,
        alternatives: word.alternatives.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Decision;

    /// A page from lines of (x, text): letters 10 wide, words 5 apart, lines 20 high and 30 apart.
    fn page(lines: &[&[(f32, &str)]]) -> Page {
        let mut out = Vec::new();
        for (i, parts) in (0_u8..).zip(lines) {
            let mut words = Vec::new();
            for (x, text) in *parts {
                let mut at = *x;
                for word in text.split(' ') {
                    let w = 10.0 * word.chars().count() as f32;
                    let bbox = Some(BBox { x: at, y: 30.0 * f32::from(i), w, h: 20.0 });
                    words.push(ReadWord { text: word.to_owned(), bbox, ..ReadWord::default() });
                    at += w + 5.0;
                }
            }
            out.push(words);
        }
        Page::assemble(Sheet { number: 1, width: 1000, height: 1400, dpi: 100.0, decision: Decision::Ocr }, out)
    }

    #[test]
    fn letterheads_are_read_column_by_column() {
        let read = read_apart(page(&[
            &[(60.0, "ỦY BAN NHÂN DÂN"), (420.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            &[(90.0, "TỈNH AN HẢI"), (470.0, "Độc lập - Tự do - Hạnh phúc")],
            &[(70.0, "Số: 12/KH-UBND"), (440.0, "An Hải, ngày 05 tháng 3 năm 2021")],
            &[(380.0, "KẾ HOẠCH")],
            &[(20.0, "Thực hiện chương trình phát triển đô thị trên địa bàn tỉnh giai đoạn mới của các xã")],
        ]));
        assert_eq!(
            read.raw,
            "ỦY BAN NHÂN DÂN\nTỈNH AN HẢI\nSố: 12/KH-UBND\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
             An Hải, ngày 05 tháng 3 năm 2021\n\nKẾ HOẠCH\n\
             Thực hiện chương trình phát triển đô thị trên địa bàn tỉnh giai đoạn mới của các xã"
        );
    }

    #[test]
    fn the_closing_block_is_read_column_by_column() {
        let read = read_apart(page(&[
            &[(20.0, "tổ chức thực hiện kế hoạch này và báo cáo kết quả về Văn phòng đúng thời hạn nêu trên./.")],
            &[(20.0, "Nơi nhận:"), (560.0, "TM. ỦY BAN NHÂN DÂN")],
            &[(20.0, "- Như trên;"), (630.0, "CHỦ TỊCH")],
            &[(20.0, "- Các sở, ngành của tỉnh;")],
            &[(20.0, "- Lưu: VT."), (590.0, "Nguyễn Văn An")],
        ]));
        assert!(read.raw.contains("Nơi nhận:\n- Như trên;\n- Các sở, ngành của tỉnh;\n- Lưu: VT.\n\nTM. ỦY BAN"), "{}", read.raw);
        assert!(read.raw.ends_with("CHỦ TỊCH\nNguyễn Văn An"), "{}", read.raw);
    }

    #[test]
    fn tables_labels_and_running_text_stay() {
        let table = page(&[
            &[(20.0, "Xây dựng quy chế phối hợp"), (600.0, "Sở Nội vụ chủ trì")],
            &[(20.0, "Rà soát các thủ tục còn vướng"), (600.0, "Văn phòng Ủy ban")],
            &[(20.0, "Tổng kết chương trình năm đầu"), (600.0, "Các huyện và thành phố")],
        ]);
        assert_eq!(read_apart(table.clone()), table);
        let list = page(&[
            &[(20.0, "1."), (80.0, "Mục tiêu chung của chương trình là nâng cao chất lượng phục vụ người dân")],
            &[(20.0, "2."), (80.0, "Mục tiêu cụ thể đến hết năm là số hóa toàn bộ hồ sơ đang lưu")],
        ]);
        assert_eq!(read_apart(list.clone()), list);
        let text = Page::from_text(1, Decision::Text, "không có khung");
        assert_eq!(read_apart(text.clone()), text);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_or_doubled(
            lines in prop::collection::vec(
                prop::collection::vec((0.0..900.0_f32, 0.0..1300.0_f32, 1.0..400.0_f32, 1.0..40.0_f32), 0..4),
                0..12,
            )
        ) {
            let mut n = 0;
            let mut name = || { n += 1; format!("w{n}") };
            let lines: Vec<Vec<ReadWord>> = lines
                .into_iter()
                .map(|line| line.into_iter().map(|(x, y, w, h)| {
                    ReadWord { text: name(), bbox: Some(BBox { x, y, w, h }), ..ReadWord::default() }
                }).collect())
                .collect();
            let sheet = Sheet { number: 1, width: 1000, height: 1400, dpi: 100.0, decision: Decision::Ocr };
            let before = Page::assemble(sheet, lines);
            let after = read_apart(before.clone());
            let words = |p: &Page| {
                let mut all: Vec<String> = p.raw.split_whitespace().map(str::to_owned).collect();
                all.sort();
                all
            };
            prop_assert_eq!(words(&before), words(&after));
            prop_assert_eq!(after.lines.len(), after.raw.split('\n').count());
        }
    }
}
