//! The plan as plain restored text: paragraphs re-joined, one paragraph or item a line, blank lines between the parts.
//!
//! It is made from the plan alone, so what parsing dropped (page numbers, running heads, the motto) is not in it. Items are
//! not indented, as they are not on paper; the letterhead's two columns come one after the other.

use crate::model::Plan;
use crate::model::plan::{Appendix, Attached, Header, Section};

use super::walk::{Step, walk};

/// The restored text of `plan`, ending in a newline unless it is empty.
#[must_use]
pub fn text(plan: &Plan) -> String {
    let mut out = Blocks::default();
    letterhead(&plan.header, &mut out);
    out.lines([&plan.header.kind, &plan.header.title].into_iter().flatten());
    out.lines(&plan.preamble);
    out.block();
    items(&plan.sections, &mut out);
    for attached in &plan.attached {
        attachment(attached, &mut out);
    }
    out.lines(&plan.closing);
    recipients(&plan.recipients, &mut out);
    plan.signatures().for_each(|s| out.lines(s.lines()));
    for table in &plan.appendices {
        appendix(table, &mut out);
    }
    out.block();
    for note in &plan.footnotes {
        out.line(&format!("{} {}", superscript(&note.mark), note.text));
    }
    out.text
}

/// Lines in blocks: blocks are parted by one blank line, empty ones leave no trace.
#[derive(Default)]
struct Blocks {
    text: String,
    parted: bool,
}

impl Blocks {
    /// The next line begins a new block.
    fn block(&mut self) {
        self.parted = true;
    }

    /// Appends one line; white space inside it, line ends too, becomes single spaces.
    fn line(&mut self, line: &str) {
        self.cells([line]);
    }

    /// Appends one line of cells, parted by tabs, unless all are empty.
    fn cells<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        let spaced = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = cells.into_iter().map(spaced).collect::<Vec<_>>().join("\t");
        if line.trim().is_empty() {
            return;
        }
        if std::mem::take(&mut self.parted) && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// A block of lines.
    fn lines<'a>(&mut self, lines: impl IntoIterator<Item = &'a String>) {
        self.block();
        for line in lines {
            self.line(line);
        }
    }
}

fn letterhead(header: &Header, out: &mut Blocks) {
    out.lines([&header.issuer_parent, &header.issuer].into_iter().flatten());
    if let Some(number) = &header.number {
        out.line(&format!("Số: {number}"));
    }
    let date = header.date.as_deref().map(printed_date);
    match (&header.place, date) {
        (Some(place), Some(date)) => out.line(&format!("{place}, {date}")),
        (Some(one), None) => out.line(one),
        (None, Some(one)) => out.line(&one),
        (None, None) => {}
    }
}

/// An ISO date as administrative documents print it: days below 10 and the months 1 and 2 have a leading zero.
pub(super) fn printed_date(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    match (year, month.map(|m| (m, m.parse::<u8>())), day) {
        (Some(year), Some((_, Ok(month @ 3..))), Some(day)) => format!("ngày {day} tháng {month} năm {year}"),
        (Some(year), Some((month, Ok(_))), Some(day)) => format!("ngày {day} tháng {month} năm {year}"),
        _ => iso.to_owned(),
    }
}

fn items(sections: &[Section], out: &mut Blocks) {
    walk(sections, |step| {
        let Step::Open(_, section) = step else { return };
        if own_line(&section.marker) {
            out.line(&section.marker);
            out.line(&section.text);
        } else {
            out.line(&format!("{} {}", section.marker, section.text));
        }
        for paragraph in &section.paragraphs {
            out.line(paragraph);
        }
    });
}

/// Whether a marker stands on a line of its own, its title on the next one.
fn own_line(marker: &str) -> bool {
    ["Phần ", "PHẦN ", "Chương ", "CHƯƠNG "].iter().any(|head| marker.starts_with(head))
}

