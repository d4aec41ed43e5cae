//! Tables where words have boxes: columns by white gutters, rows by what stands in the first column.
//!
//! ```text
//!   STT │ Nội dung        │ Cơ quan     bands    words at one height (after the page's skew is taken out)
//!    1  │ Kiện toàn Hội   │ Phòng       gutters  strips that next to no band crosses
//!       │ đồng phối hợp   │ Tư pháp     rows     begin where the first column has a word
//! ```
//!
//! Readers join the cells of a row to a line, or read column after column; the boxes know better, so the order of the lines
//! counts for nothing here. In a cell of several lines the first stands beside the row's number, or the middle one does
//! (cells may be centred): whichever more cells agree with. A table without a column of numbers gets its rows from bands
//! in which most columns have a word.
//!
//! Limits: cells that span columns are cut at the gutters; a table turned by 90° is none.
//! Cost: O(words · log words) a page.

use super::fold::words;
use super::lines::Line;
use crate::model::{BBox, RestoredPage};

/// A table: heads of columns and cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// Heads.
    pub columns: Vec<String>,
    /// Cells, as many a row as there are heads.
    pub rows: Vec<Vec<String>>,
}

/// A word and its place, upright.
#[derive(Debug, Clone, Copy)]
struct Placed<'a> {
    text: &'a str,
    left: f32,
    right: f32,
    /// Middle height.
    y: f32,
    /// Height of its box.
    h: f32,
}

/// Words at one height, from left to right.
#[derive(Debug, Clone, Default)]
struct Band<'a> {
    y: f32,
    words: Vec<Placed<'a>>,
}

/// Bins over the width of a table.
const BINS: usize = 1024;
/// Columns of the widest table.
const MOST_COLUMNS: usize = 40;

/// The table that the lines `live` hold, and how many words stand above it (they are the title). `None` where there are no
/// boxes, or nothing like columns.
pub(super) fn read(pages: &[RestoredPage], lines: &[Line<'_>], live: &[usize]) -> Option<(Table, usize)> {
    let mut out = Table::default();
    let mut width = 0;
    let mut above = 0;
    let mut known: Vec<f32> = Vec::new();
    let mut at = 0;
    while at < live.len() {
        let page = lines[live[at]].page;
        let end = at + live[at..].iter().take_while(|i| lines[**i].page == page).count();
        let words = placed(pages.get(page)?, lines, &live[at..end])?;
        at = end;
        let bands = bands(words);
        let height = median(bands.iter().flat_map(|b| &b.words).map(|w| w.h)).unwrap_or(1.0);
        let first = if width == 0 {
            let first = bands.iter().position(|b| parted(b, height))?;
            above = bands[..first].iter().map(|b| b.words.len()).sum();
            first
        } else {
            0
        };
        let bands = &bands[first..];
        let found = gutters(bands, height);
        // a page on which the table ends has few rows to tell columns by
        if width == 0 || found.len() + 1 == width {
            known = found;
        }
        if known.is_empty() || known.len() >= MOST_COLUMNS {
            return None;
        }
        width = known.len() + 1;
        rows(bands, &known, height, &mut out);
    }
    let filled = |row: &Vec<String>| row.iter().filter(|c| !c.is_empty()).count() > 1;
    (width > 1 && out.rows.iter().filter(|r| filled(r)).count() >= 2).then_some((out, above))
}

/// The words of `live`, all on `page`, with the page's skew taken out. `None` if one has no box.
fn placed<'a>(page: &RestoredPage, lines: &[Line<'a>], live: &[usize]) -> Option<Vec<Placed<'a>>> {
    let mut boxed: Vec<(&str, BBox)> = Vec::new();
    let mut slopes: Vec<f32> = Vec::new();
    for &i in live {
        let line = &lines[i];
        let from = boxed.len();
        boxed.extend(line.words(page)?.filter(|(t, _)| counts(t)));
        if let [(_, a), .., (_, b)] = &boxed[from..]
            && b.x - a.x > 8.0 * a.h
        {
            slopes.push(((b.y + b.h / 2.0) - (a.y + a.h / 2.0)) / (b.x - a.x));
        }
    }
    let slope = median(slopes.into_iter()).unwrap_or(0.0).clamp(-0.1, 0.1);
    let upright = |(text, b): (&'a str, BBox)| Placed {
        text,
        left: b.x + slope * b.y,
        right: b.x + b.w + slope * b.y,
        y: b.y + b.h / 2.0 - slope * b.x,
        h: b.h,
    };
    Some(boxed.into_iter().map(upright).collect())
}

