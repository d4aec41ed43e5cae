//! Roman numerals: what they are, what recognition makes of them, and how a row of them counts on.
//!
//! Upright strokes are the least certain letters of a scan: serifs join two of them to `H`, `N` or `U`, a stroke gains a mark (`Ï`) or is
//! lost. So a token is compared with numerals as runs of strokes between its V and X, and has *readings*, each with a
//! cost (about nats). Which reading is meant is decided by the row it stands in:
//!
//! ```text
//! cost = Σ  reading(token) + step(value before, value)
//! ```
//!
//! The costs follow what recognition made of a thousand printed headings: `HI` is III and hardly ever II, `IH` is either, a
//! clean `II` is III one time in twelve, and no stroke too many was ever seen in a clean numeral.

use std::sync::LazyLock;

/// The greatest numeral that is read: no count goes on for longer.
pub(crate) const GREATEST: u8 = 39;
/// The greatest numeral that a token misread is compared with.
const COMPARED: u8 = 20;
/// A misread numeral has at most so many letters.
const LONGEST: usize = 5;
/// Strokes by which a misread token may differ from what was meant.
const SLIP: u8 = 2;
/// Cost of a stroke that was lost, and of one too many.
const LOST: f32 = 1.2;
const GAINED: f32 = 2.2;
/// Cost of a letter of strokes that stands for the more of the two numbers that it may stand for.
const MORE: f32 = 0.2;
/// Cost of odd letters together, at most.
const ODD: f32 = 1.6;

/// A Roman numeral in its canonical form, up to [`GREATEST`].
pub(crate) fn value(text: &str) -> Option<u8> {
    if text.is_empty() || text.len() > 7 {
        return None;
    }
    let digit = |b: u8| match b {
        b'I' => Some(1_i16),
        b'V' => Some(5),
        b'X' => Some(10),
        _ => None,
    };
    let mut total = 0;
    let bytes = text.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        let v = digit(*b)?;
        let next = bytes.get(i + 1).and_then(|n| digit(*n)).unwrap_or(0);
        total += if v < next { -v } else { v };
    }
    let total = u8::try_from(total).ok()?;
    ((1..=GREATEST).contains(&total) && numeral(total) == text).then_some(total)
}

/// The Roman numeral of `value`.
pub(crate) fn numeral(value: u8) -> String {
    let mut left = value;
    let mut out = String::new();
    for (v, s) in [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while left >= v {
            out.push_str(s);
            left -= v;
        }
    }
    out
}

/// The numerals that `token` may stand for, with their costs. What is a numeral as it stands stays what it is: see [`misread`] for
/// what else it may have been.
pub(crate) fn readings(token: &str) -> Vec<(u8, f32)> {
    if let Some(value) = value(token) {
        return vec![(value, 0.0)];
    }
    let letters = token.chars().count();
    if letters > LONGEST {
        return Vec::new();
    }
    let Some((shape, odd)) = strokes(token) else { return Vec::new() };
    let shape = shape.as_slice();
    // all digits: the number is the plain reading, this one needs the row to speak for it
    let digits = token.bytes().all(|b| b.is_ascii_digit());
    let base = odd.min(ODD) + if digits { 1.2 } else { 0.0 };
    let slip = if digits || letters < 2 { 0 } else { SLIP };
    numerals()
        .filter_map(|(v, meant)| {
            let off = compare(shape, meant)?;
            let cost =
                LOST * f32::from(off.lost) + GAINED * f32::from(off.gained) + MORE * f32::from(off.more);
            (off.lost + off.gained <= slip).then_some((v, base + cost))
        })
        .collect()
}

/// The numerals that the numeral of `value` may have been before a stroke was lost or gained, with what that costs a recognised page.
pub(crate) fn misread(value: u8) -> Vec<(u8, f32)> {
    let Some((shape, _)) = strokes(&numeral(value)) else { return Vec::new() };
    let one_off = |(v, meant): (u8, &[Run])| {
        let off = compare(shape.as_slice(), meant)?;
        match (off.lost, off.gained) {
            // a stroke is lost where it joins others: I alone and V alone are whole
            (1, 0) => {
                let joined =
                    shape.as_slice().iter().zip(meant).any(|(a, b)| a.1 > 0 && a.1 < b.1) && value > 1;
                Some((v, LOST + if joined { 0.5 } else { 1.5 }))
            }
            (0, 1) => Some((v, GAINED + 1.0)),
            _ => None,
        }
    };
    numerals().filter_map(one_off).collect()
}

