//! Writes very many finished documents, all of them different, and exports them in every form; says how long each export took and with how much
//! memory.
//!
//! ```text
//! exports PROGRAM DOCUMENTS        ./x exports DOCUMENTS does the same with the program built here
//! ```
//!
//! The documents are the expected outputs of `fixtures/`, 26 to 106 kB each (57 on average), with other numbers in each.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use measured::{cpu, resident};

mod measured;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (program, documents) = (arguments.next(), arguments.next().and_then(|n| n.parse().ok()));
    let (Some(program), Some(documents)) = (program, documents) else {
        eprintln!("usage: exports PROGRAM DOCUMENTS");
        return ExitCode::from(2);
    };
    match measure(Path::new(&program), documents) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(program: &Path, documents: usize) -> Result<(), Failure> {
    let program = fs::canonicalize(program)?;
    let folder = tempfile::tempdir_in(std::env::var_os("TMPDIR").unwrap_or_else(|| "/var/tmp".into()))?;
    let bytes = write_documents(folder.path(), documents)?;
    println!("{documents} documents, {:.0} kB each", bytes as f64 / documents as f64 / 1e3);
    for line in [
        "export out --to tables",
        "export out --to lines --format jsonl",
        "export out --to graph --graph dot",
        "export out --to records --format record",
    ] {
        run(&program, folder.path(), line)?;
    }
    Ok(())
}

/// Documents in folders of a thousand.
fn write_documents(folder: &Path, documents: usize) -> Result<u64, Failure> {
    let mut samples = Vec::new();
    for entry in
        fs::read_dir("fixtures").map_err(|error| format!("fixtures/: {error}; run it in the repository"))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".expected.json") {
            samples.push((path.clone(), fs::read_to_string(&path)?));
        }
    }
    samples.sort();
    let mut bytes = 0;
    for i in 0..documents {
        let below = folder.join(format!("out/{}", i / 1000));
        if i % 1000 == 0 {
            fs::create_dir_all(&below)?;
        }
        let (_, sample) = &samples[i % samples.len()];
        let json = sample.replacen("\"number\": \"", &format!("\"number\": \"{i}"), 1);
        bytes += json.len() as u64;
        fs::write(below.join(format!("{i}.pdf.json")), json)?;
    }
    Ok(bytes)
}

fn run(program: &Path, folder: &Path, line: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let before = cpu();
    let mut command = Command::new(program);
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null());
    let mut child = command.spawn()?;
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        most = most.max(resident(child.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        return Err(format!("sohoa {line}: ended with {status}").into());
    }
    let (wall, spent) = (begun.elapsed().as_secs_f64(), cpu() - before);
    println!("sohoa {line}: {wall:.1} s, {spent:.1} s of CPU, {most} MB at most");
    Ok(())
}
