//! From restored pages to a finished plan: what parsing found, and over it what was read, changed and is doubtful.

use std::borrow::Cow;

use crate::model::page::words_of;
use crate::model::plan::{Correction, Doubtful, Grade, PageRecord, Quality, Source};
use crate::model::{Plan, RestoredPage};
use crate::parse;

/// Fewer words than this are hardly any text.
const HARDLY_ANY: u32 = 20;

/// Warnings that do not speak against the structure: a number that was repaired is known, and a wrong file name harms nobody.
const HARMLESS: [&str; 2] = ["numbering-repaired", "misnamed"];

/// The plan that `pages` show, with its record of the pages and of what was done to them.
#[must_use]
pub fn plan(pages: &[RestoredPage], source: Source) -> Plan {
    let mut plan = parse::parse(&upright(pages));
    plan.source = source;
    plan.pages = pages.iter().map(page_record).collect();
    plan.corrections = pages.iter().flat_map(corrections).collect();
    plan.doubtful = pages.iter().flat_map(doubtful).collect();
    plan.quality = quality(pages, &plan);
    plan
}

/// The pages as parsing wants them, with places that compare: crooked ones are copied and straightened.
fn upright(pages: &[RestoredPage]) -> Cow<'_, [RestoredPage]> {
    if pages.iter().all(|page| page.page.turn == 0.0) {
        return Cow::Borrowed(pages);
    }
    let mut pages = pages.to_vec();
    pages.iter_mut().for_each(|page| page.page.straighten());
    Cow::Owned(pages)
}

fn page_record(restored: &RestoredPage) -> PageRecord {
    let page = &restored.page;
    PageRecord {
        number: page.number,
        width: page.width,
        height: page.height,
        dpi: page.dpi,
        decision: page.decision,
        score: page.score.map(rounded),
        turn: (page.turn * 100.0).round() / 100.0,
        encoding: page.encoding,
        raw: page.raw.clone(),
    }
}

/// Four decimals: more would be noise, and differ with the machine's arithmetic.
pub(super) fn rounded(probability: f32) -> f32 {
    (probability * 1e4).round() / 1e4
}

fn corrections(restored: &RestoredPage) -> impl Iterator<Item = Correction> + '_ {
    restored.changes.iter().filter_map(|change| {
        Some(Correction {
            page: restored.page.number,
            start: change.raw.start,
            end: change.raw.end,
            raw: restored.page.raw.get(change.raw.clone())?.to_owned(),
            new: restored.text.get(change.restored.clone())?.to_owned(),
            confidence: rounded(change.confidence),
            runner_up: change.runner_up.clone(),
        })
    })
}

fn doubtful(restored: &RestoredPage) -> impl Iterator<Item = Doubtful> + '_ {
    restored.doubts.iter().filter_map(|doubt| {
        Some(Doubtful {
            page: restored.page.number,
            start: doubt.raw.start,
            end: doubt.raw.end,
            text: restored.text.get(doubt.restored.clone())?.to_owned(),
            confidence: rounded(doubt.confidence),
            runner_up: doubt.runner_up.clone(),
        })
    })
}

/// The figures, and the grade that follows from them.
fn quality(pages: &[RestoredPage], plan: &Plan) -> Quality {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let words = number(pages.iter().map(|page| words_of(&page.text, 0).count()).sum());
    let doubtful = number(plan.doubtful.len());
    let sound = plan.warnings.iter().all(|warning| HARMLESS.contains(&warning.code.as_str()));
    let share = f64::from(doubtful) / f64::from(words.max(1));
    let grade = match share {
        _ if words < HARDLY_ANY => Grade::Poor,
        ..=0.01 if sound => Grade::Good,
        ..=0.05 => Grade::Fair,
        _ => Grade::Poor,
    };
    Quality {
        grade,
        words,
        changed: number(plan.corrections.len()),
        doubtful,
        recognition: recognition(pages),
    }
}

/// The mean confidence of the words that an engine read.
fn recognition(pages: &[RestoredPage]) -> Option<f32> {
    let words = pages.iter().flat_map(|restored| &restored.page.lines).flat_map(|line| &line.words);
    let (sum, count) = words
        .filter_map(|word| word.confidence)
        .fold((0.0, 0_u32), |(sum, count), confidence| (sum + f64::from(confidence), count + 1));
    // Two decimals are more than it means.
    (count > 0).then(|| ((sum / f64::from(count) * 100.0).round() / 100.0) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Decision, Doubt, Page};

    /// A page of `words` words, the first `doubtful` of them doubtful.
    fn page(words: usize, doubtful: usize) -> RestoredPage {
        let text = "xã ".repeat(words);
        let mut page = RestoredPage::unchanged(Page::from_text(1, Decision::Ocr, &text));
        let at = |i: usize| i * 4..i * 4 + 3;
        let doubt = |i| Doubt { raw: at(i), restored: at(i), confidence: 0.4, runner_up: None };
        page.doubts = (0..doubtful).map(doubt).collect();
        page
    }

    fn grade(words: usize, doubtful: usize) -> Grade {
        let mut plan = Plan::default();
        let pages = [page(words, doubtful)];
        plan.doubtful = pages.iter().flat_map(super::doubtful).collect();
        quality(&pages, &plan).grade
    }

    #[test]
    fn grades_follow_doubt() {
        assert_eq!(grade(0, 0), Grade::Poor);
        assert_eq!(grade(200, 2), Grade::Good);
        assert_eq!(grade(200, 3), Grade::Fair);
        assert_eq!(grade(200, 10), Grade::Fair);
        assert_eq!(grade(200, 11), Grade::Poor);
    }

    #[test]
    fn changes_become_corrections() {
        let mut page = RestoredPage::unchanged(Page::from_text(3, Decision::Ocr, "xi Tan"));
        page.text = "xã Tan".into();
        page.changes =
            vec![Change { raw: 0..2, restored: 0..3, confidence: 0.9, runner_up: Some("xỉ".into()) }];
        page.page.lines[0].words[0].confidence = Some(81.0);
        page.page.lines[0].words[1].confidence = Some(90.5);
        let plan = plan(&[page], Source::default());
        let correction = &plan.corrections[0];
        assert_eq!((correction.page, correction.raw.as_str(), correction.new.as_str()), (3, "xi", "xã"));
        assert_eq!((plan.quality.words, plan.quality.changed), (2, 1));
        assert_eq!(plan.quality.recognition, Some(85.75));
        assert_eq!(plan.pages[0].raw, "xi Tan");
    }
}
