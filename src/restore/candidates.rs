//! What a unit may have been: words that the channel can explain, the unit as it stands, and two words that ran together.
//!
//! A reading says which words, not yet in which case: the decoder chooses the words first ([`super::decode`]) and then how they are written
//! ([`super::casing`]).

use std::ops::Range;

use super::channel::{Channel, STEP};
use super::lexicon;
use super::models::{Damage, Models};
use super::plain::Form;
use super::reading::{Memory, Part, Reading};
use super::search;
use super::token::{self, Case, Class};
use super::trie::Words;
use crate::model::normal;

/// Costs that no pair of words teaches, in nats. Tuned on documents that nothing here was learned from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// A letter of a word that the lexicon lacks.
    pub strange_letter: f32,
    /// A digit or sign of something that is neither word nor number.
    pub strange_sign: f32,
    /// A sign after a word that is what it seems.
    pub sign: f32,
    /// A foreign word of the lexicon, where an ill-read Vietnamese one is likelier.
    pub foreign: f32,
    /// A letter of an acronym that the lexicon lacks.
    pub acronym_letter: f32,
    /// A number that is read as a word.
    pub digits_as_word: f32,
    /// A number one of whose digits was read as a letter.
    pub digit_amiss: f32,
    /// A number at the end of a word that is taken for part of its letters.
    pub swallowed: f32,
    /// Two words that ran together.
    pub split: f32,
    /// A word that came apart.
    pub merge: f32,
    /// Readings that much costlier than the cheapest are left out.
    pub margin: f32,
    /// Costlier words, their rarity included, are not thought of.
    pub most: f32,
}

impl Default for Costs {
    fn default() -> Costs {
        Costs {
            strange_letter: 3.5,
            strange_sign: 9.0,
            sign: 4.0,
            foreign: 4.0,
            acronym_letter: 1.6,
            digits_as_word: 1.5,
            digit_amiss: 4.0,
            swallowed: 8.0,
            split: 6.0,
            merge: 7.0,
            margin: 10.0,
            most: 22.0,
        }
    }
}

/// Measures that are written with a digit.
const MEASURES: [&str; 10] = ["m2", "m3", "km2", "cm2", "dm3", "CO2", "m²", "m³", "km²", "cm³"];

/// So many digits at the end of a word are a number rather than letters.
const SWALLOWED: usize = 2;
/// Of words that came apart, only those nearly as good as the best are thought of, in nats.
const MERGED: f32 = 4.0;
/// Finds readings; remembers those of units it has seen.
pub struct Finder<'a, 'm> {
    models: &'a Models,
    channel: &'a Channel,
    garbled: bool,
    costs: Costs,
    memory: &'m mut Memory,
}

impl<'a, 'm> Finder<'a, 'm> {
    /// A finder over the models, with the channel of the given damage and what was found for that damage before.
    #[must_use]
    pub fn new(models: &'a Models, damage: Damage, costs: Costs, memory: &'m mut Memory) -> Self {
        Finder { models, channel: models.channel(damage), garbled: damage == Damage::Garbled, costs, memory }
    }

