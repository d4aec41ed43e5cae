//! Appendices: a label, a title and most often a table, which text alone shows as rows without cell borders.
//!
//! With boxes, cells are parted by wide gaps ([`super::lines`]). Without them a row is told by its running number, and its
//! cells by what they hold: the heads of the columns each begin with a capital, figures stand at the right.

use super::breaks::capitals;
use super::fold::{begins, fold, words};
use super::lines::{Layout, Line, trim};
use super::paragraphs::Para;
use super::table;
use crate::model::RestoredPage;

/// An appendix.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// `Phụ lục I`.
    pub label: Option<Para>,
    /// Title.
    pub title: Option<Para>,
    /// Column heads.
    pub columns: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// Everything in it.
    pub all: Para,
}

/// Lines among which the label of an appendix stands.
pub(super) const LABEL_REACH: usize = 4;

/// Whether `text` is the label of an appendix: `PHỤ LỤC`, `Phụ lục II`, `Biểu số 3`.
pub(super) fn is_label(text: &str) -> bool {
    if text.len() > 300 || !text.starts_with(['P', 'p', 'B', 'b']) {
        return false;
    }
    let label = &text[..label_width(text)];
    if label.len() > 60 {
        return false;
    }
    let said = words(label);
    let Some(rest) = ["phu luc", "phu bieu", "bieu so", "bieu mau so", "bieu mau"]
        .iter()
        .find_map(|l| said.strip_prefix(l))
    else {
        return false;
    };
    let rest = rest.trim_start().trim_start_matches("so ").trim_start_matches("so");
    rest.is_empty()
        || rest.split(' ').count() == 1 && rest.len() <= 4 && text.starts_with(|c: char| c.is_uppercase())
}

/// Bytes of the label at the head of `text`; in `PHỤ LỤC I: DANH MỤC ...` the title follows in the same line.
fn label_width(text: &str) -> usize {
    let Some(at) = text.find([':', '.', '–', '-']).filter(|at| *at < 40) else { return text.len() };
    let rest = text[at..].trim_start_matches([':', '.', '–', '-', ' ']);
    let titled = rest.starts_with(char::is_uppercase) && rest.chars().count() > 3;
    if titled { text[..at].trim_end().len() } else { text.len() }
}

