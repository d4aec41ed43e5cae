//! Turning a page upright, and finding the way back: where a place on the upright page is on the page as it came.
//!
//! Straightening keeps the page's centre and widens the sheet so that no corner is lost; what comes from outside is paper. Pixels are
//! taken between four neighbours (bilinear, in fixed point).

use image::{DynamicImage, GrayImage};

use super::reduced::in_grey;
use crate::model::BBox;

/// How an upright page came from the page as it was: first straightened by `degrees`, then scaled, then turned by quarters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// Size of the page as it came.
    pub from: (u32, u32),
    /// By how many degrees the page was turned counter-clockwise.
    pub degrees: f32,
    /// By how many quarters it was turned clockwise after that.
    pub quarters: u8,
    /// Pixels of the upright page for one of the page as it came.
    pub scale: f32,
}

impl Frame {
    /// The page as it came.
    pub fn plain(width: u32, height: u32) -> Frame {
        Frame { from: (width, height), degrees: 0.0, quarters: 0, scale: 1.0 }
    }

    /// By how many degrees, clockwise, text lies on the page as it came.
    pub fn turn(&self) -> f32 {
        let quarters = match self.quarters % 4 {
            1 => -90.0,
            2 => 180.0,
            3 => 90.0,
            _ => 0.0,
        };
        quarters + self.degrees
    }

    /// A box on the upright page of this size, on the page as it came. Small angles move a box, they do not widen it: its middle is right.
    pub fn back(&self, b: BBox, size: (u32, u32)) -> BBox {
        let (width, height) = (size.0 as f32, size.1 as f32);
        // from the upright page's centre
        let (mut x, mut y) = (b.x + b.w / 2.0 - width / 2.0, b.y + b.h / 2.0 - height / 2.0);
        let (mut w, mut h) = (b.w / self.scale, b.h / self.scale);
        for _ in 0..self.quarters % 4 {
            (x, y) = (y, -x);
            (w, h) = (h, w);
        }
        (x, y) = (x / self.scale, y / self.scale);
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        (x, y) = (x * cos - y * sin, x * sin + y * cos);
        BBox { x: x + self.from.0 as f32 / 2.0 - w / 2.0, y: y + self.from.1 as f32 / 2.0 - h / 2.0, w, h }
    }
}

/// `image` turned by `quarters` clockwise.
pub(super) fn by_quarters(image: &DynamicImage, quarters: u8) -> DynamicImage {
    match quarters % 4 {
        1 => image.rotate90(),
        2 => image.rotate180(),
        3 => image.rotate270(),
        _ => image.clone(),
    }
}

/// `image` turned by `degrees` counter-clockwise about its centre, on a sheet that holds all of it, with `paper` around.
pub(super) fn straightened(image: &DynamicImage, degrees: f32, paper: u8) -> DynamicImage {
    let (w, h) = (image.width(), image.height());
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (fw, fh) = (w as f32, h as f32);
    let width = (fw * cos.abs() + fh * sin.abs()).ceil() as u32;
    let height = (fw * sin.abs() + fh * cos.abs()).ceil() as u32;
    let grey = in_grey(image);
    let pixels = sampled(grey.as_raw(), (w, h), (width, height), (sin, cos), paper);
    GrayImage::from_raw(width, height, pixels).map_or_else(|| image.clone(), DynamicImage::ImageLuma8)
}

