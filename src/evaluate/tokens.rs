//! A text as a stream of tokens. Line breaks carry no weight; tokens compare in [`comparable`] spelling and are shown as printed.

use std::ops::Range;

use crate::model::normal::comparable;

/// The white-space-separated tokens of a text.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    spans: Vec<Range<usize>>,
    forms: Vec<String>,
}

/// White space between tokens: what Unicode says, and the four ASCII separators.
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

impl<'t> Tokens<'t> {
    /// The tokens of `text`; a byte order mark at its start is no part of it.
    #[must_use]
    pub fn of(text: &'t str) -> Tokens<'t> {
        let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut tokens = Tokens { text, spans: Vec::new(), forms: Vec::new() };
        let mut start = base;
        for part in text[base..].split(is_space) {
            let span = start..start + part.len();
            start = span.end + text[span.end..].chars().next().map_or(0, char::len_utf8);
            if !part.is_empty() {
                tokens.forms.push(comparable(part));
                tokens.spans.push(span);
            }
        }
        tokens
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Their spellings for comparison.
    #[must_use]
    pub fn forms(&self) -> &[String] {
        &self.forms
    }

    /// Token `i` as printed.
    #[must_use]
    pub fn shown(&self, i: usize) -> &'t str {
        &self.text[self.spans[i].clone()]
    }

    /// Byte range of token `i` in the text.
    #[must_use]
    pub fn span(&self, i: usize) -> Range<usize> {
        self.spans[i].clone()
    }

    /// The tokens of `range` as printed, single spaces between; the range may reach beyond the ends.
    #[must_use]
    pub fn joined(&self, range: Range<usize>) -> String {
        let end = range.end.min(self.len());
        let words: Vec<&str> = (range.start.min(end)..end).map(|i| self.shown(i)).collect();
        words.join(" ")
    }

    /// The comparison spellings of all tokens, single spaces between.
    #[must_use]
    pub fn line(&self) -> String {
        self.forms.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_keep_their_place_and_print() {
        let tokens = Tokens::of("\u{feff}hoà  bình\u{a0}–\r\nxã\u{1c}");
        assert_eq!(tokens.len(), 4);
        assert_eq!(tokens.shown(0), "hoà");
        assert_eq!(tokens.forms()[0], comparable("hòa"));
        assert_eq!(tokens.forms()[2], "-");
        assert_eq!(tokens.joined(1..9), "bình – xã");
        assert_eq!(tokens.span(0), 3..7);
        assert!(Tokens::of(" \n").is_empty());
    }
}
