//! The plans of `corpus/`, printed and parsed: the tree comes back as it was.

mod support;

use serde_json::Value;
use std::fs;

fn plans() -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for entry in fs::read_dir("corpus").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "json") {
            let plan = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            out.push((path.display().to_string(), plan));
        }
    }
    assert!(out.len() >= 18, "the plans of corpus/ are missing");
    out
}

/// Compares item by item, so that a failure shows the first one that differs.
fn same(name: &str, got: &[(usize, String, String)], want: &[(usize, String, String)]) {
    for (a, b) in got.iter().zip(want) {
        assert_eq!(a, b, "{name}");
    }
    assert_eq!(got.len(), want.len(), "{name}");
}

fn check(width: Option<usize>) {
    for (name, plan) in plans() {
        let lines = support::print(&plan);
        let text = width.map_or_else(|| lines.join("\n"), |w| support::wrap(&lines, w));
        let parsed = serde_json::to_value(sohoa::parse::parse_text(&text)).unwrap();
        let (mut got, mut want) = (Vec::new(), Vec::new());
        support::items(&parsed["sections"], 0, &mut got);
        support::items(&plan["sections"], 0, &mut want);
        same(&name, &got, &want);
        for (a, b) in parsed["attached"]
            .as_array()
            .unwrap()
            .iter()
            .zip(plan["attached"].as_array().into_iter().flatten())
        {
            let (mut got, mut want) = (Vec::new(), Vec::new());
            support::items(&a["sections"], 0, &mut got);
            support::items(&b["sections"], 0, &mut want);
            same(&name, &got, &want);
        }
        for field in ["issuer_parent", "issuer", "number", "place", "date", "kind", "title"] {
            assert_eq!(parsed["header"][field], plan[field], "{name}: {field}");
        }
        for field in ["preamble", "closing", "recipients"] {
            assert_eq!(parsed[field], plan[field], "{name}: {field}");
        }
        for field in ["authority", "position", "name"] {
            assert_eq!(parsed["signature"][field], plan["signature"][field], "{name}: {field}");
        }
    }
}

#[test]
fn one_paragraph_a_line() {
    check(None);
}

#[test]
fn wrapped_as_on_paper() {
    check(Some(86));
}
