//! Whether a text holds certain bytes, asked of the whole text at once: without a way out in the middle a loop over bytes
//! runs sixteen at a time, and most texts that are asked about hold none.

/// Whether `is` is 1 for a byte, and not 0.
#[inline]
fn any(bytes: &[u8], is: impl Fn(u8) -> u8) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let found = |block: &[u8]| block.iter().fold(0, |all, b| all | is(*b));
    blocks.iter().fold(0, |all, block| all | found(block)) | found(rest) != 0
}

/// Whether `text` holds one of `bytes`.
#[must_use]
#[inline]
pub(super) fn holds<const N: usize>(text: &str, bytes: [u8; N]) -> bool {
    any(text.as_bytes(), |b| bytes.iter().fold(0, |found, wanted| found | u8::from(b == *wanted)))
}

/// Whether `text` holds a figure.
#[must_use]
pub(super) fn holds_digit(text: &str) -> bool {
    any(text.as_bytes(), |b| u8::from(b.wrapping_sub(b'0') < 10))
}

/// Whether two spaces stand side by side in `text`.
#[must_use]
pub(super) fn holds_wide_space(text: &str) -> bool {
    let (bytes, next) = (text.as_bytes(), text.as_bytes().get(1..).unwrap_or_default());
    let found = |(a, b): (&u8, &u8)| u8::from(*a == b' ') & u8::from(*b == b' ');
    bytes.iter().zip(next).fold(0, |all, pair| all | found(pair)) != 0
}

/// Whether `text` may hold a superscript: these begin with one of two bytes, which little else in Vietnamese text does.
#[must_use]
pub(super) fn may_hold_superscript(text: &str) -> bool {
    holds(text, [0xC2, 0xE2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_anywhere() {
        for at in 0..40 {
            let text = |c: char| "a".repeat(at) + &c.to_string() + &"b".repeat(40 - at);
            assert!(holds(&text('('), [b')', b'(']));
            assert!(!holds(&text('['), [b')', b'(']));
            assert!(holds_digit(&text('7')) && !holds_digit(&text('x')));
            assert!(may_hold_superscript(&text('⁷')) && !may_hold_superscript(&text('ữ')));
            assert_eq!(holds_wide_space(&text(' ').replace('b', " ")), at < 40);
            assert!(!holds_wide_space(&text(' ')));
        }
    }
}
