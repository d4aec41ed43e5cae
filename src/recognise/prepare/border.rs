//! Black borders: what a scanner sees beside the sheet.
//!
//! Dark dots of the reduced page that hang together with its edge are border, however it is shaped (a sheet that lies crooked leaves wedges).
//! Letters do not reach the edge of a sheet; what does, and is small, stays.

use super::reduced::Reduced;

/// Levels below this, as a share of the paper's, may be border.
const DARK: f32 = 0.4;
/// Fewer dots than this, of a million, are a letter that was cut off.
const FEW: usize = 800;

/// The dots of the page that are border; none if there are too few.
pub(super) fn find(page: &Reduced, paper: u8) -> Option<Vec<bool>> {
    let (w, h) = (page.width, page.height);
    let limit = (f32::from(paper) * DARK) as u8;
    let dark = |i: usize| page.grey[i] < limit;
    let mut border = vec![false; w * h];
    let edge = (0..w).flat_map(|x| [x, (h - 1) * w + x]).chain((0..h).flat_map(|y| [y * w, y * w + w - 1]));
    let mut open: Vec<usize> = edge.filter(|i| dark(*i)).collect();
    let mut found = 0;
    while let Some(i) = open.pop() {
        if std::mem::replace(&mut border[i], true) {
            continue;
        }
        found += 1;
        let (x, y) = (i % w, i / w);
        let near =
            [(x > 0, i.wrapping_sub(1)), (x + 1 < w, i + 1), (y > 0, i.wrapping_sub(w)), (y + 1 < h, i + w)];
        open.extend(near.into_iter().filter(|(on, j)| *on && dark(*j)).map(|(_, j)| j));
    }
    (found * 1_000_000 > FEW * w * h).then_some(border)
}

/// Paints the border and one dot around it as paper.
pub(super) fn whiten(grey: &mut [u8], width: usize, page: &Reduced, border: &[bool], paper: u8) {
    let f = page.factor as usize;
    let height = grey.len() / width.max(1);
    for (i, _) in border.iter().enumerate().filter(|(_, on)| **on) {
        let (x, y) = (i % page.width, i / page.width);
        // the last row and column of dots stand for what is left over beside them
        let end = |at: usize, dots: usize, most: usize| {
            if at + 1 == dots { most } else { ((at + 2) * f).min(most) }
        };
        let (right, bottom) = (end(x, page.width, width), end(y, page.height, height));
        for row in (y.saturating_sub(1) * f)..bottom {
            grey[row * width..][x.saturating_sub(1) * f..right].fill(paper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wedges_at_the_edge_go_and_print_stays() {
        let (width, height) = (400_usize, 300_usize);
        let mut grey = vec![240_u8; width * height];
        for y in 0..height {
            for x in 0..width {
                let wedge = x + y / 10 < 30;
                let print = (200..220).contains(&x) && (100..130).contains(&y);
                if wedge || print {
                    grey[y * width + x] = 10;
                }
            }
        }
        let page = Reduced { width, height, grey: grey.clone(), factor: 1 };
        let border = find(&page, 240).expect("a border");
        whiten(&mut grey, width, &page, &border, 240);
        assert_eq!((grey[5], grey[100 * width + 3], grey[110 * width + 210]), (240, 240, 10));
        let blank = Reduced { width, height, grey: vec![240; width * height], factor: 1 };
        assert!(find(&blank, 240).is_none());
    }
}
