//! The small subcommands through the real binary: parse, restore, schema, completions.

mod common;

use std::io::Write;
use std::process::Stdio;

use common::{Desk, Ended, PLAN, fixture};
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

/// A garbled text with two pages, and what `flags` make of it.
fn restored(flags: &str) -> String {
    let garbled = std::fs::read(fixture("a5-garbled.txt")).expect("fixture");
    let pages = [garbled, b"\x0cUy ban nhan din xi giao cng chirc vin h\xc3\xa9a".to_vec()].concat();
    Desk::new().pipe(&format!("restore {flags}"), &pages).code(0).out
}

fn objects(jsonl: &str) -> Vec<Value> {
    jsonl.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Columns of a table's rows, the header left out.
fn rows(tsv: &str) -> Vec<Vec<&str>> {
    tsv.lines().skip(1).map(|row| row.split('\t').collect()).collect()
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn range(word: &Value, start: &str, end: &str) -> std::ops::Range<usize> {
    let at = |key: &str| word[key].as_u64().expect("an offset") as usize;
    at(start)..at(end)
}

#[test]
fn restore_says_what_it_knows_of_each_line() {
    let text = restored("");
    let lines = objects(&restored("--format jsonl"));
    let shown: Vec<&str> = lines.iter().map(|line| string(&line["text"])).collect();
    assert_eq!(shown, text.split('\n').collect::<Vec<_>>(), "the lines of the text, page break and all");
    let (mut changed, mut words) = (0, 0);
    for (i, line) in lines.iter().enumerate() {
        assert_eq!(line["line"], i + 1);
        let (raw, text) = (string(&line["raw"]), string(&line["text"]));
        let (mut undone, mut done) = (String::new(), 0);
        for word in line["words"].as_array().expect("a list") {
            assert_eq!(raw[range(word, "start", "end")], word["raw"]);
            let at = range(word, "text_start", "text_end");
            assert_eq!(text[at.clone()], word["text"]);
            let confidence = word["confidence"].as_f64().expect("a number");
            assert!((0.0..=1.0).contains(&confidence));
            let least = f64::from(sohoa::restore::Options::default().doubtful);
            assert_eq!(word["doubtful"], confidence < least, "{word}");
            assert!(word["runner_up"].is_null() || word["runner_up"] != word["text"], "{word}");
            undone = undone + &text[done..at.start] + string(&word["raw"]);
            done = at.end;
            words += 1;
            changed += usize::from(word["raw"] != word["text"]);
        }
        assert_eq!(undone + &text[done..], raw, "between words nothing changes");
    }
    assert!(words > 500 && changed > 300, "{changed} of {words}");
}

#[test]
fn restore_has_a_row_for_each_word() {
    let table = restored("--format tsv");
    assert!(table.starts_with("line\tstart\tend\traw\trestored\tconfidence\trunner_up\tdoubtful\n"));
    let lines = objects(&restored("--format=jsonl"));
    let words: Vec<(&Value, &Value)> = lines
        .iter()
        .flat_map(|line| line["words"].as_array().expect("a list").iter().map(|word| (&line["line"], word)))
        .collect();
    let rows = rows(&table);
    assert_eq!(rows.len(), words.len());
    for (row, (line, word)) in rows.iter().zip(words) {
        assert_eq!(row.len(), 8, "{row:?}");
        assert_eq!((row[0], row[1]), (&*line.to_string(), &*word["start"].to_string()));
        assert_eq!((row[2], row[3]), (&*word["end"].to_string(), string(&word["raw"])));
        assert_eq!((row[4], row[6]), (string(&word["text"]), word["runner_up"].as_str().unwrap_or("")));
        assert_eq!(row[5].len(), "0.9876".len());
        assert_eq!(row[5].parse::<f64>().ok(), word["confidence"].as_f64());
        assert_eq!(row[7] == "1", word["doubtful"] == true);
    }
    // A word that came apart at a tab is one word of one row.
    let apart =
        Desk::new().pipe("restore --format tsv", "Ké hoach nam, ph\tuong x\ti".as_bytes()).code(0).out;
    assert!(self::rows(&apart).iter().all(|row| row.len() == 8), "{apart}");
}

#[test]
fn restore_leaves_words_that_it_is_unsure_of() {
    let garbled = std::fs::read_to_string(fixture("a5-garbled.txt")).expect("fixture");
    let desk = Desk::new();
    let run = |flags: &str| desk.pipe(&format!("restore {flags}"), garbled.as_bytes()).code(0).out;
    assert_eq!(run("--min-confidence 0"), run(""));
    // between two numbers of four decimals, so that rounding hides nothing
    let before = run("--format tsv");
    let after = run("--format tsv --min-confidence 0.95005");
    let mut left = 0;
    assert_eq!(rows(&before).len(), rows(&after).len());
    for (all, some) in rows(&before).iter().zip(&rows(&after)) {
        if all[3] != all[4] && all[5].parse::<f64>().expect("a number") < 0.95005 {
            left += 1;
            assert_eq!((some[3], some[4]), (all[3], all[3]), "as it was read");
            assert_eq!((some[6], some[7]), (all[4], "1"), "what it might be, and that it is doubtful");
        } else {
            assert_eq!(some, all);
        }
    }
    assert!(left > 0);
    assert_ne!(run("--min-confidence 0.95005"), run(""));
    let shown = desk.pipe("restore --min-confidence 1 --show-changes", b"xi Tan").code(0);
    assert_eq!((shown.out.as_str(), shown.err.as_str()), ("xi Tan", ""));
    for bad in ["1.5", "-0.1", "nan", "much"] {
        desk.run(&format!("restore --min-confidence {bad}")).code(2).says(&["between 0 and 1"]);
    }
}

#[test]
fn restore_marks_doubtful_words_in_text_alone() {
    let text = restored("");
    let marked = restored("--mark-doubtful");
    let rows_of = restored("--format tsv --mark-doubtful");
    let doubtful: Vec<Vec<&str>> = rows(&rows_of).into_iter().filter(|row| row[7] == "1").collect();
    assert!(!doubtful.is_empty());
    assert_eq!(marked.matches("[?").count(), doubtful.len());
    for row in &doubtful {
        let line: usize = row[0].parse().expect("a number");
        assert!(marked.split('\n').nth(line - 1).expect("a line").contains(&format!("[?{}]", row[4])));
    }
    let own = restored("--mark-doubtful=<u>,</u>");
    assert_eq!(own.replace("<u>", "").replace("</u>", ""), text);
    assert_eq!(own.matches("</u>").count(), doubtful.len());
    assert_eq!(rows_of, restored("--format tsv"));
    assert_eq!(restored("--format jsonl --mark-doubtful"), restored("--format jsonl"));
    let desk = Desk::new();
    for bad in ["", ",", "*", "a,b,c"] {
        Ended::of(desk.sohoa(["restore", &format!("--mark-doubtful={bad}")]).output())
            .code(2)
            .says(&["--mark-doubtful"]);
    }
}

#[test]
fn restore_puts_tones_where_they_are_wanted() {
    let desk = Desk::new();
    let mixed = "Công chức văn hóa báo cáo Uỷ ban nhân dân xã. HOÀ BÌNH, sức khỏe\n";
    let run = |flags: &str| desk.pipe(&format!("restore {flags}"), mixed.as_bytes()).code(0).out;
    assert_eq!(run("--tone new"), "Công chức văn hoá báo cáo Uỷ ban nhân dân xã. HOÀ BÌNH, sức khoẻ\n");
    assert_eq!(run("--tone old"), "Công chức văn hóa báo cáo Ủy ban nhân dân xã. HÒA BÌNH, sức khỏe\n");
    assert_eq!(run("--tone keep"), run(""));
    for tone in ["old", "new"] {
        for line in objects(&restored(&format!("--format jsonl --min-confidence 0.95 --tone {tone}"))) {
            for word in line["words"].as_array().expect("a list") {
                assert_eq!(string(&line["raw"])[range(word, "start", "end")], word["raw"]);
                assert_eq!(string(&line["text"])[range(word, "text_start", "text_end")], word["text"]);
            }
        }
    }
    desk.run("restore --tone north").code(2).says(&["keep", "old", "new"]);
    desk.run("restore --format xml").code(2).says(&["text", "jsonl", "tsv"]);
}

#[test]
fn restore_formats_are_in_the_help() {
    let desk = Desk::new();
    let help = desk.run("restore --help").code(0).out;
    for said in ["--min-confidence", "--mark-doubtful", "text_start", "runner_up", "Examples:"] {
        assert!(help.contains(said), "{said}: {help}");
    }
    assert!(!desk.run("restore -h").code(0).out.contains("text_start"), "the short help is short");
}

/// A mark of a footnote between two halves of a word, which are joined in spite of it.
#[test]
fn restore_joins_words_across_footnote_marks() {
    let garbled = "Ban hanh Ké hoach, kh% oa cua tinh va nam 2030®; cac don vi\n\n\
                   1 15/KH-UBND ngay 3/2/2020\n\n227/QD-UBND ngay 4/5/2021\n";
    let text = Desk::new().pipe("restore", garbled.as_bytes()).code(0).out;
    assert_eq!(text.lines().count(), garbled.lines().count());
    assert!(text.starts_with("Ban hành Kế hoạch, "), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn restore_says_that_it_reads_from_a_terminal() {
    use rustix::pty::{OpenptFlags, openpt, ptsname, unlockpt};

    let desk = Desk::new();
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    unlockpt(&ours).expect("unlocked");
    let name = ptsname(&ours, Vec::new()).expect("its name");
    let theirs = std::fs::File::open(name.to_str().expect("a path")).expect("the other end");
    let child = desk
        .sohoa(["restore"])
        .stdin(theirs)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut ours = std::fs::File::from(ours);
    ours.write_all(b"Can cir\n\x04").expect("typed");
    let ended = Ended::of(child.wait_with_output()).code(0).says(&["terminal", "Ctrl-D"]);
    assert_eq!(ended.out, "Căn cứ\n");
    assert_eq!(desk.pipe("restore", b"Can cir\n").code(0).err, "", "a pipe is no terminal");
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

#[test]
fn restore_explains_a_word() {
    let desk = Desk::new();
    let out = desk.run("restore --explain hanh").code(0).out;
    let garbled: Vec<&str> = out.lines().filter(|l| l.starts_with("garbled\t")).collect();
    assert!(garbled.iter().take(2).any(|l| l.contains("\thành\t")), "{out}");
    assert!(out.lines().any(|l| l.starts_with("slight\t")), "{out}");
}

#[test]
fn a_text_in_an_old_encoding_is_restored_whole() {
    // VNI, as a program shows it that takes it for Western European, and the bytes themselves
    let line =
        "Uûy ban nhaân daân xaõ xaây döïng keá hoaïch phaùt trieån kinh teá, vaên hoùa cuûa ñòa phöông.\n";
    let expected = "Ủy ban nhân dân xã xây dựng kế hoạch phát triển kinh tế, văn hóa của địa phương.\n";
    let bytes = |text: &str| text.chars().map(|c| u8::try_from(c).expect("Western")).collect::<Vec<u8>>();
    let desk = Desk::new();
    let long = format!("{}Keá\n", line.repeat(600)); // more than a chunk, and too little at the end to tell
    for input in [long.as_bytes().to_vec(), bytes(&long)] {
        let ended = desk.pipe("restore", &input).code(0);
        assert!(ended.out.starts_with(expected), "{}", &ended.out[..200]);
        assert!(ended.out.ends_with("\nKế\n"));
    }
    // a folder of such texts
    let plan = "KẾ HOẠCH\nTrồng cây năm 2004\n\nI. MỤC ĐÍCH\n1. Phủ xanh đất trống của xã.\n";
    let tcvn3 = b"K\xd5 HO\xb9CH\nTr\xe5ng c\xa9y n\xa8m 2004\n\nI. M\xf4C \xa7\xddCH\n1. Ph\xf1 xanh \xae\xcat tr\xe8ng c\xf1a x\xb7.\n";
    desk.put("old.txt", tcvn3);
    desk.run("digitise old.txt -o out").code(0);
    assert_eq!(desk.read("out/old.txt.txt").replace("\n\n", "\n"), plan.replace("\n\n", "\n"));
}
