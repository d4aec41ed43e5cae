//! `sohoa manual`: manual pages in roff, for packages.

use clap::CommandFactory;

use super::args::{Cli, ManualArgs};
use super::exit::Exit;
use super::output;

/// Prints the page of the program or of one of its commands.
pub fn run(args: &ManualArgs) -> Exit {
    let program = Cli::command();
    let command = match &args.command {
        None => program,
        Some(name) => {
            let Some(found) = program.get_subcommands().find(|command| command.get_name() == name) else {
                output::complain(&format!("there is no command {name}: 'sohoa help' lists them"));
                return Exit::Usage;
            };
            found.clone().display_name(format!("sohoa-{name}")).bin_name(format!("sohoa {name}"))
        }
    };
    let mut page = Vec::new();
    match clap_mangen::Man::new(command).render(&mut page) {
        Ok(()) => output::print(&String::from_utf8_lossy(&page)),
        Err(error) => {
            output::complain(&format!("the manual page cannot be made: {error}; 'sohoa help' says the same"));
            Exit::Failed
        }
    }
}
