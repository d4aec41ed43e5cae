//! Notes at the foot of pages, taken out of the body.
//!
//! A line that begins with a superscript number opens a note. Old recognition loses the superscript (`1 76/NQ-CP`,
//! `22074/QĐ-UBND`, `%1879/QĐ-UBND`), so at the foot of a page a line also opens a note where the *next due number*
//! explains its beginning; the sequence is the check. A plain digit or a misread sign before plain words needs more: a mark
//! with that number on the page, or letters smaller than the body's.

use super::breaks::Breaks;
use super::lines::Line;
use super::markers;
use super::paragraphs::Para;
use super::symbols;

/// A note.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// Its number.
    pub mark: u32,
    /// The mark as printed, which is no part of the text.
    pub sign: Para,
    /// What it says.
    pub text: Para,
}

/// Blank lines that mark the end of a page where page breaks are lost.
const PAGE_GAP: u8 = 3;
/// Lines of a page's foot that may be notes.
const FOOT: usize = 16;

/// The notes among `live` (indices into `lines`), and `live` without their lines.
pub(super) fn take(breaks: &Breaks<'_>, lines: &[Line<'_>], live: &[usize]) -> (Vec<Note>, Vec<usize>) {
    let mut notes: Vec<Note> = Vec::new();
    let mut taken = vec![false; live.len()];
    let mut start = 0;
    while start < live.len() {
        let mut end = start + 1;
        while end < live.len() && !opens_page(&lines[live[end]]) {
            end += 1;
        }
        let skip = turned(lines, live, start, &taken, &mut notes);
        taken[start..start + skip].fill(true);
        page(
            breaks,
            lines,
            &live[start + skip..end.max(start + skip)],
            &mut taken[start + skip..end.max(start + skip)],
            &mut notes,
        );
        start = end.max(start + skip);
    }
    let rest = live.iter().zip(&taken).filter(|(_, t)| !**t).map(|(i, _)| *i).collect();
    (notes, rest)
}

/// Where notes stand together at the end of a document, one may run on over the page: takes its lines at the head of a
/// page, which another note or the end of the document must follow. Returns how many they are.
fn turned(lines: &[Line<'_>], live: &[usize], start: usize, taken: &[bool], notes: &mut [Note]) -> usize {
    let Some(note) = notes.last_mut().filter(|_| start > 0 && taken[start - 1]) else { return 0 };
    let strong = |i: &usize| superscript(lines[*i].text).is_some();
    let count = live[start..].iter().take(4).take_while(|i| !strong(i)).count();
    let marked = live[start..start + count]
        .iter()
        .any(|i| markers::readings(lines[*i].text).iter().any(|r| r.cost < 1.0));
    let followed = live.get(start + count).is_some_and(strong);
    let goes_on = followed || live.get(start).is_some_and(|i| lines[*i].text.starts_with(char::is_lowercase));
    if !(1..=3).contains(&count) || marked || !goes_on || note.text.text.ends_with(['.', ';']) {
        return 0;
    }
    for &i in &live[start..start + count] {
        note.text.push(lines, i, 0..lines[i].text.len());
    }
    count
}

fn opens_page(line: &Line<'_>) -> bool {
    line.page_start || line.blanks >= PAGE_GAP
}

/// Takes the notes of one page.
fn page(breaks: &Breaks<'_>, lines: &[Line<'_>], live: &[usize], taken: &mut [bool], notes: &mut Vec<Note>) {
    let foot = live.len().saturating_sub(FOOT);
    let anchors = anchors(lines, live);
    // the rows of a table are small and numbered too
    let table = live.iter().any(|i| super::appendix::heads_table(lines[*i].text));
    let body = body_width(lines, live).filter(|_| !table);
    // below the first note of a page there are only notes
    let mut below = false;
    // recipients are small too
    let mut listed = false;
    let mut at = 0;
    while at < live.len() {
        let line = &lines[live[at]];
        listed = listed || super::closing::opens_recipients(line.text);
        let due = notes.last().map_or(1, |n| n.mark + 1);
        let strong = superscript(line.text);
        let weak = || {
            let alone = at > 0 && (line.blanks > 0 || below);
            // a number that was wrapped: "... Nghị định số" + "147/2016/NĐ-CP"
            let before = at.checked_sub(1).map_or("", |k| lines[live[k]].text);
            if line.text.starts_with(|c: char| c.is_ascii_digit())
                && super::fold::words(before.rsplit(' ').next().unwrap_or("")) == "so"
            {
                return None;
            }
            let small = is_small(line, body) && !listed;
            let sure = small || anchors.contains(&due);
            (at >= foot && (alone || small)).then(|| blurred(line.text, due, sure, small)).flatten()
        };
        let Some((mark, width)) = strong.or_else(weak) else {
            at += 1;
            continue;
        };
        let mut note = Note {
            mark,
            sign: Para::of(lines, live[at], 0..width),
            text: Para::of(lines, live[at], width..line.text.len()),
        };
        taken[at] = true;
        below = true;
        at += 1;
        while at < live.len() {
            let (prev, next) = (&lines[live[at - 1]], &lines[live[at]]);
            let opens =
                superscript(next.text).is_some() || markers::readings(next.text).iter().any(|r| r.cost < 1.0);
            if opens || breaks.evidence(prev, next, next.text, false) > 0.0 || {
                let small = is_small(next, body);
                blurred(next.text, mark + 1, small || anchors.contains(&(mark + 1)), small).is_some()
            } {
                break;
            }
            note.text.push(lines, live[at], 0..next.text.len());
            taken[at] = true;
            at += 1;
        }
        notes.push(note);
    }
}

