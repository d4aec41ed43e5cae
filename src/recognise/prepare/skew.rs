//! How crooked a page lies, and whether its lines run across or down.
//!
//! Lines of text, projected along their own direction, fall into sharp rows; along any other they blur (Postl 1986). For an angle θ
//! each dot at the foot of a letter (ink above white) is counted in row `y - x tan θ`; the figure is the sum over rows of the squared
//! difference to the row above. The best of −10°..10° by quarter degrees is refined by steps of 0.1° and 0.025°.
//! Feet alone are a fifth of the ink, and baselines are sharper than letters.

use super::reduced::Reduced;

/// The widest angle looked for, in degrees.
const MOST: f32 = 10.0;
/// Fewer feet than this are no lines of text.
const FEW: usize = 400;
/// How much better than at the average angle text has to fall into rows.
const CLEAR: f64 = 1.25;

/// How the lines of a page run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lines {
    /// By how many degrees lines fall towards the right (clockwise); 0 where nothing is clear.
    pub skew: f32,
    /// Whether lines seem to run down the page and not across.
    pub down: bool,
}

/// How the lines of the page run whose ink this is.
pub(super) fn lines(page: &Reduced, ink: &[bool]) -> Lines {
    let (w, h) = (page.width, page.height);
    let at = |x: usize, y: usize| ink[y * w + x];
    let mut feet = Vec::new();
    let mut sides = Vec::new();
    for y in 0..h.saturating_sub(1) {
        for x in 0..w.saturating_sub(1) {
            if at(x, y) {
                if !at(x, y + 1) {
                    feet.push((x as f32, y as f32));
                }
                if !at(x + 1, y) {
                    sides.push((y as f32, x as f32));
                }
            }
        }
    }
    if feet.len() < FEW {
        return Lines { skew: 0.0, down: false };
    }
    let across = best(&feet, h as f32, w as f32);
    let down = best(&sides, w as f32, h as f32);
    let (skew, down) = if down.clear > CLEAR && down.clear > 1.3 * across.clear {
        (-down.angle, true)
    } else if across.clear > CLEAR {
        (across.angle, false)
    } else {
        (0.0, false)
    };
    Lines { skew, down }
}

struct Best {
    angle: f32,
    /// Its sharpness as a multiple of the mean one: stems stand in columns by chance, but hardly more so at one angle.
    clear: f64,
}

/// The best angle for dots given as (along the line, across it).
fn best(dots: &[(f32, f32)], across: f32, along: f32) -> Best {
    let reach = along * MOST.to_radians().tan();
    let mut rows = vec![0_i32; (across + 2.0 * reach) as usize + 3];
    // every second dot will do for a coarse look
    let coarse: Vec<_> = dots.iter().copied().step_by(1 + dots.len() / 15_000).collect();
    let steps = (2.0 * MOST / 0.25) as i32;
    let scored: Vec<(f32, f64)> = (0..=steps)
        .map(|i| -MOST + 0.25 * i as f32)
        .map(|angle| (angle, sharpness(&coarse, angle, reach, &mut rows)))
        .collect();
    let mean = scored.iter().map(|s| s.1).sum::<f64>() / scored.len() as f64;
    let top = |scored: &[(f32, f64)]| {
        scored.iter().copied().fold((0.0, -1.0), |a, b| if b.1 > a.1 { b } else { a })
    };
    let (mut angle, found) = top(&scored);
    let clear = found / mean.max(1e-9);
    for step in [0.1_f32, 0.025] {
        let near: Vec<(f32, f64)> = (-5..=5)
            .map(|i| angle + step * i as f32)
            .filter(|a| a.abs() <= MOST)
            .map(|a| (a, sharpness(dots, a, reach, &mut rows)))
            .collect();
        angle = top(&near).0;
    }
    Best { angle, clear }
}

fn sharpness(dots: &[(f32, f32)], angle: f32, reach: f32, rows: &mut [i32]) -> f64 {
    rows.fill(0);
    let slope = angle.to_radians().tan();
    for (along, across) in dots {
        let row = across - along * slope + reach;
        if let Some(count) = rows.get_mut(row as usize) {
            *count += 1;
        }
    }
    rows.windows(2).map(|pair| f64::from(pair[1] - pair[0]).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of short strokes, turned by `angle` degrees clockwise.
    fn page(angle: f32, down: bool) -> (Reduced, Vec<bool>) {
        let (width, height) = (800_usize, 1100_usize);
        let mut ink = vec![false; width * height];
        let (sin, cos) = angle.to_radians().sin_cos();
        let mut seed = 1_u32;
        for line in 0..35 {
            let mut at = -320.0;
            // letters are of all widths, so they fall into no columns
            while at < 310.0 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                at += 4.0 + (seed >> 29) as f32;
                for dot in 0..12 {
                    let (u, v) = (at, line as f32 * 20.0 - 350.0 + dot as f32);
                    let (u, v) = if down { (-v, u) } else { (u, v) };
                    let (x, y) = (400.0 + u * cos - v * sin, 550.0 + u * sin + v * cos);
                    ink[y as usize * width + x as usize] = true;
                }
            }
        }
        (Reduced { width, height, grey: vec![255; width * height], factor: 1 }, ink)
    }

    #[test]
    fn crooked_pages_are_measured() {
        for angle in [0.0, 0.4, -1.3, 5.0, -7.7] {
            let (page, ink) = page(angle, false);
            let found = lines(&page, &ink);
            assert!((found.skew - angle).abs() < 0.1 && !found.down, "{angle}: {found:?}");
        }
    }

    #[test]
    fn lines_that_run_down_are_seen() {
        let (page, ink) = page(2.0, true);
        let found = lines(&page, &ink);
        assert!((found.skew - 2.0).abs() < 0.1 && found.down, "{found:?}");
    }

    #[test]
    fn a_page_without_lines_is_not_turned() {
        let page = Reduced { width: 300, height: 300, grey: vec![255; 90_000], factor: 1 };
        let mut ink = vec![false; 90_000];
        assert_eq!(lines(&page, &ink), Lines { skew: 0.0, down: false });
        let mut seed = 1_u32;
        for dot in &mut ink {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *dot = seed >> 28 == 0;
        }
        assert_eq!(lines(&page, &ink), Lines { skew: 0.0, down: false });
    }
}
