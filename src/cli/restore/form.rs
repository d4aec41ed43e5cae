//! What all forms of the output share: pages come in order, and are looked at line by line.
//!
//! A *line* is one of the text output: line ends part lines, page breaks do not; a form feed is a character of its line, as for other
//! line tools. So the lines of all forms have the same numbers, and a line may come in several parts, from several pages or chunks.

use std::io::{self, Write};
use std::ops::Range;

use crate::model::{RestoredPage, RestoredWord};

/// The character that parts pages.
pub(super) const PAGE_BREAK: char = '\u{c}';

/// A form of the output.
pub(super) trait Form {
    /// Writes what is to be seen of a page.
    fn page(&mut self, page: &RestoredPage, to: &mut dyn Write) -> io::Result<()>;
    /// Writes the break between two pages.
    fn page_break(&mut self, to: &mut dyn Write) -> io::Result<()>;
    /// Writes what is left when the input has ended.
    fn end(&mut self, to: &mut dyn Write) -> io::Result<()>;
}

/// A line as far as one page holds it.
pub(super) struct Part<'a> {
    /// What was read.
    pub(super) raw: &'a str,
    /// What it was restored to.
    pub(super) text: &'a str,
    /// Its words.
    pub(super) words: Vec<Word<'a>>,
    /// Whether the line ends here.
    pub(super) ends: bool,
}

/// A word of a part.
pub(super) struct Word<'a> {
    /// Byte range in the part's raw text.
    pub(super) at: Range<usize>,
    /// Byte range in the part's restored text.
    pub(super) text_at: Range<usize>,
    /// What was read.
    pub(super) raw: &'a str,
    /// What it was restored to.
    pub(super) text: &'a str,
    /// How sure that is, and what else it might be.
    pub(super) said: &'a RestoredWord,
}

/// The parts of lines that a page holds: each ends but the last.
pub(super) fn parts(page: &RestoredPage) -> impl Iterator<Item = Part<'_>> {
    let last = page.page.raw.matches('\n').count();
    let mut words = page.words.iter().peekable();
    let (mut raw_start, mut text_start) = (0, 0);
    page.page.raw.split('\n').zip(page.text.split('\n')).enumerate().map(move |(i, (raw, text))| {
        let end = raw_start + raw.len();
        let mut within = Vec::new();
        while let Some(said) = words.next_if(|w| w.raw.start < end) {
            within.extend(word(raw, raw_start, text, text_start, said));
        }
        raw_start = end + 1;
        text_start += text.len() + 1;
        Part { raw, text, words: within, ends: i < last }
    })
}

/// A word in its line; none if it is not wholly there, which restoration rules out.
fn word<'a>(
    raw: &'a str,
    raw_start: usize,
    text: &'a str,
    text_start: usize,
    said: &'a RestoredWord,
) -> Option<Word<'a>> {
    let within =
        |range: &Range<usize>, start| Some(range.start.checked_sub(start)?..range.end.checked_sub(start)?);
    let (at, text_at) = (within(&said.raw, raw_start)?, within(&said.restored, text_start)?);
    Some(Word { raw: raw.get(at.clone())?, text: text.get(text_at.clone())?, at, text_at, said })
}
