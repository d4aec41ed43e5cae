//! Reading training text: one paragraph a line, `.txt` or `.txt.xz`.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::TrainError;
use crate::model::normal;

/// One file of training text and how much a sentence of it counts.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// File.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its paragraphs, NFC, one a line.
    pub text: String,
    /// How much each of its n-grams counts.
    pub weight: f32,
}

/// Administrative text is what the program reads: a sentence of it counts as much as this many of statutes.
pub const ADMINISTRATIVE_WEIGHT: f32 = 6.0;

/// The list of administrative units.
const PLACES: &str = "places.txt";
/// The list of names of persons.
const NAMES: &str = "names.txt";

/// A name of a place once counts as much as this: enough to be known, not enough to make every sentence begin with one.
pub const PLACES_WEIGHT: f32 = 4.0;

/// The same for a name of a person: plans are signed by persons, whom the running text of laws does not name.
pub const NAMES_WEIGHT: f32 = 6.0;

impl Corpus {
    /// Whether it lists names rather than running text.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.path.file_name().is_some_and(|n| n == NAMES || n == PLACES)
    }

    /// Reads a file whole.
    ///
    /// # Errors
    /// [`TrainError::Read`] if it can't be read, decompressed, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Corpus, TrainError> {
        let fail = |what: String| TrainError::Read { path: path.to_owned(), what };
        let bytes = std::fs::read(path).map_err(|e| fail(e.to_string()))?;
        let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let plain = if path.extension().is_some_and(|e| e == "xz") {
            let mut out = Vec::new();
            let mut input: &[u8] = &bytes;
            lzma_rs::xz_decompress(&mut input, &mut out)
                .map_err(|e| fail(format!("cannot decompress: {e:?}")))?;
            out
        } else {
            bytes
        };
        let text = String::from_utf8(plain).map_err(|e| fail(e.to_string()))?;
        let name = path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        let weight = match name.as_ref() {
            PLACES => PLACES_WEIGHT,
            NAMES => NAMES_WEIGHT,
            name if name.contains("admin") => ADMINISTRATIVE_WEIGHT,
            _ => 1.0,
        };
        Ok(Corpus { path: path.to_owned(), sha256, text: normal::nfc(&text), weight })
    }

    /// All corpora of the given files and folders (`*.txt`, `*.txt.xz`, not below), in order of name.
    ///
    /// # Errors
    /// [`TrainError::Read`] as for [`Corpus::read`]; [`TrainError::Nothing`] if there is none.
    pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Corpus>, TrainError> {
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() {
                let entries = std::fs::read_dir(path)
                    .map_err(|e| TrainError::Read { path: path.clone(), what: e.to_string() })?;
                files.extend(entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| is_text(p)));
            } else {
                files.push(path.clone());
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(TrainError::Nothing { what: "no .txt or .txt.xz file in the folders given".into() });
        }
        files.iter().map(|f| Corpus::read(f)).collect()
    }

    /// Its paragraphs that are Vietnamese: at least a third of the words bear marks. Text that lost its marks would teach the model to lose them.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|l| {
            let (mut words, mut marked) = (0, 0);
            for w in l.split_whitespace() {
                words += 1;
                marked += usize::from(!w.is_ascii());
            }
            words > 0 && marked * 3 >= words
        })
    }
}

fn is_text(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.ends_with(".txt") || name.ends_with(".txt.xz")
}
