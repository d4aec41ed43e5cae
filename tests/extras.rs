//! Outputs beside the JSON and the text: made when asked for, whole, and made again when they are missing.

mod common;

use common::{Desk, PLAN, fixture};

/// All words of an ALTO document line by line, by the identity of their line: `p1l3` is line 3 of page 1.
fn words_of(alto: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(alto);
    let mut open: Vec<String> = Vec::new();
    let mut lines: Vec<(String, String)> = Vec::new();
    loop {
        let event = reader.read_event().expect("well-formed XML");
        let (element, holds) = match &event {
            Event::Eof => break,
            Event::Start(element) => (element, true),
            Event::Empty(element) => (element, false),
            Event::End(_) => {
                open.pop();
                continue;
            }
            _ => continue,
        };
        let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        let value = |key: &str| {
            let found = element.try_get_attribute(key).expect("attributes");
            found.map(|found| {
                found.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("a value").into_owned()
            })
        };
        let within = open.last().map(String::as_str).unwrap_or_default();
        match name.as_str() {
            "TextBlock" => assert_eq!(within, "PrintSpace"),
            "TextLine" => {
                assert_eq!(within, "TextBlock");
                lines.push((value("ID").expect("an identity"), String::new()));
            }
            "String" => {
                assert_eq!(within, "TextLine");
                let edge = |key: &str| value(key).and_then(|v| v.parse::<u32>().ok()).expect("a number");
                assert!(edge("HPOS") + edge("WIDTH") <= 3000 && edge("VPOS") + edge("HEIGHT") <= 4500);
                let sure: f32 = value("WC").and_then(|v| v.parse().ok()).expect("a confidence");
                assert!((0.0..=1.0).contains(&sure));
                let line = &mut lines.last_mut().expect("a line").1;
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&value("CONTENT").expect("content"));
            }
            "ALTERNATIVE" => assert_eq!(within, "String"),
            _ => {}
        }
        if holds {
            open.push(name);
        }
    }
    assert!(open.is_empty());
    lines
}

#[test]
fn extras_of_a_scan_say_what_the_json_says() {
    let desk = Desk::new();
    desk.put("a.pdf", std::fs::read(fixture("a6-bilevel.pdf")).expect("a fixture"));
    desk.run("digitise a.pdf -o out --jobs 1 --pages 1").code(0);
    assert_eq!(desk.files("out"), ["a.pdf.json", "a.pdf.txt"]);
    let json = desk.read("out/a.pdf.json");
    desk.run("digitise a.pdf -o out --jobs 1 --pages 1 --md --alto").code(0);
    assert_eq!(desk.files("out"), ["a.pdf.alto.xml", "a.pdf.json", "a.pdf.md", "a.pdf.txt"]);
    assert_eq!(desk.read("out/a.pdf.json"), json, "the JSON does not depend on what else is made");
    let plan: sohoa::model::Plan = serde_json::from_str(&json).expect("a plan");
    assert_eq!(desk.read("out/a.pdf.md"), sohoa::emit::markdown(&plan));

    let alto = desk.read("out/a.pdf.alto.xml");
    let lines = words_of(&alto);
    let raw: Vec<&str> = plan.pages[0].raw.lines().collect();
    let printed = raw.iter().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(lines.len(), printed, "a line for each that was read");
    // every correction stands in its line, with what was read as the alternative
    assert!(!plan.corrections.is_empty());
    for fix in plan.corrections.iter().filter(|fix| !fix.new.is_empty()) {
        let number = plan.pages[0].raw[..fix.start].matches('\n').count() + 1;
        let line = lines.iter().find(|(id, _)| *id == format!("p1l{number}"));
        let (_, text) = line.unwrap_or_else(|| panic!("no line {number}"));
        assert!(text.contains(&fix.new), "{} in {text}", fix.new);
    }
    let read = alto.matches("<ALTERNATIVE PURPOSE=\"ocr\">").count();
    assert!(read > 0 && read <= plan.corrections.len(), "{read}");
    // words that were read right stand as they were read
    for (id, text) in &lines {
        let number: usize = id.trim_start_matches("p1l").parse().expect("a number");
        let changed = plan
            .corrections
            .iter()
            .any(|fix| plan.pages[0].raw[..fix.start].matches('\n').count() + 1 == number);
        assert!(changed || text == raw[number - 1], "{text}");
    }
}

#[test]
fn a_missing_extra_is_made_and_nothing_else_is() {
    let desk = Desk::new();
    desk.put("in/a.txt", PLAN);
    desk.put("in/b.txt", PLAN.replace("05/KH", "06/KH"));
    let done = |line: &str| desk.run(line).code(0);
    let all = "digitise in -o out --md --alto";
    done("digitise in -o out");
    done(all);
    assert_eq!(
        desk.files("out"),
        ["a.txt.json", "a.txt.md", "a.txt.txt", "b.txt.json", "b.txt.md", "b.txt.txt"],
        "a text has no pages for ALTO"
    );
    let dry = |desk: &Desk| {
        let ended = desk.run(&format!("{all} --dry-run")).code(0);
        ended.out.lines().map(|line| line.ends_with("(up to date)")).collect::<Vec<_>>()
    };
    assert_eq!(dry(&desk), [true, true]);
    let markdown = desk.read("out/a.txt.md");
    std::fs::remove_file(desk.path("out/a.txt.md")).expect("removed");
    assert_eq!(dry(&desk), [false, true]);
    done(all);
    assert_eq!((desk.read("out/a.txt.md"), dry(&desk)), (markdown.clone(), vec![true, true]));
    // one that was changed is no output of ours
    desk.put("out/b.txt.md", "x");
    assert_eq!(dry(&desk), [true, false]);
    // a copy of the folder has other stamps and the same contents
    done(all);
    for name in desk.files("out") {
        let content = std::fs::read(desk.path(format!("out/{name}"))).expect("there");
        std::fs::remove_file(desk.path(format!("out/{name}"))).expect("removed");
        desk.put(format!("out/{name}"), content);
    }
    assert_eq!(dry(&desk), [true, true]);
    // what nobody asks for any more does not stay as it was
    desk.put("in/a.txt", PLAN.replace("năm 2021", "năm 2022"));
    done("digitise in -o out");
    assert!(desk.read("out/a.txt.md").contains("năm 2022"));
    assert_eq!(dry(&desk), [true, true]);
    // without the ledger the outputs speak for themselves
    std::fs::remove_dir_all(desk.path("out/.sohoa")).expect("removed");
    assert_eq!(dry(&desk), [true, true]);
    desk.put("out/b.txt.md", "x");
    assert_eq!(dry(&desk), [true, false]);
}
