//! Amounts of money in figures, their value in đồng, and whether the words beside them say the same.
//!
//! ```text
//! 1,5 tỷ đồng                                          1 500 000 000
//! 3 tỷ 865 triệu đồng                                  3 865 000 000
//! 45.600.000 đồng (Bốn mươi lăm triệu sáu trăm nghìn)  45 600 000, and the words agree
//! ```
//!
//! Vietnamese figures part thousands with a point and decimals with a comma. Amounts in other currencies, and figures whose
//! unit stands in the head of a table (*triệu đồng*), are not listed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::fold;

/// One amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes, figures and unit.
    pub at: Range<usize>,
    /// In đồng.
    pub value: u64,
    /// What the words in brackets behind it say, in đồng, where there are such words.
    pub words: Option<u64>,
}

/// Figures with their unit, and the words in brackets behind them.
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let figure = r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,6})?|[0-9]{1,15}(?:,[0-9]{1,6})?";
    let part = format!(r"(?:{figure})\s*(?:tỷ|tỉ|triệu|nghìn|ngàn)");
    Regex::new(&format!(
        r"(?P<sum>(?:{part}\s+){{0,3}}(?:{part}|{figure})\s*(?:đồng|VNĐ|VND|vnđ|đ|₫))(?:\b|[^\pL]|$)(?:\s*\((?P<words>[^()0-9]{{6,160}})\))?"
    ))
    .ok()
});

static PART: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([0-9][0-9.]*)(?:,([0-9]{1,6}))?\s*(tỷ|tỉ|triệu|nghìn|ngàn)?").ok());

/// The amounts in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let Some(re) = AMOUNT.as_ref().filter(|_| super::scan::holds_digit(text)) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = figures(text, from) {
        let Some(found) = re.captures_at(text, start) else { break };
        from = found.get(0).map_or(text.len(), |all| all.end());
        out.extend(amount(text, &found));
    }
    out
}

fn amount(text: &str, found: &Captures<'_>) -> Option<Found> {
    let sum = found.name("sum")?;
    // the end of a longer number, or of a document's (34/2020 đồng chí)
    let before = text[..sum.start()].chars().next_back();
    let joined = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | '-'));
    let person = sum.as_str().ends_with("đồng")
        && text[sum.end()..].trim_start().starts_with(['c', 'b', 'n', 'k', 't']);
    if joined || person && comrades(&text[sum.end()..]) {
        return None;
    }
    let words = found.name("words").and_then(|w| spelt(w.as_str()));
    Some(Found { at: sum.range(), value: value(sum.as_str())?, words })
}

/// Where the figures before the first unit behind `from` begin, at the latest: no amount begins between `from` and there. Hardly
/// any paragraph names money, and the search for an amount is slow.
fn figures(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = |at: &usize| match bytes[*at] {
        0xC4 => bytes.get(at + 1) == Some(&0x91),
        b => matches!(b, b'V' | b'v' | 0xE2),
    };
    let digit = from + bytes[from..].iter().position(u8::is_ascii_digit)?;
    let mut units = (digit..text.len()).filter(first).filter(|at| follows(&bytes[digit..*at]));
    let unit = units.find(|at| {
        let Some(before) = text.get(digit..*at).map(str::trim_end) else { return false };
        (before.ends_with(|c: char| c.is_ascii_digit()) || SCALES.iter().any(|s| before.ends_with(s)))
            && UNITS.iter().any(|unit| {
                text.get(*at..)
                    .and_then(|rest| rest.strip_prefix(unit))
                    .is_some_and(|after| *unit == "₫" || !after.starts_with(is_letter))
            })
    })?;
    let part = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(c, '.' | ',')
            || SCALES.iter().any(|s| s.contains(c))
    };
    Some(from + text[from..unit].trim_end_matches(part).len())
}

/// Whether a unit may stand behind `before`, by its last letter: that of figures or of one of [`SCALES`].
fn follows(before: &[u8]) -> bool {
    let last = before.iter().rev().find(|b| !b.is_ascii_whitespace());
    last.is_some_and(|b| b.is_ascii_digit() || matches!(b, b'u' | b'n') || !b.is_ascii())
}

/// Whether `c` is a letter of the Latin script.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\0'..'\u{300}' | '\u{1e00}'..'\u{1f00}')
}

const UNITS: [&str; 6] = ["đồng", "VNĐ", "VND", "vnđ", "đ", "₫"];
const SCALES: [&str; 5] = ["tỷ", "tỉ", "triệu", "nghìn", "ngàn"];

/// Whether *đồng* begins another word: `05 đồng chí`, `02 đồng bào`.
fn comrades(after: &str) -> bool {
    let after = after.trim_start();
    ["chí", "bào", "nghiệp", "khởi", "thời"].iter().any(|w| after.starts_with(w))
}

