//! The text that a plan's printed pages carry, from its JSON: what a perfect reader would deliver.
//!
//! [`plain`] gives one paragraph a line; [`paged`] what a page reader makes of the same plan: lines of about 88 columns, blank
//! lines between some paragraphs, page numbers and page breaks, letterhead and signature as two columns run together.
//! Limits: only the fields that a hand-made plan has; table cells stand side by side without rules.

use super::record::{Header, Node, Record, Signature};
use crate::model::normal::nfc;

mod wrap;

/// Columns of a page.
const WIDTH: usize = 88;
/// Lines between two page numbers.
const PAGE_LINES: usize = 44;

/// The plan's text, one paragraph a line, NFC, with a final line end.
///
/// ```
/// use sohoa::evaluate::{printed, record::Record};
/// let plan = Record::from_json(
///     r#"{"issuer": "UBND XÃ ĐỒI XANH", "number": "7/KH-UBND", "place": "Đồi Xanh", "date": "2026-03-05",
///         "kind": "KẾ HOẠCH", "title": "Trồng cây", "sections": [{"label": "I", "text": "MỤC ĐÍCH"}]}"#,
/// )?;
/// assert!(printed::plain(&plan).contains("Số: 7/KH-UBND\nĐồi Xanh, ngày 05 tháng 3 năm 2026\nKẾ HOẠCH\nTrồng cây\nI. MỤC ĐÍCH\n"));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[must_use]
pub fn plain(plan: &Record) -> String {
    let parts = Parts::of(plan);
    let (mut left, mut right) = (parts.left, parts.right);
    // number and date stand on the last line of their columns
    let last = [left.pop(), right.pop()].into_iter().flatten();
    let lines = [
        left,
        right,
        last.collect(),
        parts.body,
        parts.recipients,
        parts.signature,
        parts.tables,
        parts.notes,
    ];
    text(&lines.concat())
}

/// The plan's text as a page reader gives it, NFC, with a final line end.
#[must_use]
pub fn paged(plan: &Record) -> String {
    let parts = Parts::of(plan);
    let mut lines = side_by_side(&parts.left, &parts.right);
    lines.push(String::new());
    for (i, paragraph) in parts.body.iter().enumerate() {
        lines.extend(wrap::wrap(paragraph, WIDTH, wrap::LongWords::Keep));
        if i % 3 != 0 {
            lines.push(String::new());
        }
    }
    lines.extend(side_by_side(&parts.recipients, &parts.signature));
    lines.extend([String::new(), String::new()]);
    for paragraph in parts.tables.iter().chain(&parts.notes) {
        lines.extend(wrap::wrap(paragraph, WIDTH, wrap::LongWords::Break));
    }
    let mut out = Vec::with_capacity(lines.len() + lines.len() / 8);
    for (i, line) in lines.into_iter().enumerate() {
        if i > 0 && i % PAGE_LINES == 0 {
            out.extend([String::new(), String::new(), (i / PAGE_LINES + 1).to_string(), String::new()]);
        }
        out.push(line);
    }
    text(&out)
}

/// The parts of a page, each as its paragraphs.
struct Parts {
    left: Vec<String>,
    right: Vec<String>,
    body: Vec<String>,
    recipients: Vec<String>,
    signature: Vec<String>,
    tables: Vec<String>,
    notes: Vec<String>,
}

impl Parts {
    fn of(plan: &Record) -> Parts {
        let (left, right) = letterhead(plan);
        let mut body = Vec::new();
        body.extend(plan.field(|h| &h.kind).map(str::to_owned));
        body.extend(plan.field(|h| &h.title).map(str::to_owned));
        body.extend_from_slice(list(&plan.preamble));
        items(list(&plan.sections), &mut body);
        for attached in list(&plan.attached) {
            body.extend([&attached.kind, &attached.title, &attached.note].into_iter().flat_map(filled));
            items(list(&attached.sections), &mut body);
        }
        body.extend_from_slice(list(&plan.closing));

        let mut tables = Vec::new();
        for appendix in list(&plan.appendices) {
            tables.extend([&appendix.label, &appendix.title].into_iter().flat_map(filled));
            let head = std::iter::once(list(&appendix.columns));
            for row in head.chain(list(&appendix.rows).iter().map(Vec::as_slice)) {
                let cells: Vec<&str> = row.iter().filter_map(|cell| cell.text()).collect();
                tables.push(cells.join(" "));
            }
        }
        let notes = list(&plan.footnotes).iter().map(|note| {
            let mark = note.mark.as_deref().unwrap_or_default();
            format!("{} {}", superscript(mark), note.text.as_deref().unwrap_or_default())
        });
        Parts {
            left,
            right,
            body,
            recipients: recipients(list(&plan.recipients)),
            signature: plan.signature.as_ref().map(signature).unwrap_or_default(),
            tables,
            notes: notes.collect(),
        }
    }
}

