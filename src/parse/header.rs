//! The letterhead and the title.
//!
//! Two columns (body and number on the left, motto and place with date on the right) may come as two blocks, or with
//! each pair of lines run together. Lines are therefore taken apart by what they say: the mottoes are known, the number and
//! the date have their grammar, and what is left in capitals names the issuer. With boxes, wide gaps part the
//! columns first.

use std::ops::Range;

use strsim::levenshtein;

use super::breaks::capitals;
use super::dates;
use super::fold::{Folded, alike, begins, fold, words, words_len};
use super::lines::{Layout, Line, trim};
use super::markers;
use super::paragraphs::Para;
use super::rules::{KINDS, MOTTOES, kind_of, opens_body, symbol_of_body};
use super::symbols;
use super::title::take_title;

/// What the letterhead says.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Superior body.
    pub parent: Option<Para>,
    /// Issuing body.
    pub issuer: Option<Para>,
    /// The whole number line, and the number in it.
    pub number: Option<(Para, Option<String>)>,
    /// Place.
    pub place: Option<Para>,
    /// The date's words and ISO form.
    pub date: Option<(Para, Option<String>)>,
    /// Kind.
    pub kind: Option<Para>,
    /// Trích yếu.
    pub title: Option<Para>,
    /// Mottoes and what else carries no data, with the reason.
    pub dropped: Vec<(Para, &'static str)>,
    /// How many of the given lines belong to it.
    pub len: usize,
}

/// How far down the kind of the document may stand.
const REACH: usize = 40;

/// Reads the letterhead at the head of `live` (indices into `lines`).
pub(super) fn read(layout: &Layout, lines: &[Line<'_>], live: &[usize]) -> Head {
    let mut head = Head::default();
    let (kind_at, end) = extent(lines, live);
    let mut left: Vec<Para> = Vec::new();
    let mut subject: Option<Para> = None;
    for (at, &index) in live[..end].iter().enumerate() {
        for cell in cells(&lines[index]) {
            // the youth union's name stands above its committee's as well as in the place of a motto
            let superior = at == 0
                && words(&lines[index].text[cell.clone()]).starts_with("doan t")
                && motto_start(&lines[index].text[cell.clone()]) == Some(0)
                && live[..end].get(1).is_some_and(|n| opens_body(lines[*n].text));
            if superior {
                left.push(Para::of(lines, index, cell));
                continue;
            }
            cell_of(lines, index, cell, &mut head, &mut left, &mut subject);
        }
    }
    bodies(left, &mut head);
    let called = head.issuer.as_ref().and_then(|p| symbol_of_body(&p.text));
    if let (Some((para, Some(number))), Some(body)) = (&mut head.number, called)
        && para.bits.iter().all(|b| lines[b.line].recognised)
        && let Some(mended) = symbols::mended(number, body)
    {
        *number = mended;
    }
    head.len = end;
    if let Some(at) = kind_at {
        let index = live[at];
        let line = &lines[index];
        let width = kind_width(line.text);
        head.kind = Some(Para::of(lines, index, 0..width));
        let rest = trim(line.text, width..line.text.len());
        let mut title = Para::default();
        if !rest.is_empty() {
            title.push(lines, index, rest);
        }
        head.len = at + 1;
        take_title(layout, lines, live, &mut head, &mut title);
        if !title.text.is_empty() {
            head.title = Some(title);
        }
    }
    match (&head.title, subject) {
        (None, Some(s)) => head.title = Some(s),
        (Some(_), Some(s)) => head.dropped.push((s, "letterhead")),
        _ => {}
    }
    head
}

/// The cells of a line of the letterhead. The gap that a number or a day leaves for the pen is no gap between columns.
fn cells(line: &Line<'_>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for cell in line.cells() {
        let said = words(&line.text[cell.clone()]);
        let before = out.last().map(|last| words(&line.text[last.clone()])).unwrap_or_default();
        let open = ["ngay", "thang", "nam", "so"].iter().any(|w| before.rsplit(' ').next() == Some(w));
        let goes_on = said.starts_with("thang ") || line.text[cell.clone()].starts_with('/');
        match out.last_mut() {
            Some(last) if open || goes_on => last.end = cell.end,
            _ => out.push(cell),
        }
    }
    out
}

