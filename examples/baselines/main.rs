//! Restores a garbled text by a simple method, so that its accuracy can be compared with that of `sohoa restore`.
//!
//! ```text
//! cargo run --release --example baselines -- nearest < garbled.txt > restored.txt
//! cargo run --release --example baselines -- symspell < garbled.txt > restored.txt
//! sohoa evaluate text garbled.txt restored.txt true.txt
//! ```
//!
//! `benches/restore.rs` measures how fast they are.

use std::error::Error;
use std::io::{Read, Write};
use std::process::ExitCode;

use sohoa::model::normal::raw_text;
use sohoa::restore::Sources;
use sohoa::restore::lexicon::Lexicon;

mod baselines;

use baselines::{Baseline, Deletes, Nearest};

fn main() -> ExitCode {
    let Some(method) = std::env::args().nth(1).filter(|method| method == "nearest" || method == "symspell")
    else {
        eprintln!("usage: baselines nearest|symspell < garbled.txt");
        return ExitCode::from(2);
    };
    match run(&method) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(method: &str) -> Result<(), Box<dyn Error>> {
    let lexicon = Lexicon::parse(&Sources::embedded().lexicon)?;
    let baseline: Box<dyn Baseline> = match method {
        "nearest" => Box::new(Nearest::new(&lexicon)),
        _ => Box::new(Deletes::new(&lexicon)),
    };
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let restored = baselines::restore(&raw_text(&text), baseline.as_ref());
    std::io::stdout().write_all(restored.as_bytes())?;
    Ok(())
}
