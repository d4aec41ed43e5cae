//! The words of a document that a person is asked about or has decided about.

use serde::Serialize;

use crate::batch::{ReviewDecisionKind as Kind, ReviewLog as Log};
use crate::model::RestoredPage;
use crate::model::review::Verdict;

/// A word, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Word {
    /// Page number.
    pub page: u32,
    /// First byte in the page's raw text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What was read.
    pub raw: String,
    /// What restoration made of it.
    pub machine: String,
    /// How sure it was (0 to 1); none for a word that nothing was said of.
    pub confidence: Option<f32>,
    /// The next best reading.
    pub runner_up: Option<String>,
    /// What stands there now.
    pub now: String,
    /// How a person decided; none if nobody has.
    pub state: Option<Kind>,
    /// Who.
    pub by: Option<String>,
}

/// All of them, in order, from the pages as the machine left them and what was decided.
#[must_use]
pub fn of(machine: &[RestoredPage], log: &Log) -> Vec<Word> {
    let decisions = log.words();
    let mut out = Vec::new();
    for page in machine {
        let number = page.page.number;
        let raw = |at: &std::ops::Range<usize>| page.page.raw.get(at.clone()).unwrap_or_default().to_owned();
        let mut here = Vec::new();
        let mut verdicts = Vec::new();
        for decision in decisions.iter().filter(|d| d.page == Some(number)) {
            let at = decision.start.unwrap_or(0)..decision.end.unwrap_or(0);
            if page.page.raw.get(at.clone()) == decision.raw.as_deref() {
                verdicts.push(Verdict { raw: at, text: decision.after.clone().unwrap_or_default() });
                here.push(*decision);
            }
        }
        let before = if verdicts.is_empty() { Vec::new() } else { page.clone().reviewed(&verdicts).before };
        let mut decided: Vec<std::ops::Range<usize>> = Vec::new();
        for ((decision, verdict), before) in here.iter().zip(&verdicts).zip(before) {
            let Some((machine, words)) = before else { continue };
            decided.push(verdict.raw.clone());
            let doubt = words.iter().find(|word| word.doubtful).or(words.first());
            out.push(Word {
                page: number,
                start: verdict.raw.start,
                end: verdict.raw.end,
                raw: raw(&verdict.raw),
                machine,
                confidence: doubt.map(|word| word.confidence),
                runner_up: doubt.and_then(|word| word.runner_up.clone()),
                now: verdict.text.clone(),
                state: Some(decision.kind),
                by: Some(decision.by.clone()),
            });
        }
        for doubt in &page.doubts {
            if decided.iter().any(|at| at.start < doubt.raw.end && doubt.raw.start < at.end) {
                continue;
            }
            let machine = page.text.get(doubt.restored.clone()).unwrap_or_default().to_owned();
            out.push(Word {
                page: number,
                start: doubt.raw.start,
                end: doubt.raw.end,
                raw: raw(&doubt.raw),
                now: machine.clone(),
                machine,
                confidence: Some(doubt.confidence),
                runner_up: doubt.runner_up.clone(),
                state: None,
                by: None,
            });
        }
    }
    out.sort_by_key(|word| (word.page, word.start));
    out
}
