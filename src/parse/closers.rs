//! The paragraphs that close a document, taken off the last item above the signature.

use super::fold::{begins, words};
use super::paragraphs::Para;
use super::rules::KINDS;
use super::tree::{Node, last_node};

/// Folded beginnings of closing paragraphs, with how surely they close.
const CLOSERS: [(&str, u8); 12] = [
    ("tren day la", 6),
    ("tren day", 4),
    ("yeu cau", 3),
    ("de nghi cac", 2),
    ("de nghi", 1),
    ("trong qua trinh", 4),
    ("can cu ke hoach nay", 4),
    ("can cu", 1),
    ("nhan duoc", 4),
    ("uy ban nhan dan", 1),
    ("ubnd", 1),
    ("giao", 1),
];

/// How much a paragraph reads like one that closes a document.
fn closes(text: &str) -> u8 {
    let head: String = text.chars().take(60).collect();
    let said = words(&head);
    let cue = CLOSERS.iter().filter(|c| begins(&said, c.0)).map(|c| c.1).max().unwrap_or(0);
    // "Chương trình này được phổ biến ..."
    let itself = KINDS.iter().any(|k| said.strip_prefix(k.0).is_some_and(|r| r.starts_with(" nay ")));
    let cue = if itself { cue.max(4) } else { cue };
    let whole = words(text);
    let asks = ["yeu cau", "de nghi", "phan anh", "nay", "xem xet", "trien khai thuc hien"]
        .iter()
        .filter(|w| whole.contains(*w))
        .count();
    cue + (asks.min(3) as u8)
        + if text.trim_end().ends_with("./.") || text.trim_end().ends_with("/.") { 4 } else { 0 }
}

/// Takes the closing paragraphs off the last item of `nodes`.
pub(super) fn closing_paragraphs(nodes: &mut [Node]) -> Vec<Para> {
    let Some(last) = last_node(nodes) else { return Vec::new() };
    let n = last.paragraphs.len();
    let mut from = n;
    // a heading needs a paragraph of its own unless the only one clearly closes
    let heading =
        !last.text.text.trim_end().ends_with(['.', ';', ':']) && last.text.text.chars().count() < 120;
    while from > 0 {
        let score = closes(&last.paragraphs[from - 1].text);
        let needed = match (from == n, heading && from == 1) {
            (true, false) => 4,
            (true, true) => 6,
            (false, false) => 5,
            (false, true) => 8,
        };
        if score < needed {
            break;
        }
        from -= 1;
    }
    last.paragraphs.split_off(from)
}
