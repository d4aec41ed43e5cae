//! Glyphs → words and lines: the text layer of a page.
//!
//! The order of the content stream is kept, because it is the order of writing: word processors write the cells of a letterhead one
//! after the other, recognition programs write in their reading order. Within it, with *em* the font size, *along* the baseline:
//!
//! * a glyph continues the line when it runs the same way, its baseline is less than 0.5 em off (so footnote marks stay in their line)
//!   and it does not step back by more than 1 em; otherwise a new line begins;
//! * a word ends at white space, or at a gap wider than 0.25 em (0.12 em on pages whose layer writes no spaces at all);
//! * a blank line is put where the baselines of neighbouring lines lie more than 1.35 times as far apart as usual (the median), or where
//!   the text goes back up;
//! * glyphs drawn twice in one place (false bold) count once; raised small digits become superscripts.
//! * what its fonts hold in an encoding from before Unicode is read in that, where the page's words leave no doubt.
//!
//! Limits: text that a producer wrote out of order stays so; vertical writing is not joined.

use std::collections::HashMap;

use super::survey::{Glyph, Survey};
use crate::ingest::encoding;
use crate::model::assemble::{ReadWord, Sheet};
use crate::model::{BBox, Decision, Encoding, Page};

/// Ascent and descent of a line of text in em, for its boxes.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.22;

/// The page's text layer with boxes in pixels of its picture, or none when there is no text.
pub(super) fn text_layer(number: u32, survey: &Survey) -> Option<Page> {
    let mut lines = lines(&survey.glyphs);
    let encoding = from_old_encoding(&mut lines, survey.fonts);
    if lines.iter().all(|l| l.words.is_empty()) {
        return None;
    }
    let usual = usual_distance(&lines);
    let mut out: Vec<Vec<ReadWord>> = Vec::with_capacity(lines.len());
    let mut last: Option<&TextLine> = None;
    for line in lines.iter().filter(|l| !l.words.is_empty()) {
        if last.is_some_and(|last| parts(last, line, usual)) {
            out.push(Vec::new());
        }
        out.push(line.words.iter().map(|w| read_word(w, survey)).collect());
        last = Some(line);
    }
    let sheet = Sheet {
        number,
        width: survey.width,
        height: survey.height,
        dpi: survey.dpi,
        decision: Decision::TextLayer,
    };
    let page = Page { encoding, user_space: survey.user_space, ..Page::assemble(sheet, out) };
    (!page.raw.trim().is_empty()).then_some(page)
}

/// A word in points of the page.
#[derive(Debug, Clone)]
struct TextWord {
    text: String,
    /// left, top, right, bottom
    edges: [f64; 4],
}

#[derive(Debug, Clone)]
struct TextLine {
    words: Vec<TextWord>,
    along: (f64, f64),
    /// Start of the first glyph's baseline.
    origin: (f64, f64),
    /// Largest font size.
    em: f64,
    /// Distance along the baseline at which the last glyph ended.
    end: f64,
    /// Whether the next glyph begins a word.
    broken: bool,
}

impl TextLine {
    fn new(glyph: &Glyph) -> TextLine {
        let origin = (glyph.origin.x, glyph.origin.y);
        let end = dot(origin, glyph.along);
        TextLine { words: Vec::new(), along: glyph.along, origin, em: glyph.em, end, broken: true }
    }

    /// How far `at` lies along this line's direction, and below its baseline.
    fn place(&self, at: (f64, f64)) -> (f64, f64) {
        let normal = (-self.along.1, self.along.0);
        (dot(at, self.along), dot(at, normal) - dot(self.origin, normal))
    }

    fn continues(&self, glyph: &Glyph) -> bool {
        let (start, below) = self.place((glyph.origin.x, glyph.origin.y));
        let em = self.em.max(glyph.em);
        dot(self.along, glyph.along) > 0.98 && below.abs() < 0.5 * em && start > self.end - em
    }

    fn push(&mut self, glyph: &Glyph, gap: f64) {
        let (start, below) = self.place((glyph.origin.x, glyph.origin.y));
        self.broken |= start - self.end > gap * self.em.min(glyph.em);
        let raised = glyph.em < 0.8 * self.em && below < -0.15 * self.em;
        self.em = self.em.max(glyph.em);
        self.end = start + glyph.advance;
        if glyph.text.chars().all(char::is_whitespace) {
            self.broken = true;
            return;
        }
        let edges = edges(glyph);
        for (i, part) in glyph.text.split(char::is_whitespace).enumerate() {
            self.broken |= i > 0;
            if part.is_empty() {
                continue;
            }
            let text: String = if raised { part.chars().map(superscript).collect() } else { part.to_owned() };
            match self.words.last_mut() {
                Some(word) if !self.broken => {
                    word.text.push_str(&text);
                    word.edges = union(word.edges, edges);
                }
                _ => self.words.push(TextWord { text, edges }),
            }
            self.broken = false;
        }
        self.broken |= glyph.text.ends_with(char::is_whitespace);
    }
}

