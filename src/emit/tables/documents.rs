//! The table of documents: what each one is, who signed it, how much it holds and how far to trust it.

use super::{Cell, Digest};
use crate::emit::citation;
use crate::emit::digest::Section;
use crate::model::plan::Grade;

pub(super) const COLUMNS: [&str; 34] = [
    "document",
    "node",
    "issuer_parent",
    "issuer",
    "number",
    "place",
    "date",
    "kind",
    "title",
    "period_from",
    "period_to",
    "authority",
    "position",
    "signer",
    "cosigners",
    "recipients",
    "pages",
    "sections",
    "attached",
    "references",
    "tasks",
    "assignments",
    "appendices",
    "footnotes",
    "words",
    "changed",
    "doubtful",
    "grade",
    "recognition",
    "warnings",
    "source",
    "media_type",
    "sha256",
    "tool",
];

/// One row.
pub(super) fn rows(digest: &Digest<'_>, row: &mut dyn FnMut(&[Cell<'_>])) {
    let (header, quality, source) = (&digest.header, &digest.quality, &digest.source);
    let [from, to] = Cell::period(&header.period);
    let sections: usize =
        items(&digest.sections) + digest.attached.iter().map(|a| items(&a.sections)).sum::<usize>();
    let cells: [Cell<'_>; COLUMNS.len()] = [
        Cell::text(&digest.name),
        Cell::Text(citation::node(digest).into()),
        Cell::of(&header.issuer_parent),
        Cell::of(&header.issuer),
        Cell::of(&header.number),
        Cell::of(&header.place),
        Cell::of(&header.date),
        Cell::of(&header.kind),
        Cell::of(&header.title),
        from,
        to,
        Cell::of(&digest.signature.authority),
        Cell::of(&digest.signature.position),
        Cell::of(&digest.signature.name),
        Cell::List(digest.cosigners.iter().filter_map(|signed| signed.name.as_deref()).collect()),
        Cell::list(&digest.recipients),
        Cell::Count(source.pages),
        Cell::count(sections),
        Cell::count(digest.attached.len()),
        Cell::count(digest.references.len()),
        Cell::count(digest.tasks.len()),
        Cell::count(digest.assignments.len()),
        Cell::count(digest.appendices.len()),
        Cell::count(digest.footnotes.len()),
        Cell::Count(quality.words),
        Cell::Count(quality.changed),
        Cell::Count(quality.doubtful),
        Cell::text(match quality.grade {
            Grade::Good => "good",
            Grade::Fair => "fair",
            Grade::Poor => "poor",
        }),
        quality.recognition.map_or(Cell::Empty, Cell::Number),
        Cell::List(digest.warnings.iter().map(|warning| &*warning.code).collect()),
        Cell::text(&source.path),
        Cell::text(&source.media_type),
        Cell::text(&source.sha256),
        Cell::text(&source.tool),
    ];
    row(&cells);
}

/// How many items there are, on all levels.
fn items(sections: &[Section<'_>]) -> usize {
    let mut left: Vec<&Section<'_>> = sections.iter().collect();
    let mut count = 0;
    while let Some(section) = left.pop() {
        count += 1;
        left.extend(&section.children);
    }
    count
}
