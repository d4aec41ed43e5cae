//! Builds a [`Page`] from words with geometry: the one place where raw text and the spans over it are made together, so that
//! the page's invariants hold whoever read it.

use std::ops::Range;

use unicode_normalization::is_nfc;

use super::normal;
use super::page::{Alternative, BBox, Decision, Line, Page, Word};

/// A word as an engine or a text layer delivered it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadWord {
    /// Its text; white space and control characters in it are dropped.
    pub text: String,
    /// Where it stands, in pixels of the page.
    pub bbox: Option<BBox>,
    /// Confidence of the reader (0 to 100).
    pub confidence: Option<f32>,
    /// Alternatives per symbol; `at` counts bytes of `text`.
    pub alternatives: Vec<Alternative>,
}

/// The page that a reader saw: its size, resolution and how it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// 1-based number in its document.
    pub number: u32,
    /// Width in pixels at `dpi`.
    pub width: u32,
    /// Height in pixels at `dpi`.
    pub height: u32,
    /// Resolution of the sizes and boxes.
    pub dpi: f32,
    /// How the text was come by.
    pub decision: Decision,
}

impl Page {
    /// A page of the given lines of words, in reading order; a line without words becomes a blank line.
    ///
    /// ```
    /// use sohoa::model::assemble::{ReadWord, Sheet};
    /// use sohoa::model::{Decision, Page};
    ///
    /// let word = |t: &str| ReadWord { text: t.to_owned(), ..ReadWord::default() };
    /// let sheet = Sheet { number: 1, width: 100, height: 100, dpi: 72.0, decision: Decision::Ocr };
    /// let page = Page::assemble(sheet, vec![vec![word("Kế"), word("hoạch")], vec![], vec![word("năm")]]);
    /// assert_eq!(page.raw, "Kế hoạch\n\nnăm");
    /// assert_eq!(&page.raw[page.lines[2].words[0].span.clone()], "năm");
    /// ```
    #[must_use]
    pub fn assemble(sheet: Sheet, lines: Vec<Vec<ReadWord>>) -> Page {
        let mut raw = String::new();
        let mut out = Vec::with_capacity(lines.len().max(1));
        for (i, words) in lines.into_iter().enumerate() {
            if i > 0 {
                raw.push('\n');
            }
            out.push(line_of(words, &mut raw));
        }
        if out.is_empty() {
            out.push(Line { span: 0..0, bbox: None, words: Vec::new() });
        }
        let Sheet { number, width, height, dpi, decision } = sheet;
        Page {
            number,
            width,
            height,
            dpi,
            decision,
            turn: 0.0,
            score: None,
            encoding: None,
            user_space: None,
            raw,
            lines: out,
        }
    }
}

fn line_of(words: Vec<ReadWord>, raw: &mut String) -> Line {
    let start = raw.len();
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut bbox: Option<BBox> = None;
    for word in words {
        let (text, alternatives) = clean(word.text, word.alternatives);
        if text.is_empty() {
            continue;
        }
        if raw.len() > start {
            raw.push(' ');
        }
        let at = raw.len();
        raw.push_str(&text);
        if let Some(b) = word.bbox {
            bbox = Some(bbox.map_or(b, |sum| sum.union(b)));
        }
        out.push(Word { span: at..raw.len(), bbox: word.bbox, confidence: word.confidence, alternatives });
    }
    Line { span: start..raw.len(), bbox, words: out }
}

/// The text in NFC without white space and control characters. Alternatives stay only where their ranges still hold.
fn clean(text: String, mut alternatives: Vec<Alternative>) -> (String, Vec<Alternative>) {
    let dropped = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    if text.chars().any(dropped) || !is_nfc(&text) {
        let kept: String = text.chars().filter(|c| !dropped(*c)).collect();
        return (normal::nfc(&kept), Vec::new());
    }
    let holds = |r: &Range<usize>| text.get(r.clone()).is_some_and(|s| !s.is_empty());
    alternatives.retain(|a| holds(&a.at) && !a.readings.is_empty());
    (text, alternatives)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet { number: 3, width: 200, height: 100, dpi: 100.0, decision: Decision::Ocr }
    }

    fn word(text: &str, x: f32) -> ReadWord {
        ReadWord {
            text: text.to_owned(),
            bbox: Some(BBox { x, y: 5.0, w: 10.0, h: 8.0 }),
            confidence: Some(90.0),
            alternatives: Vec::new(),
        }
    }

    #[test]
    fn spans_boxes_and_invariants() {
        let page = Page::assemble(
            sheet(),
            vec![
                vec![word("Ca\u{301}c", 10.0), word(" ", 30.0), word("b\nan", 50.0)],
                vec![],
                vec![word("x", 1.0)],
            ],
        );
        assert_eq!(page.raw, "Các ban\n\nx");
        assert_eq!(page.lines.len(), page.raw.split('\n').count());
        assert_eq!(page.lines[0].bbox, Some(BBox { x: 10.0, y: 5.0, w: 50.0, h: 8.0 }));
        let words: Vec<&str> =
            page.lines.iter().flat_map(|l| &l.words).map(|w| &page.raw[w.span.clone()]).collect();
        assert_eq!(words, ["Các", "ban", "x"]);
    }

    #[test]
    fn alternatives_with_false_ranges_go() {
        let alt = |at: Range<usize>| Alternative { at, readings: vec![("ê".to_owned(), 50.0)] };
        let mut w = word("bé", 0.0);
        w.alternatives = vec![alt(1..3), alt(2..3), alt(1..9)];
        let page = Page::assemble(sheet(), vec![vec![w]]);
        assert_eq!(page.lines[0].words[0].alternatives, vec![alt(1..3)]);
    }

    #[test]
    fn no_lines_is_one_empty_line() {
        let page = Page::assemble(sheet(), Vec::new());
        assert_eq!((page.raw.as_str(), page.lines.len()), ("", 1));
    }
}
