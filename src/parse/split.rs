//! Where documents begin in a text that holds several: each new letterhead starts one.
//!
//! A letterhead shows the motto of the state or the party, or at least an issuer above a number; near it stand a number
//! or a date, and below these a kind or a subject. A plan issued with a decision may have one of its own; what says *ban hành
//! kèm theo* below its title is part of the document that issues it.

use super::breaks::capitals;
use super::dates;
use super::fold::{fold, words};
use super::header;
use super::lines::{self, Line};
use super::rules::{kind_of, opens_body};
use super::signers;
use super::symbols;
use super::zones;
use crate::model::RestoredPage;

/// Lines between the parts of a letterhead.
const NEAR: usize = 8;
/// Lines from the motto to the kind, and from the kind to the words that it is attached.
const BELOW: usize = 20;
/// Lines of the left column above the motto.
const ABOVE: usize = 4;

/// Where each document begins: index of its page, byte in that page's restored text. The first is always the beginning.
///
/// ```
/// use sohoa::model::{Decision, Page, RestoredPage};
///
/// let one = "SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/KH-SYT\nHuế, ngày 4 tháng 5 năm 2020\nKẾ HOẠCH\nPhòng bệnh\nI. MỤC ĐÍCH\n1. Một.\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\n\n";
/// let text = one.repeat(3);
/// let page = RestoredPage::unchanged(Page::from_text(1, Decision::Text, &text));
/// assert_eq!(sohoa::parse::starts(&[page]), [(0, 0), (0, one.len()), (0, 2 * one.len())]);
/// ```
#[must_use]
pub fn starts(pages: &[RestoredPage]) -> Vec<(usize, usize)> {
    let lines = lines::read(pages);
    let mut out = vec![(0, 0)];
    let mut floor = 0;
    for at in 0..lines.len() {
        let opens = shows_motto(&lines[at]) || numbers_body(&lines, at);
        if at < floor + NEAR || !opens || !is_letterhead(&lines, at, floor) {
            continue;
        }
        let mut first = at;
        while first > floor && at - first < ABOVE && goes_on_above(&lines[first], &lines[first - 1]) {
            first -= 1;
        }
        floor = at;
        out.push((lines[first].page, lines[first].at));
    }
    out
}

fn shows_motto(line: &Line<'_>) -> bool {
    line.len < 160
        && line.cells().into_iter().any(|cell| {
            let text = &line.text[cell];
            // only the first line of a motto, which is in capitals
            let loud = text.chars().filter(|c| c.is_uppercase()).count() >= 12;
            let said = if loud { words(text) } else { String::new() };
            (said.contains("viet nam") || said.contains("chu nghia")) && header::motto_start(text).is_some()
        })
}

/// Whether the line gives the number of a document whose issuer stands right above it: the motto may be missing.
fn numbers_body(lines: &[Line<'_>], at: usize) -> bool {
    let body = |k: usize| capitals(lines[k].text) && opens_body(lines[k].text);
    symbols::headed(lines[at].text).is_some() && (at.saturating_sub(3)..at).any(body)
}

fn is_letterhead(lines: &[Line<'_>], at: usize, floor: usize) -> bool {
    let near = at.saturating_sub(ABOVE).max(floor)..lines.len().min(at + NEAR);
    let dated = near.clone().any(|k| {
        symbols::headed(lines[k].text).is_some()
            || lines[k].len < 120 && dates::long(&fold(lines[k].text)).is_some()
    });
    let below = at + 1..lines.len().min(at + BELOW);
    let kind = below.clone().find(|k| capitals(lines[*k].text) && kind_of(lines[*k].text).is_some());
    let subject = || below.clone().any(|k| words(lines[k].text).starts_with("kinh gui"));
    let attached = kind.is_some_and(|k| {
        (k + 1..lines.len().min(k + zones::NOTE_REACH)).any(|j| zones::is_note(lines[j].text))
    });
    dated && !attached && (kind.is_some() || subject())
}

/// Whether `above` belongs to the letterhead that `line` is part of.
fn goes_on_above(line: &Line<'_>, above: &Line<'_>) -> bool {
    let text = above.text;
    let head = capitals(text) || symbols::headed(text).is_some() || !text.chars().any(char::is_alphanumeric);
    let signs = signers::is_position(text) || signers::is_authority(text) || signers::name_like(text);
    !line.page_start && line.blanks < 2 && head && !signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page};

    #[test]
    fn an_attached_plan_starts_no_document() {
        let text = "SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 5/QĐ-SYT\nHuế, ngày 4 tháng 5 năm 2020\nQUYẾT ĐỊNH\nVề việc ban hành Kế hoạch\n\nCăn cứ Luật;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành.\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\n\n\nSỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHuế, ngày 4 tháng 5 năm 2020\nKẾ HOẠCH\nPhòng bệnh\n(Ban hành kèm theo Quyết định số 5/QĐ-SYT)\nI. MỤC ĐÍCH\n";
        let page = RestoredPage::unchanged(Page::from_text(1, Decision::Text, text));
        assert_eq!(starts(&[page]), [(0, 0)]);
    }
}
