//! What recognition would also have accepted: alternatives for single letters, each with the engine's confidence.
//!
//! A letter that the engine was sure of has no rival with any confidence; where the print is bad it has several (`bồ`: ộ 65, ổ 63, ỗ 63). A word of the
//! lexicon that differs from what was read in one such letter costs `-ln (q / 200)`, with `q` the confidence (0 to 100): a rival that is as
//! confident as the engine can be is about as likely as what it chose. The less of this and the channel's cost counts.

use std::ops::Range;

use super::units::Unit;
use crate::model::page::{Page, Word};

/// Rivals with less confidence than this say nothing.
const LEAST: f32 = 1.0;
/// The confidence at which a rival costs nothing.
const WHOLE: f32 = 200.0;

/// What a unit may also have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    /// The unit.
    pub unit: usize,
    /// It with one letter replaced.
    pub text: String,
    /// What that costs, in nats.
    pub cost: f32,
}

/// Rivals of the units of a page, in the order of the units.
#[derive(Debug, Clone, Default)]
pub struct Hints(Vec<Hint>);

impl Hints {
    /// Those of a page. Pages without alternatives have none.
    #[must_use]
    pub fn new(page: &Page, units: &[Unit]) -> Hints {
        let mut hints = Vec::new();
        let mut next = 0;
        for word in page.lines.iter().flat_map(|l| &l.words).filter(|w| !w.alternatives.is_empty()) {
            next += units[next..].partition_point(|u| u.span.end <= word.span.start);
            let inside = units[next..].iter().enumerate().take_while(|(_, u)| u.span.start < word.span.end);
            for (i, unit) in inside {
                rivals(&page.raw, word, &unit.span, next + i, &mut hints);
            }
        }
        Hints(hints)
    }

    /// Those of one unit.
    #[must_use]
    pub fn of(&self, unit: usize) -> &[Hint] {
        let from = self.0.partition_point(|h| h.unit < unit);
        let to = from + self.0[from..].partition_point(|h| h.unit == unit);
        &self.0[from..to]
    }
}

fn rivals(raw: &str, word: &Word, unit: &Range<usize>, at: usize, out: &mut Vec<Hint>) {
    for alternative in &word.alternatives {
        let place = word.span.start + alternative.at.start..word.span.start + alternative.at.end;
        if place.start < unit.start || place.end > unit.end {
            continue;
        }
        let (Some(head), Some(tail)) = (raw.get(unit.start..place.start), raw.get(place.end..unit.end))
        else {
            continue;
        };
        for (reading, confidence) in alternative.readings.iter().filter(|r| r.1 >= LEAST) {
            let cost = -(confidence.min(WHOLE) / WHOLE).ln();
            out.push(Hint { unit: at, text: format!("{head}{reading}{tail}"), cost });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;
    use crate::model::page::Alternative;
    use crate::restore::units::units;

    #[test]
    fn rivals_replace_letters_of_their_unit() {
        let mut page = Page::from_text(1, Decision::Ocr, "sửa đồi, bồ sung");
        let readings = vec![("ổ".to_owned(), 50.0), ("ỏ".to_owned(), 0.0)];
        page.lines[0].words[1].alternatives = vec![Alternative { at: 2..5, readings }];
        let hints = Hints::new(&page, &units(&page.raw, &[]));
        assert_eq!(hints.of(1), [Hint { unit: 1, text: "đổi".into(), cost: 4f32.ln() }]);
        assert!(hints.of(0).is_empty() && hints.of(2).is_empty() && hints.of(9).is_empty());
    }
}
