//! The end of a document: recipients on the left, signature on the right, also where readers ran the columns together.
//!
//! ```text
//! Nơi nhận: KT. CHỦ TỊCH
//! - UBND huyện; PHÓ CHỦ TỊCH
//! - Lưu: VT. Lê Văn An
//! ```
//!
//! Without boxes the right column is told by what it says: authorities (TM., KT. ...), positions and names have
//! their own form. Which paragraph closes the text above them is decided in [`closing_paragraphs`].

use std::borrow::Cow;
use std::ops::Range;

use super::breaks::capitals;
use super::fold::{alike, begins, fold_char, words};
use super::lines::{Line, trim};
use super::paragraphs::Para;
use super::rules::{AUTHORITIES, KINDS, POSITIONS, SIGNERS, SURNAMES, TITLES};
use super::tree::{Node, last_node};

/// Recipients and signature.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    /// The line `Nơi nhận:`.
    pub heading: Option<Para>,
    /// Recipients with their dashes: (dash and end marks, text).
    pub recipients: Vec<(Para, String)>,
    /// TM., KT., TL., TUQ.
    pub authority: Option<Para>,
    /// Position.
    pub position: Option<Para>,
    /// Name.
    pub name: Option<Para>,
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

/// Whether `text` alone is a line of a signature block that says for whom is signed.
pub(super) fn is_authority(text: &str) -> bool {
    if !capitals(text) {
        return false;
    }
    let said = words(text) + " ";
    // a list of offices: "ĐT, KT, TKBT"
    if text.split(' ').next().is_some_and(|w| w.ends_with([',', ';', ':'])) {
        return false;
    }
    text.chars().count() < 70 && AUTHORITIES.iter().any(|a| said.starts_with(a))
}

/// Whether `text` alone is a position.
pub(super) fn is_position(text: &str) -> bool {
    if !capitals(text) || text.len() > 200 {
        return false;
    }
    let text = &*unspecked(text);
    let said = words(text);
    let said = said.strip_prefix("q ").or_else(|| said.strip_prefix("quyen ")).unwrap_or(&said);
    let count = said.split(' ').count();
    let like = |p: &str| p == said || p.len() > 8 && p.split(' ').count() == count && alike(p, said);
    text.starts_with(char::is_alphabetic) && POSITIONS.iter().any(|p| like(p))
}

/// A position with more words after it, such as `CHỦ TỊCH UBND XÃ`, `HIỆU TRƯỞNG TRƯỜNG ...`.
pub(super) fn begins_position(text: &str) -> bool {
    if !capitals(text) {
        return false;
    }
    let said = words(text);
    said.len() < 60 && SIGNERS.begin(&said)
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

/// `text` without the specks that a seal or a pen leaves between words: signs alone, small letters alone, and in capitals any
/// letter alone.
pub(super) fn unspecked(text: &str) -> Cow<'_, str> {
    let shouting = !text.chars().any(char::is_lowercase);
    let speck = |word: &str| {
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => !c.is_uppercase() && !c.is_ascii_digit() || shouting && !c.is_ascii(),
            _ => !word.chars().any(char::is_alphanumeric),
        }
    };
    if !text.split(' ').any(speck) {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.split(' ').filter(|w| !speck(w) || matches!(*w, "-" | "–" | "&")).collect();
    Cow::Owned(kept.join(" "))
}

