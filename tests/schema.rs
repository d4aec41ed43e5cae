//! The published form of the JSON: what 1.0 and 1.2 promised still holds, and every field says what it is.

use std::fs;

use serde_json::Value;
use sohoa::model::Plan;

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect(path)).expect(path)
}

/// Every object of a schema that lists properties, by where it stands.
fn objects(schema: &Value) -> Vec<(String, &Value)> {
    let mut out = vec![("#".to_owned(), schema)];
    for (name, of) in schema["$defs"].as_object().into_iter().flatten() {
        out.push((format!("#/$defs/{name}"), of));
    }
    out.retain(|(_, of)| of["properties"].is_object());
    out
}

/// A property without what is said about it.
fn bare(property: &Value) -> Value {
    let mut property = property.clone();
    for said in ["description", "default", "examples", "pattern"] {
        property.as_object_mut().map(|p| p.remove(said));
    }
    property
}

#[test]
fn what_1_0_and_1_2_promised_still_holds() {
    for version in ["1.0", "1.2"] {
        promised(&read(&format!("fixtures/schema/plan.{version}.schema.json")));
    }
}

/// Asserts that documents and readers of the schema `old` agree with the one of now.
fn promised(old: &Value) {
    let new = read("schema/plan.v1.json");
    assert_eq!(old["$id"], new["$id"]);
    for (at, old) in objects(old) {
        let new = if at == "#" { &new } else { new.pointer(&at[1..]).expect(&at) };
        for (name, property) in old["properties"].as_object().expect(&at) {
            assert_eq!(bare(&new["properties"][name]), bare(property), "{at} {name}");
        }
        // a document of 1.0 has what is required, and one of 1.x has what readers of 1.0 rely on
        assert_eq!(new["required"], old["required"], "{at}");
    }
}

#[test]
fn documents_of_1_0_are_still_read() {
    let old = read("fixtures/schema/plan.1.0.json");
    let validator = jsonschema::validator_for(&read("schema/plan.v1.json")).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&old).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let plan: Plan = serde_json::from_value(old).expect("a plan");
    assert_eq!(plan.schema_version, "1.0");
    assert!(!plan.sections.is_empty() && plan.amounts.is_empty());
}

#[test]
fn documents_of_1_2_are_still_read() {
    let validator = jsonschema::validator_for(&read("schema/plan.v1.json")).expect("a schema");
    let old = &read("fixtures/schema/plan.1.2.schema.json")["examples"][0];
    assert!(old["pages"][0].get("encoding").is_none(), "it came with 1.3");
    assert!(validator.is_valid(old));
    let plan: Plan = serde_json::from_value(old.clone()).expect("a plan");
    assert_eq!((plan.schema_version.as_str(), plan.pages[0].encoding), ("1.2", None));
}

#[test]
fn every_field_is_described_and_examples_are_valid() {
    let schema = read("schema/plan.v1.json");
    for (at, of) in objects(&schema) {
        assert!(of["description"].is_string(), "{at}");
        for (name, property) in of["properties"].as_object().expect(&at) {
            assert!(property["description"].is_string() || property["$ref"].is_string(), "{at} {name}");
        }
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let examples = schema["examples"].as_array().expect("examples");
    assert!(!examples.is_empty());
    for example in examples {
        assert!(validator.is_valid(example), "{example}");
    }
}

#[test]
fn what_is_written_is_valid() {
    let validator = jsonschema::validator_for(&read("schema/plan.v1.json")).expect("a schema");
    for entry in fs::read_dir("fixtures/parse").expect("fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "txt") {
            let plan = sohoa::parse::parse_text(&fs::read_to_string(&path).expect("a text"));
            let plan = serde_json::to_value(plan).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&plan).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
    }
}
