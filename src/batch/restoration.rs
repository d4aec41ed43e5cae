//! Where the batch meets the restoration stage: one set of models for a run, shared by all threads.

use std::path::Path;

use crate::model::{Page, RestoredPage};
use crate::restore::{Models, Options, RestoreError, Restorer};

/// The restorer of a run.
#[derive(Debug)]
pub struct Restoration {
    name: String,
    models: Loaded,
}

#[derive(Debug)]
enum Loaded {
    Embedded(&'static Models),
    Own(Box<Models>),
}

/// Dictionaries that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the dictionaries: {0}")]
pub struct RestorationError(#[from] RestoreError);

/// A text layer of at least this quality is right Vietnamese. Clean text has 0.9 and more, garble less than 0.5.
const USABLE: f32 = 0.8;

impl Restoration {
    /// Loads the dictionaries in `folder`, or the embedded ones.
    ///
    /// # Errors
    /// When the folder does not hold usable dictionaries.
    pub fn open(folder: Option<&Path>) -> Result<Restoration, RestorationError> {
        let (models, from) = match folder {
            None => (Loaded::Embedded(Models::embedded()), "embedded"),
            Some(folder) => (Loaded::Own(Box::new(Models::load(folder)?)), "given"),
        };
        let mut restoration = Restoration { name: String::new(), models };
        restoration.name = format!("dictionaries {from} {}", restoration.models().digest());
        Ok(restoration)
    }

    fn models(&self) -> &Models {
        match &self.models {
            Loaded::Embedded(models) => models,
            Loaded::Own(models) => models,
        }
    }

    fn restorer(&self) -> Restorer<'_> {
        Restorer::new(self.models(), Options::default())
    }

    /// The dictionaries by name and digest, for the record.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The pages of one document, restored.
    #[must_use]
    pub fn document(&self, pages: Vec<Page>) -> Vec<RestoredPage> {
        self.restorer().document(pages)
    }

    /// Whether a page's text layer is right Vietnamese that needs no recognition.
    #[must_use]
    pub fn is_usable(&self, layer: &Page) -> bool {
        self.restorer().quality(layer) >= USABLE
    }
}