fn lines(glyphs: &[Glyph]) -> Vec<TextLine> {
    let spaces = glyphs.iter().filter(|g| g.text.contains(char::is_whitespace)).count();
    let gap = if spaces * 20 >= glyphs.len() { 0.25 } else { 0.12 };
    let mut out: Vec<TextLine> = Vec::new();
    let mut seen = Seen::default();
    for glyph in glyphs {
        if !glyph.text.trim().is_empty() && seen.again(glyph) {
            continue;
        }
        match out.last_mut() {
            Some(line) if line.continues(glyph) => line.push(glyph, gap),
            _ => {
                let mut line = TextLine::new(glyph);
                line.push(glyph, gap);
                out.push(line);
            }
        }
    }
    out
}

/// Glyphs by character and place, on a grid as wide as two glyphs may differ and still be one.
#[derive(Default)]
struct Seen(HashMap<(char, i64, i64), (f64, f64)>);

impl Seen {
    /// Whether the same character stood within a tenth of an em before.
    fn again(&mut self, glyph: &Glyph) -> bool {
        let Some(c) = glyph.text.chars().next() else { return false };
        let near = 0.1 * glyph.em;
        let at = (glyph.origin.x, glyph.origin.y);
        let cell = |v: f64| (v / near).floor() as i64;
        let (column, row) = (cell(at.0), cell(at.1));
        let found = (-1..=1).flat_map(|i| (-1..=1).map(move |j| (i, j))).any(|(i, j)| {
            let before = self.0.get(&(c, column.saturating_add(i), row.saturating_add(j)));
            before.is_some_and(|b| (b.0 - at.0).hypot(b.1 - at.1) < near)
        });
        if !found {
            self.0.insert((c, column, row), at);
        }
        found
    }
}

/// Reads words anew whose fonts hold Vietnamese in an old encoding and say that it is Western European; `fonts` is what their names tell.
fn from_old_encoding(lines: &mut [TextLine], fonts: Option<Encoding>) -> Option<Encoding> {
    let texts: Vec<String> = lines
        .iter()
        .map(|line| line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "))
        .collect();
    let encoding = encoding::of_text(&texts.join("\n"), fonts)?;
    for (line, text) in lines.iter_mut().zip(texts) {
        for (word, read) in line.words.iter_mut().zip(encoding.read(&text).split(' ')) {
            word.text = read.to_owned();
        }
    }
    Some(encoding)
}

/// The median distance of neighbouring baselines, as a multiple of the font size.
fn usual_distance(lines: &[TextLine]) -> f64 {
    let mut steps: Vec<f64> = lines
        .windows(2)
        .map(|w| w[0].place(w[1].origin).1 / w[0].em.max(w[1].em))
        .filter(|step| (0.5..4.0).contains(step))
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.2)
}

/// Whether two neighbouring lines belong to different paragraphs.
fn parts(above: &TextLine, below: &TextLine, usual: f64) -> bool {
    if dot(above.along, below.along) < 0.98 {
        return true;
    }
    let step = above.place(below.origin).1 / above.em.max(below.em);
    step < -0.5 || step > 1.35 * usual
}

fn read_word(word: &TextWord, survey: &Survey) -> ReadWord {
    let [left, top, right, bottom] = word.edges;
    let x = |v: f64| ((v - survey.origin.0) * survey.scale.0) as f32;
    let y = |v: f64| ((v - survey.origin.1) * survey.scale.1) as f32;
    let bbox = BBox { x: x(left), y: y(top), w: x(right) - x(left), h: y(bottom) - y(top) };
    ReadWord { text: word.text.clone(), bbox: Some(bbox), ..ReadWord::default() }
}

