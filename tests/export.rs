//! Tables, the graph of citations: what stands in them, what happens to files that are no documents, and that nothing is written over.

mod common;

use std::collections::BTreeMap;

use common::{Desk, PLAN};
use sohoa::emit::Table;
use sohoa::model::Plan;
use sohoa::model::plan::{Grade, Period, Reference, Section, Task};
use sohoa::model::text::Span;

/// A document that fills every table.
fn plan(number: &str) -> Plan {
    let mut plan = Plan { schema_version: "1.2".into(), ..Plan::default() };
    plan.source.path = format!("{number}.pdf");
    plan.header.kind = Some("KẾ HOẠCH".into());
    plan.header.number = Some(format!("{number}/KH-UBND"));
    plan.header.date = Some("2021-03-09".into());
    plan.header.title = Some("Vệ sinh, \"sạch\" và đẹp\nnăm 2021".into());
    plan.recipients = vec!["Như trên".into(), "Lưu: VT".into()];
    plan.quality.grade = Grade::Fair;
    let on_page = |page| vec![Span { page, start: 0, end: 1 }];
    let item = |label: &str, text: &str, children| Section {
        label: label.into(),
        marker: format!("{label}."),
        text: text.into(),
        children,
        spans: on_page(2),
        ..Section::default()
    };
    plan.sections =
        vec![item("I", "MỤC ĐÍCH", vec![item("-", "- 5 thôn", vec![])]), item("II", "=SUM(A1)", vec![])];
    plan.tasks = vec![Task {
        text: "Dọn vệ sinh".into(),
        lead: Some("Trưởng thôn".into()),
        partners: vec!["Đoàn xã".into(), "Hội Phụ nữ".into()],
        due: Some("tháng 6/2021".into()),
        due_period: Some(Period { from: "2021-06".into(), to: "2021-06".into() }),
        section: vec!["I".into(), "-".into()],
        spans: on_page(3),
    }];
    plan
}

fn citing(number: &str, references: &[(Option<&str>, &str, Option<&str>)]) -> Plan {
    let mut plan = plan(number);
    plan.references = references
        .iter()
        .map(|(kind, number, date)| Reference {
            raw: format!("{} số {number}", kind.unwrap_or_default()),
            kind: kind.map(str::to_owned),
            number: Some((*number).to_owned()),
            date: date.map(str::to_owned),
            spans: vec![],
        })
        .collect();
    plan
}

impl Desk {
    fn put_plan(&self, name: &str, plan: &Plan) {
        self.put(format!("out/{name}.json"), sohoa::emit::json(plan));
    }
}

/// The rows of a CSV, by column name.
fn rows(csv: &str, separator: u8) -> Vec<BTreeMap<String, String>> {
    let csv = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(csv.as_bytes());
    reader.deserialize().map(|row| row.expect("as many cells as columns")).collect()
}

#[test]
fn tables_of_a_run() {
    let desk = Desk::new();
    desk.put("in/năm 2021/a.txt", PLAN);
    desk.put("in/b.txt", PLAN.replace("05/KH", "06/KH"));
    desk.run("digitise in -o out -q").code(0);
    let table = desk.run("export out").code(0).out;
    assert!(table.starts_with("\u{feff}document,node,issuer_parent,issuer,number,"), "{table}");
    let documents = rows(&table, b',');
    let cell = |row: usize, column: &str| documents[row][column].as_str();
    assert_eq!([cell(0, "document"), cell(1, "document")], ["b.txt", "năm 2021/a.txt"]);
    assert_eq!(cell(1, "node"), "Kế hoạch 5/KH-UBND (2021)");
    assert_eq!(cell(1, "issuer"), "ỦY BAN NHÂN DÂN XÃ TÂN AN");
    assert_eq!((cell(1, "signer"), cell(1, "position")), ("Lê Văn Ba", "CHỦ TỊCH"));
    assert_eq!((cell(1, "sections"), cell(1, "recipients")), ("6", "Như trên; Lưu: VT"));
    // a reader that has had enough is no failure
    assert_eq!(desk.run("export out --table sections --format jsonl").code(0).out.lines().count(), 12);
}

