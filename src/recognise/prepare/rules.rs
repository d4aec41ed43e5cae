//! Printed rules: the lines of a table, found and taken out, since a reader takes them for letters or for the edge of a picture.
//!
//! A rule is a run of dark pixels at least 12 mm long, down or across (gaps of up to two pixels count as dark), at most 1.5 mm thick: an
//! opening with a long thin element, by run lengths, O(pixels). Only the rules of tables go, that is when at least two in each direction are
//! longer than 25 mm; the line under a motto is no reader's trouble. Where a stroke crosses a rule its pixels stay.
//! The page must be straight: 12 mm at 0.3° stay within one pixel at 300 dpi.

use crate::model::BBox;

/// The least length of a run, in millimetres.
const RUN: f32 = 12.0;
/// The least length of a rule that says there is a table, in millimetres.
const LONG: f32 = 25.0;
/// The most thickness of a rule, in millimetres.
const THICK: f32 = 1.5;
/// The widest gap within a rule, in pixels.
const GAP: usize = 2;

/// Takes the rules of tables out of grey pixels on white paper, where pixels below `dark` are ink. Says where they were; nowhere, if
/// there is no table.
pub(super) fn remove(grey: &mut [u8], width: usize, dpi: f32, dark: u8) -> Vec<BBox> {
    let height = grey.len() / width.max(1);
    let pixels = |mm: f32| ((mm / 25.4 * dpi) as usize).max(3);
    let (run, long, thick) = (pixels(RUN), pixels(LONG), pixels(THICK));
    let (across, down) = (runs_across(grey, width, run, dark), runs_down(grey, width, run, dark));
    let rules_across = bundled(&across, thick, long);
    let rules_down = bundled(&down, thick, long);
    if rules_across.len() < 2 || rules_down.len() < 2 {
        return Vec::new();
    }
    let across = marked(&across, width * height, |run| (run.line * width + run.from, 1));
    let down = marked(&down, width * height, |run| (run.from * width + run.line, width));
    // both are known before anything goes: rules cross
    for line in 0..width {
        erase(grey, (line, width, height), (&across, &down), thick, dark);
    }
    for line in 0..height {
        erase(grey, (line * width, 1, width), (&down, &across), thick, dark);
    }
    let boxed = |rule: &Rule, upright: bool| {
        let (x, y, w, h) = if upright {
            (rule.first, rule.from, rule.last + 1 - rule.first, rule.to - rule.from)
        } else {
            (rule.from, rule.first, rule.to - rule.from, rule.last + 1 - rule.first)
        };
        BBox { x: x as f32, y: y as f32, w: w as f32, h: h as f32 }
    };
    let level = rules_across.iter().map(|rule| boxed(rule, false));
    level.chain(rules_down.iter().map(|rule| boxed(rule, true))).collect()
}

/// A long run of dark pixels in one row or column.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The row, or column.
    line: usize,
    /// Its first pixel.
    from: usize,
    /// The pixel after its last.
    to: usize,
}

/// Builds runs from pixels that come in order.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    from: usize,
    /// After the last dark pixel; 0 when no run is open.
    to: usize,
}

impl Open {
    fn dark(&mut self, at: usize) {
        if self.to == 0 {
            self.from = at;
        }
        self.to = at + 1;
    }

    /// Whether a white pixel here ends a run; what is too short is forgotten.
    fn ends(&mut self, at: usize, least: usize) -> Option<(usize, usize)> {
        if self.to == 0 || at < self.to + GAP {
            return None;
        }
        let (from, to) = (self.from, std::mem::take(&mut self.to));
        (to - from >= least).then_some((from, to))
    }
}

fn runs_across(grey: &[u8], width: usize, least: usize, dark: u8) -> Vec<Run> {
    let mut out = Vec::new();
    for (line, row) in grey.chunks_exact(width).enumerate() {
        let mut open = Open::default();
        for (x, v) in row.iter().enumerate() {
            if *v < dark {
                open.dark(x);
            } else if let Some((from, to)) = open.ends(x, least) {
                out.push(Run { line, from, to });
            }
        }
        out.extend(open.ends(width + GAP, least).map(|(from, to)| Run { line, from, to }));
    }
    out
}

/// Row by row, as pixels lie in memory, with a run open for each column.
fn runs_down(grey: &[u8], width: usize, least: usize, dark: u8) -> Vec<Run> {
    let mut out = Vec::new();
    let mut open = vec![Open::default(); width];
    let height = grey.len() / width.max(1);
    for (y, row) in grey.chunks_exact(width).enumerate() {
        for (line, (v, open)) in row.iter().zip(&mut open).enumerate() {
            if *v < dark {
                open.dark(y);
            } else if let Some((from, to)) = open.ends(y, least) {
                out.push(Run { line, from, to });
            }
        }
    }
    for (line, open) in open.iter_mut().enumerate() {
        out.extend(open.ends(height + GAP, least).map(|(from, to)| Run { line, from, to }));
    }
    out.sort_by_key(|run| (run.line, run.from));
    out
}

