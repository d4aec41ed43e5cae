//! The published schema of the JSON, made from the types that are written.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::model::plan::{
    Assignment, Header, PageRecord, Period, Reference, SCHEMA_VERSION, Section, Signature, Source,
};
use crate::model::{Decision, Plan, Span};

/// The schema's `$id`. It stays the same through 1.x.
pub const SCHEMA_ID: &str = "urn:sohoa:schema:plan:v1";

/// JSON Schema (draft 2020-12) of [`Plan`], pretty-printed, with a newline at the end: the content of `schema/plan.v1.json`.
///
/// Unknown fields are allowed, because 1.x adds fields.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Plan>();
    schema.insert("$id".into(), json!(SCHEMA_ID));
    schema.insert("title".into(), json!("Vietnamese administrative plan, sohoa schema 1"));
    if let Some(Value::Object(version)) = schema.pointer_mut("/properties/schema_version") {
        version.insert("pattern".into(), json!(r"^1\.[0-9]+$"));
    }
    schema.insert("examples".into(), json!([example()]));
    let mut out = serde_json::to_string_pretty(&schema).unwrap_or_default();
    out.push('\n');
    out
}

/// A small plan with something in most fields: what a reader of the schema wants to see first.
fn example() -> Plan {
    let raw = "UBND XÃ TÂN AN\nSố: 05/KH-UBND\nTân An, ngày 09 tháng 3 năm 2021\nKẾ HOẠCH\nVệ sinh môi trường năm 2021\n\
        Căn cứ Kế hoạch số 12/KH-UBND ngày 15/01/2021;\nI. TỔ CHỨC THỰC HIỆN\n1. Công an xã: giữ gìn trật tự.\n\
        Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nLê Văn Ba\n";
    let span = |part: &str| {
        let start = raw.find(part).unwrap_or(0);
        Span { page: 1, start, end: start + part.len() }
    };
    let at = |fields: &[(&str, &str)]| {
        fields.iter().map(|(name, part)| ((*name).to_owned(), vec![span(part)])).collect()
    };
    let text = |text: &str| Some(text.to_owned());
    let item = Section {
        label: "1".into(),
        marker: "1.".into(),
        text: "Công an xã: giữ gìn trật tự.".into(),
        spans: vec![span("1. Công an xã: giữ gìn trật tự.")],
        ..Section::default()
    };
    Plan {
        schema_version: SCHEMA_VERSION.into(),
        source: Source {
            path: "plan.txt".into(),
            sha256: "0".repeat(64),
            media_type: "text/plain".into(),
            pages: 1,
            tool: "sohoa".into(),
            ..Source::default()
        },
        pages: vec![PageRecord {
            score: None,
            turn: 0.0,
            encoding: None,
            number: 1,
            width: 0,
            height: 0,
            dpi: 0.0,
            decision: Decision::Text,
            raw: raw.into(),
        }],
        header: Header {
            issuer: text("UBND XÃ TÂN AN"),
            number: text("05/KH-UBND"),
            place: text("Tân An"),
            date: text("2021-03-09"),
            kind: text("KẾ HOẠCH"),
            title: text("Vệ sinh môi trường năm 2021"),
            period: Some(Period { from: "2021".into(), to: "2021".into() }),
            spans: at(&[("issuer", "UBND XÃ TÂN AN"), ("number", "Số: 05/KH-UBND")]),
            ..Header::default()
        },
        preamble: vec!["Căn cứ Kế hoạch số 12/KH-UBND ngày 15/01/2021;".into()],
        sections: vec![Section {
            label: "I".into(),
            marker: "I.".into(),
            text: "TỔ CHỨC THỰC HIỆN".into(),
            spans: vec![span("I. TỔ CHỨC THỰC HIỆN")],
            children: vec![item],
            ..Section::default()
        }],
        recipients: vec!["Lưu: VT".into()],
        signature: Signature {
            position: text("CHỦ TỊCH"),
            name: text("Lê Văn Ba"),
            spans: vec![span("CHỦ TỊCH\nLê Văn Ba")],
            ..Signature::default()
        },
        references: vec![Reference {
            raw: "Kế hoạch số 12/KH-UBND ngày 15/01/2021".into(),
            kind: text("Kế hoạch"),
            number: text("12/KH-UBND"),
            date: text("2021-01-15"),
            spans: vec![span("Kế hoạch số 12/KH-UBND ngày 15/01/2021")],
        }],
        assignments: vec![Assignment {
            agency: "Công an xã".into(),
            duties: vec!["giữ gìn trật tự.".into()],
            section: vec!["I".into(), "1".into()],
            spans: vec![span("1. Công an xã: giữ gìn trật tự.")],
        }],
        ..Plan::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_accepts_a_plan_and_refuses_another_version() {
        let schema: Value = serde_json::from_str(&schema()).expect("JSON");
        assert_eq!(schema["$id"], SCHEMA_ID);
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut plan =
            serde_json::to_value(Plan { schema_version: "1.0".into(), ..Plan::default() }).expect("JSON");
        assert!(validator.is_valid(&plan));
        plan["field_of_1_7"] = json!(1);
        assert!(validator.is_valid(&plan), "1.x may add fields");
        plan["schema_version"] = json!("2.0");
        assert!(!validator.is_valid(&plan));
    }
}
