//! The table of sections: the outlines, an item a row, in print order.

use super::{Cell, Digest};
use crate::emit::digest::Section;

pub(super) const COLUMNS: [&str; 9] =
    ["document", "attached", "path", "depth", "label", "marker", "text", "paragraphs", "page"];

/// A row an item; those of attached documents follow, with the number of the attached document.
pub(super) fn rows(digest: &Digest<'_>, row: &mut dyn FnMut(&[Cell<'_>])) {
    outline(digest, 0, &digest.sections, row);
    for (k, attached) in digest.attached.iter().enumerate() {
        outline(digest, k + 1, &attached.sections, row);
    }
}

/// With a work list in place of recursion: a tree from elsewhere may be deep.
fn outline(digest: &Digest<'_>, attached: usize, sections: &[Section<'_>], row: &mut dyn FnMut(&[Cell<'_>])) {
    let mut path: Vec<&str> = Vec::new();
    let mut open = vec![sections.iter()];
    while let Some(level) = open.last_mut() {
        let Some(section) = level.next() else {
            open.pop();
            path.pop();
            continue;
        };
        path.push(&section.label);
        let paragraphs: Vec<&str> = section.paragraphs.iter().map(|paragraph| &**paragraph).collect();
        let cells: [Cell<'_>; COLUMNS.len()] = [
            Cell::text(&digest.name),
            Cell::count(attached),
            Cell::path(&path),
            Cell::count(path.len()),
            Cell::text(&section.label),
            Cell::text(&section.marker),
            Cell::text(&section.text),
            if paragraphs.is_empty() { Cell::Empty } else { Cell::Text(paragraphs.join("\n").into()) },
            Cell::page(&section.spans),
        ];
        row(&cells);
        open.push(section.children.iter());
    }
}