fn attachment(attached: &Attached, out: &mut Blocks) {
    out.lines([&attached.kind, &attached.title, &attached.note].into_iter().flatten());
    out.block();
    items(&attached.sections, out);
}

fn recipients(recipients: &[String], out: &mut Blocks) {
    let Some((last, others)) = recipients.split_last() else { return };
    out.block();
    out.line("Nơi nhận:");
    for recipient in others {
        out.line(&format!("- {recipient};"));
    }
    out.line(&format!("- {last}."));
}

/// Label and title, then the rows, cells parted by tabs: the text holds no sign that the page does not, and a spreadsheet takes it as it is.
fn appendix(table: &Appendix, out: &mut Blocks) {
    out.lines([&table.label, &table.title].into_iter().flatten());
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        out.cells(row.iter().map(String::as_str));
    }
}

fn superscript(mark: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    mark.chars().map(|c| c.to_digit(10).map_or(c, |d| DIGITS[d as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{Footnote, Signature};

    fn item(marker: &str, text: &str, children: Vec<Section>) -> Section {
        let label = marker.trim_end_matches(['.', ')']).to_owned();
        Section { label, marker: marker.into(), text: text.into(), children, ..Section::default() }
    }

    #[test]
    fn every_part_has_its_place() {
        let plan = Plan {
            header: Header {
                issuer: Some("ỦY BAN NHÂN DÂN XÃ TÂN AN".into()),
                number: Some("05/KH-UBND".into()),
                place: Some("Tân An".into()),
                date: Some("2021-03-09".into()),
                kind: Some("KẾ HOẠCH".into()),
                title: Some("Vệ sinh môi trường\nnăm 2021".into()),
                ..Header::default()
            },
            preamble: vec!["Căn cứ nhu cầu của nhân dân;".into()],
            sections: vec![
                item(
                    "Phần thứ nhất",
                    "VIỆC CHUNG",
                    vec![item("1.", "Quét đường", vec![item("-", "Sáng sớm", vec![])])],
                ),
                item("II.", "KINH PHÍ¹", vec![]),
            ],
            closing: vec!["Trên đây là kế hoạch.".into()],
            recipients: vec!["Như trên".into(), "Lưu: VT".into()],
            signature: Signature {
                position: Some("CHỦ TỊCH".into()),
                name: Some("Lê Văn Ba".into()),
                ..Signature::default()
            },
            footnotes: vec![Footnote {
                mark: "1".into(), text: "Nguồn xã.".into(), ..Footnote::default()
            }],
            appendices: vec![Appendix {
                label: Some("Phụ lục".into()),
                columns: vec!["TT".into(), "Việc".into()],
                rows: vec![vec!["1".into(), "Quét".into()], vec![String::new(), String::new()]],
                ..Appendix::default()
            }],
            ..Plan::default()
        };
        let expected = "\
ỦY BAN NHÂN DÂN XÃ TÂN AN
Số: 05/KH-UBND
Tân An, ngày 09 tháng 3 năm 2021

KẾ HOẠCH
Vệ sinh môi trường năm 2021

Căn cứ nhu cầu của nhân dân;

Phần thứ nhất
VIỆC CHUNG
1. Quét đường
- Sáng sớm
II. KINH PHÍ¹

Trên đây là kế hoạch.

Nơi nhận:
- Như trên;
- Lưu: VT.

CHỦ TỊCH
Lê Văn Ba

Phụ lục
TT	Việc
1	Quét

¹ Nguồn xã.
";
        assert_eq!(text(&plan), expected);
    }

    #[test]
    fn an_empty_plan_is_an_empty_text() {
        assert_eq!(text(&Plan::default()), "");
    }

    #[test]
    fn dates_that_are_no_dates_stay() {
        assert_eq!(printed_date("2020-02-05"), "ngày 05 tháng 02 năm 2020");
        assert_eq!(printed_date("2020-12-25"), "ngày 25 tháng 12 năm 2020");
        assert_eq!(printed_date("năm 2020"), "năm 2020");
    }
}
