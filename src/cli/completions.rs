//! `sohoa completions SHELL`: a completion script on stdout.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::exit::Exit;
use super::output;

/// Prints the script.
pub fn run(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "sohoa", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
