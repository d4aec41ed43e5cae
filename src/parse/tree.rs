//! From the steps of the outline to a tree of items.

use super::lines::Line;
use super::markers::{Kind, Mark, Reading};
use super::outline::Step;
use super::paragraphs::{Bit, Para};
use crate::model::plan::{PageBox, Section};
use crate::model::{BBox, RestoredPage};

/// An item with everything below it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its place among its siblings.
    pub mark: Mark,
    /// The label without its closing sign.
    pub label: String,
    /// The marker as printed.
    pub marker: Para,
    /// Whether the printed form was taken for a misreading.
    pub repaired: bool,
    /// Heading or first paragraph.
    pub text: Para,
    /// Further paragraphs.
    pub paragraphs: Vec<Para>,
    /// Items below.
    pub children: Vec<Node>,
}

impl Node {
    /// Paragraphs that stand before the first item, kept as an item without a label.
    pub fn unlabelled(text: Para, paragraphs: Vec<Para>) -> Node {
        let mark = Mark { kind: Kind::Dash, style: 0, depth: 0, numbers: [0; 4] };
        let (label, marker) = (String::new(), Para::default());
        Node { mark, label, marker, repaired: false, text, paragraphs, children: Vec::new() }
    }
}

/// Paragraphs before the first item, and the items.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    /// What stands before the first item.
    pub lead: Vec<Para>,
    /// The items.
    pub nodes: Vec<Node>,
}

/// Builds the tree of `body` (indices into `lines`) from what each of its lines does.
pub(super) fn build(lines: &[Line<'_>], body: &[usize], steps: Vec<Step>) -> Body {
    let mut out = Body::default();
    let mut open: Vec<Node> = Vec::new();
    for (&index, step) in body.iter().zip(steps) {
        let whole = 0..lines[index].text.len();
        match step {
            Step::Item(depth, reading) => {
                close(&mut out.nodes, &mut open, usize::from(depth));
                open.push(node(lines, index, &reading));
            }
            Step::Paragraph => match open.last_mut() {
                Some(top) if top.text.text.is_empty() && top.paragraphs.is_empty() => {
                    top.text.push(lines, index, whole)
                }
                Some(top) => top.paragraphs.push(Para::of(lines, index, whole)),
                None => out.lead.push(Para::of(lines, index, whole)),
            },
            Step::Continue => match open.last_mut() {
                Some(top) => top.paragraphs.last_mut().unwrap_or(&mut top.text).push(lines, index, whole),
                None => match out.lead.last_mut() {
                    Some(para) => para.push(lines, index, whole),
                    None => out.lead.push(Para::of(lines, index, whole)),
                },
            },
        }
    }
    close(&mut out.nodes, &mut open, 0);
    out
}

fn node(lines: &[Line<'_>], index: usize, reading: &Reading) -> Node {
    let line = &lines[index];
    Node {
        mark: reading.mark,
        label: reading.label(line.text),
        marker: Para::of(lines, index, reading.start..reading.end),
        repaired: reading.repaired,
        text: Para::of(lines, index, reading.text.min(line.text.len())..line.text.len()),
        paragraphs: Vec::new(),
        children: Vec::new(),
    }
}

/// Closes all open items below the `depth` outermost.
fn close(roots: &mut Vec<Node>, open: &mut Vec<Node>, depth: usize) {
    while open.len() > depth {
        let Some(done) = open.pop() else { return };
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => roots.push(done),
        }
    }
}

/// The last item in print order.
pub(super) fn last_node(nodes: &mut [Node]) -> Option<&mut Node> {
    let last = nodes.last_mut()?;
    // depth is bounded by the outline's stack
    if last.children.is_empty() { Some(last) } else { last_node(&mut last.children) }
}

/// Visits every section in print order.
pub(super) fn each_section<'s>(sections: &'s [Section], visit: &mut impl FnMut(&'s Section)) {
    for s in sections {
        visit(s);
        each_section(&s.children, visit);
    }
}

/// The items as the plan shows them.
pub(super) fn sections(pages: &[RestoredPage], lines: &[Line<'_>], nodes: Vec<Node>) -> Vec<Section> {
    nodes
        .into_iter()
        .map(|n| {
            let own = || [&n.marker, &n.text].into_iter().chain(&n.paragraphs).flat_map(|p| &p.bits);
            let spans = super::paragraphs::spans(pages, own().map(|b| (b.page, b.range.clone())));
            let boxes = boxes(pages, lines, own());
            Section {
                label: n.label,
                marker: n.marker.text,
                text: n.text.text,
                paragraphs: n.paragraphs.into_iter().map(|p| p.text).collect(),
                spans,
                boxes,
                children: sections(pages, lines, n.children),
            }
        })
        .collect()
}

/// The boxes of the lines that `bits` stand on, one a line.
fn boxes<'b>(
    pages: &[RestoredPage],
    lines: &[Line<'_>],
    bits: impl Iterator<Item = &'b Bit>,
) -> Vec<PageBox> {
    let mut out: Vec<(usize, PageBox)> = Vec::new();
    for bit in bits {
        let Some((bbox, page)) = lines[bit.line].bbox.zip(pages.get(bit.page)) else { continue };
        if out.last().is_none_or(|(line, _)| *line != bit.line) {
            let bbox = BBox { ..bbox };
            out.push((bit.line, PageBox { page: page.page.number, bbox }));
        }
    }
    out.into_iter().map(|(_, b)| b).collect()
}
