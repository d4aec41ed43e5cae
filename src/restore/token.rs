//! What a token looks like: its punctuation, its case, its class.
//!
//! Training and decoding must see text the same way, so both read it through this file. A white-space-separated token is split into
//! opening marks, a core, and closing marks; the core is a word (letters), several words joined by `-` or `/`, or one of a few
//! classes whose exact form the language model need not know (numbers, dates, symbols of documents, addresses).

use crate::model::{normal, roman};

/// How a word uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Case {
    /// `hành`
    Lower = 0,
    /// `Hành`; a single capital letter too.
    Title = 1,
    /// `HÀNH`
    Upper = 2,
    /// `CTr`
    Mixed = 3,
}

/// The case of `word`. Words of broken capitals (`CHủ`, `CủA`: the accented letters lost theirs) count as upper case.
#[must_use]
pub fn case_of(word: &str) -> Case {
    let mut letters = 0;
    let (mut upper, mut first, mut ascii_lower) = (0, false, false);
    for c in word.chars() {
        if c.is_uppercase() {
            upper += 1;
            first |= letters == 0;
        } else if c.is_ascii_lowercase() {
            ascii_lower = true;
        }
        letters += 1;
    }
    match upper {
        0 => Case::Lower,
        1 if first => Case::Title,
        n if n == letters || !ascii_lower => Case::Upper,
        _ => Case::Mixed,
    }
}

/// `word` (lower case) written in `case`; `Mixed` leaves it as it is.
#[must_use]
pub fn recase(word: &str, case: Case) -> String {
    match case {
        Case::Lower | Case::Mixed => word.to_owned(),
        Case::Upper => word.to_uppercase(),
        Case::Title => {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

/// What a core is when it is not made of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// One digit.
    Digit1 = 0,
    /// Two digits.
    Digit2 = 1,
    /// Four digits.
    Digit4 = 2,
    /// Other numbers: 125, 1.000, 12,5, 95%, 2021-2025.
    Number = 3,
    /// 14/8/2025, 8/2025.
    Date = 4,
    /// Symbols with a number: 481/KH-UBND.
    Symbol = 5,
    /// Web and mail addresses.
    Address = 6,
    /// Roman numerals.
    Roman = 7,
    /// Anything else.
    Other = 8,
}

/// All classes, in the order of their numbers.
pub const CLASSES: [(Class, &str); 9] = [
    (Class::Digit1, "<1>"),
    (Class::Digit2, "<2>"),
    (Class::Digit4, "<4>"),
    (Class::Number, "<number>"),
    (Class::Date, "<date>"),
    (Class::Symbol, "<symbol>"),
    (Class::Address, "<address>"),
    (Class::Roman, "<roman>"),
    (Class::Other, "<other>"),
];

/// Marks that close a token and are never part of a word.
#[must_use]
pub fn is_closing(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '"' | '”' | '’' | '»' | '…' | '/')
        || is_superscript(c)
}

/// Marks that open a token and are never part of a word.
#[must_use]
pub fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '"' | '“' | '„' | '‘' | '«' | '.' | ',' | '…' | '/') || is_dash(c)
}

/// Hyphens and dashes of all lengths, and what stands for list dashes.
#[must_use]
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '−' | '‐' | '‑' | '•' | '+' | '*' | '=' | '·')
}

/// Footnote marks.
#[must_use]
pub fn is_superscript(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// A token cut into its opening marks, core and closing marks: byte lengths of the first and the last.
#[must_use]
pub fn trim_marks(token: &str) -> (usize, usize) {
    let lead: usize = token.chars().take_while(|c| is_opening(*c)).map(char::len_utf8).sum();
    let rest = &token[lead..];
    let trail: usize =
        rest.chars().rev().take_while(|c| is_closing(*c) || is_dash(*c)).map(char::len_utf8).sum();
    (lead, trail)
}

/// Signs at the end of a word that may be marks or what was made of a letter: `cu'` for *cư*, `ct?` for *cứ*.
#[must_use]
pub fn is_doubtful_sign(c: char) -> bool {
    matches!(c, '?' | '\'' | '’' | '‘' | '`' | '!' | '“' | '”' | '"')
}

/// Whether `c` is of a script that no reader of Latin text takes a letter for, a picture, or no character at all: what holds it is the author's.
pub fn is_foreign(c: char) -> bool {
    // what stands for bytes that nobody could read may have been a letter
    (c.is_control() || c >= '\u{2E80}' || ('\u{370}'..'\u{1D00}').contains(&c))
        && c != char::REPLACEMENT_CHARACTER
}

/// Like [`trim_marks`] for text that recognition may have garbled: signs that may be letters stay with the word.
#[must_use]
pub fn trim_certain_marks(token: &str) -> (usize, usize) {
    let (lead, trail) = trim_marks(token);
    let at = token.len() - trail;
    let back: usize =
        token[at..].chars().take(2).take_while(|c| is_doubtful_sign(*c)).map(char::len_utf8).sum();
    if at > lead { (lead, trail - back) } else { (lead, trail) }
}

/// Whether closing marks end a sentence (`.`, `!`, `?`), a clause (`;`, `:`), or neither.
#[must_use]
pub fn break_after(trail: &str) -> Option<Break> {
    let mut found = None;
    for c in trail.chars() {
        match c {
            '.' | '!' | '?' | '…' => return Some(Break::Sentence),
            ';' | ':' => found = Some(Break::Clause),
            _ => {}
        }
    }
    found
}

/// Where the language model starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Break {
    /// After a full stop, at the start of a paragraph or item.
    Sentence,
    /// After a semicolon or colon.
    Clause,
}

