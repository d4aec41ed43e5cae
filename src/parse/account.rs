//! The invariant that nothing is lost: every character of the raw pages is in exactly one place of the plan.
//!
//! Places are the spans of header fields, items, listed paragraphs, signature, footnotes, appendices and `dropped`. Spans of
//! what the text *mentions* (references, dates, amounts, tasks ...) lie over these and do not count.

use crate::model::plan::{Plan, Section};
use crate::model::{RestoredPage, Span};

/// A character that is in no place, or in more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "page {page}: the character at byte {at} is in {places} places of the plan; please report it with the text"
)]
pub struct Unaccounted {
    /// Page number.
    pub page: u32,
    /// Its byte in the page's raw text.
    pub at: usize,
    /// How many places hold it.
    pub places: usize,
}

/// Checks that every character of `pages` but white space is in exactly one place of `plan`.
///
/// # Errors
/// The first character of which that is not true: a bug in the parser.
///
/// ```
/// use sohoa::model::{Decision, Page, RestoredPage};
/// use sohoa::parse::{accounted, parse};
///
/// let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, "KẾ HOẠCH\nI. MỤC ĐÍCH\n- 1 -\n"))];
/// assert_eq!(accounted(&pages, &parse(&pages)), Ok(()));
/// ```
pub fn accounted(pages: &[RestoredPage], plan: &Plan) -> Result<(), Unaccounted> {
    let mut spans = places(plan);
    spans.sort_unstable();
    for page in pages {
        let number = page.page.number;
        let of_page =
            &spans[spans.partition_point(|s| s.page < number)..spans.partition_point(|s| s.page <= number)];
        // where spans begin and end, and how many are open there
        let mut edges: Vec<(usize, isize)> =
            of_page.iter().flat_map(|s| [(s.start, 1), (s.end, -1)]).collect();
        edges.sort_unstable();
        let (mut next, mut open) = (0, 0_isize);
        for (at, c) in page.page.raw.char_indices() {
            while let Some((_, step)) = edges.get(next).filter(|e| e.0 <= at) {
                open += step;
                next += 1;
            }
            if open != 1 && !c.is_whitespace() {
                return Err(Unaccounted { page: number, at, places: usize::try_from(open).unwrap_or(0) });
            }
        }
    }
    Ok(())
}

/// The spans of all places of `plan`, in no order.
pub(super) fn places(plan: &Plan) -> Vec<Span> {
    fn each(sections: &[Section], out: &mut Vec<Span>) {
        super::tree::each_section(sections, &mut |s| out.extend(&s.spans));
    }
    let mut out: Vec<Span> = plan.header.spans.values().flatten().copied().collect();
    out.extend(plan.spans.values().flatten().flatten());
    plan.signatures().for_each(|s| out.extend(&s.spans));
    out.extend(plan.footnotes.iter().flat_map(|f| &f.spans));
    out.extend(plan.appendices.iter().flat_map(|a| &a.spans));
    out.extend(plan.dropped.iter().map(|d| Span { page: d.page, start: d.start, end: d.end }));
    each(&plan.sections, &mut out);
    for attached in &plan.attached {
        out.extend(attached.spans.values().flatten());
        each(&attached.sections, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page};
    use crate::parse::parse;

    #[test]
    fn lost_and_doubled_characters_are_found() {
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, "I. MỘT\n1. Hai ba.\n"))];
        let mut plan = parse(&pages);
        assert_eq!(accounted(&pages, &plan), Ok(()));
        plan.sections[0].children[0].spans[0].start += 3;
        assert_eq!(accounted(&pages, &plan), Err(Unaccounted { page: 1, at: 9, places: 0 }));
        plan.sections[0].children[0].spans[0].start = 0;
        assert_eq!(accounted(&pages, &plan).map_err(|e| e.places), Err(2));
    }
}
