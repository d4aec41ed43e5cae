//! The invisible text of one page: restored words laid level along their lines.
//!
//! Readers of PDFs guess words, lines and columns from places, so what is laid is tidier than what was read: all words of a line stand on
//! one baseline and have one height, lines of nearly the usual height get just that, lines do not overlap the next ones, and
//! words leave a gap between them. Everything is measured *along* the text and *across* it (downwards), in pixels of the page; on a page on
//! which text lies askew or on its side these directions are turned with it ([`Layer::turn`]).
//!
//! Every word of the restored text is laid, in its order. One for which nothing was read shares the place of its neighbour.

use serde::{Deserialize, Serialize};

use crate::emit::placed::{self, PlacedLine};
use crate::model::page::words_of;
use crate::model::{BBox, Decision, RestoredPage};

/// How much of a line's height is above its baseline, as the font of the layer has it.
pub(super) const ASCENT: f32 = 0.8;
/// The gap that is kept between two words, in heights of the line. Readers join words that stand closer than 0.15.
const GAP: f32 = 0.25;
/// The least width of a character, in heights of the line. Of closer ones readers take the second for the shadow of the first.
const LEAST: f32 = 0.15;
/// Signs smaller than this, against the other words of their line, say nothing about its height.
const SPECK: f32 = 0.45;
/// Lines that are so near to the usual height, against it, have that one.
const USUAL: f32 = 0.4;
/// How many further lines are looked at for an overlap.
const AHEAD: usize = 8;

/// What is to be done to a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its number, from 1.
    pub page: u32,
    /// Its size in pixels.
    pub width: u32,
    /// Likewise.
    pub height: u32,
    /// Pixels per inch.
    pub dpi: f32,
    /// From these pixels to points of the page, if it is one of a PDF.
    pub user_space: Option<[f64; 6]>,
    /// By how many degrees, clockwise, its text lies on it.
    pub turn: f32,
    /// Whether its own text is right and is left alone; there are no lines then.
    pub keep: bool,
    /// What is laid over it, in reading order.
    pub lines: Vec<LayerLine>,
}

/// A line of the layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerLine {
    /// How far across the page its baseline is.
    pub baseline: f32,
    /// Its height, which is the font size.
    pub size: f32,
    /// Its words, at least one.
    pub words: Vec<LayerWord>,
}

/// A word of the layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerWord {
    /// Its text, without white space.
    pub text: String,
    /// Where it begins, along the text.
    pub start: f32,
    /// Where it ends.
    pub end: f32,
}

impl Layer {
    /// The layer of a restored page. A text layer that was right is kept as it is, unless it only became right by reading it in another
    /// encoding than its fonts say.
    #[must_use]
    pub fn of(restored: &RestoredPage) -> Layer {
        let page = &restored.page;
        let keep = page.decision == Decision::TextLayer && page.encoding.is_none();
        let mut layer = Layer {
            page: page.number,
            width: page.width,
            height: page.height,
            dpi: page.dpi,
            user_space: page.user_space,
            turn: page.turn,
            keep,
            lines: Vec::new(),
        };
        if !keep {
            let quarters = quarters(restored);
            layer.turn += quarters;
            let axes = layer.axes();
            layer.lines = if quarters == 0.0 {
                lines(restored, &axes)
            } else {
                let mut turned = restored.clone();
                turned.page.turn = layer.turn;
                lines(&turned, &axes)
            };
            level(&mut layer.lines);
            layer.lines.iter_mut().for_each(part);
        }
        layer
    }

    /// The directions along and across its text.
    pub(super) fn axes(&self) -> Axes {
        let (sin, cos) = self.turn.to_radians().sin_cos();
        // quarter turns are exact
        let clean = |v: f32| if v.abs() < 1e-5 { 0.0 } else { v };
        Axes { along: (clean(cos), clean(sin)) }
    }
}

/// The directions of the text of a page, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axes {
    /// The unit vector along the text; the one across it is this turned clockwise by a quarter.
    pub along: (f32, f32),
}

