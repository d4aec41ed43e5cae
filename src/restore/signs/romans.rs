//! Roman numerals of chapters, annexes and headings: `Chương HI` is `Chương III`, and what stands between II and IV is III.
//!
//! Upright strokes run together (`H` for `II`) or gain marks (`Ï`). What a token may have been, and at what cost, says
//! [`crate::model::roman`]; the numerals of a kind that label something are one row, and its cheapest reading is right. What refers to
//! something stands in no row: only a shape that one numeral fits best is undone.

use super::{Token, line_of};
use crate::model::roman::{self, Place};
use crate::restore::footnotes::Mark;
use crate::restore::token;

/// Words that are followed by a Roman numeral.
const KINDS: [&str; 4] = ["chương", "phụ lục", "mục", "phần"];
/// A numeral is read as at most so many letters.
const LONGEST: usize = 6;
/// Cost of a numeral that looks right but was not: more than either a repeat or a gap, less than both, so that an author's own slip
/// stays.
const LOOKS_RIGHT: f32 = 4.5;
/// Cost of a label that is no numeral: after a word for its kind or where it looks like one, with a stroke that can be nothing else, and without.
const NONE: [f32; 3] = [8.0, 5.0, 1.0];
/// How much better than the next the reading of a reference must be.
const CLEAR: f32 = 0.5;

/// A place where a numeral must stand.
struct Label<'a> {
    at: usize,
    /// The numeral as it was read.
    seen: &'a str,
    /// The kind before it, if any.
    kind: Option<usize>,
    /// Whether it labels what follows; else it refers to something.
    heads: bool,
}

impl Label<'_> {
    /// What the label may be. `clear` says of each kind whether a label of it is a numeral without doubt.
    fn place(&self, clear: &[bool; KINDS.len()]) -> Place {
        let none = match self.kind {
            Some(_) => NONE[0],
            None if token::is_roman(self.seen) => NONE[0],
            // `H.` may be a letter or a name, and XH are words; J is no letter of Vietnamese
            None if self.seen.chars().all(|c| c.is_alphabetic() && !matches!(c, 'I' | 'J')) => NONE[2],
            None => NONE[1],
        };
        // a single stroke may be a one, too
        let one = self.seen.chars().count() == 1 && self.seen != "H" && !token::is_roman(self.seen);
        let doubtful = one && self.kind.is_none_or(|kind| !clear[kind]);
        let arabic = self.seen.bytes().all(|b| b.is_ascii_digit());
        let mut readings = if doubtful || arabic { Vec::new() } else { roman::readings(self.seen) };
        if let [(seen, cost)] = readings[..]
            && cost == 0.0
            && self.heads
        {
            readings.extend(roman::misread(seen).into_iter().map(|(value, _)| (value, LOOKS_RIGHT)));
        }
        Place { readings, none }
    }
}

/// The value of a label that stands in no row.
fn by_shape(place: &Place) -> Option<u8> {
    let mut readings = place.readings.clone();
    readings.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (value, cost) = *readings.first()?;
    let next = readings.get(1).map_or(place.none, |r| r.1.min(place.none));
    (cost + CLEAR <= next).then_some(value)
}

/// The repairs of a page.
pub(super) fn repairs(tokens: &[Token]) -> Vec<Mark> {
    let labels = labels(tokens);
    let mut clear = [false; KINDS.len()];
    for kind in labels.iter().filter(|l| token::is_roman(l.seen)).filter_map(|l| l.kind) {
        clear[kind] = true;
    }
    let places: Vec<Place> = labels.iter().map(|l| l.place(&clear)).collect();
    let mut values: Vec<Option<u8>> = places.iter().map(by_shape).collect();
    for kind in [None].into_iter().chain((0..KINDS.len()).map(Some)) {
        let row: Vec<usize> =
            (0..labels.len()).filter(|i| labels[*i].heads && labels[*i].kind == kind).collect();
        let found = roman::row(&row.iter().map(|i| places[*i].clone()).collect::<Vec<_>>());
        row.into_iter().zip(found).for_each(|(i, value)| values[i] = value);
    }
    let changed = |(label, value): (&Label, Option<u8>)| {
        let text = roman::numeral(value?);
        (text != label.seen).then(|| Mark { span: label.at..label.at + label.seen.len(), text })
    };
    let degrees = tokens.iter().filter_map(degree);
    labels.iter().zip(values).filter_map(changed).chain(degrees).collect()
}

