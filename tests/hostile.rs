//! Hostile files through the real binary: more than three hundred that are cut, flipped, looped, nested, or promise more than
//! they hold. Each ends in the ledger, none reaches its deadline, and the good document among them is done.

mod common;
mod pictures;
mod traps;

use common::{Desk, PLAN};
use serde_json::Value;

#[test]
fn all_end_in_the_ledger_and_none_at_its_deadline() {
    let desk = Desk::new();
    desk.put("in/good.txt", PLAN);
    let files: Vec<(String, Vec<u8>)> = traps::traps().into_iter().chain(traps::damaged(PLAN)).collect();
    assert!(files.len() > 300, "{}", files.len());
    for (name, bytes) in &files {
        desk.put(format!("in/{name}"), bytes);
    }
    let ended = desk
        .run("digitise in -o out --pdf --jobs 2 --page-timeout 60 --worker-memory 1024 --max-stream-mb 200")
        .code(1);
    let status: Value = serde_json::from_str(&desk.run("status out --json").code(0).out).expect("JSON");
    assert_eq!(status["documents"], files.len() as u64 + 1, "{}", ended.err);
    assert!(desk.read("out/good.txt.json").contains("05/KH-UBND"));
    let failures = status["failures"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert!(failures.len() > 60, "{}", failures.len());
    for (name, why) in [
        ("bomb.pdf", "decoded bytes per stream"),
        ("bomb-twice.pdf", "decoded bytes per stream"),
        ("bomb-form.pdf", "decoded bytes per stream"),
        ("liar.pdf", "pixels per page"),
        ("pixels.pdf", "pixels per page"),
        ("pixels.tif", "pixels per page"),
        ("nested.pdf", "nesting of arrays and dictionaries"),
        ("nested-dictionaries.pdf", "nesting of arrays and dictionaries"),
    ] {
        let message = failures.iter().find(|f| f["name"] == name).and_then(|f| f["message"].as_str());
        let message = message.unwrap_or_default();
        assert!(message.contains(why) && message.contains("raise it with --max-"), "{name}: {message}");
    }
    for failure in failures {
        let reason = failure["reason"].as_str().unwrap_or_default();
        assert!(matches!(reason, "input" | "crash"), "{failure}");
        assert!(!failure["message"].as_str().unwrap_or_default().contains('\n'), "{failure}");
    }
}
