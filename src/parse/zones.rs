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
    /// Appendices.
    pub appendices: Vec<Vec<usize>>,
}

/// Lines between the kind of an attached document and the words that say it is attached.
const NOTE_REACH: usize = 8;

/// Divides `live` (indices into `lines`).
pub(super) fn split(layout: &Layout, lines: &[Line<'_>], live: &[usize]) -> Zones {
    let mut out = Zones { head: header::read(layout, lines, live), ..Zones::default() };
    let mut at = out.head.len;
    let mut tail = closing::start(lines, live, at);
    let mut last_attached = next_attached(lines, live, at, at);
    while at < live.len() {
        let attached = last_attached.unwrap_or(live.len());
        let ending = tail.unwrap_or(live.len());
        if at >= attached && at < ending || at == attached {
            // an attached document up to the next one or the end
            let stop = next_attached(lines, live, at + 1, at).unwrap_or(live.len()).min(ending.max(at + 1));
            let stop = labels(lines, live, at + 1).unwrap_or(live.len()).min(stop);
            out.attached.push(inner(layout, lines, &live[at..stop]));
            at = stop;
            last_attached = next_attached(lines, live, at, at);
            continue;
        }
        if at >= ending {
            let stop = end_of_tail(lines, live, at, attached);
            out.tails.push(live[at..stop].to_vec());
            at = stop;
            tail = closing::start(lines, live, at);
            continue;
        }
        if appendix::is_label(lines[live[at]].text) && (!out.tails.is_empty() || tail.is_none()) {
            let stop = labels(lines, live, at + 1).unwrap_or(live.len()).min(attached.max(at + 1));
            out.appendices.push(live[at..stop].to_vec());
            at = stop;
            continue;
        }
        // the body proper, or lines after the end that belong nowhere else
        let mut stop = attached.min(ending).min(live.len()).max(at + 1);
        if tail.is_none() || !out.tails.is_empty() {
            stop = labels(lines, live, at + 1).unwrap_or(live.len()).min(stop);
        }
        if out.tails.is_empty() {
            out.body.extend(&live[at..stop]);
        } else if let Some(last) = out.tails.last_mut() {
            last.extend(&live[at..stop]);
        }
        at = stop;
    }
    out
}

/// The next label of an appendix.
fn labels(lines: &[Line<'_>], live: &[usize], from: usize) -> Option<usize> {
    (from..live.len()).find(|k| appendix::is_label(lines[live[*k]].text))
}

/// Where an attached document begins: its kind alone on a line, and soon after it the words that it is issued with another.
fn next_attached(lines: &[Line<'_>], live: &[usize], from: usize, floor: usize) -> Option<usize> {
    let at = (from..live.len()).find(|&k| {
        let text = lines[live[k]].text;
        if !capitals(text) || text.ends_with(':') || kind_of(text).is_none() {
            return false;
        }
        (k + 1..live.len().min(k + NOTE_REACH)).any(|j| is_note(lines[live[j]].text))
    })?;
    // its own letterhead stands above it
    let mut first = at;
    for k in (floor..at).rev().take(8) {
        let text = lines[live[k]].text;
        let head = super::symbols::headed(text).is_some()
            || super::dates::long(&super::fold::fold(text)).is_some() && text.chars().count() < 60
            || capitals(text) && super::rules::opens_body(text)
            || words(text).contains("doc lap tu do");
        if !head {
            break;
        }
        first = k;
    }
    Some(first)
}

fn is_note(text: &str) -> bool {
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

/// Where the end of a document, which begins at `at`, is over.
fn end_of_tail(lines: &[Line<'_>], live: &[usize], at: usize, attached: usize) -> usize {
    (at + 1..live.len())
        .find(|&k| {
            let line = &lines[live[k]];
            k == attached
                || appendix::is_label(line.text)
                || line.page_start && line.text.chars().count() > 90
        })
        .unwrap_or(live.len())
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
