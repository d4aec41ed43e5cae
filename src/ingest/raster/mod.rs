//! Image files: PNG, JPEG and TIFF (any number of pages), with the resolution their metadata state.
//!
//! Dimensions are read from the header and checked against the limits before pixels are decoded. Pixels come out as 8-bit grey or
//! RGB; transparency is laid over white, and the orientation that a camera or scanner noted is applied.

mod dpi;
mod single;
mod tiff;

use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, RgbImage};

use super::sniff::MediaType;
use super::{IngestError, Limits};
use crate::model::PageImage;

/// The pages of one or more image files, in order.
#[derive(Debug)]
pub(super) struct Raster {
    /// Each page's file and its number inside that file.
    pages: Vec<(PathBuf, MediaType, u32)>,
}

impl Raster {
    /// Counts the pages of the files; a TIFF may have many.
    pub(super) fn open(files: &[(PathBuf, MediaType)], limits: &Limits) -> Result<Raster, IngestError> {
        let mut pages = Vec::new();
        for (path, media) in files {
            let count = if *media == MediaType::Tiff { tiff::count(path, limits)? } else { 1 };
            pages.extend((0..count).map(|i| (path.clone(), *media, i)));
        }
        Ok(Raster { pages })
    }

    pub(super) fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The file that a page stands in, and its number there.
    pub(super) fn file(&self, index: u32) -> Option<(&Path, u32)> {
        self.pages.get(index as usize).map(|(path, _, inner)| (path.as_path(), *inner))
    }

    /// Decodes one page; `default_dpi` stands in for a resolution that the file does not state.
    pub(super) fn page(
        &self,
        index: u32,
        limits: &Limits,
        default_dpi: Option<f32>,
    ) -> Result<Option<PageImage>, IngestError> {
        let Some((path, media, inner)) = self.pages.get(index as usize) else { return Ok(None) };
        let (pixels, stated) = match media {
            MediaType::Tiff => tiff::decode(path, *inner, index + 1, limits)?,
            _ => single::decode(path, *media, index + 1, limits)?,
        };
        let dpi = stated.or(default_dpi).unwrap_or_else(|| dpi::guess(pixels.width(), pixels.height()));
        Ok(Some(PageImage { pixels, dpi }))
    }
}

/// Brings pixels to 8-bit grey or RGB on white paper.
fn on_paper(pixels: DynamicImage) -> DynamicImage {
    let white = |value: u8, alpha: u8| {
        let (v, a) = (u32::from(value), u32::from(alpha));
        ((v * a + 255 * (255 - a) + 127) / 255) as u8
    };
    match pixels {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => pixels,
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(pixels.into_luma8()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
            let both = pixels.into_luma_alpha8();
            let out = GrayImage::from_fn(both.width(), both.height(), |x, y| {
                let [v, a] = both.get_pixel(x, y).0;
                image::Luma([white(v, a)])
            });
            DynamicImage::ImageLuma8(out)
        }
        _ if pixels.color().has_alpha() => {
            let all = pixels.into_rgba8();
            let out = RgbImage::from_fn(all.width(), all.height(), |x, y| {
                let [r, g, b, a] = all.get_pixel(x, y).0;
                image::Rgb([white(r, a), white(g, a), white(b, a)])
            });
            DynamicImage::ImageRgb8(out)
        }
        _ => DynamicImage::ImageRgb8(pixels.into_rgb8()),
    }
}

fn image_error(path: &Path, page: u32, why: impl ToString) -> IngestError {
    IngestError::Image { path: path.to_owned(), page, why: why.to_string() }
}
