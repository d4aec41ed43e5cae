//! How sure a reading is, measured rather than believed.
//!
//! The posterior of the search is the share of one reading among those that were thought of; a word that no one thought of has no share. So
//! the probability of being right is a logistic function of what is known of the word: `P = 1 / (1 + exp(-w · x))`, with `x` the [`Evidence`] (the posterior's
//! log odds among it) and `w` weights learned from restored documents whose truth is known (`train::confidence`), one set for each kind of damage.
//!
//! `confidence.tsv` is readable: the name of a feature, its weight for garbled and for slightly damaged text, separated by tabs.

use super::RestoreError;
use super::lexicon;
use super::models::Damage;
use super::reading::{Part, Reading};
use super::token::Class;

/// The features, in the order of their numbers.
pub const FEATURES: [&str; 18] = [
    "always",
    "log odds of the word",
    "log odds of its case",
    "lexicon lacks it",
    "number",
    "symbol, date, numeral, address",
    "neither word nor number",
    "cost by the channel",
    "cost a character",
    "changed",
    "two characters or fewer",
    "holds a digit, read as a word",
    "split or joined",
    "unexpected after the word before",
    "makes the word after unexpected",
    "log odds of the less sure neighbour",
    "kept, unexpected after the word before",
    "kept, makes the word after unexpected",
];

/// What is known of one reading: a value for each of the [`FEATURES`].
pub type Evidence = [f32; FEATURES.len()];

/// Nearer to 0 and 1 than this no posterior is trusted.
const EDGE: f32 = 1e-4;

/// No word is more unexpected than this, in nats.
const SURPRISE: f32 = 15.0;

fn log_odds(p: f32) -> f32 {
    let p = p.clamp(EDGE, 1.0 - EDGE);
    (p / (1.0 - p)).ln()
}

/// What is known of a reading from the search and from its surroundings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circumstances {
    /// Units that it stands for.
    pub units: u8,
    /// Whether it is written otherwise than it was read.
    pub changed: bool,
    /// Share of its words.
    pub word: f32,
    /// Share of their cases.
    pub case: f32,
    /// `-ln P` of its first word after the word before, in nats.
    pub before: f32,
    /// `-ln P` of the word after it, in nats.
    pub after: f32,
    /// The lesser share of the words of its two neighbours.
    pub neighbour: f32,
}

/// The evidence for `reading` of `observed`.
#[must_use]
pub fn evidence(observed: &str, reading: &Reading, around: &Circumstances) -> Evidence {
    let (mut lacking, mut number, mut symbol, mut other) = (false, false, false, false);
    if let Part::Fixed { word, case, .. } = &reading.first {
        let is = |c: Class| *word == lexicon::class_id(c);
        lacking = case.is_some();
        number = [Class::Digit1, Class::Digit2, Class::Digit4, Class::Number].into_iter().any(is);
        other = is(Class::Other);
        symbol = !(lacking || number || other);
    }
    let length = observed.chars().count();
    let is_word = matches!(reading.first, Part::Word { .. });
    let cost = reading.cost.min(20.0);
    let flag = |b: bool| if b { 1.0 } else { 0.0 };
    [
        1.0,
        log_odds(around.word),
        log_odds(around.case),
        flag(lacking),
        flag(number),
        flag(symbol),
        flag(other),
        cost,
        cost / length.max(1) as f32,
        flag(around.changed),
        flag(length <= 2),
        flag(is_word && observed.bytes().any(|b| b.is_ascii_digit())),
        flag(around.units > 1 || reading.second.is_some()),
        around.before.min(SURPRISE),
        around.after.min(SURPRISE),
        log_odds(around.neighbour),
        if around.changed { 0.0 } else { around.before.min(SURPRISE) },
        if around.changed { 0.0 } else { around.after.min(SURPRISE) },
    ]
}

/// The learned weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Confidence {
    /// By [`Damage`].
    pub weights: [Evidence; 2],
}

impl Confidence {
    /// Reads `confidence.tsv`.
    ///
    /// # Errors
    /// [`RestoreError::Model`] if a feature is missing or a line is not of this form.
    pub fn parse(text: &str) -> Result<Confidence, RestoreError> {
        let bad = |what: String| RestoreError::Model { name: "confidence.tsv".into(), what };
        let mut weights = [[f32::NAN; FEATURES.len()]; 2];
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let read = || {
                let [name, garbled, slight] = fields[..] else { return None };
                let feature = FEATURES.iter().position(|f| *f == name)?;
                Some((feature, garbled.parse().ok()?, slight.parse().ok()?))
            };
            let (feature, garbled, slight) = read().ok_or_else(|| {
                bad(format!("line {}: expected a feature and two weights, separated by tabs", i + 1))
            })?;
            (weights[0][feature], weights[1][feature]) = (garbled, slight);
        }
        match FEATURES.iter().zip(weights[0]).find(|(_, w)| w.is_nan()) {
            Some((name, _)) => Err(bad(format!("lacks the feature '{name}'"))),
            None => Ok(Confidence { weights }),
        }
    }

    /// Writes `confidence.tsv`.
    #[must_use]
    pub fn to_tsv(&self) -> String {
        let mut out = String::from("# feature\tweight for garbled text\tfor slightly damaged text\n");
        for (i, name) in FEATURES.iter().enumerate() {
            out += &format!("{name}\t{:.4}\t{:.4}\n", self.weights[0][i], self.weights[1][i]);
        }
        out
    }

    /// The probability that a reading is right.
    #[must_use]
    pub fn probability(&self, damage: Damage, evidence: &Evidence) -> f32 {
        let sum: f32 = self.weights[damage as usize].iter().zip(evidence).map(|(w, x)| w * x).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_and_read_back() {
        let mut weights = [[0.0; FEATURES.len()]; 2];
        weights[0][1] = 0.5;
        weights[1][0] = -2.25;
        let confidence = Confidence { weights };
        assert_eq!(Confidence::parse(&confidence.to_tsv()).unwrap(), confidence);
        assert!(Confidence::parse("always\t1\t1\n").is_err());
        assert!(Confidence::parse("no such thing\t1\t1\n").is_err());
        let sure = |p| {
            let mut e = [0.0; FEATURES.len()];
            e[1] = log_odds(p);
            confidence.probability(Damage::Garbled, &e)
        };
        assert!(sure(0.99) > sure(0.9) && sure(1.0) < 1.0);
    }
}
