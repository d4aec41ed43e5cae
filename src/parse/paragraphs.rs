//! Text joined from pieces of lines that remembers each piece, so that every paragraph, item and field can say where it
//! stands in the raw pages.

use std::ops::Range;

use super::lines::Line;
use crate::model::{RestoredPage, Span};

/// A piece of a page inside a joined text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bit {
    /// Where the piece begins in the joined text.
    pub at: usize,
    /// Index of its page.
    pub page: usize,
    /// Its bytes in the page's restored text.
    pub range: Range<usize>,
    /// Index of its line.
    pub line: usize,
}

/// Text joined from pieces of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Para {
    /// The joined text.
    pub text: String,
    /// Its pieces, in order.
    pub bits: Vec<Bit>,
}

impl Para {
    /// A paragraph of one piece.
    pub fn of(lines: &[Line<'_>], line: usize, part: Range<usize>) -> Para {
        // markers and many paragraphs stay so
        let mut out = Para { text: String::new(), bits: Vec::with_capacity(1) };
        out.push(lines, line, part);
        out
    }

    /// Appends the bytes `part` of line `line`, after one space unless a hyphen without a space before it ends the text so far.
    pub fn push(&mut self, lines: &[Line<'_>], line: usize, part: Range<usize>) {
        let Some(l) = lines.get(line) else { return };
        // lines have no white space at their ends
        let whole = part == (0..l.text.len());
        let part = if whole { part } else { super::lines::trim(l.text, part) };
        if part.is_empty() {
            return;
        }
        if !self.text.is_empty() && !ends_in_hyphen(&self.text) {
            self.text.push(' ');
        }
        let at = self.text.len();
        if l.even {
            self.text.push_str(&l.text[part.clone()]);
        } else {
            squeeze(&mut self.text, &l.text[part.clone()]);
        }
        self.bits.push(Bit { at, page: l.page, range: l.range(part), line });
    }

    /// Appends all of `other`.
    pub fn append(&mut self, other: Para) {
        if !self.text.is_empty() && !other.text.is_empty() && !ends_in_hyphen(&self.text) {
            self.text.push(' ');
        }
        let base = self.text.len();
        self.text.push_str(&other.text);
        self.bits.extend(other.bits.into_iter().map(|b| Bit { at: b.at + base, ..b }));
    }

    /// Where it stands in the raw pages.
    pub fn spans(&self, pages: &[RestoredPage]) -> Vec<Span> {
        spans(pages, self.bits.iter().map(|b| (b.page, b.range.clone())))
    }

    /// Where the bytes `part` of the joined text stand in the raw pages.
    pub fn part_spans(&self, pages: &[RestoredPage], part: Range<usize>) -> Vec<Span> {
        let first = self.bits.partition_point(|b| b.at <= part.start).saturating_sub(1);
        let parts = self.bits[first.min(self.bits.len())..].iter().take_while(|b| b.at < part.end).map(|b| {
            // white space was squeezed in the joined text: offsets inside a piece are good to that much
            let len = b.range.len();
            let start = part.start.saturating_sub(b.at).min(len);
            let end = (part.end - b.at).min(len);
            (b.page, b.range.start + start..b.range.start + end)
        });
        spans(pages, parts)
    }
}

/// Whether the next line joins without a space: `23/CT-` + `TTg`, but not `kinh tế -` + `xã hội`.
pub(super) fn ends_in_hyphen(text: &str) -> bool {
    let mut back = text.chars().rev();
    matches!(back.next(), Some('-' | '‑' | '‐' | '–')) && back.next().is_some_and(|c| !c.is_whitespace())
}

/// Appends `text` with runs of white space as one space.
fn squeeze(out: &mut String, text: &str) {
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
    }
}

/// Restored ranges as raw spans; neighbours with nothing but white space between them become one.
pub(super) fn spans(pages: &[RestoredPage], parts: impl Iterator<Item = (usize, Range<usize>)>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for (index, range) in parts {
        let Some(page) = pages.get(index) else { continue };
        let raw = page.raw(range);
        if raw.is_empty() {
            continue;
        }
        let number = page.page.number;
        if let Some(last) = out.last_mut()
            && last.page == number
            && last.end <= raw.start
            && page.page.raw.get(last.end..raw.start).is_some_and(|gap| gap.trim().is_empty())
        {
            last.end = raw.end;
            continue;
        }
        out.push(Span { page: number, start: raw.start, end: raw.end });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page};
    use crate::parse::lines;

    fn page(text: &str) -> RestoredPage {
        RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))
    }

    #[test]
    fn lines_join_with_one_space_but_not_after_a_hyphen() {
        let pages = [page("Chỉ thị số 11/CT-\nUBND về kinh tế -\nxã  hội")];
        let lines = lines::read(&pages);
        let mut para = Para::default();
        for (i, l) in lines.iter().enumerate() {
            para.push(&lines, i, 0..l.text.len());
        }
        assert_eq!(para.text, "Chỉ thị số 11/CT-UBND về kinh tế - xã hội");
        let spans = para.spans(&pages);
        assert_eq!(spans, [Span { page: 1, start: 0, end: pages[0].text.len() }]);
        let at = para.text.find("CT-UBND").unwrap_or_default();
        let part = para.part_spans(&pages, at..at + 7);
        assert_eq!(&pages[0].text[part[0].start..part[0].end], "CT-\nUBND");
    }
}
