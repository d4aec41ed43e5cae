//! Many documents through the real binary: what the ledger knows, what a kill at any moment leaves, and that nothing is done
//! twice or lost. Faults are injected by debug builds only.

#![cfg(debug_assertions)]

mod common;
mod pictures;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Desk, Ended, PLAN, fixture};
use serde_json::Value;

fn status(desk: &Desk) -> Value {
    serde_json::from_str(&desk.run("status out --json").code(0).out).expect("JSON")
}

/// The program with a fault.
fn faulty(desk: &Desk, line: &str, fault: &str) -> std::process::Output {
    desk.sohoa(line.split_whitespace()).env("SOHOA_FAULT", fault).output().expect("runs")
}

/// A plan of its own for every number.
fn plan(i: usize) -> String {
    PLAN.replace("05/KH", &format!("{i}/KH"))
}

/// Texts in two folders, and scans of two pages.
fn documents(desk: &Desk, texts: usize, scans: usize) {
    for i in 0..texts {
        desk.put(format!("in/{}/{i}.txt", i % 2), plan(i));
    }
    for i in 0..scans {
        let side = 60 + i as u32;
        desk.put(
            format!("in/scan {i}.pdf"),
            pictures::pdf(&[pictures::page(side, 80), pictures::page(side, 90)]),
        );
    }
}

fn contents(desk: &Desk, folder: &str) -> BTreeMap<String, String> {
    let files = desk.files(folder).into_iter();
    files.map(|file| (file.clone(), desk.read(format!("{folder}/{file}")))).collect()
}

