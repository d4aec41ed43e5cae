//! One pass over a page without decoding: its glyphs with their places, and what its picture is made of.
//!
//! A scanned page is *plain* when one image covers the page (each edge within 1.5 % of the page's size), stands upright or turned by
//! quarters, has no mask or transparency, and nothing visible is drawn over it. What is drawn before it is hidden under it. Then the
//! image's own pixels are the page, at the resolution that its transform gives. Otherwise the page is rendered, at the
//! resolution of its largest image if images make up most of it (so that pixels are not resampled), else at 300 dpi.

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::object::{Dict, Name};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};
use image::metadata::Orientation;

use super::audit;
use crate::ingest::Limits;
use crate::ingest::encoding;
use crate::ingest::limits::Exceeded;
use crate::model::Encoding;

/// Resolution at which pages are rendered that are no scans.
const RENDERED: f64 = 300.0;
/// Scans are rendered at their own resolution within these bounds.
const SCANNED: std::ops::RangeInclusive<f64> = 150.0..=400.0;
/// Rendered pages have at most this many pixels; larger paper (beyond A2) is rendered more coarsely.
const RENDERED_PIXELS: f64 = 40e6;
/// A longer page (450 mm) with few dots per inch is a scan whose size was written in pixels.
const LONGEST_SHEET: f64 = 1276.0;
/// Beyond this no layer is text; it bounds the memory of a page.
const MOST_GLYPHS: usize = 1_000_000;

/// One glyph of the text layer, in points of the upright page, y downwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// Its text; U+FFFD where the font does not say.
    pub(super) text: String,
    /// Start of its baseline.
    pub(super) origin: Point,
    /// Unit vector along the baseline.
    pub(super) along: (f64, f64),
    /// Font size.
    pub(super) em: f64,
    /// Width along the baseline.
    pub(super) advance: f64,
}

/// How to make the page's picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plan {
    /// The `index`-th image drawn, turned so that the page stands upright.
    Native { index: usize, turn: Orientation },
    /// Drawn by the renderer, this many pixels a point.
    Render { scale: f64 },
}

/// What a page holds.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) plan: Plan,
    /// Whether images make up most of the page.
    pub(super) scan: bool,
    /// The limit that an image passes: the page has no picture then.
    pub(super) refused: Option<Exceeded>,
    /// Pixels across and down of the picture.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Its resolution.
    pub(super) dpi: f32,
    /// From points of the page to pixels of the picture: multiply, after taking off the origin.
    pub(super) scale: (f64, f64),
    pub(super) origin: (f64, f64),
    /// From pixels of the picture to the page's default user space.
    pub(super) user_space: Option<[f64; 6]>,
    /// The encoding from before Unicode that its fonts are made for, by their names.
    pub(super) fonts: Option<Encoding>,
}

pub(super) fn survey(page: &Page<'_>, limits: &Limits) -> Survey {
    let (width, height) = page.render_dimensions();
    let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut device = Surveyor { sheet, limits: limits.clone(), ..Surveyor::default() };
    interpret(page, transform, sheet, &mut device, InterpreterSettings::default());
    let found = device.finish();
    let fonts = &page.resources().fonts;
    // a page has a dozen fonts; a thousand are somebody's joke
    let dictionary = |key: Name<'_>| fonts.get::<Dict<'_>>(&*key);
    let names = fonts.keys().take(1000).filter_map(dictionary);
    let names = names.filter_map(|font| font.get::<Name<'_>>(b"BaseFont".as_slice()));
    let named = encoding::of_fonts(names.map(|name| String::from_utf8_lossy(&name).into_owned()));
    Survey { user_space: user_space(transform, &found), fonts: named, ..found }
}

/// The way back from pixels of the picture to what the page's content is written in. None where the page's size is nonsense.
fn user_space(transform: Affine, found: &Survey) -> Option<[f64; 6]> {
    let (sx, sy) = found.scale;
    let to_points = Affine::new([1.0 / sx, 0.0, 0.0, 1.0 / sy, found.origin.0, found.origin.1]);
    let all = (transform.inverse() * to_points).as_coeffs();
    all.iter().all(|v| v.is_finite()).then_some(all)
}

/// Runs the page's content through a device.
pub(super) fn interpret<'a>(
    page: &Page<'a>,
    transform: Affine,
    sheet: Rect,
    device: &mut impl Device<'a>,
    settings: InterpreterSettings,
) {
    let cache = InterpreterCache::new();
    let mut context = Context::new(transform, sheet, &cache, page.xref(), settings);
    interpret_page(page, &mut context, device);
}

