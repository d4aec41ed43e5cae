//! A second witness: what an old text layer says of words that were recognised anew.
//!
//! A garbled layer is worse than what recognition makes of the page's image, but its errors are its own: another engine, often at another
//! resolution, misread other letters. Restored, its words are alternatives to the words that stand in the same place, each with
//! the confidence that restoration has in it; the language model decides between the two readings
//! ([`crate::restore`]'s hints). Where they agree nothing is added.

use crate::model::page::Alternative;
use crate::model::{BBox, Page, RestoredPage};

/// Two boxes are of one word if they share so much of the larger one.
const SHARED: f32 = 0.5;
/// The confidence, 0 to 100, of a word whose restoration is certain. Chosen on scans with layers of an English model, which have hardly a
/// word right: little is won there (3 % fewer errors on grey scans, none on bilevel ones), and with twice as much trust more is lost.
const TRUSTED: f32 = 4.0;

/// The words of a restored text layer, from top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Witness(Vec<Testimony>);

/// One word of it.
#[derive(Debug, Clone, PartialEq)]
struct Testimony {
    place: BBox,
    text: String,
    /// That of restoration, 0 to 1.
    confidence: f32,
}

impl Witness {
    /// What a restored layer says, of those words that have a place and stayed one word.
    pub(super) fn of(layer: &RestoredPage) -> Witness {
        let mut words = layer.words.iter().peekable();
        let mut said = Vec::new();
        for seen in layer.page.lines.iter().flat_map(|line| &line.words) {
            while words.next_if(|word| word.raw.end <= seen.span.start).is_some() {}
            let Some(word) = words.peek().filter(|word| word.raw.start < seen.span.end) else { continue };
            let text = &layer.text[word.restored.clone()];
            let alone = word.raw.start >= seen.span.start && word.raw.end <= seen.span.end;
            if let (Some(place), true, false) = (seen.bbox, alone, core(text).is_empty()) {
                said.push(Testimony {
                    place,
                    text: text[core(text)].to_owned(),
                    confidence: word.confidence,
                });
            }
        }
        said.sort_by(|a, b| a.place.y.total_cmp(&b.place.y));
        Witness(said)
    }

    /// Adds the layer's words to those of `page` in the same places, as alternatives, where they differ.
    pub(super) fn testify(&self, page: &mut Page) {
        let tallest = self.0.iter().map(|t| t.place.h).fold(0.0, f32::max);
        for word in page.lines.iter_mut().flat_map(|line| &mut line.words) {
            let Some(place) = word.bbox else { continue };
            let text = &page.raw[word.span.clone()];
            let at = core(text);
            let from = self.0.partition_point(|t| t.place.y < place.y - tallest);
            let near = self.0[from..].iter().take_while(|t| t.place.y < place.y + place.h);
            let same = near.map(|t| (shared(&t.place, &place), t)).filter(|(share, _)| *share >= SHARED);
            let Some((_, told)) = same.max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            if !at.is_empty() && told.text != text[at.clone()] {
                let readings = vec![(told.text.clone(), TRUSTED * told.confidence)];
                word.alternatives.push(Alternative { at, readings });
            }
        }
    }
}

/// The part of `text` without the marks around it.
fn core(text: &str) -> std::ops::Range<usize> {
    let rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let start = text.len() - rest.len();
    start..start + rest.trim_end_matches(|c: char| !c.is_alphanumeric()).len()
}

/// The area that two boxes share, as a part of the larger one.
fn shared(a: &BBox, b: &BBox) -> f32 {
    let w = (a.x + a.w).min(b.x + b.w) - a.x.max(b.x);
    let h = (a.y + a.h).min(b.y + b.h) - a.y.max(b.y);
    let larger = (a.w * a.h).max(b.w * b.h);
    if w <= 0.0 || h <= 0.0 || larger <= 0.0 { 0.0 } else { w * h / larger }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;
    use crate::model::assemble::{ReadWord, Sheet};

    fn page(words: &[(&str, f32)]) -> Page {
        let sheet = Sheet { number: 1, width: 400, height: 300, dpi: 100.0, decision: Decision::Ocr };
        let word = |(text, x): &(&str, f32)| ReadWord {
            text: (*text).to_owned(),
            bbox: Some(BBox { x: *x, y: 50.0, w: 40.0, h: 12.0 }),
            ..ReadWord::default()
        };
        Page::assemble(sheet, vec![words.iter().map(word).collect()])
    }

    #[test]
    fn words_in_the_same_place_are_alternatives_where_they_differ() {
        let mut layer = RestoredPage::unchanged(page(&[("nhà", 10.0), ("nước,", 61.0), ("xa", 350.0)]));
        let ranges: Vec<_> = layer.page.lines[0].words.iter().map(|word| word.span.clone()).collect();
        layer.words = ranges
            .into_iter()
            .map(|span| crate::model::text::RestoredWord {
                raw: span.clone(),
                restored: span,
                confidence: 0.9,
                runner_up: None,
                doubtful: false,
            })
            .collect();
        let mut read = page(&[("nhà", 10.0), ("(nướt", 60.0), ("ban", 200.0)]);
        Witness::of(&layer).testify(&mut read);
        let found: Vec<usize> = read.lines[0].words.iter().map(|word| word.alternatives.len()).collect();
        assert_eq!(found, [0, 1, 0]);
        let alternative = &read.lines[0].words[1].alternatives[0];
        assert_eq!((alternative.at.clone(), alternative.readings[0].0.as_str()), (1..8, "nước"));
    }
}
