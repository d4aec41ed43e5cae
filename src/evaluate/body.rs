//! Recognised pages against a typed truth that leaves out some of what the pages show: letterhead, tables, stamps, footnotes.
//!
//! Only what both sides have is judged. The gold counts from its first "Căn cứ" on and without table rows (lines that hold `|`);
//! where one side of an alignment is longer by a run of eight tokens or more, that stretch is layout, not misreading: it is
//! left out and counted as such.

use serde::{Deserialize, Serialize};

use super::distance::distance;
use super::matching::{Kind, align};
use super::text::Rate;
use super::tokens::Tokens;
use crate::model::normal::comparable;

/// From this difference in length on, a stretch is layout.
const LAYOUT_RUN: usize = 8;

/// The figures of one document, or of several together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Gold tokens judged.
    pub judged: usize,
    /// Tokens on either side that have no counterpart and are not judged.
    pub left_out: usize,
    /// Token errors in what is judged.
    pub ser: Rate,
}

impl Figures {
    /// Counts of both together.
    pub fn add(&mut self, other: &Figures) {
        self.judged += other.judged;
        self.left_out += other.left_out;
        self.ser.errors += other.ser.errors;
        self.ser.of += other.ser.of;
    }
}

/// A stretch that was misread, both sides as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misread {
    /// What is true.
    pub want: String,
    /// What was recognised.
    pub got: String,
}

/// Compares recognised text with a typed truth.
///
/// ```
/// let (figures, misread) = sohoa::evaluate::body::compare("SỐ 12 Căn cứ Luật Tố chức", "Số: 12\nCăn cứ Luật Tổ chức");
/// assert_eq!((figures.judged, figures.ser.errors, figures.left_out), (5, 3, 0));
/// assert_eq!(misread[1].got, "Tố");
/// ```
#[must_use]
pub fn compare(recognised: &str, gold: &str) -> (Figures, Vec<Misread>) {
    let gold = without_table_rows(gold);
    let (gold, recognised) = (Tokens::of(&gold), Tokens::of(recognised));
    let opening = ["Căn", "cứ"].map(comparable);
    let start = gold.forms().windows(2).position(|w| w == opening).unwrap_or(0);
    let truth = &gold.forms()[start..];

    let (mut figures, mut misread) = (Figures::default(), Vec::new());
    for stretch in align(truth, recognised.forms()) {
        let (n, m) = (stretch.a.len(), stretch.b.len());
        if stretch.kind == Kind::Equal {
            figures.judged += n;
        } else if n.abs_diff(m) >= LAYOUT_RUN {
            figures.left_out += n.max(m);
        } else {
            figures.judged += n;
            figures.ser.errors += distance(&truth[stretch.a.clone()], &recognised.forms()[stretch.b.clone()]);
            misread.push(Misread {
                want: gold.joined(start + stretch.a.start..start + stretch.a.end),
                got: recognised.joined(stretch.b),
            });
        }
    }
    figures.ser.of = figures.judged;
    (figures, misread)
}

fn without_table_rows(text: &str) -> String {
    let ends_line = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let lines: Vec<&str> = text.split(ends_line).filter(|line| !line.contains('|')).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letterhead_and_rows_are_left_out() {
        let gold = "BỘ Y TẾ\nSố: 1\nCăn cứ Luật\n1 | 2 | 3\nĐiều 1. Giao cho Sở";
        let pages = "x1 x2 x3 x4 x5 x6 x7 x8 Căn cứ Luật Điêu 1. Giao Sở";
        let (figures, misread) = compare(pages, gold);
        // Căn cứ Luật Điều 1. Giao cho Sở: Điêu and the lost "cho"
        assert_eq!(figures, Figures { judged: 8, left_out: 8, ser: Rate { errors: 2, of: 8 } });
        assert_eq!(misread[1], Misread { want: "cho".to_owned(), got: String::new() });
    }

    #[test]
    fn nothing_to_judge() {
        let (figures, _) = compare("", "");
        assert_eq!(figures.ser.value(), 0.0);
    }
}