/// An image that covers the page and could be taken as it is.
struct Covering {
    index: usize,
    size: (u32, u32),
    transform: Affine,
    rect: Rect,
}

#[derive(Default)]
struct Surveyor {
    sheet: Rect,
    limits: Limits,
    refused: Option<Exceeded>,
    glyphs: Vec<Glyph>,
    /// Images drawn so far.
    images: usize,
    covering: Option<Covering>,
    /// Whether something visible was drawn after `covering`.
    overlaid: bool,
    /// Area in square points and dots per inch of the largest image.
    largest: Option<(f64, f64)>,
    /// For each open clip and group: whether it hides or changes what is drawn inside.
    clips: Vec<bool>,
    groups: Vec<bool>,
}

impl Surveyor {
    fn place_image(&mut self, index: usize, size: (u32, u32), transform: Affine, plain: bool) {
        let (w, h) = (f64::from(size.0), f64::from(size.1));
        let rect = transform.transform_rect_bbox(Rect::new(0.0, 0.0, w, h));
        let [a, b, c, d, _, _] = transform.as_coeffs();
        let seen = rect.intersect(self.sheet).area().max(0.0);
        let dpi = 72.0 / a.hypot(b).max(1e-6);
        if self.largest.is_none_or(|(area, _)| seen > area) {
            self.largest = Some((seen, dpi));
        }
        let even = (a.hypot(b) / c.hypot(d) - 1.0).abs() < 0.02;
        let (sx, sy) = (0.015 * self.sheet.width(), 0.015 * self.sheet.height());
        let covers = (rect.x0 - self.sheet.x0).abs() < sx
            && (rect.x1 - self.sheet.x1).abs() < sx
            && (rect.y0 - self.sheet.y0).abs() < sy
            && (rect.y1 - self.sheet.y1).abs() < sy;
        let untouched = !self.clips.iter().chain(&self.groups).any(|hides| *hides);
        if plain && untouched && covers && even && turn_of(transform).is_some() {
            self.covering = Some(Covering { index, size, transform, rect });
            self.overlaid = false;
        } else if seen > 0.0 {
            self.overlaid = true;
        }
    }

