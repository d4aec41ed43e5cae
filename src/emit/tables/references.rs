//! The table of references: an edge of the graph of citations a row, one for each mention.

use super::{Cell, Digest};
use crate::emit::citation;

pub(super) const COLUMNS: [&str; 8] = ["document", "node", "cited", "kind", "number", "date", "raw", "page"];

/// A row a mention, in order.
pub(super) fn rows(digest: &Digest<'_>, row: &mut dyn FnMut(&[Cell<'_>])) {
    let node = citation::node(digest);
    for (reference, cited) in digest.references.iter().zip(citation::cited(digest)) {
        let cells: [Cell<'_>; COLUMNS.len()] = [
            Cell::text(&digest.name),
            Cell::text(&node),
            cited.map_or(Cell::Empty, |cited| Cell::Text(cited.into())),
            Cell::of(&reference.kind),
            Cell::of(&reference.number),
            Cell::of(&reference.date),
            Cell::text(&reference.raw),
            Cell::page(&reference.spans),
        ];
        row(&cells);
    }
}
