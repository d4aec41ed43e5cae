//! Cells of ruled tables in which the first reading found nothing although there is ink: single figures, mostly.
//!
//! A reader that looks for columns of text takes a lone digit in a narrow column for a speck. Where the rules say that there is a cell, its
//! ink is no speck: the cell is read by itself, as one block. A cell is what four rules enclose: for the corner of a level and an
//! upright rule, the next rule to the right and the next one below, each as long as the side it closes.

use image::{DynamicImage, GrayImage};

use super::reduced::Reduced;
use crate::model::{BBox, Page};

/// More rules than this are a pattern and no table.
const MOST_RULES: usize = 400;
/// At most so many cells of one page are read by themselves.
const MOST_CELLS: usize = 300;
/// How far inside its rules a cell begins, in inches.
const INSET: f32 = 0.025;
/// White around what is read, in inches.
const MARGIN: f32 = 0.1;
/// Ink lower than this, in inches, is a speck or a dash; with fewer dots than that nothing at all.
const LOW: f32 = 0.06;
const FEW: usize = 8;

/// The ink of each cell of `rules` in which `page` has no word, in pixels of the image that `reduced` and its `ink` were made from.
pub(super) fn unread(page: &Page, rules: &[BBox], reduced: &Reduced, ink: &[bool], dpi: f32) -> Vec<BBox> {
    let middles: Vec<(f32, f32)> = page
        .lines
        .iter()
        .flat_map(|line| &line.words)
        .filter(|word| page.raw[word.span.clone()].chars().any(char::is_alphanumeric))
        .filter_map(|word| word.bbox.map(|b| (b.x + b.w / 2.0, b.y + b.h / 2.0)))
        .collect();
    let mut cells = cells(rules, dpi * INSET);
    cells.retain(|cell| !middles.iter().any(|(x, y)| holds(cell, *x, *y)));
    cells.iter().filter_map(|cell| inked(cell, reduced, ink, dpi)).take(MOST_CELLS).collect()
}

/// What stands within `place`, on paper of its own.
pub(super) fn cut_out(pixels: &DynamicImage, place: &BBox, dpi: f32, paper: u8) -> (DynamicImage, u32) {
    let part = pixels.crop_imm(place.x as u32, place.y as u32, place.w as u32, place.h as u32).into_luma8();
    let margin = (MARGIN * dpi) as u32;
    let size = (part.width() + 2 * margin, part.height() + 2 * margin);
    let mut sheet = GrayImage::from_pixel(size.0, size.1, image::Luma([paper]));
    image::imageops::replace(&mut sheet, &part, margin.into(), margin.into());
    (DynamicImage::ImageLuma8(sheet), margin)
}

fn holds(cell: &BBox, x: f32, y: f32) -> bool {
    (cell.x..cell.x + cell.w).contains(&x) && (cell.y..cell.y + cell.h).contains(&y)
}

/// The insides of all cells, less `inset` on each side.
fn cells(rules: &[BBox], inset: f32) -> Vec<BBox> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let (mut uprights, mut levels): (Vec<&BBox>, Vec<&BBox>) = rules.iter().partition(|rule| rule.h > rule.w);
    uprights.sort_by(|a, b| a.x.total_cmp(&b.x));
    levels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let slack = 3.0 * inset;
    let spans_y = |rule: &BBox, from: f32, to: f32| rule.y <= from + slack && rule.y + rule.h >= to - slack;
    let spans_x = |rule: &BBox, from: f32, to: f32| rule.x <= from + slack && rule.x + rule.w >= to - slack;
    let mut out = Vec::new();
    for top in &levels {
        for left in &uprights {
            // the corner, and what lies clearly within: a rule that ends at the corner does not reach it
            let (x, y) = (left.x + left.w, top.y + top.h);
            let (in_x, in_y) = (x + 2.0 * slack, y + 2.0 * slack);
            if !spans_x(top, x, in_x) || !spans_y(left, y, in_y) {
                continue;
            }
            let right = uprights.iter().find(|rule| rule.x > x + slack && spans_y(rule, y, in_y));
            let below = levels.iter().find(|rule| rule.y > y + slack && spans_x(rule, x, in_x));
            let (Some(right), Some(below)) = (right, below) else { continue };
            let closed = spans_y(left, y, below.y)
                && spans_y(right, y, below.y)
                && spans_x(top, x, right.x)
                && spans_x(below, x, right.x);
            let (w, h) = (right.x - x - 2.0 * inset, below.y - y - 2.0 * inset);
            if closed && w > 0.0 && h > 0.0 {
                out.push(BBox { x: x + inset, y: y + inset, w, h });
            }
        }
    }
    out
}

