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
mod export;
mod input;
mod log;
mod manual;
mod output;
mod own;
mod parse;
mod report;
mod restore;
mod review;
mod schema;
mod screen;
mod settings;
mod status;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::batch::WorkerCommand;

use args::{Cli, Command};
use exit::Exit;

/// The program.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os(), None).into()
}

/// The program, inside another one. `arguments` begin with a name, as those of any program do. `worker` is what to start as a worker
/// process, since the other program itself is none.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>, worker: Option<&WorkerCommand>) -> Exit {
    let command = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli.command,
        Err(error) => {
            // Nobody can be told if there is nowhere to print.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    match command {
        Command::Digitise(args) => digitise::run(args, worker),
        Command::Status(args) => status::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Review(args) => review::run(args),
        Command::Watch(args) => watch::run(args, worker),
        Command::Restore(args) => restore::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Evaluate(args) => evaluate(args, worker),
        Command::Train(args) => train::run(args),
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(&args),
        Command::Manual(args) => manual::run(&args),
        Command::Worker => serve(),
    }
}

fn evaluate(args: evaluate::EvaluateArgs, worker: Option<&WorkerCommand>) -> Exit {
    match evaluate::run(args, worker) {
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

fn serve() -> Exit {
    match crate::batch::serve() {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&format!("worker process: {error}"));
            Exit::Failed
        }
    }
}
