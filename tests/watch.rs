//! Watching a folder through the real binary: what comes is digitised once it stands still, nothing is moved, and a restart
//! finds what came meanwhile.

mod common;

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Desk, Ended, PLAN};

/// The program while it watches; it is ended with the test.
struct Watching(Option<Child>);

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn watching(desk: &Desk) -> Watching {
    let mut command = desk.sohoa("watch in -o out --settle 2 --jobs 1".split_whitespace());
    let child = Watching(Some(command.stderr(Stdio::piped()).spawn().expect("started")));
    wait_for("the ledger", || desk.path("out/.sohoa/ledger.sqlite").exists());
    child
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn stop(mut child: Watching) -> Ended {
    let child = child.0.take().expect("watching");
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    Ended::of(child.wait_with_output()).code(0)
}

#[test]
fn what_comes_is_digitised_when_it_stands_still() {
    let desk = Desk::new();
    desk.put("in/before.txt", PLAN);
    let child = watching(&desk);
    wait_for("what was there", || desk.path("out/before.txt.json").exists());
    // a file that grows piece by piece, in a folder that was not there
    fs::create_dir_all(desk.path("in/new")).expect("made");
    let mut file = fs::File::create(desk.path("in/new/slow.txt")).expect("made");
    for piece in PLAN.as_bytes().chunks(PLAN.len().div_ceil(6)) {
        file.write_all(piece).expect("written");
        file.sync_all().expect("flushed");
        std::thread::sleep(Duration::from_millis(300));
    }
    drop(file);
    // one that is moved here, whole
    desk.put("elsewhere/moved.txt", PLAN);
    fs::rename(desk.path("elsewhere/moved.txt"), desk.path("in/moved.txt")).expect("moved");
    desk.put("in/.hidden.txt", PLAN);
    wait_for("both", || {
        desk.path("out/new/slow.txt.json").exists() && desk.path("out/moved.txt.json").exists()
    });
    assert!(desk.read("out/new/slow.txt.json").contains("Lê Văn Ba"), "the whole file");
    desk.run("digitise in -o out").code(5).says(&["another run"]);
    stop(child).says(&["3 done"]);
    assert_eq!(desk.files("in").len(), 4, "nothing is moved");
    // what comes while nobody watches is done at the next start, and nothing else
    desk.put("in/meanwhile.txt", PLAN);
    let child = watching(&desk);
    wait_for("it", || desk.path("out/meanwhile.txt.json").exists());
    stop(child).says(&["1 done, 3 up to date"]);
    assert_eq!(desk.files("out").len(), 8);
}

#[test]
fn what_cannot_be_watched() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    desk.run("watch a.txt -o out").code(2).says(&["a.txt is not a folder"]);
    desk.run("watch . -o .").code(2).says(&["both read and written"]);
}
