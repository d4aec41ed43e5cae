//! From restored pages to a plan: letterhead, outline, recipients, signature, notes, references, tasks.
//!
//! ```text
//! lines ─▶ furniture, notes out ─▶ letterhead │ body │ end │ appendices ─▶ outline of the body ─▶ plan
//! ```
//!
//! * [`parse`] cannot fail: any text gives a plan and, where something looks wrong, warnings.
//! * Every non-white character of the raw pages is in exactly one place of the plan or in `dropped` with a reason.
//! * Time and memory are linear in the input.
//! * It knows no spelling: phrases are compared without marks and with room for errors ([`fold`]).
//!
//! ```
//! let plan = sohoa::parse::parse_text("KẾ HOẠCH\nTrồng cây\n\nI. MỤC ĐÍCH\n1. Phủ xanh đất trống.\n");
//! assert_eq!(plan.header.title.as_deref(), Some("Trồng cây"));
//! assert_eq!(plan.sections[0].children[0].text, "Phủ xanh đất trống.");
//! ```

mod appendix;
mod assemble;
mod breaks;
mod closing;
mod dates;
mod fold;
mod footnotes;
mod furniture;
mod header;
mod lines;
mod markers;
mod numerals;
mod outline;
mod paragraphs;
mod references;
mod rules;
mod symbols;
mod tasks;
mod tree;
mod warnings;
mod zones;

use crate::model::{Decision, Page, Plan, RestoredPage};

/// The plan that `pages` show. Source, pages, corrections, doubtful words and quality are left to the caller.
#[must_use]
pub fn parse(pages: &[RestoredPage]) -> Plan {
    let lines = lines::read(pages);
    let layout = lines::Layout::of(pages, &lines);
    let furniture = furniture::find(&lines, pages.len());
    let live: Vec<usize> = (0..lines.len()).filter(|i| furniture[*i].is_none()).collect();
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
