//! A parsed plan against the true structure, each part as one figure between 0 and 1.
//!
//! * `fields`: share of header and signature fields that are right, of those that either side has; white space, case and final
//!   `. ; ,` apart.
//! * `nodes`: F1 of the items in print order (right label, text close, right order: the longest common subsequence); `paths`: and
//!   rightly nested; `node_text`: mean closeness of the texts over the items of the gold (a missing item counts 0).
//! * `paragraphs`, `preamble`, `closing`, `recipients`, `footnotes`, `references`, `tasks`, `appendix_cells`: F1 of lists,
//!   each wanted entry taking the first free one that fits it.
//!
//! The closeness of two texts is 1 - edit distance / longer length, in comparison spelling.

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::distance::distance;
use super::record::{Header, Node, Record, Reference, Signature, Task};
use super::tokens::is_space;
use crate::model::normal::{comparable, nfc};

/// The figures of one document. A part that the gold does not have is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Header and signature fields.
    pub fields: f64,
    /// Items: label, text, order.
    pub nodes: f64,
    /// Items, and their place in the tree.
    pub paths: f64,
    /// Closeness of the items' texts.
    pub node_text: f64,
    /// Unlabelled paragraphs of items.
    pub paragraphs: f64,
    /// Paragraphs before the first item.
    pub preamble: f64,
    /// Paragraphs after the last item.
    pub closing: f64,
    /// Recipients.
    pub recipients: f64,
    /// Footnotes.
    pub footnotes: f64,
    /// Documents cited: number and date.
    pub references: f64,
    /// Tasks: text, lead, due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tasks: Option<f64>,
    /// Cells of appendices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appendix_cells: Option<f64>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "what")]
pub enum Finding {
    /// A header or signature field.
    Field {
        /// Its name.
        name: &'static str,
        /// What was found.
        got: Option<String>,
        /// What is true.
        want: Option<String>,
    },
    /// An item of the gold that was not found.
    Missing {
        /// Its labels from the root.
        path: String,
        /// Its text.
        text: String,
    },
    /// An item that the gold has not.
    Extra {
        /// Its labels from the root.
        path: String,
        /// Its text.
        text: String,
    },
    /// An item at the wrong place in the tree.
    Nested {
        /// Where it was found.
        got: String,
        /// Where it belongs.
        want: String,
    },
}

/// Compares a plan with the true one.
#[must_use]
pub fn compare(out: &Record, gold: &Record) -> (Figures, Vec<Finding>) {
    let mut findings = Vec::new();
    let fields = fields(out, gold, &mut findings);
    let (got, want) = (items(out), items(gold));
    let pairs = common(&got, &want);
    let nested = pairs.iter().filter(|(i, j)| got[*i].path == want[*j].path).count();
    // from 0.0 on: an empty `sum` is -0.0
    let closeness = pairs.iter().fold(0.0, |sum, (i, j)| sum + closeness(&got[*i].form, &want[*j].form));
    tree_findings(&got, &want, &pairs, &mut findings);

    let figures = Figures {
        fields,
        nodes: f1(pairs.len(), got.len(), want.len()),
        paths: f1(nested, got.len(), want.len()),
        node_text: closeness / want.len().max(1) as f64,
        paragraphs: texts(&paragraphs(&got), &paragraphs(&want)),
        preamble: texts(list(&out.preamble), list(&gold.preamble)),
        closing: texts(list(&out.closing), list(&gold.closing)),
        recipients: texts(list(&out.recipients), list(&gold.recipients)),
        footnotes: matched(list(&out.footnotes), list(&gold.footnotes), |x, y| {
            x.mark == y.mark && near(&form(&x.text), &form(&y.text))
        }),
        references: matched(list(&out.references), list(&gold.references), same_reference),
        tasks: gold.tasks.as_ref().map(|want| matched(list(&out.tasks), want, same_task)),
        appendix_cells: (!list(&gold.appendices).is_empty()).then(|| texts(&cells(out), &cells(gold))),
    };
    (figures, findings)
}

type Field<'n, T> = (&'n str, fn(&T) -> &Option<String>);

