//! Plain text: what an old OCR left, or a typed copy.
//!
//! Encodings: UTF-8 with or without a byte order mark; UTF-16 of either order, by its mark or, without one, by its pattern (text in
//! Latin letters has a zero in every second byte); Vietnamese in TCVN3, VNI or VISCII, where its words leave no doubt
//! ([`super::encoding`]). A form feed ends a page. What is none of these is refused, never guessed at: a wrong guess would
//! turn into wrong words that nobody notices.
//!
//! ```
//! use sohoa::ingest::decode_text;
//! assert_eq!(decode_text(b"\xef\xbb\xbfK\xe1\xba\xbf ho\xe1\xba\xa1ch").as_deref(), Ok("Kế hoạch"));
//! assert_eq!(decode_text(b"\xff\xfeK\0\xbf\x1e").as_deref(), Ok("Kế"));
//! ```

use super::encoding;
use crate::model::{Decision, Encoding, Page};

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Control characters and zeros: no text at all.
    #[error("binary data")]
    Binary,
    /// Perhaps text, but neither UTF-8 nor UTF-16, nor surely Vietnamese in an old encoding; the first byte that does not fit.
    #[error("neither UTF-8 nor UTF-16 at byte {0}")]
    Encoding(usize),
}

/// The text that the bytes hold, without a byte order mark.
///
/// # Errors
/// [`NotText::Binary`] or [`NotText::Encoding`].
pub fn decode_text(bytes: &[u8]) -> Result<String, NotText> {
    decode_old_text(bytes).map(|(text, _)| text)
}

/// The same with the encoding from before Unicode that it was in, if it was in one.
///
/// # Errors
/// As [`decode_text`].
pub fn decode_old_text(bytes: &[u8]) -> Result<(String, Option<Encoding>), NotText> {
    let unicode = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, 2)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, 2)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3)?,
        _ => match zeros(bytes) {
            Zeros::None => match utf8(bytes, 0) {
                Err(NotText::Encoding(at)) => {
                    let (text, encoding) = encoding::from_bytes(bytes).ok_or(NotText::Encoding(at))?;
                    return if is_binary(&text) { Err(NotText::Binary) } else { Ok((text, Some(encoding))) };
                }
                text => text?,
            },
            Zeros::High => utf16(bytes, u16::from_le_bytes, 0)?,
            Zeros::Low => utf16(bytes, u16::from_be_bytes, 0)?,
            Zeros::Anywhere => return Err(NotText::Binary),
        },
    };
    // whichever form of Unicode it is in, it may hold what a program once took for Western European
    let (text, encoding) = match encoding::from_text(&unicode) {
        Some((text, encoding)) => (text, Some(encoding)),
        None => (unicode, None),
    };
    if is_binary(&text) { Err(NotText::Binary) } else { Ok((text, encoding)) }
}

/// Whether bytes, a text or the beginning of one, are Vietnamese in an encoding from before Unicode.
#[must_use]
pub fn is_old_encoding(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(text) => encoding::from_text(text).is_some(),
        Err(_) => !bytes.contains(&0) && encoding::from_bytes(bytes).is_some(),
    }
}

/// The pages of a text: form feeds part them, and one at the very end ends the last page. Never empty.
#[must_use]
pub fn text_pages(text: &str) -> Vec<Page> {
    (1..)
        .zip(body(text).split('\u{c}'))
        .map(|(number, page)| Page::from_text(number, Decision::Text, page))
        .collect()
}

/// How many pages [`text_pages`] would make.
pub(super) fn count_pages(text: &str) -> u64 {
    1 + memchr::memchr_iter(b'\x0c', body(text).as_bytes()).count() as u64
}

/// The text without form feeds that end the last page.
fn body(text: &str) -> &str {
    let body = text.trim_end_matches(['\n', '\r', ' ', '\t']);
    if body.ends_with('\u{c}') { body.trim_end_matches('\u{c}') } else { text }
}

/// Whether bytes, the start of a file, could be text (the last character may be cut in two).
pub(super) fn looks_like_text(head: &[u8]) -> bool {
    match decode_text(head) {
        Ok(_) => !head.is_empty(),
        Err(NotText::Encoding(at)) => {
            at > 0 && at + 4 > head.len() && head.get(..at).is_some_and(|whole| decode_text(whole).is_ok())
        }
        Err(NotText::Binary) => false,
    }
}

fn utf8(bytes: &[u8], mark: usize) -> Result<String, NotText> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let controls = bytes.iter().filter(|b| is_control(char::from(**b))).count();
            if controls * 50 > bytes.len() {
                Err(NotText::Binary)
            } else {
                Err(NotText::Encoding(mark + e.valid_up_to()))
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, mark: usize) -> Result<String, NotText> {
    let units = bytes.chunks_exact(2).map(|c| unit([c[0], c[1]]));
    let mut out = String::with_capacity(bytes.len() / 2);
    let mut at = mark;
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| NotText::Encoding(at))?;
        at += 2 * c.len_utf16();
        out.push(c);
    }
    if bytes.len() % 2 == 1 { Err(NotText::Encoding(at)) } else { Ok(out) }
}

