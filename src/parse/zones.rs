//! Which lines are letterhead, body, attached document, end, appendix.

use super::appendix;
use super::breaks::capitals;
use super::closing;
use super::fold::words;
use super::header::{self, Head};
use super::lines::{Layout, Line};
use super::paragraphs::Para;
use super::rules::kind_of;

/// A document inside the document.
#[derive(Debug, Clone, Default)]
pub(super) struct Inner {
    /// Its letterhead, kind and title.
    pub head: Head,
    /// `(Ban hành kèm theo ...)`.
    pub note: Option<Para>,
    /// Its lines.
    pub body: Vec<usize>,
}

/// The parts of a document, as indices of lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Zones {
    /// Letterhead and title.
    pub head: Head,
    /// From the preamble to the closing paragraphs.
    pub body: Vec<usize>,
    /// Documents issued with it.
    pub attached: Vec<Inner>,
    /// Recipients and signature; more than one where attached documents have their own.
    pub tails: Vec<Vec<usize>>,
    /// The first attached document stands before the end of the document, so what closes it closes the whole.
    pub enclosed: bool,
    /// Appendices.
    pub appendices: Vec<Vec<usize>>,
}

/// Lines between the kind of an attached document and the words that say it is attached.
pub(super) const NOTE_REACH: usize = 8;

/// Where a part begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Attached,
    Tail,
    Appendix,
    /// Lines on a new page after the end of the document: an appendix without a label.
    Loose,
}

/// Divides `live` (indices into `lines`).
pub(super) fn split(layout: &Layout, lines: &[Line<'_>], live: &[usize]) -> Zones {
    let mut out = Zones { head: header::read(layout, lines, live), ..Zones::default() };
    let from = out.head.len;
    let tails = closing::starts(lines, live, from);
    let last_tail = tails.last().copied();
    let mut events: Vec<(usize, Part)> = tails.into_iter().map(|k| (k, Part::Tail)).collect();
    events.extend(attached(lines, live, from).into_iter().map(|k| (k, Part::Attached)));
    let labels = (from..live.len()).filter(|k| appendix::is_label(lines[live[*k]].text));
    events.extend(labels.map(|k| (k, Part::Appendix)));
    let loose = (from..live.len()).filter(|k| opens_loose(&lines[live[*k]]));
    events.extend(loose.map(|k| (k, Part::Loose)));
    events.sort_unstable();

    let (mut zone, mut start) = (None, from);
    let mut signed = false;
    for (at, part) in events.into_iter().chain([(live.len(), Part::Loose)]) {
        let ends = at == live.len();
        let opens = match part {
            _ if ends => true,
            Part::Attached => true,
            Part::Tail => !matches!(zone, Some(Part::Tail | Part::Appendix)),
            // before the signature a line "PHỤ LỤC" is a heading of the body
            Part::Appendix if zone == Some(Part::Loose) && at - start < appendix::LABEL_REACH => {
                lines[live[start]].page != lines[live[at]].page
            }
            Part::Appendix => signed || last_tail.is_none_or(|t| at > t),
            Part::Loose => {
                zone == Some(Part::Tail)
                    && closing::complete(lines, &live[start..at])
                    && !closing::awaits_name(lines, &live[start..at], lines[live[at]].text)
            }
        };
        if !opens || at < start {
            continue;
        }
        let part_lines = &live[start..at];
        match zone {
            None => out.body = part_lines.to_vec(),
            Some(_) if part_lines.is_empty() => {}
            Some(Part::Attached) => {
                out.enclosed = out.enclosed || out.tails.is_empty();
                out.attached.push(inner(layout, lines, part_lines));
            }
            Some(Part::Tail) => out.tails.push(part_lines.to_vec()),
            Some(Part::Appendix | Part::Loose) => out.appendices.push(part_lines.to_vec()),
        }
        signed = signed || part == Part::Tail && !ends;
        (zone, start) = (Some(part), at);
    }
    out
}

/// Whether a line may begin something new after the end of a document.
fn opens_loose(line: &Line<'_>) -> bool {
    line.page_start || line.blanks >= 3
}

/// Where attached documents begin: a kind alone on a line, and soon after it the words that it is issued with
/// another document. Its own letterhead, if there is one, stands above.
fn attached(lines: &[Line<'_>], live: &[usize], from: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut floor = from;
    for at in from..live.len() {
        let text = lines[live[at]].text;
        if !lines[live[at]].loud || text.ends_with(':') || kind_of(text).is_none() {
            continue;
        }
        if !(at + 1..live.len().min(at + NOTE_REACH)).any(|j| is_note(lines[live[j]].text)) {
            continue;
        }
        let letterhead = |k: &usize| {
            let text = lines[live[*k]].text;
            super::symbols::headed(text).is_some()
                || text.chars().count() < 90 && super::dates::long(&super::fold::fold(text)).is_some()
                || capitals(text)
                || words(text).contains("doc lap tu do")
        };
        let above = (floor..at).rev().take(8).take_while(letterhead).last();
        // the signature of the document before may stand right above: a letterhead begins on a new page
        let first = above
            .and_then(|low| (low..at).find(|k| opens_loose(&lines[live[*k]]) || k + 3 >= at && *k == low));
        out.push(first.unwrap_or(at));
        floor = at + 1;
    }
    out
}

pub(super) fn is_note(text: &str) -> bool {
    let said = words(text);
    text.starts_with('(') && ["kem theo", "ban hanh theo"].iter().any(|p| said.contains(p))
}

fn inner(layout: &Layout, lines: &[Line<'_>], live: &[usize]) -> Inner {
    let mut out = Inner { head: header::read(layout, lines, live), ..Inner::default() };
    let mut at = out.head.len;
    if live.get(at).is_some_and(|i| lines[*i].text.starts_with('(')) {
        let mut note = Para::default();
        let mut depth = 0_i32;
        while let Some(&i) = live.get(at) {
            let text = lines[i].text;
            note.push(lines, i, 0..text.len());
            at += 1;
            depth += text.matches('(').count() as i32 - text.matches(')').count() as i32;
            if depth <= 0 || note.bits.len() >= 5 {
                break;
            }
        }
        out.note = Some(note);
    }
    out.body = live[at..].to_vec();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    #[test]
    fn a_decision_with_a_plan_and_an_appendix() {
        let text = "SỞ Y TẾ\nSố: 5/QĐ-SYT\nHuế, ngày 4 tháng 5 năm 2020\nQUYẾT ĐỊNH\nVề việc ban hành Kế hoạch\n\nCăn cứ Luật;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành.\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\nKẾ HOẠCH\nPhòng bệnh\n(Ban hành kèm theo Quyết định số 5/QĐ-SYT)\nI. MỤC ĐÍCH\nPHỤ LỤC\nDanh mục\n";
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let layout = Layout::of(&pages, &lines);
        let live: Vec<usize> = (0..lines.len()).collect();
        let zones = split(&layout, &lines, &live);
        assert_eq!(zones.body.len(), 3);
        assert_eq!(zones.tails.iter().map(Vec::len).collect::<Vec<_>>(), [4]);
        assert_eq!(zones.attached.len(), 1);
        assert_eq!(zones.attached[0].body.len(), 1);
        assert_eq!(zones.appendices.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    }
}
