//! A page in small: grey at about 100 dpi, and which of its dots are ink whatever the light.
//!
//! Everything that is *found* about a page (skew, light, borders, how much of its text was read) is found here, on a tenth of the pixels;
//! averaging also takes out most of a scanner's noise.
//!
//! A dot is ink if it is darker than 0.8 of the mean of the square of 31 dots around it (a third of an inch), which a shadow darkens
//! just as much (Bradley and Roth 2007, by running sums: O(pixels)). Runs longer than 15 mm either way, printed rules and black borders,
//! and whatever touches no white within 4 mm are not ink of text.

use std::borrow::Cow;

use image::{DynamicImage, GrayImage};

/// Dots per inch of a reduced page, about.
const DPI: f32 = 100.0;
/// Half the side of the square whose mean a dot is compared with.
const AROUND: usize = 15;
/// The share of that mean below which a dot is ink.
const DARKER: f32 = 0.8;
/// A run of ink at least this long, in dots, is no letter.
const RUN: usize = 60;

/// The least length of the rules that make a table.
const RULE: usize = 95;

/// What is ink on a reduced page.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    /// Dots that are ink of text, row by row.
    pub text: Vec<bool>,
    /// Whether long runs lie both across and down, as the rules of tables do.
    pub table: bool,
}

/// A page in small.
#[derive(Debug, Clone)]
pub(super) struct Reduced {
    /// Dots across.
    pub width: usize,
    /// Dots down.
    pub height: usize,
    /// Grey levels, row by row.
    pub grey: Vec<u8>,
    /// How many pixels of the page one dot is wide.
    pub factor: u32,
}

impl Reduced {
    /// `image`, which has `dpi` dots per inch, in small.
    pub fn of(image: &DynamicImage, dpi: f32) -> Reduced {
        let factor = (dpi / DPI).round().max(1.0) as u32;
        let f = factor as usize;
        let (w, h) = (image.width() as usize, image.height() as usize);
        let pixels = in_grey(image);
        let (width, height) = ((w / f).max(1), (h / f).max(1));
        let mut grey = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for y in 0..height {
            sums.fill(0);
            for row in y * f..((y + 1) * f).min(h) {
                add_row(&pixels.as_raw()[row * w..][..w], f, &mut sums);
            }
            let area = (f * f) as u32;
            grey.extend(sums.iter().map(|s| (s / area).min(255) as u8));
        }
        Reduced { width, height, grey, factor }
    }

    /// Which dots are ink.
    pub fn ink(&self) -> Ink {
        let (w, h) = (self.width, self.height);
        let mut ink = vec![false; w * h];
        let mut columns = vec![0_u32; w];
        let mut rows_in = 0;
        for y in 0..h + AROUND {
            // the rows from y - 2·AROUND to y are those around row y - AROUND
            if y < h {
                add(&mut columns, &self.grey[y * w..][..w]);
                rows_in += 1;
            }
            if let Some(out) = y.checked_sub(2 * AROUND + 1) {
                subtract(&mut columns, &self.grey[out * w..][..w]);
                rows_in -= 1;
            }
            let Some(at) = y.checked_sub(AROUND) else { continue };
            mark_row(&self.grey[at * w..][..w], &columns, rows_in, &mut ink[at * w..][..w]);
        }
        let table = clear_runs(&mut ink, w, h);
        Ink { text: ink, table }
    }
}

/// The pixels of `image` in grey: pages on their way to the engine are.
pub(super) fn in_grey(image: &DynamicImage) -> Cow<'_, GrayImage> {
    image.as_luma8().map_or_else(|| Cow::Owned(image.to_luma8()), Cow::Borrowed)
}

/// Adds the sums of each `f` pixels of `row`.
fn add_row(row: &[u8], f: usize, sums: &mut [u32]) {
    for (sum, dots) in sums.iter_mut().zip(row.chunks_exact(f)) {
        *sum += dots.iter().map(|v| u32::from(*v)).sum::<u32>();
    }
}

fn add(columns: &mut [u32], row: &[u8]) {
    for (sum, v) in columns.iter_mut().zip(row) {
        *sum += u32::from(*v);
    }
}

fn subtract(columns: &mut [u32], row: &[u8]) {
    for (sum, v) in columns.iter_mut().zip(row) {
        *sum -= u32::from(*v);
    }
}

fn mark_row(row: &[u8], columns: &[u32], rows_in: usize, ink: &mut [bool]) {
    let w = row.len();
    let mut sum: u32 = columns[..AROUND.min(w)].iter().sum();
    let mut wide = AROUND.min(w);
    for x in 0..w {
        if x + AROUND < w {
            sum += columns[x + AROUND];
            wide += 1;
        }
        if let Some(out) = x.checked_sub(AROUND + 1) {
            sum -= columns[out];
            wide -= 1;
        }
        let mean = sum as f32 / (wide * rows_in) as f32;
        ink[x] = f32::from(row[x]) < DARKER * mean;
    }
}

/// Takes out what is too long for letters; says whether some of it may be the rules of a table.
fn clear_runs(ink: &mut [bool], w: usize, h: usize) -> bool {
    let (mut across, mut down) = (Vec::new(), Vec::new()); // line, from, length
    for y in 0..h {
        runs((0..w).map(|x| ink[y * w + x]), |from, n| across.push((y, from, n)));
    }
    for x in 0..w {
        runs((0..h).map(|y| ink[y * w + x]), |from, n| down.push((x, from, n)));
    }
    for (y, from, n) in &across {
        ink[y * w + from..][..*n].fill(false);
    }
    for (x, from, n) in &down {
        for y in *from..from + n {
            ink[y * w + x] = false;
        }
    }
    rules(&across) > 1 && rules(&down) > 1
}

/// How many of these runs are long and lie apart.
fn rules(runs: &[(usize, usize, usize)]) -> usize {
    let mut lines: Vec<usize> = runs.iter().filter(|run| run.2 >= RULE).map(|run| run.0).collect();
    lines.dedup_by(|a, b| a.abs_diff(*b) < 4);
    lines.len()
}

fn runs(dots: impl Iterator<Item = bool>, mut found: impl FnMut(usize, usize)) {
    let mut length = 0;
    let mut end = 0;
    for (i, dot) in dots.enumerate() {
        end = i + 1;
        if dot {
            length += 1;
        } else {
            if length >= RUN {
                found(i - length, length);
            }
            length = 0;
        }
    }
    if length >= RUN {
        found(end - length, length);
    }
}
