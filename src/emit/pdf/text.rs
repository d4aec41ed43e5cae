//! The layer as operators of a content stream, and the codes that its strings are made of.
//!
//! A code is the character itself in UTF-16 (big-endian); characters beyond 16 bits take codes of the private use area that the
//! document does not use, and the map to Unicode says what they are. For each line one matrix, for each word its width (`Tz`), its string with a
//! space behind it, and the step to the next one:
//!
//! ```text
//! q 0.24 0 0 -0.24 0 842 cm BT 3 Tr /F 38 Tf 1 0 0 -1 310 402 Tm 96 Tz (...)Tj 84 0 Td 102 Tz (...)Tj ... ET Q
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::glyphless;
use super::layer::{Layer, LayerLine};

/// The codes in use.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// High bytes of the codes that are their characters.
    pages: BTreeSet<u8>,
    /// Characters beyond 16 bits, or in the private use area.
    others: BTreeMap<char, u16>,
}

/// Codes for characters that have none of their own.
const PRIVATE: std::ops::RangeInclusive<u16> = 0xE000..=0xF8FF;

impl Codes {
    fn of(&mut self, c: char) -> u16 {
        match u16::try_from(u32::from(c)) {
            Ok(code) if !PRIVATE.contains(&code) => {
                self.pages.insert((code >> 8) as u8);
                code
            }
            _ => {
                let next = PRIVATE.start() + self.others.len() as u16;
                // more kinds of such characters than a document ever has share one code
                *self.others.entry(c).or_insert(next.min(*PRIVATE.end()))
            }
        }
    }

    /// The map from codes to Unicode.
    pub fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let pages: Vec<u8> = self.pages.iter().copied().collect();
        for some in pages.chunks(100) {
            let _ = writeln!(map, "{} beginbfrange", some.len());
            for high in some {
                let _ = writeln!(map, "<{high:02X}00> <{high:02X}FF> <{high:02X}00>");
            }
            map.push_str("endbfrange\n");
        }
        let others: Vec<(&char, &u16)> = self.others.iter().collect();
        for some in others.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", some.len());
            for (c, code) in some {
                let mut units = [0; 2];
                let hex: String =
                    c.encode_utf16(&mut units).iter().map(|unit| format!("{unit:04X}")).collect();
                let _ = writeln!(map, "<{code:04X}> <{hex}>");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// The operators that lay `layer` over a page, in a font that the page's resources call `font`; `matrix` takes pixels to where the page draws.
pub(super) fn operators(layer: &Layer, matrix: [f64; 6], font: &str, codes: &mut Codes) -> Vec<u8> {
    let mut out = Vec::new();
    let matrix: Vec<String> = matrix.iter().map(|v| number(*v, 6)).collect();
    out.extend(format!("q {} cm BT 3 Tr\n", matrix.join(" ")).bytes());
    for line in &layer.lines {
        self::line(line, layer, font, codes, &mut out);
    }
    out.extend(b"ET Q\n");
    out
}

fn line(line: &LayerLine, layer: &Layer, font: &str, codes: &mut Codes, out: &mut Vec<u8>) {
    // a pixel is fine enough where there are many of them
    let places = if layer.dpi >= 150.0 { 0 } else { 1 };
    let round = |v: f32| {
        let unit = 10_f32.powi(places);
        (v * unit).round() / unit
    };
    let size = round(line.size).max(1.0);
    let Some(first) = line.words.first() else { return };
    let axes = layer.axes();
    let (cos, sin) = axes.along;
    let (x, y) = axes.on_page(round(first.start), round(line.baseline));
    // text runs along the axis and stands up against the one across it
    let [a, b, c, d] = [cos, sin, sin, -cos].map(|v| number(f64::from(v), 5));
    let [x, y] = [x, y].map(|v| number(f64::from(v), 1));
    out.extend(format!("/{font} {} Tf {a} {b} {c} {d} {x} {y} Tm\n", number(f64::from(size), 1)).bytes());
    let mut at = round(first.start);
    for (i, word) in line.words.iter().enumerate() {
        if i > 0 {
            let start = round(word.start);
            out.extend(format!("{} 0 Td ", number(f64::from(start - at), 1)).bytes());
            at = start;
        }
        let natural = word.text.chars().count().max(1) as f32 * size * f32::from(glyphless::WIDTH) / 1000.0;
        let wide = ((word.end - word.start) / natural * 100.0).clamp(1.0, 10_000.0);
        out.extend(format!("{} Tz(", number(f64::from(wide), usize::from(wide < 20.0))).bytes());
        for c in word.text.chars().chain([' ']) {
            for byte in codes.of(c).to_be_bytes() {
                match byte {
                    b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
                    b'\r' => out.extend(b"\\r"),
                    b'\n' => out.extend(b"\\n"),
                    byte => out.push(byte),
                }
            }
        }
        out.extend(b")Tj\n");
    }
}

/// A number with at most so many decimals and nothing that it could do without.
pub(super) fn number(v: f64, decimals: usize) -> String {
    let mut text = format!("{v:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::placed::tests::page;

    #[test]
    fn words_stand_where_they_were_read() {
        let layer = Layer { dpi: 300.0, ..Layer::of(&page()) };
        let mut codes = Codes::default();
        let text = operators(&layer, [0.72, 0.0, 0.0, -0.72, 0.0, 576.0], "F", &mut codes);
        let shown = String::from_utf8_lossy(&text);
        assert!(
            shown.starts_with("q 0.72 0 0 -0.72 0 576 cm BT 3 Tr\n/F 20 Tf 1 0 0 -1 100 116 Tm\n"),
            "{shown}"
        );
        assert!(shown.contains("60 0 Td 100 Tz(\0t\u{1e}"), "{shown:?}");
        let map = codes.to_unicode();
        assert!(
            map.contains("2 beginbfrange\n<0000> <00FF> <0000>\n<1E00> <1EFF> <1E00>\nendbfrange"),
            "{map}"
        );
    }

    #[test]
    fn rare_characters_have_codes_of_their_own() {
        let mut codes = Codes::default();
        assert_eq!(['a', '𠀋', '\u{e000}', '𠀋'].map(|c| codes.of(c)), [0x61, 0xE000, 0xE001, 0xE000]);
        assert!(
            codes.to_unicode().contains("<E000> <D840DC0B>\n<E001> <E000>")
                || codes.to_unicode().contains("<E001> <E000>\n<E000> <D840DC0B>")
        );
    }

    #[test]
    fn numbers_are_short() {
        let shown = [(0.0, 2), (-0.001, 2), (1.5, 3), (100.0, 2), (-12.25, 1)].map(|(v, d)| number(v, d));
        assert_eq!(shown, ["0", "0", "1.5", "100", "-12.2"]);
    }
}
