//! The command line: subcommands, messages, exit codes ([`exit`]).
//!
//! Data goes to stdout, messages to stderr. Flags are read in [`args`], resolved once by the subcommand's own file into
//! plain options, and never looked at again. A reader that closes our stdout early (`| head`) is no error.

pub mod args;
pub mod changes;
pub mod evaluate;
pub mod exit;
pub mod table;
pub mod train;

mod completions;
mod digitise;
mod input;
mod log;
mod output;
mod own;
mod parse;
mod restore;
mod review;
mod schema;
mod screen;
mod settings;
mod status;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::Exit;

/// The program.
#[must_use]
pub fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Digitise(args) => digitise::run(args),
        Command::Status(args) => status::run(&args),
        Command::Review(args) => review::run(args),
        Command::Watch(args) => watch::run(args),
        Command::Restore(args) => restore::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Evaluate(args) => evaluate(args),
        Command::Train(args) => train::run(args),
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(&args),
        Command::Worker => worker(),
    };
    exit.into()
}

fn evaluate(args: evaluate::EvaluateArgs) -> Exit {
    match evaluate::run(args) {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&error.to_string());
            match error {
                evaluate::EvaluateError::Usage(_) => Exit::Usage,
                evaluate::EvaluateError::Failed { .. } | evaluate::EvaluateError::Learning(_) => Exit::Failed,
                evaluate::EvaluateError::Report { .. } | evaluate::EvaluateError::Output(_) => Exit::Output,
            }
        }
    }
}

fn worker() -> Exit {
    match crate::batch::serve() {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&format!("worker process: {error}"));
            Exit::Failed
        }
    }
}