    /// What is remembered.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        self.memory
    }

    /// The readings of one unit, at least one.
    pub fn readings(&mut self, observed: &str) -> Range<u32> {
        if let Some(found) = self.memory.recall(observed) {
            return found;
        }
        let found = self.find(observed);
        self.memory.keep(observed, found)
    }

    /// The unit as it stands, if it is a word of the lexicon in a regular case, or a number or the like.
    pub fn form(&mut self, observed: &str) -> Option<Form> {
        if let Some(form) = self.memory.forms.get(observed) {
            return *form;
        }
        let reading = self.as_it_seems(observed);
        let form = reading.map(|reading| {
            let case = match &reading.first {
                Part::Word { .. } => reading.keeps,
                Part::Fixed { .. } => None,
            };
            let confused = !self.garbled && !self.models.confusions.of(observed).is_empty();
            let reading_at = self.memory.readings.len() as u32;
            let form = Form { word: reading.first.word(), case, confused, reading: reading_at };
            self.memory.readings.push(reading);
            form
        });
        self.memory.forms.insert(observed.into(), form);
        form
    }

    fn as_it_seems(&self, observed: &str) -> Option<Reading> {
        if token::is_word(observed) && !token::is_roman(observed) {
            let word = self.models.lexicon.id(&token::canonical(observed))?;
            let case = token::case_of(observed);
            if Words::written(&self.models.lexicon, word, case) != normal::to_old_tone(observed) {
                return None;
            }
            let mut costs = [u8::MAX; 4];
            costs[case as usize] = 0;
            return Some(Reading::one(Part::Word { word, costs }, 0.0).kept(case));
        }
        let class = token::class_of(observed);
        let same = self.models.symbols.repair(observed).is_none_or(|repaired| repaired == observed);
        (class != Class::Other && same)
            .then(|| Reading::one(Part::class(class, observed), 0.1).kept(Case::Lower))
    }

    /// The readings of two units as one word that came apart.
    pub fn merged(&mut self, first: &str, second: &str) -> Range<u32> {
        let key = format!("{first} {second}");
        if let Some(found) = self.memory.recall(&key) {
            return found;
        }
        let mut found =
            self.words_within(&format!("{first}{second}"), MERGED, self.costs.most - self.costs.merge);
        found.truncate(4);
        for r in &mut found {
            r.cost += self.costs.merge;
            r.keeps = None;
        }
        self.memory.keep(&key, found)
    }

    /// The reading of a unit as another word that recognition would have accepted: `text`, if the lexicon has it.
    pub fn hinted(&mut self, observed: &str, text: &str) -> Option<u32> {
        let word = self.models.lexicon.id(&token::canonical(text))?;
        let readings = self.readings(observed);
        let same = |r: &Reading| {
            r.second.is_none() && r.signs == 0 && matches!(r.first, Part::Word { word: w, .. } if w == word)
        };
        let known = self.memory.get(&readings).iter().position(same);
        if let Some(i) = known {
            return Some(readings.start + i as u32);
        }
        let key = format!("{observed}\n{text}");
        if let Some(found) = self.memory.recall(&key) {
            return Some(found.start);
        }
        let mut costs = [u8::MAX; 4];
        costs[token::case_of(text) as usize] = 0;
        let reading = Reading::one(Part::Word { word, costs }, self.costs.margin);
        Some(self.memory.keep(&key, [reading]).start)
    }

    /// Readings with the signs at the end as letters, and with them as marks.
    fn find(&self, observed: &str) -> Vec<Reading> {
        let word = observed.trim_end_matches(token::is_doubtful_sign);
        if word.len() == observed.len() || word.is_empty() {
            return self.find_word(observed);
        }
        let signs = u8::try_from(observed.len() - word.len()).unwrap_or(u8::MAX);
        let mut out = self.words(observed, self.costs.margin);
        out.extend(self.find_word(word).into_iter().map(|mut r| {
            r.signs = signs;
            r.cost += self.costs.sign;
            r
        }));
        out
    }

    fn find_word(&self, observed: &str) -> Vec<Reading> {
        if MEASURES.contains(&observed) {
            return vec![Reading::one(Part::class(Class::Other, observed), 0.1).kept(Case::Lower)];
        }
        let class = token::class_of(observed);
        if class == Class::Address {
            return vec![Reading::one(Part::class(class, observed), 0.1).kept(Case::Lower)];
        }
        // digits and letters around a stroke are a symbol, whatever the letters look like
        let may_be_words = !matches!(class, Class::Symbol | Class::Date);
        let mut out = if may_be_words { self.words(observed, self.costs.margin) } else { Vec::new() };
        let cheapest = out.iter().map(|r| r.cost).fold(f32::INFINITY, f32::min);
        let has_digit = observed.bytes().any(|b| b.is_ascii_digit());
        if token::is_word(observed) && !token::is_roman(observed) {
            if !out.iter().any(|r| r.keeps.is_some()) {
                out.push(self.as_it_stands(observed));
            }
        } else if class != Class::Other {
            if matches!(class, Class::Digit1 | Class::Digit2 | Class::Digit4 | Class::Number) {
                out.iter_mut().for_each(|r| r.cost += self.costs.digits_as_word);
            }
            let text = self.models.symbols.repair(observed);
            let same = text.as_deref().is_none_or(|t| t == observed);
            let reading = Reading::one(Part::class(class, text.as_deref().unwrap_or(observed)), 0.1);
            out.push(if same { reading.kept(Case::Lower) } else { reading });
        } else {
            let letters = observed.chars().filter(|c| c.is_alphabetic()).count() as f32;
            let signs = observed.chars().count() as f32 - letters;
            let cost = letters * self.costs.strange_letter + signs * self.costs.strange_sign;
            out.push(Reading::one(Part::class(class, observed), cost).kept(Case::Lower));
        }
        if let Some(numeral) = roman_read_amiss(observed) {
            out.push(Reading::one(Part::class(Class::Roman, &numeral), 1.0));
        }
        if let Some((number, amiss)) = number_read_amiss(observed) {
            let class = token::class_of(&number);
            out.push(Reading::one(Part::class(class, &number), self.costs.digit_amiss * amiss as f32));
        }
        let length = observed.chars().count();
        let number = matches!(class, Class::Digit1 | Class::Digit2 | Class::Digit4 | Class::Number);
        let may_be_two = may_be_words && !number && (4..=14).contains(&length);
        if may_be_two && (cheapest > 5.0 || has_digit) {
            self.splits(observed, cheapest, &mut out);
        }
        out
    }

    /// Words that the channel explains, best first by channel and frequency together.
    fn words(&self, observed: &str, margin: f32) -> Vec<Reading> {
        self.words_within(observed, margin, self.costs.most)
    }

    /// The same, none of which costs more than `most`.
    fn words_within(&self, observed: &str, margin: f32, most: f32) -> Vec<Reading> {
        if observed.contains(token::is_foreign) {
            return Vec::new();
        }
        let lexicon = &self.models.lexicon;
        // The lexicon writes hòa; what is printed hoà is the same word and stays as it is printed.
        let known = lexicon.id(&token::canonical(observed));
        let old = known.map(|_| normal::to_old_tone(observed));
        let chars: Vec<char> =
            old.as_deref().unwrap_or(observed).chars().take(super::trie::MAX_WORD + 1).collect();
        let found = search::search(self.channel, &self.models.words, &chars, margin, most);
        // what the word as a whole was seen as, where that is known
        let confused = if self.garbled { &[] } else { self.models.confusions.of(observed) };
        let number = observed.bytes().rev().take_while(u8::is_ascii_digit).count();
        let letters = chars.len().saturating_sub(number);
        found
            .into_iter()
            .map(|f| {
                // a word that the letters alone could be swallows the number after it
                let length = lexicon.entry(f.word).map_or(0, |e| e.word.chars().count());
                let swallowed = number >= SWALLOWED && (1..=letters).contains(&length);
                let more = if swallowed { self.costs.swallowed } else { 0.0 };
                let least = f.least();
                let costs = f.costs.map(|c| match c.is_finite() {
                    true => ((c - least) / STEP).round().min(254.0) as u8,
                    false => u8::MAX,
                });
                let foreign = self.garbled && self.models.foreign[usize::from(f.word)];
                let more = more + if foreign { self.costs.foreign } else { 0.0 };
                let whole = confused
                    .iter()
                    .find(|(word, _)| *word == f.word)
                    .map_or(f32::INFINITY, |(_, cost)| *cost);
                let reading = Reading::one(Part::Word { word: f.word, costs }, least.min(whole) + more);
                let case = token::case_of(observed);
                let same = known == Some(f.word)
                    && costs[case as usize] < 255
                    && old.as_deref() == Some(Words::written(lexicon, f.word, case).as_str());
                if same { reading.kept(case) } else { reading }
            })
            .collect()
    }

    fn as_it_stands(&self, observed: &str) -> Reading {
        let case = token::case_of(observed);
        let letters = observed.chars().count() as f32;
        let acronym = case == Case::Upper
            && letters >= 2.0
            && !self.models.shapes.contains(&normal::strip_marks(observed).to_lowercase());
        let (word, cost) = match self.models.lexicon.id(&token::canonical(observed)) {
            // The channel did not think of it, yet it is a word.
            Some(id) => (id, self.costs.margin),
            None if acronym => (lexicon::UNKNOWN, letters * self.costs.acronym_letter),
            None => (lexicon::UNKNOWN, letters * self.costs.strange_letter),
        };
        Reading::one(Part::fixed(word, Some(case), observed), cost).kept(case)
    }

    /// Adds readings as two words: a word and a number that ran together, or two words.
    fn splits(&self, observed: &str, cheapest: f32, out: &mut Vec<Reading>) {
        let mut best: Vec<Reading> = Vec::new();
        for (i, _) in observed.char_indices().skip(1) {
            let (left, right) = observed.split_at(i);
            let number = right.bytes().all(|b| b.is_ascii_digit()) && right.len() <= 4;
            if !number && (left.chars().count() < 2 || right.chars().count() < 2) {
                continue;
            }
            let most = cheapest + self.costs.margin - self.costs.split;
            let mut lefts = self.words(left, 7.0);
            lefts.truncate(8);
            lefts.retain(|l| l.cost < most);
            if lefts.is_empty() {
                continue;
            }
            let mut rights = if number {
                vec![Reading::one(Part::class(token::class_of(right), right), 0.1)]
            } else {
                self.words(right, 5.0)
            };
            rights.truncate(4);
            for l in &lefts {
                for r in &rights {
                    let cost = l.cost + r.cost + self.costs.split;
                    if cost < cheapest + self.costs.margin {
                        best.push(Reading {
                            second: Some(r.first.clone()),
                            ..Reading::one(l.first.clone(), cost)
                        });
                    }
                }
            }
        }
        // as for single words, by channel and frequency together
        let rank = |r: &Reading| {
            let words = [Some(&r.first), r.second.as_ref()].into_iter().flatten();
            r.cost + words.map(|p| self.models.price(p.word())).sum::<f32>()
        };
        best.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        best.truncate(12);
        out.append(&mut best);
    }
}

