//! An archive's own words and names: what no dictionary of the language has.
//!
//! **Form.** A text file (UTF-8), a word or a name a line, written as it is written inside a sentence: `Kđăm`, `Y Bhiu Niê`, `KSTTHC`, `lồ ô`. Empty lines and
//! lines that begin with `#` say nothing. Only letters, spaces, hyphens and apostrophes; a syllable has at most [`MAX_WORD`] letters.
//!
//! A syllable that the lexicon lacks becomes a word of it, as likely as a rare one, in the case in which it stands here or in capitals. The
//! syllables of a name support each other as those of a name that the document repeats ([`super::cache`]), and a name that was read is written as it stands
//! here.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::RestoreError;
use super::cache::Cache;
use super::lexicon::{Entry, Lexicon, SENTENCE};
use super::lm::WordId;
use super::restorer::Choice;
use super::token::{self, Case};
use super::trie::MAX_WORD;
use super::units::Unit;
use crate::model::normal::nfc;

/// `-ln P` of a word of one's own, in nats: that of a rare word of the language.
pub const RARITY: f32 = 10.0;
/// So often a document is taken to say a name before it is read.
const SAID: f32 = 3.0;
/// Most syllables of all names together that the lexicon may lack.
const MOST: usize = 20_000;
/// Most syllables of a name.
const LONGEST: usize = 12;

/// Words and names as they are written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnWords {
    names: Vec<Vec<String>>,
}

impl OwnWords {
    /// Reads the text of such a file; `name` is for errors.
    ///
    /// # Errors
    /// [`RestoreError::Own`] naming the first line that is no word or name.
    pub fn parse(name: &str, text: &str) -> Result<OwnWords, RestoreError> {
        let mut own = OwnWords::default();
        let mut syllables = 0;
        let text = nfc(text.trim_start_matches('\u{feff}'));
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |what: String| RestoreError::Own { name: name.into(), line: i + 1, what };
            let is_joint = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '\'' | '’');
            let parts: Vec<String> =
                line.split(is_joint).filter(|p| !p.is_empty()).map(str::to_owned).collect();
            if let Some(part) = parts.iter().find(|p| !token::is_word(p)) {
                return Err(bad(format!("'{part}' is no word: give letters only, a word or a name a line")));
            }
            if let Some(part) = parts.iter().find(|p| p.chars().count() > MAX_WORD) {
                return Err(bad(format!("'{part}' has more than {MAX_WORD} letters")));
            }
            if parts.len() > LONGEST {
                return Err(bad(format!("a name has at most {LONGEST} syllables: give one name a line")));
            }
            syllables += parts.len();
            if syllables > MOST {
                return Err(bad(format!("more than {MOST} syllables are too many for one dictionary")));
            }
            own.names.extend((!parts.is_empty()).then_some(parts));
        }
        Ok(own)
    }

    /// Reads a file and adds its words to these.
    ///
    /// # Errors
    /// [`RestoreError::Read`] if it can't be read, [`RestoreError::Own`] naming the first line that is no word or name.
    pub fn add(&mut self, path: &Path) -> Result<(), RestoreError> {
        let failed = |what: String| RestoreError::Read { path: path.to_owned(), what };
        let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| failed("is not UTF-8 text".into()))?;
        self.names.extend(OwnWords::parse(&path.display().to_string(), &text)?.names);
        Ok(())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All of them, one a line.
    #[must_use]
    pub fn text(&self) -> String {
        self.names.iter().map(|n| n.join(" ") + "\n").collect()
    }

    /// The lexicon with the syllables that it lacks at its end, and the names by number.
    #[must_use]
    pub(super) fn join(&self, lexicon: &Lexicon) -> (Lexicon, Names) {
        let mut entries: Vec<Entry> = lexicon.iter().map(|(_, e)| e.clone()).collect();
        let mut added: FxHashMap<String, usize> = FxHashMap::default();
        for part in self.names.iter().flatten() {
            let word = token::canonical(part);
            if lexicon.id(&word).is_some() {
                continue;
            }
            let at = *added.entry(word.clone()).or_insert_with(|| {
                entries.push(Entry { word, counts: [0; 4], mixed: None });
                entries.len() - 1
            });
            let case = token::case_of(part);
            entries[at].counts[case as usize] += 1;
            if case == Case::Mixed {
                entries[at].mixed = Some(part.clone());
            }
        }
        let lexicon = if added.is_empty() { lexicon.clone() } else { Lexicon::new(entries) };
        let mut names = Names::default();
        for name in self.names.iter().filter(|n| n.len() > 1) {
            let ids = name.iter().filter_map(|p| lexicon.id(&token::canonical(p))).collect::<Vec<_>>();
            if ids.len() == name.len() {
                let forms = names.by_first.entry(ids[0]).or_default();
                forms.push((ids, name.clone()));
                forms.sort_by_key(|(ids, _)| std::cmp::Reverse(ids.len()));
            }
        }
        (lexicon, names)
    }
}

