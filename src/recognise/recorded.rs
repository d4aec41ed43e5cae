//! An engine that plays back stored pages, for tests of everything around recognition.

use std::collections::BTreeMap;

use super::{Engine, RecogniseError};
use crate::model::{Page, PageImage};

/// Plays back pages by their numbers.
///
/// ```
/// use sohoa::model::{Decision, Page, PageImage};
/// use sohoa::recognise::{Engine, Recorded};
///
/// let mut engine = Recorded::new([Page::from_text(1, Decision::Ocr, "Kế hoạch")]);
/// let image = PageImage { pixels: image::DynamicImage::new_luma8(1, 1), dpi: 300.0 };
/// assert_eq!(engine.recognise(&image, 1)?.raw, "Kế hoạch");
/// assert!(engine.recognise(&image, 2).is_err());
/// # Ok::<(), sohoa::recognise::RecogniseError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    pages: BTreeMap<u32, Page>,
}

impl Recorded {
    /// An engine that knows these pages and no others.
    pub fn new(pages: impl IntoIterator<Item = Page>) -> Recorded {
        Recorded { pages: pages.into_iter().map(|p| (p.number, p)).collect() }
    }
}

impl Engine for Recorded {
    fn recognise(&mut self, _: &PageImage, number: u32) -> Result<Page, RecogniseError> {
        self.pages
            .get(&number)
            .cloned()
            .ok_or_else(|| RecogniseError::Page { page: number, why: "no recording of it".to_owned() })
    }

    fn model(&self) -> &str {
        "recorded"
    }
}
