//! A page as a reader delivered it: raw text, and over it lines and words with their geometry where there is any.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the text of a page was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The page image was recognised.
    Ocr,
    /// The page's own text layer was right and was used as it is.
    TextLayer,
    /// The page's own text layer was garbled, there was no image, and the layer was restored.
    RestoredLayer,
    /// The input was plain text.
    Text,
}

/// A Vietnamese encoding from before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// TCVN3 (ABC), of fonts like *.VnTime*.
    Tcvn3,
    /// VNI-Windows, of fonts like *VNI-Times*.
    Vni,
    /// VISCII.
    Viscii,
}

/// A rectangle in pixels of the page at [`Page::dpi`], origin top left, y downwards.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BBox {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl BBox {
    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: BBox) -> BBox {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.w).max(other.x + other.w);
        let bottom = (self.y + self.h).max(other.y + other.h);
        BBox { x, y, w: right - x, h: bottom - y }
    }
}

/// What the engine would also have accepted for one symbol of a word, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// Byte range of the symbol inside its word's text.
    pub at: Range<usize>,
    /// Other readings with the engine's confidence in each (0 to 100).
    pub readings: Vec<(String, f32)>,
}

/// One word: a range of [`Page::raw`] without white space in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Byte range in [`Page::raw`].
    pub span: Range<usize>,
    /// Where it stands on the page, if an image or a text layer said so.
    pub bbox: Option<BBox>,
    /// The engine's confidence (0 to 100), if an engine read it.
    pub confidence: Option<f32>,
    /// Alternatives per symbol, if the engine delivered any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// One line: a range of [`Page::raw`] without a line break in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Byte range in [`Page::raw`].
    pub span: Range<usize>,
    /// Where it stands on the page, if known.
    pub bbox: Option<BBox>,
    /// Its words, in order; none on pages of plain text.
    pub words: Vec<Word>,
}

/// A page's text as it was read, before any restoration.
///
/// Invariants: `lines` cover `raw` in order (line `i` is the `i`-th line of `raw.split('\n')`), words cover the
/// non-white parts of their line; `raw` is NFC and holds neither `\r` nor NUL. Lines of plain text list no words: there is
/// nothing to say of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// 1-based number in its document.
    pub number: u32,
    /// Width in pixels at `dpi`; 0 where there is no geometry.
    pub width: u32,
    /// Height in pixels at `dpi`; 0 where there is no geometry.
    pub height: u32,
    /// Resolution of `width`, `height` and all boxes; 0 where there is no geometry.
    pub dpi: f32,
    /// How the text was come by.
    pub decision: Decision,
    /// By how many degrees, clockwise, its text lies on it: a few for a crooked scan, 180 for one upside down.
    #[serde(default)]
    pub turn: f32,
    /// The share of the words of its text layer that restoration finds nothing wrong with (0 to 1), where it has one that was judged.
    #[serde(default)]
    pub score: Option<f32>,
    /// The encoding from before Unicode that its text was in, where it was in one.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// Where its pixels lie on a page of a PDF: the matrix `[a b c d e f]` that takes them to points of the page's default user space
    /// (`x' = ax + cy + e`, `y' = bx + dy + f`). None for what comes from no PDF.
    #[serde(default)]
    pub user_space: Option<[f64; 6]>,
    /// The text as read, lines ending in `\n`.
    pub raw: String,
    /// Geometry and words, line by line.
    pub lines: Vec<Line>,
}

impl Page {
    /// A page of plain text without geometry. `text` is brought to NFC, `\r\n`, `\r` and form feeds become `\n`, NULs go.
    #[must_use]
    pub fn from_text(number: u32, decision: Decision, text: &str) -> Page {
        let raw = super::normal::raw_text(text);
        let mut lines = Vec::with_capacity(raw.matches('\n').count() + 1);
        let mut start = 0;
        for line in raw.split('\n') {
            let span = start..start + line.len();
            // on a page of plain text they would be most of its memory
            let listed = decision != Decision::Text;
            let words = words_of(line, start).map(|span| Word {
                span,
                bbox: None,
                confidence: None,
                alternatives: Vec::new(),
            });
            let words = if listed { words.collect() } else { Vec::new() };
            lines.push(Line { span, bbox: None, words });
            start += line.len() + 1;
        }
        Page {
            number,
            width: 0,
            height: 0,
            dpi: 0.0,
            decision,
            turn: 0.0,
            score: None,
            encoding: None,
            user_space: None,
            raw,
            lines,
        }
    }
}

