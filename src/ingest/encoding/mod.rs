//! Vietnamese text in encodings from before Unicode: TCVN3 (ABC), VNI-Windows and VISCII, told apart by likelihood.
//!
//! All three put Vietnamese letters where other encodings have other signs, so nothing in the bytes says which one they are in. What does
//! is whether the words become Vietnamese syllables ([`syllable`]): with the right encoding nearly all do, with a wrong one
//! few. With *n* distinct words that are not plain ASCII, the log-likelihood ratio of an encoding against chance is
//!
//! ```text
//! Σ  ln P(syllable | right) / P(syllable | chance)   over words that become syllables         (0.97 / 0.2)
//!  + ln P(none | right) / P(none | chance)           over the others                          (0.03 / 0.8)
//! ```
//!
//! An encoding is taken when it has at least [`ENOUGH`] nats against chance and against every other reading. That takes six words,
//! and some two thirds of all words. Words count once: a repeated one is no further evidence.
//!
//! The same bytes also come as UTF-8, when a program took them for Western European: *Keá hoaïch*, *KÕ ho¹ch*. There, that the text is
//! what it seems is one of the readings; and one Vietnamese letter that only Unicode has settles it at once. Text layers of PDFs
//! whose fonts (*.VnTime*, *VNI-Times*) say they are Western European come that way.
//!
//! Limits: a text that mixes encodings is read in the likeliest one; Vietnamese without a single mark is ASCII in all of them.

mod syllable;
mod tables;
mod vni;

use std::collections::HashSet;

use crate::model::Encoding;

/// How many nats of evidence make certain.
const ENOUGH: f64 = 8.0;

/// How many are enough where the names of the fonts say it, too: two words.
const NAMED: f64 = 3.0;

/// What a word that becomes a syllable says for its encoding, and what another says against it.
const FOR: f64 = 1.58;
const AGAINST: f64 = 3.28;

/// The Vietnamese text that bytes hold which are no Unicode, if they are in an old encoding.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<(String, Encoding)> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let all = [Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii];
    likeliest(&text, &all, None).map(|encoding| (encoding.read(&text), encoding))
}

/// The Vietnamese text that was taken for Western European when it was made into this one.
pub(super) fn from_text(text: &str) -> Option<(String, Encoding)> {
    of_text(text, None).map(|encoding| (encoding.read(text), encoding))
}

/// The encoding that the names of a page's fonts speak of; none if they speak of none, or of several.
pub(super) fn of_fonts(names: impl Iterator<Item = String>) -> Option<Encoding> {
    let mut found = None;
    for name in names {
        // what stands before a plus sign names a part of a font
        let name = name.rsplit('+').next().unwrap_or_default();
        let spoken_of = match name.as_bytes() {
            [b'.', b'V', b'n', ..] => Encoding::Tcvn3,
            [b'V', b'N', b'I', b'-' | b' ' | b'_', ..] => Encoding::Vni,
            _ => continue,
        };
        if found.is_some_and(|before| before != spoken_of) {
            return None;
        }
        found = Some(spoken_of);
    }
    found
}

/// The encoding of a text that was taken for Western European. Where its fonts are `named` for one, little evidence is enough for that.
pub(super) fn of_text(text: &str, named: Option<Encoding>) -> Option<Encoding> {
    if text.chars().any(is_vietnamese_alone) || !text.chars().any(|c| ('\u{a1}'..='\u{ff}').contains(&c)) {
        return None;
    }
    let as_it_is = score(text, str::to_owned);
    if let Some(named) = named {
        let evidence = score(text, |word| named.decode(word));
        if evidence >= NAMED && evidence - as_it_is >= NAMED {
            return Some(named);
        }
    }
    // VISCII needs control characters, which no program would have made text of
    likeliest(text, &[Encoding::Tcvn3, Encoding::Vni], Some(as_it_is))
}

