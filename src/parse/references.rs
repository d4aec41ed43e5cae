//! Cited documents: kind, number, date.
//!
//! Every document number in the text is a mention. What stands before it (`Nghị quyết số`, `Luật Phòng, chống
//! thiên tai số`) gives the kind, what follows at once (`ngày 15/7/2021`) the date; in short forms (`76/NQ-CP ngày
//! ...`) the kind comes from the symbol. Laws cited without a number and standards have no document number, so they
//! are no mentions.

use super::dates;
use super::fold::{Folded, fold_char};
use super::paragraphs::Para;
use super::rules::{KINDS, kind_of_symbol};
use super::symbols::{self, Symbol};
use crate::model::RestoredPage;
use crate::model::plan::Reference;

/// How far back a kind may stand before its number, in bytes: names of laws are long.
const BACK: usize = 260;

/// The mentions in `para`, except of the document `own`.
/// Returns the bytes of each document that is named.
pub(super) fn find(
    pages: &[RestoredPage],
    para: &Para,
    own: Option<&str>,
    out: &mut Vec<Reference>,
) -> Vec<std::ops::Range<usize>> {
    let text = para.text.as_str();
    let mut floor = 0;
    let mut places = Vec::new();
    for symbol in symbols::find_all(text) {
        let mention = mention(text, floor, &symbol);
        floor = symbol.at.end;
        let Some((range, kind, date)) = mention else { continue };
        places.push(range.clone());
        if own == Some(symbol.number.as_str()) {
            continue;
        }
        out.push(Reference {
            raw: text[range.clone()].to_owned(),
            kind,
            number: Some(symbol.number),
            date,
            spans: para.part_spans(pages, range),
        });
    }
    places
}

type Mention = (std::ops::Range<usize>, Option<String>, Option<String>);

/// Where the mention of `symbol` begins and ends, its kind and date. `floor` is where the mention before ended.
fn mention(text: &str, floor: usize, symbol: &Symbol) -> Option<Mention> {
    let mut low = symbol.at.start.saturating_sub(BACK).max(floor);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let before = &text[low..symbol.at.start];
    let (start, kind) = match kind_before(before, &symbol.number) {
        Some((at, kind)) => (low + at, Some(kind)),
        None => (symbol.at.start, None),
    };
    let tail: Vec<u8> = before.trim_end().chars().rev().take(3).map(fold_char).collect();
    let named = before.trim_end().ends_with("số") || tail == *b"os ";
    // a bare "1/TP" is no document; a symbol of two parts or one with a year is
    if kind.is_none() && !named && !symbol.number.contains('-') && !symbol.number.contains("/QH") {
        return None;
    }
    let kind = kind.or_else(|| kind_of_symbol(symbols::symbol_of(&symbol.number)).map(str::to_owned));
    let after = &text[symbol.at.end..];
    let after = &after[..after.char_indices().nth(60).map_or(after.len(), |(i, _)| i)];
    let folded = Folded::new(after);
    let (end, date) = match dates::cited(&folded.text) {
        Some(found) => (symbol.at.end + folded.back(found.at).end, found.iso),
        None => (symbol.at.end, None),
    };
    Some((start..end, kind, date))
}

