//! Symbols of documents: `2074/Qb-UBND` → `2074/QĐ-UBND`, while `167/KH-SVHTTDL` stays.
//!
//! After the number stand one or more parts joined by `-` and `/`: the kind of document, the issuing bodies, sometimes a year. Which parts
//! exist is mined from the corpora (`symbols.tsv`). A part that is not known is compared without marks and case and with the letters that look like Đ taken
//! for it; if one known part, or one that is far more frequent than the others, has the same shape, it is meant.

use rustc_hash::FxHashMap;

use super::RestoreError;

/// A known part of the same shape must be this many times as frequent as the part itself to replace it.
const CLEARLY: u32 = 30;

/// A part that an unknown one is taken for was seen at least so often.
const OFTEN: u32 = 100;

/// The parts that symbols are made of, with how often each was seen.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    counts: FxHashMap<String, u32>,
    /// The most frequent part of each shape.
    shapes: FxHashMap<String, String>,
}

/// What recognition leaves of a part: capitals without marks, and one letter for all that look like Đ.
fn shape(part: &str) -> String {
    part.chars()
        .map(|c| match c {
            'b' | 'Ð' | 'đ' | 'Đ' => 'D',
            '0' => 'O',
            '1' | 'l' | '|' => 'I',
            c => crate::model::normal::strip_mark(c).to_ascii_uppercase(),
        })
        .collect()
}

impl Symbols {
    /// Symbols of the given parts and counts.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = (String, u32)>) -> Symbols {
        let mut symbols = Symbols::default();
        let mut parts: Vec<(String, u32)> = parts.into_iter().collect();
        parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for (part, n) in parts {
            symbols.shapes.entry(shape(&part)).or_insert_with(|| part.clone());
            symbols.counts.insert(part, n);
        }
        symbols
    }

    /// Reads `symbols.tsv`: part and count.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the first line that is not of this form.
    pub fn parse(text: &str) -> Result<Symbols, RestoreError> {
        let lines = text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        let parts: Result<Vec<(String, u32)>, RestoreError> = lines
            .map(|(i, l)| {
                l.split_once('\t').and_then(|(p, n)| Some((p.to_owned(), n.parse().ok()?))).ok_or_else(|| {
                    RestoreError::Model {
                        name: "symbols.tsv".into(),
                        what: format!("line {}: expected part and count, separated by a tab", i + 1),
                    }
                })
            })
            .collect();
        Ok(Symbols::new(parts?))
    }

    /// `observed` with its parts as they must have been; `None` if it is no symbol with a number.
    #[must_use]
    pub fn repair(&self, observed: &str) -> Option<String> {
        let (number, rest) = observed.split_once('/')?;
        let digits = number.trim_end_matches(|c: char| c.is_alphabetic() && number.len() > 1);
        if digits.is_empty() || number.len() - digits.len() > 2 || !digits.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let mut out = format!("{number}/");
        let mut from = 0;
        for (i, c) in rest.char_indices().chain([(rest.len(), '\0')]) {
            if matches!(c, '-' | '/' | '\0') {
                out += &self.part(&rest[from..i]);
                if c != '\0' {
                    out.push(c);
                }
                from = i + c.len_utf8();
            }
        }
        Some(out)
    }

    /// The part that an unknown shape must be, if it has a stroke or speck too many (`TTI`), or one letter that was taken for another of its form
    /// (`CF`, `BLĐTBYH`). Other letters may differ between agencies: `SVHTT` is not `BVHTT`.
    fn near(&self, shape: &str) -> Option<String> {
        let letters: Vec<char> = shape.chars().collect();
        if self.shapes.contains_key(shape) || letters.len() < 2 {
            return None;
        }
        let but = |i: usize, with: Option<char>| -> String {
            let (before, after) = (&letters[..i], &letters[i + 1..]);
            before.iter().chain(with.iter()).chain(after).collect()
        };
        let mut found: Vec<&String> = Vec::new();
        for (i, c) in letters.iter().enumerate() {
            let others: &[Option<char>] = match c {
                'I' => &[Some('T'), None],
                'L' => &[Some('T'), None],
                'Y' => &[Some('X'), None],
                'J' | '\'' | '?' | '.' => &[None],
                'F' => &[Some('P')],
                _ => &[],
            };
            found.extend(others.iter().filter_map(|o| self.shapes.get(&but(i, *o))));
        }
        let often = |part: &String| self.counts.get(part).copied().unwrap_or(0);
        found.sort_by_key(|p| std::cmp::Reverse(often(p)));
        found.dedup();
        let best = found.first().filter(|p| often(p) >= OFTEN)?;
        let clear = found.get(1).is_none_or(|p| often(p).saturating_mul(CLEARLY) < often(best));
        clear.then(|| (*best).clone())
    }

    /// The part that is meant; itself if nothing else clearly is.
    fn part(&self, part: &str) -> String {
        if part.chars().all(|c| c.is_ascii_digit()) {
            return part.to_owned();
        }
        let own = self.counts.get(part).copied().unwrap_or(0);
        if own == 0
            && let Some(known) = self.near(&shape(part))
        {
            return known;
        }
        match self.shapes.get(&shape(part)) {
            Some(known) if self.counts.get(known).copied().unwrap_or(0) > own.saturating_mul(CLEARLY) => {
                known.clone()
            }
            _ => part.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_recognised_by_shape() {
        let symbols = Symbols::new([
            ("QĐ".into(), 900),
            ("QD".into(), 3),
            ("UBND".into(), 800),
            ("TTg".into(), 90),
            ("KH".into(), 50),
        ]);
        assert_eq!(symbols.repair("2074/Qb-UBND").unwrap(), "2074/QĐ-UBND");
        assert_eq!(symbols.repair("30a/2008/QD-TTG").unwrap(), "30a/2008/QĐ-TTg");
        assert_eq!(symbols.repair("167/KH-SVHTTDL").unwrap(), "167/KH-SVHTTDL");
        assert_eq!(symbols.repair("5/2010/QĐI-UBNDL").unwrap(), "5/2010/QĐ-UBND");
        assert_eq!(symbols.repair("5/2010/QĐ-UBNDH").unwrap(), "5/2010/QĐ-UBNDH");
        assert_eq!(symbols.repair("14/8/2025").unwrap(), "14/8/2025");
        assert_eq!(symbols.repair("kinh/tế"), None);
        assert_eq!(symbols.repair("/"), None);
    }
}
