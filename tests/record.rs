//! Archival records: all 21 fields, as JSON that keeps to its schema and as XML that is well-formed, and what is left to people.

mod common;

use common::{Desk, PLAN, fixture};
use serde_json::Value;
use sohoa::emit::record::FIELDS;
use sohoa::model::Plan;
use sohoa::model::page::Decision;
use sohoa::model::plan::{Doubtful, PageRecord};
use sohoa::model::text::Span;

fn page(number: u32, decision: Decision) -> PageRecord {
    PageRecord {
        number,
        width: 10,
        height: 10,
        dpi: 300.0,
        decision,
        score: None,
        turn: 0.0,
        encoding: None,
        raw: "x".into(),
    }
}

fn records(desk: &Desk) -> Vec<Value> {
    let out = desk.run("export out --format record").code(0).out;
    let schema = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/record.v1.json"));
    let schema: Value = serde_json::from_str(&schema.expect("the schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    out.lines()
        .map(|line| {
            let record: Value = serde_json::from_str(line).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
            let places: Vec<Option<usize>> =
                FIELDS.iter().map(|field| line.find(&format!("\"{}\":{{", field.name))).collect();
            assert!(places.is_sorted() && places.iter().all(Option::is_some), "{line}");
            record
        })
        .collect()
}

fn field<'a>(record: &'a Value, name: &str) -> (Option<&'a str>, &'a str, &'a str) {
    let field = &record["fields"][name];
    let text = |key: &str| field[key].as_str().unwrap_or_default();
    (field["value"].as_str(), text("status"), text("why"))
}

#[test]
fn a_text_gives_what_its_letterhead_says() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    desk.run("digitise a.txt -o out -q").code(0);
    let record = &records(&desk)[0];
    assert_eq!(record["document"], "a.txt");
    for (name, value) in [
        ("typeName", "10"),
        ("codeNumber", "05"),
        ("codeNotation", "KH-UBND"),
        ("issuedDate", "09/03/2021"),
        ("organName", "ỦY BAN NHÂN DÂN XÃ TÂN AN"),
        ("subject", "Vệ sinh môi trường năm 2021"),
    ] {
        let (found, status, why) = field(record, name);
        assert_eq!((found, status), (Some(value), "read"), "{name}");
        assert!(why.starts_with("header."), "{why}");
    }
    assert_eq!(field(record, "language").1, "inferred");
    for name in ["docId", "maintenance", "numberOfPage", "confidenceLevel", "autograph"] {
        let (value, status, why) = field(record, name);
        assert_eq!((value, status), (None, "human"), "{name}");
        assert!(!why.is_empty());
    }
}

#[test]
fn scans_are_digitised_and_doubts_are_for_people() {
    let desk = Desk::new();
    let of = |decisions: &[Decision]| {
        let mut plan = Plan { schema_version: "1.2".into(), ..Plan::default() };
        plan.source.media_type = "application/pdf".into();
        plan.source.pages = 3;
        plan.pages = (1..).zip(decisions).map(|(n, decision)| page(n, *decision)).collect();
        plan.header.title = Some("T".repeat(501));
        plan.header.issuer = Some("SỞ NỘI VỤ".into());
        plan.header.number = Some("30/2020/NĐ-CP".into());
        plan.header.date = Some("2020-03".into());
        plan.header.kind = Some("THÔNG TƯ".into());
        plan.header.spans.insert("issuer".into(), vec![Span { page: 1, start: 10, end: 30 }]);
        plan.doubtful = vec![
            Doubtful { page: 1, start: 12, end: 15, text: "NỘI".into(), confidence: 0.4, runner_up: None },
            Doubtful { page: 2, start: 12, end: 15, text: "khác".into(), confidence: 0.4, runner_up: None },
        ];
        plan
    };
    use Decision::{Ocr, RestoredLayer, TextLayer};
    for (name, decisions) in [
        ("a", &[Ocr, RestoredLayer, Ocr]),
        ("b", &[TextLayer, TextLayer, TextLayer]),
        ("c", &[TextLayer, Ocr, Ocr]),
    ] {
        desk.put(format!("out/{name}.json"), sohoa::emit::json(&of(decisions)));
    }
    let all = records(&desk);
    let levels: Vec<Option<&str>> = all.iter().map(|record| field(record, "confidenceLevel").0).collect();
    assert_eq!(levels, [Some("02"), Some("01"), Some("03")]);
    let record = &all[0];
    assert_eq!(field(record, "numberOfPage"), (Some("3"), "read", "pages of the input"));
    let (value, status, why) = field(record, "organName");
    assert_eq!((value, status), (Some("SỞ NỘI VỤ"), "human"));
    assert!(why.contains("doubtful words: NỘI") && !why.contains("khác"), "{why}");
    let (value, status, why) = field(record, "subject");
    assert_eq!((value.map(|text| text.chars().count()), status), (Some(500), "human"));
    assert!(why.contains("500"), "{why}");
    assert_eq!((field(record, "codeNumber").0, field(record, "codeNotation").0), (Some("30"), Some("NĐ-CP")));
    assert_eq!((field(record, "issuedDate").0, field(record, "issuedDate").1), (None, "human"));
    assert_eq!((field(record, "typeName").0, field(record, "typeName").1), (Some("32"), "inferred"));
}

