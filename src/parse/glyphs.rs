//! What the characters of a marker may have been before recognition misread them, each with its cost (about nats).

use std::sync::LazyLock;

use super::numerals::{lookalike_digit, parse_roman, roman_of};

/// The Roman numerals that `token` may stand for, with their costs. What is a numeral as it stands stays what it is;
/// otherwise strokes are counted: recognition reads two neighbouring I as H, N or U, and one I as l, 1, L, J, and
/// then loses or gains a stroke: `1V` → IV, `IH` → II or III, `NHI` → III.
pub(super) fn romans(token: &str) -> Vec<(u8, f32)> {
    if let Some(value) = parse_roman(token) {
        return vec![(value, 0.0)];
    }
    if token.chars().count() > 5 {
        return Vec::new();
    }
    let Some((shape, odd)) = strokes(token) else { return Vec::new() };
    let shape = shape.as_slice();
    // all digits: the number is the plain reading, this one needs the sequence to speak for it
    let digits = token.bytes().all(|b| b.is_ascii_digit());
    let base = odd.min(1.6) + if digits { 1.2 } else { 0.0 };
    let slip = if digits || token.chars().count() < 2 { 0 } else { 2 };
    numerals()
        .filter_map(|(v, meant)| {
            let off = distance(shape, meant)?;
            // H is one misread stroke more often than two
            let more: u8 = shape.iter().zip(meant).map(|(a, b)| b.1.saturating_sub(a.1)).sum();
            (off <= slip).then(|| (v, base + f32::from(off) + 0.2 * f32::from(more)))
        })
        .collect()
}

/// The numerals one stroke away from the numeral of `value`.
pub(super) fn one_stroke_off(value: u8) -> Vec<u8> {
    let Some((shape, _)) = strokes(&roman_of(value)) else { return Vec::new() };
    numerals().filter(|(_, meant)| distance(shape.as_slice(), meant) == Some(1)).map(|(v, _)| v).collect()
}

/// The numerals that tokens are compared with, and their shapes.
fn numerals() -> impl Iterator<Item = (u8, &'static [Run])> {
    static SHAPES: LazyLock<Vec<Shape>> =
        LazyLock::new(|| (1..=20).filter_map(|v| Some(strokes(&roman_of(v))?.0)).collect());
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
        let (fewest, most, odd) = match c {
            'I' => (1, 1, 0.0),
            'l' | '1' | '|' | '!' | ']' | 'Ì' | 'Í' | 'Ị' | 'i' => (1, 1, 0.6),
            'L' | 'J' => (1, 1, 0.7),
            'H' | 'N' => (1, 2, 0.8),
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

/// Strokes by which `read` differs from `meant`; `None` where V and X differ.
fn distance(read: &[Run], meant: &[Run]) -> Option<u8> {
    if read.len() != meant.len() || read.iter().zip(meant).any(|(a, b)| a.0 != b.0) {
        return None;
    }
    let off = |(a, b): (&Run, &Run)| a.1.saturating_sub(b.1) + b.1.saturating_sub(a.2);
    Some(read.iter().zip(meant).map(off).sum())
}

/// The cheapest of some readings.
pub(super) fn cheapest(values: Vec<(u8, f32)>) -> Option<(u8, f32)> {
    values.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Letters that recognition mistakes for `c`, with their cost.
pub(super) fn twins(c: char) -> Vec<(char, f32)> {
    match c {
        'd' => vec![('đ', 1.2)],
        'đ' => vec![('d', 1.5)],
        'c' => vec![('e', 1.6)],
        'e' => vec![('c', 1.6)],
        'h' => vec![('b', 1.6)],
        'b' => vec![('h', 1.6)],
        'l' => vec![('i', 1.5)],
        'g' => vec![('q', 2.0)],
        'q' => vec![('g', 1.6)],
        _ => Vec::new(),
    }
}

/// A whole number of one to three digits, with the cost of misread ones.
pub(super) fn digits(token: &str) -> Option<(u8, f32)> {
    let mut value = 0_u32;
    let mut cost = 0.0;
    let count = token.chars().count();
    if count == 0 || count > 3 {
        return None;
    }
    for c in token.chars() {
        let d = match c.to_digit(10) {
            Some(d) => d,
            None => {
                cost += if count > 1 { 1.0 } else { 1.5 };
                lookalike_digit(c)?
            }
        };
        value = value * 10 + d;
    }
    if count > 1 && token.starts_with('0') {
        cost += 0.3;
    }
    u8::try_from(value).ok().map(|v| (v, cost))
}

/// `1.2.3` or `II.1`: at most four components of at most two digits, the first one perhaps Roman.
pub(super) fn components(parts: &[&str]) -> Option<([u8; 4], f32)> {
    let mut out = [0_u8; 4];
    let mut total = 0.0;
    for (i, part) in parts.iter().enumerate() {
        let (value, cost) = match digits(part) {
            Some(read) if part.len() <= 2 => read,
            _ if i == 0 => cheapest(romans(part))?,
            _ => return None,
        };
        if value == 0 || value > 60 {
            return None;
        }
        *out.get_mut(i)? = value;
        total += cost;
    }
    Some((out, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(token: &str) -> Vec<u8> {
        romans(token).into_iter().map(|r| r.0).collect()
    }

    #[test]
    fn numerals_stay_what_they_are() {
        assert_eq!(romans("IV"), [(4, 0.0)]);
        assert_eq!(one_stroke_off(2), [1, 3]);
        assert_eq!(one_stroke_off(6), [5, 7]);
    }

    #[test]
    fn strokes_are_counted() {
        assert!(values("IH").contains(&2) && values("IH").contains(&3));
        assert!(values("NHI").contains(&3));
        assert_eq!(cheapest(romans("1V")).map(|r| r.0), Some(4));
        assert!(values("H").contains(&2));
        assert!(values("Sở").is_empty());
    }

    #[test]
    fn digits_and_components() {
        assert_eq!(digits("l").map(|d| d.0), Some(1));
        assert_eq!(digits("1234"), None);
        assert_eq!(components(&["3", "2", "1"]).map(|c| c.0), Some([3, 2, 1, 0]));
        assert_eq!(components(&["4", "316"]), None);
    }
}