#[test]
fn all_tables_hold_what_the_documents_say() {
    let desk = Desk::new();
    desk.put_plan("x", &citing("05", &[(Some("Nghị định"), "30/2020/NĐ-CP", Some("2020-03-05"))]));
    desk.run("export out --to tables").code(0);
    assert_eq!(desk.files("tables"), ["documents.csv", "references.csv", "sections.csv", "tasks.csv"]);
    let bytes = std::fs::read(desk.path("tables/documents.csv")).expect("there");
    assert!(bytes.starts_with(b"\xef\xbb\xbf") && bytes.ends_with(b"\r\n"));
    let of = |name: &str| rows(&desk.read(format!("tables/{name}.csv")), b',');
    assert_eq!(of("documents")[0]["title"], "Vệ sinh, \"sạch\" và đẹp\nnăm 2021");
    let task = &of("tasks")[0];
    let cells =
        ["from", "who", "partners", "what", "due", "due_to", "section", "page"].map(|c| task[c].as_str());
    let expected = [
        "task",
        "Trưởng thôn",
        "Đoàn xã; Hội Phụ nữ",
        "Dọn vệ sinh",
        "tháng 6/2021",
        "2021-06",
        "I › -",
        "3",
    ];
    assert_eq!(cells, expected);
    let sections = of("sections");
    let texts: Vec<&str> = sections.iter().map(|row| row["text"].as_str()).collect();
    assert_eq!(texts, ["MỤC ĐÍCH", "'- 5 thôn", "'=SUM(A1)"], "nothing a spreadsheet would compute");
    assert_eq!((sections[1]["path"].as_str(), sections[1]["label"].as_str()), ("I › -", "-"));
    let reference = &of("references")[0];
    assert_eq!(reference["node"], "Kế hoạch 5/KH-UBND (2021)");
    assert_eq!(reference["cited"], "Nghị định 30/2020/NĐ-CP");

    // the same columns, and the same values as they are, in JSON Lines
    for table in Table::ALL {
        let lines = desk.run(&format!("export out --format jsonl --table {}", table.name())).code(0).out;
        let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/export.md"));
        let docs = docs.expect("docs/export.md");
        for line in lines.lines() {
            let row: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(line).expect("an object");
            assert_eq!(row.len(), table.columns().len());
            let order: Vec<usize> = table
                .columns()
                .iter()
                .map(|column| line.find(&format!("\"{column}\":")).unwrap_or_else(|| panic!("{column}")))
                .collect();
            assert!(order.is_sorted(), "{line}");
        }
        for column in table.columns() {
            assert!(docs.contains(&format!("`{column}`")), "docs/export.md does not say what {column} is");
        }
    }
    let sections = desk.run("export out --format jsonl --table sections").code(0).out;
    assert!(
        sections.contains("\"text\":\"- 5 thôn\"") && sections.contains("\"paragraphs\":null"),
        "{sections}"
    );

    let plain = desk.run("export out --table sections --no-bom --no-guard --separator semicolon").code(0).out;
    assert!(plain.starts_with("document;attached;path;"), "{plain}");
    assert_eq!(rows(&plain, b';')[2]["text"], "=SUM(A1)");
}

#[test]
fn one_decree_is_one_node() {
    let desk = Desk::new();
    let decree = [
        (Some("Nghị định"), "30/2020/NĐ-CP", Some("2020-03-05")),
        (None, "30/2020/ND-CP", None),
        (Some("NGHỊ ĐỊNH"), "030/2020/NĐ–CP", None),
    ];
    desk.put_plan("a", &citing("05", &decree));
    let mut other =
        citing("06", &[decree[1], (None, "5/KH-UBND", Some("2021-03-09")), (None, "05/KH-UBND", None)]);
    other.header.title = Some("Trả lời \"05\"".into());
    desk.put_plan("b", &other);
    let cited: Vec<String> = rows(&desk.run("export out --table references").code(0).out, b',')
        .into_iter()
        .map(|mut row| row.remove("cited").expect("a column"))
        .collect();
    let (decree, plan) = ("Nghị định 30/2020/NĐ-CP", "Kế hoạch 5/KH-UBND (2021)");
    assert_eq!(cited, [decree, decree, decree, decree, plan, plan], "the year of the other mention");
    let graph = desk.run("export out --graph dot").code(0).out;
    let expected = format!(
        "strict digraph citations {{
  rankdir=LR
  node [shape=ellipse]
  \"{plan}\" [shape=box label=\"{plan}\\nVệ sinh, \\\"sạch\\\" và đẹp\\nnăm 2021\"]
  \"{plan}\" -> \"{decree}\" [weight=3]
  \"Kế hoạch 6/KH-UBND (2021)\" [shape=box label=\"Kế hoạch 6/KH-UBND (2021)\\nTrả lời \\\"05\\\"\"]
  \"Kế hoạch 6/KH-UBND (2021)\" -> \"{plan}\" [weight=2]
  \"Kế hoạch 6/KH-UBND (2021)\" -> \"{decree}\" [weight=1]
}}
"
    );
    assert_eq!(graph, expected);
}