/// The kind that stands before a number: (byte offset in `before`, kind as printed in running text).
fn kind_before(before: &str, number: &str) -> Option<(usize, String)> {
    let folded = Folded::new(before);
    let tail = folded.text.trim_end();
    let tail = tail.trim_end_matches(':').trim_end();
    let tail = tail.strip_suffix(" so").or_else(|| tail.strip_suffix(" s")).unwrap_or(tail).trim_end();
    // directly before it
    let direct = KINDS.iter().filter(|k| tail.ends_with(k.0)).max_by_key(|k| k.0.len());
    if let Some(kind) = direct {
        let at = tail.len() - kind.0.len();
        // "Luật Phổ biến, giáo dục pháp luật số ...": the law begins further up
        let inside = kind.0 == "luat" && tail[..at].ends_with("phap ");
        let whole = at == 0 || !tail.as_bytes()[at - 1].is_ascii_alphanumeric();
        if whole && !inside {
            return Some((folded.back(at..at).start, kind.1.to_owned()));
        }
    }
    // a law has its name in between, other kinds a word or two ("Hướng dẫn liên ngành số")
    let law = number.contains("/QH") || number.contains("UBTVQH") || number.ends_with("L-CTN");
    let from = tail.rfind([';', '.', ':', '(']).map_or(0, |i| i + 1);
    let stretch = &tail[from..];
    let mut best: Option<(usize, &str)> = None;
    for kind in &KINDS {
        let legal = matches!(kind.0, "luat" | "bo luat" | "phap lenh");
        if legal != law {
            continue;
        }
        for (i, _) in stretch.match_indices(kind.0) {
            let free = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
            let bytes = stretch.as_bytes();
            let whole =
                free(i.checked_sub(1).and_then(|j| bytes.get(j))) && free(bytes.get(i + kind.0.len()));
            let between = &stretch[i + kind.0.len()..];
            let near = law
                || (between.split(' ').count() <= 5 && !between.contains(',') && !between.contains(" cua "));
            let at = folded.back(from + i..from + i).start;
            let capital = before[at..].chars().next().is_some_and(char::is_uppercase);
            if whole && near && capital && best.is_none_or(|(b, _)| i > b || kind.0.len() > 6 && i >= b) {
                best = Some((i, kind.1));
            }
        }
    }
    let (i, kind) = best?;
    // "Bộ luật" also ends in "luật"; the longer name begins earlier
    let (i, kind) = match stretch[..i].strip_suffix("bo ") {
        Some(head) if kind == "Luật" => (head.len(), "Bộ luật"),
        _ => (i, kind),
    };
    Some((folded.back(from + i..from + i).start, kind.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let para = Para { text: text.to_owned(), bits: Vec::new() };
        let mut out = Vec::new();
        find(&[], &para, None, &mut out);
        out.into_iter().map(|r| (r.raw, r.kind, r.date)).collect()
    }

    #[test]
    fn full_and_short_forms() {
        let got = mentions(
            "Căn cứ Nghị quyết số 12/NQ-HĐND ngày 05/7/2019 của Hội đồng nhân dân tỉnh; các Nghị định số 11/2018/NĐ-CP và số 22/2019/NĐ-CP; 15/CT-TTg ngày 01 tháng 02 năm 2020",
        );
        let raws: Vec<&str> = got.iter().map(|g| g.0.as_str()).collect();
        assert_eq!(
            raws,
            [
                "Nghị quyết số 12/NQ-HĐND ngày 05/7/2019",
                "Nghị định số 11/2018/NĐ-CP",
                "22/2019/NĐ-CP",
                "15/CT-TTg ngày 01 tháng 02 năm 2020"
            ]
        );
        assert_eq!(got[2].1.as_deref(), Some("Nghị định"));
        assert_eq!(got[3].1.as_deref(), Some("Chỉ thị"));
        assert_eq!(got[3].2.as_deref(), Some("2020-02-01"));
    }

    #[test]
    fn laws_have_names_between() {
        let got = mentions(
            "Căn cứ Luật Tiếp công dân số 42/2013/QH13 ngày 25 tháng 11 năm 2013; Luật Khiếu nại ngày 11/11/2011; Bộ luật Lao động số 45/2019/QH14",
        );
        let raws: Vec<&str> = got.iter().map(|g| g.0.as_str()).collect();
        assert_eq!(
            raws,
            [
                "Luật Tiếp công dân số 42/2013/QH13 ngày 25 tháng 11 năm 2013",
                "Bộ luật Lao động số 45/2019/QH14"
            ]
        );
    }

    #[test]
    fn party_numbers() {
        let got = mentions("Chương trình hành động số 9-CTr/TU ngày 17/11/2020 của Tỉnh ủy");
        assert_eq!(got[0].0, "Chương trình hành động số 9-CTr/TU ngày 17/11/2020");
        assert_eq!(got[0].1.as_deref(), Some("Chương trình hành động"));
    }
}