/// Degrees of physicians, pharmacists and nurses, which have two grades: `BSCKII.`
const DEGREES: [&str; 3] = ["BSCK", "DSCK", "ĐDCK"];

/// The grade of a degree, of one that was misread: `BSCKH. Lê Văn An`.
fn degree(t: &Token) -> Option<Mark> {
    let name = DEGREES.iter().find(|d| t.text.starts_with(**d))?;
    let seen = t.text[name.len()..].split(|c: char| !c.is_alphabetic()).next()?;
    let misread = !seen.is_empty() && !token::is_roman(seen) && seen.chars().count() <= LONGEST;
    let mut grades = if misread { roman::readings(seen) } else { return None };
    grades.retain(|r| r.0 <= 2);
    let (grade, _) = grades.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let at = t.at + name.len();
    Some(Mark { span: at..at + seen.len(), text: roman::numeral(grade) })
}

/// What stands between a chapter's numeral and the end of its line, if it is nothing but specks: `Chương VII c`, `Chương VIII _ -`.
pub(super) fn trail(tokens: &[Token], i: usize) -> Option<Mark> {
    let label = named(tokens, i).filter(|l| l.heads)?;
    let line = line_of(tokens, i);
    let rest = &line[line.partition_point(|t| t.at <= tokens[i].at)..];
    let speck = |t: &Token| {
        t.text.chars().count() == 1 && !t.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    };
    let from = label.at + label.seen.len();
    let to = rest.last().map(|t| t.at + t.text.len())?;
    rest.iter().all(speck).then(|| Mark { span: from..to, text: String::new() })
}

fn labels<'a>(tokens: &[Token<'a>]) -> Vec<Label<'a>> {
    (0..tokens.len()).filter_map(|i| named(tokens, i).or_else(|| bare(tokens, i))).collect()
}

fn is_sign(t: &Token) -> bool {
    !t.text.contains(char::is_alphanumeric)
}

/// A numeral after the word for its kind.
fn named<'a>(tokens: &[Token<'a>], i: usize) -> Option<Label<'a>> {
    let t = &tokens[i];
    let (kind, words) = kind_before(tokens, i)?;
    let (_, trail) = token::trim_marks(t.text);
    let bare = t.text.len() - trail;
    let seen = &t.text[..if bare == 0 { t.text.len() } else { bare }];
    let name = &tokens[i - words];
    let line = |o: &&Token| o.line == t.line;
    let begins = tokens[..i - words].iter().rev().take_while(line).all(is_sign);
    // references go on in small letters; a letter that stands alone is a speck
    let goes_on = tokens
        .get(i + 1)
        .filter(line)
        .is_some_and(|n| n.text.starts_with(char::is_lowercase) && n.text.chars().count() > 1);
    let heads = begins && !goes_on && name.text.starts_with(char::is_uppercase);
    (seen.chars().count() <= LONGEST).then_some(Label { at: t.at, seen, kind: Some(kind), heads })
}

/// Whether a line begins with a numeral other than I that labels it.
pub(super) fn heading(tokens: &[Token], i: usize) -> bool {
    bare(tokens, i).is_some_and(|l| l.seen != "I")
}

/// A numeral that begins a line, closed by a full stop or dash, before a capital.
fn bare<'a>(tokens: &[Token<'a>], i: usize) -> Option<Label<'a>> {
    let t = &tokens[i];
    let (seen, rest) = t.text.split_at(t.text.find(['.', '-', '–', '—'])?);
    let next = tokens.get(i + 1).filter(|n| n.line == t.line).map_or("", |n| n.text);
    let follows = rest.chars().chain(next.chars()).find(|c| c.is_alphanumeric());
    let found = t.first
        && follows.is_some_and(char::is_uppercase)
        && seen.contains(['I', 'V', 'X', 'H'])
        && seen.chars().count() <= LONGEST;
    found.then_some(Label { at: t.at, seen, kind: None, heads: true })
}

