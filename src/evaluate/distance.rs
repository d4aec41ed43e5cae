//! Levenshtein distance of two sequences, bit-parallel and banded.
//!
//! Let D(i, j) be the least number of insertions, deletions and substitutions that turn the first i symbols of `a` into the
//! first j of `b`. Neighbouring cells of D differ by -1, 0 or +1, so a column is kept as two bit vectors of its vertical
//! differences (+1 and -1), 64 rows to a word, and one column follows from the last in a dozen word operations a block
//! (Myers 1999, in the form of Hyyrö 2003). Between blocks only the horizontal difference at their border is handed down.
//!
//! A path that strays to diagonal d = j - i costs at least |d| + |(n - m) - d|, so if the distance is at most k, only a band
//! of diagonals need be computed (Ukkonen 1985). The band starts narrow and widens fourfold until the result proves itself.
//! Cells outside the band count as reached by steps along its border: every value is then the cost of some real path, an
//! upper bound, and exact as soon as it is at most k.
//!
//! Cost: O(n · max(64, distance) / 64) word operations and O(m) memory, for m = `a.len()`, n = `b.len()`.

use std::hash::Hash;

use rustc_hash::FxHashMap;

const WORD: usize = 64;

/// The least number of insertions, deletions and substitutions that turn `a` into `b`.
///
/// ```
/// use sohoa::evaluate::distance::distance;
/// assert_eq!(distance(b"thong ke", b"thuong ke"), 1);
/// ```
pub fn distance<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len());
    }
    let rows = Rows::new(a);
    let symbols: Vec<Option<usize>> = b.iter().map(|y| rows.ids.get(y).copied()).collect();
    let skew = a.len().abs_diff(b.len());
    let mut limit = skew.max(WORD);
    loop {
        let slack = (limit - skew) / 2;
        let found = rows.banded(&symbols, slack);
        if found <= limit || slack >= a.len().max(b.len()) {
            return found;
        }
        limit = (4 * limit).min(found);
    }
}

/// [`distance`] over the characters of two texts.
#[must_use]
pub fn char_distance(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    distance(&a, &b)
}

/// The sequence that runs down the matrix: for every symbol the rows that hold it, as words of bits.
struct Rows<'a, T> {
    count: usize,
    ids: FxHashMap<&'a T, usize>,
    /// By symbol: `(block, bits)`, blocks ascending.
    places: Vec<Vec<(usize, u64)>>,
}

impl<'a, T: Eq + Hash> Rows<'a, T> {
    fn new(a: &'a [T]) -> Self {
        let mut ids = FxHashMap::default();
        let mut places: Vec<Vec<(usize, u64)>> = Vec::new();
        for (row, symbol) in a.iter().enumerate() {
            let id = *ids.entry(symbol).or_insert(places.len());
            if id == places.len() {
                places.push(Vec::new());
            }
            let (block, bit) = (row / WORD, 1 << (row % WORD));
            match places[id].last_mut() {
                Some((last, bits)) if *last == block => *bits |= bit,
                _ => places[id].push((block, bit)),
            }
        }
        Rows { count: a.len(), ids, places }
    }

    /// The cost of the best path that stays within `slack` diagonals of those between the two corners.
    fn banded(&self, columns: &[Option<usize>], slack: usize) -> usize {
        let blocks = self.count.div_ceil(WORD);
        let above = slack + columns.len().saturating_sub(self.count);
        let below = slack + self.count.saturating_sub(columns.len());
        let height = |block: usize| (self.count - block * WORD).min(WORD);

        let mut up = vec![!0_u64; blocks];
        let mut down = vec![0_u64; blocks];
        let mut equal = vec![0_u64; blocks];
        let mut last = 0;
        // D at the lowest row of block `last`, in the column just done
        let mut score = height(0);
        for (column, symbol) in columns.iter().enumerate() {
            let first = column.saturating_sub(above) / WORD;
            let lowest = (column + below).min(self.count - 1) / WORD;
            while last < lowest {
                last += 1;
                score += height(last);
            }
            let places = symbol.map_or(&[][..], |s| &self.places[s]);
            let places = &places[places.partition_point(|(block, _)| *block < first)..];
            let places = &places[..places.partition_point(|(block, _)| *block <= last)];
            for &(block, bits) in places {
                equal[block] = bits;
            }
            let (mut rise, mut fall) = (1, 0);
            for block in first..=last {
                let top = height(block) - 1;
                (rise, fall) = step(&mut up[block], &mut down[block], equal[block], (rise, fall), top);
            }
            // rise and fall are never both set
            score = score + rise as usize - fall as usize;
            for &(block, _) in places {
                equal[block] = 0;
            }
        }
        score
    }
}

/// One block one column on. `up` and `down` are the vertical differences +1 and -1 of its rows, `equal` the rows whose symbol
/// is the column's, `(rise, fall)` whether D rises or falls along the row above the block; returned is the same along row `top`.
fn step(up: &mut u64, down: &mut u64, equal: u64, (rise, fall): (u64, u64), top: usize) -> (u64, u64) {
    let vertical = equal | *down;
    let equal = equal | fall;
    let diagonal = ((equal & *up).wrapping_add(*up) ^ *up) | equal;
    let rises = *down | !(diagonal | *up);
    let falls = *up & diagonal;
    let out = ((rises >> top) & 1, (falls >> top) & 1);
    let rises = rises << 1 | rise;
    let falls = falls << 1 | fall;
    *up = falls | !(vertical | rises);
    *down = rises & vertical;
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_distances() {
        assert_eq!(distance::<u8>(b"", b""), 0);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"kitten", b"sitting"), 3);
        assert_eq!(char_distance("kế hoạch", "ke hoach"), 2);
        assert_eq!(distance(&["tổ", "chức"], &["tổ", "trưởng", "chức"]), 1);
    }

    #[test]
    fn a_narrow_band_is_not_believed() {
        // all 200 in the middle differ: the first band (64) cannot hold the answer
        let a: Vec<u32> = (0..1000).collect();
        let mut b = a.clone();
        b.drain(100..300);
        b.splice(600..600, 5000..5200);
        assert_eq!(distance(&a, &b), 400);
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_recurrence(a in proptest::collection::vec(0_u8..4, 0..300), b in proptest::collection::vec(0_u8..4, 0..300)) {
            prop_assert_eq!(distance(&a, &b), strsim::generic_levenshtein(&a, &b));
        }

        #[test]
        fn agrees_on_nearly_equal_sequences(a in proptest::collection::vec(0_u16..50, 200..600), cuts in proptest::collection::vec((0_usize..200, 0_u16..60), 0..40)) {
            let mut b = a.clone();
            for (at, symbol) in cuts {
                match symbol {
                    50.. => { b.remove(at % b.len()); }
                    25..50 => b.insert(at, symbol),
                    _ => b[at] = symbol,
                }
            }
            prop_assert_eq!(distance(&a, &b), strsim::generic_levenshtein(&a, &b));
        }
    }
}
