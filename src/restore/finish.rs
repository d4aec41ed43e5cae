//! What may still be done to a restored page before it is shown: words that restoration is too unsure of are left as they were read,
//! and tone marks are moved to the place that is wanted.
//!
//! ```
//! use sohoa::model::{Decision, Page, normal::ToneStyle};
//! use sohoa::restore::{Finish, Models, Options, Restorer};
//! let restorer = Restorer::new(Models::embedded(), Options::default());
//! let page = restorer.page(Page::from_text(1, Decision::Text, "Uy ban nhan din xi giao cng chirc vin héa"));
//! let finish = Finish { tone: Some(ToneStyle::New), ..Finish::default() };
//! assert_eq!(finish.apply(page).text, "Uỷ ban nhân dân xã giao công chức văn hoá");
//! ```

use crate::model::normal::{ToneStyle, to_new_tone, to_old_tone};
use crate::model::text::{RestoredPage, RestoredWord};

/// What to do to restored pages. The default leaves them as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Finish {
    /// Changed words that are less certain than this (0 to 1) are left as they were read.
    pub least: f32,
    /// Where the tone of open *oa, oe, uy* is to be written in all words; `None`: where each word has it.
    pub tone: Option<ToneStyle>,
}

impl Finish {
    /// The page with this done to its words.
    #[must_use]
    pub fn apply(&self, page: RestoredPage) -> RestoredPage {
        if *self == Finish::default() {
            return page;
        }
        page.rewritten(|word, raw, now| {
            let left = (raw != now && word.confidence < self.least).then(|| {
                leave(word, raw, now);
                raw.to_owned()
            });
            let Some(style) = self.tone else { return left };
            if let Some((other, _)) = &mut word.runner_up {
                *other = moved(other, style);
            }
            Some(moved(left.as_deref().unwrap_or(now), style))
        })
    }
}

/// Takes `word` for what was read: `raw` is as likely as the search found it (0 if it was no rival), what it `now` reads becomes the
/// runner-up, and a person should look at it.
fn leave(word: &mut RestoredWord, raw: &str, now: &str) {
    let rival = word.runner_up.take().filter(|(other, _)| other == raw);
    word.runner_up = Some((now.to_owned(), word.confidence));
    word.confidence = rival.map_or(0.0, |(_, share)| share);
    word.doubtful = true;
}

fn moved(text: &str, style: ToneStyle) -> String {
    match style {
        ToneStyle::Old => to_old_tone(text),
        ToneStyle::New => to_new_tone(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{OffsetMap, Piece};
    use crate::model::{Decision, Page};

    /// `xi, vin hoá.` read as `xã, văn hóa.`, the first two words with the given certainty.
    fn page(first: f32, second: f32) -> RestoredPage {
        let page = Page::from_text(1, Decision::Text, "xi, vin hoá.");
        let words = [(0..2, 0..3, first, "xi"), (4..7, 5..9, second, "vân"), (8..12, 10..14, 0.99, "hòa")];
        let pieces = [(0..3, 0..2), (3..4, 2..3), (5..9, 4..7), (10..14, 8..12), (14..15, 12..13)];
        RestoredPage::new(
            page,
            "xã, văn hóa.".into(),
            OffsetMap::new(pieces.map(|(restored, raw)| Piece { restored, raw }).into()),
            words
                .map(|(raw, restored, confidence, other)| RestoredWord {
                    raw,
                    restored,
                    confidence,
                    runner_up: Some((other.to_owned(), 0.2)),
                    doubtful: confidence < 0.9,
                })
                .into(),
        )
    }

    fn shown(page: &RestoredPage) -> Vec<(&str, &str)> {
        page.map
            .pieces()
            .iter()
            .map(|p| (&page.page.raw[p.raw.clone()], &page.text[p.restored.clone()]))
            .collect()
    }

    #[test]
    fn unsure_words_are_left_as_they_were_read() {
        let left = Finish { least: 0.8, tone: None }.apply(page(0.7, 0.75));
        assert_eq!(left.text, "xi, vin hóa.");
        assert_eq!(shown(&left), [("xi", "xi"), (",", ","), ("vin", "vin"), ("hoá", "hóa"), (".", ".")]);
        assert_eq!(left.changes.len(), 1, "only the tone of hoá");
        assert_eq!(left.doubts.len(), 2);
        assert_eq!(left.words[0].confidence, 0.2, "what was read is the rival");
        assert_eq!(left.words[1].confidence, 0.0, "and here it is none");
        assert_eq!(left.words[1].runner_up, Some(("văn".to_owned(), 0.75)));
        assert_eq!(Finish { least: 0.75, tone: None }.apply(page(0.75, 0.75)).text, "xã, văn hóa.");
    }

    #[test]
    fn tones_move_with_all_offsets() {
        let new = Finish { least: 0.0, tone: Some(ToneStyle::New) }.apply(page(0.95, 0.95));
        assert_eq!(new.text, "xã, văn hoá.");
        assert_eq!(shown(&new)[3], ("hoá", "hoá"));
        assert_eq!(new.words[2].runner_up, Some(("hoà".to_owned(), 0.2)));
        assert_eq!(new.changes.len(), 2, "hoá is as it was read");
        let old = Finish { least: 1.0, tone: Some(ToneStyle::Old) }.apply(page(0.95, 0.95));
        assert_eq!(old.text, "xi, vin hóa.");
    }
}