impl Axes {
    /// A place on the page from one along and across the text.
    pub fn on_page(&self, along: f32, across: f32) -> (f32, f32) {
        let (cos, sin) = self.along;
        (along * cos - across * sin, along * sin + across * cos)
    }

    /// Where a box begins and ends along the text, and across it. Boxes on a crooked page are level and have the size of what they hold.
    fn edges(&self, b: BBox) -> [f32; 4] {
        let (cos, sin) = self.along;
        let (x, y) = (b.x + b.w / 2.0, b.y + b.h / 2.0);
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        let (length, height) = if sin.abs() > cos.abs() { (b.h, b.w) } else { (b.w, b.h) };
        [along - length / 2.0, along + length / 2.0, across - height / 2.0, across + height / 2.0]
    }
}

/// By how many degrees, in quarters, words follow each other otherwise than the page says: an engine may read a page on its side without saying
/// so, and text layers hold whatever their makers turned.
fn quarters(restored: &RestoredPage) -> f32 {
    let (sin, cos) = restored.page.turn.to_radians().sin_cos();
    let axes = Axes { along: (cos, sin) };
    let mut votes = [0_usize; 4];
    for line in &restored.page.lines {
        let places = line.words.iter().filter_map(|word| word.bbox).map(|b| axes.edges(b));
        let middles: Vec<(f32, f32)> = places.map(|e| (e[0] + e[1], e[2] + e[3])).collect();
        for pair in middles.windows(2) {
            let (along, across) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let vote = match (along.abs() >= across.abs(), along >= 0.0, across >= 0.0) {
                (true, true, _) => 0,
                (false, _, true) => 1,
                (true, false, _) => 2,
                (false, _, false) => 3,
            };
            votes[vote] += 1;
        }
    }
    let most = (1..4).max_by_key(|quarter| votes[*quarter]).unwrap_or(0);
    match most {
        1 if votes[1] > 2 * votes[0] => 90.0,
        2 if votes[2] > 2 * votes[0] => 180.0,
        3 if votes[3] > 2 * votes[0] => -90.0,
        _ => 0.0,
    }
}

fn lines(page: &RestoredPage, axes: &Axes) -> Vec<LayerLine> {
    let mut placed = placed::lines(page).into_iter().peekable();
    let mut out: Vec<LayerLine> = Vec::new();
    let mut waiting: Vec<&str> = Vec::new();
    let mut start = 0;
    for (number, text) in page.text.split('\n').enumerate() {
        let all = words_of(text, start);
        start += text.len() + 1;
        match placed.next_if(|line| line.number == number) {
            Some(line) => {
                let mut new = laid(page, &line, axes);
                fill(&mut new.words, page, &line, all);
                if !waiting.is_empty() {
                    squeeze(&mut new.words, 0, &std::mem::take(&mut waiting), true);
                }
                out.push(new);
            }
            None => {
                let texts: Vec<&str> = all.filter_map(|word| page.text.get(word)).collect();
                match out.last_mut() {
                    Some(last) if !texts.is_empty() => {
                        let at = last.words.len() - 1;
                        squeeze(&mut last.words, at, &texts, false);
                    }
                    _ => waiting.extend(texts),
                }
            }
        }
    }
    out
}

/// The words of a line that have places.
fn laid(page: &RestoredPage, line: &PlacedLine, axes: &Axes) -> LayerLine {
    let edges: Vec<[f32; 4]> = line.words.iter().map(|word| axes.edges(word.bbox)).collect();
    let highest = edges.iter().map(|e| e[3] - e[2]).fold(0.0, f32::max);
    let telling = edges.iter().filter(|e| e[3] - e[2] >= SPECK * highest);
    let (mut tops, mut bottoms): (Vec<f32>, Vec<f32>) = telling.map(|e| (e[2], e[3])).unzip();
    tops.sort_by(f32::total_cmp);
    bottoms.sort_by(f32::total_cmp);
    // all but the outermost eighth, which may be a seal or a rule that ran into a word
    let out = tops.len() / 8;
    let (top, bottom) = (tops[out], bottoms[bottoms.len() - 1 - out]);
    let size = (bottom - top).max(1.0);
    let words = line.words.iter().zip(&edges).map(|(word, e)| LayerWord {
        text: page.text.get(word.restored.clone()).unwrap_or_default().to_owned(),
        start: e[0],
        end: e[1].max(e[0] + 1.0),
    });
    LayerLine { baseline: bottom - (1.0 - ASCENT) * size, size, words: words.collect() }
}

