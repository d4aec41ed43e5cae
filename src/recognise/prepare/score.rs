//! How well a page was read: how sure of its words the engine is, and how much of the ink they explain.
//!
//! A page that was read rightly has confidences above 90 and words over nearly all of its ink. Upside down it is read as
//! nonsense with confidences near 35; in a shadow or in a crooked table words are missing while the others stay sure.

use super::reduced::Reduced;
use crate::model::Page;

/// The confidence below which a word says nothing, and from which on it is sure.
const NONE: f32 = 40.0;
const SURE: f32 = 90.0;
/// Ink around a word's box that still is its own, in dots.
const MARGIN: f32 = 2.0;
/// Fewer dots of ink than this are no text.
const HARDLY_ANY: usize = 300;

/// What a reading is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// Letters and digits, those of unsure words counting less.
    pub letters: f32,
    /// The mean of how sure words are, 0 to 1, by letters.
    pub sure: f32,
    /// The share of the ink that sure words cover.
    pub covered: f32,
}

impl Score {
    /// Of `page`, whose boxes count pixels of the image that `reduced` and its `ink` were made from.
    pub fn of(page: &Page, reduced: &Reduced, ink: &[bool]) -> Score {
        let (mut letters, mut all) = (0.0, 0.0);
        let mut left = ink.to_vec();
        let (w, h) = (reduced.width, reduced.height);
        let dots = |pixels: f32, most: usize| ((pixels / reduced.factor as f32).max(0.0) as usize).min(most);
        for word in page.lines.iter().flat_map(|line| &line.words) {
            let text = page.raw.get(word.span.clone()).unwrap_or_default();
            let n = text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
            let sure = ((word.confidence.unwrap_or(0.0) - NONE) / (SURE - NONE)).clamp(0.0, 1.0);
            all += n;
            letters += n * sure;
            let Some(b) = word.bbox.filter(|_| sure > 0.0) else { continue };
            let margin = MARGIN * reduced.factor as f32;
            let (x0, x1) = (dots(b.x - margin, w), dots(b.x + b.w + margin, w));
            let (y0, y1) = (dots(b.y - margin, h), dots(b.y + b.h + margin, h));
            for y in y0..y1 {
                left[y * w..][x0..x1].fill(false);
            }
        }
        let count = |ink: &[bool]| ink.iter().filter(|dot| **dot).count();
        let (inked, left) = (count(ink), count(&left));
        let covered = if inked < HARDLY_ANY { 1.0 } else { 1.0 - left as f32 / inked as f32 };
        Score { letters, sure: if all > 0.0 { letters / all } else { 0.0 }, covered }
    }
}
