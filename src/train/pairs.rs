//! Aligned pairs of observed and true words: read from tables, or made from a text and its truth.
//!
//! A table has one pair a line, columns separated by tabs: the document's name first, the observed and the true token last. A text and its truth
//! are aligned line by line; lines of unequal numbers of tokens are aligned by least letter distance, unless they are longer than any
//! line of a page ([`LONGEST`]): the time that takes is quadratic.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::TrainError;
use super::channel::{Pair, cores};
use crate::model::normal;

/// Lines of more tokens than this on either side are only paired where both sides have the same number.
pub const LONGEST: usize = 1000;

/// A table of pairs and how much each of its pairs counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// File.
    pub path: PathBuf,
    /// How much each pair counts.
    pub weight: f32,
}

impl std::str::FromStr for Table {
    type Err = String;

    /// `FILE` or `FILE*WEIGHT`.
    fn from_str(text: &str) -> Result<Table, String> {
        let (path, weight) = match text.rsplit_once('*') {
            Some((path, weight)) => {
                (path, weight.parse().map_err(|_| format!("{weight} is no number (write FILE*2)"))?)
            }
            None => (text, 1.0),
        };
        if weight > 0.0 {
            Ok(Table { path: path.into(), weight })
        } else {
            Err("a weight is more than 0".into())
        }
    }
}

/// What was read of a table.
#[derive(Debug, Clone)]
pub struct Read {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The pairs whose true token is a word, without the marks around it.
    pub pairs: Vec<(Pair, f32)>,
}

impl Table {
    /// Reads the table, without the rows of documents named in `exclude`.
    ///
    /// # Errors
    /// [`TrainError::Read`] if it can't be read or a line has fewer than three columns.
    pub fn read(&self, exclude: &[String]) -> Result<Read, TrainError> {
        let fail = |what: String| TrainError::Read { path: self.path.clone(), what };
        let bytes = std::fs::read(&self.path).map_err(|e| fail(e.to_string()))?;
        let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let text = String::from_utf8(bytes).map_err(|e| fail(e.to_string()))?;
        let mut pairs = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [document, .., observed, truth] = columns[..] else {
                return Err(fail(format!("line {}: expected document, observed and true token", i + 1)));
            };
            let one = !observed.contains(' ') && !truth.contains(' ');
            if one && !exclude.iter().any(|e| e == document) {
                let pair = cores(&normal::nfc(observed), &normal::nfc(truth));
                pairs.extend(pair.map(|p| (p, self.weight)));
            }
        }
        Ok(Read { sha256, pairs })
    }
}

/// The tokens of a text and its truth, aligned; tokens that stand on one side only are left out.
#[must_use]
pub fn align(raw: &str, truth: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (a, b) in raw.lines().zip(truth.lines()) {
        let (a, b): (Vec<&str>, Vec<&str>) = (a.split_whitespace().collect(), b.split_whitespace().collect());
        if a.len() == b.len() {
            out.extend(a.iter().zip(&b).map(|(x, y)| ((*x).to_owned(), (*y).to_owned())));
        } else if a.len().max(b.len()) <= LONGEST {
            out.extend(align_tokens(&a, &b));
        }
    }
    out
}

/// Aligns the tokens of one line: least sum of letter distances, 1 for a token left out.
fn align_tokens(a: &[&str], b: &[&str]) -> Vec<(String, String)> {
    let distance = |x: &str, y: &str| {
        let (x, y) = (normal::strip_marks(x).to_lowercase(), normal::strip_marks(y).to_lowercase());
        1.0 - strsim::normalized_levenshtein(&x, &y)
    };
    let width = b.len() + 1;
    let mut cost = vec![0f64; (a.len() + 1) * width];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            let left = (a.len() - i) + (b.len() - j);
            cost[i * width + j] = if i == a.len() || j == b.len() {
                left as f64
            } else {
                let pair = distance(a[i], b[j]) * 2.0 + cost[(i + 1) * width + j + 1];
                pair.min(1.0 + cost[(i + 1) * width + j]).min(1.0 + cost[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        let here = cost[i * width + j];
        if here >= 1.0 + cost[(i + 1) * width + j] {
            i += 1;
        } else if here >= 1.0 + cost[i * width + j + 1] {
            j += 1;
        } else {
            out.push((a[i].to_owned(), b[j].to_owned()));
            (i, j) = (i + 1, j + 1);
        }
    }
    out
}

/// The lines of a table of the pairs of `document`.
#[must_use]
pub fn table(document: &str, pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(o, t)| format!("{document}\t{o}\t{t}\n")).collect()
}

/// The name by which rows of a table know the document of a file: its name up to the first point.
#[must_use]
pub fn document_of(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned_token_by_token() {
        let pairs = align("cai cich ) hanh\nmot hai", "cải cách hành\nmột hai");
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            pairs,
            [("cai", "cải"), ("cich", "cách"), ("hanh", "hành"), ("mot", "một"), ("hai", "hai")]
        );
    }

    #[test]
    fn very_long_lines_are_paired_only_word_by_word() {
        let long = "mot ".repeat(LONGEST + 1);
        assert_eq!(align(&long, &long).len(), LONGEST + 1);
        assert!(align(&format!("{long} hai"), &long).is_empty());
    }

    #[test]
    fn weights_are_read() {
        assert_eq!("a.tsv*3".parse(), Ok(Table { path: "a.tsv".into(), weight: 3.0 }));
        assert_eq!("a.tsv".parse(), Ok(Table { path: "a.tsv".into(), weight: 1.0 }));
        assert!("a.tsv*x".parse::<Table>().is_err());
    }
}
