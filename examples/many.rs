//! Digitises very many texts, all of them different, and says how fast that was, what it took of memory on the way, and how long it
//! takes to find that nothing is left to be done.
//!
//! ```text
//! many PROGRAM TEXTS [BYTES [JOBS]]        ./x many TEXTS [BYTES [JOBS]] does the same with the program built here
//! ```
//!
//! The texts are pieces of a garbled plan of `fixtures/`, BYTES long (600 if not said), with other words and numbers in each.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use measured::{cpu, resident};

mod measured;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next();
    let mut number = |default: Option<usize>| match arguments.next() {
        Some(text) => text.parse().ok(),
        None => default,
    };
    let (texts, bytes, jobs) = (number(None), number(Some(600)), number(Some(2)));
    let (Some(program), Some(texts), Some(bytes), Some(jobs)) = (program, texts, bytes, jobs) else {
        eprintln!("usage: many PROGRAM TEXTS [BYTES [JOBS]]");
        return ExitCode::from(2);
    };
    match measure(Path::new(&program), texts, bytes, jobs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A small generator (xorshift), so that every run has the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn measure(program: &Path, texts: usize, bytes: usize, jobs: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    write_texts(folder.path(), texts, bytes)?;
    println!("{texts} texts of {bytes} bytes, --jobs {jobs}");
    run(program, folder.path(), jobs, "first run")?;
    run(program, folder.path(), jobs, "run again")
}

/// Texts of `bytes` bytes in folders of a thousand: the lines of a garbled plan from some line on, a word in eight made another.
fn write_texts(folder: &Path, texts: usize, bytes: usize) -> Result<(), Failure> {
    let garbled = fs::read_to_string("fixtures/a5-garbled.txt")
        .map_err(|error| format!("fixtures/a5-garbled.txt: {error}; run it in the repository"))?;
    let lines: Vec<&str> = garbled.lines().collect();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for i in 0..texts {
        let below = folder.join(format!("in/{}", i / 1000));
        if i % 1000 == 0 {
            fs::create_dir_all(&below)?;
        }
        let mut text = format!("Số: {i}/KH-UBND\n");
        let mut at = random.below(lines.len());
        while text.len() < bytes {
            for word in lines[at].split(' ') {
                let changed = word.len() > 3 && word.is_ascii() && random.below(8) == 0;
                if changed {
                    let mut letters = word.as_bytes().to_vec();
                    let place = random.below(letters.len());
                    letters[place] = b"aeiounthcl"[random.below(10)];
                    text.push_str(&String::from_utf8_lossy(&letters));
                } else {
                    text.push_str(word);
                }
                text.push(' ');
            }
            text.push('\n');
            at = (at + 1) % lines.len();
        }
        while !text.is_char_boundary(bytes.min(text.len())) {
            text.pop();
        }
        text.truncate(bytes);
        fs::write(below.join(format!("{i}.txt")), text)?;
    }
    Ok(())
}

fn run(program: &Path, folder: &Path, jobs: usize, title: &str) -> Result<(), Failure> {
    let program = fs::canonicalize(program)?;
    let begun = Instant::now();
    let before = cpu();
    let mut command = Command::new(program);
    command.args(["digitise", "in", "-o", "out", "-q", "--jobs", &jobs.to_string()]);
    let mut child = command.current_dir(folder).stdin(Stdio::null()).spawn()?;
    let mut memory: Vec<u64> = Vec::new();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        memory.extend(resident(child.id()));
        std::thread::sleep(Duration::from_millis(if memory.len() < 100 { 50 } else { 500 }));
    };
    let wall = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("{title}: the program ended with {status}").into());
    }
    let spent = cpu() - before;
    let mut out = format!("{title}: {wall:.1} s, {spent:.1} s of CPU");
    let texts = walkdir::WalkDir::new(folder.join("in")).into_iter().flatten();
    let texts = texts.filter(|entry| entry.file_type().is_file()).count() as f64;
    write!(
        out,
        ", {:.0} texts a second ({:.0} by the CPU time, on two cores)",
        texts / wall,
        2.0 * texts / spent
    )?;
    let most = memory.iter().max().copied().unwrap_or_default();
    write!(out, "; memory: {most} MB at most")?;
    let quarter = |i: usize| memory.get(i * memory.len().saturating_sub(1) / 4).copied().unwrap_or_default();
    let quarters: Vec<String> = (1..=4).map(|i| quarter(i).to_string()).collect();
    println!("{out}, {} at each quarter", quarters.join(", "));
    Ok(())
}
