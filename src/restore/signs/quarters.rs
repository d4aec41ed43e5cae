//! Quarters of a year: of I, II, III, IV only four can stand after *quý*, so whatever their strokes were read as, the right one can be told.
//!
//! `Quý TĨ năm 2022` is `Quý II năm 2022`, `Quý HH` is `Quý III`, and in `Quý I, 11 năm 2024` the count goes on. A quarter that is written `quý 2` stays.

use super::Token;
use crate::model::{normal, roman};
use crate::restore::footnotes::Mark;
use crate::restore::token;

/// So many letters are strokes of one numeral at most; `[ĨIÌ` still is III.
const LONGEST: usize = 5;

/// The quarter whose numeral was read as `seen`. Its strokes lean together (`H`, `N`), gain bars (`T`) or marks.
fn quarter(seen: &str) -> Option<u8> {
    let mut ones = 0u8;
    let mut five = false;
    for c in seen.chars() {
        match c {
            // nothing after the five is smaller than it
            _ if five => return None,
            'H' => ones += 2,
            'V' => five = true,
            '1' | 'I' | 'l' | '|' | '!' | '[' | ']' | 'J' | 'T' | 'Ì' | 'Í' | 'Ỉ' | 'Ĩ' | 'Ị' | 'Ï' => {
                ones += 1
            }
            _ => return None,
        }
    }
    match (ones, five) {
        (1, true) => Some(4),
        // a single stroke may be a one, too
        (1, false) => (seen == "I").then_some(1),
        (2 | 3, false) => Some(ones),
        (4, false) => Some(3),
        _ => None,
    }
}

/// A token without the marks after it. A bracket may be a stroke.
fn bare(text: &str) -> &str {
    text.trim_end_matches([',', ';', '.', ':', ')'])
}

/// The quarters of a page that were read amiss.
pub(super) fn repairs(tokens: &[Token]) -> Vec<Mark> {
    let mut out = Vec::new();
    // The quarter that was read last, while a list of them goes on.
    let mut last: Option<u8> = None;
    for (i, t) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).map_or("", |i| tokens[i].text);
        let named = normal::strip_marks(before).to_lowercase() == "quy";
        let goes_on = last.is_some() && (before.ends_with(',') || before == "và");
        if !(named || goes_on) {
            // `và` and `quý` may stand between two of them
            last = last.filter(|_| matches!(t.text, "và") || t.text.to_lowercase() == "quý");
            continue;
        }
        // 2021/IV, IV/2021: the year is no part of the numeral
        let seen = bare(t.text.split('/').next().unwrap_or_default());
        let short = (1..=LONGEST).contains(&seen.chars().count());
        let found =
            Some(seen).filter(|_| short).and_then(quarter).filter(|q| last.is_none_or(|l| *q > l || named));
        if let Some(q) = found
            && !token::is_roman(seen)
        {
            out.push(Mark { span: t.at..t.at + seen.len(), text: roman::numeral(q) });
        }
        last = found;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(raw: &str) -> String {
        let mut text = raw.to_owned();
        for mark in repairs(&super::super::tokens(raw)).into_iter().rev() {
            text.replace_range(mark.span, &mark.text);
        }
        text
    }

    #[test]
    fn of_four_numerals_the_right_one_can_be_told() {
        for (raw, wanted) in [
            ("Quý TĨ năm 2022.", "Quý II năm 2022."),
            ("Quý TV năm 2021", "Quý IV năm 2021"),
            ("Quy [V nam 2021", "Quy IV nam 2021"),
            ("trong quý IT/2020 và quý HH/2020", "trong quý II/2020 và quý III/2020"),
            ("Quý I, 11 năm 2024", "Quý I, II năm 2024"),
            ("quý I, II, 111 và IY; 11 cuộc", "quý I, II, III và IY; 11 cuộc"),
        ] {
            assert_eq!(repaired(raw), wanted);
        }
        let kept =
            "quý 1 năm 2024; quý I năm 2024; quý 2, 11 cuộc; quý I, 1 cuộc; Quý vị; quý T; quý III, 11 cuộc";
        assert_eq!(repaired(kept), kept);
    }
}
