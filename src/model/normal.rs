//! The one place where Unicode is normalised.
//!
//! * Inside the program all text is NFC.
//! * Vietnamese writes the tone of *oa, oe, uy* in two places (hóa, hoá). Inside, the *old* place (hóa, khỏe, thúy) is the one
//!   form that dictionaries and models know; [`to_old_tone`] and [`to_new_tone`] move between the two, [`ToneStyle`] names them.
//! * Letters are stripped of marks by [`strip_marks`] where only their shape counts.
//! * [`comparable`] gives the spelling under which two texts are compared when one is measured against the other.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Where the tone mark of open *oa, oe, uy* is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToneStyle {
    /// hóa, khỏe, thúy.
    Old,
    /// hoá, khoẻ, thuý.
    New,
}

/// `text` in NFC.
#[must_use]
pub fn nfc(text: &str) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.to_owned() } else { text.nfc().collect() }
}

/// `text` as a page's raw text: NFC, `\n` alone ends a line (also for `\r\n`, `\r`, form feed and the Unicode separators), no NUL.
#[must_use]
pub fn raw_text(text: &str) -> String {
    // nearly all texts have none of what is replaced below
    let odd = ['\r', '\0', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];
    if !text.contains(odd) {
        return nfc(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\0' | '\u{feff}' => {}
            c => out.push(c),
        }
    }
    nfc(&out)
}

/// The five tone marks as combining characters, in the order of [`split_tone`]'s numbers 1 to 5: grave, acute, hook, tilde, dot below.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'];

/// A letter without its tone, and the tone: 0 none, 1 huyền, 2 sắc, 3 hỏi, 4 ngã, 5 nặng. `ấ` gives `('â', 2)`.
#[must_use]
pub fn split_tone(c: char) -> (char, u8) {
    if c.is_ascii() {
        return (c, 0);
    }
    let mut base = String::new();
    let mut tone = 0;
    for d in std::iter::once(c).nfd() {
        match TONES.iter().position(|t| *t == d) {
            Some(t) if tone == 0 => tone = t as u8 + 1,
            _ => base.push(d),
        }
    }
    let mut composed = base.nfc();
    match (composed.next(), composed.next()) {
        (Some(b), None) => (b, tone),
        _ => (c, 0),
    }
}

/// The letter `base` with tone `tone` (as in [`split_tone`]); `base` itself where there is no such letter.
#[must_use]
pub fn with_tone(base: char, tone: u8) -> char {
    let Some(mark) = (tone as usize).checked_sub(1).and_then(|t| TONES.get(t)) else { return base };
    if !matches!(strip_mark(base).to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y') {
        return base;
    }
    // not by composing the pair: ệ is built on ẹ, not on ê, so the marks must first be brought into order
    let mut composed = [base, *mark].into_iter().nfc();
    match (composed.next(), composed.next()) {
        (Some(letter), None) => letter,
        _ => base,
    }
}

/// A letter without tone, circumflex, breve, horn or bar: `Ệ` → `E`, `đ` → `d`. Other characters stay.
#[must_use]
pub fn strip_mark(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        'đ' => 'd',
        'Đ' => 'D',
        _ => std::iter::once(c).nfd().next().unwrap_or(c),
    }
}

/// [`strip_mark`] over a text.
#[must_use]
pub fn strip_marks(text: &str) -> String {
    text.chars().map(strip_mark).collect()
}

/// `text` with the tone of open *oa, oe, uy* moved to the old place: hoá → hóa, khoẻ → khỏe, thuý → thúy. Other text is returned as it is.
#[must_use]
pub fn to_old_tone(text: &str) -> String {
    move_tones(text, ToneStyle::Old)
}

/// The other way: hóa → hoá. Only syllables that end in *oa, oe, uy* have two forms.
#[must_use]
pub fn to_new_tone(text: &str) -> String {
    move_tones(text, ToneStyle::New)
}

