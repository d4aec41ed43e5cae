//! Workers that go wrong, through the real binary: whatever one does, its input fails with a reason or is read by another
//! worker, the other inputs are done, and the run ends in time. Faults are injected by debug builds only.

#![cfg(debug_assertions)]

mod common;
mod pictures;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Desk, Ended, PLAN};

/// Two scans of two pages and a text; the fault is for page 2.
fn desk() -> Desk {
    let desk = Desk::new();
    let pages = [pictures::page(300, 400), pictures::page(320, 400)];
    desk.put("in/a.pdf", pictures::pdf(&pages));
    desk.put("in/b.txt", PLAN);
    desk.put("in/c.png", pictures::png(&pages[0]));
    desk
}

fn digitise(desk: &Desk, fault: &str, flags: &str) -> (Ended, Duration) {
    let start = Instant::now();
    let line = format!("digitise in -o out {flags}");
    let output = desk.sohoa(line.split_whitespace()).env("SOHOA_FAULT", fault).output();
    (Ended::of(output), start.elapsed())
}

/// The document with the faulty page fails for a reason that names `why`; the others are done.
fn only_the_faulty_page_fails(fault: &str, flags: &str, why: &[&str]) {
    let desk = desk();
    let (ended, took) = digitise(&desk, &format!("{fault}@2"), &format!("--jobs 2 {flags}"));
    let ended = ended.code(1).says(why).says(&["in/a.pdf: page 2: "]).says(&["2 done", "1 failed"]);
    assert_eq!(desk.files("out"), ["b.txt.json", "b.txt.txt", "c.png.json", "c.png.txt"], "{}", ended.err);
    assert!(took < Duration::from_secs(60), "{took:?}");
}

/// A worker that fails once is replaced, and the page read after all.
fn another_worker_reads_it(fault: &str) {
    let desk = desk();
    let (ended, _) = digitise(&desk, &format!("{fault}@2!"), "--jobs 2");
    ended.code(0).says(&["3 done"]);
    assert_eq!(desk.files("out").len(), 6);
}

#[test]
fn a_crash_fails_one_document() {
    only_the_faulty_page_fails("crash", "", &["ended by signal 6, 2 times", "scan or convert it again"]);
}

#[test]
fn a_crash_that_does_not_come_again_is_survived() {
    another_worker_reads_it("crash");
}

#[test]
fn a_worker_that_just_ends() {
    only_the_faulty_page_fails("exit", "", &["ended with code 0, 2 times"]);
    another_worker_reads_it("exit");
}

#[test]
fn a_worker_that_hangs_is_killed_at_the_deadline() {
    only_the_faulty_page_fails("hang", "--page-timeout 4", &["not finished after 4 s", "--page-timeout"]);
}

#[test]
fn a_worker_that_drips_is_killed_at_the_deadline() {
    only_the_faulty_page_fails("drip", "--page-timeout 4", &["not finished after 4 s", "--page-timeout"]);
}

#[test]
fn a_worker_that_answers_garbage() {
    only_the_faulty_page_fails("garbage", "", &["answered nonsense", "2 times"]);
    another_worker_reads_it("garbage");
}

#[test]
fn a_worker_that_answers_something_else() {
    only_the_faulty_page_fails("nonsense", "", &["answered nonsense", "2 times"]);
}

#[test]
fn a_worker_that_announces_a_huge_answer() {
    only_the_faulty_page_fails("huge", "", &["answered nonsense (a message of 4294967295 bytes)"]);
}

#[test]
fn a_worker_that_floods() {
    only_the_faulty_page_fails("flood", "", &["answered nonsense", "2 times"]);
}

#[test]
fn a_worker_that_takes_all_memory_takes_only_its_own() {
    only_the_faulty_page_fails("memory", "--worker-memory 1024", &["ended by signal", "--worker-memory"]);
}

#[test]
fn a_library_that_prints_to_stdout_does_no_harm() {
    let desk = desk();
    let (ended, _) = digitise(&desk, "noise@2", "--jobs 2");
    ended.code(0).says(&["3 done"]);
}

#[test]
fn a_panic_in_a_decoder_is_a_failed_page() {
    only_the_faulty_page_fails("panic", "", &["a fault on purpose", "please report it"]);
}

