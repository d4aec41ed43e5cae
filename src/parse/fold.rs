//! Text as phrase tests see it: without marks, lower case, one ASCII byte a character.
//!
//! Template phrases (*Nơi nhận*, *Độc lập - Tự do - Hạnh phúc*, *ngày ... tháng ... năm*) must be found in clean text as
//! well as in text whose marks an old OCR lost or swapped, so they are always compared folded. Folding keeps one
//! byte for every character of the original, which makes the way back cheap: byte `i` of the folded text is
//! character `i` of the original.
//!
//! ```text
//! Hà Nội, ngày 05 tháng 3   →   ha noi, ngay 05 thang 3
//! ```

use std::ops::Range;
use std::sync::LazyLock;

use strsim::levenshtein;

use crate::model::normal::strip_mark;

/// What stands for a superscript digit.
pub(super) const SUPER: u8 = b'^';
/// What stands for any other character outside ASCII.
const OTHER: u8 = b'~';

/// How many characters the table holds: all of Latin, and general punctuation and superscripts.
const TABLE: usize = 0x2100;

/// Every character of the table, folded once: folding is done to every line of every page.
static FOLDS: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..TABLE as u32).map(|c| char::from_u32(c).map_or(OTHER, fold_slowly)).collect());

/// One character folded to one ASCII byte.
#[must_use]
#[inline]
pub(super) fn fold_char(c: char) -> u8 {
    fold_by(&FOLDS, c)
}

/// The same by the table, for those who fold many.
#[inline]
fn fold_by(folds: &[u8], c: char) -> u8 {
    folds.get(c as usize).copied().unwrap_or_else(|| fold_slowly(c))
}

fn fold_slowly(c: char) -> u8 {
    if c.is_ascii() {
        return c.to_ascii_lowercase() as u8;
    }
    match c {
        '–' | '—' | '‐' | '‑' | '−' | '‒' => b'-',
        '“' | '”' | '„' | '«' | '»' => b'"',
        '‘' | '’' | 'ʼ' | '´' => b'\'',
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{3000}' | '\u{202f}' => b' ',
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => SUPER,
        'Ð' | 'ð' => b'd',
        c if c.is_alphabetic() => {
            let base = strip_mark(c);
            if base.is_ascii() { base.to_ascii_lowercase() as u8 } else { OTHER }
        }
        _ => OTHER,
    }
}

/// `text` folded, for tests that need no way back.
#[must_use]
pub(super) fn fold(text: &str) -> String {
    let folds = &**FOLDS;
    ascii(text.chars().map(|c| fold_by(folds, c)).collect())
}

/// Bytes that are all ASCII as text.
fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// `text` folded, runs of anything but letters and digits turned into one space, ends trimmed.
#[must_use]
pub(super) fn words(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let folds = &**FOLDS;
    let mut apart = false;
    for c in text.chars() {
        let b = fold_by(folds, c);
        if b.is_ascii_alphanumeric() {
            if apart {
                out.push(b' ');
                apart = false;
            }
            out.push(b);
        } else {
            apart = !out.is_empty();
        }
    }
    ascii(out)
}

/// How long [`words`] of `text` is.
#[must_use]
pub(super) fn words_len(text: &str) -> usize {
    let folds = &**FOLDS;
    let (mut len, mut apart) = (0, false);
    for c in text.chars() {
        if fold_by(folds, c).is_ascii_alphanumeric() {
            len += 1 + usize::from(std::mem::take(&mut apart));
        } else {
            apart = len > 0;
        }
    }
    len
}

/// A folded text that knows its way back.
#[derive(Debug, Clone)]
pub(super) struct Folded {
    /// One ASCII byte a character.
    pub text: String,
    /// Byte offset of each character in the original, and its length at the end.
    starts: Vec<u32>,
}

impl Folded {
    /// Folds `text`.
    #[must_use]
    pub fn new(text: &str) -> Folded {
        let folds = &**FOLDS;
        let mut folded = Vec::with_capacity(text.len());
        let mut starts = Vec::with_capacity(text.len() + 1);
        for (i, c) in text.char_indices() {
            folded.push(fold_by(folds, c));
            starts.push(u32::try_from(i).unwrap_or(u32::MAX));
        }
        starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        Folded { text: ascii(folded), starts }
    }

