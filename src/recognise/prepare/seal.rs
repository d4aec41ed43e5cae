//! Red seals: found by their colour and size, and made so weak that the text under them can be read.
//!
//! A pixel is red if its red is well above its green and blue. The page is looked at in squares of 2 mm; squares with red in them that touch
//! make a patch, and a patch of at least 15 mm both ways is a seal: red headings and signatures are lower. Within it each pixel becomes the
//! brightness of its red alone, in which red ink is nearly paper and black ink as black as before, stretched so that the seal's
//! own red is white.
//!
//! Limits: seals on scans without colour stay; so do blue ones.

use image::{DynamicImage, GrayImage, RgbImage};

/// Side of a square, in millimetres.
const SQUARE: f32 = 2.0;
/// The least side of a seal, in millimetres.
const LEAST: f32 = 15.0;
/// Red pixels per square from which on it belongs to a patch, as a share.
const SOME: u32 = 12;

/// The page in grey, its seals weakened. The engine reads no colours, but looks for a threshold in each of three.
pub(super) fn grey(image: &DynamicImage, dpi: f32) -> DynamicImage {
    let DynamicImage::ImageRgb8(colour) = image else { return DynamicImage::ImageLuma8(image.to_luma8()) };
    let side = ((SQUARE / 25.4 * dpi) as u32).max(2);
    let width = colour.width();
    let mut grey: Vec<u8> = colour.as_raw().chunks_exact(3).map(|p| luma(p).min(255) as u8).collect();
    for patch in patches(colour, side, (LEAST / SQUARE).ceil() as usize) {
        let stretch = stretch(colour, &patch);
        for y in patch.y0..patch.y1 {
            for x in patch.x0..patch.x1 {
                let red = colour.get_pixel(x, y).0[0];
                grey[(y * width + x) as usize] = stretch[usize::from(red)];
            }
        }
    }
    GrayImage::from_raw(width, colour.height(), grey)
        .map_or_else(DynamicImage::default, DynamicImage::ImageLuma8)
}

/// The brightness of a pixel's red, green and blue.
fn luma(rgb: &[u8]) -> u32 {
    (u32::from(rgb[0]) * 77 + u32::from(rgb[1]) * 151 + u32::from(rgb[2]) * 28) >> 8
}

fn is_red(p: &[u8]) -> bool {
    let (r, g, b) = (i32::from(p[0]), i32::from(p[1]), i32::from(p[2]));
    r > 90 && r - g > 40 && r - b > 30
}

/// A rectangle in pixels.
struct Patch {
    x0: u32,
    y0: u32,
    x1: u32,
    y1: u32,
}

/// What the red of each pixel becomes: half the paper's and less stays, the seal's red and more is white.
fn stretch(colour: &RgbImage, patch: &Patch) -> [u8; 256] {
    let mut counts = [0_u32; 256];
    let mut n = 0;
    for y in patch.y0..patch.y1 {
        for x in patch.x0..patch.x1 {
            let p = colour.get_pixel(x, y).0;
            if is_red(&p) {
                counts[usize::from(p[0])] += 1;
                n += 1;
            }
        }
    }
    // where black strokes end, red fades into black: a quarter of the reddish pixels may be such edges
    let mut below = n / 4;
    let mut white = 255;
    for (level, count) in counts.iter().enumerate() {
        if *count > below {
            white = level.max(64);
            break;
        }
        below -= count;
    }
    let mut out = [255; 256];
    for (red, value) in out.iter_mut().enumerate().take(white) {
        *value = (red * 255 / white) as u8;
    }
    out
}

/// The rectangles of what is red and at least `least` squares wide and high.
fn patches(colour: &RgbImage, side: u32, least: usize) -> Vec<Patch> {
    let (w, h) = (colour.width(), colour.height());
    let (across, down) = (w.div_ceil(side) as usize, h.div_ceil(side) as usize);
    let mut counts = vec![0_u32; across * down];
    for (y, row) in colour.as_raw().chunks_exact(w as usize * 3).enumerate() {
        let line = &mut counts[y / side as usize * across..][..across];
        for (count, dots) in line.iter_mut().zip(row.chunks(3 * side as usize)) {
            *count += dots.chunks_exact(3).filter(|p| is_red(p)).count() as u32;
        }
    }
    let mut red: Vec<bool> = counts.iter().map(|n| n * SOME > side * side).collect();
    let mut out = Vec::new();
    for start in 0..red.len() {
        if !red[start] {
            continue;
        }
        let (mut x0, mut y0, mut x1, mut y1) = (across, down, 0, 0);
        let mut open = vec![start];
        red[start] = false;
        while let Some(i) = open.pop() {
            let (x, y) = (i % across, i / across);
            (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
            for ny in y.saturating_sub(1)..(y + 2).min(down) {
                for nx in x.saturating_sub(1)..(x + 2).min(across) {
                    if std::mem::take(&mut red[ny * across + nx]) {
                        open.push(ny * across + nx);
                    }
                }
            }
        }
        if x1 - x0 >= least && y1 - y0 >= least {
            let pixels = |n: usize, most: u32| (n as u32 * side).min(most);
            out.push(Patch {
                x0: pixels(x0.saturating_sub(1), w),
                y0: pixels(y0.saturating_sub(1), h),
                x1: pixels(x1 + 1, w),
                y1: pixels(y1 + 1, h),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: image::Rgb<u8> = image::Rgb([210, 60, 70]);

    /// A white page at 100 dpi with a ring of `radius` pixels in red and a black stroke across it.
    fn page(radius: f32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(300, 300, |x, y| {
            let far = (x as f32 - 150.0).hypot(y as f32 - 150.0);
            match (150..156).contains(&y) {
                true => image::Rgb([20, 20, 20]),
                false if (radius - 6.0..radius).contains(&far) => RED,
                false => image::Rgb([250, 250, 250]),
            }
        }))
    }

    #[test]
    fn a_seal_goes_and_the_text_under_it_stays() {
        let read = grey(&page(60.0), 100.0).to_luma8();
        assert!(read.get_pixel(150, 93).0[0] > 240, "{:?}", read.get_pixel(150, 93));
        assert!(read.get_pixel(93, 152).0[0] < 60, "{:?}", read.get_pixel(93, 152));
    }

    #[test]
    fn small_red_things_stay() {
        let red = RED.0.map(u32::from);
        let level = grey(&page(18.0), 100.0).to_luma8().get_pixel(150, 135).0[0];
        assert_eq!(u32::from(level), (red[0] * 77 + red[1] * 151 + red[2] * 28) / 256);
    }
}
