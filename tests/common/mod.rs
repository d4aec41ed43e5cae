//! What the integration tests share: the real binary in a folder of its own.

#![allow(dead_code)] // each test program uses a part of it

mod plan;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

#[allow(unused_imports)] // likewise
pub use plan::PLAN;

/// An empty folder for one test, with helpers that run the program in it.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, folders on the way included.
    pub fn put(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the desk")).expect("folders");
        fs::write(&path, content).expect("written");
        path
    }

    pub fn read(&self, name: impl AsRef<Path>) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program, to be run in this folder.
    pub fn sohoa<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sohoa"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_remove("SOHOA_FAULT").env("NO_COLOR", "1");
        command
    }

    /// Runs the program on the words of `line`.
    pub fn run(&self, line: &str) -> Ended {
        Ended::of(self.sohoa(line.split_whitespace()).output())
    }

    /// Runs the program with `input` on its stdin.
    pub fn pipe(&self, line: &str, input: &[u8]) -> Ended {
        let mut child = self
            .sohoa(line.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_owned();
        let writer = std::thread::spawn(move || {
            // The program may refuse the input before it has read all of it.
            let _ = stdin.write_all(&input);
        });
        let ended = Ended::of(child.wait_with_output());
        writer.join().expect("written");
        ended
    }

    /// All files below `folder`, relative to it, sorted; but for what runs keep about themselves.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let root = self.path(folder);
        let mut files: Vec<String> = walkdir::WalkDir::new(&root)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".sohoa")
            .filter_map(Result::ok)
            .filter(|entry| !entry.file_type().is_dir())
            .filter_map(|entry| Some(entry.path().strip_prefix(&root).ok()?.to_string_lossy().into_owned()))
            .collect();
        files.sort();
        files
    }
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(output: std::io::Result<Output>) -> Ended {
        let output = output.expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Asserts the exit code.
    pub fn code(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Asserts that one line of stderr holds all of `parts`.
    pub fn says(self, parts: &[&str]) -> Ended {
        let found = self.err.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "no line with {parts:?} in:\n{}", self.err);
        self
    }
}

/// A file of the project's fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