/// The upright rectangle around a glyph's cell.
fn edges(glyph: &Glyph) -> [f64; 4] {
    let (x, y) = (glyph.origin.x, glyph.origin.y);
    let (dx, dy) = (glyph.along.0 * glyph.advance, glyph.along.1 * glyph.advance);
    // up is the baseline turned to the left, in a frame whose y runs down
    let up = (glyph.along.1 * glyph.em, -glyph.along.0 * glyph.em);
    let corners = [
        (x + up.0 * ASCENT, y + up.1 * ASCENT),
        (x - up.0 * DESCENT, y - up.1 * DESCENT),
        (x + dx + up.0 * ASCENT, y + dy + up.1 * ASCENT),
        (x + dx - up.0 * DESCENT, y + dy - up.1 * DESCENT),
    ];
    corners.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |e, c| union(e, [c.0, c.1, c.0, c.1]))
}

fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

fn dot(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

fn superscript(c: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).map_or(c, |d| DIGITS[d as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::survey::Plan;
    use hayro::kurbo::Point;

    /// Glyphs half an em wide from (x, y) on.
    fn glyphs(text: &str, x: f64, y: f64, em: f64) -> Vec<Glyph> {
        (0..)
            .zip(text.chars())
            .map(|(i, c)| Glyph {
                text: c.to_string(),
                origin: Point::new(x + f64::from(i) * 0.5 * em, y),
                along: (1.0, 0.0),
                em,
                advance: 0.5 * em,
            })
            .collect()
    }

    fn layer(glyphs: Vec<Glyph>) -> Option<Page> {
        let plan = Plan::Render { scale: 2.0 };
        let (scale, origin) = ((2.0, 2.0), (0.0, 0.0));
        text_layer(
            1,
            &Survey {
                glyphs,
                plan,
                scan: false,
                refused: None,
                width: 1190,
                height: 1684,
                dpi: 144.0,
                scale,
                origin,
                user_space: None,
                fonts: None,
            },
        )
    }

    #[test]
    fn lines_words_paragraphs_and_boxes() {
        let mut all = glyphs("một hai", 100.0, 100.0, 12.0);
        all.extend(glyphs("ba", 100.0, 115.0, 12.0));
        all.extend(glyphs("bốn", 118.0, 115.0, 12.0)); // a gap of half an em
        all.extend(glyphs("năm", 100.0, 145.0, 12.0));
        all.extend(glyphs("sáu", 100.0, 160.0, 12.0));
        let page = layer(all).unwrap_or_else(|| Page::from_text(1, Decision::TextLayer, ""));
        assert_eq!(page.raw, "một hai\nba bốn\n\nnăm\nsáu");
        let bbox = page.lines[0].words[1].bbox.map(|b| (b.x.round(), b.y.round(), b.w.round()));
        assert_eq!(bbox, Some((248.0, 181.0, 36.0)));
    }

    #[test]
    fn double_strokes_marks_and_combining_letters() {
        let mut all = glyphs("xa\u{301}", 100.0, 100.0, 12.0);
        all.extend(glyphs("xa", 100.3, 100.0, 12.0));
        all.extend(glyphs("12", 118.0, 95.0, 7.0));
        assert_eq!(layer(all).map(|p| p.raw), Some("xá¹²".to_owned()));
        assert!(layer(glyphs("   ", 0.0, 0.0, 12.0)).is_none());
    }

    #[test]
    fn fonts_from_before_unicode_are_read() {
        let line = "UÛY BAN NHAÂN DAÂN xaõ xaây döïng keá hoaïch phaùt trieån kinh teá";
        let mut all = glyphs(line, 50.0, 100.0, 12.0);
        all.extend(glyphs("vaên hoùa cuûa ñòa phöông, naêm 2004", 50.0, 115.0, 12.0));
        let page = layer(all).unwrap_or_else(|| Page::from_text(1, Decision::TextLayer, ""));
        let expected =
            "ỦY BAN NHÂN DÂN xã xây dựng kế hoạch phát triển kinh tế\nvăn hóa của địa phương, năm 2004";
        assert_eq!(page.raw, expected);
        assert_eq!((page.encoding, page.lines[1].words.len()), (Some(Encoding::Vni), 7));
        // too little to tell stays as it is
        assert_eq!(layer(glyphs("keá hoaïch", 50.0, 100.0, 12.0)).map(|p| p.raw), Some("keá hoaïch".into()));
    }

    #[test]
    fn columns_written_one_after_the_other_stay_apart() {
        let mut all = glyphs("trái", 60.0, 100.0, 12.0);
        all.extend(glyphs("dưới", 60.0, 115.0, 12.0));
        all.extend(glyphs("phải", 320.0, 100.0, 12.0));
        assert_eq!(layer(all).map(|p| p.raw), Some("trái\ndưới\n\nphải".to_owned()));
    }
}