fn sorted_lines(desk: &Desk, file: &str) -> Vec<String> {
    let text = desk.read(file);
    assert!(text.is_empty() || text.ends_with('\n'), "a partial last line");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_run_that_is_killed_again_and_again_comes_to_the_same_end() {
    let desk = Desk::new();
    documents(&desk, 36, 4);
    desk.run("digitise in -o whole --jobs 2 --jsonl whole.jsonl").code(0).says(&["40 done"]);
    let (whole, lines) = (contents(&desk, "whole"), sorted_lines(&desk, "whole.jsonl"));
    assert_eq!((whole.len(), lines.len()), (80, 40));
    // Each run is killed some steps further than the last one; a step is a place between two system calls that matter.
    let line = "digitise in -o out --jobs 2 --jsonl all.jsonl";
    let mut killed = 0;
    for step in (1..).map(|i| 1 + i * 7 % 23) {
        let ended = faulty(&desk, line, &format!("kill@{step}"));
        for (file, content) in contents(&desk, "out") {
            if !file.contains(".sohoa-") {
                assert_eq!(whole.get(&file), Some(&content), "{file} after a kill at step {step}");
            }
        }
        if ended.status.signal().is_none() {
            Ended::of(Ok(ended)).code(0);
            break;
        }
        assert_eq!(ended.status.signal(), Some(9));
        killed += 1;
        assert!(killed < 200, "no headway");
    }
    assert!(killed >= 3, "{killed}");
    assert_eq!(contents(&desk, "out"), whole, "nothing missing, nothing else, and no leftovers");
    assert_eq!(sorted_lines(&desk, "all.jsonl"), lines, "each line once");
    let status = status(&desk);
    assert_eq!(status["documents"], 40);
    assert_eq!(status["failed"], 0);
    assert_eq!(status["last_run"]["how"], "ended");
    desk.run(line).code(0).says(&["0 done, 40 up to date"]);
    assert_eq!(sorted_lines(&desk, "all.jsonl"), lines);
}

#[test]
fn a_kill_at_each_step_of_a_change_leaves_no_mixture() {
    for step in 1.. {
        let desk = Desk::new();
        desk.put("in/a.txt", plan(1));
        desk.run("digitise in -o out --jsonl all.jsonl").code(0);
        desk.put("in/a.txt", plan(2));
        let ended = faulty(&desk, "digitise in -o out --jsonl all.jsonl", &format!("kill@{step}"));
        if ended.status.signal().is_none() {
            assert!(step > 7, "{step} steps");
            break;
        }
        // The old content comes back, as if from a backup: what is there may be of either content.
        desk.put("in/a.txt", plan(1));
        desk.run("digitise in -o out --jsonl all.jsonl").code(0);
        let (json, text) = (desk.read("out/a.txt.json"), desk.read("out/a.txt.txt"));
        assert!(json.contains("\"1/KH-UBND\"") && text.contains("Số: 1/KH"), "step {step}: {text}");
        sorted_lines(&desk, "all.jsonl");
    }
}

#[test]
fn an_outside_kill_loses_only_what_was_in_flight() {
    let desk = Desk::new();
    documents(&desk, 60, 0);
    let line = "digitise in -o out --jobs 1";
    let mut child = desk.sohoa(line.split_whitespace()).stderr(Stdio::null()).spawn().expect("started");
    let start = Instant::now();
    while desk.files("out").iter().filter(|file| file.ends_with(".json")).count() < 2 {
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let done = desk.files("out").iter().filter(|file| file.ends_with(".json")).count();
    let ended = desk.run(line).code(0);
    let again: usize = ended.err.lines().filter(|line| line.contains("1 page, ")).count();
    assert_eq!(again + done, 60, "{}", ended.err);
    assert_eq!(desk.files("out").len(), 120);
}

#[test]
fn a_full_disk_ends_the_run_and_the_next_one_goes_on() {
    for (fault, says) in [("full@5", "no storage space"), ("readonly@5", "read-only")] {
        let desk = Desk::new();
        documents(&desk, 8, 0);
        let ended = Ended::of(Ok(faulty(&desk, "digitise in -o out --jobs 1", fault)));
        let ended = ended.code(5).says(&["cannot write", says]);
        let complaints = ended.err.lines().filter(|line| line.starts_with("sohoa: ")).count();
        assert_eq!(complaints, 1, "one line for one problem:\n{}", ended.err);
        assert_eq!(desk.files("out").len(), 4, "two documents were written before");
        desk.run("digitise in -o out").code(0).says(&["6 done", "2 up to date"]);
    }
}

#[test]
fn one_run_at_a_time() {
    let desk = Desk::new();
    documents(&desk, 1, 1);
    let mut first = desk
        .sohoa("digitise in -o out --jobs 1 --page-timeout 60".split_whitespace())
        .env("SOHOA_FAULT", "hang@2")
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let start = Instant::now();
    // as soon as there is a ledger it can be asked
    while !desk.path("out/.sohoa/ledger.sqlite").exists() || desk.run("status out").code != Some(0) {
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(5));
    }
    desk.run("digitise in -o out").code(5).says(&["another run writes into out", "--wait"]);
    let second = desk.sohoa("digitise in -o out --wait".split_whitespace()).stderr(Stdio::piped()).spawn();
    first.kill().expect("killed");
    first.wait().expect("ended");
    Ended::of(second.expect("started").wait_with_output()).code(0);
    assert_eq!(desk.files("out").len(), 4);
}

#[test]
fn status_tells_what_failed_and_why() {
    let desk = Desk::new();
    documents(&desk, 3, 0);
    desk.put("in/empty.pdf", "");
    desk.put("in/cut.pdf", "%PDF-1.7\n");
    desk.run("status out").code(5).says(&["out has no ledger"]);
    desk.run("digitise in -o out").code(1);
    desk.run("digitise in -o out").code(1).says(&["0 done, 3 up to date, 2 failed"]);
    let said = desk.run("status out").code(0).out;
    for part in ["5  documents", "3  done", "2  failed", "Failed (input): 2", "is empty", "Slowest"] {
        assert!(said.contains(part), "{part:?} in\n{said}");
    }
    let status = status(&desk);
    let failed: Vec<(&str, u64)> = status["failures"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| Some((f["name"].as_str()?, f["attempts"].as_u64()?)))
        .collect();
    assert_eq!(failed, [("cut.pdf", 2), ("empty.pdf", 2)]);
    // only these are taken up again
    desk.put("in/new.txt", PLAN);
    desk.put("in/empty.pdf", pictures::pdf(&[pictures::page(60, 80)]));
    let ended =
        desk.run("digitise in -o out --retry-failed").code(1).says(&["1 done (1 with warnings), 1 failed"]);
    assert!(!ended.err.contains("new.txt"), "{}", ended.err);
    let planned = desk.run("digitise in -o out --retry-failed --dry-run").code(0).out;
    assert_eq!(planned, "in/cut.pdf -> out/cut.pdf.json, out/cut.pdf.txt\n");
}

#[test]
fn the_hash_decides_and_the_ledger_can_be_lost() {
    let desk = Desk::new();
    documents(&desk, 2, 0);
    let line = "digitise in -o out -v --jsonl all.jsonl";
    desk.run(line).code(0).says(&["2 done"]);
    // touched, not changed: read again, not made again
    let path = desk.path("in/0/0.txt");
    fs::copy(&path, desk.path("copy")).expect("copied");
    fs::rename(desk.path("copy"), &path).expect("moved");
    desk.run(line).code(0).says(&["0 done, 2 up to date"]);
    // outputs that were copied are the same outputs; changed ones are not
    fs::copy(desk.path("out/0/0.txt.json"), desk.path("copy")).expect("copied");
    fs::rename(desk.path("copy"), desk.path("out/0/0.txt.json")).expect("moved");
    desk.run(line).code(0).says(&["0 done, 2 up to date"]);
    desk.put("out/0/0.txt.txt", desk.read("out/0/0.txt.txt").replace("nhân", "nhan"));
    desk.run(line).code(0).says(&["1 done, 1 up to date"]);
    // without a ledger the outputs say what is done, but only whole pairs
    fs::remove_dir_all(desk.path("out/.sohoa")).expect("removed");
    desk.put("out/1/1.txt.txt", "another text");
    desk.run(line).code(0).says(&["1 done, 1 up to date"]);
    // a damaged one is put aside
    desk.put("out/.sohoa/ledger.sqlite", "no database, whatever it looks like ".repeat(99));
    desk.run(line).code(0).says(&["0 done, 2 up to date"]);
    assert!(desk.path("out/.sohoa/ledger.damaged-1").exists());
    assert_eq!(status(&desk)["documents"], 2);
}

#[test]
fn a_document_deadline_is_for_all_pages_together() {
    let desk = Desk::new();
    documents(&desk, 1, 1);
    let line = "digitise in -o out --jobs 1 --document-timeout 4";
    let ended = Ended::of(Ok(faulty(&desk, line, "hang@2")));
    ended
        .code(1)
        .says(&["scan 0.pdf: not finished after 4 s in all", "--document-timeout"])
        .says(&["1 done"]);
    assert_eq!(status(&desk)["failures"][0]["reason"], "deadline");
}

#[test]
fn results_do_not_depend_on_jobs() {
    let desk = Desk::new();
    documents(&desk, 20, 2);
    fs::copy(fixture("a5-garbled.txt"), desk.path("in/a5.txt")).expect("copied");
    for jobs in [1, 4] {
        desk.run(&format!("digitise in -o out{jobs} --jobs {jobs} --jsonl {jobs}.jsonl")).code(0);
    }
    assert_eq!(contents(&desk, "out1"), contents(&desk, "out4"));
    assert_eq!(sorted_lines(&desk, "1.jsonl"), sorted_lines(&desk, "4.jsonl"));
    assert_eq!(sorted_lines(&desk, "1.jsonl").len(), 23);
}

#[test]
fn a_log_has_a_line_for_each_document_and_no_text_of_it() {
    let desk = Desk::new();
    documents(&desk, 3, 1);
    desk.put("in/empty.pdf", "");
    let ended = desk.run("digitise in -o out --log-format json").code(1);
    let events: Vec<Value> =
        ended.err.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
    let documents: Vec<&Value> = events.iter().filter(|event| event["message"] == "document").collect();
    assert_eq!(documents.len(), 5);
    let failed: Vec<&Value> = events.iter().filter(|event| event["state"] == "failed").collect();
    assert_eq!((failed.len(), &failed[0]["reason"]), (1, &Value::from("input")));
    for word in ["KẾ HOẠCH", "KH-UBND", "Tân An"] {
        assert!(!ended.err.contains(word), "{}", ended.err);
    }
    desk.run("digitise in -o out --log-format json -q").code(1);
}

#[test]
fn names_that_are_twins_have_outputs_of_their_own() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let odd = std::ffi::OsStr::from_bytes(b"in/k\xff\n.txt");
    // upper and lower case, composed and decomposed letters, a line break, no UTF-8
    for (i, name) in
        ["in/A.txt", "in/a.txt", "in/ế.txt", "in/e\u{302}\u{301}.txt", "in/a\nb.txt"].iter().enumerate()
    {
        desk.put(name, plan(i));
    }
    desk.put(std::path::Path::new(odd), plan(5));
    desk.run("digitise in -o out").code(0).says(&["6 done"]);
    assert_eq!(desk.files("out").len(), 12);
    assert!(desk.read("out/e\u{302}\u{301}.txt.txt").contains("3/KH"));
    assert!(desk.read("out/ế.txt.txt").contains("2/KH"));
    desk.run("digitise in -o out").code(0).says(&["6 up to date"]);
    let absolute = desk.path("in/A.txt");
    desk.run(&format!("digitise in/../in/a.txt {} -o two", absolute.display())).code(0);
    assert_eq!(desk.files("two"), ["A.txt.json", "A.txt.txt", "a.txt.json", "a.txt.txt"]);
}

