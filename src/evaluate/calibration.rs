//! How far confidences can be trusted: reliability, calibration error, and whether doubt falls on the words that are wrong.
//!
//! Confidences are sorted into ten bins of equal width, (0, 0.1], ... (0.9, 1], 0 itself in the first. In a reliable restorer
//! the share of right words in a bin is the mean confidence of the bin. The **expected calibration error** is the mean over
//! all words of how far their bin is from that: ECE = Σ (n_b / n) · |right_b - confidence_b| (Naeini et al. 2015).

use serde::{Deserialize, Serialize};

/// Number of bins.
pub const BINS: usize = 10;

/// The words whose confidence falls into one tenth of the scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// How many.
    pub words: usize,
    /// How many of them are right.
    pub right: usize,
    /// Mean confidence (0 to 1); 0 in an empty bin.
    pub confidence: f64,
}

impl Bin {
    /// Share of right words; 0 in an empty bin.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.words.max(1) as f64
    }
}

/// Reliability of a set of judged words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The bins, from the least confident.
    pub bins: [Bin; BINS],
    /// Expected calibration error (0 to 1); 0 over no words.
    pub error: f64,
    /// Share of all errors that the least confident words hold, for some shares of the words: `(words, errors)`.
    pub held: Vec<(f64, f64)>,
}

/// The shares of words for which [`Calibration::held`] is given.
pub const SHARES: [f64; 5] = [0.01, 0.025, 0.04, 0.1, 0.2];

/// Measures `judged`, pairs of confidence (0 to 1; not-a-number counts as 0) and whether the word is right.
///
/// ```
/// use sohoa::evaluate::calibration::calibrate;
/// let seen = calibrate(&[(0.75, true), (0.75, true), (0.75, true), (0.75, false)]);
/// assert!(seen.error < 1e-9);
/// ```
#[must_use]
pub fn calibrate(judged: &[(f64, bool)]) -> Calibration {
    let mut bins = [Bin::default(); BINS];
    for &(confidence, right) in judged {
        let confidence = sane(confidence);
        let at = ((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        bins[at].words += 1;
        bins[at].right += usize::from(right);
        bins[at].confidence += confidence;
    }
    let mut error = 0.0;
    for bin in bins.iter_mut().filter(|b| b.words > 0) {
        bin.confidence /= bin.words as f64;
        error += bin.words as f64 / judged.len() as f64 * (bin.accuracy() - bin.confidence).abs();
    }
    let held = SHARES.map(|share| (share, errors_held(judged, share))).to_vec();
    Calibration { bins, error, held }
}

/// Share of all errors among the least confident `share` (0 to 1) of the words; 1 where there are no errors. Of words with equal
/// confidence at the limit a proportional part counts, so that the order of `judged` does not matter.
#[must_use]
pub fn errors_held(judged: &[(f64, bool)], share: f64) -> f64 {
    let all = judged.iter().filter(|(_, right)| !right).count();
    if all == 0 {
        return 1.0;
    }
    let mut sorted: Vec<(f64, bool)> = judged.iter().map(|(c, right)| (sane(*c), *right)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut room = sane(share) * judged.len() as f64;
    let mut held = 0.0;
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let taken = room.min(group.len() as f64);
        let errors = group.iter().filter(|(_, right)| !right).count();
        held += errors as f64 * taken / group.len() as f64;
        room -= taken;
        if room <= 0.0 {
            break;
        }
    }
    held / all as f64
}

fn sane(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        // bin 10: three words at 0.95, two right; bin 5: one word at 0.5, right
        let seen = calibrate(&[(0.95, true), (0.95, true), (0.95, false), (0.5, true)]);
        assert_eq!((seen.bins[9].words, seen.bins[9].right, seen.bins[4].words), (3, 2, 1));
        let by_hand = 0.75 * (0.95 - 2.0 / 3.0) + 0.25 * 0.5;
        assert!((seen.error - by_hand).abs() < 1e-12);
    }

    #[test]
    fn edges_fall_into_the_lower_bin_and_nonsense_into_the_first() {
        let seen =
            calibrate(&[(0.0, true), (0.1, true), (f64::NAN, true), (-3.0, true), (1.0, true), (7.0, true)]);
        assert_eq!((seen.bins[0].words, seen.bins[9].words), (4, 2));
        assert_eq!(calibrate(&[]).error, 0.0);
    }

    #[test]
    fn doubt_holds_errors() {
        let judged = [(0.2, false), (0.9, true), (0.3, false), (0.99, true), (0.99, false)];
        assert!((errors_held(&judged, 0.2) - 1.0 / 3.0).abs() < 1e-12);
        assert!((errors_held(&judged, 0.4) - 2.0 / 3.0).abs() < 1e-12);
        // one of the two at 0.99: half an error
        assert!((errors_held(&judged, 0.8) - 2.5 / 3.0).abs() < 1e-12);
        assert_eq!(errors_held(&[(0.5, true)], 0.01), 1.0);
    }
}
