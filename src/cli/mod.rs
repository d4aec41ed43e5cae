//! Subcommands and exit codes.

pub mod evaluate;

/// The program.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
