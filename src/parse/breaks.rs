//! Whether a line begins something new or runs on from the line before.
//!
//! [`Breaks::evidence`] is a sum of log odds: positive for a break, negative for a sentence that runs on. Two of its terms
//! are learned from the document itself, from pairs of lines that leave no doubt (a small letter after an unended line
//! runs on; a clear marker after an ended one breaks):
//!
//! * how much room full lines leave ([`Layout::slack`]): narrow for monospaced text, wide for justified print
//!   counted in characters. A line that leaves clearly more than that ends a paragraph;
//! * what a blank line means: between paragraphs only, between some of them, or (readers of PDF do that) inside
//!   sentences as well.
//!
//! The other terms are fixed: end marks, the case of the next letter, words that cannot end a sentence, open brackets,
//! indents, labels.

use std::sync::LazyLock;

use memchr::memchr;

use super::fold::{self, Phrases};
use super::lines::{Layout, Line};
use super::{markers, scan};

/// What a document does at line ends, and its measures.
#[derive(Debug, Clone)]
pub(super) struct Breaks<'a> {
    layout: &'a Layout,
    /// Mean and deviation of the room that full lines leave, as a share of the column.
    room: (f32, f32),
    /// Log odds of a break after a blank line, and after none.
    blank: f32,
    solid: f32,
}

/// Blank lines that are the end of a page rather than of a paragraph.
const PAGE_GAP: u8 = 3;

impl<'a> Breaks<'a> {
    /// Learns from `live` (indices into `lines`).
    pub fn of(layout: &'a Layout, lines: &[Line<'_>], live: &[usize]) -> Breaks<'a> {
        let (mut n, mut sum, mut squares) = (0.0_f32, 0.0_f32, 0.0_f32);
        // pairs that break or run on, with and without a blank line
        let (mut split, mut joined) = ([0.0_f32; 2], [0.0_f32; 2]);
        for pair in live.windows(2).take(20_000) {
            let (line, next) = (&lines[pair[0]], &lines[pair[1]]);
            if next.page_start || next.blanks >= PAGE_GAP {
                continue;
            }
            let end = line.ends;
            let blank = usize::from(next.blanks > 0);
            let marked = || markers::readings(next.text).iter().any(|r| r.cost < 0.3);
            if end.terminal || end.colon {
                split[blank] += f32::from(u8::from(marked()));
            } else if next.text.starts_with(char::is_lowercase) && !marked() {
                joined[blank] += 1.0;
                let slack = layout.slack(line, first_word(next.text));
                if slack < 0.3 {
                    n += 1.0;
                    sum += slack;
                    squares += slack * slack;
                }
            }
        }
        // a few samples' worth of what most documents do
        let weight = n + 6.0;
        let mean = (sum - 6.0 * 0.02) / weight;
        let second = (squares + 6.0 * (0.05 * 0.05 + 0.02 * 0.02)) / weight;
        let deviation = (second - mean * mean).max(0.0).sqrt().clamp(0.015, 0.12);
        let odds = |k: usize| {
            let share = |c: &[f32; 2], usual: f32| (c[k] + 4.0 * usual) / (c[0] + c[1] + 4.0);
            let usual = if k == 1 { (0.5, 0.1) } else { (0.5, 0.9) };
            (share(&split, usual.0) / share(&joined, usual.1)).ln().clamp(-3.5, 5.0)
        };
        Breaks { layout, room: (mean, deviation), blank: odds(1), solid: odds(0) }
    }

    /// Log odds of a break from the room that `line` leaves before `next`.
    fn room(&self, line: &Line<'_>, next: &Line<'_>) -> f32 {
        let slack = self.layout.slack(line, first_word(next.text));
        let z = (slack - self.room.0) / self.room.1;
        // the last line of a paragraph may have any length; a full one now and then is short for a reason of its own
        let short = 0.85;
        // a fuller line than usual is no sign against running on
        let full = (-0.5 * z.max(0.0).powi(2)).exp() / (self.room.1 * 2.5066);
        (short / (0.97 * full + 0.03)).ln()
    }

    /// Log odds that `next` begins something new after `line`. `text` is what `next` says after its marker; `marked`
    /// tells whether it has one, since list items may well begin with a small letter.
    pub fn evidence(&self, line: &Line<'_>, next: &Line<'_>, text: &str, marked: bool) -> f32 {
        let lower = text.starts_with(char::is_lowercase);
        let end = line.ends;
        if self.layout.unwrapped {
            let broken = lower && !end.terminal && !end.colon;
            return if end.hyphen || (broken && next.blanks == 0 && line.len > 40) { -1.0 } else { 5.0 };
        }
        let room = self.room(line, next);
        let mut e = room;
        e += if end.hyphen {
            -4.0
        } else if end.comma {
            -2.5
        } else if end.stop {
            2.0
        } else if end.terminal {
            // a semicolon ends an item of a list, and the next item has a marker
            if marked { 0.9 } else { -0.3 }
        } else if end.colon {
            1.2
        } else if room < 0.0 {
            -1.8
        } else {
            -0.4
        };
        if end.connective && !end.terminal {
            e -= 1.6;
        }
        if end.open {
            e -= 1.2;
        }
        e += match text.chars().next() {
            _ if lower && marked => -1.0,
            _ if lower => -4.5,
            Some(c) if c.is_uppercase() => 0.8,
            Some(c) if c.is_numeric() && !marked => -1.2,
            Some('(') if !end.terminal => -0.8,
            _ => 0.0,
        };
        let loud = if text.len() == next.text.len() { next.loud } else { capitals(text) };
        match (line.loud, loud) {
            (true, false) => e += 3.0,
            (false, true) => e += 1.5,
            (true, true) => e -= 1.0,
            (false, false) => {}
        }
        if opens(text) {
            e += match (lower, end.terminal || end.comma) {
                (true, _) => 0.5,
                (false, true) => 3.5,
                (false, false) => 2.0,
            };
        }
        if labelled(text) && !lower {
            e += 1.5;
        }
        if !next.page_start && next.blanks < PAGE_GAP {
            e += if next.blanks > 0 { self.blank } else { self.solid };
        }
        // "Truyền thông - Văn hóa" + "- Thể thao": a chain of dashes that was wrapped
        if marked && next.text.starts_with(['-', '–']) && !end.terminal && !end.colon && chained(line.text)
        {
            e -= 2.0;
        }
        // a first line stands further in than the lines that follow it
        if next.page == line.page && (line.indent > 0.5 || next.indent > 0.5) {
            let shift = next.indent - line.indent;
            e += if (2.0..16.0).contains(&shift) {
                1.5
            } else if (-16.0..-2.0).contains(&shift) {
                -1.5
            } else {
                0.0
            };
        }
        e
    }
}