const HEADER: [Field<Header>; 7] = [
    ("issuer_parent", |h| &h.issuer_parent),
    ("issuer", |h| &h.issuer),
    ("number", |h| &h.number),
    ("place", |h| &h.place),
    ("date", |h| &h.date),
    ("kind", |h| &h.kind),
    ("title", |h| &h.title),
];

const SIGNATURE: [Field<Signature>; 3] =
    [("authority", |s| &s.authority), ("position", |s| &s.position), ("name", |s| &s.name)];

fn fields(out: &Record, gold: &Record, findings: &mut Vec<Finding>) -> f64 {
    let header = HEADER.map(|(name, of)| (name, out.field(of), gold.field(of)));
    let signature = SIGNATURE.map(|(name, of)| {
        let of = |record: &'_ Record| record.signature.as_ref().and_then(|s| of(s).clone());
        (name, of(out), of(gold))
    });
    let all = header
        .iter()
        .map(|(name, got, want)| (*name, *got, *want))
        .chain(signature.iter().map(|(name, got, want)| (*name, got.as_deref(), want.as_deref())));
    let (mut asked, mut right) = (0_usize, 0_usize);
    for (name, got, want) in all.filter(|(_, got, want)| got.is_some() || want.is_some()) {
        asked += 1;
        if got.zip(want).is_some_and(|(got, want)| squashed(got) == squashed(want)) {
            right += 1;
        } else {
            findings.push(Finding::Field {
                name,
                got: got.map(str::to_owned),
                want: want.map(str::to_owned),
            });
        }
    }
    if asked == 0 { 1.0 } else { right as f64 / asked as f64 }
}

/// An item with its place in the tree.
struct Item<'r> {
    path: Vec<String>,
    node: &'r Node,
    form: Vec<char>,
}

/// All items in print order; those of an attached document after the issuing one's, below a step of their own.
fn items(record: &Record) -> Vec<Item<'_>> {
    fn walk<'r>(nodes: &'r [Node], path: &[String], out: &mut Vec<Item<'r>>) {
        for node in nodes {
            let path = [path, &[bare_label(node)]].concat();
            out.push(Item { path: path.clone(), node, form: form(&node.text) });
            walk(list(&node.children), &path, out);
        }
    }
    let mut out = Vec::new();
    walk(list(&record.sections), &[], &mut out);
    for (k, attached) in list(&record.attached).iter().enumerate() {
        walk(list(&attached.sections), &[format!("attached {k}")], &mut out);
    }
    out
}

/// `a)`, `A.` and `(a` are one label: no closing marks, no opening bracket, lower case.
fn bare_label(node: &Node) -> String {
    // null is a label of its own: an item without a number is not one whose number was read as nothing
    let label = node.label.as_deref().unwrap_or("none").trim_matches(is_space);
    label.trim_end_matches(['.', ')']).trim_start_matches('(').to_lowercase()
}

/// The longest common subsequence of two lists of items, as pairs of indices.
fn common(a: &[Item], b: &[Item]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy)]
    enum Step {
        Pair,
        SkipA,
        SkipB,
    }
    let width = b.len() + 1;
    let mut steps = vec![Step::SkipA; a.len() * b.len()];
    let (mut below, mut row) = (vec![0_u32; width], vec![0_u32; width]);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let fits = a[i].path.last() == b[j].path.last() && about(&a[i].form, &b[j].form);
            let paired = if fits { below[j + 1] + 1 } else { 0 };
            row[j] = below[j].max(row[j + 1]).max(paired);
            steps[i * b.len() + j] = if fits && row[j] == paired {
                Step::Pair
            } else if below[j] >= row[j + 1] {
                Step::SkipA
            } else {
                Step::SkipB
            };
        }
        std::mem::swap(&mut below, &mut row);
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        match steps[i * b.len() + j] {
            Step::Pair => {
                pairs.push((i, j));
                (i, j) = (i + 1, j + 1);
            }
            Step::SkipA => i += 1,
            Step::SkipB => j += 1,
        }
    }
    pairs
}

