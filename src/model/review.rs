//! What persons decided over what the machine read: it lies over the restored text as that lies over the raw one.
//!
//! A decision about a word names a range of a page's raw text and says what stands there. [`RestoredPage::reviewed`] puts such words in
//! their places. What the machine made of the range is kept in [`Review`], so [`machine_pages`] gets the machine's own reading
//! back from a plan, whatever was decided since.
//!
//! Limits: a decision whose range cuts through a word that restoration changed has no place, and neither has one whose raw text is
//! another by now; both are left to whoever asks ([`Overlay::unplaced`]).

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::{Page, words_of};
use super::plan::Plan;
use super::text::{OffsetMap, Piece, RestoredPage, RestoredWord};

/// How a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    /// The machine's reading is right.
    Accept,
    /// Its next best reading is right.
    RunnerUp,
    /// The person typed what stands there.
    Typed,
    /// The person wrote a field of the header, of the signature or of another part.
    Field,
    /// The person wrote the label of an item.
    Label,
}

/// What a person decided about a word or a field, and what the machine had made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// How.
    pub kind: ReviewKind,
    /// Page number, for a word.
    pub page: Option<u32>,
    /// First byte in the page's `raw`, for a word.
    pub start: Option<usize>,
    /// One past the last byte, for a word.
    pub end: Option<usize>,
    /// Where the field stands in this JSON (a JSON pointer), for a field or a label.
    pub path: Option<String>,
    /// What stands there now; null for a field that the page does not show.
    pub text: Option<String>,
    /// What the machine had put there.
    pub machine: Option<String>,
    /// The words among it that restoration had changed or doubted.
    pub words: Vec<MachineWord>,
    /// Who decided.
    pub by: String,
}

/// A word as restoration had left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineWord {
    /// First byte in the page's `raw`.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its reading.
    pub text: String,
    /// Probability that it is right (0 to 1).
    pub confidence: f32,
    /// The next best reading.
    pub runner_up: Option<String>,
    /// Whether a person should look at it.
    pub doubtful: bool,
}

/// A word that a person decided about.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Byte range in the page's raw text.
    pub raw: Range<usize>,
    /// What stands there; without line breaks.
    pub text: String,
}

/// A page with persons' words in it.
#[derive(Debug)]
pub struct Overlay {
    /// The page.
    pub page: RestoredPage,
    /// For each verdict what the machine had: its text and the words that it had changed or doubted. `None` for those without a place.
    pub before: Vec<Option<(String, Vec<MachineWord>)>>,
}

impl Overlay {
    /// The verdicts that have no place, by number.
    pub fn unplaced(&self) -> impl Iterator<Item = usize> + '_ {
        self.before.iter().enumerate().filter_map(|(i, before)| before.is_none().then_some(i))
    }
}

/// A verdict with its place in the restored text.
struct Placed<'v> {
    verdict: &'v Verdict,
    number: usize,
    restored: Range<usize>,
}

impl RestoredPage {
    /// The page with what persons decided: each verdict's text in the place of what stood for its range. All offsets move along. Of two verdicts
    /// over one place the first counts.
    #[must_use]
    pub fn reviewed(self, verdicts: &[Verdict]) -> Overlay {
        if verdicts.is_empty() {
            return Overlay { page: self, before: Vec::new() };
        }
        let pieces = self.listed_pieces();
        let mut before = vec![None; verdicts.len()];
        let mut placed: Vec<Placed<'_>> = Vec::with_capacity(verdicts.len());
        for (number, verdict) in verdicts.iter().enumerate() {
            if let Some(restored) = self.place(&pieces, &verdict.raw) {
                placed.push(Placed { verdict, number, restored });
            }
        }
        placed.sort_by_key(|p| (p.verdict.raw.start, p.number));
        placed.dedup_by(|b, a| b.verdict.raw.start < a.verdict.raw.end || b.restored.start < a.restored.end);
        for p in &placed {
            let words = self.words.iter().filter(|w| overlap(&w.raw, &p.verdict.raw));
            let words = words.filter_map(|w| {
                let text = self.text.get(w.restored.clone())?;
                let changed = self.page.raw.get(w.raw.clone()) != Some(text);
                (changed || w.doubtful).then(|| MachineWord {
                    start: w.raw.start,
                    end: w.raw.end,
                    text: text.to_owned(),
                    confidence: w.confidence,
                    runner_up: w.runner_up.as_ref().map(|(other, _)| other.clone()),
                    doubtful: w.doubtful,
                })
            });
            before[p.number] = Some((self.text[p.restored.clone()].to_owned(), words.collect()));
        }
        Overlay { page: self.with(pieces, &placed), before }
    }