#[test]
fn a_file_that_changes_while_it_is_read_fails_and_is_done_the_next_time() {
    let desk = Desk::new();
    documents(&desk, 0, 1);
    let mut command = desk.sohoa("digitise in -o out --jobs 1".split_whitespace());
    command.env("SOHOA_FAULT", "slow@2").env("SOHOA_FAULT_MARK", desk.path("mark")).stderr(Stdio::piped());
    let child = command.spawn().expect("started");
    let start = Instant::now();
    while !desk.path("mark").exists() {
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(5));
    }
    let pages = [pictures::page(70, 80), pictures::page(71, 90)];
    desk.put("new", pictures::pdf(&pages));
    fs::rename(desk.path("new"), desk.path("in/scan 0.pdf")).expect("replaced");
    Ended::of(child.wait_with_output()).code(1).says(&["scan 0.pdf: ", "changed while it was read"]);
    desk.run("digitise in -o out").code(0).says(&["1 done"]);
}

#[test]
fn a_document_deadline_is_for_restoration_too() {
    let desk = Desk::new();
    documents(&desk, 1, 0);
    let garbled = fs::read_to_string(fixture("a5-garbled.txt")).expect("a fixture");
    // far more than can be restored in a second
    desk.put("in/long.txt", garbled.repeat((12 << 20) / garbled.len()));
    let ended = desk.run("digitise in -o out --jobs 1 --document-timeout 1").code(1);
    let ended = ended.says(&["in/long.txt: not finished after 1 s in all", "--document-timeout"]);
    ended.says(&["1 done, 1 failed"]);
    assert_eq!(status(&desk)["failures"][0]["reason"], "deadline");
    assert_eq!(desk.files("out"), ["0/0.txt.json", "0/0.txt.txt"]);
}

