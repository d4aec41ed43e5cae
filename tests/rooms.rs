//! The house rule that keeps the rooms apart: a stage imports `model` and itself, never another stage; the review desk knows the batch, which
//! knows the stages, what inputs are and what outputs are called.

use std::path::Path;

/// Rooms, and what they may import besides `model` and themselves.
const RIGHTS: [(&str, &[&str]); 6] = [
    ("ingest", &[]),
    ("recognise", &[]),
    ("restore", &[]),
    ("parse", &[]),
    ("emit", &[]),
    ("review", &["batch", "emit", "ingest"]),
];

#[test]
fn rooms_import_what_they_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for (room, may) in RIGHTS {
        let files = walkdir::WalkDir::new(source.join(room)).into_iter().filter_map(Result::ok);
        for file in files.filter(|file| file.path().extension().is_some_and(|e| e == "rs")) {
            let text = std::fs::read_to_string(file.path()).expect("source");
            looked_at += 1;
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for imported in code.match_indices("crate::").map(|(at, _)| &code[at + "crate::".len()..]) {
                    let other =
                        imported.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    assert!(
                        other == room || other == "model" || may.contains(&other),
                        "{}:{}: {room} imports {other:?}: {line}",
                        file.path().display(),
                        number + 1
                    );
                }
            }
        }
    }
    assert!(looked_at >= RIGHTS.len(), "{looked_at} files");
}
