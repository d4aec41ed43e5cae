//! Who has to do what: the duties that *Tổ chức thực hiện* and its like give to agencies.
//!
//! ```text
//! IV. TỔ CHỨC THỰC HIỆN
//! 1. Sở Y tế: hướng dẫn chuyên môn.                     agency before the colon
//! 2. Phòng Tài chính - Kế hoạch                         agency as a heading, duties below it
//!    - Bố trí kinh phí.
//! 3. Giao Công an huyện chủ trì bảo đảm an ninh.        agency before the verb
//! ```
//!
//! Only below such a heading: elsewhere a sentence that begins with an agency tells what it does, not what it has to do.
//! An item that names no agency is looked into.

use std::sync::LazyLock;

use super::fold::{Folded, Phrases, words};
use super::paragraphs::Para;
use super::rules::{SIGNERS, opens_body};
use super::signers::begins_position;
use super::tree::Node;

/// Duties of one agency.
#[derive(Debug, Clone)]
pub(super) struct Found<'n> {
    /// As printed: one agency or several.
    pub agency: String,
    /// What it has to do, in print order.
    pub duties: Vec<String>,
    /// The item that names it.
    pub node: &'n Node,
    /// Labels down to that item.
    pub section: Vec<String>,
}

/// Folded beginnings of headings above assignments.
static HEADINGS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&[
        "to chuc thuc hien",
        "to chuc trien khai",
        "phan cong",
        "trach nhiem",
        "nhiem vu cua",
        "trien khai thuc hien",
        "to chuc va phan cong",
        "giao nhiem vu",
        "to chuc, phan cong",
        "bien phap to chuc thuc hien",
    ])
});

/// Folded words that part an agency from its duty.
const VERBS: [&str; 66] = [
    "chu tri",
    "co trach nhiem",
    "chiu trach nhiem",
    "phoi hop",
    "tham muu",
    "to chuc",
    "can cu",
    "huong dan",
    "theo doi",
    "la co quan",
    "la don vi",
    "la dau moi",
    "bo tri",
    "chi dao",
    "xay dung",
    "thuc hien",
    "don doc",
    "bao cao",
    "tong hop",
    "can doi",
    "tham dinh",
    "ra soat",
    "kiem tra",
    "trien khai",
    "day manh",
    "tang cuong",
    "dang ky",
    "cu can bo",
    "gui",
    "quan triet",
    "chu dong",
    "phan cong",
    "chuan bi",
    "lap",
    "tiep tuc",
    "du toan",
    "cap phat",
    "tuyen truyen",
    "van dong",
    "giam sat",
    "phu trach",
    "tiep nhan",
    "cung cap",
    "dam bao",
    "bao dam",
    "lanh dao",
    "ap dung",
    "thong bao",
    "quan ly",
    "ho tro",
    "khac phuc",
    "su dung",
    "de xuat",
    "tu van",
    "nghien cuu",
    "ban hanh",
    "thanh lap",
    "duy tri",
    "phat dong",
    "cap nhat",
    "xem xet",
    "chi tra",
    "thuong xuyen",
    "kip thoi",
    "nghiem tuc",
    "co nhiem vu",
];

/// [`VERBS`] by their first letter: every word of a text is looked at.
static VERBS_BY_LETTER: LazyLock<[Vec<&str>; 128]> = LazyLock::new(|| {
    let mut out = [const { Vec::new() }; 128];
    for verb in VERBS {
        out[usize::from(verb.as_bytes()[0] & 127)].push(verb);
    }
    out
});

/// Folded words behind *các*, *lãnh đạo* ... that name those who share a duty.
static SHARED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&[
        "co quan",
        "don vi",
        "so",
        "ban",
        "nganh",
        "phong",
        "dia phuong",
        "xa",
        "phuong",
        "huyen",
        "truong",
        "doan the",
        "to chuc",
        "thon",
        "to dan pho",
        "doanh nghiep",
        "bo",
        "khoa",
        "trung tam",
        "hoi",
        "cap",
        "dong chi",
        "thanh vien",
        "chi bo",
        "dang uy",
        "cong ty",
    ])
});

