//! The main job through the real binary: what it writes, skips, prints, and how it ends.

mod common;
mod pictures;

use std::fs;

use common::{Desk, PLAN, fixture};
use serde_json::Value;

fn json(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&desk.read(name)).expect("JSON")
}

/// Asserts that every JSON below `out` fits the schema that the program prints.
fn all_fit_the_schema(desk: &Desk) {
    let schema: Value = serde_json::from_str(&desk.run("schema").code(0).out).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut seen = 0;
    for name in desk.files("out").iter().filter(|name| name.ends_with(".json")) {
        let document = json(desk, &format!("out/{name}"));
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn a_folder_keeps_its_shape() {
    let desk = Desk::new();
    desk.put("in/năm 2021/kế hoạch.txt", PLAN);
    desk.put("in/b.txt", PLAN);
    desk.run("digitise in -o out").code(0).says(&["in/b.txt: 1 page, KẾ HOẠCH 05/KH-UBND, 6 sections"]);
    assert_eq!(
        desk.files("out"),
        ["b.txt.json", "b.txt.txt", "năm 2021/kế hoạch.txt.json", "năm 2021/kế hoạch.txt.txt"]
    );
    let plan = json(&desk, "out/b.txt.json");
    assert_eq!(plan["header"]["date"], "2021-03-09");
    assert_eq!(plan["sections"][0]["children"][1]["text"], "Yêu cầu");
    assert_eq!(plan["source"]["path"], "b.txt");
    assert_eq!(plan["source"]["tool"], concat!("sohoa ", env!("CARGO_PKG_VERSION")));
    assert_eq!(plan["pages"][0]["raw"], PLAN);
    let text = desk.read("out/b.txt.txt");
    assert!(text.contains("\nKẾ HOẠCH\nVệ sinh môi trường năm 2021\n"), "{text}");
    assert!(text.contains("\n1. Mục đích\nNâng cao ý thức của nhân dân về vệ sinh môi trường.\n"), "{text}");
    all_fit_the_schema(&desk);
}

#[test]
fn scans_are_read_page_by_page() {
    let desk = Desk::new();
    for name in ["c5-office.pdf", "b3-office-1bit.tiff"] {
        fs::copy(fixture(name), desk.path(name)).expect("copied");
    }
    let ended = desk.run("digitise c5-office.pdf b3-office-1bit.tiff -o out --summary").code(0);
    let table: Vec<&str> = ended.out.lines().collect();
    assert_eq!(table.len(), 3, "{}", ended.out);
    assert!(table[0].starts_with("document") && table[0].ends_with("seconds"), "{}", ended.out);
    assert!(table[2].contains("c5-office.pdf") && table[2].contains("KẾ HOẠCH"), "{}", ended.out);
    let plan = json(&desk, "out/c5-office.pdf.json");
    assert_eq!(plan["pages"].as_array().map(Vec::len), Some(2));
    assert_eq!(plan["pages"][1]["decision"], "ocr");
    assert_eq!(plan["source"]["pages"], 2);
    assert!(
        plan["source"]["models"][0].as_str().is_some_and(|m| m.starts_with("tesseract ")),
        "{}",
        plan["source"]
    );
    assert_eq!(plan["header"]["number"], "27/KH-CĐN");
    assert_eq!(plan["header"]["date"], "2024-05-30");
    assert!(plan["quality"]["recognition"].as_f64().is_some_and(|c| c > 80.0));
    all_fit_the_schema(&desk);
}

#[test]
fn a_text_layer_is_used_if_it_is_right_and_only_then() {
    let desk = Desk::new();
    let picture = pictures::page(600, 800);
    let garbled =
        "Uy ban nhan din xi giao cng chirc vin héa chii tri td chirc thuc hién ké hoach nay.\n".repeat(8);
    let stamp = "Ký bởi: Ủy ban nhân dân xã Tân An";
    desk.put(
        "a.pdf",
        pictures::pdf_with_layers(&[(&picture, PLAN), (&picture, &garbled), (&picture, stamp)]),
    );
    desk.run("digitise a.pdf -o out").code(0);
    let plan = json(&desk, "out/a.pdf.json");
    let decisions: Vec<&str> =
        plan["pages"].as_array().into_iter().flatten().filter_map(|page| page["decision"].as_str()).collect();
    assert_eq!(
        decisions,
        ["text-layer", "ocr", "text-layer"],
        "the picture has no text to compare the stamp with"
    );
    assert_eq!(plan["header"]["number"], "05/KH-UBND");
    assert_eq!(plan["sections"][1]["text"], "TỔ CHỨC THỰC HIỆN");
    // where the model is missing, only the garbled page needs it
    desk.run("digitise a.pdf -o out2 --pages 1 --model Klingon").code(0);
    desk.run("digitise a.pdf -o out2 --pages 2 --model Klingon").code(4).says(&["page 2", "Klingon"]);
}

#[test]
fn what_is_recognised_can_be_said() {
    let desk = Desk::new();
    let picture = pictures::page(600, 800);
    let garbled =
        "Uy ban nhan din xi giao cng chirc vin héa chii tri td chirc thuc hién ké hoach nay.\n".repeat(8);
    desk.put("a.pdf", pictures::pdf_with_layers(&[(&picture, PLAN), (&picture, &garbled), (&picture, "")]));
    let decisions = |desk: &Desk| -> Vec<String> {
        let plan = json(desk, "out/a.pdf.json");
        let pages = plan["pages"].as_array().cloned().unwrap_or_default();
        pages.iter().map(|page| page["decision"].as_str().unwrap_or_default().to_owned()).collect()
    };
    desk.run("digitise a.pdf -o out --ocr never --model Klingon").code(0);
    assert_eq!(decisions(&desk), ["text-layer", "restored-layer", "text-layer"]);
    let plan = json(&desk, "out/a.pdf.json");
    let score = |page: usize| plan["pages"][page]["score"].as_f64();
    assert!(score(0).is_some_and(|right| right > 0.9), "{:?}", score(0));
    assert!(score(1).is_some_and(|right| right < 0.5), "{:?}", score(1));
    assert_eq!((score(2), plan["pages"][0]["turn"].as_f64()), (None, Some(0.0)));
    let warned: Vec<&Value> =
        plan["warnings"].as_array().into_iter().flatten().filter(|w| w["code"] == "not-recognised").collect();
    assert_eq!(warned.len(), 1);
    assert_eq!(warned[0]["page"], 3);
    // another choice makes the document anew
    desk.run("digitise a.pdf -o out --ocr always").code(0);
    assert_eq!(decisions(&desk), ["ocr", "ocr", "ocr"]);
    assert_eq!(json(&desk, "out/a.pdf.json")["source"]["options"], serde_json::json!(["ocr=always"]));
    all_fit_the_schema(&desk);
    desk.put("b.pdf", pictures::pdf(&[picture]));
    desk.run("digitise b.pdf -o out --ocr never").code(1).says(&["no page has a text layer", "--ocr never"]);
}

#[test]
fn the_cost_of_each_stage_is_shown_if_asked_for() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    let ended = desk.run("digitise a.txt -o out --profile").code(0);
    ended.says(&["stage", "CPU s"]).says(&["recognise", "0.00"]).says(&["all", "(1 page)"]);
}

#[test]
fn results_do_not_depend_on_the_number_of_jobs() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).expect("made");
    fs::copy(fixture("c5-office.pdf"), desk.path("in/c5.pdf")).expect("copied");
    fs::copy(fixture("a5-garbled.txt"), desk.path("in/a5.txt")).expect("copied");
    desk.put("in/p.txt", PLAN);
    desk.run("digitise in -o one --jobs 1").code(0);
    desk.run("digitise in -o many --jobs 3").code(0);
    let files = desk.files("one");
    assert_eq!(files.len(), 6);
    assert_eq!(files, desk.files("many"));
    for file in files {
        assert_eq!(desk.read(format!("one/{file}")), desk.read(format!("many/{file}")), "{file}");
    }
}