fn tree_findings(got: &[Item], want: &[Item], pairs: &[(usize, usize)], findings: &mut Vec<Finding>) {
    let shown = |item: &Item| {
        let text: String = item.node.text.as_deref().unwrap_or_default().chars().take(70).collect();
        (item.path.join("/"), text)
    };
    let found: FxHashSet<usize> = pairs.iter().map(|(_, j)| *j).collect();
    let meant: FxHashSet<usize> = pairs.iter().map(|(i, _)| *i).collect();
    for (j, item) in want.iter().enumerate() {
        if !found.contains(&j) {
            let (path, text) = shown(item);
            findings.push(Finding::Missing { path, text });
        }
    }
    for (i, item) in got.iter().enumerate() {
        if !meant.contains(&i) {
            let (path, text) = shown(item);
            findings.push(Finding::Extra { path, text });
        }
    }
    for (i, j) in pairs {
        if got[*i].path != want[*j].path {
            findings.push(Finding::Nested { got: got[*i].path.join("/"), want: want[*j].path.join("/") });
        }
    }
}

fn paragraphs(items: &[Item]) -> Vec<String> {
    items.iter().flat_map(|item| list(&item.node.paragraphs)).cloned().collect()
}

fn cells(record: &Record) -> Vec<String> {
    list(&record.appendices)
        .iter()
        .flat_map(|a| a.columns.iter().chain(list(&a.rows)).flatten())
        .filter_map(|cell| cell.text().map(str::to_owned))
        .collect()
}

fn same_reference(x: &Reference, y: &Reference) -> bool {
    let text = |t: &Option<String>| squashed(t.as_deref().unwrap_or_default());
    let date = |t: &Option<String>| t.clone().filter(|d| !d.is_empty());
    text(&x.number) == text(&y.number) && date(&x.date) == date(&y.date)
}

/// The task itself about right, lead and due as printed.
fn same_task(x: &Task, y: &Task) -> bool {
    let as_printed = |x: &Option<String>, y: &Option<String>| match y.as_deref() {
        None | Some("") => x.as_deref().is_none_or(str::is_empty),
        Some(_) => near(&form(x), &form(y)),
    };
    about(&form(&x.text), &form(&y.text)) && as_printed(&x.lead, &y.lead) && as_printed(&x.due, &y.due)
}

/// F1 of two lists of texts that should be near each other.
fn texts(got: &[String], want: &[String]) -> f64 {
    let forms = |texts: &[String]| texts.iter().map(|t| comparable(t).chars().collect()).collect::<Vec<_>>();
    matched(&forms(got), &forms(want), |x: &Vec<char>, y| near(x, y))
}

fn matched<T>(got: &[T], want: &[T], fits: impl Fn(&T, &T) -> bool) -> f64 {
    let mut left: Vec<&T> = got.iter().collect();
    let mut hits = 0;
    for w in want {
        if let Some(at) = left.iter().position(|g| fits(g, w)) {
            left.remove(at);
            hits += 1;
        }
    }
    f1(hits, got.len(), want.len())
}

fn f1(hits: usize, got: usize, want: usize) -> f64 {
    if got + want == 0 { 1.0 } else { 2.0 * hits as f64 / (got + want) as f64 }
}

