//! Names of places, snapped to the gazetteer: after *xã*, *phường*, *huyện* ... stands the name of a unit that exists.
//!
//! Only words of a name that the decoder was not sure of are touched, and only if exactly one unit of that kind has it: letter for letter when marks are
//! left out, or, failing that, with one letter changed (Levenshtein distance 1). `places.txt` holds the units before and after July 2025.

use rustc_hash::FxHashMap;

use super::restorer::Choice;
use super::token::{self, Case};
use super::units::Unit;
use crate::model::normal::strip_marks;

/// Kinds of units, longest first, as the gazetteer begins its lines.
const KINDS: [&str; 9] =
    ["Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Huyện", "Phường", "Quận", "Tỉnh", "Xã"];

/// A name of which every word is this certain is left alone.
const SURE: f32 = 0.97;
/// Names shorter than this, in letters, are too alike to be told by distance.
const LONG: usize = 7;
/// Most words of a name.
const WORDS: usize = 4;
/// What a snapped name is trusted.
const TRUST: f32 = 0.9;

/// The units by kind and shape.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Kind in lower case → name without marks in lower case → names.
    shapes: FxHashMap<String, FxHashMap<String, Vec<String>>>,
}

fn shape(name: &str) -> String {
    strip_marks(&name.to_lowercase())
}

impl Places {
    /// Reads `places.txt`: a unit a line, its kind first. Lines of other kinds are left out.
    #[must_use]
    pub fn parse(text: &str) -> Places {
        let mut places = Places::default();
        for line in text.lines() {
            let found = KINDS.iter().find_map(|k| Some((k, line.strip_prefix(k)?.strip_prefix(' ')?)));
            if let Some((kind, name)) = found {
                let names =
                    places.shapes.entry(kind.to_lowercase()).or_default().entry(shape(name)).or_default();
                names.push(name.to_owned());
            }
        }
        places
    }

    /// The one name of a unit of `kind` that `name` must be; `None` if it is one already, or if none or several could be meant.
    #[must_use]
    pub fn snap(&self, kind: &str, name: &str) -> Option<&str> {
        let shapes = self.shapes.get(kind)?;
        let seen = shape(name);
        if let Some(names) = shapes.get(&seen) {
            let known = names.iter().any(|n| token::canonical(n) == token::canonical(name));
            return (!known && names.len() == 1).then(|| names[0].as_str());
        }
        if seen.len() < LONG {
            return None;
        }
        let near = |s: &&String| s.len().abs_diff(seen.len()) <= 1 && strsim::levenshtein(s, &seen) == 1;
        let mut found = shapes.iter().filter(|(s, _)| near(s)).flat_map(|(_, names)| names);
        let only = found.next()?;
        found.next().is_none().then_some(only.as_str())
    }

    /// Snaps the names among the choices of a page.
    pub fn repair(&self, units: &[Unit], choices: &mut [Choice]) {
        for i in 0..choices.len() {
            // nearly every word is sure: look for names only before those that are not
            if choices[i + 1..].iter().take(WORDS).all(|c| c.posterior >= SURE) {
                continue;
            }
            let Some(kind) = kind_at(choices, i) else { continue };
            let named = |c: &Choice| {
                let case = token::case_of(&c.text);
                let joined = units.get(c.unit).is_some_and(|u| u.follows);
                joined && c.units == 1 && token::is_word(&c.text) && matches!(case, Case::Title | Case::Upper)
            };
            let most = choices[i + 1..].iter().take(WORDS).take_while(|c| named(c)).count();
            let longest = (2..=most).rev().find_map(|n| {
                let words = &choices[i + 1..=i + n];
                if words.iter().all(|c| c.posterior >= SURE) {
                    return None;
                }
                let name = words.iter().map(|c| &*c.text).collect::<Vec<_>>().join(" ");
                let snapped = self.snap(&kind, &name)?;
                let stays = |(c, word): (&Choice, &str)| {
                    c.posterior < SURE || token::canonical(&c.text) == token::canonical(word)
                };
                words.iter().zip(snapped.split(' ')).all(stays).then(|| snapped.to_owned())
            });
            let Some(name) = longest else { continue };
            for (choice, word) in choices[i + 1..].iter_mut().zip(name.split(' ')) {
                let new = match token::case_of(&choice.text) {
                    Case::Upper if word.chars().nth(1).is_some() => word.to_uppercase(),
                    _ => word.to_owned(),
                };
                if token::canonical(&new) != token::canonical(&choice.text) {
                    let old = std::mem::replace(&mut choice.text, new.into());
                    choice.runner_up = Some((old.into_owned(), choice.posterior));
                    choice.posterior = TRUST;
                }
            }
        }
    }
}

/// The kind of unit that the choices name at `i` (by its last word), in lower case.
fn kind_at(choices: &[Choice], i: usize) -> Option<String> {
    let word = choices[i].text.to_lowercase();
    let before = i.checked_sub(1).map(|b| choices[b].text.to_lowercase()).unwrap_or_default();
    let double = format!("{before} {word}");
    KINDS.iter().map(|k| k.to_lowercase()).find(|k| *k == double || *k == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places::parse(
            "Xã Lai Khê\nXã Hòa Bình\nXã Hoà Bình\nPhường Nguyễn Nghiêm\nTỉnh Trà Vinh\nXã Tân An\nXã Tân Ân\n",
        )
    }

    #[test]
    fn one_name_of_the_same_shape_is_meant() {
        let places = places();
        assert_eq!(places.snap("xã", "Lai Khế"), Some("Lai Khê"));
        assert_eq!(places.snap("xã", "Lai Khê"), None);
        assert_eq!(places.snap("tỉnh", "Trà Vĩnh"), Some("Trà Vinh"));
        assert_eq!(places.snap("xã", "Tần An"), None, "two are possible");
        assert_eq!(places.snap("phường", "Nguyễn Nghiễn"), Some("Nguyễn Nghiêm"));
        assert_eq!(places.snap("phường", "Lai Khế"), None, "no ward");
    }

    #[test]
    fn only_doubted_names_are_touched() {
        let raw = "tỉnh Trà Vĩnh";
        let units = super::super::units::units(raw, &[]);
        let choice = |i: usize, p| Choice {
            unit: i,
            units: 1,
            text: raw[units[i].span.clone()].into(),
            posterior: p,
            runner_up: None,
            evidence: None,
        };
        for (sure, expected) in [(0.5, "Vinh"), (0.99, "Vĩnh")] {
            let mut choices = vec![choice(0, 1.0), choice(1, 1.0), choice(2, sure)];
            places().repair(&units, &mut choices);
            assert_eq!(choices[2].text, expected);
        }
    }
}