/// Folded words for people who have duties, and bodies known by their initials.
static PEOPLE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&[
        "giao vien",
        "can bo",
        "cong chuc",
        "dong chi",
        "truong",
        "pho truong",
        "ke toan",
        "truong thon",
        "nhan vien",
        "to truong",
        "thanh vien",
        "nguoi dung dau",
        "bi thu",
        "can su",
        "tram y te",
        "dan quan",
        "tong phu trach",
        "hoc sinh",
        "mttq",
        "ubnd",
        "hdnd",
        "vnpt",
        "viettel",
        "thon",
        "khu pho",
    ])
});

/// The assignments of `nodes`.
pub(super) fn find(nodes: &[Node]) -> Vec<Found<'_>> {
    let mut out = Vec::new();
    headings(nodes, &mut Vec::new(), &mut out);
    out
}

/// Looks for the headings; what stands below one belongs to no other.
fn headings<'n>(nodes: &'n [Node], path: &mut Vec<&'n str>, out: &mut Vec<Found<'n>>) {
    for node in nodes {
        path.push(&node.label);
        let text = node.text.text.as_str();
        let said = if text.len() < 200 && !node.children.is_empty() { words(text) } else { String::new() };
        let heading = !said.is_empty() && HEADINGS.begin(&said);
        if heading {
            below(&node.children, path, out);
        } else {
            headings(&node.children, path, out);
        }
        path.pop();
    }
}

fn below<'n>(nodes: &'n [Node], path: &mut Vec<&'n str>, out: &mut Vec<Found<'n>>) {
    for node in nodes {
        path.push(&node.label);
        match agency(&node.text.text, !node.children.is_empty() || !node.paragraphs.is_empty()) {
            // one word names nobody
            Some((agency, rest)) if agency.contains(' ') => {
                let mut duties: Vec<String> = Vec::new();
                duties.extend(Some(rest).filter(|r| !r.is_empty()).map(str::to_owned));
                duties.extend(node.paragraphs.iter().map(|p| p.text.clone()));
                flatten(&node.children, &mut duties);
                out.push(Found {
                    agency: agency.to_owned(),
                    duties,
                    node,
                    section: path.iter().map(|l| (*l).to_owned()).collect(),
                });
            }
            _ => below(&node.children, path, out),
        }
        path.pop();
    }
}

fn flatten(nodes: &[Node], out: &mut Vec<String>) {
    for node in nodes {
        let paras = std::iter::once(&node.text).chain(&node.paragraphs);
        out.extend(paras.filter(|p: &&Para| !p.text.is_empty()).map(|p| p.text.clone()));
        flatten(&node.children, out);
    }
}

/// The agency that `text` names and what is left to say; `parted` tells whether anything stands below the item.
fn agency(text: &str, parted: bool) -> Option<(&str, &str)> {
    let start = lead_in(text);
    let named = &text[start..];
    if !is_agency(named) {
        return None;
    }
    if let Some(colon) = named.find(':').filter(|c| *c <= 240) {
        let name = &named[..colon];
        let (name, verb) = name.split_at(verb_at(name).unwrap_or(colon));
        // "Sở Xây dựng có trách nhiệm:" has nothing to say before the colon; "chủ trì, phối hợp với ...:" has
        let told = words(verb);
        let rest = named[colon + 1..].trim();
        let bare = told.is_empty() || told == "co trach nhiem" || told == "chiu trach nhiem";
        return Some((tidy(name), if bare { rest } else { named[name.len()..].trim() }));
    }
    if let Some(at) = verb_at(named) {
        return Some((tidy(&named[..at]), named[at..].trim()));
    }
    (parted && named.chars().count() < 240).then(|| (tidy(named), ""))
}