/// Puts the words of the line that have no place beside those that have one.
fn fill(
    words: &mut Vec<LayerWord>,
    page: &RestoredPage,
    line: &PlacedLine,
    all: impl Iterator<Item = std::ops::Range<usize>>,
) {
    let mut at = 0_usize;
    let mut first: Vec<&str> = Vec::new();
    for range in all {
        if line.words.iter().any(|word| word.restored == range) {
            at += 1;
            continue;
        }
        let Some(text) = page.text.get(range) else { continue };
        match at.checked_sub(1) {
            Some(before) => {
                squeeze(words, before, &[text], false);
                at += 1;
            }
            None => first.push(text),
        }
    }
    if !first.is_empty() {
        squeeze(words, 0, &first, true);
    }
}

/// Lets further words share the place of the one at `at`: before it or after it.
fn squeeze(words: &mut Vec<LayerWord>, at: usize, texts: &[&str], before: bool) {
    let Some(word) = words.get(at) else { return };
    let LayerWord { text, start, end } = word.clone();
    let mut all: Vec<&str> = texts.to_vec();
    all.insert(if before { all.len() } else { 0 }, &text);
    let length = |text: &str| text.chars().count() as f32 + 1.0;
    let share = (end - start) / all.iter().map(|text| length(text)).sum::<f32>();
    let mut from = start;
    let parts: Vec<LayerWord> = all
        .iter()
        .map(|text| {
            let to = from + share * length(text);
            let part = LayerWord { text: (*text).to_owned(), start: from, end: to };
            from = to;
            part
        })
        .collect();
    words.splice(at..=at, parts);
}

/// Gives lines of about the usual height just that one, and keeps lines from overlapping.
fn level(lines: &mut [LayerLine]) {
    let mut sizes: Vec<f32> = lines.iter().map(|line| line.size).collect();
    if sizes.is_empty() {
        return;
    }
    sizes.sort_by(f32::total_cmp);
    let usual = sizes[sizes.len() / 2];
    for line in lines.iter_mut() {
        // a box larger than two lines is no line of text
        let size = line.size.min(3.0 * usual);
        let near = (size - usual).abs() <= USUAL * usual;
        resize(line, if near { usual } else { size });
    }
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| middle(&lines[*a]).total_cmp(&middle(&lines[*b])));
    for (i, above) in order.iter().enumerate() {
        for below in order[i + 1..].iter().take(AHEAD) {
            let (a, b) = (&lines[*above], &lines[*below]);
            let apart = middle(b) - middle(a);
            let room = (a.size + b.size) / 2.0;
            let share_length = span(a).0 < span(b).1 && span(b).0 < span(a).1;
            // lines in one row that run into each other are for the words to part
            if share_length && apart < room && apart > 0.3 * usual {
                let shrink = 0.96 * apart / room;
                let (new_a, new_b) = (a.size * shrink, b.size * shrink);
                resize(&mut lines[*above], new_a);
                resize(&mut lines[*below], new_b);
            }
        }
    }
}

/// How far across the page the middle of a line is.
fn middle(line: &LayerLine) -> f32 {
    line.baseline - (ASCENT - 0.5) * line.size
}

/// Where a line begins and ends along the text.
fn span(line: &LayerLine) -> (f32, f32) {
    let edges = line.words.iter().map(|word| (word.start, word.end));
    edges.fold((f32::MAX, f32::MIN), |(from, to), (start, end)| (from.min(start), to.max(end)))
}