#[test]
fn what_is_no_document_is_named_and_left_out() {
    let desk = Desk::new();
    desk.put_plan("a", &plan("05"));
    let whole = desk.read("out/a.json");
    desk.put("out/cut.json", &whole[..whole.len() / 2]);
    desk.put("out/empty.json", "");
    desk.put("out/package.json", "{\"name\": \"x\", \"version\": \"1.0\"}");
    desk.put("out/later.json", whole.replace("\"1.2\"", "\"2.0\""));
    desk.put("out/.hidden/b.json", "no output");
    desk.put("out/notes.txt", "no JSON");
    let ended = desk.run("export out").code(1);
    assert_eq!(rows(&ended.out, b',').len(), 1);
    let ended = ended
        .says(&["cut.json", "damaged"])
        .says(&["empty.json", "damaged"])
        .says(&["package.json", "not written by sohoa"])
        .says(&["later.json", "\"2.0\"", "1.x"])
        .says(&["4 files left out, 1 documents exported"]);
    assert!(!ended.err.contains("hidden") && !ended.err.contains("notes"), "{}", ended.err);
    // what could be read is in the files too
    desk.run("export out --to tables --table documents").code(1);
    assert_eq!(rows(&desk.read("tables/documents.csv"), b',').len(), 1);
}

#[test]
fn nothing_is_written_over_unasked() {
    let desk = Desk::new();
    desk.put_plan("a", &plan("05"));
    desk.put("tables/tasks.csv", "mine");
    desk.run("export out --to tables").code(2).says(&["tasks.csv", "--force"]);
    assert_eq!(desk.files("tables"), ["tasks.csv"], "and nothing else is left there");
    assert_eq!(desk.read("tables/tasks.csv"), "mine");
    desk.run("export out --to tables --force").code(0);
    assert!(desk.read("tables/tasks.csv").contains("Dọn vệ sinh"));
    desk.put("file", "");
    desk.run("export out --to file").code(2).says(&["file", "not a folder"]);
    desk.run("export out --table all").code(2).says(&["--to"]);
    desk.run("export nowhere").code(2).says(&["nowhere"]);
    desk.run("export out --force").code(2);
    desk.run("export out --graph dot --table tasks").code(2);
    let nothing = Desk::new();
    std::fs::create_dir(nothing.path("out")).expect("made");
    let empty = nothing.run("export out").code(0).says(&["no finished document"]);
    assert_eq!(empty.out.lines().count(), 1, "the names of the columns");
}

#[test]
fn threads_change_nothing_and_readers_may_leave() {
    let desk = Desk::new();
    for i in 0..1300 {
        desk.put_plan(&format!("{}/{i}", i % 7), &plan(&i.to_string()));
    }
    desk.put("out/3/damaged.json", "{");
    let of = |jobs: &str| {
        let to = format!("t{jobs}");
        desk.run(&format!("export out --to {to} --jobs {jobs}")).code(1);
        desk.files(&to).iter().map(|name| desk.read(format!("{to}/{name}"))).collect::<Vec<_>>()
    };
    let one = of("1");
    assert_eq!(one[0].lines().filter(|line| line.contains("KH-UBND")).count(), 1300);
    assert_eq!(one, of("5"));
    let mut child = desk
        .sohoa(["export", "out", "--table", "sections"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}
