//! How the chosen words are written: small letters, a capital first, capitals.
//!
//! **Model.** The words being known, the cases of a sentence cost `Σ channel(case) + κ · (-ln P(case | word before, its case, word))`: what the channel
//! asks for the observed letters in that case, and what the case model expects. **Search.** Forward-backward over the seven kinds of what may stand
//! before a word; exact, and linear in the words.

use super::case::{Before, CaseModel};
use super::channel::STEP;
use super::lm::WordId;
use super::reading::Part;
use super::syllable::is_syllable;
use super::token::{self, Case};
use crate::model::normal::strip_mark;

/// A word whose case is to be found.
pub struct Word<'a> {
    /// The word.
    pub part: &'a Part,
    /// What starts anew before it, if anything.
    pub start: Option<(Before, WordId)>,
    /// The case in which nothing changes.
    pub keeps: Option<Case>,
    /// Whether it was read in capitals that differ from small letters by their size alone ([`sized`]).
    pub sized: bool,
}

/// What it costs to read small letters as the capitals of the same shape, in nats, however many: a whole word is taken for larger than it is, while
/// letter by letter it would cost 8 nats each. One such word in 1,700 was among generated pairs (7.4 nats); real scans have more, and 5 was chosen
/// on scans that are also measured.
const SIZED: f32 = 5.0;

/// Letters whose capitals differ from them by their size alone, marks aside.
const ALIKE: &str = "COSUVXZWKP";

/// Whether `observed` is a syllable, not an acronym, and consists of capitals that differ from small letters by their size alone: `VỤ`, `SỞ`.
#[must_use]
pub fn sized(observed: &str) -> bool {
    let alike = |c: char| c.is_uppercase() && ALIKE.contains(strip_mark(c));
    observed.chars().nth(1).is_some()
        && observed.chars().all(alike)
        && is_syllable(&token::canonical(observed))
}

/// The case found for a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cased {
    /// The case; lower for what has none.
    pub case: Case,
    /// Its share of the probability.
    pub posterior: f32,
    /// The next best case and its share.
    pub runner_up: Option<(Case, f32)>,
}

const CASES: [Case; 4] = [Case::Lower, Case::Title, Case::Upper, Case::Mixed];
const KINDS: [Before; 7] = [
    Before::Sentence,
    Before::Clause,
    Before::Lower,
    Before::Title,
    Before::Upper,
    Before::Mixed,
    Before::Class,
];

/// Scores of one position by what stands there.
type Scores = [f32; KINDS.len()];
const IMPOSSIBLE: Scores = [f32::NEG_INFINITY; KINDS.len()];

/// The cases of `words`, stretch by stretch. Writing a word otherwise than observed costs `reluctance` nats more.
#[must_use]
pub fn cases(words: &[Word], model: &CaseModel, weight: f32, reluctance: f32) -> Vec<Cased> {
    let mut out = Vec::with_capacity(words.len());
    let mut from = 0;
    let mut before = (Before::Sentence, super::lexicon::SENTENCE);
    for (i, word) in words.iter().enumerate() {
        // what comes after a word whose case is settled does not depend on what came before it
        let settled = settled(word);
        let ends = words.get(i + 1).is_none_or(|next| next.start.is_some());
        if settled.is_none() && !ends {
            continue;
        }
        let first = words[from].start.unwrap_or(before);
        match settled {
            Some((case, _)) if from == i => out.push(Cased { case, posterior: 1.0, runner_up: None }),
            _ => stretch(&words[from..=i], first, model, weight, reluctance, &mut out),
        }
        if let Some((_, kind)) = settled {
            before = (kind, word.part.word());
        }
        from = i + 1;
    }
    out
}

