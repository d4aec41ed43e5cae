//! Numerals of markers: letters in the Vietnamese order, ordinals in words, and digits that look like something else.

/// The letters of points in the order of official documents (đ follows d; f, j, w, z are foreign but occur).
const LETTERS: [char; 27] = [
    'a', 'b', 'c', 'd', 'đ', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't',
    'u', 'v', 'w', 'x', 'y', 'z',
];

/// The place of a letter, from 1, whatever its case.
pub(super) fn letter_value(c: char) -> Option<u8> {
    let c = c.to_lowercase().next()?;
    LETTERS.iter().position(|l| *l == c).map(|i| i as u8 + 1)
}

/// The letter at place `value`, lower case.
pub(super) fn letter_of(value: u8) -> char {
    LETTERS[(value.clamp(1, 27) - 1) as usize]
}

/// How far it is from letter `a` to letter `b` as authors count: 1 for neighbours. Authors leave out đ or the foreign
/// letters or not, so both orders count as neighbours.
pub(super) fn letter_step(a: u8, b: u8) -> i16 {
    let foreign = |v: u8| matches!(letter_of(v), 'f' | 'j' | 'w' | 'z');
    let (low, high) = (a.min(b), a.max(b));
    let mut step = i16::from(high) - i16::from(low);
    let skipped = (low + 1..high).filter(|v| foreign(*v) || letter_of(*v) == 'đ').count() as i16;
    step -= skipped;
    if b >= a { step } else { -step }
}

/// An ordinal in words at the head of a folded text: (value, bytes taken). `thu nhat ...` → (1, 8).
pub(super) fn ordinal(folded: &str) -> Option<(u8, usize)> {
    const WORDS: [(&str, u8); 13] = [
        ("nhat", 1),
        ("mot", 1),
        ("hai", 2),
        ("ba", 3),
        ("tu", 4),
        ("bon", 4),
        ("nam", 5),
        ("sau", 6),
        ("bay", 7),
        ("tam", 8),
        ("chin", 9),
        ("muoi", 10),
        ("i", 1),
    ];
    let rest = folded.strip_prefix("thu ")?;
    let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = &rest[..len];
    WORDS.iter().find(|(w, _)| *w == word).map(|(_, v)| (*v, 4 + len))
}

/// The digit that a character was misread from.
pub(super) fn lookalike_digit(c: char) -> Option<u32> {
    match c {
        'l' | 'I' | '|' | '!' | ']' | 'i' | 'Ì' | 'Í' => Some(1),
        'O' | 'o' => Some(0),
        'S' | 's' => Some(5),
        'Z' | 'z' => Some(2),
        'B' => Some(8),
        'g' | 'q' => Some(9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_vietnamese_order() {
        let v = |c| letter_value(c).unwrap_or(0);
        assert_eq!(letter_step(v('d'), v('đ')), 1);
        assert_eq!(letter_step(v('đ'), v('e')), 1);
        assert_eq!(letter_step(v('d'), v('e')), 1);
        assert_eq!(letter_step(v('e'), v('g')), 1);
        assert_eq!(letter_step(v('e'), v('f')), 1);
        assert_eq!(letter_step(v('i'), v('k')), 1);
        assert_eq!(letter_step(v('a'), v('c')), 2);
        assert_eq!(letter_step(v('c'), v('a')), -2);
        assert_eq!(letter_step(v('c'), v('c')), 0);
    }

    #[test]
    fn ordinals_in_words() {
        assert_eq!(ordinal("thu nhat"), Some((1, 8)));
        assert_eq!(ordinal("thu ba: x"), Some((3, 6)));
        assert_eq!(ordinal("truong"), None);
    }
}
