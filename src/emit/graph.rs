//! The graph of citations in Graphviz's language: an arrow from a document to each document that it cites.
//!
//! Documents of the folder are boxes with their titles, others are ellipses. The graph is written document by document; `strict` makes
//! Graphviz draw an arrow once that several documents of one name repeat.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::citation;
use super::digest::Digest;

pub(super) const HEAD: &str = "strict digraph citations {
  rankdir=LR
  node [shape=ellipse]
";

pub(super) const TAIL: &str = "}\n";

/// A longer title is cut in the drawing.
const LONGEST: usize = 80;

/// Adds a document and its arrows; the weight of one is the number of mentions.
pub(super) fn add(digest: &Digest<'_>, out: &mut Vec<u8>) {
    let node = citation::node(digest);
    let mut arrows: BTreeMap<String, u32> = BTreeMap::new();
    for cited in citation::cited(digest).into_iter().flatten().filter(|cited| *cited != node) {
        *arrows.entry(cited).or_default() += 1;
    }
    let mut label = node.clone();
    if let Some(title) = digest.header.title.as_deref() {
        label.push('\n');
        label.extend(title.chars().take(LONGEST));
        label.push_str(if title.chars().nth(LONGEST).is_some() { "…" } else { "" });
    }
    let mut text = String::new();
    // writing to a String cannot fail
    let _ = writeln!(text, "  {} [shape=box label={}]", quoted(&node), quoted(&label));
    for (cited, mentions) in arrows {
        let _ = writeln!(text, "  {} -> {} [weight={mentions}]", quoted(&node), quoted(&cited));
    }
    out.extend_from_slice(text.as_bytes());
}

/// A name as it stands in the language: quotes and backslashes escaped, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_end_their_quotes() {
        assert_eq!(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
        assert_eq!(quoted("x\ny\tz"), "\"x\\ny z\"");
    }
}