    fn finish(self) -> Survey {
        let long = self.sheet.width().max(self.sheet.height());
        if let Some(image) = self.covering.filter(|_| !self.overlaid) {
            let turn = turn_of(image.transform).unwrap_or(Orientation::NoTransforms);
            let [a, b, ..] = image.transform.as_coeffs();
            let (w, h) = if a.abs() > b.abs() { image.size } else { (image.size.1, image.size.0) };
            let scale = (f64::from(w) / image.rect.width(), f64::from(h) / image.rect.height());
            let dpi = 72.0 * scale.1;
            let dpi = if long > LONGEST_SHEET && dpi < 100.0 { sheet_dpi(w.max(h)) } else { dpi as f32 };
            let plan = Plan::Native { index: image.index, turn };
            let origin = (image.rect.x0, image.rect.y0);
            return Survey {
                glyphs: self.glyphs,
                plan,
                scan: true,
                refused: self.refused,
                width: w,
                height: h,
                dpi,
                scale,
                origin,
                user_space: None,
                fonts: None,
            };
        }
        let scanned = self.largest.filter(|(area, _)| *area > 0.5 * self.sheet.area()).map(|(_, dpi)| dpi);
        let mut dpi = match scanned {
            Some(found) => found.round().clamp(*SCANNED.start(), *SCANNED.end()),
            None => RENDERED,
        };
        let mut scale = dpi / 72.0;
        if long > LONGEST_SHEET {
            // Larger than A3: taken as an A3 sheet whose size was written in other units, unless its images say otherwise.
            scale = scanned.map_or(RENDERED, |found| found.max(72.0)) / 72.0;
            scale = scale.min(16.54 * RENDERED / long);
            dpi = f64::from(sheet_dpi((long * scale) as u32));
        }
        let most = RENDERED_PIXELS.min(self.limits.pixels as f64);
        let shrink = (most / (self.sheet.area() * scale * scale)).sqrt().min(1.0);
        // The renderer counts pixels in 16 bits.
        let shrink = shrink.min(32_000.0 / (long * scale));
        let (scale, dpi) = (scale * shrink, dpi * shrink);
        let pixels = |points: f64| ((points * scale).round() as u32).max(1);
        Survey {
            glyphs: self.glyphs,
            plan: Plan::Render { scale },
            scan: scanned.is_some(),
            refused: self.refused,
            width: pixels(self.sheet.width()),
            height: pixels(self.sheet.height()),
            dpi: dpi as f32,
            scale: (scale, scale),
            origin: (0.0, 0.0),
            user_space: None,
            fonts: None,
        }
    }
}

/// The resolution at which so many pixels are the long side of an A4 sheet.
fn sheet_dpi(long_side: u32) -> f32 {
    (f64::from(long_side) / 11.69).round().clamp(70.0, 600.0) as f32
}

/// How pixels are turned on the page, if by quarters (or mirrored) only.
fn turn_of(transform: Affine) -> Option<Orientation> {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let small = |v: f64, of: f64| v.abs() < 0.002 * of.abs();
    if small(b, a) && small(c, d) {
        return Some(match (a > 0.0, d > 0.0) {
            (true, true) => Orientation::NoTransforms,
            (false, false) => Orientation::Rotate180,
            (false, true) => Orientation::FlipHorizontal,
            (true, false) => Orientation::FlipVertical,
        });
    }
    if small(a, b) && small(d, c) {
        return Some(match (b > 0.0, c > 0.0) {
            (true, false) => Orientation::Rotate90,
            (false, true) => Orientation::Rotate270,
            (true, true) => Orientation::Rotate90FlipH,
            (false, false) => Orientation::Rotate270FlipH,
        });
    }
    None
}

impl<'a> Device<'a> for Surveyor {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, mode: &DrawMode) {
        self.overlaid |= !matches!(mode, DrawMode::Invisible);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip_rect_or_not(clip.path.bounding_box(), false);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip_rect_or_not(*rect, true);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        self.groups.push(opacity < 0.99 || mask.is_some() || mode != BlendMode::Normal);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let mut visible = false;
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(text) => unicode(text),
                None => '\u{fffd}'.to_string(),
            };
            visible |= !text.trim().is_empty();
            let advance = match &**glyph {
                PdfGlyph::Outline(g) => g.advance_width(),
                PdfGlyph::Type3(g) => g.advance_width(),
            };
            if self.glyphs.len() < MOST_GLYPHS {
                self.glyphs.extend(place(text, advance, props.transform * glyph.transform(), self.sheet));
            }
        }
        self.overlaid |= visible && !matches!(mode, DrawMode::Invisible);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let index = self.images;
        self.images += 1;
        let size = (image.width(), image.height());
        let stream = match &image {
            Image::Raster(raster) => raster.stream(),
            Image::Stencil(stencil) => stencil.stream(),
        };
        if self.refused.is_none() {
            self.refused = audit::image(stream, &self.limits).err();
        }
        let plain = props.soft_mask.is_none()
            && match &image {
                Image::Raster(raster) => {
                    let dict = raster.stream().dict();
                    !["SMask", "Mask", "SMaskInData"].iter().any(|key| dict.contains_key(key.as_bytes()))
                }
                // The paint is only to be seen by decoding, so that is left to the picture itself.
                Image::Stencil(_) => true,
            };
        self.place_image(index, size, props.transform, plain);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}