impl Page {
    /// Turns the places on the page upright, as if its sheet had lain straight: for whoever compares heights and edges. Boxes keep their size,
    /// but for quarter turns; what was upright stays as it is.
    pub fn straighten(&mut self) {
        if self.turn == 0.0 {
            return;
        }
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let on_side = sin.abs() > cos.abs();
        let (width, height) = (self.width as f32, self.height as f32);
        let (new_width, new_height) = if on_side { (height, width) } else { (width, height) };
        let straight = |b: BBox| {
            let (x, y) = (b.x + (b.w - width) / 2.0, b.y + (b.h - height) / 2.0);
            let (x, y) = (x * cos + y * sin, y * cos - x * sin);
            let (w, h) = if on_side { (b.h, b.w) } else { (b.w, b.h) };
            BBox { x: x + (new_width - w) / 2.0, y: y + (new_height - h) / 2.0, w, h }
        };
        for line in &mut self.lines {
            for word in &mut line.words {
                word.bbox = word.bbox.map(straight);
            }
            line.bbox = line.words.iter().filter_map(|word| word.bbox).reduce(BBox::union);
        }
        if on_side {
            std::mem::swap(&mut self.width, &mut self.height);
        }
        self.turn = 0.0;
    }
}

/// The byte ranges of the white-space-separated words of `line`, shifted by `base`.
pub fn words_of(line: &str, base: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    line.split_whitespace().map(move |w| {
        let at = base + (w.as_ptr() as usize - line.as_ptr() as usize);
        at..at + w.len()
    })
}

/// A decoded page image with its true resolution.
#[derive(Debug, Clone)]
pub struct PageImage {
    /// The pixels, as decoded.
    pub pixels: image::DynamicImage,
    /// Dots per inch, from the file or the page's transform.
    pub dpi: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_on_its_side_is_turned_upright() {
        // words that run up the page: the first near the lower left corner
        let mut page = Page::from_text(1, Decision::Ocr, "một hai");
        (page.width, page.height, page.turn) = (200, 300, -90.0);
        let places =
            [BBox { x: 10.0, y: 240.0, w: 20.0, h: 50.0 }, BBox { x: 10.0, y: 180.0, w: 20.0, h: 40.0 }];
        for (word, place) in page.lines[0].words.iter_mut().zip(places) {
            word.bbox = Some(place);
        }
        page.straighten();
        assert_eq!((page.width, page.height, page.turn), (300, 200, 0.0));
        let places: Vec<[f32; 4]> = page.lines[0]
            .words
            .iter()
            .filter_map(|word| word.bbox)
            .map(|b| [b.x, b.y, b.w, b.h].map(f32::round))
            .collect();
        assert_eq!(places, [[10.0, 10.0, 50.0, 20.0], [80.0, 10.0, 40.0, 20.0]]);
    }

    #[test]
    fn lines_and_words_cover_the_raw_text() {
        let text = "một hai\r\n\r\n ba\u{0301}\u{0}\n";
        let page = Page::from_text(1, Decision::TextLayer, text);
        assert_eq!(page.raw, "một hai\n\n bá\n");
        let lines: Vec<&str> = page.lines.iter().map(|l| &page.raw[l.span.clone()]).collect();
        assert_eq!(lines, page.raw.split('\n').collect::<Vec<_>>());
        let words: Vec<&str> =
            page.lines.iter().flat_map(|l| &l.words).map(|w| &page.raw[w.span.clone()]).collect();
        assert_eq!(words, ["một", "hai", "bá"]);
        assert!(Page::from_text(1, Decision::Text, text).lines.iter().all(|l| l.words.is_empty()));
    }
}
