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
        Page { number, width: 0, height: 0, dpi: 0.0, decision, raw, lines }
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