/// Whether every character is a letter, and there is one.
#[must_use]
pub fn is_word(core: &str) -> bool {
    !core.is_empty() && core.chars().all(char::is_alphabetic)
}

/// Whether `core` is a Roman numeral up to 39, in capitals.
#[must_use]
pub fn is_roman(core: &str) -> bool {
    roman::value(core).is_some()
}

/// The class of a core that is no word.
#[must_use]
pub fn class_of(core: &str) -> Class {
    let letters = core.chars().filter(|c| c.is_alphabetic()).take(5).count();
    if letters == 5 && ["www.", "http", ".vn", ".com", "@"].iter().any(|s| core.contains(s)) {
        return Class::Address;
    }
    let (mut digits, mut letters, mut slashes, mut others) = (0, 0, 0, 0);
    for c in core.chars() {
        match c {
            '0'..='9' => digits += 1,
            '/' => slashes += 1,
            '.' | ',' | '%' | '-' | '–' => others += 1,
            c if c.is_alphabetic() => letters += 1,
            _ => return Class::Other,
        }
    }
    match (digits, letters, slashes) {
        (1, 0, 0) if others == 0 => Class::Digit1,
        (2, 0, 0) if others == 0 => Class::Digit2,
        (4, 0, 0) if others == 0 => Class::Digit4,
        (1.., 0, 0) => Class::Number,
        (1.., 0, _) => Class::Date,
        (1.., _, 1..) => Class::Symbol,
        (0, _, _) if is_roman(core) => Class::Roman,
        _ => Class::Other,
    }
}

/// One thing that the language model reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item<'a> {
    /// A word as printed.
    Word(&'a str),
    /// Something whose class alone counts.
    Class(Class),
    /// A new start.
    Break(Break),
}

/// Reads one paragraph of clean text as the language model sees it. The text must be NFC; words come as printed.
pub fn read<'a>(paragraph: &'a str, mut item: impl FnMut(Item<'a>)) {
    item(Item::Break(Break::Sentence));
    for (i, token) in paragraph.split_whitespace().enumerate() {
        let (lead, trail) = trim_marks(token);
        let core = &token[lead..token.len() - trail];
        let trail = &token[token.len() - trail..];
        if i == 0 && is_marker(token) {
            continue;
        }
        if !core.is_empty() {
            cores(core, &mut item);
        }
        if let Some(b) = break_after(trail) {
            item(Item::Break(b));
        }
    }
}

/// Gives the items of one core: a word, the words of a compound, or a class.
pub fn cores<'a>(core: &'a str, item: &mut impl FnMut(Item<'a>)) {
    if is_roman(core) {
        item(Item::Class(Class::Roman));
    } else if is_word(core) {
        item(Item::Word(core));
    } else if is_compound(core) {
        core.split(is_joint).filter(|w| !w.is_empty()).for_each(|w| item(Item::Word(w)));
    } else {
        item(Item::Class(class_of(core)));
    }
}

/// Whether `c` may join words inside one token.
#[must_use]
pub fn is_joint(c: char) -> bool {
    matches!(c, '-' | '–' | '/' | ',' | '.' | '(' | ')' | '…' | ';' | ':' | '"' | '“' | '”' | '+' | '&')
}

fn is_compound(core: &str) -> bool {
    core.split(is_joint).all(|w| w.is_empty() || is_word(w)) && class_of(core) == Class::Other
}

/// Whether the first token of a line is an item's marker: `1.`, `1.1.`, `a)`, `(2)`, `IV.`, `-`, `+`.
#[must_use]
pub fn is_marker(token: &str) -> bool {
    let inner = token.trim_start_matches('(').trim_end_matches(['.', ')', ':', '/']);
    let closed = inner.len() < token.len();
    if inner.is_empty() {
        return false;
    }
    if token.chars().all(is_dash) {
        return token.chars().count() == 1;
    }
    let numeric =
        inner.split('.').all(|p| !p.is_empty() && p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()));
    let mut chars = inner.chars();
    let letter = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
    closed && (numeric || letter || is_roman(inner))
}

/// `word` as the lexicon knows it: lower case, NFC, tone in the old place.
#[must_use]
pub fn canonical(word: &str) -> String {
    normal::to_old_tone(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (w, c) in [
            ("hành", Case::Lower),
            ("Ủy", Case::Title),
            ("Ý", Case::Title),
            ("HÀNH", Case::Upper),
            ("CHủ", Case::Upper),
            ("CTr", Case::Mixed),
            ("NĐ", Case::Upper),
        ] {
            assert_eq!(case_of(w), c, "{w}");
        }
        assert_eq!(recase("ủy", Case::Title), "Ủy");
    }

    #[test]
    fn reading() {
        let mut seen = Vec::new();
        read(
            "1. Kế hoạch số 12/KH-UBND, ngày 14/8/2025: (kinh tế-xã hội) giai đoạn II.",
            |i| {
                seen.push(match i {
                    Item::Word(w) => w.to_owned(),
                    Item::Class(c) => format!("{c:?}"),
                    Item::Break(b) => format!("|{b:?}"),
                });
            },
        );
        assert_eq!(
            seen.join(" "),
            "|Sentence Kế hoạch số Symbol ngày Date |Clause kinh tế xã hội giai đoạn Roman |Sentence"
        );
    }

    #[test]
    fn markers() {
        for m in ["1.", "1.2.", "a)", "(2)", "IV.", "-", "+", "10)"] {
            assert!(is_marker(m), "{m}");
        }
        for w in ["a", "12", "Kế", "năm.", "--", "2025."] {
            assert!(!is_marker(w), "{w}");
        }
    }
}