/// Runs of neighbouring lines that lie together.
#[derive(Debug, Clone, Copy)]
struct Rule {
    first: usize,
    last: usize,
    from: usize,
    to: usize,
}

/// The rules that are at least `long`; what is thicker than `thick` is something else. Runs come line by line.
fn bundled(runs: &[Run], thick: usize, long: usize) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut done: Vec<Rule> = Vec::new();
    for run in runs {
        let mut i = 0;
        while i < rules.len() {
            if rules[i].last + 2 < run.line { done.push(rules.swap_remove(i)) } else { i += 1 }
        }
        match rules.iter_mut().find(|rule| run.from <= rule.to && rule.from <= run.to) {
            Some(rule) => {
                rule.last = run.line;
                rule.from = rule.from.min(run.from);
                rule.to = rule.to.max(run.to);
            }
            None => rules.push(Rule { first: run.line, last: run.line, from: run.from, to: run.to }),
        }
    }
    done.append(&mut rules);
    done.retain(|rule| rule.to - rule.from >= long && rule.last - rule.first < thick);
    done.sort_by_key(|rule| (rule.first, rule.from));
    done
}

/// The pixels of all runs.
fn marked(runs: &[Run], pixels: usize, place: impl Fn(&Run) -> (usize, usize)) -> Vec<bool> {
    let mut mask = vec![false; pixels];
    for run in runs {
        let (first, step) = place(run);
        for i in 0..run.to - run.from {
            mask[first + i * step] = true;
        }
    }
    mask
}

/// Whitens, along one line of pixels (first, step, count) across the rules of `mask`, what belongs to a rule and to no stroke that crosses it.
fn erase(
    grey: &mut [u8],
    (first, step, count): (usize, usize, usize),
    (mask, other): (&[bool], &[bool]),
    thick: usize,
    dark: u8,
) {
    let at = |i: usize| first + i * step;
    let mut i = 0;
    while i < count {
        if !mask[at(i)] {
            i += 1;
            continue;
        }
        let from = i;
        while i < count && mask[at(i)] {
            i += 1;
        }
        if i - from > thick {
            continue;
        }
        let inked = |grey: &[u8], i: Option<usize>| {
            i.filter(|i| *i < count).is_some_and(|i| grey[at(i)] < dark && !other[at(i)])
        };
        let (before, after) = (from.checked_sub(1), Some(i));
        // one more on each side, where grey fades out
        let beyond = |i: Option<usize>, on: bool| i.filter(|i| on && *i < count);
        let (near, far) = (inked(grey, from.checked_sub(2)), inked(grey, Some(i + 1)));
        if near && far {
            continue;
        }
        for j in from..i {
            grey[at(j)] = 255;
        }
        for edge in [beyond(before, !near), beyond(after, !far)].into_iter().flatten() {
            grey[at(edge)] = 255;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page at 100 dpi: a table of 2 × 2 cells with a letter in one, a stroke through a rule, or single lines only.
    fn page(table: bool) -> Vec<u8> {
        let mut grey = vec![255_u8; 400 * 300];
        let mut put = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| {
            for y in ys {
                for x in xs.clone() {
                    grey[y * 400 + x] = 0;
                }
            }
        };
        for y in [50, 150, 250] {
            put(20..380, y..y + 2);
        }
        if table {
            for x in [20, 200, 378] {
                put(x..x + 2, 50..252);
            }
        }
        put(100..104, 90..105); // a letter
        put(300..303, 140..160); // a stroke through the middle rule
        grey
    }

    #[test]
    fn rules_of_tables_go_and_letters_stay() {
        let mut grey = page(true);
        let rules = remove(&mut grey, 400, 100.0, 128);
        assert_eq!(rules.len(), 6, "{rules:?}");
        assert_eq!(rules[3], BBox { x: 20.0, y: 50.0, w: 2.0, h: 202.0 });
        let dark = |x: usize, y: usize| grey[y * 400 + x] < 128;
        assert!(!dark(60, 50) && !dark(200, 100) && !dark(379, 251));
        assert!(dark(101, 95) && dark(301, 145) && dark(301, 151) && dark(301, 158));
        assert_eq!(grey.iter().filter(|v| **v == 0).count(), 4 * 15 + 3 * 20);
    }

    #[test]
    fn lines_without_a_table_stay() {
        let before = page(false);
        let mut grey = before.clone();
        assert!(remove(&mut grey, 400, 100.0, 128).is_empty());
        assert_eq!(grey, before);
    }
}
