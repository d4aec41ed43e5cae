//! One name for one document, however it is cited: the node of the graph of citations.
//!
//! `Nghị định số 30/2020/NĐ-CP ngày 05/3/2020`, `Nghị Định 30/2020/NĐ–CP` and a bare `30/2020/ND-CP` are
//! `Nghị định 30/2020/NĐ-CP`. A name is made of the kind, the number without leading zeros, the symbol, and the year: that in the
//! number, else that of the date in brackets, as in `Quyết định 464/QĐ-UBND (2021)`.
//!
//! Limits: the issuing body is not part of a citation, so decisions of two provinces with the same number, symbol and year
//! (`12/QĐ-UBND` of 2021) are one node. A mention without any year takes that of another mention of the same number in the same document, if
//! all of them agree.

use rustc_hash::FxHashMap;

use super::digest::{Digest, Reference};

/// Symbols that stand for a kind of document, those of before 2020 included.
const KINDS: [(&str, &str); 31] = [
    ("NĐ", "Nghị định"),
    ("NQ", "Nghị quyết"),
    ("NQLT", "Nghị quyết liên tịch"),
    ("QĐ", "Quyết định"),
    ("CT", "Chỉ thị"),
    ("TT", "Thông tư"),
    ("TTLT", "Thông tư liên tịch"),
    ("PL", "Pháp lệnh"),
    ("QC", "Quy chế"),
    ("QYĐ", "Quy định"),
    ("TC", "Thông cáo"),
    ("TB", "Thông báo"),
    ("HD", "Hướng dẫn"),
    ("CTR", "Chương trình"),
    ("KH", "Kế hoạch"),
    ("PA", "Phương án"),
    ("ĐA", "Đề án"),
    ("DA", "Dự án"),
    ("BC", "Báo cáo"),
    ("BB", "Biên bản"),
    ("TTR", "Tờ trình"),
    ("HĐ", "Hợp đồng"),
    ("CĐ", "Công điện"),
    ("KL", "Kết luận"),
    ("CV", "Công văn"),
    ("L", "Luật"),
    ("SL", "Sắc lệnh"),
    ("GM", "Giấy mời"),
    ("GUQ", "Giấy ủy quyền"),
    ("BGN", "Bản ghi nhớ"),
    ("VBHN", "Văn bản hợp nhất"),
];

/// Kinds that share a symbol with another: here the printed kind is believed.
const SHARED: [(&str, &[&str]); 2] =
    [("QĐ", &["Quyết định", "Quy định"]), ("CT", &["Chỉ thị", "Chương trình"])];

/// Parts of symbols that are written without their đ, and how they are written right.
const BARE: [(&str, &str); 6] =
    [("ND", "NĐ"), ("QD", "QĐ"), ("HDND", "HĐND"), ("UBNĐ", "UBND"), ("CD", "CĐ"), ("QYD", "QYĐ")];

/// Parts that are not all capitals.
const MIXED: [(&str, &str); 5] =
    [("TTG", "TTg"), ("TTR", "TTr"), ("CTR", "CTr"), ("QYĐ", "QyĐ"), ("TƯ", "TW")];

/// Kind, number and year of a document, in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Citation {
    kind: Option<String>,
    /// `30/2020/NĐ-CP`, `464/QĐ-UBND`, `12-KH/HU`.
    number: String,
    year: Option<String>,
}

impl Citation {
    fn of(kind: Option<&str>, number: &str, date: Option<&str>) -> Option<Citation> {
        let compact: String = number.chars().filter(|c| !c.is_whitespace()).map(hyphen).collect();
        let digits = compact.find(|c: char| !c.is_ascii_digit()).unwrap_or(compact.len());
        let (count, rest) = compact.split_at(digits);
        if count.is_empty() {
            return None;
        }
        let count = count.trim_start_matches('0');
        let symbol = symbol(rest);
        let written = symbol.split('/').find(|part| is_year(part));
        let year =
            written.map(str::to_owned).or_else(|| Some(date?.get(..4)?.to_owned()).filter(|y| is_year(y)));
        let head =
            symbol.split(['/', '-']).find(|part| !part.is_empty() && !is_year(part)).unwrap_or_default();
        let kind = kind_of(head, kind.map(sentence_case));
        Some(Citation { kind, number: format!("{count}{symbol}"), year })
    }

    fn name(&self) -> String {
        let kind = self.kind.as_deref().map(|kind| format!("{kind} ")).unwrap_or_default();
        let year = self.year.as_deref().filter(|year| !self.number.split('/').any(|part| part == *year));
        let year = year.map(|year| format!(" ({year})")).unwrap_or_default();
        format!("{kind}{}{year}", self.number)
    }
}

fn hyphen(c: char) -> char {
    if matches!(c, '–' | '—' | '‐' | '‑' | '−') { '-' } else { c }
}

fn is_year(part: &str) -> bool {
    part.len() == 4
        && part.bytes().all(|b| b.is_ascii_digit())
        && (part.starts_with("19") || part.starts_with("20"))
}