/// Where the zero bytes stand.
enum Zeros {
    None,
    /// In odd places: the high halves of little-endian UTF-16.
    High,
    /// In even places: the high halves of big-endian UTF-16.
    Low,
    Anywhere,
}

fn zeros(bytes: &[u8]) -> Zeros {
    let count = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (count(0), count(1));
    // Of the letters of Vietnamese words some two thirds are ASCII, and all spaces and line ends are.
    let many = |n: usize| n * 5 >= bytes.len();
    match (even, odd) {
        (0, 0) => Zeros::None,
        (0, n) if many(n) => Zeros::High,
        (n, 0) if many(n) => Zeros::Low,
        _ => Zeros::Anywhere,
    }
}

fn is_control(c: char) -> bool {
    c == '\u{7f}' || c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1a}' | '\u{1b}')
}

/// More than one control character in fifty, or any zero: no text has that, garbled or not.
fn is_binary(text: &str) -> bool {
    let controls = text.chars().filter(|c| is_control(*c)).count();
    text.contains('\0') || controls * 50 > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Kế hoạch năm\n";

    fn units(order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{TEXT}").encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode_text(TEXT.as_bytes()).as_deref(), Ok(TEXT));
        for (order, mark) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], true),
            (u16::to_be_bytes, true),
            (u16::to_le_bytes, false),
            (u16::to_be_bytes, false),
        ] {
            assert_eq!(decode_text(&units(order, mark)).as_deref(), Ok(TEXT), "mark {mark}");
        }
    }

    /// All letters of Vietnamese that ASCII lacks, and the others.
    fn alphabet() -> String {
        use unicode_normalization::UnicodeNormalization;
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let vowels =
            "aăâeêioôơuưy".chars().flat_map(|v| tones.map(|t| format!("{v}{t}").nfc().collect::<String>()));
        let small: String = vowels.chain("bcdđghklmnpqrstvx".chars().map(String::from)).collect();
        format!("{small} {}\n", small.to_uppercase())
    }

    #[test]
    fn the_whole_alphabet_comes_back_from_every_form_of_unicode() {
        use unicode_normalization::UnicodeNormalization;
        let text = alphabet();
        let forms: [String; 2] = [text.clone(), text.nfd().collect()];
        for form in &forms {
            let marked = format!("\u{feff}{form}");
            let utf16 =
                |order: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(order).collect::<Vec<u8>>();
            for bytes in [
                form.as_bytes().to_vec(),
                marked.as_bytes().to_vec(),
                utf16(u16::to_le_bytes),
                utf16(u16::to_be_bytes),
            ] {
                let (decoded, encoding) = decode_old_text(&bytes).expect("Unicode");
                assert_eq!((decoded.as_str(), encoding), (form.as_str(), None));
                // pages are in the composed form whatever the file is in
                assert_eq!(text_pages(&decoded)[0].raw, text);
            }
        }
    }

    #[test]
    fn old_text_is_recognised_in_every_form_of_unicode() {
        let old = "UÛY BAN NHAÂN DAÂN xaõ xaây döïng keá hoaïch phaùt trieån kinh teá cuûa ñòa phöông\n";
        let expected = "ỦY BAN NHÂN DÂN xã xây dựng kế hoạch phát triển kinh tế của địa phương\n";
        let marked = format!("\u{feff}{old}");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [old.as_bytes(), marked.as_bytes(), &utf16] {
            assert_eq!(decode_old_text(bytes), Ok((expected.to_owned(), Some(Encoding::Vni))));
        }
    }

    #[test]
    fn other_bytes_are_refused_with_their_place() {
        assert_eq!(decode_text(b"K\xd5 ho\xb9ch n\xadm 2010"), Err(NotText::Encoding(1)));
        assert_eq!(decode_text(b"\xff\xfeK\0x"), Err(NotText::Encoding(4)));
        assert_eq!(decode_text(b"\x7fELF\x02\x01\x01\0\0\0\0\0\x03\0>\0"), Err(NotText::Binary));
        assert_eq!(decode_text(b"\x01\x02\x03\x04abc"), Err(NotText::Binary));
    }

    #[test]
    fn form_feeds_part_pages() {
        let numbers = |t: &str| text_pages(t).iter().map(|p| (p.number, p.raw.clone())).collect::<Vec<_>>();
        assert_eq!(numbers("a\n\u{c}b\n\u{c}\n"), [(1, "a\n".to_owned()), (2, "b\n".to_owned())]);
        assert_eq!(numbers("a\u{c}\u{c}b"), [(1, "a".to_owned()), (2, String::new()), (3, "b".to_owned())]);
        assert_eq!(numbers(""), [(1, String::new())]);
    }

    #[test]
    fn a_cut_character_does_not_make_text_binary() {
        let bytes = "Ủy ban nhân dân".as_bytes();
        assert!(looks_like_text(&bytes[..9]) && bytes[..9].last() == Some(&b' '));
        assert!((4..bytes.len()).all(|n| looks_like_text(&bytes[..n])));
        assert!(!looks_like_text(b"\x89\x01\x02\x00\x07"));
    }
}