/// Left column: issuing bodies and number. Right column: the state's motto or the party's, place and date.
fn letterhead(plan: &Record) -> (Vec<String>, Vec<String>) {
    let field = |of: fn(&Header) -> &Option<String>| plan.field(of).unwrap_or_default();
    let number = field(|h| &h.number);
    let bodies = [field(|h| &h.issuer_parent), field(|h| &h.issuer)];
    let mut left: Vec<String> = bodies.iter().filter(|b| !b.is_empty()).map(|b| (*b).to_owned()).collect();
    let party = is_party_number(number);
    let motto = plan.layout.as_ref().and_then(|l| l.motto.as_deref()).filter(|m| !m.is_empty());
    let when = place_and_date(field(|h| &h.place), field(|h| &h.date));
    let right = if motto.is_some() || party {
        vec![motto.unwrap_or("ĐẢNG CỘNG SẢN VIỆT NAM").to_owned(), String::new(), when]
    } else {
        // who writes UỶ writes HOÀ
        let hoa = if left.concat().contains("UỶ") { "HOÀ" } else { "HÒA" };
        vec![format!("CỘNG {hoa} XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "Độc lập - Tự do - Hạnh phúc".to_owned(), when]
    };
    left.push(format!("{}{number}", if party { "Số " } else { "Số: " }));
    (left, right)
}

/// Symbols of party bodies end in the body: `12-KH/HU`.
fn is_party_number(number: &str) -> bool {
    let Some((before, body)) = number.rsplit_once('/') else { return false };
    let kind = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    matches!(body, "TW" | "TU" | "HU" | "ĐU" | "ĐUK" | "QU" | "ThU")
        && kind.ends_with('-')
        && kind.len() < before.len()
}

/// Months 1 and 2 keep their zero, the others lose it.
fn place_and_date(place: &str, date: &str) -> String {
    let mut numbers = date.splitn(3, '-');
    let (year, month, day) = (numbers.next(), numbers.next(), numbers.next());
    let month = match month.unwrap_or_default() {
        early @ ("01" | "02") => early,
        other => other.trim_start_matches('0'),
    };
    format!("{place}, ngày {} tháng {month} năm {}", day.unwrap_or_default(), year.unwrap_or_default())
}

fn items(nodes: &[Node], out: &mut Vec<String>) {
    for node in nodes {
        let label = node.label.as_deref().unwrap_or_default();
        let text = node.text.as_deref().unwrap_or_default();
        if ["Phần ", "Chương ", "Mục "].iter().any(|level| label.starts_with(level)) {
            out.extend([label.to_owned(), text.to_owned()]);
        } else {
            out.push(format!("{} {text}", marker(label)).trim().to_owned());
        }
        out.extend_from_slice(list(&node.paragraphs));
        items(list(&node.children), out);
    }
}

/// The label as printed: `I.`, `1.1.`, `a)`, `Điều 1.`; dashes and brackets as they are.
fn marker(label: &str) -> String {
    let lower = |c: char| c.is_ascii_lowercase() || c == 'đ';
    let upper = |c: char| c.is_ascii_uppercase() || c == 'Đ';
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if (1..=2).contains(&label.chars().count()) && label.chars().all(lower) {
        format!("{label})")
    } else if (!label.is_empty() && label.chars().all(upper))
        || label.split('.').all(digits)
        || label.starts_with("Điều ")
    {
        format!("{label}.")
    } else {
        label.to_owned()
    }
}

fn recipients(names: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((last, others)) = names.split_last() {
        out.push("Nơi nhận:".to_owned());
        out.extend(others.iter().map(|name| format!("- {name};")));
        out.push(format!("- {last}."));
    }
    out
}

fn signature(of: &Signature) -> Vec<String> {
    [&of.authority, &of.position, &of.name].into_iter().flat_map(filled).collect()
}

fn superscript(mark: &str) -> String {
    let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    mark.chars().map(|c| c.to_digit(10).map_or(c, |d| raised[d as usize])).collect()
}

/// Two columns read line by line.
fn side_by_side(left: &[String], right: &[String]) -> Vec<String> {
    let cell = |column: &[String], i: usize| column.get(i).cloned().filter(|c| !c.is_empty());
    (0..left.len().max(right.len()))
        .map(|i| [cell(left, i), cell(right, i)].into_iter().flatten().collect::<Vec<_>>().join(" "))
        .collect()
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|t| !t.is_empty())
}

fn list<T>(list: &Option<Vec<T>>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

fn text(lines: &[String]) -> String {
    nfc(&(lines.join("\n") + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Record {
        Record::from_json(
            r#"{"issuer_parent": "UBND TỈNH", "issuer": "SỞ MƯA", "number": "3/KH-SM", "place": "Bến Mây", "date": "2026-02-09",
            "kind": "KẾ HOẠCH", "title": "Đo mưa", "preamble": ["Căn cứ lịch,"],
            "sections": [
                {"label": "Phần thứ nhất", "text": "CHUNG", "children": [
                    {"label": "a", "text": "Đo", "paragraphs": ["Mỗi ngày."], "children": [{"label": "-", "text": "Sáng"}]}]},
                {"label": "1.1", "text": "Ghi"}, {"label": "(1)", "text": "Nộp"}],
            "closing": ["Yêu cầu thực hiện./."], "recipients": ["Các trạm", "Lưu: VT"],
            "signature": {"authority": null, "position": "GIÁM ĐỐC", "name": "Lê Mây"},
            "footnotes": [{"mark": "12", "text": "Xem sổ."}],
            "appendices": [{"label": "Phụ lục", "title": null, "columns": ["Trạm", "mm"], "rows": [["A", ""], [null, 7]]}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn one_paragraph_a_line() {
        assert_eq!(
            plain(&plan()),
            "UBND TỈNH\nSỞ MƯA\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 3/KH-SM\n\
             Bến Mây, ngày 09 tháng 02 năm 2026\nKẾ HOẠCH\nĐo mưa\nCăn cứ lịch,\nPhần thứ nhất\nCHUNG\na) Đo\nMỗi ngày.\n- Sáng\n\
             1.1. Ghi\n(1) Nộp\nYêu cầu thực hiện./.\nNơi nhận:\n- Các trạm;\n- Lưu: VT.\nGIÁM ĐỐC\nLê Mây\nPhụ lục\nTrạm mm\nA\n7\n\
             ¹² Xem sổ.\n"
        );
    }

    #[test]
    fn pages_run_columns_together() {
        let page = paged(&plan());
        assert!(page.starts_with("UBND TỈNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ MƯA Độc lập"));
        assert!(page.contains("Nơi nhận: GIÁM ĐỐC\n- Các trạm; Lê Mây\n- Lưu: VT.\n\n\n"));
    }

    #[test]
    fn long_plans_get_page_numbers() {
        let mut plan = plan();
        plan.closing = Some(vec!["Một dòng.".to_owned(); 40]);
        assert!(paged(&plan).contains("\n\n\n2\n\n"));
    }

    #[test]
    fn party_letterheads_are_told_by_their_number() {
        assert!(is_party_number("12-KH/HU"));
        assert!(!is_party_number("12/KH-HU") && !is_party_number("-/HU") && !is_party_number("12-KH/HUX"));
    }

    #[test]
    fn an_empty_record_prints_without_panic() {
        let page = paged(&Record::default());
        assert!(page.contains("CỘNG HÒA"));
    }
}
