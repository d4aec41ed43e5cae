//! What every document says in the same words: the country's name and motto, issuers, heads of signatures, the date.
//!
//! Of such a phrase one word in four may have been misread beyond recognition; the others tell which it was, if what was read looks at all like it.
//! In a date the words around the numbers are as fixed. Only words that the decoder was not sure of are touched, and numbers never.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::restorer::Choice;
use super::token::{self, Case};
use super::units::Unit;
use crate::model::normal::strip_marks;

/// The phrases, in the words of the decrees on paperwork (30/2020/NĐ-CP and its forerunners) and of the parties and unions.
const PHRASES: [&str; 18] = [
    "cộng hòa xã hội chủ nghĩa việt nam",
    "độc lập tự do hạnh phúc",
    "đảng cộng sản việt nam",
    "đoàn tncs hồ chí minh",
    "đoàn thanh niên cộng sản hồ chí minh",
    "ban chấp hành đảng bộ",
    "ủy ban mặt trận tổ quốc việt nam",
    "tổng liên đoàn lao động việt nam",
    "hội liên hiệp phụ nữ việt nam",
    "hội nông dân việt nam",
    "hội cựu chiến binh việt nam",
    "thường trực hội đồng nhân dân",
    "chủ tịch ủy ban nhân dân",
    "phó chủ tịch ủy ban nhân dân",
    "văn phòng hội đồng nhân dân và ủy ban nhân dân",
    "căn cứ luật tổ chức chính quyền địa phương",
    "luật ban hành văn bản quy phạm pháp luật",
    "theo đề nghị của",
];

/// A word that is this certain is left alone.
const SURE: f32 = 0.97;
/// A word of a phrase is trusted so much.
const TRUST: f32 = 0.99;
/// What stands before the number of a month, and how sure that is.
const MONTH: &str = "tháng";
const SURE_OF_MONTH: f32 = 0.95;
/// How sure the number of a month is that was read as letters.
const UNSURE: f32 = 0.3;
/// So alike (1 for equal, 0 for nothing in common), marks and case aside, a misread word must be to the word that is due.
const ALIKE: f64 = 0.5;

type Places = FxHashMap<&'static str, Vec<(usize, usize)>>;

/// Words of each phrase, and where each word stands.
static KNOWN: LazyLock<(Vec<Vec<&str>>, Places)> = LazyLock::new(|| {
    let phrases: Vec<Vec<&str>> = PHRASES.iter().map(|p| p.split(' ').collect()).collect();
    let mut places = Places::default();
    for (p, words) in phrases.iter().enumerate() {
        for (k, word) in words.iter().enumerate() {
            places.entry(word).or_default().push((p, k));
        }
    }
    (phrases, places)
});

/// Mends the phrases among the choices of a page.
pub fn repair(raw: &str, units: &[Unit], choices: &mut [Choice]) {
    for i in 0..choices.len() {
        if choices[i].posterior < SURE {
            if let Some(word) = due(raw, units, choices, i) {
                mend(&mut choices[i], word);
            } else if let Some((text, sure)) = month(raw, units, choices, i) {
                replace(&mut choices[i], text, sure);
            }
        }
    }
}

fn shape(text: &str) -> String {
    strip_marks(&text.to_lowercase())
}

/// What was read of a choice.
fn observed<'r>(raw: &'r str, units: &[Unit], choice: &Choice) -> &'r str {
    let span = |i: usize| units.get(i).map(|u| u.span.clone()).unwrap_or_default();
    raw.get(span(choice.unit).start..span(choice.unit + choice.units - 1).end).unwrap_or_default()
}

fn alike(a: &str, b: &str) -> bool {
    strsim::normalized_levenshtein(&shape(a), &shape(b)) >= ALIKE
}

/// Whether two choices stand next to each other in one line.
fn adjoin(raw: &str, units: &[Unit], a: &Choice, b: &Choice) -> bool {
    let end = units.get(a.unit + a.units - 1).map_or(0, |u| u.span.end);
    let start = units.get(b.unit).map_or(0, |u| u.span.start);
    raw.get(end..start).is_some_and(|gap| !gap.contains('\n'))
}

/// The word of a phrase that must stand at `i`, if its other words stand around it.
fn due(raw: &str, units: &[Unit], choices: &[Choice], i: usize) -> Option<&'static str> {
    let (phrases, places) = &*KNOWN;
    for near in [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter(|n| *n < choices.len()) {
        let word = token::canonical(&choices[near].text);
        for (p, k) in places.get(word.as_str()).into_iter().flatten() {
            let phrase = &phrases[*p];
            let Some(window) =
                near.checked_sub(*k).and_then(|s| Some((s, choices.get(s..s + phrase.len())?)))
            else {
                continue;
            };
            let (start, window) = window;
            if !(start..start + phrase.len()).contains(&i)
                || !window.windows(2).all(|w| adjoin(raw, units, &w[0], &w[1]))
            {
                continue;
            }
            let wrong: Vec<usize> =
                (0..phrase.len()).filter(|j| token::canonical(&window[*j].text) != phrase[*j]).collect();
            let might = |j: &usize| {
                window[*j].posterior < SURE && alike(observed(raw, units, &window[*j]), phrase[*j])
            };
            if wrong.len() * 4 <= phrase.len() && wrong.iter().all(might) {
                return Some(phrase[i - start]);
            }
        }
    }
    None
}

