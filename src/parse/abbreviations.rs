//! Short names that the text defines: `cải cách hành chính (CCHC)`, `Bộ Y tế (sau đây gọi tắt là Bộ)`.
//!
//! What a short name stands for is printed before it. Of an acronym it is the stretch of words whose initials it is made of;
//! of any other name the stretch that begins with the same word. A bracket that is neither explained by the words before
//! it nor announced by a phrase is no definition.

use std::ops::Range;

use super::fold::{fold_char, words};

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes: from the long form to the end of the short one.
    pub at: Range<usize>,
    /// The short form.
    pub short: String,
    /// What it stands for, where the words before it tell.
    pub long: Option<String>,
}

/// Folded phrases that announce a short name.
const PHRASES: [&str; 8] = [
    "goi tat la",
    "viet tat la",
    "goi chung la",
    "sau day goi la",
    "duoi day goi la",
    "viet tat",
    "goi tat",
    "sau day la",
];
/// Bytes of a definition's bracket, and of the long form before it.
const REACH: usize = 160;
const BACK: usize = 240;

/// The definitions in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    let mut floor = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'(' | b',') || at < floor {
            continue;
        }
        let comma = text.as_bytes()[at] == b',';
        let mut low = at.saturating_sub(BACK).max(floor);
        let mut high = (at + 1 + REACH).min(text.len());
        while !text.is_char_boundary(low) {
            low += 1;
        }
        while !text.is_char_boundary(high) {
            high -= 1;
        }
        let inside = &text[at + 1..high];
        // most commas open nothing: a look at the next word spares the rest
        if comma && !inside.trim_start().starts_with(['s', 'S', 'g', 'G', 'v', 'd']) {
            continue;
        }
        let end = if comma { inside.find([',', ';', '.', ':']) } else { inside.find([')', ';', '(']) };
        let Some(end) = end else { continue };
        let inside = &inside[..end];
        let announced = announced(inside);
        let (short, from) = match announced {
            Some(from) => (clean(&inside[from..]), from),
            None if !comma && acronym(inside) => (inside.trim(), 0),
            None => continue,
        };
        let before = text[low..at].trim_end();
        let long = long_form(before, short);
        let said = short.chars().count();
        if !(2..=60).contains(&said) || long.is_none() && announced.is_none() {
            continue;
        }
        let start = long.map_or(at, |l| low + l);
        let stop = at + 1 + from + (inside[from..].find(short).unwrap_or(0)) + short.len();
        out.push(Found {
            at: start..stop,
            short: short.to_owned(),
            long: long.map(|l| before[l..].trim_end_matches([',', ' ']).to_owned()),
        });
        floor = stop;
    }
    out
}

/// Where the short name begins in a bracket that announces one.
fn announced(inside: &str) -> Option<usize> {
    if !inside.contains("tắt")
        && !inside.contains("gọi")
        && !inside.contains("tat")
        && !inside.contains("goi")
    {
        return None;
    }
    let folded = super::fold::Folded::new(inside);
    let (at, phrase) = PHRASES
        .iter()
        .filter_map(|p| Some((folded.text.find(p)?, *p)))
        .min_by_key(|(at, p)| (*at, usize::MAX - p.len()))?;
    Some(folded.back(at + phrase.len()..at + phrase.len()).start)
}

fn clean(short: &str) -> &str {
    short.trim_matches([' ', ':', '"', '“', '”', '\'', ',', '.'])
}

/// Whether a bracket holds nothing but an acronym.
fn acronym(inside: &str) -> bool {
    let bare = inside.trim();
    let upper = bare.chars().filter(|c| c.is_uppercase()).count();
    upper >= 2
        && bare.chars().count() <= 14
        && bare.chars().all(|c| c.is_uppercase() || matches!(c, '&' | '-'))
}

/// Where in `before` the words begin that `short` stands for.
fn long_form(before: &str, short: &str) -> Option<usize> {
    let starts: Vec<usize> = word_starts(before);
    let initial = |at: usize| fold_char(before[at..].chars().next().unwrap_or(' '));
    if acronym(short) {
        let letters: Vec<u8> = short.chars().filter(|c| c.is_alphabetic()).map(fold_char).collect();
        let from = starts.len().checked_sub(letters.len())?;
        return starts[from..].iter().zip(&letters).all(|(s, l)| initial(*s) == *l).then(|| starts[from]);
    }
    let first = words(short.split(' ').next().unwrap_or(""));
    let same = |at: &&usize| {
        let end = before[**at..].find(' ').map_or(before.len(), |e| **at + e);
        words(&before[**at..end]) == first
    };
    // the stretch may hold the word more than once: in its clause, the first
    let clause = before.rfind([';', '.', ':']).map_or(0, |i| i + 1);
    starts.iter().filter(|s| **s >= clause).find(same).copied()
}

/// Where words begin; words joined by a dash or an ampersand count apart.
fn word_starts(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut inside = false;
    for (i, c) in text.char_indices() {
        let letter = super::fold::is_letter(c) || c.is_numeric();
        if letter && !inside {
            out.push(i);
        }
        inside = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, Option<String>)> {
        find(text).into_iter().map(|f| (f.short, f.long)).collect()
    }

    fn pair(short: &str, long: &str) -> (String, Option<String>) {
        (short.to_owned(), Some(long.to_owned()))
    }

    #[test]
    fn acronyms_in_brackets() {
        assert_eq!(
            pairs(
                "công tác cải cách hành chính (CCHC) do Ủy ban nhân dân (UBND) huyện và Phòng, Ban khác (NQ) làm"
            ),
            [pair("CCHC", "cải cách hành chính"), pair("UBND", "Ủy ban nhân dân")]
        );
    }

    #[test]
    fn announced_names() {
        assert_eq!(
            pairs(
                "phê duyệt Chiến lược quốc gia phòng, chống thiên tai (sau đây gọi tắt là Chiến lược), Bộ Nông nghiệp và Môi trường (sau đây viết tắt là Bộ NN&MT) ban hành"
            ),
            [
                pair("Chiến lược", "Chiến lược quốc gia phòng, chống thiên tai"),
                pair("Bộ NN&MT", "Bộ Nông nghiệp và Môi trường")
            ]
        );
        assert_eq!(pairs("các tổ chức, sau đây gọi chung là đơn vị, có trách nhiệm")[0].0, "đơn vị");
    }

    #[test]
    fn other_brackets_define_nothing() {
        assert!(pairs("báo cáo (qua Sở Nội vụ); tỉnh (để b/c), giao Phòng (Khoa A), xã (2021)").is_empty());
    }
}