/// The processes whose parent is `parent`.
fn children(parent: u32) -> Vec<u32> {
    let path = format!("/proc/{parent}/task/{parent}/children");
    let of_thread = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    let threads = std::fs::read_dir(format!("/proc/{parent}/task"))
        .map(|tasks| {
            tasks.filter_map(Result::ok).map(|task| task.path().join("children")).collect::<Vec<_>>()
        })
        .unwrap_or_else(|_| vec![path.into()]);
    threads
        .into_iter()
        .flat_map(|path| {
            of_thread(path).split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}

fn is_running(pid: u32) -> bool {
    // A process that ended but was not waited for is a zombie (Z).
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z')))
}

/// Waits until `done` gives a value, at most 30 seconds.
fn wait_for<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waiting for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A run whose workers hang at page 2, and its workers.
fn hanging(desk: &Desk) -> (std::process::Child, Vec<u32>) {
    let mut command: Command = desk.sohoa(["digitise", "in/a.pdf", "-o", "out", "--jobs", "1"]);
    command.env("SOHOA_FAULT", "hang@2").env("SOHOA_FAULT_MARK", desk.path("mark")).stderr(Stdio::piped());
    let child = command.spawn().expect("started");
    wait_for("page 2", || desk.path("mark").exists().then_some(()));
    let workers = children(child.id());
    assert!(!workers.is_empty());
    (child, workers)
}

fn signal(pid: u32, name: &str) {
    let sent =
        Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

#[test]
fn workers_die_with_their_parent() {
    let desk = desk();
    let (mut child, workers) = hanging(&desk);
    child.kill().expect("killed");
    child.wait().expect("ended");
    for worker in workers {
        wait_for("the worker's end", || (!is_running(worker)).then_some(()));
    }
    assert_eq!(desk.files("out"), [""; 0]);
}

#[test]
fn a_worker_is_replaced_after_some_pages() {
    let desk = Desk::new();
    let pages: Vec<_> = (0..6).map(|i| pictures::page(80 + i, 100)).collect();
    desk.put("in/a.pdf", pictures::pdf(&pages));
    let (ended, _) = digitise(&desk, "worn@2", "--jobs 1 --log-format json -v");
    let ended = ended.code(0);
    assert_eq!(ended.err.lines().filter(|line| line.contains("worker started")).count(), 3, "{}", ended.err);
    assert_eq!(desk.files("out").len(), 2);
}

#[test]
fn a_worker_has_no_socket() {
    let desk = desk();
    let (mut child, workers) = hanging(&desk);
    for worker in &workers {
        let open: Vec<String> = std::fs::read_dir(format!("/proc/{worker}/fd"))
            .expect("its descriptors")
            .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
            .map(|link| link.to_string_lossy().into_owned())
            .collect();
        assert!(open.len() >= 3 && open.iter().all(|link| !link.starts_with("socket:")), "{open:?}");
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
}

#[test]
fn an_interrupt_lets_the_page_finish_and_a_second_one_does_not() {
    let desk = desk();
    let (mut child, workers) = hanging(&desk);
    signal(child.id(), "INT");
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().expect("asked").is_none(), "waits for the page in flight");
    signal(child.id(), "INT");
    let status = child.wait().expect("ended");
    assert_eq!(status.code(), Some(130));
    for worker in workers {
        wait_for("the worker's end", || (!is_running(worker)).then_some(()));
    }
}

#[test]
fn an_interrupted_run_ends_with_130_and_can_go_on() {
    let desk = Desk::new();
    for i in 0..12 {
        desk.put(format!("in/{i}.png"), pictures::png(&pictures::page(1200, 1600)));
    }
    let mut command = desk.sohoa(["digitise", "in", "-o", "out", "--jobs", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    wait_for("a first document", || (desk.files("out").len() >= 2).then_some(()));
    signal(child.id(), "TERM");
    let ended = Ended::of(child.wait_with_output()).code(130).says(&["not finished"]);
    let files = desk.files("out");
    assert!(files.len() < 24 && files.len().is_multiple_of(2), "{files:?}\n{}", ended.err);
    assert!(files.iter().all(|name| !name.contains(".sohoa-")), "{files:?}");
    desk.run("digitise in -o out").code(0).says(&["up to date"]);
    assert_eq!(desk.files("out").len(), 24);
}