#[test]
fn what_is_up_to_date_is_skipped_until_something_changes() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    let line = "digitise a.txt -o out -v";
    desk.run(line).code(0).says(&["a.txt: 1 page"]);
    let first = desk.read("out/a.txt.json");
    let made = || fs::metadata(desk.path("out/a.txt.json")).and_then(|m| m.modified()).expect("there");
    let time = made();
    desk.run(line).code(0).says(&["a.txt: up to date"]).says(&["1 up to date"]);
    assert_eq!(made(), time);
    desk.run("digitise a.txt -o out --dry-run").code(0);
    // other options, other content, a lost output, --force: all make it anew
    desk.run("digitise a.txt -o out --pages 1").code(0).says(&["1 done"]);
    desk.run(line).code(0).says(&["1 done"]);
    fs::remove_file(desk.path("out/a.txt.txt")).expect("removed");
    desk.run(line).code(0).says(&["1 done"]);
    desk.run("digitise a.txt -o out --force").code(0).says(&["1 done"]);
    assert_eq!(desk.read("out/a.txt.json"), first, "equal inputs give equal bytes");
    desk.put("a.txt", PLAN.replace("Tân An", "Tân Lập"));
    desk.run(line).code(0).says(&["1 done"]);
    // a damaged output is made anew
    fs::write(desk.path("out/a.txt.json"), "{").expect("written");
    desk.run(line).code(0).says(&["1 done"]);
    desk.run(line).code(0).says(&["up to date"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = Desk::new();
    desk.put("in/a.txt", PLAN);
    let ended = desk.run("digitise in gone.pdf -o out --dry-run").code(1).says(&["gone.pdf"]);
    assert_eq!(ended.out, "in/a.txt -> out/a.txt.json, out/a.txt.txt\n");
    assert!(!desk.path("out").exists());
    desk.run("digitise in -o out").code(0);
    let ended = desk.run("digitise in -o out --dry-run").code(0);
    assert_eq!(ended.out, "in/a.txt -> out/a.txt.json, out/a.txt.txt (up to date)\n");
}

#[test]
fn a_text_from_stdin() {
    let desk = Desk::new();
    desk.pipe("digitise - -o out", PLAN.as_bytes()).code(0).says(&["stdin: 1 page"]);
    assert_eq!(desk.files("out"), ["stdin.json", "stdin.txt"]);
    // a file that is called as stdin is named says nothing of what comes through it
    desk.put("-", "một");
    desk.pipe("digitise - -o out", PLAN.as_bytes()).code(0).says(&["1 up to date"]);
    desk.pipe("digitise - -o out", PLAN.replace("05/", "06/").as_bytes()).code(0).says(&["1 done"]);
    desk.pipe("digitise - -o out", b"").code(1).says(&["stdin: empty"]);
    desk.pipe("digitise - -o out", &[0x7f, b'E', 0, 0, 1, 2, 3]).code(1).says(&["stdin: "]);
}

#[test]
fn chosen_pages() {
    let desk = Desk::new();
    desk.put("a.txt", format!("{PLAN}\u{c}II.\n{PLAN}\u{c}hết"));
    desk.run("digitise a.txt -o out --pages 3,1-2").code(0);
    let numbers = |plan: &Value| -> Vec<u64> {
        plan["pages"].as_array().into_iter().flatten().filter_map(|page| page["number"].as_u64()).collect()
    };
    assert_eq!(numbers(&json(&desk, "out/a.txt.json")), [1, 2, 3]);
    desk.run("digitise a.txt -o out --pages 2-9").code(0);
    let plan = json(&desk, "out/a.txt.json");
    assert_eq!(numbers(&plan), [2, 3]);
    assert_eq!(plan["source"]["pages"], 3);
    assert_eq!(plan["source"]["options"][0], "pages=2-9");
}

#[test]
fn a_folder_of_images_as_one_document() {
    let desk = Desk::new();
    for i in [10, 9, 1] {
        desk.put(format!("box/plan/{i}.png"), pictures::png(&pictures::page(200 + i, 300)));
    }
    desk.run("digitise box -o out --document-per-folder --dpi 100").code(0);
    assert_eq!(desk.files("out"), ["plan.json", "plan.txt"]);
    let plan = json(&desk, "out/plan.json");
    let widths: Vec<u64> =
        plan["pages"].as_array().into_iter().flatten().filter_map(|p| p["width"].as_u64()).collect();
    assert_eq!(widths, [201, 209, 210], "natural order");
    assert_eq!(plan["pages"][0]["dpi"], 100.0);
}

#[test]
fn out_inside_an_input_folder_is_left_out() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    desk.run("digitise . -o out").code(0);
    desk.run("digitise . -o out --force").code(0).says(&["1 done"]);
    assert_eq!(desk.files("out"), ["a.txt.json", "a.txt.txt"]);
}

