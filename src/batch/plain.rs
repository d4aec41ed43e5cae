//! A text that is right as it stands, parsed without being restored.

use crate::model::plan::Source;
use crate::model::{Page, Plan, RestoredPage};
use crate::{ingest, parse};

use super::record;

/// The plans in `text`: one, or with `split` one for each letterhead. A document's pages keep their numbers.
#[must_use]
pub fn parse_text(text: &str, source: &Source, split: bool) -> Vec<Plan> {
    let pages: Vec<RestoredPage> =
        ingest::text_pages(text).into_iter().map(RestoredPage::unchanged).collect();
    let source = Source { pages: u32::try_from(pages.len()).unwrap_or(u32::MAX), ..source.clone() };
    if !split {
        return vec![record::plan(&pages, source)];
    }
    let mut starts = parse::starts(&pages);
    starts.push((pages.len(), 0));
    let options = |k: usize| vec!["split".to_owned(), format!("document={k}")];
    starts
        .windows(2)
        .enumerate()
        .map(|(k, w)| {
            let source = Source { options: options(k + 1), ..source.clone() };
            record::plan(&cut(&pages, w[0], w[1]), source)
        })
        .collect()
}

/// The pages between two places (index of a page, byte in it). Parts of pages become pages with the same number.
fn cut(pages: &[RestoredPage], from: (usize, usize), to: (usize, usize)) -> Vec<RestoredPage> {
    let last = if to.1 == 0 { to.0 } else { to.0 + 1 };
    let mut out = Vec::new();
    for (k, page) in pages.iter().enumerate().take(last).skip(from.0) {
        let start = if k == from.0 { from.1 } else { 0 };
        let end = if k == to.0 { to.1 } else { page.text.len() };
        if start == 0 && end == page.text.len() {
            out.push(page.clone());
        } else if let Some(part) = page.text.get(start..end) {
            out.push(RestoredPage::unchanged(Page::from_text(page.page.number, page.page.decision, part)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_hold_the_end_of_one_and_the_beginning_of_the_next() {
        let one = |n: u32| {
            format!(
                "SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {n}/KH-SYT\nHuế, ngày {n} tháng 5 năm 2020\nKẾ HOẠCH\nPhòng bệnh\nI. MỤC ĐÍCH\n1. Một.\u{c}2. Hai.\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\n\n"
            )
        };
        let text = one(1) + &one(2);
        let plans = parse_text(&text, &Source::default(), true);
        let numbers: Vec<_> = plans.iter().map(|p| p.header.number.as_deref()).collect();
        assert_eq!(numbers, [Some("1/KH-SYT"), Some("2/KH-SYT")]);
        assert_eq!(plans[1].pages.iter().map(|p| p.number).collect::<Vec<_>>(), [2, 3]);
        assert!(plans.iter().all(|p| p.sections[0].children.len() == 2));
    }
}
