//! Measuring what was learned on documents it has not seen: for each document, train on everything else, restore, compare.
//!
//! This room knows nothing about training. Who calls gives `without`, which trains leaving one document out and hands back a
//! restorer; the documents are measured one after the other, so only one trained model is alive at a time.

use std::ops::Range;

use serde::Serialize;

use super::calibration::{Calibration, calibrate};
use super::text::{Comparison, compare};

/// A document with the text that an old reader made of it and the true text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name: what training has to leave out.
    pub name: String,
    /// The text before restoration.
    pub raw: String,
    /// The true text.
    pub gold: String,
}

/// A restored text with what the restorer thinks of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restored {
    /// The text.
    pub text: String,
    /// Confidence (0 to 1) by byte range of `text`, ascending; a token outside all ranges has confidence 1.
    pub confidences: Vec<(Range<usize>, f64)>,
    /// Byte ranges of the words marked doubtful, ascending.
    pub doubtful: Vec<Range<usize>>,
}

/// One document measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its name.
    pub name: String,
    /// Errors before and after, with doubtful words marked.
    pub comparison: Comparison,
    /// Confidence of each restored token and whether it is right: input of [`calibrate`].
    pub judged: Vec<(f64, bool)>,
    /// How many words the restorer marked doubtful.
    pub doubtful: usize,
}

/// What the confidences and doubts of several documents are worth together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// Tokens of the restored texts.
    pub words: usize,
    /// Words marked doubtful.
    pub doubtful: usize,
    /// Tokens that are wrong; a word that is missing is none.
    pub wrong: usize,
    /// Tokens that are wrong and doubtful.
    pub wrong_and_doubtful: usize,
    /// Whether confidences say how often words are right.
    pub calibration: Calibration,
}

impl Reliability {
    /// Over all of `measured`; `None` over no words at all.
    #[must_use]
    pub fn of(measured: &[Measured]) -> Option<Reliability> {
        let judged: Vec<(f64, bool)> = measured.iter().flat_map(|m| m.judged.iter().copied()).collect();
        let caught = |m: &Measured| m.comparison.wrong.iter().filter(|w| w.doubtful).count();
        (!judged.is_empty()).then(|| Reliability {
            words: judged.len(),
            doubtful: measured.iter().map(|m| m.doubtful).sum(),
            wrong: judged.iter().filter(|(_, right)| !right).count(),
            wrong_and_doubtful: measured.iter().map(caught).sum(),
            calibration: calibrate(&judged),
        })
    }

    /// Share of the wrong words that are among the doubtful (0 to 1); 1 where nothing is wrong.
    #[must_use]
    pub fn caught(&self) -> f64 {
        if self.wrong == 0 { 1.0 } else { self.wrong_and_doubtful as f64 / self.wrong as f64 }
    }
}

/// Measures each of `documents` with a restorer trained `without` it.
///
/// # Errors
/// The first error of `without`.
///
/// ```
/// use sohoa::evaluate::leave_one_out::{Document, Restored, leave_one_out};
/// let document = |name: &str| Document { name: name.into(), raw: "ke hoach".into(), gold: "kế hoạch".into() };
/// let measured = leave_one_out(&[document("a"), document("b")], |_left_out| {
///     let restore = |raw: &str| Restored { text: raw.replace("hoach", "hoạch"), ..Restored::default() };
///     Ok::<_, std::io::Error>(restore)
/// })?;
/// assert_eq!(measured[1].comparison.figures.ser.errors, 1);
/// # Ok::<_, std::io::Error>(())
/// ```
pub fn leave_one_out<R, E>(
    documents: &[Document],
    mut without: impl FnMut(&Document) -> Result<R, E>,
) -> Result<Vec<Measured>, E>
where
    R: Fn(&str) -> Restored,
{
    documents.iter().map(|document| Ok(measure(document, &without(document)?(&document.raw)))).collect()
}

/// Compares one restored document, its confidences and doubts included.
#[must_use]
pub fn measure(document: &Document, restored: &Restored) -> Measured {
    let mut comparison = compare(&document.raw, &restored.text, &document.gold);
    comparison.mark_doubtful(&restored.doubtful);
    let judged = comparison
        .judged
        .iter()
        .map(|(at, right)| {
            let next = restored.confidences.partition_point(|(range, _)| range.end <= at.start);
            let over = restored.confidences[next..].iter().take_while(|(range, _)| range.start < at.end);
            // a token of several parts is as sure as its weakest
            (over.map(|(_, confidence)| *confidence).fold(1.0, f64::min), *right)
        })
        .collect();
    Measured { name: document.name.clone(), comparison, judged, doubtful: restored.doubtful.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_is_left_out_of_its_own_training() {
        let document =
            |name: &str| Document { name: name.to_owned(), raw: "xa".to_owned(), gold: "xã".to_owned() };
        let documents = [document("1"), document("2"), document("3")];
        let mut trained_on = Vec::new();
        let measured = leave_one_out(&documents, |left_out| {
            let seen: Vec<&str> =
                documents.iter().filter(|d| *d != left_out).map(|d| d.name.as_str()).collect();
            trained_on.push(seen.join("+"));
            Ok::<_, ()>(|raw: &str| Restored { text: raw.replace('a', "ã"), ..Restored::default() })
        })
        .unwrap();
        assert_eq!(trained_on, ["2+3", "1+3", "1+2"]);
        assert!(measured.iter().all(|m| m.comparison.figures.repaired == 1));
    }

    #[test]
    fn confidences_meet_the_tokens_they_lie_over() {
        let document =
            Document { name: "x".to_owned(), raw: "a b-c d".to_owned(), gold: "a b-c e".to_owned() };
        let restored = Restored {
            text: "a b-c d".to_owned(),
            confidences: vec![(2..3, 0.9), (4..5, 0.4), (6..7, 0.2)],
            doubtful: vec![0..1, 6..7],
        };
        let measured = measure(&document, &restored);
        assert_eq!(measured.judged, [(1.0, true), (0.4, true), (0.2, false)]);
        assert!(measured.comparison.wrong[0].doubtful);
        let seen = Reliability::of(&[measured]).unwrap();
        assert_eq!((seen.words, seen.doubtful, seen.wrong, seen.wrong_and_doubtful), (3, 2, 1, 1));
        assert_eq!((seen.caught(), seen.calibration.bins[9].words), (1.0, 1));
        assert_eq!(Reliability::of(&[]), None);
    }
}
