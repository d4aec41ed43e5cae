//! A page's raw text as an alternation of *gaps* (white space, marks, item markers) and *units* (the words to be restored).
//!
//! Gaps are written out as they are, units are decoded; so lines and marks stay where they were, and every output word maps to an input span.

use std::ops::Range;

use super::footnotes::Mark;
use super::token::{self, Break};

/// One word, number or symbol to be decoded: a range of the raw text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Byte range in the raw text.
    pub span: Range<usize>,
    /// Whether the language model starts anew before it.
    pub breaks: Option<Break>,
    /// Whether only one space stands between it and the unit before.
    pub follows: bool,
}

/// The units of `raw`, in order. Footnote marks, which must be in order, belong to the gaps.
#[must_use]
pub fn units(raw: &str, marks: &[Mark]) -> Vec<Unit> {
    let mut out = Vec::new();
    let mut breaks = Some(Break::Sentence);
    let mut blank = false;
    let mut start = 0;
    for line in raw.split('\n') {
        if line.trim().is_empty() {
            blank = true;
        } else {
            read_line(line, start, blank, &mut breaks, &mut out);
            blank = false;
        }
        start += line.len() + 1;
    }
    cut(&mut out, marks);
    out
}

/// Takes the marks out of the units that they stand in.
fn cut(units: &mut Vec<Unit>, marks: &[Mark]) {
    for mark in marks {
        let i = units.partition_point(|u| u.span.end <= mark.span.start);
        if let Some(unit) = units.get_mut(i)
            && unit.span.start < mark.span.end
        {
            if unit.span.start < mark.span.start {
                unit.span.end = mark.span.start;
            } else {
                unit.span.start = mark.span.end.min(unit.span.end);
            }
        }
    }
    units.retain(|u| u.span.start < u.span.end);
}

fn read_line(line: &str, start: usize, blank: bool, breaks: &mut Option<Break>, out: &mut Vec<Unit>) {
    let mut follows = false;
    for (i, token) in line.split_whitespace().enumerate() {
        let at = start + (token.as_ptr() as usize - line.as_ptr() as usize);
        if i == 0 {
            let goes_on = token.chars().next().is_some_and(char::is_lowercase) && breaks.is_none();
            if token::is_marker(token) {
                *breaks = Some(Break::Sentence);
                continue;
            }
            if blank && !goes_on {
                *breaks = Some(Break::Sentence);
            }
        }
        let (lead, trail) = token::trim_certain_marks(token);
        let core = &token[lead..token.len() - trail];
        let marks = &token[token.len() - trail..];
        for part in parts(core) {
            let span = at + lead + part.start..at + lead + part.end;
            let plain = follows && lead == 0 && part.start == 0;
            out.push(Unit { span, breaks: breaks.take(), follows: plain });
        }
        follows = marks.is_empty() && !core.is_empty();
        if let Some(b) = token::break_after(marks) {
            *breaks = Some(b);
        }
    }
}

/// The words of a core: itself, or what stands between its joints if letters stand on both sides of one. Numbers, dates, symbols and addresses stay whole.
fn parts(core: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    if core.is_empty() {
        return out;
    }
    // `&` and `+` join acronyms only (VH&TT); elsewhere they stand for letters.
    let mut before = None;
    let mut ends = Vec::new();
    for (i, c) in core.char_indices() {
        let next = core[i + c.len_utf8()..].chars().next();
        let acronym = [before, next].iter().all(|n| n.is_some_and(char::is_uppercase));
        if token::is_joint(c) && (acronym || !matches!(c, '&' | '+')) {
            ends.push((i, c));
        }
        before = Some(c);
    }
    if ends.is_empty() || token::class_of(core) != token::Class::Other {
        out.push(0..core.len());
        return out;
    }
    let mut from = 0;
    for (i, c) in ends {
        if from < i {
            out.push(from..i);
        }
        from = i + c.len_utf8();
    }
    if from < core.len() {
        out.push(from..core.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_apart_from_marks() {
        let raw = "1. Kinh té-xa hoi, (VH&TT)\n\n  nam 2025; s6 12/KH-UBND.";
        let got: Vec<&str> = units(raw, &[]).iter().map(|u| &raw[u.span.clone()]).collect();
        assert_eq!(got, ["Kinh", "té", "xa", "hoi", "VH", "TT", "nam", "2025", "s6", "12/KH-UBND"]);
        let breaks: Vec<bool> = units(raw, &[]).iter().map(|u| u.breaks.is_some()).collect();
        assert_eq!(breaks, [true, false, false, false, false, false, false, false, true, false]);
        assert!(units("", &[]).is_empty());
    }
}
