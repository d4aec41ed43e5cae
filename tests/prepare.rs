//! A real page, as crooked, shadowed, stamped and turned as scans are, is read as it is read straight, and its words are found where they are.
//! Needs the packages `tesseract-ocr-script-viet` or `tesseract-ocr-vie`.

mod common;

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use sohoa::evaluate::text;
use sohoa::ingest::{DiscoverOptions, Limits, Source, discover};
use sohoa::model::{Page, PageImage};
use sohoa::recognise::{Engine, Prepared, Tesseract, TesseractOptions};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The second page of a scanned plan, 1-bit at 200 dpi.
fn page() -> Result<PageImage, Box<dyn std::error::Error>> {
    let found = discover(&[common::fixture("b3-office-1bit.tiff")], &DiscoverOptions::default());
    let mut source = Source::open(&found.inputs[0], &Limits::default())?;
    Ok(source.page(1)?.image.ok_or("no image")?)
}

/// The page turned clockwise by `degrees` about its middle, as it lies crooked on the glass.
fn crooked(page: &GrayImage, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (w, h) = (page.width() as f32 / 2.0, page.height() as f32 / 2.0);
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (u, v) = (x as f32 - w, y as f32 - h);
        let (sx, sy) = (u * cos + v * sin + w, v * cos - u * sin + h);
        let inside = sx >= 0.0 && sy >= 0.0;
        inside.then(|| page.get_pixel_checked(sx as u32, sy as u32)).flatten().copied().unwrap_or(Luma([255]))
    })
}

/// A shadow that falls over the right and the foot of the page.
fn shadowed(page: &GrayImage) -> GrayImage {
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let far = x as f32 / page.width() as f32 + y as f32 / page.height() as f32;
        Luma([(f32::from(page.get_pixel(x, y).0[0]) * (1.0 - 0.35 * far)) as u8])
    })
}

/// Blurred, grainy and grey, as a cheap camera sees it.
fn noisy(page: &GrayImage) -> GrayImage {
    let mut state = 7_u32;
    let mut out = image::imageops::blur(page, 1.2);
    for pixel in out.pixels_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 24) as f32 / 255.0 * 50.0 - 25.0;
        pixel.0[0] = (f32::from(pixel.0[0]) * 0.8 + 25.0 + grain).clamp(0.0, 255.0) as u8;
    }
    out
}

/// A black border on the left, wider below.
fn bordered(page: &GrayImage) -> GrayImage {
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        if x < 20 + y / 60 { Luma([8]) } else { *page.get_pixel(x, y) }
    })
}

/// A red seal of 36 mm over the text.
fn sealed(page: &GrayImage) -> RgbImage {
    RgbImage::from_fn(page.width(), page.height(), |x, y| {
        let v = page.get_pixel(x, y).0[0];
        let far = (x as f32 - 700.0).hypot(y as f32 - 400.0);
        let red = (125.0..142.0).contains(&far) || far < 40.0;
        if red && v > 100 { Rgb([210, 50, 60]) } else { Rgb([v, v, v]) }
    })
}

/// The middle of the word that holds `what`.
fn place(page: &Page, what: &str) -> Option<(f32, f32)> {
    let mut words = page.lines.iter().flat_map(|line| &line.words);
    let found = words.find(|word| page.raw[word.span.clone()].contains(what))?;
    found.bbox.map(|b| (b.x + b.w / 2.0, b.y + b.h / 2.0))
}

#[test]
fn pages_in_a_bad_state_are_read_like_good_ones() -> Outcome {
    let PageImage { pixels, dpi } = page()?;
    let grey = pixels.to_luma8();
    let mut engine = Prepared::new(Tesseract::new(&TesseractOptions::default())?);
    let plain = engine.recognise(&PageImage { pixels, dpi }, 2)?;
    assert_eq!(plain.turn, 0.0);
    let luma = DynamicImage::ImageLuma8;
    let coarse = noisy(&grey);
    let states = [
        ("upside down", luma(image::imageops::rotate180(&grey)), 180.0, 0.03),
        ("on its side", luma(image::imageops::rotate90(&grey)), 90.0, 0.03),
        ("on its other side", luma(image::imageops::rotate270(&grey)), -90.0, 0.03),
        ("crooked", luma(crooked(&grey, 4.0)), 4.0, 0.08),
        ("in a shadow", luma(shadowed(&grey)), 0.0, 0.09),
        ("coarse and noisy", luma(coarse), 0.0, 0.06),
        ("with a black border", luma(bordered(&grey)), 0.0, 0.03),
        ("under a seal", DynamicImage::ImageRgb8(sealed(&grey)), 0.0, 0.05),
    ];
    for (state, pixels, turn, bound) in states {
        let size = (pixels.width(), pixels.height());
        let mut read = engine.recognise(&PageImage { pixels, dpi }, 2)?;
        let wrong = text::compare(&read.raw, &read.raw, &plain.raw).figures.ser.value();
        assert!(wrong <= bound, "{state}: {:.1} % of the words differ:\n{}", 100.0 * wrong, read.raw);
        assert!((read.turn - turn).abs() < 0.3, "{state}: turned by {}", read.turn);
        assert_eq!((read.width, read.height), size, "{state}");
        read.straighten();
        let apart = place(&plain, "trưởng").zip(place(&read, "trưởng"));
        let apart = apart.map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1));
        assert!(apart.is_some_and(|apart| apart < 12.0), "{state}: {apart:?}");
    }
    Ok(())
}