fn list<T>(list: &Option<Vec<T>>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

fn form(text: &Option<String>) -> Vec<char> {
    comparable(text.as_deref().unwrap_or_default()).chars().collect()
}

/// Without white space, lower case, without final marks.
fn squashed(text: &str) -> String {
    let all: String = nfc(&comparable(text)).to_lowercase().split(is_space).collect();
    all.trim_end_matches(['.', ';', ',']).to_owned()
}

fn closeness(a: &[char], b: &[char]) -> f64 {
    1.0 - distance(a, b) as f64 / a.len().max(b.len()).max(1) as f64
}

/// Whether two texts are the same but for some misreading.
fn about(a: &[char], b: &[char]) -> bool {
    closer_than(a, b, 0.8)
}

/// Whether two texts are the same but for a letter here and there.
fn near(a: &[char], b: &[char]) -> bool {
    closer_than(a, b, 0.9)
}

fn closer_than(a: &[char], b: &[char], bound: f64) -> bool {
    // texts differ at least by their lengths, which spares most distances
    let at_best = 1.0 - a.len().abs_diff(b.len()) as f64 / a.len().max(b.len()).max(1) as f64;
    at_best > bound && closeness(a, b) > bound
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLD: &str = r#"{
        "issuer": "UBND XÃ ĐỒI XANH", "number": "7/KH-UBND", "title": "Trồng cây", "date": null,
        "preamble": ["Căn cứ Luật Lâm nghiệp;"],
        "sections": [
            {"label": "I", "text": "MỤC ĐÍCH", "children": [
                {"label": "1", "text": "Phủ xanh đồi trọc.", "paragraphs": ["Làm trong hai năm."]},
                {"label": "2", "text": "Giữ nước cho ruộng bậc thang."}]},
            {"label": "II", "text": "TỔ CHỨC THỰC HIỆN"}],
        "recipients": ["Các thôn", "Lưu: VT"],
        "signature": {"name": "Lò Văn Én"},
        "references": [{"number": "16/2017/QH14", "date": null}],
        "footnotes": [], "appendices": [{"columns": ["Thôn", "Số cây"], "rows": [["Nà Lạn", 120]]}]
    }"#;

    fn gold() -> Record {
        Record::from_json(GOLD).unwrap()
    }

    #[test]
    fn the_gold_itself_is_perfect() {
        let (f, findings) = compare(&gold(), &gold());
        assert!(findings.is_empty());
        assert_eq!((f.fields, f.nodes, f.paths, f.node_text, f.references), (1.0, 1.0, 1.0, 1.0, 1.0));
        assert_eq!((f.footnotes, f.tasks, f.appendix_cells), (1.0, None, Some(1.0)));
    }

    #[test]
    fn figures_by_hand() {
        let out = Record::from_json(
            r#"{
            "header": {"issuer": "ubnd xã Đồi Xanh.", "number": "1/KH-UBND", "title": "Trồng cây"},
            "preamble": [],
            "sections": [
                {"label": "I.", "text": "MỤC ĐÍCH"},
                {"label": "1)", "text": "Phủ xanh đồi trọc."},
                {"label": "II", "text": "TỔ CHỨC THỰC HIỆN"},
                {"label": "III", "text": "Lò Văn Én"}],
            "recipients": ["Lưu: VT"],
            "references": [{"number": "16/2017/QH14", "date": "2017-11-15"}],
            "appendices": [{"columns": ["Thôn", "Số cây"], "rows": [["Nà Lạn", 210]]}]
        }"#,
        )
        .unwrap();
        let (f, findings) = compare(&out, &gold());
        // issuer and title of issuer, number, title, name
        assert_eq!(f.fields, 2.0 / 4.0);
        // I, 1, II of 4 and 4; "1" hangs at the root
        assert_eq!(f.nodes, 2.0 * 3.0 / 8.0);
        assert_eq!(f.paths, 2.0 * 2.0 / 8.0);
        assert_eq!(f.node_text, 3.0 / 4.0);
        assert_eq!((f.paragraphs, f.preamble, f.closing), (0.0, 0.0, 1.0));
        assert_eq!(f.recipients, 2.0 / 3.0);
        assert_eq!(f.references, 0.0);
        assert_eq!(f.appendix_cells, Some(2.0 * 3.0 / 8.0));
        assert!(findings.contains(&Finding::Nested { got: "1".to_owned(), want: "i/1".to_owned() }));
        assert!(findings.contains(&Finding::Missing {
            path: "i/2".to_owned(),
            text: "Giữ nước cho ruộng bậc thang.".to_owned()
        }));
        assert_eq!(findings.len(), 5);
    }

    #[test]
    fn tasks_need_lead_and_due_as_printed() {
        let with = |tasks: &str| Record::from_json(&format!(r#"{{"tasks": [{tasks}]}}"#)).unwrap();
        let want = with(r#"{"text": "Trồng 5 ha rừng phòng hộ", "lead": "Hạt Kiểm lâm", "due": ""}"#);
        let score = |tasks: &str| compare(&with(tasks), &want).0.tasks;
        assert_eq!(score(r#"{"text": "Trồng 5 ha rừng phòng hộ.", "lead": "Hạt Kiểm lâm"}"#), Some(1.0));
        assert_eq!(score(r#"{"text": "Trồng 5 ha rừng phòng hộ", "lead": "Hội Phụ nữ"}"#), Some(0.0));
        assert_eq!(
            score(r#"{"text": "Trồng 5 ha rừng phòng hộ", "lead": "Hạt Kiểm lâm", "due": "6/2026"}"#),
            Some(0.0)
        );
    }
}
