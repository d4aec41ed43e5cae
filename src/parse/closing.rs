//! The end of a document: recipients on the left, signature on the right, also where readers ran the columns together.
//!
//! ```text
//! Nơi nhận: KT. CHỦ TỊCH
//! - UBND huyện; PHÓ CHỦ TỊCH
//! - Lưu: VT. Lê Văn An
//! ```
//!
//! Without boxes the right column is told by what it says: authorities (TM., KT. ...), positions and names have
//! their own form ([`super::signers`]). Which paragraph closes the text above them is decided in [`super::closers`].

use std::ops::Range;

use super::breaks::capitals;
use super::fold::{alike, begins, fold_char, words};
use super::lines::{Line, trim};
use super::paragraphs::Para;
use super::signers::{
    Piece, Signer, begins_position, is_authority, is_position, name_like, sign, signed, surname, unspecked,
};

/// Recipients and signature.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    /// The line `Nơi nhận:`.
    pub heading: Option<Para>,
    /// Recipients with their dashes: (dash and end marks, text).
    pub recipients: Vec<(Para, String)>,
    /// Those who sign, from left to right and from top to bottom.
    pub signers: Vec<Signer>,
    /// What carries no data.
    pub dropped: Vec<Para>,
}

/// Whether `text` opens the list of recipients.
pub(super) fn opens_recipients(text: &str) -> bool {
    // nearly all lines differ in their first letters already
    let mut first = text.chars().map(fold_char).filter(u8::is_ascii_alphanumeric);
    if !matches!((first.next(), first.next()), (Some(b'n'), _) | (_, Some(b'o')) | (Some(b'o'), Some(b'i'))) {
        return false;
    }
    // a short line, or one that goes on after a colon
    let colon = text.char_indices().take(14).any(|(_, c)| matches!(c, ':' | ';'));
    if text.len() > 48 && !colon {
        return false;
    }
    let said = words(text);
    let head = said.get(..8.min(said.len())).unwrap_or("");
    if !alike(head, "noi nhan") && !said.starts_with("noi nhan") {
        return false;
    }
    said.len() <= 10 || colon
}

