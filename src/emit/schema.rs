//! The published schema of the JSON, made from the types that are written.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::model::Plan;

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
    let mut out = serde_json::to_string_pretty(&schema).unwrap_or_default();
    out.push('\n');
    out
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