#[test]
fn xml_says_the_same() {
    use quick_xml::events::Event;
    let desk = Desk::new();
    for name in ["a5-garbled.txt", "c5-office.pdf", "a6-bilevel.pdf"] {
        let json = std::fs::read(fixture(&format!("{name}.expected.json"))).expect("a fixture");
        desk.put(format!("out/<{name}> & co.json"), json);
    }
    let json = records(&desk);
    desk.run("export out --format record --to records").code(0);
    assert_eq!(desk.files("records"), ["records.jsonl", "records.xml"]);
    let xml = desk.read("records/records.xml");
    assert_eq!(desk.run("export out --format record-xml").code(0).out, xml);
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut open, mut found): (Vec<String>, Vec<Value>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().expect("well-formed XML");
        let mut meet = |element: &quick_xml::events::BytesStart<'_>| {
            let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
            let value = |key: &str| {
                let found = element.try_get_attribute(key).expect("attributes");
                found.map(|v| {
                    v.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("a value").into_owned()
                })
            };
            match name.as_str() {
                "records" => {}
                "record" => {
                    found.push(serde_json::json!({ "form": value("form"), "document": value("document"), "fields": {} }));
                }
                field => {
                    let record = found.last_mut().expect("a record");
                    record["fields"][field] =
                        serde_json::json!({ "value": null, "status": value("status"), "why": value("why") });
                }
            }
            name
        };
        match &event {
            Event::Eof => break,
            Event::Start(element) => {
                let name = meet(element);
                open.push(name);
            }
            Event::Empty(element) => drop(meet(element)),
            Event::Text(text) if open.len() == 3 => {
                let name = open.last().expect("an element");
                let value = &mut found.last_mut().expect("a record")["fields"][name]["value"];
                let text = text.decode().expect("UTF-8").into_owned();
                *value = Value::String(value.as_str().unwrap_or_default().to_owned() + &text);
            }
            Event::GeneralRef(reference) if open.len() == 3 => {
                let name = open.last().expect("an element");
                let value = &mut found.last_mut().expect("a record")["fields"][name]["value"];
                let reference = String::from_utf8_lossy(reference).into_owned();
                let sign = quick_xml::escape::resolve_xml_entity(&reference).expect("known");
                *value = Value::String(value.as_str().unwrap_or_default().to_owned() + sign);
            }
            Event::End(_) => drop(open.pop()),
            _ => {}
        }
    }
    assert!(open.is_empty());
    assert_eq!(found, json);
}

#[test]
fn the_documentation_has_every_field() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/record.md")).expect("docs");
    let rows: Vec<&str> =
        docs.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 5).collect();
    assert_eq!(rows.len(), FIELDS.len());
    for (row, field) in rows.iter().zip(&FIELDS) {
        let longest = field.longest.map_or(String::new(), |longest| longest.to_string());
        assert!(row.starts_with(&format!("| `{}` | {} | {longest} |", field.name, field.label)), "{row}");
    }
}