/// Another height about the same middle.
fn resize(line: &mut LayerLine, size: f32) {
    let middle = middle(line);
    line.size = size;
    line.baseline = middle + (ASCENT - 0.5) * size;
}

/// Parts words that touch, in their order: the one before ends earlier, or else the next one begins later. None is narrower than its
/// characters need.
fn part(line: &mut LayerLine) {
    let gap = GAP * line.size;
    let least = |word: &LayerWord| word.start + LEAST * line.size * word.text.chars().count().max(1) as f32;
    let mut from = f32::MIN;
    for i in 0..line.words.len() {
        let next = line.words.get(i + 1).map(|word| word.start);
        let Some(word) = line.words.get_mut(i) else { return };
        let late = (from - word.start).max(0.0);
        word.start += late;
        // what was pushed on keeps its end if it can
        word.end = next.map_or(word.end, |next| word.end.min(next - gap)).max(least(word));
        from = word.end + gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::placed::tests::page;

    #[test]
    fn every_word_is_laid_once_and_level() {
        let layer = Layer::of(&page());
        let texts: Vec<Vec<&str>> =
            layer.lines.iter().map(|line| line.words.iter().map(|w| w.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["ngày", "06", "tỉnh"], vec!["xã"]]);
        let words = &layer.lines[0].words;
        assert!(
            words.windows(2).all(|w| w[1].start - w[0].end >= GAP * layer.lines[0].size - 0.01),
            "{words:?}"
        );
        assert_eq!((layer.lines[0].baseline.round(), layer.lines[0].size), (116.0, 20.0));
    }

    #[test]
    fn words_without_a_place_stand_beside_their_neighbours() {
        let mut page = page();
        page.text = "Số ngày 06 tỉnh này\nđó\nxã".to_owned();
        page.map = crate::model::OffsetMap::new(
            [(4, 5, 0, 4), (11, 2, 4, 6), (14, 6, 7, 12)]
                .map(|(from, length, a, b)| crate::model::text::Piece {
                    restored: from + 1..from + 1 + length,
                    raw: a..b,
                })
                .into(),
        );
        let layer = Layer::of(&page);
        let text: Vec<&str> =
            layer.lines.iter().flat_map(|line| &line.words).map(|word| word.text.as_str()).collect();
        assert_eq!(text.join(" "), "Số ngày 06 tỉnh này đó xã");
    }

    #[test]
    fn words_that_run_down_the_page_lie_on_their_side() {
        for (down, turn) in [(30.0, 90.0), (-30.0, -90.0)] {
            let mut page = page();
            for line in &mut page.page.lines {
                for (word, i) in line.words.iter_mut().zip(0_u8..) {
                    word.bbox = Some(BBox { x: 50.0, y: 300.0 + down * f32::from(i), w: 10.0, h: 25.0 });
                }
            }
            let layer = Layer::of(&page);
            assert_eq!((layer.turn, layer.lines[0].size), (turn, 10.0));
        }
        assert_eq!(Layer::of(&page()).turn, 0.0);
    }

    #[test]
    fn quarter_turns_and_skew_turn_the_axes() {
        let mut layer = Layer::of(&page());
        let b = BBox { x: 100.0, y: 200.0, w: 20.0, h: 80.0 };
        for (turn, edges) in [
            (90.0, [200.0, 280.0, -120.0, -100.0]),
            (-90.0, [-280.0, -200.0, 100.0, 120.0]),
            (180.0, [-150.0, -70.0, -250.0, -230.0]),
        ] {
            layer.turn = turn;
            let b = if turn == 180.0 { BBox { x: 70.0, y: 230.0, w: 80.0, h: 20.0 } } else { b };
            let axes = layer.axes();
            assert_eq!(axes.edges(b).map(f32::round), edges, "{turn}");
            let corner = axes.on_page(edges[0], edges[2]);
            assert!(
                [b.x, b.x + b.w].contains(&corner.0) && [b.y, b.y + b.h].contains(&corner.1),
                "{corner:?}"
            );
        }
    }
}