/// Grey pixels, each read where it was before the turn.
fn sampled(
    from: &[u8],
    (w, h): (u32, u32),
    (width, height): (u32, u32),
    (sin, cos): (f32, f32),
    paper: u8,
) -> Vec<u8> {
    const ONE: i64 = 1 << 16;
    let fixed = |v: f64| (v * ONE as f64).round() as i64;
    let (step_x, step_y) = (fixed(f64::from(cos)), fixed(f64::from(sin)));
    let mut out = vec![paper; width as usize * height as usize];
    let stride = w as usize;
    for (y, row) in out.chunks_exact_mut(width as usize).enumerate() {
        let v = y as f64 + 0.5 - f64::from(height) / 2.0;
        let u = 0.5 - f64::from(width) / 2.0;
        let mut x0 = fixed(u * f64::from(cos) - v * f64::from(sin) + f64::from(w) / 2.0 - 0.5);
        let mut y0 = fixed(u * f64::from(sin) + v * f64::from(cos) + f64::from(h) / 2.0 - 0.5);
        for pixel in row {
            let (ix, iy) = (x0 >> 16, y0 >> 16);
            if ix >= 0 && iy >= 0 && ix + 1 < i64::from(w) && iy + 1 < i64::from(h) {
                let (fx, fy) = (((x0 >> 8) & 255) as u32, ((y0 >> 8) & 255) as u32);
                let at = iy as usize * stride + ix as usize;
                let p = |i: usize| u32::from(from[at + i]);
                let above = p(0) * (256 - fx) + p(1) * fx;
                let below = p(stride) * (256 - fx) + p(stride + 1) * fx;
                *pixel = ((above * (256 - fy) + below * fy + (1 << 15)) >> 16) as u8;
            }
            x0 += step_x;
            y0 += step_y;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with one dark square of 8 pixels around (x, y).
    fn page(x: u32, y: u32) -> DynamicImage {
        let mut page = GrayImage::from_pixel(300, 200, image::Luma([255]));
        for dy in 0..8 {
            for dx in 0..8 {
                page.put_pixel(x - 4 + dx, y - 4 + dy, image::Luma([0]));
            }
        }
        DynamicImage::ImageLuma8(page)
    }

    /// The rectangle of what is dark.
    fn dark(image: &DynamicImage) -> BBox {
        let grey = image.to_luma8();
        let dark: Vec<(u32, u32)> =
            grey.enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128).map(|(x, y, _)| (x, y)).collect();
        let (left, right) = (dark.iter().map(|p| p.0).min(), dark.iter().map(|p| p.0 + 1).max());
        let (top, bottom) = (dark.iter().map(|p| p.1).min(), dark.iter().map(|p| p.1 + 1).max());
        let n = |v: Option<u32>| v.unwrap_or_default() as f32;
        BBox { x: n(left), y: n(top), w: n(right) - n(left), h: n(bottom) - n(top) }
    }

    #[test]
    fn what_was_turned_is_found_again() {
        for (degrees, quarters, scale) in
            [(0.0, 1, 1.0), (0.0, 3, 1.0), (5.0, 0, 1.0), (-3.0, 2, 1.0), (8.0, 1, 2.0), (2.0, 3, 0.5)]
        {
            let before = page(220, 60);
            let mut after = straightened(&before, degrees, 255);
            if scale != 1.0 {
                let (w, h) = ((after.width() as f32 * scale) as u32, (after.height() as f32 * scale) as u32);
                after = after.resize_exact(w, h, image::imageops::FilterType::Triangle);
            }
            let after = by_quarters(&after, quarters);
            let frame = Frame { from: (300, 200), degrees, quarters, scale };
            let back = frame.back(dark(&after), (after.width(), after.height()));
            let (x, y) = (back.x + back.w / 2.0, back.y + back.h / 2.0);
            assert!((x - 220.0).abs() < 1.5 && (y - 60.0).abs() < 1.5, "{frame:?}: {x} {y}");
        }
    }

    #[test]
    fn a_page_is_straightened_against_its_skew() {
        // two dots on a line that falls to the right by 5°
        let mut page = GrayImage::from_pixel(400, 300, image::Luma([255]));
        for dx in 0..300 {
            let y = 100.0 + dx as f32 * 5_f32.to_radians().tan();
            page.put_pixel(50 + dx, y as u32, image::Luma([0]));
            page.put_pixel(50 + dx, y as u32 + 1, image::Luma([0]));
        }
        let level = dark(&straightened(&DynamicImage::ImageLuma8(page), 5.0, 255));
        assert!(level.h <= 4.0, "{level:?}");
    }
}