/// Whether a letter or mark is in Unicode and in no Western European encoding: ă đ ĩ ũ ơ ư, all with two marks, marks alone.
fn is_vietnamese_alone(c: char) -> bool {
    matches!(c, '\u{100}'..='\u{1b0}' | '\u{300}'..='\u{36f}' | '\u{1ea0}'..='\u{1eff}')
}

/// The one of these encodings that is certain for `text`, a character for each byte; `as_it_is` is the evidence for none.
fn likeliest(text: &str, encodings: &[Encoding], as_it_is: Option<f64>) -> Option<Encoding> {
    let mut scores: Vec<(f64, Encoding)> =
        encodings.iter().map(|encoding| (score(text, |word| encoding.decode(word)), *encoding)).collect();
    scores.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, encoding) = *scores.first()?;
    let others = scores.get(1).map(|(score, _)| *score).into_iter().chain(as_it_is);
    let certain = best >= ENOUGH && others.into_iter().all(|other| best - other >= ENOUGH);
    certain.then_some(encoding)
}

/// The evidence, in nats, that `decode` makes Vietnamese of the words of `text`.
fn score(text: &str, decode: impl Fn(&str) -> String) -> f64 {
    let mut seen = HashSet::new();
    let words = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() && !tables::is_viscii_low(c));
    let told = words.filter(|word| !word.is_ascii() || word.contains(tables::is_viscii_low));
    told.filter(|word| seen.insert(*word))
        .map(|word| {
            let word = decode(word);
            let word = word.trim_matches(|c: char| !c.is_alphabetic());
            if word.is_empty() {
                0.0 // a sign that stands by itself says nothing
            } else if syllable::is_syllable(word) {
                FOR
            } else {
                -AGAINST
            }
        })
        .sum()
}

impl Encoding {
    /// The Vietnamese text, which has white space where `bytes`, a character each, have it.
    pub(super) fn read(self, bytes: &str) -> String {
        match self {
            Encoding::Tcvn3 => tables::capitals(bytes, &self.decode(bytes)),
            _ => self.decode(bytes),
        }
    }