    /// The pieces of its map, listed also where the text was not restored.
    fn listed_pieces(&self) -> Vec<Piece> {
        if !self.map.is_unchanged() {
            return self.map.pieces().to_vec();
        }
        words_of(&self.text, 0).map(|w| Piece { restored: w.clone(), raw: w }).collect()
    }

    /// Where in the restored text the range `of` of the raw text stands. Nowhere if it cuts through a word that was changed.
    fn place(&self, pieces: &[Piece], of: &Range<usize>) -> Option<Range<usize>> {
        self.page.raw.get(of.clone()).filter(|raw| !raw.trim().is_empty() && !raw.contains('\n'))?;
        let of_pieces = pieces.iter().map(|p| (&p.raw, &p.restored));
        let of_words = self.words.iter().map(|w| (&w.raw, &w.restored));
        let mut place: Option<Range<usize>> = None;
        for (raw, restored) in of_pieces.chain(of_words).filter(|(raw, _)| overlap(raw, of)) {
            let part = if raw.start >= of.start && raw.end <= of.end {
                restored.clone()
            } else if self.page.raw.get(raw.clone()) == self.text.get(restored.clone()) {
                let from = restored.start + of.start.saturating_sub(raw.start);
                from..restored.end - raw.end.saturating_sub(of.end)
            } else {
                return None;
            };
            place = Some(match place {
                None => part,
                Some(sum) => sum.start.min(part.start)..sum.end.max(part.end),
            });
        }
        place.filter(|at| self.text.get(at.clone()).is_some_and(|text| !text.contains('\n')))
    }