fn first_word(text: &str) -> usize {
    text.split(' ').next().map_or(0, |w| w.chars().count())
}

/// How a line's text ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    stop: bool,
    terminal: bool,
    colon: bool,
    comma: bool,
    hyphen: bool,
    connective: bool,
    open: bool,
}

/// Words that never end a sentence and seldom a line that is not full.
const CONNECTIVES: [&str; 34] = [
    "va", "hoac", "cua", "cho", "voi", "ve", "trong", "tai", "theo", "do", "bang", "tu", "den", "la", "duoc",
    "bi", "cac", "nhung", "mot", "moi", "tren", "duoi", "so", "ngay", "thang", "nam", "khi", "neu", "de",
    "vao", "cung", "nhu", "thi", "nham",
];

impl Ends {
    /// How `text` ends.
    pub fn of(text: &str) -> Ends {
        let tail = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']);
        let tail = tail.trim_end_matches(|c: char| fold::fold_char(c) == fold::SUPER);
        let last = tail.chars().next_back();
        let (round, quotes) = open_signs(text);
        Ends {
            stop: matches!(last, Some('.' | '!' | '?')),
            terminal: matches!(last, Some('.' | ';' | '!' | '?' | '…')),
            colon: last == Some(':'),
            comma: last == Some(','),
            hyphen: matches!(last, Some('-' | '–' | '/' | '&' | '+')),
            connective: connective(text),
            open: round > 0 || quotes > 0,
        }
    }
}

/// Whether the last word of `text` is one of the [`CONNECTIVES`]; years and numbers are none.
fn connective(text: &str) -> bool {
    let mut said = [0; 8];
    let mut len = said.len();
    for c in text.chars().rev().take_while(|c| *c != ' ') {
        if len == 0 || !fold::is_letter(c) {
            return false;
        }
        len -= 1;
        said[len] = fold::fold_char(c);
    }
    // the length of the word in bytes counts, with its marks
    let bytes = text.len() - text.rfind(' ').map_or(0, |i| i + 1);
    bytes <= 8 && CONNECTIVES.iter().any(|w| w.as_bytes() == &said[len..])
}

/// How many more brackets, and quotation marks, are opened than closed in `text`.
fn open_signs(text: &str) -> (i32, i32) {
    let (mut round, mut quotes) = (0, 0);
    if !scan::holds(text, [b'(', b')', 0xE2]) {
        return (round, quotes);
    }
    for (i, b) in text.bytes().enumerate() {
        match b {
            b'(' => round += 1,
            b')' => round -= 1,
            // “ and ” share their first two bytes
            0xE2 if text[i..].starts_with('“') => quotes += 1,
            0xE2 if text[i..].starts_with('”') => quotes -= 1,
            _ => {}
        }
    }
    (round, quotes)
}