/// The kind that ends before the token, and the number of its words.
fn kind_before(tokens: &[Token], i: usize) -> Option<(usize, usize)> {
    let line = tokens[i].line;
    KINDS.iter().enumerate().find_map(|(k, kind)| {
        let words = kind.split(' ').count();
        let before = tokens.get(i.checked_sub(words)?..i)?;
        let same =
            before.iter().zip(kind.split(' ')).all(|(t, w)| t.line == line && t.text.to_lowercase() == w);
        same.then_some((k, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(raw: &str) -> String {
        let mut text = raw.to_owned();
        for mark in repairs(&super::super::tokens(raw)).into_iter().rev() {
            text.replace_range(mark.span, &mark.text);
        }
        text
    }

    #[test]
    fn strokes_ran_together() {
        for (raw, wanted) in [
            ("theo Phụ lục H ban hành", "theo Phụ lục II ban hành"),
            ("tại phần II, mục HỊ, phần J của", "tại phần II, mục III, phần I của"),
            ("HI. Yêu cầu", "III. Yêu cầu"),
            ("VI. Yêu cầu\nVH- TỔ CHỨC", "VI. Yêu cầu\nVII- TỔ CHỨC"),
            ("I. MỘT\nH. HAI\nHH. BA\nIV. BỐN", "I. MỘT\nII. HAI\nIII. BA\nIV. BỐN"),
            ("I. MỘT\n]H. HAI\nNHI. BA", "I. MỘT\nII. HAI\nIII. BA"),
            ("I. MỘT\nIH. HAI", "I. MỘT\nII. HAI"),
            ("II. MỘT\nIH. HAI", "II. MỘT\nIII. HAI"),
            ("IH. HAI", "II. HAI"),
            ("I. MỘT\nJH. HAI", "I. MỘT\nII. HAI"),
        ] {
            assert_eq!(repaired(raw), wanted);
        }
        for kept in ["H. Nguyễn", "phần lý luận", "mục l)", "mục 1", "Phụ lục Ì", "HN. Số", "Mục A", "I. Một"]
        {
            assert_eq!(repaired(kept), kept);
        }
    }

    #[test]
    fn degrees_have_two_grades() {
        assert_eq!(repaired("BSCKH. Lê Văn An, BSCKIHI. Vũ Bình"), "BSCKII. Lê Văn An, BSCKII. Vũ Bình");
        for kept in ["BSCKI. Lê Văn An", "BSCK. Lê Văn An", "BSCKĐ. Lê"] {
            assert_eq!(repaired(kept), kept);
        }
    }

    #[test]
    fn specks_after_chapters_go() {
        let raw = "Chương VII c\nPhụ lục II ban\nMục I. :\n";
        let found: Vec<Mark> = {
            let tokens = super::super::tokens(raw);
            (0..tokens.len()).filter_map(|i| trail(&tokens, i)).collect()
        };
        let gone: Vec<&str> = found.iter().map(|m| &raw[m.span.clone()]).collect();
        assert_eq!(gone, [" c", ". :"]);
    }

    #[test]
    fn chapters_count_on() {
        let raw = "Chương I\nMột\nChương HÍ\nHai\nChương HA\nBa\nChương IV\nBốn\n";
        assert_eq!(repaired(raw), "Chương I\nMột\nChương II\nHai\nChương III\nBa\nChương IV\nBốn\n");
        let raw = "Chương I\nMột\nChương HH\nHai\nChương II\nBa\nChương IV\nBốn\n";
        assert_eq!(repaired(raw), "Chương I\nMột\nChương II\nHai\nChương III\nBa\nChương IV\nBốn\n");
        let raw = "I. MỘT\nII. HAI\nII. BA\nIV. BỐN\nI. MỘT\nII. HAI\n";
        assert_eq!(repaired(raw), raw.replace("II. BA", "III. BA"));
        // two rows, each from one, prove nothing of each other
        let kept = "I. MỘT\nII. HAI\nI. MỘT\nII. HAI\nIII. BA\n";
        assert_eq!(repaired(kept), kept);
    }
}