/// Reads one appendix; its label, if it has one, is the first of `live` (indices into `lines`).
pub(super) fn read(pages: &[RestoredPage], layout: &Layout, lines: &[Line<'_>], live: &[usize]) -> Found {
    let mut out = Found::default();
    let whole = |i: usize| 0..lines[i].text.len();
    for &i in live {
        out.all.push(lines, i, whole(i));
    }
    let mut title = Para::default();
    let mut rest = live.to_vec();
    // readers may put a line above the label that stands below it
    let label = live.iter().take(LABEL_REACH).position(|i| is_label(lines[*i].text));
    if let Some(at) = label {
        let first = rest.remove(at);
        let width = label_width(lines[first].text);
        out.label = Some(Para::of(lines, first, 0..width));
        let after = width + lines[first].text[width..].find(char::is_alphanumeric).unwrap_or(0);
        if width < lines[first].text.len() {
            title.push(lines, first, after..lines[first].text.len());
        }
    }
    let rest = rest.as_slice();
    if let Some((table, above)) = table::read(pages, lines, rest) {
        let mut left = above;
        for &i in rest {
            let words = pages.get(lines[i].page).and_then(|p| lines[i].words(p));
            let count = words.map_or(0, |w| w.filter(|(t, _)| table::counts(t)).count());
            if left < count.max(1) {
                break;
            }
            left -= count;
            if !lines[i].text.starts_with('(') {
                title.push(lines, i, whole(i));
            }
        }
        out.title = Some(title).filter(|t| !t.text.is_empty());
        (out.columns, out.rows) = (table.columns, table.rows);
        return out;
    }
    let head = rest.iter().position(|i| heads_table(lines[*i].text));
    let titled = head.unwrap_or_else(|| rest.iter().take_while(|i| is_title(layout, lines, **i)).count());
    for &i in &rest[..titled] {
        if !lines[i].text.starts_with('(') {
            title.push(lines, i, whole(i));
        }
    }
    if !title.text.is_empty() {
        out.title = Some(title);
    }
    let Some(head) = head else {
        out.rows = rest[titled..].iter().map(|i| vec![lines[*i].text.to_owned()]).collect();
        return out;
    };
    rows(lines, &rest[head..], &mut out);
    out
}

fn is_title(layout: &Layout, lines: &[Line<'_>], index: usize) -> bool {
    let line = &lines[index];
    capitals(line.text) || layout.centred(line) == Some(true) || line.text.starts_with('(')
}

/// Whether `text` begins the heads of a table's columns.
pub(super) fn heads_table(text: &str) -> bool {
    let first = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if !first.starts_with(['S', 's', 'T', 't']) {
        return false;
    }
    let said = words(text);
    ["stt", "tt", "so tt"].iter().any(|h| begins(&said, h)) && said.len() > 3
}

/// Parts the lines of a table into heads and rows.
fn rows(lines: &[Line<'_>], live: &[usize], out: &mut Found) {
    let mut number = 0_u32;
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    for &i in live {
        let text = lines[i].text;
        let word = text.split(' ').next().unwrap_or("").trim_end_matches('.');
        let next = word.parse::<u32>().is_ok_and(|n| n == number + 1) && text.len() > word.len();
        let total = ["cong", "tong cong", "tong"].iter().any(|t| begins(&words(text), t)) && number > 0;
        if next || total {
            number += u32::from(next);
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(i);
        }
    }
    let mut groups = groups.into_iter();
    let text = |group: &[usize]| {
        let mut para = Para::default();
        group.iter().for_each(|i| para.push(lines, *i, 0..lines[*i].text.len()));
        para.text
    };
    let cells = |group: &[usize]| -> Option<Vec<String>> {
        let [only] = group else { return None };
        if lines[*only].text.contains(" | ") {
            return Some(lines[*only].text.split('|').map(|c| c.trim().to_owned()).collect());
        }
        let cells = lines[*only].cells();
        (cells.len() > 1).then(|| cells.into_iter().map(|c| lines[*only].text[c].to_owned()).collect())
    };
    let head = groups.next().unwrap_or_default();
    out.columns = cells(&head).unwrap_or_else(|| head_cells(&text(&head)));
    let width = out.columns.len();
    for group in groups {
        let numbered =
            group.first().is_some_and(|i| lines[*i].text.starts_with(|c: char| c.is_ascii_digit()));
        let row = cells(&group).and_then(|mut c| {
            // the sum at the foot has no running number
            if c.len() + 1 == width && !numbered {
                c.insert(0, String::new());
            }
            (c.len() == width).then_some(c)
        });
        out.rows.push(row.unwrap_or_else(|| row_cells(&text(&group), width)));
    }
}

/// Heads of columns: each begins with a capital and goes on in small letters.
fn head_cells(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_i32;
    for word in text.split(' ') {
        let mut chars = word.chars();
        let first = chars.next();
        let opens =
            first.is_some_and(char::is_uppercase) && depth == 0 && (out.len() <= 1 || !is_acronym(word));
        match out.last_mut() {
            Some(last) if !opens => {
                last.push(' ');
                last.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
        depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
    }
    out
}

fn is_acronym(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() >= 2 && word.chars().all(|c| !c.is_lowercase())
}

/// The cells of a row of `width` columns: its number first, figures at the right, the rest at capitals.
fn row_cells(text: &str, width: usize) -> Vec<String> {
    let mut words: Vec<&str> = text.split(' ').collect();
    if width <= 1 || words.len() < 2 {
        return vec![text.to_owned()];
    }
    // the words of a sum are one cell, the running number is missing there
    let sum = ["tong cong", "tong so", "cong"].iter().find(|t| begins(&super::fold::words(text), t));
    let lead = sum.map_or(1, |t| t.split(' ').count()).min(words.len());
    let rest = words.split_off(lead);
    let mut out = vec![words.join(" ")];
    let mut words = rest;
    let mut right: Vec<String> = Vec::new();
    while right.len() + out.len() + 1 < width && words.len() > 1 && words.last().is_some_and(|w| is_figure(w))
    {
        // "Tháng 3", "Quý IV năm 2022" are one cell
        let unit = fold(words.get(words.len().saturating_sub(2)).copied().unwrap_or(""));
        if ["thang", "quy", "nam", "ngay", "truoc"].contains(&unit.as_str()) {
            break;
        }
        if let Some(w) = words.pop() {
            right.push(w.to_owned());
        }
    }
    right.reverse();
    let middle = width.saturating_sub(out.len() + right.len()).max(1);
    out.extend(spread(&words, middle));
    out.append(&mut right);
    out
}

fn is_figure(word: &str) -> bool {
    word == "%"
        || (word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_digit() || ".,%/".contains(c)))
}

/// `words` over `count` cells, cut where a capital or a run of figures begins.
fn spread(words: &[&str], count: usize) -> Vec<String> {
    // the surest places to cut are those before bodies and figures, then those furthest right
    let (mut sure, mut weak): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for i in 1..words.len() {
        let capital = words[i].starts_with(char::is_uppercase);
        let unit = ["thang", "quy", "nam", "ngay", "truoc", "so"].contains(&fold(words[i - 1]).as_str());
        let figure = !unit && is_figure(words[i]) != is_figure(words[i - 1]);
        let agency = capital && super::rules::opens_body(&words[i..words.len().min(i + 3)].join(" "));
        if is_figure(words[i]) && figure || agency {
            sure.push(i);
        } else if figure || (capital && !words[i - 1].starts_with(char::is_uppercase)) {
            weak.push(i);
        }
    }
    let wanted = count.saturating_sub(1);
    let mut cuts: Vec<usize> = sure.split_off(sure.len().saturating_sub(wanted));
    cuts.extend(weak.split_off(weak.len().saturating_sub(wanted - cuts.len())));
    cuts.sort_unstable();
    let mut out = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([words.len()]) {
        let cell = words[from..cut].join(" ");
        out.push(cell[trim(&cell, 0..cell.len())].to_owned());
        from = cut;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        assert!(is_label("PHỤ LỤC"));
        assert!(is_label("Phụ lục II"));
        assert!(is_label("Phụ lục số 3"));
        assert!(!is_label("Phụ lục kèm theo Kế hoạch này"));
        assert!(!is_label("(Có Phụ lục kèm theo)"));
    }

    #[test]
    fn heads_and_rows_from_text() {
        let heads = head_cells("STT Nội dung nhiệm vụ Cơ quan chủ trì Thời gian hoàn thành");
        assert_eq!(heads, ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"]);
        assert_eq!(
            row_cells("4 Huyện Bình Khê 1.785 12 09", 5),
            ["4", "Huyện Bình Khê", "1.785", "12", "09"]
        );
        assert_eq!(
            row_cells("1 Tập huấn nghiệp vụ Phòng Tư pháp Tháng 3", 4),
            ["1", "Tập huấn nghiệp vụ", "Phòng Tư pháp", "Tháng 3"]
        );
    }
}