/// What stands between the day and the year of a date (`ngày 06 thing3 năm 2024`): *tháng*, with what follows it in the same choice, and how sure that is.
/// A number of the month that was read as letters is set apart; it is read as digits only where one reading alone is possible.
fn month(raw: &str, units: &[Unit], choices: &[Choice], i: usize) -> Option<(String, f32)> {
    let number =
        |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    // a word and its number may be one choice or two
    let words = |range: std::ops::Range<usize>| -> Vec<&str> {
        choices[range].iter().flat_map(|c| c.text.split(' ')).collect()
    };
    let before = words(i.saturating_sub(2)..i);
    let after = words(i..choices.len().min(i + 4));
    let [.., day, of_day] = before[..] else { return None };
    if shape(day) != "ngay" || !number(of_day, 2) || !adjoin(raw, units, &choices[i - 1], &choices[i]) {
        return None;
    }
    let is_year = |word: &str, number_of: &str| shape(word) == "nam" && number(number_of, 4);
    match after[..] {
        [word, month, year, of_year, ..]
            if alike(word, MONTH) && number(month, 2) && is_year(year, of_year) =>
        {
            let with_it = choices[i].text.contains(' ');
            Some((if with_it { format!("{MONTH} {month}") } else { MONTH.into() }, SURE_OF_MONTH))
        }
        [_, year, of_year, ..] if is_year(year, of_year) => {
            let read = observed(raw, units, &choices[i]);
            let (head, rest) = read.split_at(read.char_indices().nth(5)?.0);
            if rest.chars().count() > 2 || shape(head) != "thang" {
                return None;
            }
            let date = (of_day.parse().ok()?, of_year.parse().ok()?);
            let proven = proven(rest, date, choices);
            Some((format!("{MONTH} {}", proven.as_deref().unwrap_or(rest)), UNSURE))
        }
        _ => None,
    }
}

/// The month that `read` must be: the only one whose digits look like what was read, and which is not before the documents that this one cites, as no
/// document cites a later one. `None` if there are several or none.
fn proven(read: &str, (day, year): (u32, u32), choices: &[Choice]) -> Option<String> {
    let digits = |c: char| match c {
        '0'..='9' => vec![c],
        'o' | 'O' | 'Q' => vec!['0'],
        'l' | 'I' | '|' | 'i' => vec!['1'],
        'z' | 'Z' => vec!['2'],
        's' | 'S' => vec!['5', '8'],
        'b' => vec!['6'],
        'B' => vec!['8'],
        'g' | 'q' => vec!['9'],
        _ => Vec::new(),
    };
    let mut months = vec![String::new()];
    for c in read.chars() {
        months = months.iter().flat_map(|m| digits(c).into_iter().map(move |d| format!("{m}{d}"))).collect();
    }
    let cited = cited(choices);
    let mut possible = months.into_iter().filter(|month| {
        let month = month.parse().unwrap_or(0);
        (1..=12).contains(&month) && cited.is_none_or(|latest| latest <= (year, month, day))
    });
    possible.next().filter(|_| possible.next().is_none())
}

/// The latest date of a document that is cited with its symbol: year, month, day.
fn cited(choices: &[Choice]) -> Option<(u32, u32, u32)> {
    let date = |text: &str| -> Option<(u32, u32, u32)> {
        let mut parts = text.split('/').map(|p| p.parse().ok());
        let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some((year, month, day))
    };
    let is_symbol = |c: &Choice| token::class_of(&c.text) == token::Class::Symbol;
    let cites = choices.windows(3).filter(|w| is_symbol(&w[0]) && shape(&w[1].text) == "ngay");
    cites.filter_map(|w| date(&w[2].text)).max()
}

fn mend(choice: &mut Choice, word: &str) {
    let new = match token::case_of(&choice.text) {
        _ if token::canonical(&choice.text) == word => choice.text.to_string(),
        Case::Mixed => word.to_owned(),
        case => token::recase(word, case),
    };
    replace(choice, new, TRUST);
}

fn replace(choice: &mut Choice, new: String, sure: f32) {
    choice.posterior = sure;
    if *choice.text != *new {
        let old = std::mem::replace(&mut choice.text, new.into());
        choice.runner_up = Some((old.into_owned(), 1.0 - sure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::units::units;

    fn repaired(raw: &str, sure: f32) -> String {
        let units = units(raw, &[]);
        let mut choices: Vec<Choice> = (0..units.len())
            .map(|unit| Choice {
                unit,
                units: 1,
                text: raw[units[unit].span.clone()].into(),
                posterior: sure,
                runner_up: None,
                evidence: None,
            })
            .collect();
        repair(raw, &units, &mut choices);
        choices.iter().map(|c| &*c.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_word_in_four_may_be_misread() {
        let (read, meant) = ("CỘNG HÒA XÃ HỘI CƯ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        assert_eq!(repaired(read, 0.5), meant);
        assert_eq!(repaired(read, 0.975), read, "where the decoder was sure");
        for kept in ["XÃ HỘI TỐT NGHĨA VIỆT", "Phó Chủ tịch ủy ban nhân dân", "theo đề án của"]
        {
            assert_eq!(repaired(kept, 0.5), kept);
        }
        assert_eq!(repaired("ngày 06 thùng 3 năm 2024", 0.5), "ngày 06 tháng 3 năm 2024");
        assert_eq!(repaired("ngày 06 công 3 năm 2024", 0.5), "ngày 06 công 3 năm 2024");
        let cites =
            |date: &str| format!("ngày 06 tháng{date} năm 2024 Quyết định số 5/QĐ-UBND ngày 1/7/2024");
        for (read, meant) in [("os", " 08"), ("oo", " oo"), ("l2", " 12"), ("o4", " o4")] {
            assert_eq!(repaired(&cites(read), 0.5), cites(meant));
        }
        assert_eq!(repaired("ngày 06 thangos năm 2024", 0.5), "ngày 06 tháng os năm 2024");
    }
}