/// The only case that a word may have, and what that is for the word after it.
fn settled(word: &Word) -> Option<(Case, Before)> {
    match word.part {
        Part::Word { .. } if word.sized => None,
        Part::Word { costs, .. } => {
            let mut open = CASES.into_iter().filter(|c| costs[*c as usize] < u8::MAX);
            let only = open.next()?;
            open.next().is_none().then_some((only, only.into()))
        }
        Part::Fixed { case: Some(case), .. } => Some((*case, (*case).into())),
        Part::Fixed { case: None, .. } => Some((Case::Lower, Before::Class)),
    }
}

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// What may stand at a word: kinds with their channel scores.
fn options(word: &Word, reluctance: f32, mut each: impl FnMut(Case, Before, f32)) {
    match word.part {
        Part::Word { costs, .. } => {
            for case in CASES {
                let cost = costs[case as usize];
                // letter by letter it may cost too much to be thought of
                let sized = word.sized && case == Case::Lower;
                if cost < u8::MAX || sized {
                    let changes = word.keeps.is_some_and(|k| k != case);
                    let more = if changes { reluctance } else { 0.0 };
                    let cost = f32::from(cost) * STEP;
                    each(case, case.into(), -if sized { cost.min(SIZED) } else { cost } - more);
                }
            }
        }
        Part::Fixed { case: Some(case), .. } => each(*case, (*case).into(), 0.0),
        Part::Fixed { case: None, .. } => each(Case::Lower, Before::Class, 0.0),
    }
}

fn stretch(
    words: &[Word],
    (before, mut previous): (Before, WordId),
    model: &CaseModel,
    weight: f32,
    reluctance: f32,
    out: &mut Vec<Cased>,
) {
    let mut here = IMPOSSIBLE;
    here[before as usize] = 0.0;
    // what it costs to come to each word's kinds from the kinds before it
    let mut forward: Vec<(Scores, [Scores; KINDS.len()])> = Vec::with_capacity(words.len());
    for word in words {
        let mut next = IMPOSSIBLE;
        let mut between = [IMPOSSIBLE; KINDS.len()];
        let id = word.part.word();
        for kind in KINDS {
            let score = here[kind as usize];
            if score == f32::NEG_INFINITY {
                continue;
            }
            let open = matches!(word.part, Part::Word { .. });
            let expected = if open { model.score(previous, kind, id) } else { [0.0; 4] };
            options(word, reluctance, |case, becomes, channel| {
                let step = channel + weight * expected[case as usize];
                between[kind as usize][becomes as usize] = step;
                next[becomes as usize] = log_add(next[becomes as usize], score + step);
            });
        }
        forward.push((next, between));
        (here, previous) = (next, id);
    }
    let whole = here.iter().fold(f32::NEG_INFINITY, |a, b| log_add(a, *b));
    let mut backward = [0.0; KINDS.len()];
    let at = out.len();
    for (word, (scores, between)) in words.iter().zip(&forward).rev() {
        let mut found: [Option<(Case, f32)>; 2] = [None; 2];
        options(word, reluctance, |case, kind, _| {
            let share = (scores[kind as usize] + backward[kind as usize] - whole).exp().min(1.0);
            if found[0].is_none_or(|(_, p)| share > p) {
                found = [Some((case, share)), found[0]];
            } else if found[1].is_none_or(|(_, p)| share > p) {
                found[1] = Some((case, share));
            }
        });
        let (case, posterior) = found[0].unwrap_or((Case::Lower, 0.0));
        out.push(Cased { case, posterior, runner_up: found[1] });
        let mut earlier = IMPOSSIBLE;
        for (score, steps) in earlier.iter_mut().zip(between) {
            for (step, later) in steps.iter().zip(&backward) {
                if *step > f32::NEG_INFINITY {
                    *score = log_add(*score, step + later);
                }
            }
        }
        backward = earlier;
    }
    out[at..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_capitals_differ_by_size_alone() {
        assert!(sized("VỤ") && sized("SỞ"));
        assert!(!sized("V") && !sized("Vụ") && !sized("BAN") && !sized("XX"));
    }
}
