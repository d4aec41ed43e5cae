//! The picture of a surveyed page: the image's own pixels, or a rendering.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, InterpreterSettings,
    InterpreterWarning, LumaData, Paint, SoftMask, TransformExt,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{BezPath, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, GrayImage, RgbImage};

use super::survey::{Plan, Survey, interpret};
use crate::model::PageImage;

/// The page's picture; none when an image on it cannot be decoded.
pub(super) fn picture(page: &Page<'_>, survey: &Survey) -> Option<PageImage> {
    let pixels = match survey.plan {
        Plan::Native { index, turn } => {
            let mut pixels = native(page, index)?;
            pixels.apply_orientation(turn);
            // Where the image is not of the size that the page says, only the renderer knows how it is stretched.
            if (pixels.width(), pixels.height()) == (survey.width, survey.height) {
                pixels
            } else {
                rendered(page, survey, survey.scale)?
            }
        }
        Plan::Render { scale } => rendered(page, survey, (scale, scale))?,
    };
    Some(PageImage { pixels, dpi: survey.dpi })
}

/// The pixels of the `wanted`-th image drawn; a size of 0 × 0 when it has to be rendered after all.
fn native(page: &Page<'_>, wanted: usize) -> Option<DynamicImage> {
    let mut device = Picker { wanted, drawn: 0, found: None };
    let transform = page.initial_transform(true).to_kurbo();
    let (width, height) = page.render_dimensions();
    let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    interpret(page, transform, sheet, &mut device, InterpreterSettings::default());
    device.found
}

struct Picker {
    wanted: usize,
    drawn: usize,
    found: Option<DynamicImage>,
}

impl<'a> Device<'a> for Picker {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        if self.drawn == self.wanted {
            match image {
                Image::Raster(raster) => raster.with_rgba(
                    |data, alpha| {
                        let pixels = if alpha.is_none() { image_of(data) } else { None };
                        self.found = Some(pixels.unwrap_or_default());
                    },
                    None,
                ),
                Image::Stencil(stencil) => stencil.with_stencil(
                    |mask, paint| {
                        let pixels = if is_black(paint) { ink(mask) } else { None };
                        self.found = Some(pixels.unwrap_or_default());
                    },
                    None,
                ),
            }
        }
        self.drawn += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn image_of(data: ImageData) -> Option<DynamicImage> {
    match data {
        ImageData::Luma(d) => GrayImage::from_raw(d.width, d.height, d.data).map(DynamicImage::ImageLuma8),
        ImageData::Rgb(d) => RgbImage::from_raw(d.width, d.height, d.data).map(DynamicImage::ImageRgb8),
    }
}

/// A stencil's ink as black on white: its samples are coverage.
fn ink(mut mask: LumaData) -> Option<DynamicImage> {
    for v in &mut mask.data {
        *v = 255 - *v;
    }
    GrayImage::from_raw(mask.width, mask.height, mask.data).map(DynamicImage::ImageLuma8)
}

/// Whether a stencil painted with this is dark on white paper.
fn is_black(paint: &Paint<'_>) -> bool {
    let Paint::Color(color) = paint else { return false };
    let [r, g, b, a] = color.to_rgba().to_rgba8();
    a == 255 && r.max(g).max(b) < 64
}

fn rendered(page: &Page<'_>, survey: &Survey, scale: (f64, f64)) -> Option<DynamicImage> {
    let failed = Arc::new(AtomicBool::new(false));
    let sink = Arc::clone(&failed);
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                sink.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    // Half a pixel more keeps the renderer's truncation from losing the last row.
    let (width, height) = page.render_dimensions();
    let exact = |pixels: u32, points: f32, scale: f64| {
        let wanted = f64::from(pixels) + 0.01;
        (wanted / f64::from(points)).max(scale) as f32
    };
    let target = PixmapSettings {
        x_scale: exact(survey.width, width, scale.0),
        y_scale: exact(survey.height, height, scale.1),
        bg_color: WHITE,
    };
    let pixmap = render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &target);
    if failed.load(Ordering::Relaxed) {
        return None;
    }
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let bytes = pixmap.data_as_u8_slice();
    let grey = bytes.chunks_exact(4).all(|p| p[0] == p[1] && p[1] == p[2]);
    if grey {
        let luma = bytes.chunks_exact(4).map(|p| p[0]).collect();
        GrayImage::from_raw(width, height, luma).map(DynamicImage::ImageLuma8)
    } else {
        let rgb = bytes.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8)
    }
}
