//! Where the batch meets the restoration stage: one set of models for a run, shared by all threads.

use std::path::Path;

use crate::model::{Page, RestoredPage};
use crate::restore::{Models, Options, RestoreError, Restorer};

/// A text layer of at least this quality is right Vietnamese. Clean text has 0.9 and more, garble less than 0.5.
const USABLE: f32 = 0.8;

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

/// The restorer of a run.
#[derive(Debug)]
pub struct Restoration {
    models: Loaded,
    name: String,
}

#[derive(Debug)]
enum Loaded {
    Embedded(&'static Models),
    Own(Box<Models>),
}

impl Loaded {
    fn get(&self) -> &Models {
        match self {
            Loaded::Embedded(models) => models,
            Loaded::Own(models) => models,
        }
    }
}

impl Restoration {
    /// Loads the dictionaries in `folder`, or the embedded ones.
    ///
    /// # Errors
    /// When the folder does not hold usable dictionaries.
    pub fn open(folder: Option<&Path>) -> Result<Restoration, RestoreError> {
        let models = match folder {
            None => Loaded::Embedded(Models::embedded()),
            Some(folder) => Loaded::Own(Box::new(Models::load(folder)?)),
        };
        let name = format!("dictionaries ({})", models.get().digest());
        Ok(Restoration { models, name })
    }

    /// The dictionaries by digest, for the record.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The pages of one document, restored.
    #[must_use]
    pub fn document(&self, pages: Vec<Page>) -> Vec<RestoredPage> {
        self.restorer().document(pages)
    }

    /// Judges a page's text layer: whether it is right Vietnamese, and whether there is much of it.
    pub(super) fn judge(&self, layer: &Page) -> Verdict {
        if self.restorer().quality(layer) < USABLE {
            Verdict::Replace
        } else if words(layer) < FEW {
            Verdict::Compare
        } else {
            Verdict::Take
        }
    }

    fn restorer(&self) -> Restorer<'_> {
        Restorer::new(self.models.get(), Options::default())
    }
}

/// How many words of a page have two letters or more; specks and rules read as signs do not count.
pub(super) fn words(page: &Page) -> usize {
    let word = |text: &&str| text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some();
    page.raw.split_whitespace().filter(word).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;

    fn judged(text: &str) -> Verdict {
        let restoration = Restoration::open(None).expect("embedded dictionaries");
        restoration.judge(&Page::from_text(1, Decision::TextLayer, text))
    }

    #[test]
    fn layers_are_told_apart() {
        let right = "Ủy ban nhân dân xã giao công chức văn hóa chủ trì tổ chức thực hiện kế hoạch này. ";
        let garbled = "Uy ban nhan din xi giao cng chirc vin héa chii tri td chirc thuc hién ké hoach nay. ";
        assert_eq!(judged(&right.repeat(6)), Verdict::Take);
        assert_eq!(judged(right), Verdict::Compare);
        assert_eq!(judged(&garbled.repeat(6)), Verdict::Replace);
        assert_eq!(judged("12 34 . ,"), Verdict::Replace);
    }

    #[test]
    fn dictionaries_have_a_digest() {
        let restoration = Restoration::open(None).expect("embedded dictionaries");
        assert_eq!(restoration.name().len(), "dictionaries (0123456789abcdef)".len());
        assert!(Restoration::open(Some(Path::new("/nonexistent"))).is_err());
    }
}