/// Characters of a line that tell whether it is in capitals.
const MEASURED: usize = 200;

/// Whether `text` is written in capitals, as headings are.
pub(super) fn capitals(text: &str) -> bool {
    let measured = text.len().min(MEASURED);
    let (mut upper, mut lower) = (0_usize, 0_usize);
    let cases = fold::Cases::get();
    for c in text.chars().take(MEASURED) {
        let (is_upper, is_lower) = cases.of(c);
        upper += usize::from(is_upper);
        lower += usize::from(is_lower);
        // too many for the rest to outweigh
        if lower * 7 > measured {
            return false;
        }
    }
    if text.split(' ').filter(|w| w.chars().any(fold::is_letter)).nth(1).is_none() {
        // one word alone is an acronym as likely as a heading
        return text.chars().filter(|c| c.is_uppercase()).count() > 5
            && !text.chars().any(char::is_lowercase);
    }
    upper >= 2 && lower * 6 <= upper
}

/// Folded beginnings that only paragraphs have: the closing one, legal bases, the list of recipients.
static OPENERS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&["tren day la", "can cu", "noi nhan", "theo de nghi", "xet de nghi", "nham"])
});

/// Whether `text` begins with one of them.
fn opens(text: &str) -> bool {
    let first = text.chars().next().map_or(b' ', fold::fold_char);
    if !matches!(first, b't' | b'c' | b'n' | b'x') {
        return false;
    }
    let end = text.char_indices().nth(40).map_or(text.len(), |(i, _)| i);
    OPENERS.begin(&fold::words(&text[..end]))
}

/// Whether the line reads `Some label: ...`, as `Đơn vị chủ trì: ...` does.
fn labelled(text: &str) -> bool {
    memchr(b':', text.as_bytes()).is_some_and(|i| {
        let label = &text[..i];
        let words = || label.bytes().filter(|b| *b == b' ').count() + 1;
        i < 160
            && label.chars().count() < 40
            && (2..=6).contains(&words())
            && !scan::holds(label, [b',', b';', b'(', b'.'])
    })
}

/// Whether the last few words of `text` hold a dash between spaces.
fn chained(text: &str) -> bool {
    text.rsplit(' ').take(5).any(|w| matches!(w, "-" | "–"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    fn all(text: &str) -> Vec<f32> {
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let layout = Layout::of(&pages, &lines);
        let live: Vec<usize> = (0..lines.len()).collect();
        let breaks = Breaks::of(&layout, &lines, &live);
        lines.windows(2).map(|w| breaks.evidence(&w[0], &w[1], w[1].text, false)).collect()
    }

    #[test]
    fn a_short_line_breaks_and_a_full_one_runs_on() {
        let full = "Các đơn vị trực thuộc rà soát, lập danh mục thiết bị cần thay thế trong";
        let text = format!(
            "{full}\nnăm, gửi về Sở.\nVăn phòng tổng hợp chung toàn ngành và báo cáo Ban Giám đốc theo\n{full}\n"
        );
        let e = all(&text);
        assert!(e[0] < 0.0, "{e:?}");
        assert!(e[1] > 0.0, "{e:?}");
    }

    #[test]
    fn a_blank_line_means_what_it_means_in_this_document() {
        let a = "- Sở Y tế chủ trì, phối hợp với các cơ quan, đơn vị liên quan hướng dẫn thực\n";
        let b = "hiện việc tiêm chủng cho trẻ em trên địa bàn toàn tỉnh theo đúng các quy định.\n";
        let c = "Văn phòng theo dõi chung việc này và báo cáo lãnh đạo Sở vào cuối mỗi một quý.\n";
        // paragraphs are always parted here: a full stop at a full line without a blank line is no break
        let parted = format!("{a}{b}\n{a}{b}\n{a}{b}\n{a}{b}\n{a}{b}{c}\n{a}{b}");
        assert!(all(&parted)[9] < 0.0, "{:?}", all(&parted));
        // never here: there it is one
        let solid = format!("{a}{b}{a}{b}{a}{b}{a}{b}{a}{b}\n{c}");
        assert!(all(&solid)[9] > 0.0);
    }

    #[test]
    fn acronyms_are_no_headings() {
        assert!(!capitals("CCHC."));
        assert!(capitals("KINH PHÍ"));
        assert!(!capitals("Kinh phí"));
    }
}
