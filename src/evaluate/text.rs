//! Restored text against true text: error rates before and after, words repaired and words harmed.
//!
//! * SER: edits between the token streams / tokens of the gold. CER: the same over characters in comparison spelling, single
//!   spaces between tokens. Caseless: SER after lower-casing both sides. Insertions count, so a rate may exceed 1.
//! * A gold token is *repaired* if what stands at its place was wrong before and is right after, *harmed* the other way round;
//!   places come from [`matching`](super::matching) of each text with the gold.
//!
//! ```
//! let seen = sohoa::evaluate::text::compare("Ke hoach so 5", "Kế hoach số 5", "Kế hoạch số 5");
//! let f = seen.figures;
//! assert_eq!((f.ser_before.errors, f.ser.errors, f.ser.of), (3, 1, 4));
//! assert_eq!((f.repaired, f.harmed), (2, 0));
//! assert_eq!(seen.wrong[0].want.as_deref(), Some("hoạch"));
//! ```

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::distance::{char_distance, distance};
use super::matching::{Kind, Stretch, align, partners};
use super::tokens::Tokens;

/// Errors and what they are counted over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Edits.
    pub errors: usize,
    /// Units of the gold.
    pub of: usize,
}

impl Rate {
    /// Errors per unit; over nothing, the number of errors.
    #[must_use]
    pub fn value(self) -> f64 {
        self.errors as f64 / self.of.max(1) as f64
    }

    fn add(&mut self, other: Rate) {
        self.errors += other.errors;
        self.of += other.of;
    }
}

/// The figures of one document, or of several together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Tokens of the gold.
    pub gold_tokens: usize,
    /// Token errors of the raw text.
    pub ser_before: Rate,
    /// Token errors of the restored text.
    pub ser: Rate,
    /// Token errors of the restored text, case apart.
    pub ser_caseless: Rate,
    /// Character errors of the raw text.
    pub cer_before: Rate,
    /// Character errors of the restored text.
    pub cer: Rate,
    /// Gold tokens wrong before, right after.
    pub repaired: usize,
    /// Gold tokens right before, wrong after.
    pub harmed: usize,
}

impl Figures {
    /// Counts of both together: rates of the sum weigh documents by their length.
    pub fn add(&mut self, other: &Figures) {
        self.gold_tokens += other.gold_tokens;
        self.ser_before.add(other.ser_before);
        self.ser.add(other.ser);
        self.ser_caseless.add(other.ser_caseless);
        self.cer_before.add(other.cer_before);
        self.cer.add(other.cer);
        self.repaired += other.repaired;
        self.harmed += other.harmed;
    }
}

/// A place where the restored text differs from the gold. All words are as printed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WrongWord {
    /// What the raw text had there.
    pub raw: Option<String>,
    /// What the restored text has; `None` where the word is missing.
    pub got: Option<String>,
    /// What is true; `None` where the restored text has a word too many.
    pub want: Option<String>,
    /// Gold words before it.
    pub before: String,
    /// Gold words after it.
    pub after: String,
    /// Byte range of `got` in the restored text.
    pub at: Option<Range<usize>>,
    /// Whether the restorer itself had said that the word is doubtful; see [`Comparison::mark_doubtful`].
    pub doubtful: bool,
}

/// One document compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Error rates and counts.
    pub figures: Figures,
    /// Every place that is still wrong, in order.
    pub wrong: Vec<WrongWord>,
    /// Every token of the restored text: its byte range, and whether it is right. With the restorer's confidences these are the
    /// pairs of [`calibration`](super::calibration).
    pub judged: Vec<(Range<usize>, bool)>,
}

/// Words of context on either side of a wrong word.
const CONTEXT: usize = 4;

/// Compares the raw and the restored text with the gold.
#[must_use]
pub fn compare(raw: &str, restored: &str, gold: &str) -> Comparison {
    let (raw, restored, gold) = (Tokens::of(raw), Tokens::of(restored), Tokens::of(gold));
    let before = partners(&align(gold.forms(), raw.forms()));
    let stretches = align(gold.forms(), restored.forms());
    let after = partners(&stretches);

    let tokens = gold.len();
    let rate = |errors| Rate { errors, of: tokens };
    let (raw_line, line, gold_line) = (raw.line(), restored.line(), gold.line());
    let chars = gold_line.chars().count();
    let mut figures = Figures {
        gold_tokens: tokens,
        ser_before: rate(distance(gold.forms(), raw.forms())),
        ser: rate(distance(gold.forms(), restored.forms())),
        ser_caseless: rate(distance(&lower(&gold), &lower(&restored))),
        cer_before: Rate { errors: char_distance(&gold_line, &raw_line), of: chars },
        cer: Rate { errors: char_distance(&gold_line, &line), of: chars },
        ..Figures::default()
    };
    for (i, want) in gold.forms().iter().enumerate() {
        let was_right = before[i].is_some_and(|j| &raw.forms()[j] == want);
        let is_right = after[i].is_some_and(|j| &restored.forms()[j] == want);
        figures.repaired += usize::from(!was_right && is_right);
        figures.harmed += usize::from(was_right && !is_right);
    }
    let wrong = stretches
        .iter()
        .filter(|s| s.kind != Kind::Equal)
        .flat_map(|s| wrong_words(s, &raw, &restored, &gold, &before))
        .collect();
    let judged = stretches
        .iter()
        .flat_map(|s| s.b.clone().map(|j| (restored.span(j), s.kind == Kind::Equal)))
        .collect();
    Comparison { figures, wrong, judged }
}