/// Upright strokes that a one may be read as.
fn is_stroke(c: char) -> bool {
    matches!(c, 'l' | 'I' | '|' | '!' | ']' | 'i' | 'Í' | 'Ì' | 'Ỉ' | 'Ĩ' | 'Ị' | 'ĩ' | 'ï' | 'Ï')
}

/// A Roman numeral some of whose strokes were read as other upright ones: `I11`, `1V`, `Il`.
fn roman_read_amiss(observed: &str) -> Option<String> {
    if token::is_roman(observed) || !observed.contains(['I', 'V', 'X']) || observed.len() > 8 {
        return None;
    }
    let numeral: String = observed.chars().map(|c| if c == '1' || is_stroke(c) { 'I' } else { c }).collect();
    token::is_roman(&numeral).then_some(numeral)
}

/// A number some of whose digits were read as letters that look like them (`2l`, `0I`, `l5`, `200]`), and how many were.
fn number_read_amiss(observed: &str) -> Option<(String, usize)> {
    if observed.len() > 8 || !observed.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut amiss = 0;
    let number: String = observed
        .chars()
        .map(|c| match c {
            'O' | 'o' => '0',
            c if is_stroke(c) => '1',
            c => c,
        })
        .collect();
    for (a, b) in observed.chars().zip(number.chars()) {
        amiss += usize::from(a != b);
    }
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    (digits && amiss > 0 && amiss * 2 <= number.len()).then_some((number, amiss))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_ones() {
        assert_eq!(number_read_amiss("200]"), Some(("2001".into(), 1)));
        assert_eq!(number_read_amiss("0l"), Some(("01".into(), 1)));
        for other in ["12", "1a", "ll", "3lo4m", "l"] {
            assert_eq!(number_read_amiss(other), None, "{other}");
        }
        assert_eq!(roman_read_amiss("I11"), Some("III".into()));
        assert_eq!(roman_read_amiss("Vit"), None);
    }
}
