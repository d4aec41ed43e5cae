//! The small subcommands through the real binary: parse, restore, schema, completions.

mod common;

use common::{Desk, PLAN};
use serde_json::Value;

#[test]
fn parse_reads_a_file_or_stdin() {
    let desk = Desk::new();
    desk.put("plan.txt", PLAN);
    let from_file: Value = serde_json::from_str(&desk.run("parse plan.txt").code(0).out).expect("JSON");
    let from_stdin: Value =
        serde_json::from_str(&desk.pipe("parse -", PLAN.as_bytes()).code(0).out).expect("JSON");
    assert_eq!(from_file["header"]["title"], "Vệ sinh môi trường năm 2021");
    assert_eq!(from_file["source"]["path"], "plan.txt");
    assert_eq!(from_stdin["source"]["path"], "stdin");
    assert_eq!(from_file["sections"], from_stdin["sections"]);
    assert_eq!(from_file["source"]["sha256"], from_stdin["source"]["sha256"]);
    desk.run("parse gone.txt").code(1).says(&["gone.txt: no such file"]);
    desk.pipe("parse -", &[0x7f, b'E', b'L', b'F', 0, 0, 1]).code(1).says(&["stdin: ", "UTF-8"]);
}

#[test]
fn restore_keeps_lines_and_leaves_right_text_alone() {
    let desk = Desk::new();
    assert_eq!(desk.pipe("restore", PLAN.as_bytes()).code(0).out, PLAN);
    assert_eq!(desk.pipe("restore", b"").code(0).out, "");
    let legacy = desk.pipe("restore", b"K\xd5 ho\xb9ch").code(1);
    assert!(legacy.err.contains("stdin: ") && legacy.out.is_empty(), "{legacy:?}");
    desk.sohoa(["restore", "--dictionaries", "nowhere"]);
    desk.run("restore --dictionaries nowhere").code(2).says(&["nowhere"]);
}

#[test]
fn the_published_schema_is_up_to_date() {
    let published = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.v1.json");
    let published = std::fs::read_to_string(published).expect("schema/plan.v1.json");
    let printed = Desk::new().run("schema").code(0).out;
    assert!(
        printed == published,
        "schema/plan.v1.json is out of date: cargo run -- schema > schema/plan.v1.json"
    );
}

#[test]
fn help_and_completions() {
    let desk = Desk::new();
    let help = desk.run("digitise --help").code(0).out;
    assert!(help.contains("--document-per-folder") && help.contains("Examples:"), "{help}");
    assert!(!desk.run("--help").code(0).out.contains("worker-process"), "not for people");
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            desk.run(&format!("completions {shell}")).code(0).out.contains("document-per-folder"),
            "{shell}"
        );
    }
}
