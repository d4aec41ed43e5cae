//! Work that labelled lines assign: who leads, who takes part, by when.
//!
//! ```text
//! a) Rà soát hồ sơ tồn đọng.
//!    Cơ quan chủ trì: Văn phòng; cơ quan phối hợp: Phòng Tư pháp, Công an huyện; thời gian hoàn thành: quý II.
//! ```
//!
//! The labels may share one line, stand on unlabelled lines of their own, or be `-` or `+` items below the item that says
//! what to do. Partners are split at `;`, and at `,` only where another body begins: *UBND các xã, thị trấn* is one.

use std::sync::LazyLock;

use regex::Regex;

use super::fold::{Folded, fold, fold_char};
use super::paragraphs::Para;
use super::periods;
use super::rules::opens_body;
use super::tree::Node;
use crate::model::RestoredPage;
use crate::model::plan::{Period, Task};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Lead,
    Partners,
    Due,
}

impl Role {
    /// That of a label, which tells it by its words.
    fn of(label: &str) -> Role {
        let bare = label.trim_start_matches([';', '.', ',', ':', '-', '+', '*', ' ']);
        if DUE.iter().any(|w| bare.starts_with(w)) {
            Role::Due
        } else if label.contains("phoi hop") {
            Role::Partners
        } else {
            Role::Lead
        }
    }
}

/// First words of labels that say by when.
const DUE: [&str; 6] = ["thoi gian", "thoi han", "tien do", "thoi diem", "han", "hoan thanh"];

/// A label at the head of a clause, on folded text.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?:^|[;.,:] ?){CLAUSE}")).ok());

/// The same at the head of a paragraph. Most paragraphs have none, which an anchored search sees at their first letters.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("^(?:[;.,:] ?)?{CLAUSE}")).ok());

/// Characters among which a label at the head of a paragraph ends.
const LABEL_REACH: usize = 60;

const CLAUSE: &str = concat!(
    r"(?:[-+*] ?)?(?:",
    r"(?:(?:(?:co quan|don vi|ban,? nganh|bo phan|to chuc|ca nhan|phong|ban|nguoi|don vi, ca nhan|co quan, don vi) )*(?:duoc giao )?(?:chu tri|thuc hien|phu trach|chiu trach nhiem)(?: (?:chinh|thuc hien|tham muu))?)",
    r"|(?:(?:(?:co quan|don vi|ban,? nganh|bo phan|to chuc|ca nhan|phong|ban|co quan, don vi) )*(?:tham gia |cung )?phoi hop(?: (?:thuc hien|chinh))?)",
    r"|(?:(?:(?:thoi gian|thoi han|tien do|thoi diem|han)(?: (?:thuc hien|hoan thanh|tien hanh|trien khai|bao cao|to chuc))*|hoan thanh)(?: (?:truoc|xong))?)",
    r") ?:"
);

#[derive(Debug, Default)]
struct Labels {
    lead: Option<String>,
    partners: Vec<String>,
    due: Option<String>,
}

/// The tasks of `nodes` in print order; `path` are the labels of the items above.
pub(super) fn find<'n>(
    pages: &[RestoredPage],
    nodes: &'n [Node],
    path: &mut Vec<&'n str>,
    out: &mut Vec<Task>,
) {
    for node in nodes {
        path.push(&node.label);
        let mut labels = Labels::default();
        node.paragraphs.iter().for_each(|p| read(p, &mut labels));
        for child in node.children.iter().filter(|c| c.mark.kind.unnumbered()) {
            read(&child.text, &mut labels);
        }
        // an item that is itself such a label says nothing to do
        if labels.lead.is_some() && !is_label(&node.text.text) {
            let due_period = labels.due.as_deref().and_then(|due| {
                let found = periods::find(due).into_iter().next()?;
                Some(Period { from: found.from, to: found.to })
            });
            out.push(Task {
                text: tidy(&node.text.text).to_owned(),
                lead: labels.lead,
                partners: labels.partners,
                due: labels.due,
                due_period,
                section: path.iter().map(|l| (*l).to_owned()).collect(),
                spans: node.text.spans(pages),
            });
        }
        find(pages, &node.children, path, out);
        path.pop();
    }
}

/// Whether `text` begins with one of the labels.
fn is_label(text: &str) -> bool {
    // it ends in a colon, which most paragraphs do not have so near their head
    let near = text.find(':').filter(|colon| *colon < 4 * LABEL_REACH);
    if near.is_none_or(|colon| text[..colon].chars().count() >= LABEL_REACH) {
        return false;
    }
    let folded: String = text.chars().take(LABEL_REACH).map(|c| fold_char(c) as char).collect();
    HEAD.as_ref().is_some_and(|re| re.is_match(&folded))
}