    fn with(self, pieces: Vec<Piece>, placed: &[Placed<'_>]) -> RestoredPage {
        let RestoredPage { page, text: old, words, .. } = self;
        let mut text = String::with_capacity(old.len() + 16 * placed.len());
        let mut at = Vec::with_capacity(placed.len()); // where each verdict comes to stand
        let mut done = 0;
        for p in placed {
            text.push_str(&old[done..p.restored.start]);
            let start = text.len();
            text.push_str(&p.verdict.text);
            at.push(start..text.len());
            done = p.restored.end;
        }
        text.push_str(&old[done..]);

        // how far an offset of the old text moves, being outside the verdicts
        let moved = |offset: usize| {
            let before = placed.partition_point(|p| p.restored.end <= offset);
            match before.checked_sub(1) {
                None => offset,
                Some(last) => offset - placed[last].restored.end + at[last].end,
            }
        };
        let hit = |raw: &Range<usize>| {
            let first = placed.partition_point(|p| p.verdict.raw.end <= raw.start);
            placed.get(first).is_some_and(|p| p.verdict.raw.start < raw.end)
        };
        let mut new_pieces = Vec::with_capacity(pieces.len() + placed.len());
        for piece in pieces {
            if !hit(&piece.raw) {
                let restored = moved(piece.restored.start);
                new_pieces
                    .push(Piece { restored: restored..restored + piece.restored.len(), raw: piece.raw });
                continue;
            }
            // what of an unchanged piece lies outside the verdicts stays a piece
            let mut from = piece.raw.start;
            let end = piece.raw.end;
            let cuts = placed.iter().filter(|p| overlap(&p.verdict.raw, &piece.raw)).map(|p| &p.verdict.raw);
            for cut in cuts.cloned().chain(std::iter::once(end..end)) {
                if cut.start > from {
                    let restored = moved(piece.restored.start + (from - piece.raw.start));
                    new_pieces.push(Piece {
                        restored: restored..restored + (cut.start - from),
                        raw: from..cut.start,
                    });
                }
                from = from.max(cut.end);
            }
        }
        let mut new_words: Vec<RestoredWord> = Vec::with_capacity(words.len() + placed.len());
        for word in words.into_iter().filter(|w| !hit(&w.raw)) {
            let start = moved(word.restored.start);
            new_words.push(RestoredWord { restored: start..start + word.restored.len(), ..word });
        }
        for (p, at) in placed.iter().zip(&at) {
            if !p.verdict.text.trim().is_empty() {
                new_pieces.push(Piece { restored: at.clone(), raw: p.verdict.raw.clone() });
            }
            let machine = &old[p.restored.clone()];
            new_words.push(RestoredWord {
                raw: p.verdict.raw.clone(),
                restored: at.clone(),
                confidence: 1.0,
                runner_up: (machine != p.verdict.text).then(|| (machine.to_owned(), 0.0)),
                doubtful: false,
            });
        }
        new_pieces.sort_by_key(|p| p.raw.start);
        new_words.sort_by_key(|w| w.raw.start);
        RestoredPage::new(page, text, OffsetMap::new(new_pieces), new_words)
    }

    /// `page` with the words that restoration had changed or doubted put over it; the others stand as they were read.
    #[must_use]
    pub fn of_words(page: Page, machine: &[MachineWord]) -> RestoredPage {
        if machine.is_empty() {
            return RestoredPage::unchanged(page);
        }
        let (mut text, mut done) = (String::with_capacity(page.raw.len() + page.raw.len() / 8), 0);
        let (mut pieces, mut words) = (Vec::new(), Vec::new());
        let copy = |text: &mut String, pieces: &mut Vec<Piece>, from: usize, to: usize| {
            for raw in words_of(&page.raw[from..to], from) {
                let at = text.len() + (raw.start - from);
                pieces.push(Piece { restored: at..at + raw.len(), raw });
            }
            text.push_str(&page.raw[from..to]);
        };
        for word in machine {
            let fits =
                word.start >= done && page.raw.get(word.start..word.end).is_some_and(|raw| !raw.is_empty());
            if !fits || !page.raw.is_char_boundary(word.start) {
                continue;
            }
            copy(&mut text, &mut pieces, done, word.start);
            done = word.end;
            let (raw, restored) = (word.start..word.end, text.len()..text.len() + word.text.len());
            text.push_str(&word.text);
            if !word.text.is_empty() {
                pieces.push(Piece { restored: restored.clone(), raw: raw.clone() });
            }
            let runner_up = word.runner_up.clone().map(|other| (other, 0.0));
            words.push(RestoredWord {
                raw,
                restored,
                confidence: word.confidence,
                runner_up,
                doubtful: word.doubtful,
            });
        }
        copy(&mut text, &mut pieces, done, page.raw.len());
        RestoredPage::new(page, text, OffsetMap::new(pieces), words)
    }
}

/// The words of page `number` that the machine had changed or doubted, whatever was decided since.
#[must_use]
pub fn machine_words(plan: &Plan, number: u32) -> Vec<MachineWord> {
    let reviews: Vec<(&Review, Range<usize>)> = plan
        .reviews
        .iter()
        .filter(|review| review.page == Some(number))
        .filter_map(|review| Some((review, review.start?..review.end?)))
        .collect();
    let decided = |at: &Range<usize>| reviews.iter().any(|(_, of)| overlap(of, at));
    let mut words: Vec<MachineWord> = Vec::new();
    for fix in plan.corrections.iter().filter(|fix| fix.page == number && !decided(&(fix.start..fix.end))) {
        words.push(MachineWord {
            start: fix.start,
            end: fix.end,
            text: fix.new.clone(),
            confidence: fix.confidence,
            runner_up: fix.runner_up.clone(),
            doubtful: false,
        });
    }
    words.sort_by_key(|word| word.start);
    let mut unchanged = Vec::new();
    for doubt in
        plan.doubtful.iter().filter(|doubt| doubt.page == number && !decided(&(doubt.start..doubt.end)))
    {
        match words.binary_search_by_key(&doubt.start, |word| word.start) {
            Ok(at) => words[at].doubtful = true,
            Err(_) => unchanged.push(MachineWord {
                start: doubt.start,
                end: doubt.end,
                text: doubt.text.clone(),
                confidence: doubt.confidence,
                runner_up: doubt.runner_up.clone(),
                doubtful: true,
            }),
        }
    }
    words.extend(unchanged);
    words.extend(reviews.iter().flat_map(|(review, _)| review.words.iter().cloned()));
    words.sort_by_key(|word| word.start);
    words
}

/// The pages of `plan` as the machine left them, without places on the page, which the JSON does not hold.
#[must_use]
pub fn machine_pages(plan: &Plan) -> Vec<RestoredPage> {
    let page = |record: &super::plan::PageRecord| {
        let mut page = Page::from_text(record.number, record.decision, &record.raw);
        (page.width, page.height, page.dpi) = (record.width, record.height, record.dpi);
        (page.turn, page.score, page.encoding) = (record.turn, record.score, record.encoding);
        RestoredPage::of_words(page, &machine_words(plan, record.number))
    };
    plan.pages.iter().map(page).collect()
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;

    fn word(start: usize, end: usize, text: &str, doubtful: bool) -> MachineWord {
        let runner_up = Some("khác".into());
        MachineWord { start, end, text: text.into(), confidence: 0.7, runner_up, doubtful }
    }

    /// Raw "cai cich, ngay06 xi\nmoi" with "cải", "cách", "ngày", "xã" restored and "moi" doubted.
    fn page() -> RestoredPage {
        let page = Page::from_text(1, Decision::Text, "cai cich, ngay06 xi\nmoi");
        let words = [
            word(0, 3, "cải", false),
            word(4, 8, "cách", true),
            word(10, 14, "ngày", false),
            word(17, 19, "xã", true),
            word(20, 23, "moi", true),
        ];
        RestoredPage::of_words(page, &words)
    }

    fn verdict(raw: Range<usize>, text: &str) -> Verdict {
        Verdict { raw, text: text.into() }
    }

    #[test]
    fn words_come_back_over_the_raw_text() {
        let page = page();
        assert_eq!(page.text, "cải cách, ngày06 xã\nmoi");
        assert_eq!((page.changes.len(), page.doubts.len()), (4, 3));
    }

    #[test]
    fn a_verdict_takes_the_place_of_what_stood_there() {
        let page = page();
        let overlay = page.clone().reviewed(&[
            verdict(17..19, "xứ"),
            verdict(4..9, "cạch;"),
            verdict(20..23, "mới"),
            verdict(12..14, "nửa"), // cuts through a changed word
            verdict(14..16, "08"),  // a part of what was read together
            verdict(3..4, "x"),     // white space
        ]);
        assert_eq!(overlay.page.text, "cải cạch; ngày08 xứ\nmới");
        assert_eq!(overlay.unplaced().collect::<Vec<_>>(), [3, 5]);
        let (machine, words) = overlay.before[1].clone().expect("placed");
        assert_eq!((machine.as_str(), words.len()), ("cách,", 1));
        assert!(overlay.page.doubts.is_empty());
        let at = overlay.page.text.find("xứ").unwrap_or_default();
        assert_eq!(overlay.page.raw(at..at + "xứ".len()), 17..19);
        let sure = overlay.page.changes.iter().filter(|c| c.confidence == 1.0).count();
        assert_eq!(sure, 4);
    }

    #[test]
    fn nothing_and_less_than_nothing() {
        let page = page();
        assert_eq!(page.clone().reviewed(&[]).page, page);
        let gone = page.reviewed(&[verdict(17..19, "")]).page;
        assert_eq!(gone.text, "cải cách, ngày06 \nmoi");
        let plain = RestoredPage::unchanged(Page::from_text(1, Decision::Text, "một hai ba"));
        assert_eq!(plain.reviewed(&[verdict(6..9, "hái")]).page.text, "một hái ba");
    }
}