fn move_tones(text: &str, style: ToneStyle) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out: Vec<char> = text.chars().collect();
    for i in 1..out.len() {
        let ends = out.get(i + 1).is_none_or(|c| !c.is_alphabetic());
        if !ends {
            continue;
        }
        let (a, ta) = split_tone(out[i - 1]);
        let (b, tb) = split_tone(out[i]);
        let before = i.checked_sub(2).map(|j| out[j].to_ascii_lowercase());
        let open = match (a.to_ascii_lowercase(), b.to_ascii_lowercase()) {
            ('o', 'a' | 'e') => true,
            // quý, quỳ: the u belongs to the consonant and never bears the tone
            ('u', 'y') => before != Some('q'),
            _ => false,
        };
        if !open {
            continue;
        }
        match style {
            ToneStyle::Old if tb > 0 && ta == 0 => {
                out[i - 1] = with_tone(a, tb);
                out[i] = b;
            }
            ToneStyle::New if ta > 0 && tb == 0 => {
                out[i - 1] = a;
                out[i] = with_tone(b, ta);
            }
            _ => {}
        }
    }
    out.into_iter().collect()
}

/// `text` spelled so that what readers take for the same compares equal: decomposed (NFD), the tone mark last in its run of letters
/// (hoà = hòa), all dashes `-`, all quotes `"` or `'`, `…` as three dots, superscript digits as digits, the no-break space as a space.
/// For comparing only: the result is not NFC.
#[must_use]
pub fn comparable(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut held = String::new();
    for c in text.chars().flat_map(plain_sign).nfd() {
        if TONES.contains(&c) {
            held.push(c);
            continue;
        }
        // letter numbers (Ⅳ) are alphabetic to Unicode, but they end a syllable
        let goes_on = (c.is_alphabetic() && !c.is_numeric()) || canonical_combining_class(c) != 0;
        if !goes_on {
            out.push_str(&held);
            held.clear();
        }
        out.push(c);
    }
    out + &held
}

/// A dash, quote, ellipsis, superscript digit or no-break space as what a typewriter has for it; other characters as they are.
fn plain_sign(c: char) -> impl Iterator<Item = char> {
    let (sign, times) = match c {
        '–' | '—' | '‐' | '‑' => ('-', 1),
        '“' | '”' | '„' => ('"', 1),
        '‘' | '’' => ('\'', 1),
        '…' => ('.', 3),
        '\u{a0}' => (' ', 1),
        '⁰' => ('0', 1),
        '¹' => ('1', 1),
        '²' => ('2', 1),
        '³' => ('3', 1),
        '⁴' => ('4', 1),
        '⁵' => ('5', 1),
        '⁶' => ('6', 1),
        '⁷' => ('7', 1),
        '⁸' => ('8', 1),
        '⁹' => ('9', 1),
        c => (c, 1),
    };
    std::iter::repeat_n(sign, times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_places() {
        assert_eq!(to_old_tone("hoá HOÁ khoẻ thuý quý hoàn toàn uỷ"), "hóa HÓA khỏe thúy quý hoàn toàn ủy");
        assert_eq!(to_new_tone("hóa HÓA khỏe thúy quý hoàn của ủy"), "hoá HOÁ khoẻ thuý quý hoàn của uỷ");
    }

    #[test]
    fn letters_come_apart_and_together() {
        assert_eq!(split_tone('ấ'), ('â', 2));
        assert_eq!(split_tone('Ự'), ('Ư', 5));
        assert_eq!(with_tone('ê', 5), 'ệ');
        assert_eq!(with_tone('b', 5), 'b');
        assert_eq!(strip_marks("Đề cương"), "De cuong");
    }

    #[test]
    fn what_reads_the_same_compares_equal() {
        assert_eq!(comparable("hoà"), comparable("hòa"));
        assert_eq!(comparable("thuỷ-lợi"), comparable("thủy–lợi"));
        assert_eq!(comparable("“Số…”²"), comparable("\"Số...\"2"));
        assert_ne!(comparable("hòa"), comparable("hóa"));
        // the tone stays within its run of letters
        assert_eq!(comparable("á/a"), "a\u{301}/a");
        assert_ne!(comparable("á/a"), comparable("a/á"));
    }

    #[test]
    fn raw_text_is_nfc_with_plain_line_ends() {
        assert_eq!(raw_text("a\r\nb\rc\u{c}d\0"), "a\nb\nc\nd");
        assert_eq!(raw_text("e\u{302}\u{323}"), "ệ");
    }
}
