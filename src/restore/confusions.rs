//! Words that a reader takes for other words, as a whole: a Vietnamese model reads *chi* as *chỉ* most of the time, whatever the print.
//!
//! The channel knows letters. A recognition model, though, has a language model of its own inside, and swaps words: the mark that is lost from *chi*
//! in one word of a hundred is, on bad prints, lost from most *thống*. For pairs of words that were seen often enough, what the whole word cost is
//! known better than what its letters would, and the less of the two counts. Only the Vietnamese model's readings have such a table; its columns are
//! the true word, what it was seen as, both in small letters, and `-ln P`.

use rustc_hash::FxHashMap;

use super::RestoreError;
use super::lexicon::Lexicon;
use super::lm::WordId;
use super::token;

/// What words were seen as, by what was seen.
#[derive(Debug, Clone, Default)]
pub struct Confusions(FxHashMap<Box<str>, Vec<(WordId, f32)>>);

impl Confusions {
    /// Reads a table; words that the lexicon lacks are left out.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the first line that is not of this form.
    pub fn parse(name: &str, text: &str, lexicon: &Lexicon) -> Result<Confusions, RestoreError> {
        let mut found = Confusions::default();
        let lines = text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        for (i, line) in lines {
            let mut columns = line.split('\t');
            let row = (|| Some((columns.next()?, columns.next()?, columns.next()?.parse::<f32>().ok()?)))();
            let Some((truth, seen, cost)) = row.filter(|r| r.2.is_finite() && r.2 >= 0.0) else {
                return Err(RestoreError::Model {
                    name: name.into(),
                    what: format!("line {}: expected word, what it was seen as, -ln P", i + 1),
                });
            };
            if let Some(word) = lexicon.id(truth) {
                found.0.entry(seen.into()).or_default().push((word, cost));
            }
        }
        Ok(found)
    }

    /// What was seen as `observed`, in whatever case: words and their costs in nats.
    #[must_use]
    pub fn of(&self, observed: &str) -> &[(WordId, f32)] {
        self.0.get(token::canonical(observed).as_str()).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Models;

    #[test]
    fn words_are_found_by_what_they_were_seen_as() {
        let lexicon = &Models::embedded().lexicon;
        let table = Confusions::parse("t", "# a\tb\tc\nchi\tchỉ\t0.16\nzzz\tchỉ\t1\n", lexicon).unwrap();
        assert_eq!(table.of("Chỉ"), [(lexicon.id("chi").unwrap(), 0.16)]);
        assert!(table.of("chi").is_empty());
        assert!(Confusions::parse("t", "chi\tchỉ\n", lexicon).is_err());
        assert!(Confusions::parse("t", "chi\tchỉ\tNaN\n", lexicon).is_err());
    }
}