/// Reads the labels of one paragraph; it must begin with one.
fn read(para: &Para, labels: &mut Labels) {
    if !is_label(&para.text) {
        return;
    }
    let folded = Folded::new(&para.text);
    let Some(re) = LABEL.as_ref() else { return };
    let mut found: Vec<(Role, usize, usize)> = Vec::new();
    found.extend(re.find_iter(&folded.text).map(|m| (Role::of(m.as_str()), m.start(), m.end())));
    for (i, (role, _, end)) in found.iter().enumerate() {
        let stop = found.get(i + 1).map_or(folded.text.len(), |n| n.1);
        let value = tidy(&para.text[folded.back(*end..stop.max(*end))]);
        if value.is_empty() {
            continue;
        }
        match role {
            Role::Lead if labels.lead.is_none() => labels.lead = Some(value.to_owned()),
            Role::Partners if labels.partners.is_empty() => labels.partners = partners(value),
            Role::Due if labels.due.is_none() => labels.due = Some(value.to_owned()),
            _ => {}
        }
    }
}

fn tidy(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ';', ',', ':', '/', ' ']).trim()
}

/// The bodies that `text` lists.
fn partners(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for clause in text.split(';') {
        let (mut start, mut depth) = (0, 0_i32);
        for (i, c) in clause.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth <= 0 && another(&clause[start..i], clause[i + 1..].trim_start()) => {
                    out.push(tidy(&clause[start..i]).to_owned());
                    start = i + 1;
                }
                _ => {}
            }
        }
        out.push(tidy(&clause[start..]).to_owned());
    }
    out.retain(|p| !p.is_empty());
    out
}

/// Whether a comma between `left` and `right` parts two bodies.
fn another(left: &str, right: &str) -> bool {
    let mut words = right.split(' ');
    let first = words.next().unwrap_or("");
    let second = words.next().unwrap_or("");
    let plural = matches!(first, "các" | "Các" | "những" | "Những");
    if plural {
        return opens_body(second)
            || ["don", "co", "nganh", "doan", "thon", "to", "dia"].contains(&fold(second).as_str());
    }
    if !first.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    // proper names go on after "UBND các xã A, B, C"
    let listed = left.split(' ').any(|w| w == "các" || w == "Các");
    let acronym = first.chars().count() >= 2 && first.chars().all(|c| c.is_uppercase() || c == '&');
    let known =
        opens_body(right) || fold(first).ends_with("doan") || fold(second) == "doan" || first == "Viễn";
    known || acronym || !listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn para(text: &str) -> Para {
        Para { text: text.to_owned(), bits: Vec::new() }
    }

    #[test]
    fn three_labels_on_one_line() {
        let mut l = Labels::default();
        read(
            &para(
                "Cơ quan chủ trì: Phòng Y tế; cơ quan phối hợp: Công an huyện, UBND các xã, thị trấn; thời gian hoàn thành: trước ngày 30/6/2020.",
            ),
            &mut l,
        );
        assert_eq!(l.lead.as_deref(), Some("Phòng Y tế"));
        assert_eq!(l.partners, ["Công an huyện", "UBND các xã, thị trấn"]);
        assert_eq!(l.due.as_deref(), Some("trước ngày 30/6/2020"));
    }

    #[test]
    fn bare_labels_and_other_words() {
        let mut l = Labels::default();
        read(&para("Chủ trì: Đoàn Thanh niên; phối hợp: các thôn; hoàn thành: tháng 5."), &mut l);
        assert_eq!(l.lead.as_deref(), Some("Đoàn Thanh niên"));
        assert_eq!(l.partners, ["các thôn"]);
        assert_eq!(l.due.as_deref(), Some("tháng 5"));
        assert!(!is_label("Đối tượng: học sinh"));
        assert!(is_label("Ban ngành thực hiện: Văn phòng"));
    }

    #[test]
    fn commas_inside_one_partner() {
        assert_eq!(
            partners("Phòng Tài chính - Kế hoạch, UBND các xã An Lạc, Bình Minh; Ban Pháp chế (HĐND, tỉnh)"),
            ["Phòng Tài chính - Kế hoạch", "UBND các xã An Lạc, Bình Minh", "Ban Pháp chế (HĐND, tỉnh)"]
        );
    }
}
