//! Where the batch meets the restoration stage: one set of models for a run, shared by all threads.

use std::path::Path;
use std::sync::OnceLock;

use super::witness::Witness;
use crate::ingest::fingerprint_bytes;
use crate::model::{Page, RestoredPage};
use crate::restore::{Models, Options, OwnWords, RestoreError, Restorer, Sources};

/// The share of words that restoration may change or doubt in a text layer that is taken for right.
const MOST_WRONG: f64 = 0.1;

/// Fewer words than this may be all there is on the page, or a stamp's text over a scan.
const FEW: usize = 60;

/// What is to be done with a page's text layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is right Vietnamese: take it.
    Take,
    /// It is right, but there is little of it: look whether the image shows much more.
    Compare,
    /// It is garbled: recognise the image in its place.
    Replace,
}

/// A text layer, judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// What follows.
    pub verdict: Verdict,
    /// The share of its words that restoration would neither change nor doubt (0 to 1).
    pub right: f32,
    /// What it says, for the words that recognition reads in its place.
    pub witness: Witness,
}

/// The restorer of a run.
#[derive(Debug)]
pub struct Restoration {
    models: Loaded,
    /// Reading all dictionaries for their digest takes as long as loading them, and a filter never asks.
    name: OnceLock<String>,
}

#[derive(Debug)]
enum Loaded {
    Embedded(&'static Models),
    Own(Box<Models>),
}

impl Restoration {
    /// Loads the dictionaries in `folder`, or the embedded ones, and adds `own` words to them.
    ///
    /// # Errors
    /// When the folder does not hold usable dictionaries.
    pub fn open(folder: Option<&Path>, own: &OwnWords) -> Result<Restoration, RestoreError> {
        if folder.is_none() && own.is_empty() {
            return Ok(Restoration { models: Loaded::Embedded(Models::embedded()), name: OnceLock::new() });
        }
        let sources = folder.map_or_else(|| Ok(Sources::embedded()), Sources::read)?;
        let sources = Sources { own: own.clone(), ..sources };
        let name = OnceLock::from(name(&sources));
        Ok(Restoration { models: Loaded::Own(Box::new(Models::new(sources)?)), name })
    }

    /// The dictionaries by digest, for the record.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_or_init(|| name(&Sources::embedded()))
    }

    /// The pages of one document, restored.
    #[must_use]
    pub fn document(&self, pages: Vec<Page>) -> Vec<RestoredPage> {
        self.restorer().document(pages)
    }

    /// Judges a page's text layer: it is right if restoration finds next to nothing to change in it.
    pub(super) fn judge(&self, layer: &Page) -> Judged {
        let restored = self.restorer().page(layer.clone());
        let words = words(layer);
        let wrong = restored.changes.len() + restored.doubts.len();
        let verdict = if words == 0 || wrong as f64 > MOST_WRONG * words as f64 {
            Verdict::Replace
        } else if words < FEW {
            Verdict::Compare
        } else {
            Verdict::Take
        };
        let right = (1.0 - wrong as f32 / words.max(1) as f32).max(0.0);
        let witness = if verdict == Verdict::Take { Witness::default() } else { Witness::of(&restored) };
        Judged { verdict, right, witness }
    }

    /// The dictionaries, loaded.
    #[must_use]
    pub fn models(&self) -> &Models {
        match &self.models {
            Loaded::Embedded(models) => models,
            Loaded::Own(models) => models.as_ref(),
        }
    }

    fn restorer(&self) -> Restorer<'_> {
        Restorer::new(self.models(), Options::default())
    }
}

/// How many words of a page have two letters or more; specks and rules read as signs do not count.
pub(super) fn words(page: &Page) -> usize {
    let word = |text: &&str| text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some();
    page.raw.split_whitespace().filter(word).count()
}

fn name(sources: &Sources) -> String {
    let Sources { lexicon, language, case, garbled, slight, symbols, places, confidence, confusions, own } =
        sources;
    let own = own.text();
    let files: [&[u8]; 10] = [
        lexicon.as_bytes(),
        language,
        case,
        garbled.as_bytes(),
        slight.as_bytes(),
        symbols.as_bytes(),
        places.as_bytes(),
        confidence.as_bytes(),
        confusions.as_bytes(),
        own.as_bytes(),
    ];
    let digests: String = files.iter().map(|file| fingerprint_bytes(file)).collect();
    format!("dictionaries ({})", &fingerprint_bytes(digests.as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;

    fn judged(text: &str) -> (Verdict, f32) {
        let restoration = Restoration::open(None, &OwnWords::default()).expect("embedded dictionaries");
        let judged = restoration.judge(&Page::from_text(1, Decision::TextLayer, text));
        (judged.verdict, judged.right)
    }

    #[test]
    fn layers_are_told_apart() {
        let right = "Ủy ban nhân dân xã giao công chức văn hóa chủ trì tổ chức thực hiện kế hoạch này. ";
        let garbled = "Uy ban nhan din xi giao cng chirc vin héa chii tri td chirc thuc hién ké hoach nay. ";
        assert_eq!(judged(&right.repeat(6)), (Verdict::Take, 1.0));
        assert_eq!(judged(right), (Verdict::Compare, 1.0));
        let (verdict, right) = judged(&garbled.repeat(6));
        assert!(verdict == Verdict::Replace && right < 0.5, "{right}");
        assert_eq!(judged("12 34 . ,").0, Verdict::Replace);
    }

    #[test]
    fn dictionaries_have_a_digest() {
        let restoration = Restoration::open(None, &OwnWords::default()).expect("embedded dictionaries");
        assert_eq!(restoration.name().len(), "dictionaries (01234567)".len());
        assert!(Restoration::open(Some(Path::new("/nonexistent")), &OwnWords::default()).is_err());
    }
}