/// Where the kind stands, if it is there, and where the letterhead ends.
fn extent(lines: &[Line<'_>], live: &[usize]) -> (Option<usize>, usize) {
    let mut known = false;
    let mut last = 0;
    for (at, &index) in live.iter().enumerate().take(REACH) {
        let text = lines[index].text;
        let caps = capitals(text);
        let named = kind_of(text).is_some();
        if named && (caps || known || at == 0) {
            return (Some(at), at);
        }
        if caps && (known || at < 2) && titled(text) {
            return (Some(at), at);
        }
        // the body has begun: there is no kind
        let opens = markers::readings(text).iter().any(|r| r.cost < 0.5 && !r.mark.kind.unnumbered());
        let said = words(text);
        if opens || ["can cu", "kinh gui", "noi nhan"].iter().any(|c| begins(&said, c)) {
            break;
        }
        if symbols::headed(text).is_some()
            || dates::long(&fold(text)).is_some()
            || motto_start(text).is_some()
        {
            known = true;
            last = at + 1;
        } else if caps && text.chars().count() < 80 {
            last = last.max(if known || at < 3 { at + 1 } else { last });
        }
    }
    (None, if known { last } else { 0 })
}

/// Whether a line in capitals begins with a kind and goes on with the title.
fn titled(text: &str) -> bool {
    let said = words(text);
    KINDS
        .iter()
        .any(|k| k.0.len() > 5 && said.strip_prefix(k.0).is_some_and(|r| r.starts_with(' ') && r.len() > 8))
        && !opens_body(text)
}

/// Bytes of the kind at the head of a title line.
fn kind_width(text: &str) -> usize {
    if kind_of(text).is_some() {
        return text.trim_end_matches([':', '.', ' ']).len();
    }
    let said = words(text);
    let kind = KINDS.iter().filter(|k| said.starts_with(k.0)).max_by_key(|k| k.0.len());
    let count = kind.map_or(1, |k| k.0.split(' ').count());
    text.match_indices(' ').nth(count - 1).map_or(text.len(), |(i, _)| i)
}

/// Takes one cell of the letterhead apart.
fn cell_of(
    lines: &[Line<'_>],
    index: usize,
    cell: Range<usize>,
    head: &mut Head,
    left: &mut Vec<Para>,
    subject: &mut Option<Para>,
) {
    let text = lines[index].text;
    let mut rest = cell;
    if let Some(at) = motto_start(&text[rest.clone()]) {
        let at = rest.start + at;
        head.dropped.push((Para::of(lines, index, at..rest.end), "motto"));
        rest = trim(text, rest.start..at);
    }
    if rest.is_empty() {
        return;
    }
    if let Some((range, number)) = symbols::headed(&text[rest.clone()])
        && head.number.is_none()
    {
        let whole = rest.start + range.start..rest.start + range.end;
        head.number = Some((Para::of(lines, index, whole.clone()), number));
        let before = trim(text, rest.start..whole.start);
        if !before.is_empty() {
            cell_of(lines, index, before, head, left, subject);
        }
        rest = trim(text, whole.end..rest.end);
    }
    if rest.is_empty() {
        return;
    }
    let folded = Folded::new(&text[rest.clone()]);
    let date = dates::long(&folded.text).or_else(|| {
        let found = dates::short(&folded.text)?;
        folded.text[..found.at.start].trim_end().ends_with(',').then_some(found)
    });
    if let Some(found) = date
        && head.date.is_none()
    {
        let at = folded.back(found.at);
        let at = rest.start + at.start..rest.start + at.end;
        let before = trim(text, rest.start..at.start);
        let place = place_start(&text[before.clone()]) + before.start;
        let named = trim(text, place..before.end);
        let bare = text[named.clone()].trim_end_matches([',', '.', ' ', ';', '-']);
        if !bare.is_empty() {
            head.place = Some(Para::of(lines, index, named.start..named.start + bare.len()));
        }
        // the comma belongs to the date's span, so that nothing is left over
        head.date = Some((Para::of(lines, index, named.start + bare.len()..at.end), found.iso));
        let tail = trim(text, at.end..rest.end);
        if !tail.is_empty() {
            head.dropped.push((Para::of(lines, index, tail), "letterhead"));
        }
        rest = trim(text, before.start..place);
    }
    if rest.is_empty() {
        return;
    }
    let said = words(&text[rest.clone()]);
    let piece = Para::of(lines, index, rest.clone());
    if ["v v ", "ve viec "].iter().any(|p| said.starts_with(p)) && subject.is_none() {
        *subject = Some(piece);
    } else if let Some(s) = subject
        && !capitals(&text[rest.clone()])
        && head.place.is_none()
    {
        s.push(lines, index, rest);
    } else if said.is_empty()
        || said.len() < 3 && !(shouted(&text[rest.clone()]) && !left.is_empty() && head.number.is_none())
        || ["du thao", "mat", "toi mat", "hoa toc", "thuong khan", "khan"].contains(&said.as_str())
    {
        head.dropped.push((piece, "letterhead"));
    } else if capitals(&text[rest.clone()])
        || shouted(&text[rest.clone()])
        // texts from fonts whose capitals were a font of their own are in small letters throughout
        || head.number.is_none() && rest.len() < 90 && (opens_body(&text[rest]) || !left.is_empty())
    {
        left.push(piece);
    } else {
        head.dropped.push((piece, "letterhead"));
    }
}

/// Whether `text` is a word or two in capitals, as the last word of a name that was wrapped.
fn shouted(text: &str) -> bool {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    upper >= 2 && !text.chars().any(char::is_lowercase)
}

/// Where a motto begins in `text`, which it ends: byte offset.
pub(super) fn motto_start(text: &str) -> Option<usize> {
    if text.len() > 300 {
        return None;
    }
    let said = words(text);
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(i, _)| i + 1));
    // the start that fits best: a wrong word too many is within the errors allowed
    let mut best: Option<(usize, usize)> = None;
    // how much of `text` and of `said` lies before the start
    let (mut past, mut len) = (0, 0);
    for at in starts {
        let word = words_len(&text[past..at]);
        len += word + usize::from(word > 0);
        past = at;
        let said = said.get(len..).unwrap_or("");
        if said.len() < 9 {
            break;
        }
        for motto in MOTTOES.iter().filter(|m| alike(m, said)) {
            let distance = levenshtein(motto, said);
            if best.is_none_or(|b| distance < b.0) {
                best = Some((distance, at));
            }
        }
    }
    best.map(|b| b.1)
}