/// What follows the count, in capitals, each part spelt right.
fn symbol(rest: &str) -> String {
    let mut out = String::with_capacity(rest.len());
    let upper = rest.to_uppercase();
    for piece in upper.split_inclusive(['/', '-', '.', ',']) {
        let part = piece.trim_end_matches(['/', '-', '.', ',']);
        let right = BARE.iter().find(|(bare, _)| *bare == part).map_or(part, |found| found.1);
        out.push_str(MIXED.iter().find(|(plain, _)| *plain == right).map_or(right, |found| found.1));
        out.push_str(&piece[part.len()..]);
    }
    out.trim_end_matches(['/', '-', '.', ',']).to_owned()
}

/// The kind that the symbol says, else the printed one; symbols that name nothing but bodies are those of official letters.
fn kind_of(head: &str, printed: Option<String>) -> Option<String> {
    let head = head.to_uppercase();
    if let Some((_, kinds)) = SHARED.iter().find(|(symbol, _)| *symbol == head)
        && let Some(printed) = &printed
        && kinds.contains(&printed.as_str())
    {
        return Some(printed.clone());
    }
    let known = KINDS.iter().find(|(symbol, _)| *symbol == head).map(|found| found.1.to_owned());
    known.or(printed)
}

/// `NGHỊ QUYẾT`, `Nghị Quyết` → `Nghị quyết`.
fn sentence_case(text: &str) -> String {
    let lower = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut letters = lower.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The node that a document itself is: by its number, else by what its outputs are called.
#[must_use]
pub(super) fn node(digest: &Digest<'_>) -> String {
    let header = &digest.header;
    let number = header.number.as_deref();
    let own = number.and_then(|number| Citation::of(header.kind.as_deref(), number, header.date.as_deref()));
    own.map_or_else(|| digest.name.clone(), |citation| citation.name())
}

/// The node that each of a document's references leads to; none for one without a number.
#[must_use]
pub(super) fn cited(digest: &Digest<'_>) -> Vec<Option<String>> {
    let of = |r: &Reference<'_>| Citation::of(r.kind.as_deref(), r.number.as_deref()?, r.date.as_deref());
    let mut all: Vec<Option<Citation>> = digest.references.iter().map(of).collect();
    // by number: the kind, or the year, that its mentions agree on
    let mut kinds: FxHashMap<String, Option<String>> = FxHashMap::default();
    let mut years: FxHashMap<String, Option<String>> = FxHashMap::default();
    for citation in all.iter().flatten() {
        for (seen, value) in [(&mut kinds, &citation.kind), (&mut years, &citation.year)] {
            let Some(value) = value else { continue };
            let agreed = seen.entry(citation.number.clone()).or_insert_with(|| Some(value.clone()));
            if agreed.as_ref() != Some(value) {
                *agreed = None;
            }
        }
    }
    for citation in all.iter_mut().flatten() {
        for (seen, value) in [(&kinds, &mut citation.kind), (&years, &mut citation.year)] {
            if value.is_none() {
                *value = seen.get(&citation.number).cloned().flatten();
            }
        }
    }
    all.into_iter().map(|citation| citation.map(|citation| citation.name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(kind: Option<&str>, number: &str, date: Option<&str>) -> String {
        Citation::of(kind, number, date).expect("a number").name()
    }

    #[test]
    fn one_decree_has_one_name() {
        for (kind, number, date) in [
            (Some("Nghị định"), "30/2020/NĐ-CP", Some("2020-03-05")),
            (Some("NGHỊ ĐỊNH"), "30/2020/NĐ–CP", None),
            (Some("Nghị Định"), "030/2020/ND-CP", None),
            (None, "30 / 2020/nđ-cp", Some("2020-03-05")),
        ] {
            assert_eq!(name(kind, number, date), "Nghị định 30/2020/NĐ-CP", "{kind:?} {number}");
        }
    }

    #[test]
    fn years_kinds_and_symbols() {
        assert_eq!(name(None, "05/KH-UBND", Some("2021-03-09")), "Kế hoạch 5/KH-UBND (2021)");
        assert_eq!(name(Some("Quy định"), "22-QĐ/TW", Some("2021-07-28")), "Quy định 22-QĐ/TW (2021)");
        assert_eq!(name(Some("Luật"), "33/2024/QH15", None), "Luật 33/2024/QH15");
        assert_eq!(name(Some("Nghị quyết"), "33/2024/QH15", None), "Nghị quyết 33/2024/QH15");
        assert_eq!(name(None, "1380/qđ-ttg", Some("2012-09-25")), "Quyết định 1380/QĐ-TTg (2012)");
        assert_eq!(name(Some("Công văn"), "123/UBND-VX", None), "Công văn 123/UBND-VX");
        assert_eq!(name(Some("Chương trình"), "7-CTr/TU", None), "Chương trình 7-CTr/TU");
        assert_eq!(Citation::of(None, "không số", None), None);
    }

    #[test]
    fn every_mixed_part_is_written_one_way() {
        for (plain, mixed) in MIXED {
            assert_eq!(symbol(&format!("/{plain}-UBND")), format!("/{mixed}-UBND"));
            assert_eq!(symbol(&format!("/{mixed}-UBND")), format!("/{mixed}-UBND"));
        }
    }
}
