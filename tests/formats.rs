//! Plans in other forms than JSON, and several documents in one text, through the real binary.

mod common;

use common::Desk;
use serde_json::Value;

const PLAN: &str = "SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/KH-SYT\nHuế, ngày 4 tháng 5 năm 2020\nKẾ HOẠCH\nPhòng <bệnh>\n\n\
    I. MỘT\n1. Hai\na) Ba x;\n- Bốn x;\nb) Năm x.\n1. Sáu \"x\".\nII. BẢY\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\n\n\n\n\
    PHỤ LỤC\nDANH MỤC\nTT | Việc\n1 | Quét\n2 | Dọn\n\n";

#[test]
fn markdown_has_headings_lists_and_tables() {
    let out = Desk::new().pipe("parse - --format markdown", PLAN.as_bytes()).code(0).out;
    assert!(out.starts_with("# KẾ HOẠCH: Phòng \\<bệnh>\n"), "{out}");
    assert!(out.contains("## I. MỘT\n\n### 1. Hai\n\n- a) Ba x;\n  - \\- Bốn x;\n- b) Năm x.\n"), "{out}");
    assert!(out.contains("| TT | Việc |\n| --- | --- |\n| 1 | Quét |\n"), "{out}");
}

#[test]
fn every_tag_of_html_is_closed_and_every_id_is_unique() {
    let out = Desk::new().pipe("parse - --format html", PLAN.as_bytes()).code(0).out;
    for tag in ["section", "article", "table", "ul", "dl", "body"] {
        let closed = out.matches(&format!("</{tag}>")).count();
        assert_eq!(out.matches(&format!("<{tag}")).count(), closed, "{tag}: {out}");
    }
    let ids: Vec<&str> = out.split("id=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
    let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    assert!(out.contains("Phòng &lt;bệnh&gt;") && !out.contains("<bệnh>"), "{out}");
}

#[test]
fn a_text_of_several_documents_is_taken_apart() {
    let desk = Desk::new();
    let text = PLAN.to_owned() + &PLAN.replace("Số: 1/", "Số: 2/");
    let lines = desk.pipe("parse - --split --format jsonl", text.as_bytes()).code(0).out;
    let numbers: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["header"]["number"].to_string())
        .collect();
    assert_eq!(numbers, ["\"1/KH-SYT\"", "\"2/KH-SYT\""]);
    let array = desk.pipe("parse - --split", text.as_bytes()).code(0).out;
    assert_eq!(serde_json::from_str::<Vec<Value>>(&array).expect("an array").len(), 2);
    // without --split it is one document, whatever it holds
    let one = desk.pipe("parse -", text.as_bytes()).code(0).out;
    assert!(serde_json::from_str::<Value>(&one).expect("JSON").is_object());
}