/// Where a place name begins in what stands before a date: behind the words in capitals of the left column.
fn place_start(before: &str) -> usize {
    let mut at = 0;
    let mut cut = 0;
    let mut shouting = true;
    for word in before.split_inclusive(' ') {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        shouting =
            shouting && (letters.is_empty() || letters.len() > 1 && letters.iter().all(|c| c.is_uppercase()));
        at += word.len();
        if shouting && !letters.is_empty() {
            cut = at;
        }
    }
    // a place in capitals has nothing before it
    if cut == before.len() { 0 } else { cut }
}

/// Joins the lines of the left column to bodies: the last is the issuer, one above it the superior.
fn bodies(left: Vec<Para>, head: &mut Head) {
    let mut found: Vec<Para> = Vec::new();
    for para in left {
        let goes_on = found.last().is_some_and(|prev| {
            let said = words(&prev.text);
            let bare = ["uy ban nhan dan", "hoi dong nhan dan", "ubnd", "hdnd", "ban chap hanh"]
                .contains(&said.as_str());
            // marks count here: a body "... TỈNH" goes on, "... HÀ TĨNH" does not
            let plain = prev.text.to_lowercase();
            let level = ["xã", "phường", "huyện", "quận", "tỉnh", "thành phố", "thị xã", "thị trấn", "và"]
                .iter()
                .any(|l| plain.strip_suffix(l).is_some_and(|p| p.ends_with(' ')));
            let joins = para.text.starts_with(['-', '–'])
                || words(&para.text).starts_with("va ")
                || prev.text.ends_with(['-', '–', ',']);
            bare || level || joins || !opens_body(&para.text)
        });
        match found.last_mut() {
            Some(prev) if goes_on => prev.append(para),
            _ => found.push(para),
        }
    }
    for para in &mut found {
        let bare = super::signers::unspecked(&para.text).into_owned();
        // only at the end: a letter alone between words may be a name
        if para.text.starts_with(&bare) {
            para.text = bare;
        }
    }
    head.issuer = found.pop();
    let mut above = found.into_iter();
    head.parent = above.next();
    if let Some(parent) = &mut head.parent {
        above.for_each(|p| parent.append(p));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    fn head(text: &str) -> Head {
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let layout = Layout::of(&pages, &lines);
        let live: Vec<usize> = (0..lines.len()).collect();
        read(&layout, &lines, &live)
    }

    fn text(p: &Option<Para>) -> Option<&str> {
        p.as_ref().map(|p| p.text.as_str())
    }

    #[test]
    fn two_columns_run_together() {
        let h = head(
            "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nXÃ PHÚ AN Độc lập – Tự do – Hạnh phúc\nSố: 12/KH-UBND Phú An, ngày 04 tháng 8 năm 2022\nKẾ HOẠCH\n\nPhòng, chống dịch bệnh mùa hè\ntrên địa bàn xã Phú An\n\nCăn cứ Luật Thú y;\n",
        );
        assert_eq!(text(&h.issuer), Some("ỦY BAN NHÂN DÂN XÃ PHÚ AN"));
        assert_eq!(text(&h.parent), None);
        assert_eq!(h.number.and_then(|n| n.1).as_deref(), Some("12/KH-UBND"));
        assert_eq!(text(&h.place), Some("Phú An"));
        assert_eq!(h.date.and_then(|d| d.1).as_deref(), Some("2022-08-04"));
        assert_eq!(text(&h.kind), Some("KẾ HOẠCH"));
        assert_eq!(text(&h.title), Some("Phòng, chống dịch bệnh mùa hè trên địa bàn xã Phú An"));
    }

    #[test]
    fn two_columns_as_blocks() {
        let h = head(
            "ĐẢNG BỘ TỈNH LONG SƠN\nHUYỆN ỦY BÌNH KHÊ\n*\nSố 7-KH/HU\nĐẢNG CỘNG SẢN VIỆT NAM\nBình Khê, ngày 3 tháng 5 năm 2011\nKẾ HOẠCH\nThực hiện Nghị quyết đại hội\n-----\nCăn cứ Điều lệ Đảng;\n",
        );
        assert_eq!(text(&h.parent), Some("ĐẢNG BỘ TỈNH LONG SƠN"));
        assert_eq!(text(&h.issuer), Some("HUYỆN ỦY BÌNH KHÊ"));
        assert_eq!(h.number.and_then(|n| n.1).as_deref(), Some("7-KH/HU"));
        assert_eq!(text(&h.title), Some("Thực hiện Nghị quyết đại hội"));
    }

    #[test]
    fn a_long_body_over_two_lines_below_its_superior() {
        let h = head(
            "UBND TỈNH HÒA AN CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ LAO ĐỘNG - THƯƠNG BINH Độc lập - Tự do - Hạnh phúc\nVÀ XÃ HỘI\nSố: 5/KH-SLĐTBXH Hòa An, ngày 9 tháng 9 năm 2019\nKẾ HOẠCH\nĐào tạo nghề\n",
        );
        assert_eq!(text(&h.parent), Some("UBND TỈNH HÒA AN"));
        assert_eq!(text(&h.issuer), Some("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"));
    }

    #[test]
    fn letterheads_in_small_letters() {
        let h = head(
            "uỷ ban nhân dân    cộng hoà xã hội chủ nghĩa việt nam\nhuyện phú lộc    Độc lập - Tự do - Hạnh phúc\nSố: 12/KH-UB    Phú Lộc, ngày 9 tháng 9 năm 2003\nkế hoạch\nTrồng cây\nI. Mục đích\n",
        );
        assert_eq!(text(&h.issuer), Some("uỷ ban nhân dân huyện phú lộc"));
        assert_eq!(text(&h.kind), Some("kế hoạch"));
        assert_eq!(text(&h.place), Some("Phú Lộc"));
    }

    #[test]
    fn kind_and_title_in_one_line_without_a_letterhead() {
        let h = head("KẾ HOẠCH TRỒNG CÂY XUÂN NĂM 2023\n\nI. MỤC ĐÍCH\n");
        assert_eq!((text(&h.kind), text(&h.title)), (Some("KẾ HOẠCH"), Some("TRỒNG CÂY XUÂN NĂM 2023")));
        assert_eq!(text(&h.issuer), None);
    }
}