    /// The byte range of the original that the folded range `of` stands for.
    #[must_use]
    pub fn back(&self, of: Range<usize>) -> Range<usize> {
        let last = self.starts.len() - 1;
        self.starts[of.start.min(last)] as usize..self.starts[of.end.min(last)] as usize
    }
}

/// Whether two folded phrases are the same up to about one error in six characters.
#[must_use]
pub(super) fn alike(a: &str, b: &str) -> bool {
    let (n, m) = (a.len(), b.len());
    let allowed = n.max(m) / 6;
    a == b || (n.abs_diff(m) <= allowed && within(a.as_bytes(), b.as_bytes(), allowed))
}

/// Whether two texts are at most `allowed` edits apart. Nearly all pairs that are asked about differ at once, so what they
/// share at both ends is taken off first; with one edit allowed nothing else has to be looked at.
fn within(a: &[u8], b: &[u8], allowed: usize) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if allowed <= 1 || a.is_empty() || b.is_empty() {
        return a.len().max(b.len()) <= allowed;
    }
    if b.len() <= PHRASE {
        return banded(a, b, allowed);
    }
    match (std::str::from_utf8(a), std::str::from_utf8(b)) {
        (Ok(a), Ok(b)) => levenshtein(a, b) <= allowed,
        _ => false,
    }
}

/// Longest text whose distance is looked for in a band, in bytes: more than any phrase has.
const PHRASE: usize = 64;

/// Whether `a` and `b` (of at most [`PHRASE`] bytes) are at most `allowed` edits apart. Only cells of the table near its diagonal can be that cheap, and most
/// pairs have a row without any after a few letters.
fn banded(a: &[u8], b: &[u8], allowed: usize) -> bool {
    if a.len().abs_diff(b.len()) > allowed {
        return false;
    }
    let far = allowed + 1;
    let mut row = [far; PHRASE + 1];
    for (j, cell) in row.iter_mut().enumerate().take(far) {
        *cell = j;
    }
    for (i, x) in a.iter().enumerate() {
        let (low, high) = (i.saturating_sub(allowed), b.len().min(i + far));
        // the cell left of the band, and the one above that
        let (mut left, mut corner) = if low == 0 { (i + 1, row[0]) } else { (far, row[low]) };
        row[low] = left;
        let mut least = left;
        for j in low..high {
            let above = row[j + 1];
            left = (corner + usize::from(*x != b[j])).min(above + 1).min(left + 1).min(far);
            corner = above;
            row[j + 1] = left;
            least = least.min(left);
        }
        if least > allowed {
            return false;
        }
    }
    row[b.len()] <= allowed
}

/// Whether `c` is a capital and whether it is a small letter, by the table.
#[must_use]
#[inline]
pub(super) fn case(c: char) -> (bool, bool) {
    Cases::get().of(c)
}

/// The table of cases, for those who ask for many.
pub(super) struct Cases(&'static [u8]);

impl Cases {
    #[inline]
    pub fn get() -> Cases {
        Cases(&CASES)
    }

    /// Whether `c` is a capital and whether it is a small letter.
    #[inline]
    pub fn of(&self, c: char) -> (bool, bool) {
        let bits = self.0.get(c as usize).copied().unwrap_or_else(|| case_slowly(c));
        (bits & 1 != 0, bits & 2 != 0)
    }
}

/// Whether `c` is alphabetic; nearly all that are have a case.
#[must_use]
pub(super) fn is_letter(c: char) -> bool {
    let (upper, lower) = case(c);
    upper || lower || c.is_alphabetic()
}

fn case_slowly(c: char) -> u8 {
    u8::from(c.is_uppercase()) | u8::from(c.is_lowercase()) << 1
}

/// The case of every character of the table.
static CASES: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..TABLE as u32).map(|c| char::from_u32(c).map_or(0, case_slowly)).collect());

