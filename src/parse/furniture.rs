//! What paper adds to a text: page numbers, running heads, rules, specks. It is dropped, with the reason.

use std::collections::HashMap;

use super::fold::words;
use super::lines::Line;

/// Why a line is no text: one entry a line, `None` for text.
pub(super) fn find(lines: &[Line<'_>], pages: usize) -> Vec<Option<&'static str>> {
    let mut why: Vec<Option<&'static str>> = vec![None; lines.len()];
    for (i, line) in lines.iter().enumerate() {
        if !line.text.chars().any(char::is_alphanumeric) {
            why[i] = Some("noise");
        }
    }
    // what a seal or a margin leaves: a letter or two alone on a line, where no word was wrapped
    for i in 0..lines.len() {
        let line = &lines[i];
        let shouted = line.text.starts_with(char::is_uppercase) && line.len <= 2
            || line.len <= 3
                && line.text.ends_with(')')
                && !line.text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == 'đ');
        let heading = i > 0 && lines[i - 1].loud;
        if why[i].is_none() && line.recognised && shouted && !heading {
            why[i] = Some("noise");
        }
    }
    let ends_page = |i: usize| lines.get(i + 1).is_none_or(|n| n.page != lines[i].page);
    for (i, line) in lines.iter().enumerate() {
        if why[i].is_some() || !is_page_number(line.text) {
            continue;
        }
        let after = ends_page(i) || lines.get(i + 1).is_some_and(|n| n.blanks > 0);
        let before = line.page_start || line.blanks > 0;
        let edge = (line.page_start || ends_page(i)) && pages > 1;
        if edge || (before && after && i > 0) {
            why[i] = Some("page-number");
        }
    }
    if pages >= 3 {
        running_heads(lines, pages, &mut why);
    }
    why
}

/// `3`, `- 3 -`, `Trang 3/12`.
fn is_page_number(text: &str) -> bool {
    if text.len() > 20 {
        return false;
    }
    let said = words(text);
    let rest = said.strip_prefix("trang ").or_else(|| said.strip_prefix("page ")).unwrap_or(&said);
    let mut numbers = rest.split(' ');
    let number = |n: Option<&str>| n.is_some_and(|n| n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()));
    let bare =
        text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-–—./|".contains(c)) || rest != said;
    bare && number(numbers.next())
        && numbers.next().is_none_or(|n| rest != said && number(Some(n)))
        && numbers.next().is_none()
}

/// First and last lines that most pages share.
fn running_heads(lines: &[Line<'_>], pages: usize, why: &mut [Option<&'static str>]) {
    let mut first: Vec<Option<usize>> = vec![None; pages];
    let mut last: Vec<Option<usize>> = vec![None; pages];
    for (i, line) in lines.iter().enumerate() {
        if why[i].is_none() {
            first[line.page].get_or_insert(i);
            last[line.page] = Some(i);
        }
    }
    for edge in [first, last] {
        let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
        for i in edge.into_iter().flatten() {
            let said: String =
                words(lines[i].text).chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            if said.len() >= 4 && said.len() < 120 {
                seen.entry(said).or_default().push(i);
            }
        }
        for same in seen.into_values().filter(|s| s.len() >= 3 && s.len() * 5 >= pages * 2) {
            same.into_iter().for_each(|i| why[i] = Some("running-head"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    #[test]
    fn numbers_between_blank_lines_are_page_numbers() {
        let text = "I. MỤC ĐÍCH\nĐoạn một\n\n\n2\n\nđoạn hai\n- 3 -\n____\n12 xã";
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let why = find(&lines, 1);
        assert_eq!(why, [None, None, Some("page-number"), None, None, Some("noise"), None]);
    }

    #[test]
    fn heads_of_most_pages_go() {
        let pages: Vec<RestoredPage> = (1..=4)
            .map(|n| {
                let text = format!("Công báo số {n}\nDòng riêng {} của trang\n{n}\n", "x".repeat(n as usize));
                RestoredPage::unchanged(Page::from_text(n, Decision::Text, &text))
            })
            .collect();
        let lines = lines::read(&pages);
        let why = find(&lines, 4);
        assert_eq!(why.iter().filter(|w| **w == Some("running-head")).count(), 4);
        assert_eq!(why.iter().filter(|w| **w == Some("page-number")).count(), 4);
    }
}
