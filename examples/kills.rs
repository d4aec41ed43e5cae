//! Kills runs over 40 documents at random moments (`kill -9`), each time followed by the next run, and compares what comes of it with an
//! undisturbed run: the same bytes, nothing missing, nothing else, each JSON line once.
//!
//! ```text
//! kills PROGRAM KILLS [SEED]        ./x kills KILLS [SEED] does the same with the program built here
//! ```

#[path = "../tests/pictures/mod.rs"]
mod pictures;
#[path = "../tests/common/plan.rs"]
mod plan;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

/// Texts, PDFs with a text layer, and scans that have to be recognised.
const DOCUMENTS: [usize; 3] = [28, 8, 4];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(program), Some(Ok(kills))) = (arguments.next(), arguments.next().map(|n| n.parse())) else {
        eprintln!("usage: kills PROGRAM KILLS [SEED]");
        return ExitCode::from(2);
    };
    let seed = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    match survive(Path::new(&program), kills, seed) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder and the program that works in it.
struct Desk {
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, out: &str) -> std::io::Result<Child> {
        let lines = format!("{out}.jsonl");
        let mut command = Command::new(&self.program);
        command.args(["digitise", "in", "-o", out, "--jsonl", &lines, "--jobs", "2", "-q"]);
        command.current_dir(self.folder.path()).stdin(Stdio::null()).spawn()
    }

    /// What is in an output folder, but for the records and the files in the making.
    fn contents(&self, out: &str) -> Result<BTreeMap<PathBuf, Vec<u8>>, Failure> {
        let root = self.path(out);
        let mut contents = BTreeMap::new();
        let visible = |entry: &walkdir::DirEntry| entry.file_name() != ".sohoa";
        for entry in walkdir::WalkDir::new(&root).into_iter().filter_entry(visible) {
            // a file in the making may be gone by now
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() && !entry.file_name().to_string_lossy().contains(".sohoa-") {
                contents.insert(entry.path().strip_prefix(&root)?.to_owned(), fs::read(entry.path())?);
            }
        }
        Ok(contents)
    }

    fn lines(&self, out: &str) -> Result<Vec<String>, Failure> {
        let text = fs::read_to_string(self.path(&format!("{out}.jsonl")))?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        Ok(lines)
    }
}

fn survive(program: &Path, kills: u32, seed: u64) -> Result<String, Failure> {
    let desk = Desk { folder: tempfile::tempdir()?, program: fs::canonicalize(program)? };
    documents(&desk)?;
    let begun = Instant::now();
    if !desk.start("whole")?.wait()?.success() {
        return Err("the undisturbed run failed".into());
    }
    let whole_run = begun.elapsed();
    let (whole, lines) = (desk.contents("whole")?, desk.lines("whole")?);
    let mut random = 0x9E37_79B9_7F4A_7C15 ^ seed;
    let (mut killed, mut rounds) = (0, 0);
    while killed < kills {
        for left in ["out", "out.jsonl"].map(|name| desk.path(name)) {
            let _ = fs::remove_dir_all(&left).or_else(|_| fs::remove_file(&left));
        }
        rounds += 1;
        // runs go on where the one before was killed, until one comes to its end
        loop {
            let mut run = desk.start("out")?;
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let moment = whole_run.as_secs_f64() * (random >> 20 & 1023) as f64 / 1024.0;
            std::thread::sleep(Duration::from_secs_f64(moment));
            let ended = run.try_wait()?;
            // one in four may come to its end, so that there are many beginnings too
            if ended.is_none() && killed < kills && !random.is_multiple_of(4) {
                run.kill()?;
                run.wait()?;
                killed += 1;
                for (name, content) in desk.contents("out")? {
                    if whole.get(&name) != Some(&content) {
                        return Err(format!("{} differs after kill {killed}", name.display()).into());
                    }
                }
                continue;
            }
            if !run.wait()?.success() {
                return Err(format!("a run after kill {killed} failed").into());
            }
            break;
        }
        if desk.contents("out")? != whole {
            return Err(format!("the outputs differ after kill {killed}").into());
        }
        if desk.lines("out")? != lines {
            return Err(format!("the JSON lines differ after kill {killed}").into());
        }
    }
    let files = whole.len();
    Ok(format!(
        "{killed} kills in {rounds} rounds over {} documents: all {files} outputs and {} lines as without a kill",
        DOCUMENTS.iter().sum::<usize>(),
        lines.len()
    ))
}

fn documents(desk: &Desk) -> Result<(), Failure> {
    fs::create_dir_all(desk.path("in"))?;
    let text = |i: usize| plan::PLAN.replace("05/KH", &format!("{i}/KH"));
    let [texts, layers, scans] = DOCUMENTS;
    for i in 0..texts {
        fs::write(desk.path(&format!("in/{i}.txt")), text(i))?;
    }
    for i in 0..layers {
        let page = pictures::page(300 + i as u32, 400);
        fs::write(
            desk.path(&format!("in/layer {i}.pdf")),
            pictures::pdf_with_layers(&[(&page, &text(100 + i))]),
        )?;
    }
    for i in 0..scans {
        let page = pictures::page(310 + i as u32, 400);
        fs::write(desk.path(&format!("in/scan {i}.pdf")), pictures::pdf(&[page]))?;
    }
    Ok(())
}
