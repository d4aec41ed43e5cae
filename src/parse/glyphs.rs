//! What the characters of a marker may have been before recognition misread them, each with its cost (about nats).

use super::numerals::lookalike_digit;
use crate::model::roman;

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
            _ if i == 0 => cheapest(roman::readings(part))?,
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

    #[test]
    fn digits_and_components() {
        assert_eq!(digits("l").map(|d| d.0), Some(1));
        assert_eq!(digits("1234"), None);
        assert_eq!(components(&["3", "2", "1"]).map(|c| c.0), Some([3, 2, 1, 0]));
        assert_eq!(components(&["4", "316"]), None);
    }
}