impl Surveyor {
    /// A clip hides nothing when it is a rectangle that leaves the page as it is, but for slips of rounding.
    fn push_clip_rect_or_not(&mut self, rect: Rect, is_rect: bool) {
        let slack = 0.01 * self.sheet.width().min(self.sheet.height());
        self.clips.push(!(is_rect && rect.inflate(slack, slack).contains_rect(self.sheet)));
    }
}

fn unicode(text: hayro::hayro_interpret::hayro_cmap::BfString) -> String {
    use hayro::hayro_interpret::hayro_cmap::BfString;
    match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    }
}

/// The glyph on the page; none when it stands outside or its transform is degenerate.
fn place(text: String, advance: Option<f32>, transform: Affine, sheet: Rect) -> Option<Glyph> {
    let origin = transform * Point::ORIGIN;
    let unit = (transform * Point::new(1000.0, 0.0)) - origin;
    let up = (transform * Point::new(0.0, 1000.0)) - origin;
    let (width, em) = (unit.hypot(), up.hypot());
    let sane = |v: f64| v.is_finite() && v > 1e-3 && v < 1e5;
    if !sane(width) || !sane(em) || !sheet.inflate(em, em).contains(origin) {
        return None;
    }
    let along = (unit.x / width, unit.y / width);
    let advance = f64::from(advance.unwrap_or(500.0)).clamp(0.0, 4000.0) / 1000.0 * width;
    Some(Glyph { text, origin, along, em, advance })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surveyor() -> Surveyor {
        Surveyor { sheet: Rect::new(0.0, 0.0, 595.0, 842.0), ..Surveyor::default() }
    }

    #[test]
    fn one_upright_image_is_plain() {
        let mut s = surveyor();
        s.overlaid = true; // what lies under it does not count
        s.place_image(0, (2480, 3508), Affine::scale(0.24), true);
        let found = s.finish();
        assert_eq!(found.plan, Plan::Native { index: 0, turn: Orientation::NoTransforms });
        assert_eq!((found.width, found.height, found.dpi.round()), (2480, 3508, 300.0));
    }

    #[test]
    fn a_turned_image_is_turned_back() {
        let mut s = surveyor();
        // pixel x runs down the page, pixel y to the left
        s.place_image(3, (3508, 2480), Affine::new([0.0, 0.24, -0.24, 0.0, 595.2, 0.0]), true);
        let found = s.finish();
        assert_eq!(found.plan, Plan::Native { index: 3, turn: Orientation::Rotate90 });
        assert_eq!((found.width, found.height), (2480, 3508));
    }

    #[test]
    fn overlaid_or_partial_images_are_rendered_at_their_resolution() {
        let mut s = surveyor();
        s.place_image(0, (1654, 2339), Affine::scale(0.36), true);
        s.place_image(1, (100, 50), Affine::scale(1.0), true);
        let found = s.finish();
        assert_eq!(found.plan, Plan::Render { scale: 200.0 / 72.0 });
        let mut s = surveyor();
        s.place_image(0, (100, 50), Affine::scale(0.24), true);
        assert_eq!(s.finish().dpi, 300.0);
    }

    #[test]
    fn huge_sheets_do_not_make_huge_pictures() {
        let mut s = surveyor();
        s.sheet = Rect::new(0.0, 0.0, 1e9, 1e3);
        let found = s.finish();
        assert!(u64::from(found.width) * u64::from(found.height) <= 40_000_000);
        assert!(found.width <= 32_000);
    }

    #[test]
    fn a_page_measured_in_pixels_is_a_sheet_of_paper() {
        let mut s = surveyor();
        s.sheet = Rect::new(0.0, 0.0, 2480.0, 3508.0);
        s.place_image(0, (2480, 3508), Affine::IDENTITY, true);
        let found = s.finish();
        assert_eq!((found.dpi, found.scale), (300.0, (1.0, 1.0)));
    }
}
