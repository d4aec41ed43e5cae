//! The fixtures against their expected outputs, through the real binary.
//!
//! What a text becomes is compared byte by byte. What a scan becomes may differ in a letter from one build of Tesseract to
//! another, so there the words have to agree to 99 %, and the tree in its labels.
//!
//! After an intended change, `SOHOA_BLESS=1 cargo test --test golden` writes the expected outputs anew: read the difference
//! before committing it.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Desk;
use serde_json::Value;

/// The inputs among the fixtures: what has no `.expected.` in its name and is no README.
fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder)
        .expect("fixtures")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.is_file() && !name.contains(".expected.") && !name.ends_with(".md")
        })
        .collect();
    inputs.sort();
    inputs
}

fn expected(input: &Path, kind: &str) -> PathBuf {
    let mut name = input.file_name().expect("a file").to_owned();
    name.push(".expected.");
    name.push(kind);
    input.with_file_name(name)
}

/// The labels of a tree, indented by depth.
fn labels(sections: &Value, depth: usize, out: &mut Vec<String>) {
    for section in sections.as_array().into_iter().flatten() {
        out.push(format!("{}{}", " ".repeat(depth), section["label"].as_str().unwrap_or("?")));
        labels(&section["children"], depth + 1, out);
    }
}

fn tree(json: &str) -> Vec<String> {
    let plan: Value = serde_json::from_str(json).expect("JSON");
    let mut out = Vec::new();
    labels(&plan["sections"], 0, &mut out);
    out
}

#[test]
fn every_fixture_gives_what_is_expected() {
    let desk = Desk::new();
    let inputs = inputs();
    assert!(inputs.len() >= 4, "{inputs:?}");
    let mut command = desk.sohoa(["digitise", "-o", "out", "--quiet"]);
    let status = command.args(&inputs).status().expect("runs");
    assert_eq!(status.code(), Some(0));
    let bless = std::env::var_os("SOHOA_BLESS").is_some();
    for input in &inputs {
        let name = input.file_name().expect("a file").to_string_lossy().into_owned();
        let text = desk.read(format!("out/{name}.txt"));
        let json = desk.read(format!("out/{name}.json"));
        if bless {
            fs::write(expected(input, "txt"), &text).expect("written");
            fs::write(expected(input, "json"), &json).expect("written");
            continue;
        }
        let wanted = |kind| {
            let path = expected(input, kind);
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let (wanted_text, wanted_json) = (wanted("txt"), wanted("json"));
        if name.ends_with(".txt") {
            assert!(text == wanted_text, "{name}: the text differs, see SOHOA_BLESS in this file");
            assert!(json == wanted_json, "{name}: the JSON differs, see SOHOA_BLESS in this file");
        } else {
            let rate = sohoa::evaluate::text::compare(&text, &text, &wanted_text).figures.ser.value();
            assert!(rate <= 0.01, "{name}: {:.2} % of the words differ", 100.0 * rate);
            assert_eq!(tree(&json), tree(&wanted_json), "{name}");
        }
    }
}