impl Comparison {
    /// Marks the wrong words that `doubts`, byte ranges of the restored text in ascending order, touch.
    pub fn mark_doubtful(&mut self, doubts: &[Range<usize>]) {
        for word in &mut self.wrong {
            let Some(at) = &word.at else { continue };
            let next = doubts.partition_point(|d| d.end <= at.start);
            word.doubtful = doubts.get(next).is_some_and(|d| d.start < at.end);
        }
    }
}

fn lower(tokens: &Tokens) -> Vec<String> {
    tokens.forms().iter().map(|t| t.to_lowercase()).collect()
}

fn wrong_words(
    stretch: &Stretch,
    raw: &Tokens,
    restored: &Tokens,
    gold: &Tokens,
    before: &[Option<usize>],
) -> Vec<WrongWord> {
    (0..stretch.a.len().max(stretch.b.len()))
        .map(|k| {
            let i = stretch.a.start + k;
            let in_gold = k < stretch.a.len();
            let j = (k < stretch.b.len()).then_some(stretch.b.start + k);
            let here = i.min(stretch.a.end);
            WrongWord {
                raw: before.get(i).filter(|_| in_gold).and_then(|b| b.map(|b| raw.shown(b).to_owned())),
                got: j.map(|j| restored.shown(j).to_owned()),
                want: in_gold.then(|| gold.shown(i).to_owned()),
                before: gold.joined(here.saturating_sub(CONTEXT)..here),
                after: gold.joined(here + usize::from(in_gold)..here + usize::from(in_gold) + CONTEXT),
                at: j.map(|j| restored.span(j)),
                doubtful: false,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        // gold   Giám đốc Sở  Nội vụ  chủ trì        7 tokens
        // raw    Giam doc Sở  Nội vu  chủ trì        3 wrong
        // after  giám đốc Số  Nội vụ  chủ trì .      2 wrong (one by case), 1 too many
        let seen = compare(
            "Giam doc Sở Nội vu chủ trì",
            "giám đốc Số Nội vụ chủ trì .",
            "Giám đốc Sở Nội vụ chủ trì",
        );
        let f = seen.figures;
        assert_eq!(f.gold_tokens, 7);
        assert_eq!((f.ser_before.errors, f.ser.errors, f.ser_caseless.errors), (3, 3, 2));
        // decomposed: sắc of á; đ; circumflex and sắc of ố; dot of ụ
        assert_eq!(f.cer_before.errors, 1 + 1 + 2 + 1);
        // G/g; horn and hook of ở against circumflex and sắc of ố; " ."
        assert_eq!(f.cer.errors, 1 + 2 + 2);
        assert_eq!((f.repaired, f.harmed), (2, 1));
        let shown: Vec<_> =
            seen.wrong.iter().map(|w| (w.raw.as_deref(), w.got.as_deref(), w.want.as_deref())).collect();
        assert_eq!(
            shown,
            [
                (Some("Giam"), Some("giám"), Some("Giám")),
                (Some("Sở"), Some("Số"), Some("Sở")),
                (None, Some("."), None)
            ]
        );
        assert_eq!(seen.wrong[1].before, "Giám đốc");
        assert_eq!(seen.wrong[1].after, "Nội vụ chủ trì");
        assert_eq!(seen.judged.iter().filter(|(_, right)| *right).count(), 5);
    }

    #[test]
    fn equal_texts_have_no_errors_and_line_breaks_do_not_count() {
        let seen = compare("hoà bình", "hòa\nbình\n", "hoà bình");
        assert_eq!(seen.figures.ser.errors + seen.figures.cer.errors + seen.figures.ser_before.errors, 0);
        assert!(seen.wrong.is_empty());
    }

    #[test]
    fn doubts_mark_the_words_they_touch() {
        let mut seen = compare("a b c", "a x y", "a b c");
        // "y" is bytes 4..5
        seen.mark_doubtful(&[0..1, 4..5]);
        let marked: Vec<bool> = seen.wrong.iter().map(|w| w.doubtful).collect();
        assert_eq!(marked, [false, true]);
    }

    #[test]
    fn sums_weigh_by_length() {
        let mut sum = compare("a b", "a b", "a c").figures;
        sum.add(&compare("a b c d e f", "a b c d e f", "a b c d e f").figures);
        assert_eq!(sum.ser, Rate { errors: 1, of: 8 });
    }
}
