//! Tesseract through `tesseract-rs`: the only place that talks to the C++ engine.
//!
//! Only calls known to be sound are used, in the one order that is: set image, resolution, recognise, read everything out, clear. Iterators
//! live inside [`words::read`] and never outlive the image they belong to. Never called: `paragraph_info`, `orientation`,
//! `word_font_attributes` (wrong signatures), `set_image_2` and foreign pointers; texts with zero bytes never reach the C side.
//!
//! Limits: psm 3 (automatic layout) without orientation detection; [`super::layout`] then sets side-by-side blocks in order.

mod models;
mod words;

use std::path::PathBuf;

use image::DynamicImage;
use tesseract_rs::{TessPageSegMode, TesseractAPI, TesseractError};

pub use self::models::{DEFAULT_MODEL, FAST_MODEL, FoundModel, find_model};
use super::layout;
use super::{Engine, RecogniseError};
use crate::model::assemble::Sheet;
use crate::model::{Decision, Page, PageImage};

/// What to read with.
#[derive(Debug, Clone)]
pub struct TesseractOptions {
    /// Model name: `Vietnamese`, `vie`, `vie+eng` ...
    pub model: String,
    /// Folder of the `.traineddata` files; without one `TESSDATA_PREFIX` and the usual places are searched.
    pub folder: Option<PathBuf>,
    /// Whether alternatives per symbol are delivered (9 % more time).
    pub alternatives: bool,
}

impl Default for TesseractOptions {
    fn default() -> TesseractOptions {
        TesseractOptions { model: DEFAULT_MODEL.to_owned(), folder: None, alternatives: true }
    }
}

/// The Tesseract engine with one model loaded (about 90 MB of memory).
pub struct Tesseract {
    api: TesseractAPI,
    model: String,
    alternatives: bool,
}

impl Tesseract {
    /// Loads the model, which takes some 50 ms.
    ///
    /// # Errors
    /// [`RecogniseError::MissingModel`], [`RecogniseError::ModelName`] or [`RecogniseError::Load`].
    pub fn new(options: &TesseractOptions) -> Result<Tesseract, RecogniseError> {
        let found = find_model(&options.model, options.folder.as_deref())?;
        let failed = |_: TesseractError| RecogniseError::Load {
            model: found.name.clone(),
            folder: found.folder.clone(),
            install: models::install_command(&options.model),
        };
        if found.folder.to_str().is_none_or(|f| f.contains('\0')) {
            return Err(failed(TesseractError::InitError));
        }
        let api = TesseractAPI::new();
        api.init(&found.folder, &found.name).map_err(failed)?;
        api.set_page_seg_mode(TessPageSegMode::PSM_AUTO).map_err(failed)?;
        // Its progress notes would otherwise go to standard error.
        let quiet = if cfg!(windows) { "NUL" } else { "/dev/null" };
        api.set_variable("debug_file", quiet).map_err(failed)?;
        if options.alternatives {
            api.set_variable("lstm_choice_mode", "2").map_err(failed)?;
        }
        Ok(Tesseract { api, model: found.label(), alternatives: options.alternatives })
    }

    fn read(&self, image: &PageImage, sheet: Sheet) -> Result<Page, TesseractError> {
        let (width, height) = (image.pixels.width(), image.pixels.height());
        let rgb;
        let (bytes, channels): (&[u8], u32) = match &image.pixels {
            DynamicImage::ImageLuma8(grey) => (grey.as_raw(), 1),
            DynamicImage::ImageRgb8(colour) => (colour.as_raw(), 3),
            other => {
                rgb = other.to_rgb8();
                (rgb.as_raw(), 3)
            }
        };
        let int = |v: u32| i32::try_from(v).map_err(|_| TesseractError::InvalidDimensions);
        // The engine multiplies these in 32 bits.
        int(width.saturating_mul(channels).saturating_mul(height))?;
        self.api.set_image(bytes, int(width)?, int(height)?, int(channels)?, int(width * channels)?)?;
        self.api.set_source_resolution((image.dpi.round() as i32).clamp(70, 2400))?;
        self.api.recognize()?;
        let lines = words::read(&self.api, self.alternatives);
        // Frees the image and the results, which no iterator holds any more.
        self.api.clear()?;
        Ok(Page::assemble(sheet, lines?))
    }

    /// Reads an image as one block of text.
    fn read_block(&self, image: &PageImage, sheet: Sheet) -> Result<Page, TesseractError> {
        self.api.set_page_seg_mode(TessPageSegMode::PSM_SINGLE_BLOCK)?;
        let page = self.read(image, sheet);
        self.api.set_page_seg_mode(TessPageSegMode::PSM_AUTO)?;
        page
    }
}

fn sheet(image: &PageImage, number: u32) -> Sheet {
    let (width, height) = (image.pixels.width(), image.pixels.height());
    Sheet { number, width, height, dpi: image.dpi, decision: Decision::Ocr }
}

/// Tesseract reads nothing below this size and complains at length.
fn is_too_small(image: &PageImage) -> bool {
    image.pixels.width().min(image.pixels.height()) < 16
}

fn unreadable(page: u32, error: TesseractError) -> RecogniseError {
    RecogniseError::Page { page, why: error.to_string() }
}

impl Engine for Tesseract {
    fn recognise(&mut self, image: &PageImage, number: u32) -> Result<Page, RecogniseError> {
        if is_too_small(image) {
            return Ok(Page::assemble(sheet(image, number), Vec::new()));
        }
        let page = self.read(image, sheet(image, number)).map_err(|e| unreadable(number, e))?;
        Ok(layout::read_apart(page))
    }

    fn recognise_block(&mut self, image: &PageImage, number: u32) -> Result<Page, RecogniseError> {
        if is_too_small(image) {
            return Ok(Page::assemble(sheet(image, number), Vec::new()));
        }
        self.read_block(image, sheet(image, number)).map_err(|e| unreadable(number, e))
    }

    fn model(&self) -> &str {
        &self.model
    }
}
