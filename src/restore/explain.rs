//! Why a word was read as it was: its readings, with what the channel and the language model ask for each.

use super::candidates::Finder;
use super::models::{Damage, Models};
use super::reading::{Memory, Part, Reading};
use super::restorer::Options;
use super::token::Case;

/// One reading of a word by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The reading, in the case that explains the observed letters best.
    pub text: String,
    /// `-ln P(observed | reading)` by the channel, in nats.
    pub channel: f32,
    /// `-ln P(reading)` by the language model without any context, in nats.
    pub language: f32,
}

impl Explained {
    /// Both together: the less, the likelier.
    #[must_use]
    pub fn cost(&self) -> f32 {
        self.channel + self.language
    }
}

/// The readings of `observed` by itself under a kind of damage, likeliest first.
///
/// ```
/// use sohoa::restore::{Damage, Models, Options, explain::explain};
/// let readings = explain(Models::embedded(), Options::default(), Damage::Garbled, "hanh");
/// assert!(readings.iter().take(3).any(|r| r.text == "hành"));
/// ```
#[must_use]
pub fn explain(models: &Models, options: Options, damage: Damage, observed: &str) -> Vec<Explained> {
    let mut memory = Memory::default();
    let mut finder = Finder::new(models, damage, options.costs, &mut memory);
    let found = finder.readings(observed);
    let mut out: Vec<Explained> =
        finder.memory().get(&found).iter().map(|r| explained(models, observed, r)).collect();
    out.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
    out
}

fn explained(models: &Models, observed: &str, reading: &Reading) -> Explained {
    let case = reading.keeps.unwrap_or_else(|| reading.likely_case(Case::Mixed));
    let case = reading.likely_case(case);
    let alone = |part: &Part| models.unigram.get(usize::from(part.word())).copied().unwrap_or_default();
    let second = reading.second.as_ref();
    Explained {
        text: reading.text(&models.lexicon, observed, case, second.map(|_| Case::Lower)).into_owned(),
        channel: reading.cost,
        language: alone(&reading.first) + second.map_or(0.0, alone),
    }
}