/// Whether a word is more than what recognition makes of a ruling.
pub(super) fn counts(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric) || matches!(word, "%" | "-" | "–" | "+")
}

fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut values: Vec<f32> = values.filter(|v| v.is_finite()).collect();
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

/// Words by height.
fn bands(mut placed: Vec<Placed<'_>>) -> Vec<Band<'_>> {
    let height = median(placed.iter().map(|w| w.h)).unwrap_or(1.0);
    placed.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut out: Vec<Band<'_>> = Vec::new();
    for word in placed {
        match out.last_mut() {
            Some(band) if word.y - band.y < 0.5 * height => {
                band.words.push(word);
                band.y += (word.y - band.y) / band.words.len() as f32;
            }
            _ => out.push(Band { y: word.y, words: vec![word] }),
        }
    }
    out.iter_mut().for_each(|b| b.words.sort_by(|a, b| a.left.total_cmp(&b.left)));
    out
}

/// Whether a band has a gap as between cells.
fn parted(band: &Band<'_>, height: f32) -> bool {
    band.words.windows(2).any(|w| w[1].left - w[0].right > 1.2 * height)
}

/// Middles of the gutters between the columns.
fn gutters(bands: &[Band<'_>], height: f32) -> Vec<f32> {
    let all = || bands.iter().flat_map(|b| &b.words);
    let left = all().map(|w| w.left).fold(f32::INFINITY, f32::min);
    let right = all().map(|w| w.right).fold(f32::NEG_INFINITY, f32::max);
    if !(right - left).is_finite() || right - left < 4.0 * height {
        return Vec::new();
    }
    let scale = BINS as f32 / (right - left);
    let bin = |x: f32| (((x - left) * scale).max(0.0) as usize).min(BINS);
    let mut crossed = vec![0_usize; BINS + 1];
    for band in bands {
        let mut free = 0;
        for word in &band.words {
            // neighbours in a cell leave no gutter between them
            for count in crossed.get_mut(bin(word.left).max(free)..bin(word.right)).into_iter().flatten() {
                *count += 1;
            }
            free = bin(word.right).max(free);
        }
    }
    let least = (0.6 * height * scale).max(1.0) as usize;
    let spare = bands.len() / 16;
    let mut out = Vec::new();
    let mut from = None;
    for (i, count) in crossed.iter().enumerate().take(BINS) {
        match (from, *count <= spare) {
            (None, true) => from = Some(i),
            (Some(start), false) => {
                if start > 0 && i - start >= least {
                    out.push(left + (start + i) as f32 / 2.0 / scale);
                }
                from = None;
            }
            _ => {}
        }
    }
    out
}

/// The text of each column of `bands`.
fn cells<'b>(bands: impl Iterator<Item = &'b Band<'b>>, gutters: &[f32]) -> Vec<String> {
    let mut out = vec![String::new(); gutters.len() + 1];
    for word in bands.flat_map(|b| &b.words) {
        let cell = &mut out[column(word, gutters)];
        if !cell.is_empty() && !super::paragraphs::ends_in_hyphen(cell) {
            cell.push(' ');
        }
        cell.push_str(word.text.trim_matches('|'));
    }
    out
}

fn column(word: &Placed<'_>, gutters: &[f32]) -> usize {
    let middle = (word.left + word.right) / 2.0;
    gutters.iter().take_while(|g| **g < middle).count()
}

/// Parts `bands` into heads (if there are none yet) and rows.
fn rows(bands: &[Band<'_>], gutters: &[f32], height: f32, out: &mut Table) {
    let filled = |b: &Band<'_>| {
        let mut seen = vec![false; gutters.len() + 1];
        b.words.iter().for_each(|w| seen[column(w, gutters)] = true);
        seen
    };
    let seen: Vec<Vec<bool>> = bands.iter().map(filled).collect();
    let said = |k: usize| -> String {
        let first = bands[k].words.iter().filter(|w| column(w, gutters) == 0);
        words(&first.map(|w| w.text).collect::<Vec<_>>().join(" "))
    };
    let heads = |k: usize| ["stt", "tt", "so tt", "so thu tu"].contains(&said(k).as_str());
    let counted: Vec<usize> = (0..bands.len()).filter(|k| seen[*k][0]).collect();
    let numbers: Vec<usize> =
        counted.iter().copied().filter(|k| !heads(*k) && is_number(&said(*k))).collect();
    let numbered = numbers.len() >= 2 && numbers.len() * 2 >= counted.len();
    let level = |k: usize| seen[k].iter().filter(|s| **s).count();
    let full = |k: usize| level(k) * 5 >= (gutters.len() + 1) * 3;
    // cells with an even number of lines have none at the height of a number in the middle of its row
    let levels: usize = numbers.iter().map(|k| level(*k)).sum();
    let middle = numbered && levels * 10 < numbers.len() * (gutters.len() + 1) * 6;
    let spread = Spread::of(bands);
    let opens = |k: &usize| match (numbered, spread.tells) {
        // a number may have been lost
        (true, _) => seen[*k][0] || !middle && full(*k) && spread.apart(*k),
        (false, true) => *k == 0 || spread.apart(*k),
        (false, false) => *k == 0 || full(*k),
    };
    let mut anchors: Vec<usize> = (0..bands.len()).filter(opens).collect();
    let mut from = 0;
    if out.columns.is_empty() {
        // heads stand above the first number; without one they are the first row
        let first = if numbered {
            anchors.iter().copied().find(|k| seen[*k][0] && !heads(*k))
        } else {
            anchors.get(1).copied()
        };
        let mut first = first.unwrap_or(bands.len());
        if middle && first < bands.len() {
            // lines of the first row may stand above its number: the heads end at the widest space
            let gap = |k: &usize| spread.gaps.get(*k).copied().unwrap_or(0.0);
            first = (1..=first).max_by(|a, b| gap(a).total_cmp(&gap(b))).unwrap_or(first);
        }
        out.columns = cells(bands[..first].iter(), gutters);
        from = first;
    } else if anchors.first().is_some_and(|k| heads(*k)) {
        // heads are printed again on each page
        from = anchors.get(1).copied().unwrap_or(bands.len());
    }
    anchors.retain(|k| *k >= from);
    let mut groups: Vec<Vec<&Band<'_>>> = vec![Vec::new(); anchors.len()];
    let mut open = 0;
    for (k, band) in bands.iter().enumerate().skip(from) {
        while anchors.get(open + 1).is_some_and(|next| {
            let cut = if middle {
                (bands[anchors[open]].y + bands[*next].y) / 2.0
            } else {
                bands[*next].y - 0.4 * height
            };
            band.y >= cut
        }) {
            open += 1;
        }
        let runs_over = anchors.first().is_none_or(|a| k < *a) && !middle;
        match (runs_over, out.rows.last_mut(), groups.get_mut(open)) {
            // the last row of the page before goes on
            (true, Some(row), _) if row.len() == gutters.len() + 1 => {
                for (cell, more) in row.iter_mut().zip(cells(std::iter::once(band), gutters)) {
                    if !more.is_empty() {
                        cell.push_str(if cell.is_empty() { "" } else { " " });
                        cell.push_str(&more);
                    }
                }
            }
            (_, _, Some(group)) => group.push(band),
            (_, _, None) => out.rows.push(cells(std::iter::once(band), gutters)),
        }
    }
    out.rows.extend(groups.into_iter().map(|g| cells(g.into_iter(), gutters)));
}

/// How far bands stand apart: lines of a cell less than rows.
struct Spread {
    /// Space before each band.
    gaps: Vec<f32>,
    /// Space between lines of a cell.
    pitch: f32,
    /// There are two clearly different spaces.
    tells: bool,
}

impl Spread {
    fn of(bands: &[Band<'_>]) -> Spread {
        let mut gaps: Vec<f32> = vec![0.0];
        gaps.extend(bands.windows(2).map(|w| w[1].y - w[0].y));
        let mut sorted = gaps.get(1..).unwrap_or(&[]).to_vec();
        sorted.sort_by(f32::total_cmp);
        let pitch = sorted.get(sorted.len() / 10).copied().unwrap_or(0.0);
        let wide = sorted.iter().filter(|g| **g > 1.2 * pitch).count();
        let tells = wide * 8 >= sorted.len() && wide < sorted.len();
        Spread { gaps, pitch, tells }
    }

    /// Whether a row may begin with band `k`.
    fn apart(&self, k: usize) -> bool {
        self.tells && self.gaps.get(k).is_some_and(|g| *g > 1.2 * self.pitch)
    }
}

/// `3`, `III`, `a`, `Cộng`: what the first column of a table with numbers holds, misread or not.
fn is_number(said: &str) -> bool {
    let short = said.len() <= 2 || said.len() <= 5 && said.bytes().any(|b| b.is_ascii_digit());
    let roman = said.len() <= 4 && said.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    !said.is_empty() && !said.contains(' ') && (short || roman)
        || ["cong", "tong", "tong cong", "tong so"].contains(&said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &'static str, left: f32, y: f32) -> Placed<'static> {
        Placed { text, left, right: left + 10.0 * text.chars().count() as f32, y, h: 20.0 }
    }

    fn table(words: Vec<Placed<'static>>) -> Table {
        let bands = bands(words);
        let found = gutters(&bands, 20.0);
        let mut out = Table::default();
        rows(&bands, &found, 20.0, &mut out);
        out
    }

    #[test]
    fn cells_of_several_lines() {
        let got = table(vec![
            word("TT", 0.0, 0.0),
            word("Việc", 60.0, 0.0),
            word("Nơi", 260.0, 0.0),
            word("1", 5.0, 40.0),
            word("Trồng", 60.0, 41.0),
            word("cây", 120.0, 39.0),
            word("Xã", 260.0, 40.0),
            word("phân", 60.0, 65.0),
            word("tán", 110.0, 65.0),
            word("2", 5.0, 100.0),
            word("Quét", 60.0, 100.0),
            word("Thôn", 260.0, 100.0),
        ]);
        assert_eq!(got.columns, ["TT", "Việc", "Nơi"]);
        assert_eq!(got.rows, [["1", "Trồng cây phân tán", "Xã"], ["2", "Quét", "Thôn"]]);
    }

    #[test]
    fn numbers_in_the_middle_of_their_rows() {
        let got = table(vec![
            word("TT", 0.0, 0.0),
            word("Việc", 60.0, 0.0),
            word("Trồng", 60.0, 40.0),
            word("1", 5.0, 52.0),
            word("cây", 60.0, 64.0),
            word("Quét", 60.0, 100.0),
            word("2", 5.0, 112.0),
            word("đường", 60.0, 124.0),
        ]);
        assert_eq!(got.rows, [["1", "Trồng cây"], ["2", "Quét đường"]]);
    }
}
