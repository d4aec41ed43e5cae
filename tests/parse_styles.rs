//! Documents of other styles (`fixtures/parse`): each text beside the outline it must give.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use sohoa::model::Plan;
use sohoa::model::plan::Section;

/// A plan as the text of an `.outline` file.
fn outline(plan: &Plan) -> String {
    let mut out = String::new();
    let h = &plan.header;
    let fields = [&h.issuer_parent, &h.issuer, &h.number, &h.place, &h.date, &h.kind, &h.title];
    for (name, field) in ["above", "issuer", "number", "place", "date", "kind", "title"].iter().zip(fields) {
        writeln!(out, "{name}: {}", field.as_deref().unwrap_or("-")).unwrap();
    }
    plan.preamble.iter().for_each(|p| writeln!(out, "¶ {p}").unwrap());
    sections(&plan.sections, 0, &mut out);
    for a in &plan.attached {
        let text = |f: &Option<String>| f.clone().unwrap_or_default();
        writeln!(out, "attached: {} | {} | {}", text(&a.kind), text(&a.title), text(&a.note)).unwrap();
        sections(&a.sections, 1, &mut out);
    }
    plan.closing.iter().for_each(|p| writeln!(out, "closing: {p}").unwrap());
    plan.recipients.iter().for_each(|p| writeln!(out, "to: {p}").unwrap());
    for part in [&plan.signature.authority, &plan.signature.position, &plan.signature.name] {
        writeln!(out, "signed: {}", part.as_deref().unwrap_or("-")).unwrap();
    }
    plan.references
        .iter()
        .for_each(|r| writeln!(out, "cites: {} ({})", r.raw, r.date.as_deref().unwrap_or("-")).unwrap());
    plan.warnings.iter().for_each(|w| writeln!(out, "warning: {}", w.code).unwrap());
    out
}

fn sections(list: &[Section], depth: usize, out: &mut String) {
    for s in list {
        let pad = "  ".repeat(depth);
        writeln!(out, "{pad}[{}] {}", s.label, s.text).unwrap();
        s.paragraphs.iter().for_each(|p| writeln!(out, "{pad}  ¶ {p}").unwrap());
        sections(&s.children, depth + 1, out);
    }
}

#[test]
fn outlines_are_as_expected() {
    let mut seen = 0;
    for entry in fs::read_dir("fixtures/parse").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let got = outline(&sohoa::parse::parse_text(&fs::read_to_string(&path).unwrap()));
        let beside = Path::new(&path).with_extension("outline");
        let want = fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(got, want, "{}", beside.display());
        seen += 1;
    }
    assert!(seen >= 6);
}
