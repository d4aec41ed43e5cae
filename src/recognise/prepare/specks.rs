//! Specks: dirt far smaller than a dot of print, standing alone.
//!
//! A speck is a connected patch of dark pixels (8 neighbours) at most 0.5 mm wide and high with no other ink within 1 mm. A full stop
//! is no larger, but it and every tone mark stand within 0.7 mm of a letter, and the dots of a leader within 1 mm of each other.
//! Patches are found by following runs from row to row (union-find), O(pixels).

/// The largest speck, in millimetres.
const DOT: f32 = 0.5;
/// How far from all other ink a speck stands, in millimetres; with squares of half of it, up to half as much again.
const ALONE: f32 = 1.0;

/// Whitens the specks among grey pixels on white paper where pixels below `dark` are ink; says how many.
pub(super) fn remove(grey: &mut [u8], width: usize, dpi: f32, dark: u8) -> usize {
    let height = grey.len() / width.max(1);
    let pixels = |mm: f32| (mm / 25.4 * dpi).round().max(1.0) as usize;
    let (dot, side) = (pixels(DOT), pixels(ALONE / 2.0));
    let patches = patches(grey, width, dark);
    // how many patches have ink in a square: around a speck there is none but its own
    let (across, down) = (width.div_ceil(side), height.div_ceil(side));
    let mut count = vec![0_u32; across * down];
    let squares = |p: &Patch| (p.x0 / side, p.y0 / side, p.x1 / side, p.y1 / side);
    for patch in &patches {
        let (x0, y0, x1, y1) = squares(patch);
        for y in y0..=y1 {
            for x in x0..=x1 {
                count[y * across + x] += 1;
            }
        }
    }
    let mut gone = 0;
    for patch in patches.iter().filter(|p| p.x1 - p.x0 < dot && p.y1 - p.y0 < dot) {
        let (x0, y0, x1, y1) = squares(patch);
        let around: u32 = (y0.saturating_sub(2)..(y1 + 3).min(down))
            .flat_map(|y| (x0.saturating_sub(2)..(x1 + 3).min(across)).map(move |x| (x, y)))
            .map(|(x, y)| count[y * across + x])
            .sum();
        let own = ((x1 - x0 + 1) * (y1 - y0 + 1)) as u32;
        if around > own {
            continue;
        }
        gone += 1;
        // with its grey edge
        for y in patch.y0.saturating_sub(1)..(patch.y1 + 2).min(height) {
            grey[y * width..][patch.x0.saturating_sub(1)..(patch.x1 + 2).min(width)].fill(255);
        }
    }
    gone
}

/// The rectangle of a patch of ink, both ends inside.
#[derive(Debug, Clone, Copy)]
struct Patch {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

impl Patch {
    fn union(self, other: Patch) -> Patch {
        Patch {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

fn patches(grey: &[u8], width: usize, dark: u8) -> Vec<Patch> {
    let mut boxes: Vec<Patch> = Vec::new();
    let mut parent: Vec<usize> = Vec::new();
    let mut above: Vec<(usize, usize, usize)> = Vec::new(); // from, to, patch
    let mut here = Vec::new();
    for (y, row) in grey.chunks_exact(width).enumerate() {
        let mut next = 0;
        let mut x = 0;
        while let Some(start) = row[x..].iter().position(|v| *v < dark) {
            let from = x + start;
            let to = from + row[from..].iter().take_while(|v| **v < dark).count();
            x = to;
            let id = boxes.len();
            boxes.push(Patch { x0: from, y0: y, x1: to - 1, y1: y });
            parent.push(id);
            while next < above.len() && above[next].1 < from {
                next += 1;
            }
            let touching = above[next..].iter().take_while(|(start, ..)| *start <= to);
            for (_, _, other) in touching {
                join(&mut parent, &mut boxes, *other, id);
            }
            here.push((from, to, id));
        }
        above.clear();
        above.append(&mut here);
    }
    (0..boxes.len()).filter(|i| parent[*i] == *i).map(|i| boxes[i]).collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

fn join(parent: &mut [usize], boxes: &mut [Patch], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    if a != b {
        let (low, high) = (a.min(b), a.max(b));
        parent[high] = low;
        boxes[low] = boxes[low].union(boxes[high]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirt_goes_and_marks_stay() {
        let mut grey = vec![255_u8; 600 * 400];
        let mut put = |x: usize, y: usize, w: usize, h: usize| {
            for dy in 0..h {
                for dx in 0..w {
                    grey[(y + dy) * 600 + x + dx] = 0;
                }
            }
        };
        put(100, 100, 20, 30); // a letter
        put(108, 135, 3, 3); // a worn dot below it
        put(125, 125, 5, 5); // a full stop after it
        put(300, 200, 4, 4); // a leader
        put(311, 200, 4, 4);
        put(400, 300, 5, 5); // dirt
        put(500, 100, 8, 8); // too large for dirt
        assert_eq!(remove(&mut grey, 600, 300.0, 128), 1);
        let dark = |x: usize, y: usize| grey[y * 600 + x] == 0;
        assert!(
            dark(109, 136)
                && dark(126, 127)
                && dark(302, 202)
                && dark(312, 202)
                && dark(502, 102)
                && !dark(401, 301)
        );
    }

    #[test]
    fn patches_join_whatever_their_shape() {
        // a V, whose legs meet at the bottom only, and a dot apart from it
        let mut grey = vec![255_u8; 40 * 20];
        for y in 0..=10_usize {
            for x in [y, 20 - y] {
                grey[y * 40 + x] = 0;
            }
        }
        grey[5 * 40 + 30] = 0;
        assert_eq!(patches(&grey, 40, 128).len(), 2);
    }
}