#[test]
fn odd_names_stay_below_out() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let odd = std::ffi::OsStr::from_bytes(b"k\xff\n.txt");
    desk.put(std::path::Path::new("in").join(odd), PLAN);
    desk.put("in/sub/x.txt", PLAN);
    let ended = desk.run("digitise in/sub/../sub/x.txt in -o out").code(0);
    assert!(ended.err.contains("k\u{fffd}\\n.txt: 1 page"), "{}", ended.err);
    // the same file, given directly and found, is one input
    assert_eq!(desk.files("out").len(), 4, "{:?}", desk.files("out"));
    let outside =
        desk.files(".").iter().filter(|name| !name.starts_with("in/") && !name.starts_with("out/")).count();
    assert_eq!(outside, 0);
    // a link inside OUT does not lead out of it
    fs::create_dir(desk.path("elsewhere")).expect("made");
    fs::create_dir(desk.path("new")).expect("made");
    std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("new/sub")).expect("linked");
    desk.run("digitise in -o new").code(1).says(&["in/sub/x.txt", "is a link"]);
    assert_eq!(desk.files("elsewhere"), [""; 0]);
}

#[test]
fn a_missing_model_is_named_with_its_command_and_only_when_needed() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    desk.run("digitise a.txt -o out --model Klingon").code(0);
    desk.put("b.png", pictures::png(&pictures::page(300, 400)));
    desk.put("c.txt", PLAN);
    desk.run("digitise b.png c.txt -o out --model Klingon").code(4).says(&[
        "b.png: page 1: ",
        "Klingon",
        "apt-get install tesseract-ocr-klingon",
    ]);
    assert_eq!(desk.files("out").len(), 4);
    desk.run("digitise b.png -o out --model Klingon --fast").code(2);
}

#[test]
fn quiet_says_nothing_and_a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    let ended = desk.run("digitise a.txt -o out --quiet").code(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    // the reading end is closed before anything is written
    for line in [
        "schema",
        "completions bash",
        "parse a.txt",
        "digitise a.txt -o out --force --summary --show-changes",
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let status = desk.sohoa(line.split_whitespace()).stdout(writer).status().expect("runs");
        assert_eq!(status.code(), Some(0), "{line}");
    }
}

#[test]
fn an_empty_folder_is_said_to_be_empty() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).expect("made");
    desk.run("digitise in -o out").code(0).says(&["nothing to do"]);
}
