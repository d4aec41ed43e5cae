//! What a unit may have been: words that the channel can explain, the unit as it stands, and two words that ran together.

use rustc_hash::{FxHashMap, FxHashSet};

use super::channel::{Channel, Trie};
use super::lexicon::{self, Lexicon};
use super::lm::WordId;
use super::models::{Damage, Models};
use super::symbols::Symbols;
use super::token::{self, Case, Class, recase};
use crate::model::normal;

/// How a word of a candidate bears on what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emitted {
    /// The language model's number.
    pub word: WordId,
    /// Its case; `None` for classes.
    pub case: Option<Case>,
}

/// One reading of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// As it would be written.
    pub text: String,
    /// One word, or two.
    pub words: Vec<Emitted>,
    /// `-ln P(observed | candidate)`, in nats.
    pub cost: f32,
}

/// Costs that no pair of words teaches, in nats. Tuned on documents that nothing here was learned from.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// A letter of a word that the lexicon lacks.
    pub strange_letter: f32,
    /// A digit or sign of something that is neither word nor number.
    pub strange_sign: f32,
    /// A sign after a word that is what it seems.
    pub sign: f32,
    /// A letter of an acronym that the lexicon lacks.
    pub acronym_letter: f32,
    /// A number that is read as a word.
    pub digits_as_word: f32,
    /// Two words that ran together.
    pub split: f32,
    /// A word that came apart.
    pub merge: f32,
    /// Readings that much costlier than the cheapest are left out.
    pub margin: f32,
}

impl Default for Costs {
    fn default() -> Costs {
        Costs {
            strange_letter: 3.5,
            strange_sign: 9.0,
            sign: 1.5,
            acronym_letter: 1.6,
            digits_as_word: 1.5,
            split: 6.0,
            merge: 7.0,
            margin: 9.0,
        }
    }
}

/// Measures that are written with a digit.
const MEASURES: [&str; 10] = ["m2", "m3", "km2", "cm2", "dm3", "CO2", "m²", "m³", "km²", "cm³"];

/// At most so many readings of a unit are kept.
const MOST: usize = 20;

/// Finds candidates; remembers those of units it has seen.
pub struct Finder<'a> {
    lexicon: &'a Lexicon,
    trie: &'a Trie,
    channel: &'a Channel,
    /// `-ln P` of each word alone, to rank candidates by.
    unigram: &'a [f32],
    symbols: &'a Symbols,
    shapes: &'a FxHashSet<String>,
    costs: Costs,
    /// What every reading but the observed one costs on top, in nats.
    reluctance: f32,
    known: FxHashMap<String, std::rc::Rc<[Candidate]>>,
}

impl<'a> Finder<'a> {
    /// A finder over the models, with the channel of the given damage.
    #[must_use]
    pub fn new(models: &'a Models, damage: Damage, costs: Costs, reluctance: f32) -> Self {
        Finder {
            lexicon: &models.lexicon,
            trie: &models.trie,
            channel: models.channel(damage),
            unigram: &models.unigram,
            symbols: &models.symbols,
            shapes: &models.shapes,
            costs,
            reluctance,
            known: FxHashMap::default(),
        }
    }

    /// The readings of one unit, at least one.
    pub fn candidates(&mut self, observed: &str) -> std::rc::Rc<[Candidate]> {
        if let Some(found) = self.known.get(observed) {
            return found.clone();
        }
        let mut found = self.find(observed);
        for c in found.iter_mut().filter(|c| c.text != observed) {
            c.cost += self.reluctance;
        }
        let found: std::rc::Rc<[Candidate]> = found.into();
        self.known.insert(observed.to_owned(), found.clone());
        found
    }

    /// The readings of two units as one word that came apart.
    pub fn merged(&mut self, observed: &str) -> Vec<Candidate> {
        let mut out = self.words(observed, self.costs.margin);
        out.truncate(4);
        for c in &mut out {
            c.cost += self.costs.merge + self.reluctance;
        }
        out
    }

    /// Readings with the signs at the end as letters, and with them as marks.
    fn find(&self, observed: &str) -> Vec<Candidate> {
        let word = observed.trim_end_matches(token::is_doubtful_sign);
        if word.len() == observed.len() || word.is_empty() {
            return self.find_word(observed);
        }
        let signs = &observed[word.len()..];
        let mut out = self.words(observed, self.costs.margin);
        out.extend(self.find_word(word).into_iter().map(|mut c| {
            c.text.push_str(signs);
            c.cost += self.costs.sign;
            c
        }));
        out
    }