/// A name by the numbers of its syllables, and as it is written.
type Name = (Vec<WordId>, Vec<String>);

/// The names of several syllables, by the number of the first, the longest first.
#[derive(Debug, Clone, Default)]
pub struct Names {
    by_first: FxHashMap<WordId, Vec<Name>>,
}

impl Names {
    /// Has a document say all names.
    pub(super) fn say(&self, cache: &mut Cache) {
        for (ids, _) in self.by_first.values().flatten() {
            let mut previous = SENTENCE;
            for id in ids {
                cache.add(previous, *id, SAID);
                previous = *id;
            }
        }
    }

    /// Writes the names among the choices of a page as they are written; in capitals if all of one is.
    pub(super) fn write(&self, lexicon: &Lexicon, units: &[Unit], choices: &mut [Choice]) {
        if self.by_first.is_empty() {
            return;
        }
        let ids: Vec<Option<WordId>> =
            choices.iter().map(|c| lexicon.id(&token::canonical(&c.text))).collect();
        for i in 0..choices.len() {
            let follows = |k: usize| units.get(choices[k].unit).is_some_and(|u| u.follows);
            let stands = |(name, _): &&Name| {
                ids[i..].len() >= name.len()
                    && name.iter().zip(&ids[i..]).all(|(a, b)| Some(*a) == *b)
                    && (i + 1..i + name.len()).all(follows)
            };
            let names = ids[i].and_then(|id| self.by_first.get(&id));
            let Some((_, forms)) = names.and_then(|n| n.iter().find(stands)) else { continue };
            let upper = |c: &Choice| matches!(token::case_of(&c.text), Case::Upper);
            if choices[i..i + forms.len()].iter().all(upper) {
                continue;
            }
            for (choice, form) in choices[i..].iter_mut().zip(forms) {
                if token::case_of(&choice.text) != token::case_of(form) {
                    choice.text = token::recase(&choice.text.to_lowercase(), token::case_of(form)).into();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::{Models, Options, Restorer, Sources};

    #[test]
    fn lines_are_words_and_names() {
        let own = OwnWords::parse("own", "# names\n\nKđăm\r\n Y Bhiu  Niê \nCư M’gar\n").unwrap();
        assert_eq!(own.text(), "Kđăm\nY Bhiu Niê\nCư M gar\n");
        for (bad, line) in [("a\nxã 12\n", "line 2"), ("abcdefghijklmnopq", "line 1")] {
            let error = OwnWords::parse("own", bad).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }

    #[test]
    fn what_no_dictionary_has_is_read() {
        let raw = "dong chi Y Bhiu Kdam, chu tich Uy ban nhan dan xa";
        let plain = Restorer::new(Models::embedded(), Options::default()).text(raw);
        assert!(!plain.contains("Kđăm"), "{plain}");
        let own = OwnWords::parse("own", "Y Bhiu Kđăm").unwrap();
        let models = Models::new(Sources { own, ..Sources::embedded() }).unwrap();
        let restored = Restorer::new(&models, Options::default()).text(raw);
        assert_eq!(restored, "đồng chí Y Bhiu Kđăm, chủ tịch Ủy ban nhân dân xã");
        let right = "đồng chí Y Bhiu Kđăm, chủ tịch Ủy ban nhân dân xã KĐĂM.";
        assert_eq!(Restorer::new(&models, Options::default()).text(right), right);
    }
}
