//! VNI-Windows: a letter, and after it one sign for all that stands above and below it. Seven letters have signs of their own.

use unicode_normalization::UnicodeNormalization;

use super::tables::western;

/// The text that `bytes`, a character each, stand for. A sign after a letter that cannot have it stays what it is in Western European.
pub(super) fn decode(bytes: &str) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut bytes = bytes.chars().peekable();
    while let Some(c) = bytes.next() {
        let letter = if c.is_ascii() { c } else { own(c) };
        out.push(letter);
        if let Some(marks) = bytes.peek().and_then(|sign| marks(letter, *sign)) {
            out.push_str(marks);
            bytes.next();
        }
    }
    out.nfc().collect()
}

/// The letter that has a sign of its own.
fn own(c: char) -> char {
    match c {
        'ô' => 'ơ',
        'Ô' => 'Ơ',
        'ö' => 'ư',
        'Ö' => 'Ư',
        'í' | 'Í' => c,
        'ì' | 'Ì' => c,
        'æ' => 'ỉ',
        'Æ' => 'Ỉ',
        'ó' => 'ĩ',
        'Ó' => 'Ĩ',
        'ò' => 'ị',
        'Ò' => 'Ị',
        'î' => 'ỵ',
        'Î' => 'Ỵ',
        'ñ' => 'đ',
        'Ñ' => 'Đ',
        _ => western(c),
    }
}

/// What the sign after a letter puts on it: only a sign that the letter can have, whatever its case.
fn marks(letter: char, sign: char) -> Option<&'static str> {
    if sign.is_ascii() {
        return None;
    }
    let small = |c: char| c.to_lowercase().next().unwrap_or(c);
    let letter = small(letter);
    let (marks, letters) = match small(sign) {
        'ù' => ("\u{301}", "aeouyơư"),
        'ø' => ("\u{300}", "aeouyơư"),
        'û' => ("\u{309}", "aeouyơư"),
        'õ' => ("\u{303}", "aeouyơư"),
        'ï' => ("\u{323}", "aeouơư"),
        'â' => ("\u{302}", "aeo"),
        'á' => ("\u{302}\u{301}", "aeo"),
        'à' => ("\u{302}\u{300}", "aeo"),
        'å' => ("\u{302}\u{309}", "aeo"),
        'ã' => ("\u{302}\u{303}", "aeo"),
        'ä' => ("\u{302}\u{323}", "aeo"),
        'ê' => ("\u{306}", "a"),
        'é' => ("\u{306}\u{301}", "a"),
        'è' => ("\u{306}\u{300}", "a"),
        'ú' => ("\u{306}\u{309}", "a"),
        'ü' => ("\u{306}\u{303}", "a"),
        'ë' => ("\u{306}\u{323}", "a"),
        _ => return None,
    };
    letters.contains(letter).then_some(marks)
}