/// Superscript digits, in order.
const SIGNS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A superscript number at the head of `text`: (number, bytes).
fn superscript(text: &str) -> Option<(u32, usize)> {
    if !matches!(text.as_bytes().first(), Some(0xC2 | 0xE2)) {
        return None;
    }
    let (mut value, mut len) = (0_u32, 0);
    for c in text.chars().take(4) {
        let Some(d) = SIGNS.iter().position(|s| *s == c) else { break };
        value = value * 10 + d as u32;
        len += c.len_utf8();
    }
    (len > 0 && text.len() > len).then_some((value, len))
}

/// The superscript numbers inside lines: marks that notes of this page answer to.
fn anchors(lines: &[Line<'_>], live: &[usize]) -> Vec<u32> {
    let mut out = Vec::new();
    for &i in live {
        let text = lines[i].text;
        if !super::scan::may_hold_superscript(text) {
            continue;
        }
        let mut after_letter = false;
        for (at, c) in text.char_indices() {
            if after_letter && super::fold::fold_char(c) == super::fold::SUPER {
                out.extend(
                    superscript(&text[at..])
                        .or_else(|| superscript(&format!("{} ", &text[at..])))
                        .map(|s| s.0),
                );
            }
            after_letter = c.is_alphanumeric() || matches!(c, ')' | '”' | '"' | '.' | ',' | ';');
        }
    }
    out
}

/// The width of a character in most lines of a page, if there are boxes.
fn body_width(lines: &[Line<'_>], live: &[usize]) -> Option<f32> {
    let mut widths: Vec<f32> = live.iter().filter_map(|i| width(&lines[*i])).collect();
    let middle = widths.len() / 2;
    (widths.len() > 4).then(|| *widths.select_nth_unstable_by(middle, f32::total_cmp).1)
}

fn width(line: &Line<'_>) -> Option<f32> {
    line.bbox.filter(|_| line.len >= 20).map(|b| b.w / line.len as f32)
}

/// Whether a line is set clearly smaller than the body.
fn is_small(line: &Line<'_>, body: Option<f32>) -> bool {
    width(line).zip(body).is_some_and(|(w, b)| w < 0.9 * b)
}

/// The number `due` at the head of `text`, without its superscript: (number, bytes). A plain digit or an odd sign before words
/// only counts where other signs are `sure`; in `small` type the number may also be later than due.
fn blurred(text: &str, due: u32, sure: bool, small: bool) -> Option<(u32, usize)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count().min(3);
    if count > 0 {
        let upper = |rest: &str| rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase);
        let digits = due.to_string();
        if let Some(rest) = text.strip_prefix(&digits)
            && (begins_with_number(rest.trim_start()) || sure && upper(rest))
        {
            return Some((due, digits.len()));
        }
        let value = text[..count].parse::<u32>().ok()?;
        let later = small && value > due && value < due + 5 && upper(&text[count..]);
        return later.then_some((value, count));
    }
    // the sign itself was misread
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    let said = rest.trim_start();
    let list = matches!(first, '-' | '–' | '+' | '(' | '•' | '=')
        || matches!(first, '“' | '"' | '*') && !(small && rest.starts_with(' '));
    let odd = !first.is_alphanumeric() && !list;
    let words = small && said.starts_with(char::is_uppercase);
    (odd && (begins_with_number(said) || words)).then_some((due, first.len_utf8()))
}

/// Whether `text` begins with a document number.
fn begins_with_number(text: &str) -> bool {
    let head: String = text.chars().take(40).collect();
    symbols::find_all(&head).first().is_some_and(|s| s.at.start == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    #[test]
    fn notes_are_taken_out_by_sign_or_sequence() {
        let body = "Đoạn thân bài đủ dài để cột chữ có bề rộng như một trang giấy bình thường nhé¹.\n";
        let text = format!(
            "{body}{body}\n¹ Theo Quyết định số 5/QĐ-UBND của huyện.\n22074/QĐ-UBND ngày 20/12/2021\n\n\n\n- Mục tiếp theo.\n\n%18/QĐ-UBND ngày 02/3/2020\n"
        );
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, &text))];
        let lines = lines::read(&pages);
        let layout = lines::Layout::of(&pages, &lines);
        let live: Vec<usize> = (0..lines.len()).collect();
        let breaks = Breaks::of(&layout, &lines, &live);
        let (notes, rest) = take(&breaks, &lines, &live);
        let got: Vec<(u32, &str)> = notes.iter().map(|n| (n.mark, n.text.text.as_str())).collect();
        assert_eq!(
            got,
            [
                (1, "Theo Quyết định số 5/QĐ-UBND của huyện."),
                (2, "2074/QĐ-UBND ngày 20/12/2021"),
                (3, "18/QĐ-UBND ngày 02/3/2020")
            ]
        );
        assert_eq!(rest.len(), 3);
    }
}
