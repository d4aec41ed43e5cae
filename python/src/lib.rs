//! **sohoa** for Python: the core crate behind functions and classes that `package/sohoa` dresses up.
//!
//! What crosses the border is text, bytes and JSON; the Python side makes typed objects of it. All work is done without the interpreter's lock.
//! Failures become the exceptions of `sohoa._errors`, by the stage they come from.

mod digitise;
mod evaluate;
mod failure;
mod options;
mod plan;
mod program;
mod restore;
mod waiting;

use pyo3::prelude::*;

/// What `sohoa` for Python is made of. Not for direct use: its names may change.
#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use super::digitise::Digitiser;
    #[pymodule_export]
    use super::evaluate::{evaluate_body, evaluate_structure, evaluate_text};
    #[pymodule_export]
    use super::plan::{html, json, markdown, parse, schema, text};
    #[pymodule_export]
    use super::program::{run, serve};
    #[pymodule_export]
    use super::restore::{Restored, Restorer, Word};

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