/// The rectangle of the ink in `cell`, a little wider; none if that is no writing.
fn inked(cell: &BBox, reduced: &Reduced, ink: &[bool], dpi: f32) -> Option<BBox> {
    let factor = reduced.factor as f32;
    let dots = |pixels: f32, most: usize| ((pixels / factor).max(0.0).round() as usize).min(most);
    let (x0, x1) = (dots(cell.x, reduced.width), dots(cell.x + cell.w, reduced.width));
    let (y0, y1) = (dots(cell.y, reduced.height), dots(cell.y + cell.h, reduced.height));
    let (mut count, mut left, mut right) = (0, usize::MAX, 0);
    let (mut top, mut bottom) = (usize::MAX, 0);
    for y in y0..y1 {
        for x in (x0..x1).filter(|x| ink[y * reduced.width + x]) {
            count += 1;
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
        }
    }
    if count < FEW || (bottom - top) as f32 * factor < LOW * dpi {
        return None;
    }
    let wider = MARGIN / 2.0 * dpi;
    let x = (left as f32 * factor - wider).max(cell.x).floor();
    let y = (top as f32 * factor - wider).max(cell.y).floor();
    let (end_x, end_y) = (cell.x + cell.w, cell.y + cell.h);
    let w = (right as f32 * factor + wider).min(end_x) - x;
    let h = (bottom as f32 * factor + wider).min(end_y) - y;
    Some(BBox { x, y, w, h })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;
    use crate::model::assemble::{ReadWord, Sheet};

    fn level(x: f32, y: f32, w: f32) -> BBox {
        BBox { x, y, w, h: 2.0 }
    }

    fn upright(x: f32, y: f32, h: f32) -> BBox {
        BBox { x, y, w: 2.0, h }
    }

    /// Three rows of two columns; the last row is one cell over both.
    fn rules() -> Vec<BBox> {
        let levels = [50.0, 100.0, 150.0, 200.0].map(|y| level(20.0, y, 302.0));
        let uprights = [upright(20.0, 50.0, 152.0), upright(70.0, 50.0, 102.0), upright(320.0, 50.0, 152.0)];
        levels.into_iter().chain(uprights).collect()
    }

    #[test]
    fn cells_are_what_four_rules_enclose() {
        let cells = cells(&rules(), 2.0);
        let places: Vec<[f32; 4]> = cells.iter().map(|b| [b.x, b.y, b.w, b.h]).collect();
        assert_eq!(places.len(), 5, "{places:?}");
        assert_eq!(places[0], [24.0, 54.0, 44.0, 44.0]);
        assert_eq!(places[4], [24.0, 154.0, 294.0, 44.0]);
        assert!(super::cells(&vec![rules()[0]; 401], 2.0).is_empty());
    }

    #[test]
    fn only_ink_that_nobody_read_is_read_again() {
        let (width, height) = (400, 300);
        let mut ink = vec![false; width * height];
        let mut put = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| {
            ys.for_each(|y| ink[y * width + xs.start..y * width + xs.end].fill(true));
        };
        put(40..44, 65..80); // a digit in the first cell
        put(100..200, 65..80); // words in the second
        put(40..43, 120..122); // a speck in the third
        put(100..140, 125..127); // a dash in the fourth
        let reduced = Reduced { width, height, grey: vec![255; width * height], factor: 1 };
        let word = |text: &str, x: f32| ReadWord {
            text: text.to_owned(),
            bbox: Some(BBox { x, y: 65.0, w: 50.0, h: 15.0 }),
            ..ReadWord::default()
        };
        let sheet = Sheet { number: 1, width: 400, height: 300, dpi: 100.0, decision: Decision::Ocr };
        let page = Page::assemble(sheet, vec![vec![word("Rà", 100.0), word("soát", 150.0)]]);
        let found = unread(&page, &rules(), &reduced, &ink, 100.0);
        assert_eq!(found, [BBox { x: 35.0, y: 60.0, w: 14.0, h: 25.0 }]);
        let page = Page::assemble(sheet, vec![vec![word("1", 20.0), word("Rà", 100.0)]]);
        assert!(unread(&page, &rules(), &reduced, &ink, 100.0).is_empty());
    }
}