    /// The text that `bytes`, a character each, stand for. What has no meaning here is what it is in Western European.
    fn decode(self, bytes: &str) -> String {
        match self {
            Encoding::Tcvn3 => {
                bytes.chars().map(|c| tables::tcvn3(c).unwrap_or_else(|| tables::western(c))).collect()
            }
            Encoding::Viscii => bytes.chars().map(|c| tables::viscii(c).unwrap_or(c)).collect(),
            Encoding::Vni => vni::decode(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const TEXT: &str = "Căn cứ Nghị quyết của Hội đồng nhân dân tỉnh về nhiệm vụ phát triển kinh tế - xã hội, \
        Ủy ban nhân dân xã xây dựng kế hoạch như sau:\n1. Mỗi thôn cử một cán bộ giữ kỹ thuật, lễ phép; nhà cửa sạch sẽ.\n\
        2. Trẻ em được học; hỗ trợ những hộ khó khăn “bốn triệu đồng”, kỷ niệm ngày thương binh, bữa ăn, ngõ xóm.\n";

    /// All 134 Vietnamese letters that ASCII lacks.
    fn alphabet() -> Vec<char> {
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let vowels =
            "aăâeêioôơuưy".chars().flat_map(|v| tones.map(|t| format!("{v}{t}").nfc().collect::<String>()));
        let small: Vec<char> =
            vowels.chain(["đ".into()]).flat_map(|s| s.chars().collect::<Vec<_>>()).collect();
        let all = small.iter().flat_map(|c| std::iter::once(*c).chain(c.to_uppercase()));
        all.filter(|c| !c.is_ascii()).collect()
    }

    /// The byte for each letter, found by asking the decoder for all bytes.
    fn bytes_of(text: &str, table: fn(char) -> Option<char>) -> Option<Vec<u8>> {
        let byte = |c: char| (0..=255).find(|b| table(char::from(*b)) == Some(c));
        let plain = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
        let quote = |c: char| match c {
            '“' => Some(0x93),
            '”' => Some(0x94),
            _ => None,
        };
        text.chars().map(|c| byte(c).or_else(|| plain(c)).or_else(|| quote(c))).collect()
    }

    /// VNI as its inventors describe it: the letter, then one sign for all that stands above and below it.
    fn vni_of(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for c in text.chars() {
            let upper = c.is_uppercase();
            let c = c.to_lowercase().next().unwrap_or(c);
            let parts: Vec<char> = c.nfd().collect();
            let (mut base, mut quality, mut tone) = (parts[0], 0, 0);
            for mark in &parts[1..] {
                match mark {
                    '\u{302}' => quality = 1,
                    '\u{306}' => quality = 2,
                    '\u{31b}' => base = if base == 'o' { 'ô' } else { 'ö' },
                    tone_mark => {
                        tone = 1 + "\u{301}\u{300}\u{309}\u{303}\u{323}".find(*tone_mark).expect("a tone") / 2
                    }
                }
            }
            let spelt = match (base, quality, tone) {
                ('đ', ..) => "ñ".to_owned(),
                ('i', 0, n) => ["i", "í", "ì", "æ", "ó", "ò"][n].to_owned(),
                ('y', 0, 5) => "î".to_owned(),
                (_, 0, n) => format!("{base}{}", ["", "ù", "ø", "û", "õ", "ï"][n]),
                (_, 1, n) => format!("{base}{}", ["â", "á", "à", "å", "ã", "ä"][n]),
                (_, _, n) => format!("{base}{}", ["ê", "é", "è", "ú", "ü", "ë"][n]),
            };
            let spelt = if upper { spelt.to_uppercase() } else { spelt };
            out.extend(spelt.chars().map(|c| match c {
                '“' => 0x93,
                '”' => 0x94,
                c => u8::try_from(c).expect("Western European"),
            }));
        }
        out
    }

    #[test]
    fn every_letter_comes_back() {
        let all = alphabet();
        assert_eq!(all.len(), 134);
        for c in &all {
            let text = c.to_string();
            let viscii = bytes_of(&text, tables::viscii).unwrap_or_else(|| panic!("{c} in VISCII"));
            assert_eq!(Encoding::Viscii.decode(&latin(&viscii)), text);
            assert_eq!(Encoding::Vni.decode(&latin(&vni_of(&text))), text);
            // TCVN3 has no capitals with tones: those of a font for capitals stood in their place
            if let Some(tcvn3) = bytes_of(&text, tables::tcvn3) {
                assert_eq!(Encoding::Tcvn3.decode(&latin(&tcvn3)), text);
            } else {
                assert!(c.is_uppercase() && text.nfd().count() > 1, "{c} in TCVN3");
            }
        }
        let known =
            |table: fn(char) -> Option<char>| (0..=255).filter(|b| table(char::from(*b)).is_some()).count();
        assert_eq!((known(tables::viscii), known(tables::tcvn3)), (134, 67 + 7));
    }

    fn latin(bytes: &[u8]) -> String {
        bytes.iter().map(|b| char::from(*b)).collect()
    }

    #[test]
    fn whole_texts_are_recognised_and_come_back() {
        let plain = TEXT.replace('Ủ', "ủ");
        let tcvn3 = bytes_of(&plain, tables::tcvn3).expect("no capital with a tone");
        assert_eq!(from_bytes(&tcvn3), Some((plain.clone(), Encoding::Tcvn3)));
        assert_eq!(
            from_text(&latin(&tcvn3).replace('\u{93}', "“").replace('\u{94}', "”")),
            Some((plain.clone(), Encoding::Tcvn3))
        );
        let vni = vni_of(TEXT);
        assert_eq!(from_bytes(&vni), Some((TEXT.to_owned(), Encoding::Vni)));
        assert_eq!(
            from_text(&latin(&vni).replace('\u{93}', "“").replace('\u{94}', "”")),
            Some((TEXT.to_owned(), Encoding::Vni))
        );
        let text = TEXT.replace(['“', '”'], "\"");
        let viscii = bytes_of(&text, tables::viscii).expect("all letters");
        assert_eq!(from_bytes(&viscii), Some((text, Encoding::Viscii)));
    }

    #[test]
    fn every_line_of_a_text_is_recognised_by_itself() {
        for line in TEXT.lines().map(|line| line.replace(['“', '”'], "\"").replace('Ủ', "ủ")) {
            for bytes in [
                vni_of(&line),
                bytes_of(&line, tables::tcvn3).expect("no capital with a tone"),
                bytes_of(&line, tables::viscii).expect("all letters"),
            ] {
                assert_eq!(from_bytes(&bytes).map(|read| read.0).as_deref(), Some(line.as_str()));
            }
        }
    }

    #[test]
    fn capitals_of_capital_fonts_are_capitals() {
        let text = "ủY BAN NHÂN DÂN\nKế HOạCH\nSố: 05/KH-UBND\nphát triển kinh tế Xã hội, cả nước, mỗi nhà, PHụ LụC 1 và bảng\n";
        let bytes = bytes_of(text, tables::tcvn3).expect("no capital with a tone");
        let expected = "ỦY BAN NHÂN DÂN\nKẾ HOẠCH\nSố: 05/KH-UBND\nphát triển kinh tế Xã hội, cả nước, mỗi nhà, PHỤ LỤC 1 và bảng\n";
        assert_eq!(from_bytes(&bytes).map(|read| read.0).as_deref(), Some(expected));
    }

    #[test]
    fn names_of_fonts_make_little_evidence_enough() {
        let names = |names: &[&str]| of_fonts(names.iter().map(|name| (*name).to_owned()));
        assert_eq!(names(&["Arial", "ABCDEF+.VnTimeH"]), Some(Encoding::Tcvn3));
        assert_eq!(names(&["VNI-Times", "VNI-Helve"]), Some(Encoding::Vni));
        assert_eq!(names(&["TimesNewRoman", "VNTime"]), None);
        assert_eq!(names(&["VNI-Times", ".VnTime"]), None);
        for (encoding, text) in [(Encoding::Vni, "keá hoaïch"), (Encoding::Tcvn3, "KÕ ho¹ch")] {
            assert_eq!(of_text(text, None), None);
            assert_eq!(of_text(text, Some(encoding)), Some(encoding));
        }
        // no name makes Vietnamese of what is none, or unmakes what is
        assert_eq!(of_text("Déjà été là", Some(Encoding::Tcvn3)), None);
        assert_eq!(of_text("Kế hoạch có", Some(Encoding::Vni)), None);
    }

    #[test]
    fn clean_and_foreign_texts_are_left_alone() {
        let decomposed: String = TEXT.nfd().collect();
        let western = "là và có cá bà già mà nào cũ".replace('ũ', "ù"); // letters that Western European has, too
        let french =
            "Déjà été où l'élève âgé préféra la forêt à côté, çà et là; Noël naïf, cœur, août, même après.";
        let garbled =
            "Uy ban nhan din xi giao cng chirc vin héa chii tri té chirc thuc hién ké hoach nay, thé, bé";
        for text in [TEXT, &decomposed, &western, french, garbled, "Ke hoach", "", "½ × 3 µm ± 2 §"] {
            assert_eq!(from_text(text), None, "{text}");
        }
        // each of its words alone would do in TCVN3
        assert_eq!(
            from_text(&format!("{} ế", latin(&vni_of(TEXT)))),
            None,
            "one letter of Unicode settles it"
        );
        let bytes: Vec<u8> =
            french.replace('œ', "oe").chars().map(|c| u8::try_from(c).expect("Latin-1")).collect();
        assert_eq!(from_bytes(&bytes), None);
        let noise: Vec<u8> = (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(from_bytes(&noise), None);
    }
}