/// The value of figures such as `3 tỷ 865 triệu đồng`, in đồng.
fn value(figures: &str) -> Option<u64> {
    let mut sum = 0_u64;
    for part in PART.as_ref()?.captures_iter(figures) {
        let whole: String = part.get(1)?.as_str().chars().filter(char::is_ascii_digit).collect();
        let unit: u64 = match part.get(3).map(|u| u.as_str()) {
            Some("tỷ" | "tỉ") => 1_000_000_000,
            Some("triệu") => 1_000_000,
            Some(_) => 1_000,
            None => 1,
        };
        sum = sum.checked_add(whole.parse::<u64>().ok()?.checked_mul(unit)?)?;
        if let Some(decimals) = part.get(2) {
            let scale = 10_u64.pow(u32::try_from(decimals.len()).ok()?);
            sum = sum.checked_add(decimals.as_str().parse::<u64>().ok()?.checked_mul(unit)? / scale)?;
        }
    }
    Some(sum)
}

/// A number in words: *Mười hai tỷ năm trăm triệu đồng chẵn*. `None` where a word is none of a number's.
fn spelt(text: &str) -> Option<u64> {
    let said = fold::words(text);
    // below a thousand, below the next unit, and all that is above
    let (mut small, mut group, mut sum) = (0_u64, 0_u64, 0_u64);
    let mut digit: Option<u64> = None;
    for word in said.split(' ') {
        if let Some(value) = digit_of(word) {
            // "hai lăm": the ten is left out when speaking
            small = small.checked_add(digit.take().unwrap_or(0).checked_mul(10)?)?;
            digit = Some(value);
            continue;
        }
        let (scale, above): (u64, bool) = match word {
            "muoi" => (10, false),
            "tram" => (100, false),
            "nghin" | "ngan" => (1_000, true),
            "trieu" => (1_000_000, true),
            "ty" | "ti" => (1_000_000_000, true),
            "dong" | "chan" | "linh" | "le" | "bang" | "chu" | "viet" => continue,
            _ => return None,
        };
        if above {
            let count = small
                .checked_add(digit.take().unwrap_or(0))?
                .max(u64::from(group == 0 && small == 0 && digit.is_some()));
            small = 0;
            if scale == 1_000_000_000 {
                sum = sum.checked_add(group.checked_add(count)?.checked_mul(scale)?)?;
                group = 0;
            } else {
                group = group.checked_add(count.checked_mul(scale)?)?;
            }
        } else {
            let count = digit.take().unwrap_or(u64::from(scale == 10));
            small = small.checked_add(count.checked_mul(scale)?)?;
        }
    }
    let rest = small.checked_add(digit.unwrap_or(0))?;
    sum.checked_add(group)?.checked_add(rest).filter(|v| *v > 0)
}

fn digit_of(word: &str) -> Option<u64> {
    Some(match word {
        "khong" => 0,
        "mot" => 1,
        "hai" => 2,
        "ba" => 3,
        "bon" | "tu" => 4,
        "nam" | "lam" | "nham" => 5,
        "sau" => 6,
        "bay" => 7,
        "tam" => 8,
        "chin" => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(&str, u64, Option<u64>)> {
        find(text).into_iter().map(|f| (&text[f.at], f.value, f.words)).collect()
    }

    #[test]
    fn figures_of_all_forms() {
        assert_eq!(
            values(
                "Ngân sách 1,5 tỷ đồng/năm; 50.000 triệu đồng; 3 tỷ 865 triệu đồng; 500.000đ/đội, 20 nghìn VNĐ."
            ),
            [
                ("1,5 tỷ đồng", 1_500_000_000, None),
                ("50.000 triệu đồng", 50_000_000_000, None),
                ("3 tỷ 865 triệu đồng", 3_865_000_000, None),
                ("500.000đ", 500_000, None),
                ("20 nghìn VNĐ", 20_000, None),
            ]
        );
    }

    #[test]
    fn words_beside_figures() {
        assert_eq!(
            values("Tổng 45.600.000 đồng (Bốn mươi lăm triệu sáu trăm nghìn đồng)."),
            [("45.600.000 đồng", 45_600_000, Some(45_600_000))]
        );
        assert_eq!(spelt("Ba tỷ tám trăm sáu mươi lăm triệu đồng chẵn"), Some(3_865_000_000));
        assert_eq!(spelt("Một trăm linh năm nghìn hai trăm mười một đồng"), Some(105_211));
        assert_eq!(spelt("nguồn ngân sách tỉnh"), None);
    }

    #[test]
    fn people_are_no_money() {
        assert!(values("Gồm 05 đồng chí; 02 đồng bào; 12 đợt; điểm đ khoản 2").is_empty());
    }
}