#[test]
fn what_is_no_document_is_skipped_and_noted() {
    let desk = Desk::new();
    documents(&desk, 2, 0);
    desk.put("in/notes.md", "ghi chú");
    desk.put("in/a.docx", b"PK\x03\x04rest");
    desk.put("in/b.docx", b"PK\x03\x04rest");
    std::os::unix::fs::symlink("nowhere", desk.path("in/link")).expect("linked");
    desk.run("digitise in -o out -v").code(0).says(&["4 files of other kinds are left out"]);
    let seen = status(&desk);
    assert_eq!((&seen["documents"], &seen["skipped"]), (&Value::from(2), &Value::from(4)));
    assert_eq!(seen["skips"][0]["why"], "a ZIP container (such as docx, xlsx or odt)");
    assert_eq!(seen["skips"][0]["count"], 2);
    let said = desk.run("status out").code(0).out;
    for part in
        ["4  skipped", "1  a link that leads nowhere, such as ", "1  a text whose name does not end in .txt"]
    {
        assert!(said.contains(part), "{part:?} in\n{said}");
    }
    // one that has become a document is done, one that has ceased to be one is skipped
    desk.put("in/notes.md", pictures::pdf_with_layers(&[(&pictures::page(60, 80), PLAN)]));
    desk.put("in/0/0.txt", "");
    desk.put("in/1/1.txt", b"\x89PNG");
    fs::rename(desk.path("in/1/1.txt"), desk.path("in/1/1")).expect("renamed");
    desk.run("digitise in -o out").code(1).says(&["1 done", "1 failed"]);
    let seen = status(&desk);
    assert_eq!((&seen["failed"], &seen["skipped"]), (&Value::from(1), &Value::from(4)));
}

