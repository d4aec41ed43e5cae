//! The house rule that keeps the stages apart: a stage imports `model` and itself, never another stage.

use std::path::Path;

const STAGES: [&str; 5] = ["ingest", "recognise", "restore", "parse", "emit"];

#[test]
fn no_stage_imports_another() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for stage in STAGES {
        let files = walkdir::WalkDir::new(source.join(stage)).into_iter().filter_map(Result::ok);
        for file in files.filter(|file| file.path().extension().is_some_and(|e| e == "rs")) {
            let text = std::fs::read_to_string(file.path()).expect("source");
            looked_at += 1;
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for imported in code.match_indices("crate::").map(|(at, _)| &code[at + "crate::".len()..]) {
                    let room =
                        imported.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    assert!(
                        room == stage || room == "model",
                        "{}:{}: {stage} imports {room:?}: {line}",
                        file.path().display(),
                        number + 1
                    );
                }
            }
        }
    }
    assert!(looked_at >= STAGES.len(), "{looked_at} files");
}