/// Cost of `next` after `last` in one row that counts on.
pub(crate) fn step(step: i16, begins: bool) -> f32 {
    match step {
        1 => 0.0,
        0 | 2 => 3.0,
        3 => 3.8,
        4..=6 => 4.6,
        s if s > 6 => 6.0,
        // a row that begins anew, without a heading between that can be seen
        s if s < 0 && begins => 2.6,
        -1 => 4.0,
        _ => 5.0,
    }
}

/// A place in a row of numerals.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What may stand there: values with their costs.
    pub readings: Vec<(u8, f32)>,
    /// What it costs that no numeral stands there.
    pub none: f32,
}

/// The cheapest values of a row of which only a part may be seen: it may begin with any numeral, and where rows below other
/// headings stand in between, it begins anew or goes on with an outer count. Linear in the number of places.
pub(crate) fn row(places: &[Place]) -> Vec<Option<u8>> {
    const STATES: usize = GREATEST as usize + 1;
    /// Of a first numeral that is not I.
    const AMIDST: f32 = 0.6;
    /// Of a row that begins anew.
    const ANEW: f32 = 0.5;
    let enter = |from: usize, to: u8| match (from, to) {
        (0, 1) => 0.0,
        (0, _) => AMIDST,
        (_, 1) => ANEW,
        (from, to) => step(i16::from(to) - from as i16, false),
    };
    // the last value of the row (0 before the first): its cost so far
    let mut costs = [f32::INFINITY; STATES];
    costs[0] = 0.0;
    // for each place and last value: the last value before, and whether the place is a numeral
    let mut back: Vec<[(u8, bool); STATES]> = Vec::with_capacity(places.len());
    for place in places {
        let mut next = costs.map(|c| c + place.none);
        let mut from: [(u8, bool); STATES] = std::array::from_fn(|k| (k as u8, false));
        for &(to, cost) in place.readings.iter().filter(|r| r.0 <= GREATEST) {
            for (k, before) in costs.iter().enumerate() {
                let all = before + cost + enter(k, to);
                if all < next[to as usize] {
                    next[to as usize] = all;
                    from[to as usize] = (k as u8, true);
                }
            }
        }
        let least = next.iter().copied().fold(f32::INFINITY, f32::min);
        costs = next.map(|c| c - least);
        back.push(from);
    }
    let best = (0..STATES).min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0);
    let mut at = best;
    let mut out = Vec::with_capacity(places.len());
    for from in back.iter().rev() {
        let (before, numeral) = from[at];
        out.push(numeral.then_some(at as u8));
        at = before as usize;
    }
    out.reverse();
    out
}

/// The numerals that tokens are compared with, and their shapes.
fn numerals() -> impl Iterator<Item = (u8, &'static [Run])> {
    static SHAPES: LazyLock<Vec<Shape>> =
        LazyLock::new(|| (1..=COMPARED).filter_map(|v| Some(strokes(&numeral(v))?.0)).collect());
    (1..).zip(SHAPES.iter().map(Shape::as_slice))
}

/// A V or X (a space at the head), and how many strokes follow it: fewest, most.
type Run = (char, u8, u8);

/// The shape of a numeral: runs of strokes between its V and X. No numeral that tokens are compared with has more.
#[derive(Default)]
struct Shape {
    runs: [Run; 8],
    len: usize,
}

impl Shape {
    fn as_slice(&self) -> &[Run] {
        &self.runs[..self.len]
    }
}