/// Reads the block `live` (indices into `lines`).
pub(super) fn read(lines: &[Line<'_>], live: &[usize], width: impl Fn(usize) -> f32) -> Tail {
    let mut out = Tail::default();
    let mut listing = false;
    let mut done = false;
    let mut right: Vec<Para> = Vec::new();
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
                right.push(para);
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
                right.push(para);
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
    sign(right, &mut out);
    out
}

/// Puts the lines of the right column into their places.
fn sign(right: Vec<Para>, out: &mut Tail) {
    for mut para in right {
        if para.text.chars().any(char::is_alphabetic) {
            para.text = unspecked(&para.text).into_owned();
        }
        // texts from fonts whose capitals were a font of their own are in small letters throughout
        let loud = para.text.to_uppercase();
        let small = !para.text.chars().any(char::is_uppercase) && (is_authority(&loud) || is_position(&loud));
        let text = if small { loud.as_str() } else { para.text.as_str() };
        if signed(text) || !text.chars().any(char::is_alphabetic) {
            out.dropped.push(para);
        } else if is_authority(text) && out.position.is_none() && out.name.is_none() {
            join(&mut out.authority, para);
        } else if out.name.is_none() && (is_position(text) || begins_position(text)) {
            join(&mut out.position, para);
        } else if out.name.is_none() && capitals(text) && !surname(text) {
            match (&out.authority, &out.position) {
                (Some(_), None) => join(&mut out.authority, para),
                (_, Some(_)) => join(&mut out.position, para),
                _ => out.position = Some(para),
            }
        } else if out.name.is_none() && (name_like(text) || capitals(text) && surname(text)) {
            out.name = Some(para);
        } else {
            out.dropped.push(para);
        }
    }
}

fn join(field: &mut Option<Para>, para: Para) {
    match field {
        Some(p) => p.append(para),
        None => *field = Some(para),
    }
}

/// `(Đã ký)`, `Ký bởi: ...`: no data.
fn signed(text: &str) -> bool {
    let said = words(text);
    ["da ky", "ky boi", "nguoi ky", "thoi gian ky", "email", "co quan"].iter().any(|s| begins(&said, s))
        && !is_dash(text)
}

fn is_dash(text: &str) -> bool {
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

/// Two to six words, each with a capital first and small letters after.
pub(super) fn name_like(text: &str) -> bool {
    let mut count = 0;
    // Thượng tá, Trung tướng: the only titles that are written out
    let said = words(text);
    let rank = RANKS.iter().any(|r| said.starts_with(r));
    for word in text.split(' ').skip(if rank { 2 } else { 0 }) {
        let bare = word.trim_end_matches('.');
        // ThS. TS. BSCKII. before the name, however they were read
        let title = word.ends_with('.') && (2..9).contains(&bare.chars().count());
        if count == 0 && (title || TITLES.contains(&words(bare).as_str())) {
            continue;
        }
        let mut chars = bare.chars();
        let capital = chars.next().is_some_and(char::is_uppercase);
        // H'Mông, Ma-ga; a name is no abbreviation
        let small = chars.all(|c| {
            c.is_lowercase()
                || matches!(c, '\'' | '’' | '-')
                || c.is_uppercase() && bare.contains(['\'', '’', '-'])
        });
        if !capital || !small || word.ends_with('.') && bare.chars().count() > 3 {
            return false;
        }
        count += 1;
    }
    (2..=6).contains(&count)
}

/// Military ranks, folded: a grade and what it is a grade of.
const RANKS: [&str; 13] = [
    "dai ta ",
    "thuong ta ",
    "trung ta ",
    "thieu ta ",
    "dai uy ",
    "thuong uy ",
    "trung uy ",
    "thieu uy ",
    "dai tuong ",
    "thuong tuong ",
    "trung tuong ",
    "thieu tuong ",
    "chuan uy ",
];

/// Whether `text` begins as a person's name does, after a title.
fn surname(text: &str) -> bool {
    let said = words(text);
    said.split(' ')
        .find(|w| !TITLES.contains(w) || SURNAMES.contains(w))
        .is_some_and(|w| SURNAMES.contains(&w))
        || said.split(' ').next().is_some_and(|w| TITLES.contains(&w))
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

/// Folded beginnings of closing paragraphs, with how surely they close.
const CLOSERS: [(&str, u8); 12] = [
    ("tren day la", 6),
    ("tren day", 4),
    ("yeu cau", 3),
    ("de nghi cac", 2),
    ("de nghi", 1),
    ("trong qua trinh", 4),
    ("can cu ke hoach nay", 4),
    ("can cu", 1),
    ("nhan duoc", 4),
    ("uy ban nhan dan", 1),
    ("ubnd", 1),
    ("giao", 1),
];

/// How much a paragraph reads like one that closes a document.
fn closes(text: &str) -> u8 {
    let head: String = text.chars().take(60).collect();
    let said = words(&head);
    let cue = CLOSERS.iter().filter(|c| begins(&said, c.0)).map(|c| c.1).max().unwrap_or(0);
    // "Chương trình này được phổ biến ..."
    let itself = KINDS.iter().any(|k| said.strip_prefix(k.0).is_some_and(|r| r.starts_with(" nay ")));
    let cue = if itself { cue.max(4) } else { cue };
    let whole = words(text);
    let asks = ["yeu cau", "de nghi", "phan anh", "nay", "xem xet", "trien khai thuc hien"]
        .iter()
        .filter(|w| whole.contains(*w))
        .count();
    cue + (asks.min(3) as u8)
        + if text.trim_end().ends_with("./.") || text.trim_end().ends_with("/.") { 4 } else { 0 }
}

/// Takes the closing paragraphs off the last item of `nodes`.
pub(super) fn closing_paragraphs(nodes: &mut [Node]) -> Vec<Para> {
    let Some(last) = last_node(nodes) else { return Vec::new() };
    let n = last.paragraphs.len();
    let mut from = n;
    // a heading needs a paragraph of its own unless the only one clearly closes
    let heading =
        !last.text.text.trim_end().ends_with(['.', ';', ':']) && last.text.text.chars().count() < 120;
    while from > 0 {
        let score = closes(&last.paragraphs[from - 1].text);
        let needed = match (from == n, heading && from == 1) {
            (true, false) => 4,
            (true, true) => 6,
            (false, false) => 5,
            (false, true) => 8,
        };
        if score < needed {
            break;
        }
        from -= 1;
    }
    last.paragraphs.split_off(from)
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
        let text = |p: &'_ Option<Para>| p.as_ref().map(|p| p.text.clone());
        let leak = |s: Option<String>| s.map(|s| &*Box::leak(s.into_boxed_str()));
        (leak(text(&t.authority)), leak(text(&t.position)), leak(text(&t.name)))
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

    #[test]
    fn names_and_other_capitals() {
        assert!(name_like("Nguyễn Thị Ngọc Dung"));
        assert!(name_like("H'Yiam Bkrông"));
        assert!(!name_like("Như trên"));
        assert!(!name_like("Sở Y tế"));
    }
}