/// `sh -c script`, with a file system of its own at `out`, where that is allowed.
fn with_small_disk(desk: &Desk, script: &str) -> Option<Ended> {
    fs::create_dir_all(desk.path("out")).expect("a folder");
    let mount = "mount -t tmpfs -o size=600k tmpfs out";
    let inside: [&[&str]; 2] = [&["--user", "--map-root-user", "--mount"], &["--mount"]];
    let shell = |flags: &[&str], script: &str| {
        let mut command = std::process::Command::new("unshare");
        command.args(flags).args(["sh", "-c", script, env!("CARGO_BIN_EXE_sohoa")]).env("NO_COLOR", "1");
        command.current_dir(desk.path(".")).stdin(Stdio::null());
        command.output()
    };
    let allowed =
        inside.iter().find(|flags| shell(flags, mount).is_ok_and(|ended| ended.status.success()))?;
    Some(Ended::of(shell(allowed, &format!("{mount} || exit 99\n{script}"))))
}

#[test]
fn a_disk_that_is_really_full_ends_the_run_and_the_next_one_goes_on() {
    let desk = Desk::new();
    documents(&desk, 60, 0);
    let script = "
        \"$0\" digitise in -o out --jobs 1 -q; first=$?
        mount -o remount,size=64m out || exit 98
        \"$0\" digitise in -o out --jobs 1 -q; echo \"$first $?\"
        find out -name '*.json' | wc -l
        find out -name '*.txt' | wc -l
        find out -name '*.sohoa-*' | wc -l";
    let Some(ended) = with_small_disk(&desk, script) else {
        eprintln!("not allowed to mount a file system here: only the writer that fails is tested");
        return;
    };
    let ended = ended.code(0);
    // whichever of outputs and ledger asks for room first
    assert!(ended.err.contains("no storage space") || ended.err.contains("disk is full"), "{}", ended.err);
    let words: Vec<&str> = ended.out.split_whitespace().collect();
    assert_eq!(words, ["5", "0", "60", "60", "0"], "{}", ended.err);
}

#[test]
fn out_that_turns_read_only_in_mid_run_ends_it_and_the_next_one_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let desk = Desk::new();
    documents(&desk, 8, 1);
    let mode = |path: &str, bits| {
        fs::set_permissions(desk.path(path), fs::Permissions::from_mode(bits)).expect("set");
    };
    fs::create_dir_all(desk.path("out")).expect("a folder");
    mode(".", 0o777);
    mode("out", 0o777);
    let is_root = rustix::process::getuid().is_root();
    let run = |fault: &str| {
        let mut command = desk.sohoa("digitise in -o out --jobs 1".split_whitespace());
        command
            .env("SOHOA_FAULT", fault)
            .env("SOHOA_FAULT_MARK", desk.path("mark"))
            .env("HOME", desk.path("."));
        command.env_remove("XDG_CONFIG_HOME").stderr(Stdio::piped());
        if is_root {
            // nothing is read-only for root
            command.uid(65_534).gid(65_534);
        }
        command.spawn()
    };
    // the scan comes last and is slow; by then the texts are written
    let child = match run("slow@2") {
        Ok(child) => child,
        Err(error) => {
            eprintln!("the program cannot be run by another user here ({error}): nothing tested");
            return;
        }
    };
    let start = Instant::now();
    while !desk.path("mark").exists() || desk.files("out").len() < 16 {
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(5));
    }
    mode("out", 0o555);
    Ended::of(child.wait_with_output()).code(5).says(&["cannot write", "ermission denied"]);
    assert_eq!(desk.files("out").len(), 16);
    mode("out", 0o777);
    let again = run("none@0").expect("started");
    Ended::of(again.wait_with_output()).code(0).says(&["1 done", "8 up to date"]);
}
