//! A plan of `corpus/` as the text that its printed pages carry, one paragraph a line, and as lines of a page.

use serde_json::Value;

/// Lines of the letterhead, the body, the end and the notes of `plan`, one paragraph a line.
pub fn print(plan: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().map(str::to_owned);
    let mut out: Vec<String> = ["issuer_parent", "issuer"].iter().filter_map(|k| text(&plan[k])).collect();
    let number = text(&plan["number"]).unwrap_or_default();
    let party = number.ends_with("/HU");
    if party {
        out.push("ĐẢNG CỘNG SẢN VIỆT NAM".to_owned());
        out.push(format!("Số {number}"));
    } else {
        out.push("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".to_owned());
        out.push("Độc lập - Tự do - Hạnh phúc".to_owned());
        out.push(format!("Số: {number}"));
    }
    let date = text(&plan["date"]).unwrap_or_default();
    let parts: Vec<&str> = date.split('-').collect();
    if let ([year, month, day], Some(place)) = (parts.as_slice(), text(&plan["place"])) {
        out.push(format!("{place}, ngày {day} tháng {month} năm {year}"));
    }
    out.extend(["kind", "title"].iter().filter_map(|k| text(&plan[k])));
    out.extend(texts(&plan["preamble"]));
    body(&plan["sections"], &mut out);
    for attached in plan["attached"].as_array().into_iter().flatten() {
        out.extend(["kind", "title", "note"].iter().filter_map(|k| text(&attached[k])));
        body(&attached["sections"], &mut out);
    }
    out.extend(texts(&plan["closing"]));
    out.push("Nơi nhận:".to_owned());
    out.extend(texts(&plan["recipients"]).map(|r| format!("- {r};")));
    out.extend(["authority", "position", "name"].iter().filter_map(|k| text(&plan["signature"][k])));
    out
}

/// `paragraphs` wrapped at `width` characters, a blank line between any two.
pub fn wrap(paragraphs: &[String], width: usize) -> String {
    let mut out = String::new();
    for paragraph in paragraphs {
        let mut line = 0;
        for word in paragraph.split(' ') {
            let len = word.chars().count();
            if line > 0 && line + 1 + len > width {
                out.push('\n');
                line = 0;
            } else if line > 0 {
                out.push(' ');
                line += 1;
            }
            out.push_str(word);
            line += len;
        }
        out.push_str("\n\n");
    }
    out
}

/// Label and text of every item in print order.
pub fn items(sections: &Value, depth: usize, out: &mut Vec<(usize, String, String)>) {
    for s in sections.as_array().into_iter().flatten() {
        let get = |k: &str| s[k].as_str().unwrap_or_default().to_owned();
        out.push((depth, get("label"), get("text")));
        items(&s["children"], depth + 1, out);
    }
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned))
}

fn body(sections: &Value, out: &mut Vec<String>) {
    for s in sections.as_array().into_iter().flatten() {
        let label = s["label"].as_str().unwrap_or_default();
        let text = s["text"].as_str().unwrap_or_default();
        if ["Phần ", "Chương ", "Mục "].iter().any(|w| label.starts_with(w)) {
            out.push(label.to_owned());
            out.push(text.to_owned());
        } else {
            out.push(format!("{} {text}", marker(label)));
        }
        out.extend(texts(&s["paragraphs"]));
        body(&s["children"], out);
    }
}

fn marker(label: &str) -> String {
    let closing = if label.starts_with(char::is_lowercase) {
        ")"
    } else if label.starts_with(char::is_alphanumeric) {
        "."
    } else {
        ""
    };
    format!("{label}{closing}")
}