/// The shape of `token` and the cost of its odd characters; `None` where it can be no numeral.
fn strokes(token: &str) -> Option<(Shape, f32)> {
    let mut shape = Shape { len: 1, ..Shape::default() };
    let push = |shape: &mut Shape, c: char| {
        *shape.runs.get_mut(shape.len)? = (c, 0, 0);
        shape.len += 1;
        Some(())
    };
    let mut cost = 0.0;
    for c in token.chars() {
        let begun = shape.runs[shape.len - 1].2 > 0;
        let (fewest, most, odd) = match c {
            'I' => (1, 1, 0.0),
            'l' | '1' | '|' | '!' | ']' | '[' | 'i' | 'Ì' | 'Í' | 'Ỉ' | 'Ĩ' | 'Ị' | 'Ï' => {
                (1, 1, 0.6)
            }
            // the last serif of a stroke, or a stroke
            'L' if begun => (0, 1, 0.7),
            'L' | 'J' => (1, 1, 0.7),
            // the first H is two strokes and their serifs, a later one may be the serif of the one before and a stroke
            'H' if !begun => (2, 2, 0.8),
            'H' | 'N' => (1, 2, 0.8),
            // run together with a mark, or ending in a speck
            'A' if begun => (1, 1, 1.2),
            'U' => (2, 2, 0.9),
            'M' => (2, 3, 1.0),
            'V' | 'X' => {
                push(&mut shape, c)?;
                continue;
            }
            'Y' | 'v' | 'Ụ' | 'Ỷ' | 'x' => {
                push(&mut shape, if c == 'x' { 'X' } else { 'V' })?;
                cost += 0.9;
                continue;
            }
            _ => return None,
        };
        let run = &mut shape.runs[shape.len - 1];
        run.1 += fewest;
        run.2 += most;
        cost += odd;
    }
    Some((shape, cost))
}

/// How a token that was read differs from a numeral that was meant: strokes lost, strokes too many, and strokes beyond the fewest that
/// its letters stand for.
#[derive(Default)]
struct Difference {
    lost: u8,
    gained: u8,
    more: u8,
}

/// `None` where V and X differ.
fn compare(read: &[Run], meant: &[Run]) -> Option<Difference> {
    if read.len() != meant.len() || read.iter().zip(meant).any(|(a, b)| a.0 != b.0) {
        return None;
    }
    let mut out = Difference::default();
    for (read, meant) in read.iter().zip(meant) {
        out.gained += read.1.saturating_sub(meant.1);
        out.lost += meant.1.saturating_sub(read.2);
        out.more += meant.1.clamp(read.1, read.2) - read.1;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheapest(token: &str) -> Option<u8> {
        readings(token).into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|r| r.0)
    }

    fn values(tokens: &[&str]) -> Vec<u8> {
        let place = |t: &&str| Place { readings: readings(t), none: 2.0 };
        row(&tokens.iter().map(place).collect::<Vec<_>>()).into_iter().map(|v| v.unwrap_or(0)).collect()
    }

    #[test]
    fn numerals_go_both_ways() {
        for v in 1..=GREATEST {
            assert_eq!(value(&numeral(v)), Some(v));
        }
        for no in ["IIII", "VX", "", "XL"] {
            assert_eq!(value(no), None);
        }
    }

    #[test]
    fn strokes_are_counted() {
        assert_eq!(readings("IV"), [(4, 0.0)]);
        for (token, wanted) in [
            ("H", 2),
            ("HI", 3),
            ("HH", 3),
            ("IHI", 3),
            ("NHI", 3),
            ("IL", 1),
            ("HIL", 3),
            ("1V", 4),
            ("VHI", 8),
            ("XIH", 12),
        ] {
            assert_eq!(cheapest(token), Some(wanted), "{token}");
        }
        let either: Vec<u8> = readings("IH").into_iter().map(|r| r.0).collect();
        assert!(either.contains(&2) && either.contains(&3));
        assert!(readings("Sở").is_empty() && readings("AI").is_empty());
    }

    #[test]
    fn a_clean_numeral_lost_a_stroke_rather_than_gained_one() {
        let found = misread(2);
        let of = |v: u8| found.iter().find(|r| r.0 == v).map(|r| r.1);
        assert_eq!(found.len(), 2);
        assert!(of(3) < of(1));
    }

    #[test]
    fn rows_count_on() {
        assert_eq!(values(&["I", "H", "HH", "IV"]), [1, 2, 3, 4]);
        assert_eq!(values(&["I", "IH", "IH", "IV"]), [1, 2, 3, 4]);
        assert_eq!(values(&["I", "H", "I", "]H", "HH", "IV", "V", "I", "IH"]), [1, 2, 1, 2, 3, 4, 5, 1, 2]);
        assert_eq!(values(&["IH", "IV"]), [3, 4]);
        // the author's own gap stays
        assert_eq!(values(&["I", "II", "IV", "V"]), [1, 2, 4, 5]);
        assert!(values(&[]).is_empty());
    }
}