    fn find_word(&self, observed: &str) -> Vec<Candidate> {
        if MEASURES.contains(&observed) {
            let word = Emitted { word: lexicon::class_id(Class::Other), case: None };
            return vec![Candidate { text: observed.to_owned(), words: vec![word], cost: 0.1 }];
        }
        if token::class_of(observed) == Class::Address {
            let word = Emitted { word: lexicon::class_id(Class::Address), case: None };
            return vec![Candidate { text: observed.to_owned(), words: vec![word], cost: 0.1 }];
        }
        let mut out = self.words(observed, self.costs.margin);
        let cheapest = out.first().map_or(f32::INFINITY, |c| c.cost);
        let has_digit = observed.bytes().any(|b| b.is_ascii_digit());
        if token::is_word(observed) && !token::is_roman(observed) {
            if !out.iter().any(|c| c.text == observed) {
                out.push(self.as_it_stands(observed));
            }
        } else {
            let class = token::class_of(observed);
            if class != Class::Other {
                let doubt = match class {
                    Class::Digit1 | Class::Digit2 | Class::Digit4 | Class::Number => {
                        self.costs.digits_as_word
                    }
                    _ => 0.0,
                };
                for c in &mut out {
                    c.cost += doubt;
                }
                let word = Emitted { word: lexicon::class_id(class), case: None };
                let text = self.symbols.repair(observed).unwrap_or_else(|| observed.to_owned());
                out.push(Candidate { text, words: vec![word], cost: 0.1 });
            } else {
                let letters = observed.chars().filter(|c| c.is_alphabetic()).count() as f32;
                let signs = observed.chars().count() as f32 - letters;
                let word = Emitted { word: lexicon::class_id(Class::Other), case: None };
                let cost = letters * self.costs.strange_letter + signs * self.costs.strange_sign;
                out.push(Candidate { text: observed.to_owned(), words: vec![word], cost });
            }
        }
        if let Some(numeral) = roman_read_amiss(observed) {
            let word = Emitted { word: lexicon::class_id(Class::Roman), case: None };
            out.push(Candidate { text: numeral, words: vec![word], cost: 1.0 });
        }
        let length = observed.chars().count();
        if (4..=14).contains(&length) && (cheapest > 5.0 || has_digit) {
            self.splits(observed, cheapest, &mut out);
        }
        out
    }

    /// Words that the channel explains, best first by channel and frequency together.
    fn words(&self, observed: &str, margin: f32) -> Vec<Candidate> {
        let most = 8.0 + 4.0 * observed.chars().count() as f32;
        // The lexicon writes hòa; what is printed hoà is the same word and stays as it is printed.
        let old = match self.lexicon.id(&token::canonical(observed)) {
            Some(_) => normal::to_old_tone(observed),
            None => observed.to_owned(),
        };
        let mut found = self.channel.candidates(self.trie, &old, margin, most);
        let rank = |f: &super::channel::Found| {
            f.cost + 0.5 * self.unigram.get(usize::from(f.form.word)).copied().unwrap_or(20.0)
        };
        found.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        found.truncate(MOST);
        found
            .into_iter()
            .filter_map(|f| {
                let entry = self.lexicon.entry(f.form.word)?;
                let text = match (f.form.case, &entry.mixed) {
                    (Case::Mixed, Some(form)) => form.clone(),
                    (case, _) => recase(&entry.word, case),
                };
                let text = if text == old { observed.to_owned() } else { text };
                let words = vec![Emitted { word: f.form.word, case: Some(f.form.case) }];
                Some(Candidate { text, words, cost: f.cost })
            })
            .collect()
    }

    fn as_it_stands(&self, observed: &str) -> Candidate {
        let case = token::case_of(observed);
        let letters = observed.chars().count() as f32;
        let acronym = case == Case::Upper
            && letters >= 2.0
            && !self.shapes.contains(&normal::strip_marks(observed).to_lowercase());
        let (word, cost) = match self.lexicon.id(&token::canonical(observed)) {
            // The channel did not think of it, yet it is a word.
            Some(id) => (id, self.costs.margin),
            None if acronym => (lexicon::UNKNOWN, letters * self.costs.acronym_letter),
            None => (lexicon::UNKNOWN, letters * self.costs.strange_letter),
        };
        Candidate { text: observed.to_owned(), words: vec![Emitted { word, case: Some(case) }], cost }
    }

    /// Adds readings as two words: a word and a number that ran together, or two words.
    fn splits(&self, observed: &str, cheapest: f32, out: &mut Vec<Candidate>) {
        let mut best: Vec<Candidate> = Vec::new();
        for (i, _) in observed.char_indices().skip(1) {
            let (left, right) = observed.split_at(i);
            let number = right.bytes().all(|b| b.is_ascii_digit()) && right.len() <= 4;
            if !number && (left.chars().count() < 2 || right.chars().count() < 2) {
                continue;
            }
            let mut lefts = self.words(left, 7.0);
            lefts.truncate(8);
            let mut rights = if number {
                let word = Emitted { word: lexicon::class_id(token::class_of(right)), case: None };
                vec![Candidate { text: right.to_owned(), words: vec![word], cost: 0.1 }]
            } else {
                self.words(right, 5.0)
            };
            rights.truncate(4);
            for l in &lefts {
                for r in &rights {
                    let cost = l.cost + r.cost + self.costs.split;
                    if cost < cheapest + self.costs.margin {
                        let words = l.words.iter().chain(&r.words).copied().collect();
                        best.push(Candidate { text: format!("{} {}", l.text, r.text), words, cost });
                    }
                }
            }
        }
        best.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        best.truncate(12);
        out.append(&mut best);
    }
}

/// A Roman numeral some of whose strokes were read as other upright ones: `I11`, `1V`, `Il`.
fn roman_read_amiss(observed: &str) -> Option<String> {
    if token::is_roman(observed) || !observed.contains(['I', 'V', 'X']) || observed.len() > 8 {
        return None;
    }
    let numeral: String = observed
        .chars()
        .map(|c| match c {
            '1' | 'l' | '|' | '!' | 'i' | 'Í' | 'Ì' | 'Ỉ' | 'Ĩ' | 'Ị' | 'ĩ' | 'ï' | 'Ï' => 'I',
            c => c,
        })
        .collect();
    token::is_roman(&numeral).then_some(numeral)
}
