//! `sohoa report OUT`: the report of an output folder as an HTML page on stdout.

use super::args::ReportArgs;
use super::exit::Exit;
use super::output;
use crate::batch;

/// Prints the page.
pub fn run(args: &ReportArgs) -> Exit {
    match batch::report_page(&args.out) {
        Ok(page) => output::print(&page),
        Err(error) => {
            output::complain(&error.to_string());
            Exit::Output
        }
    }
}