fn tidy(name: &str) -> &str {
    name.trim_end_matches([' ', ',', ';', '.', ':', '-', '–'])
}

/// Bytes of what politeness or command puts before an agency: `Giao`, `Đề nghị`, `Yêu cầu`.
fn lead_in(text: &str) -> usize {
    ["Giao cho ", "Giao ", "Đề nghị ", "Yêu cầu ", "Trách nhiệm của ", "Đối với "]
        .iter()
        .find(|w| text.starts_with(**w))
        .map_or(0, |w| w.len())
}

/// Whether `text` begins with an agency, several of them, or the head of one.
fn is_agency(text: &str) -> bool {
    let said = words(&text[..text.char_indices().nth(48).map_or(text.len(), |(i, _)| i)]);
    let inner = ["cac ", "lanh dao ", "thu truong ", "nhung "].iter().find_map(|w| said.strip_prefix(w));
    if let Some(inner) = inner {
        return SHARED.begin(inner) || opens_body(inner);
    }
    opens_body(text) || PEOPLE.begin(&said) || SIGNERS.begin(&said) || begins_position(text)
}

/// Where the first verb stands that says what to do: byte offset.
fn verb_at(text: &str) -> Option<usize> {
    let head = &text[..text.char_indices().nth(300).map_or(text.len(), |(i, _)| i)];
    let folded = Folded::new(head);
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    let mut found = folded
        .text
        .match_indices(' ')
        .map(|(space, _)| space + 1)
        .filter(|at| {
            let rest = &folded.text[*at..];
            let first = rest.bytes().next().map_or(0, usize::from);
            let verbs = VERBS_BY_LETTER.get(first).map_or(&[][..], Vec::as_slice);
            verbs.iter().any(|v| rest.strip_prefix(v).is_some_and(ends))
        })
        // "Sở Xây dựng", "Ban Tổ chức", "Phòng Kiểm tra": a name goes on with a capital
        .map(|at| folded.back(at..at).start)
        .filter(|at| !head[*at..].starts_with(char::is_uppercase));
    // "Ban Chỉ đạo phòng, chống ...", "cơ quan tham mưu": a verb right behind its noun belongs to the name
    found.find(|at| {
        let before = words(&head[..*at]);
        ![
            "cac",
            "nhung",
            "ban",
            "to",
            "hoi dong",
            "cong tac",
            "co quan",
            "don vi",
            "bo phan",
            "viec",
            "duoc",
            "trung tam",
        ]
        .iter()
        .any(|n| before == *n || before.strip_suffix(n).is_some_and(|b| b.ends_with(' ')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_before_colons_and_verbs() {
        assert_eq!(
            agency("Sở Tài chính chủ trì, phối hợp với Sở Kế hoạch và Đầu tư bố trí kinh phí.", false),
            Some(("Sở Tài chính", "chủ trì, phối hợp với Sở Kế hoạch và Đầu tư bố trí kinh phí."))
        );
        assert_eq!(agency("Giao Sở Xây dựng có trách nhiệm:", true), Some(("Sở Xây dựng", "")));
        assert_eq!(
            agency("Vụ Tài chính, Vụ Kế hoạch: Bố trí kinh phí.", false),
            Some(("Vụ Tài chính, Vụ Kế hoạch", "Bố trí kinh phí."))
        );
        assert_eq!(agency("Các phòng, ban thuộc huyện", true), Some(("Các phòng, ban thuộc huyện", "")));
        assert_eq!(
            agency("Các tổ chức đảng chuẩn bị báo cáo.", false),
            Some(("Các tổ chức đảng", "chuẩn bị báo cáo."))
        );
        assert_eq!(agency("Hiệu trưởng chỉ đạo chung.", false), Some(("Hiệu trưởng", "chỉ đạo chung.")));
        assert_eq!(agency("Kinh phí lấy từ ngân sách xã.", false), None);
    }
}
