//! A text found again in the spans that it was joined from: characters against characters, white space left out on both sides.

use std::ops::Range;

use crate::model::page::words_of;
use crate::model::text::Piece;
use crate::model::{RestoredPage, Span};

/// The characters of some spans, white space left out, and how far one has come in them.
pub struct Walk<'a> {
    pages: &'a [RestoredPage],
    /// Character, index of its page, offset in that page's restored text.
    chars: Vec<(char, usize, usize)>,
    at: usize,
}

/// How far ahead a text is looked for.
const AHEAD: usize = 400;
/// So many characters have to fit.
const FITTING: usize = 12;

/// A token of a text and its place: index of the page and range of its restored text.
pub type Found = (Range<usize>, Option<(usize, Range<usize>)>);

impl<'a> Walk<'a> {
    /// Along these spans.
    pub fn new(pages: &'a [RestoredPage], spans: &[Span]) -> Walk<'a> {
        let mut chars = Vec::new();
        for span in spans {
            let Some(index) = pages.iter().position(|page| page.page.number == span.page) else { continue };
            let page = &pages[index];
            let range = restored_range(page, span.start..span.end);
            let Some(text) = page.text.get(range.clone()) else { continue };
            let solid = text.char_indices().filter(|(_, c)| !c.is_whitespace());
            chars.extend(solid.map(|(at, c)| (c, index, range.start + at)));
        }
        Walk { pages, chars, at: 0 }
    }

    /// Its text, with the white space of the page.
    pub fn text(&self) -> String {
        let (Some(first), Some(last)) = (self.chars.first(), self.chars.last()) else { return String::new() };
        if first.1 != last.1 {
            return String::new();
        }
        let text = &self.pages[first.1].text;
        text.get(first.2..last.2 + last.0.len_utf8()).unwrap_or_default().to_owned()
    }

    /// Goes past `text` where it stands here.
    pub fn skip(&mut self, text: &str) {
        let length = text.chars().filter(|c| !c.is_whitespace()).count();
        if self.fits(self.at, text.chars().filter(|c| !c.is_whitespace()), length) {
            self.at += length;
        }
    }

    fn fits(&self, from: usize, mut text: impl Iterator<Item = char>, most: usize) -> bool {
        let Some(here) = self.chars.get(from..) else { return false };
        let mut here = here.iter();
        (0..most).all(|_| match (text.next(), here.next()) {
            (Some(a), Some((b, ..))) => a == *b,
            (None, _) => true,
            (Some(_), None) => false,
        })
    }

    /// The words of `text` with their places, going along.
    pub fn places(&mut self, text: &str) -> Vec<Found> {
        let tokens = words_of(text, 0);
        let mut out = Vec::new();
        for token in tokens {
            let rest = || text[token.start..].chars().filter(|c| !c.is_whitespace());
            let own = text[token.clone()].chars().count();
            let from = (self.at..self.chars.len().min(self.at + AHEAD))
                .find(|from| self.fits(*from, rest(), FITTING));
            // the last characters of a text may be followed by others
            let from = from.or_else(|| Some(self.at).filter(|at| self.fits(*at, rest(), own)));
            let Some(from) = from.filter(|from| from + own <= self.chars.len()) else {
                out.push((token, None));
                continue;
            };
            let (first, last) = (self.chars[from], self.chars[from + own - 1]);
            let same = self.fits(from, text[token.clone()].chars(), own);
            self.at = if same { from + own } else { from };
            let one_line = first.1 == last.1 && last.2 >= first.2;
            let range = first.2..last.2 + last.0.len_utf8();
            let whole =
                self.pages[first.1].text.get(range.clone()).is_some_and(|t| !t.contains(char::is_whitespace));
            out.push((token, (same && one_line && whole).then_some((first.1, range))));
        }
        out
    }
}

/// The restored text that the raw range `of` stands for.
fn restored_range(page: &RestoredPage, of: Range<usize>) -> Range<usize> {
    if page.map.is_unchanged() {
        return of.start..of.end.min(page.text.len());
    }
    let pieces = page.map.pieces();
    let first = pieces.partition_point(|p| p.raw.end <= of.start);
    let last = first + pieces[first..].partition_point(|p| p.raw.start < of.end);
    let (Some(a), Some(b)) = (pieces.get(first), pieces.get(last.wrapping_sub(1))) else { return 0..0 };
    if last <= first {
        return 0..0;
    }
    let same = |p: &Piece| p.raw.len() == p.restored.len();
    let start =
        if same(a) { a.restored.start + of.start.saturating_sub(a.raw.start) } else { a.restored.start };
    let end = if same(b) { b.restored.end - b.raw.end.saturating_sub(of.end) } else { b.restored.end };
    start..end.max(start)
}
