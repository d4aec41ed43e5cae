//! Light: how bright the paper is in every part of a page, and a page as if it were lit evenly.
//!
//! Paper is most of a page, so in a square of 16 dots (4 mm) its level is near the 80th percentile; under a picture or a thick rule it is not,
//! and there the brighter squares around decide (a maximum over 3 × 3, then a mean). Dividing by it lifts shadows. Before that a
//! Gaussian of σ = 1 pixel takes the edge off noise, which division makes as much stronger as the light is weaker.

use super::reduced::Reduced;

/// Side of a square, in dots of the reduced page.
const SIDE: usize = 16;
/// Paper in the darkest part, as a share of the brightest, from which on light counts as uneven.
const UNEVEN: f32 = 0.85;
/// A square darker than this is no paper in any light.
const BLACK: u8 = 30;

/// The level of the paper over a page.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    across: usize,
    down: usize,
    levels: Vec<f32>,
    /// Pixels of the page to a square's side.
    side: f32,
    /// The level that most of the page has.
    pub usual: u8,
    /// Whether the light is so uneven that one threshold cannot do.
    pub uneven: bool,
}

impl Paper {
    /// The paper of a page.
    pub fn of(page: &Reduced) -> Paper {
        let (across, down) = (page.width.div_ceil(SIDE), page.height.div_ceil(SIDE));
        let raw: Vec<u8> = (0..across * down).map(|i| square(page, i % across, i / across)).collect();
        let around = |i: usize| {
            let (x, y) = (i % across, i / across);
            let (xs, ys) = (x.saturating_sub(1)..(x + 2).min(across), y.saturating_sub(1)..(y + 2).min(down));
            ys.flat_map(move |y| xs.clone().map(move |x| y * across + x))
        };
        let tops: Vec<u8> = (0..raw.len()).map(|i| around(i).map(|j| raw[j]).max().unwrap_or(255)).collect();
        let mean = |i: usize| {
            let (sum, n) = around(i).fold((0.0, 0.0), |(s, n), j| (s + f32::from(tops[j]), n + 1.0));
            (sum / n).max(1.0)
        };
        let levels: Vec<f32> = (0..tops.len()).map(mean).collect();
        let mut sorted: Vec<u8> = tops.into_iter().filter(|v| *v > BLACK).collect();
        sorted.sort_unstable();
        let at = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or(255);
        let uneven = f32::from(at(4)) < UNEVEN * f32::from(at(90));
        Paper { across, down, levels, side: (SIDE as u32 * page.factor) as f32, usual: at(50), uneven }
    }

    /// The levels along row `y` of the page, `width` pixels, between the middles of the squares.
    pub fn row(&self, y: usize, width: usize, out: &mut Vec<f32>) {
        let place = |at: usize, most: usize| {
            let at = ((at as f32 + 0.5) / self.side - 0.5).clamp(0.0, (most - 1) as f32);
            let low = at as usize;
            (low, (low + 1).min(most - 1), at - low as f32)
        };
        let (top, bottom, v) = place(y, self.down);
        let column = |x: usize| {
            self.levels[top * self.across + x] * (1.0 - v) + self.levels[bottom * self.across + x] * v
        };
        out.clear();
        out.extend((0..width).map(|x| {
            let (left, right, u) = place(x, self.across);
            column(left) * (1.0 - u) + column(right) * u
        }));
    }
}

/// The 80th percentile of a square.
fn square(page: &Reduced, x: usize, y: usize) -> u8 {
    let mut counts = [0_u32; 256];
    let mut n = 0;
    for row in y * SIDE..((y + 1) * SIDE).min(page.height) {
        for v in &page.grey[row * page.width..][x * SIDE..((x + 1) * SIDE).min(page.width)] {
            counts[usize::from(*v)] += 1;
            n += 1;
        }
    }
    let mut left = n / 5;
    for (level, count) in counts.iter().enumerate().rev() {
        if *count > left {
            return level as u8;
        }
        left -= count;
    }
    0
}

/// Grey pixels, blurred and lit evenly: paper is 255 wherever it lies.
pub(super) fn levelled(grey: &[u8], width: usize, paper: &Paper) -> Vec<u8> {
    let height = grey.len() / width.max(1);
    let mut out = Vec::with_capacity(grey.len());
    let mut levels = Vec::with_capacity(width);
    let mut column = vec![0_u32; width + 4];
    for y in 0..height {
        let row = |dy: isize| {
            let y = (y as isize + dy).clamp(0, height as isize - 1) as usize;
            &grey[y * width..][..width]
        };
        let rows = [row(-2), row(-1), row(0), row(1), row(2)];
        for x in 0..width {
            // e^(-x²/2), to sixteenths
            let v = |i: usize| u32::from(rows[i][x]);
            column[x + 2] = v(0) + v(4) + 4 * (v(1) + v(3)) + 6 * v(2);
        }
        (column[0], column[1]) = (column[2], column[2]);
        (column[width + 2], column[width + 3]) = (column[width + 1], column[width + 1]);
        paper.row(y, width, &mut levels);
        out.extend(column.windows(5).zip(&levels).map(|(c, level)| {
            let sum = c[0] + c[4] + 4 * (c[1] + c[3]) + 6 * c[2];
            (sum as f32 / level).min(255.0) as u8
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper whose light falls from 250 on the left to `dark` on the right, with strokes of half that light on it.
    fn page(dark: f32) -> Reduced {
        let (width, height) = (640, 640);
        let grey = (0..width * height).map(|i| {
            let (x, y) = (i % width, i / width);
            let light = 250.0 - (250.0 - dark) * x as f32 / width as f32;
            if x % 9 < 2 && y % 20 < 10 { (light / 2.0) as u8 } else { light as u8 }
        });
        Reduced { width, height, grey: grey.collect(), factor: 1 }
    }

    #[test]
    fn shadows_are_seen_and_lifted() {
        assert!(!Paper::of(&page(225.0)).uneven);
        let dim = page(90.0);
        let paper = Paper::of(&dim);
        assert!(paper.uneven);
        let level = levelled(&dim.grey, dim.width, &paper);
        let at = |x: usize, y: usize| level[y * dim.width + x];
        assert!(at(14, 15) > 245 && at(626, 15) > 235, "{} {}", at(14, 15), at(626, 15));
        // a stroke is dark on both sides alike
        assert!(
            (i32::from(at(18, 45)) - i32::from(at(621, 45))).abs() < 25,
            "{} {}",
            at(18, 45),
            at(621, 45)
        );
    }
}
