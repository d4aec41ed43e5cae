//! Writes the hostile files of `tests/hostile.rs` into a folder, to be looked at or given to the program by hand.
//!
//! ```text
//! cargo run --example hostile -- FOLDER        ./x hostile [FOLDER] does the same
//! ```

#[path = "../tests/pictures/mod.rs"]
mod pictures;
#[path = "../tests/common/plan.rs"]
mod plan;
#[path = "../tests/traps/mod.rs"]
mod traps;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: hostile FOLDER");
        return ExitCode::from(2);
    };
    let files: Vec<(String, Vec<u8>)> =
        traps::traps().into_iter().chain(traps::damaged(plan::PLAN)).collect();
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| files.iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes)));
    match written {
        Ok(()) => {
            println!("{} files in {}", files.len(), folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