/// Where an end of a document may begin in `live[from..]`, ascending, as indices into `live`: at recipients, or, after the
/// last of them, at a signature alone.
pub(super) fn starts(lines: &[Line<'_>], live: &[usize], from: usize) -> Vec<usize> {
    let text = |k: usize| lines[live[k]].text;
    let mut out = Vec::new();
    for at in (from..live.len()).filter(|k| opens_recipients(text(*k))) {
        // the signature may come first
        let short = |k: &usize| text(*k).chars().count() < 60 && !text(*k).trim_end().ends_with("./.");
        let above = (at.saturating_sub(8).max(from)..at).rev().take_while(short);
        let signs = above.filter(|k| {
            let line = &lines[live[*k]];
            is_authority(line.text) || line.cells().into_iter().any(|c| is_position(&line.text[c]))
        });
        out.push(signs.last().unwrap_or(at));
    }
    let after = out.last().map_or(from, |k| k + 1);
    let signature = |k: &usize| {
        let near = || *k + 1..live.len().min(*k + 9);
        lines[live[*k]].loud
            && (is_authority(text(*k)) || is_position(text(*k)))
            && near().any(|j| name_like(text(j)))
            && near().all(|j| text(j).chars().count() < 60)
    };
    out.extend((after..live.len()).filter(signature));
    out
}

/// Whether the block `live` already names its signer and ends its list of recipients.
pub(super) fn complete(lines: &[Line<'_>], live: &[usize]) -> bool {
    let mut texts = live.iter().map(|i| lines[*i].text);
    texts.any(|t| is_dash(t) && begins(&words(t), "luu"))
}

/// Whether `next` names the signer that the block `live` still lacks: the signature took the room between.
pub(super) fn awaits_name(lines: &[Line<'_>], live: &[usize], next: &str) -> bool {
    let named = |text: &str| {
        let bare = text.trim_start_matches(['-', '–', '+', ' ']);
        name_like(&unspecked(bare)) && surname(&unspecked(bare))
    };
    named(next) && !live.iter().any(|i| lines[*i].cells().into_iter().any(|c| named(&lines[*i].text[c])))
}

/// Reads the block `live` (indices into `lines`).
pub(super) fn read(lines: &[Line<'_>], live: &[usize], width: impl Fn(usize) -> f32) -> Tail {
    let mut out = Tail::default();
    let mut listing = false;
    let mut done = false;
    let mut right: Vec<Piece> = Vec::new();
    for &index in live {
        let line = &lines[index];
        let cells = line.cells();
        let mut pieces: Vec<(Range<usize>, bool)> = Vec::new();
        if cells.len() > 1 {
            let dashed = is_dash(line.text) || opens_recipients(line.text);
            for (k, cell) in cells.into_iter().enumerate() {
                pieces.push((cell, k > 0 || !dashed));
            }
        } else {
            let middle =
                line.bbox.map(|b| b.x + b.w / 2.0 > width(line.page) * 0.55 && b.x > width(line.page) * 0.4);
            let all = 0..line.text.len();
            match split(line.text) {
                Some(cut) => {
                    pieces.push((trim(line.text, 0..cut), false));
                    pieces.push((trim(line.text, cut..line.text.len()), true));
                }
                None => pieces.push((all, middle.unwrap_or(false) && !is_dash(line.text))),
            }
        }
        for (range, is_right) in pieces {
            if range.is_empty() {
                continue;
            }
            let text = &line.text[range.clone()];
            let para = Para::of(lines, index, range.clone());
            if opens_recipients(text) {
                listing = true;
                out.heading = Some(para);
            } else if is_right || is_authority(text) || is_position(text) {
                right.push(piece(line, index, range, para));
            } else if is_dash(text) || (listing && !done && begins(&words(text), "luu")) {
                listing = true;
                done = done || words(text).starts_with("luu");
                out.recipients.push((para, String::new()));
            } else if name_like(&unspecked(text))
                || begins_position(text)
                || signed(text)
                || !listing
                || capitals(text)
            {
                right.push(piece(line, index, range, para));
            } else {
                let open =
                    out.recipients.last().is_none_or(|(p, _)| !p.text.trim_end().ends_with([';', '.']));
                // the list ends with "Lưu: ... ."; codes of the typist and other remarks may stand below
                let over = done && !open;
                match out.recipients.last_mut() {
                    Some((last, _)) if open || text.starts_with('(') => last.append(para),
                    Some(_) if over => out.dropped.push(para),
                    _ if words(text).len() > 3 => out.recipients.push((para, String::new())),
                    _ => out.dropped.push(para),
                }
            }
        }
    }
    for (para, text) in &mut out.recipients {
        *text = recipient(&para.text);
    }
    out.recipients.retain(|(_, t)| t.chars().any(char::is_alphanumeric));
    out.signers = sign(right, &mut out.dropped);
    out
}

/// The bytes `range` of a line as part of a signature.
fn piece(line: &Line<'_>, index: usize, range: Range<usize>, para: Para) -> Piece {
    let count = |text: &str| text.chars().count() as f32;
    let middle = count(&line.text[..range.start]) + count(&line.text[range]) / 2.0;
    let (middle, rows) = match line.bbox {
        Some(b) => (b.x + b.w * middle / (line.len as f32).max(1.0), Some((b.y, b.y + b.h))),
        None => (line.indent + middle, None),
    };
    Piece { para, line: index, page: line.page, middle, rows }
}

pub(super) fn is_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '+', '•', '·']) || text.starts_with("= ") || text.starts_with("~ ")
}

/// Where the right column begins in a line that holds both: byte offset.
fn split(text: &str) -> Option<usize> {
    if text.chars().count() > 160 {
        return None;
    }
    let starts: Vec<usize> = text.match_indices(' ').map(|(i, _)| i + 1).collect();
    // the longest end in capitals that says an authority or a position
    let said_by_colon = opens_recipients(text).then(|| text.find([':', ';'])).flatten();
    if let Some(colon) = said_by_colon {
        let rest = trim(text, colon + 1..text.len());
        let meant = text[rest.clone()].chars().filter(|c| c.is_alphabetic()).count() >= 3;
        return (meant && !is_dash(&text[rest.clone()])).then_some(rest.start);
    }
    if !is_dash(text) {
        return None;
    }
    for &at in &starts {
        let end = &text[at..];
        if end.len() > 3
            && (is_authority(end)
                || is_position(end)
                || at > 0 && begins_position(end) && closed(&text[..at]))
        {
            return Some(at);
        }
    }
    // a name after the mark that ends a recipient
    starts.into_iter().find(|&at| {
        let end = unspecked(&text[at..]);
        at > 2 && closed(&text[..at]) && name_like(&end) && surname(&end)
    })
}

/// Whether `text` ends as a recipient does.
fn closed(text: &str) -> bool {
    text.trim_end().ends_with([';', '.', ')', ','])
}

/// A recipient without its dash and end marks.
fn recipient(text: &str) -> String {
    let bare = text.trim_start_matches(['-', '–', '—', '+', '•', '·', '=', '~', ' ']).trim_end();
    // specks of the stamp behind the end mark: "...; )", "...; Tx ."
    let bare = match bare.rfind(';') {
        Some(i) if bare.len() - i <= 6 => &bare[..i],
        _ => bare,
    };
    // "Lưu: VT, NN. 6"
    let bare = match bare.rfind(". ") {
        Some(i) if bare.len() - i <= 4 && !bare[i..].chars().any(char::is_alphabetic) => &bare[..i],
        _ => bare,
    };
    let mut bare = bare.trim_end_matches(['.', ';', ',', ':', ' ', '/']);
    while let Some(cut) = bare.strip_suffix(" )").or_else(|| bare.strip_suffix(" '")) {
        bare = cut.trim_end_matches(['.', ';', ',', ' ']);
    }
    // "... Thành ủy;" + "(để báo cáo)"
    bare.replace("; (", " (")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    fn tail(text: &str) -> Tail {
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let live: Vec<usize> = (0..lines.len()).collect();
        let from = starts(&lines, &live, 0).first().copied().unwrap_or(0);
        read(&lines, &live[from..], |_| 0.0)
    }

    fn names(t: &Tail) -> (Option<&str>, Option<&str>, Option<&str>) {
        t.signers.first().map_or((None, None, None), said)
    }

    fn said(s: &Signer) -> (Option<&str>, Option<&str>, Option<&str>) {
        let [authority, position, name] =
            [&s.authority, &s.position, &s.name].map(|p| p.as_ref().map(|p| p.text.as_str()));
        (authority, position, name)
    }

    #[test]
    fn two_sign_side_by_side() {
        let t = tail(
            "Nơi nhận:\n- Các trường;\n- Lưu: VT.\n    SỞ GIÁO DỤC            SỞ Y TẾ\n  KT. GIÁM ĐỐC             GIÁM ĐỐC\n  PHÓ GIÁM ĐỐC\n\n  Lê Văn An                Trần Thị Bình\n",
        );
        let all: Vec<_> = t.signers.iter().map(said).collect();
        assert_eq!(
            all,
            [
                (Some("SỞ GIÁO DỤC KT. GIÁM ĐỐC"), Some("PHÓ GIÁM ĐỐC"), Some("Lê Văn An")),
                (Some("SỞ Y TẾ"), Some("GIÁM ĐỐC"), Some("Trần Thị Bình"))
            ]
        );
    }

    #[test]
    fn two_sign_one_below_the_other() {
        let t = tail("Nơi nhận:\n- Lưu: VT.\nTỔ TRƯỞNG\nLê Văn An\nHIỆU TRƯỞNG\n(Đã ký)\nTrần Thị Bình\n");
        let all: Vec<_> = t.signers.iter().map(said).collect();
        assert_eq!(
            all,
            [
                (None, Some("TỔ TRƯỞNG"), Some("Lê Văn An")),
                (None, Some("HIỆU TRƯỞNG"), Some("Trần Thị Bình"))
            ]
        );
    }

    #[test]
    fn a_wide_gap_in_an_authority_is_no_second_column() {
        let t = tail("Nơi nhận:\n- Lưu: VT.\n  TM. ỦY BAN      CHỦ TỊCH\n  Lê Văn An\n");
        assert_eq!(names(&t), (Some("TM. ỦY BAN"), Some("CHỦ TỊCH"), Some("Lê Văn An")));
        assert_eq!(t.signers.len(), 1);
    }

    #[test]
    fn columns_run_together() {
        let t = tail(
            "Nơi nhận: TM. ỦY BAN NHÂN DÂN\n- UBND tỉnh (báo cáo); CHỦ TỊCH\n- TT. Huyện ủy, TT. HĐND huyện; Lê Văn Thướng\n- Các xã;\n- Lưu: VT, NV (40b).\n",
        );
        let got: Vec<&str> = t.recipients.iter().map(|r| r.1.as_str()).collect();
        assert_eq!(
            got,
            ["UBND tỉnh (báo cáo)", "TT. Huyện ủy, TT. HĐND huyện", "Các xã", "Lưu: VT, NV (40b)"]
        );
        assert_eq!(names(&t), (Some("TM. ỦY BAN NHÂN DÂN"), Some("CHỦ TỊCH"), Some("Lê Văn Thướng")));
    }

    #[test]
    fn columns_one_after_the_other() {
        let t = tail(
            "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC\n(Đã ký)\nBSCKII. Y Lương Niê\nNơi nhận:\n- Như trên;\n- Các chi bộ, đảng bộ\ntrực thuộc;\n- Lưu Văn phòng.\n",
        );
        let got: Vec<&str> = t.recipients.iter().map(|r| r.1.as_str()).collect();
        assert_eq!(got, ["Như trên", "Các chi bộ, đảng bộ trực thuộc", "Lưu Văn phòng"]);
        assert_eq!(
            names(&t),
            (Some("T/M BAN THƯỜNG VỤ"), Some("PHÓ BÍ THƯ THƯỜNG TRỰC"), Some("BSCKII. Y Lương Niê"))
        );
    }

    #[test]
    fn specks_behind_recipients_go() {
        assert_eq!(recipient("- Lãnh đạo UBND xã; )"), "Lãnh đạo UBND xã");
        assert_eq!(recipient("- Các ban ngành; Tx ."), "Các ban ngành");
        assert_eq!(
            recipient("- Thường vụ Tỉnh ủy; Thường trực HĐND tỉnh;"),
            "Thường vụ Tỉnh ủy; Thường trực HĐND tỉnh"
        );
    }
}
