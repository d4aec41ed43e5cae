//! From restored pages to a plan: letterhead, outline, recipients, signature, notes, references, tasks.
//!
//! ```text
//! lines ─▶ furniture, notes out ─▶ letterhead │ body │ end │ appendices ─▶ outline of the body ─▶ plan
//! ```
//!
//! * [`parse`] cannot fail: any text gives a plan and, where something looks wrong, warnings.
//! * Every non-white character of the raw pages is in exactly one place of the plan or in `dropped` with a reason.
//! * Time and memory are linear in the input.
//! * It knows no spelling: phrases are compared without marks and with room for errors (`fold`).
//!
//! ```
//! let plan = sohoa::parse::parse_text("KẾ HOẠCH\nTrồng cây\n\nI. MỤC ĐÍCH\n1. Phủ xanh đất trống.\n");
//! assert_eq!(plan.header.title.as_deref(), Some("Trồng cây"));
//! assert_eq!(plan.sections[0].children[0].text, "Phủ xanh đất trống.");
//! ```

mod abbreviations;
mod account;
mod amounts;
mod appendix;
mod assemble;
mod assignments;
mod breaks;
mod closers;
mod closing;
mod dates;
mod fold;
mod footnotes;
mod furniture;
mod glyphs;
mod header;
mod lines;
mod markers;
mod mentions;
mod numbered;
mod numerals;
mod outline;
mod paragraphs;
mod periods;
mod places;
mod references;
mod rules;
mod scan;
mod signers;
mod split;
mod symbols;
mod table;
mod tasks;
mod title;
mod tree;
mod warnings;
mod worded;
mod zones;

pub use account::{Unaccounted, accounted};
pub use split::starts;

use crate::model::{Decision, Page, Plan, RestoredPage};

/// The plan that `pages` show. Source, pages, corrections, doubtful words and quality are left to the caller.
#[must_use]
pub fn parse(pages: &[RestoredPage]) -> Plan {
    let mut lines = lines::read(pages);
    let layout = lines::Layout::of(pages, &lines);
    let furniture = furniture::find(&lines, pages.len());
    let live: Vec<usize> = (0..lines.len()).filter(|i| furniture[*i].is_none()).collect();
    lines::reopen(&mut lines, &live, &furniture);
    let breaks = breaks::Breaks::of(&layout, &lines, &live);
    let (notes, live) = footnotes::take(&breaks, &lines, &live);
    let zones = zones::split(&layout, &lines, &live);
    assemble::plan(
        &assemble::Source { pages, lines: &lines, layout: &layout, breaks: &breaks, furniture: &furniture },
        zones,
        notes,
    )
}

/// The plan that a plain text shows; pages are split at form feeds.
#[must_use]
pub fn parse_text(text: &str) -> Plan {
    let pages: Vec<RestoredPage> = text
        .split('\u{c}')
        .zip(1_u32..)
        .map(|(page, number)| RestoredPage::unchanged(Page::from_text(number, Decision::Text, page)))
        .collect();
    parse(&pages)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every non-white character of `text` is in exactly one place.
    fn accounted(text: &str) -> Result<(), Unaccounted> {
        let pages: Vec<RestoredPage> = text
            .split('\u{c}')
            .zip(1_u32..)
            .map(|(page, number)| RestoredPage::unchanged(Page::from_text(number, Decision::Text, page)))
            .collect();
        super::accounted(&pages, &parse(&pages))
    }

    /// Lines as documents have them, and worse.
    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            "[IVXl1H]{1,4}[.)/-] ?[A-ZĐa-zđ ]{0,30}",
            "[0-9]{1,2}(\\.[0-9]{1,2}){0,3}[.)]? .{0,20}",
            "[a-zđ]\\) [A-Z][a-z ]{0,60}",
            "[-+*•=] .{0,40}",
            "(Phần|Chương|Mục|Điều|PHỤ LỤC|Phụ lục) [IVX0-9]{0,3}\\.? ?.{0,10}",
            "(KẾ HOẠCH|QUYẾT ĐỊNH:?|QUY CHẾ|SỞ Y TẾ|Số: 1/KH-UBND|\\(Ban hành kèm theo x\\))",
            "(Nơi nhận:|- Lưu: VT; .{0,12}|TM. ỦY BAN|KT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Lê Văn An|STT Tên|[0-9]{1,2})",
            "[¹²³⁴] .{0,30}",
            "Huế, ngày [0-9]{0,2} tháng [0-9]{1,2} năm 20[0-9]{2}",
            "(Đơn vị|Cơ quan) (chủ trì|phối hợp): .{0,30}",
            ".{0,80}",
            "[ \t]{0,3}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_text_is_accounted_for(text in "\\PC{0,300}") {
            prop_assert_eq!(accounted(&text), Ok(()));
        }

        #[test]
        fn any_lines_are_accounted_for(lines in prop::collection::vec(line(), 0..60), breaks in prop::collection::vec(0..60_usize, 0..3)) {
            let mut text = String::new();
            for (i, line) in lines.iter().enumerate() {
                text.push_str(line);
                text.push(if breaks.contains(&i) { '\u{c}' } else { '\n' });
            }
            prop_assert_eq!(accounted(&text), Ok(()));
        }
    }

    #[test]
    fn nothing_gives_an_empty_plan_with_a_warning() {
        let plan = parse(&[]);
        assert_eq!(plan.schema_version, crate::model::plan::SCHEMA_VERSION);
        assert!(plan.sections.is_empty());
        assert!(plan.warnings.iter().any(|w| w.code == "no-header"));
    }
}
