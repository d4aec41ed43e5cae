//! A walk over the items of a plan with a work list in place of recursion: a tree from elsewhere may be deep.

use crate::model::plan::Section;

/// What the walk meets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'s> {
    /// An item at this depth, from 0.
    Open(usize, &'s Section),
    /// Everything below the item that was opened last has been met.
    Close,
}

/// Meets every item of `sections` in print order.
pub(super) fn walk<'s>(sections: &'s [Section], mut meet: impl FnMut(Step<'s>)) {
    let mut open: Vec<std::slice::Iter<'s, Section>> = vec![sections.iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            Some(section) => {
                meet(Step::Open(open.len() - 1, section));
                open.push(section.children.iter());
            }
            None => {
                open.pop();
                if !open.is_empty() {
                    meet(Step::Close);
                }
            }
        }
    }
}

/// Whether an item reads as a heading: something stands below it, and it is no sentence.
pub(super) fn is_heading(section: &Section) -> bool {
    let below = !section.children.is_empty() || !section.paragraphs.is_empty();
    below && section.text.chars().count() <= 160 && !section.text.trim_end().ends_with(['.', ';', ','])
}
