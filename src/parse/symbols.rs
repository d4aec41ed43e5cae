//! Numbers and symbols of documents: `481/KH-UBND`, `63/2010/NĐ-CP`, `41-KH/HU`, `72/2025/QH15`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::fold_char;

/// A part of a symbol: UBND, CTr, QH15, BGDĐT, TTg.
const PART: &str = r"[A-ZĐÐƯƠÂÊÔ][A-Za-zĐđÐƯưƠơÂâÊêÔôÁá&.]{0,14}[0-9]{0,3}";

/// Symbols of kinds that the forms before 2005 wrote after a space: `112 KH/TS`, `33 QĐ/UB`.
const OLD: &str = "(?:KH|QĐ|CT|NQ|NĐ|TT|CV|TB|HD|BC|TTr|CTr|CP|TTg)";

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let state = format!(r"[0-9]{{1,6}}[a-zđ]?(?:/(?:19|20)[0-9]{{2}})?/{PART}(?:-{PART}){{0,5}}");
    let party = format!(r"[0-9]{{1,6}} ?-{PART}/{PART}(?:-{PART}){{0,3}}");
    let old = format!(r"[0-9]{{1,6}} {OLD}/{PART}(?:-{PART}){{0,3}}");
    Regex::new(&format!("(?:{state}|{party}|{old})")).ok()
});

/// The number line of a letterhead: `Số: 481/KH-UBND`, `Số 41-KH/HU`, `Số:      /KH-UBND`.
static HEADED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let rest = format!(r"(?:(?:/(?:19|20)[0-9]{{2}})? ?[/-] ?{PART}| {OLD}/{PART})(?: ?[-/] ?{PART}){{0,5}}");
    Regex::new(&format!(r"(?:^|\s)[Ss$5](?:6[:;.,]?\s|6[:;.,]|[^\s0-9/]{{0,2}}\s?[:;.,]?)\s{{0,4}}([0-9lIO]{{0,6}}[a-zđ]?\s?{rest})")).ok()
});

/// A symbol with its number, as found in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Symbol {
    /// Its bytes in the text.
    pub at: Range<usize>,
    /// As printed, without spaces.
    pub number: String,
}

/// All document numbers in `text`, in order.
pub(super) fn find_all(text: &str) -> Vec<Symbol> {
    // every number has a slash before a capital: most paragraphs need no search
    let capital = |b: u8| b.is_ascii_uppercase() || !b.is_ascii();
    if !text.as_bytes().windows(2).any(|pair| pair[0] == b'/' && capital(pair[1])) {
        return Vec::new();
    }
    let Some(re) = NUMBER.as_ref() else { return Vec::new() };
    re.find_iter(text)
        .filter_map(|m| {
            let before = text[..m.start()].chars().next_back();
            let printed = m.as_str().trim_end_matches('.');
            let end = m.start() + printed.len();
            let after = text[end..].chars().next();
            // a digit, slash, dot or colon before it: part of a date, a quantity or a standard (QCVN 01:2009/BTNMT)
            let joined =
                before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | ',' | ':' | '-'));
            let goes_on = after.is_some_and(|c| c.is_alphanumeric() || c == '/');
            (!joined && !goes_on).then(|| Symbol { at: m.start()..end, number: tight(printed) })
        })
        .collect()
}

/// The number line of a letterhead in `text`: the bytes of the whole match and the number, `None` where only the
/// symbol is printed (the number left to be filled in by hand).
pub(super) fn headed(text: &str) -> Option<(Range<usize>, Option<String>)> {
    let found = HEADED.as_ref()?.captures(text)?;
    let number = found.get(1)?;
    let printed = tight(number.as_str().trim_end_matches('.'));
    let whole = found.get(0)?.range();
    let start = whole.start + (text[whole.clone()].len() - text[whole.clone()].trim_start().len());
    let end = number.start() + number.as_str().trim_end_matches('.').len();
    let known = printed.starts_with(|c: char| c.is_ascii_digit());
    Some((start..end, known.then_some(printed)))
}

/// A number without spaces, but for the one that parts number and kind in the old form.
fn tight(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    for word in printed.split_whitespace() {
        let apart = out.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(char::is_uppercase);
        if apart {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The symbol of a number, without the number and the year: `63/2010/NĐ-CP` → `NĐ-CP`.
pub(super) fn symbol_of(number: &str) -> &str {
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_lowercase());
    let rest = rest.trim_start_matches(['/', '-', ' ']);
    match rest.split_once('/') {
        Some((year, symbol)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => symbol,
        _ => rest,
    }
}

/// `number`, read from an image, with the last part of its symbol as `body` is called, where the two differ in marks and in letters read
/// twice alone: `46/KH-UBNDĐ` of a body called UBND. `None` where there is nothing to mend.
pub(super) fn mended(number: &str, body: &str) -> Option<String> {
    let (head, last) = number.split_at(number.rfind(['-', '/'])? + 1);
    let base = |part: &str| {
        let mut out: Vec<char> = part.chars().map(|c| fold_char(c) as char).collect();
        out.dedup();
        out
    };
    (last != body && base(last) == base(body)).then(|| format!("{head}{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        find_all(text).into_iter().map(|s| s.number).collect()
    }

    #[test]
    fn numbers_of_all_kinds() {
        let text = "Nghị định số 63/2010/NĐ-CP, Luật số 72/2025/QH15; Kế hoạch 41-KH/HU; 30c/NQ-CP; số 26/2011/TTLT-BNNPTNT-BKHĐT-BTC. Đề án 06/CP.";
        assert_eq!(
            numbers(text),
            [
                "63/2010/NĐ-CP",
                "72/2025/QH15",
                "41-KH/HU",
                "30c/NQ-CP",
                "26/2011/TTLT-BNNPTNT-BKHĐT-BTC",
                "06/CP"
            ]
        );
    }

    #[test]
    fn quantities_and_standards_are_no_numbers() {
        assert!(numbers("24/24 giờ, ngày 15/7/2021, 02 lần/tuần, QCVN 01:2009/BTNMT, 13/17 xã").is_empty());
    }

    #[test]
    fn letters_read_twice_and_marks_are_mended() {
        let mend = |number, body| mended(number, body);
        assert_eq!(mend("46/KH-UBNDĐ", "UBND").as_deref(), Some("46/KH-UBND"));
        assert_eq!(mend("41-KH/HƯU", "HU").as_deref(), Some("41-KH/HU"));
        assert_eq!(mend("46/KH-UBNĐ", "UBND").as_deref(), Some("46/KH-UBND"));
        for kept in ["46/KH-UBND", "46/KH-SNV", "46/KH-UBND-VX", "46"] {
            assert_eq!(mend(kept, "UBND"), None);
        }
    }

    #[test]
    fn number_lines_of_letterheads() {
        let number = |t| headed(t).and_then(|(_, n)| n);
        assert_eq!(number("Số: 481/KH-UBND").as_deref(), Some("481/KH-UBND"));
        assert_eq!(number("Số 41-KH/HU Hương Khê").as_deref(), Some("41-KH/HU"));
        assert_eq!(number("S6: 12 /KH-UBND").as_deref(), Some("12/KH-UBND"));
        assert_eq!(headed("Số:    /KH-UBND").map(|h| h.1), Some(None));
        assert_eq!(symbol_of("63/2010/NĐ-CP"), "NĐ-CP");
        assert_eq!(number("Số: 112 KH/TS").as_deref(), Some("112 KH/TS"));
        assert_eq!(symbol_of("41-KH/HU"), "KH/HU");
        assert_eq!(symbol_of("112 KH/TS"), "KH/TS");
    }
}