/// Folded phrases by how many words they have, each with the set of its letters. As many words of a text as the phrase has must
/// be nearly as long and of nearly the same letters: an error changes one length and two letters at most.
#[derive(Debug)]
pub(super) struct Phrases([Vec<(&'static str, u32)>; PHRASE_WORDS]);

/// Most words of a phrase.
const PHRASE_WORDS: usize = 8;

impl Phrases {
    /// Sorts `phrases`.
    #[must_use]
    pub fn new(phrases: &[&'static str]) -> Phrases {
        let mut out: [Vec<(&'static str, u32)>; PHRASE_WORDS] = Default::default();
        for phrase in phrases {
            let more = phrase.bytes().filter(|b| *b == b' ').count();
            debug_assert!(more < PHRASE_WORDS, "{phrase}");
            out[more.min(PHRASE_WORDS - 1)].push((phrase, letters(phrase.as_bytes())));
        }
        Phrases(out)
    }

    /// Whether the folded words `text` begin with one of them, as [`begins`] tells.
    #[must_use]
    pub fn begin(&self, text: &str) -> bool {
        let (mut end, mut said) = (0, 0);
        self.0.iter().any(|phrases| {
            let rest = &text.as_bytes()[end..];
            let space = rest.iter().skip(1).position(|b| *b == b' ').map_or(rest.len(), |i| i + 1);
            said |= letters(&rest[..space]);
            end += space;
            let near = |p: &&(&str, u32)| {
                let allowed = end.max(p.0.len()) / 6;
                end.abs_diff(p.0.len()) <= allowed && (said ^ p.1).count_ones() as usize <= 2 * allowed
            };
            phrases.iter().filter(near).any(|p| begins(text, p.0))
        })
    }
}

/// The set of the letters (and a few other signs) in `bytes`.
fn letters(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |set, b| set | 1 << (b & 31))
}

/// Whether the folded words `text` begin with the folded words `phrase`, up to about one error in six characters.
#[must_use]
pub(super) fn begins(text: &str, phrase: &str) -> bool {
    if text.starts_with(phrase) {
        return text.as_bytes().get(phrase.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
    }
    if phrase.len() < 6 || !text.is_char_boundary(phrase.len().min(text.len())) {
        return false;
    }
    // the phrase may have lost or gained a letter: cut at the same number of words
    let mut left = phrase.bytes().filter(|b| *b == b' ').count();
    let last = |b: &u8| {
        *b == b' '
            && (left == 0 || {
                left -= 1;
                false
            })
    };
    let most = phrase.len() + phrase.len() / 3;
    let near = &text.as_bytes()[..text.len().min(most + 1)];
    let cut = near.iter().position(last).unwrap_or(text.len());
    cut <= most && alike(&text[..cut], phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_one_byte_a_character() {
        let f = Folded::new("Điều 5 – Hiệu lực²");
        assert_eq!(f.text, "dieu 5 - hieu luc^");
        let at = f.text.find("hieu").unwrap_or_default();
        assert_eq!(&"Điều 5 – Hiệu lực²"[f.back(at..at + 8)], "Hiệu lực");
    }

    #[test]
    fn phrases_survive_lost_letters() {
        assert!(alike("noi nhan", "noi nhen"));
        assert!(!alike("noi nhan", "chu tich"));
        assert!(begins(&words("Nơi nhận: Sở Y tế"), "noi nhan"));
        assert!(begins(&words("Trên dây là Kế hoạch"), "tren day la"));
        assert!(!begins("can bo", "can cu"));
    }

    #[test]
    fn the_band_counts_as_the_whole_table_does() {
        let texts = [
            "",
            "a",
            "noi nhan",
            "noi nhen",
            "nhan noi",
            "doc lap tu do",
            "do lap tu dos",
            "tu do",
            "ooi nhann",
        ];
        for (a, b) in texts.iter().flat_map(|a| texts.iter().map(move |b| (a, b))) {
            for allowed in 0..10 {
                let whole = levenshtein(a, b) <= allowed;
                assert_eq!(banded(a.as_bytes(), b.as_bytes(), allowed), whole, "{a} {b} {allowed}");
                assert_eq!(within(a.as_bytes(), b.as_bytes(), allowed), whole, "{a} {b} {allowed}");
            }
        }
    }

    #[test]
    fn words_drop_punctuation() {
        assert_eq!(words("  “Độc lập – Tự do” – Hạnh phúc./."), "doc lap tu do hanh phuc");
    }
}
