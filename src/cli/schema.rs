//! `sohoa schema`: the JSON Schema of the outputs on stdout.

use super::exit::Exit;
use super::output;

/// Prints the schema.
pub fn run() -> Exit {
    output::print(&crate::emit::schema())
}
