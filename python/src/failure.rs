//! Failures as exceptions, named after the stage they come from.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use sohoa::batch::{Failure, Reason, RunError, Stage};
use sohoa::restore::RestoreError;

/// The exception `name` of `sohoa._errors`.
fn raise(py: Python<'_>, name: &str, message: &str, reason: &str) -> PyErr {
    let raised = py.import("sohoa._errors").and_then(|errors| errors.getattr(name)?.call1((message, reason)));
    match raised {
        Ok(exception) => PyErr::from_value(exception),
        Err(_) => PyRuntimeError::new_err(message.to_owned()),
    }
}

/// A document's failure.
pub fn of_document(py: Python<'_>, failure: &Failure) -> PyErr {
    let name = match (failure.reason, failure.stage) {
        (Reason::Deadline, _) => "DeadlineError",
        (Reason::Internal, _) => "InternalError",
        (_, Stage::Ingest) => "IngestError",
        (_, Stage::Recognise) => "RecogniseError",
        (_, Stage::Emit) => "EmitError",
        (_, Stage::Batch) => "BatchError",
    };
    raise(py, name, &failure.message, failure.reason.name())
}

/// Something that cannot begin.
pub fn of_run(py: Python<'_>, error: &RunError) -> PyErr {
    let name = if matches!(error, RunError::Dictionaries(_)) { "RestoreError" } else { "BatchError" };
    raise(py, name, &error.to_string(), "start")
}

/// Dictionaries that cannot be used.
pub fn of_dictionaries(py: Python<'_>, error: &RestoreError) -> PyErr {
    raise(py, "RestoreError", &error.to_string(), "dictionaries")
}

/// A text that is none.
pub fn of_text(py: Python<'_>, error: &impl std::fmt::Display) -> PyErr {
    raise(py, "IngestError", &format!("{error}; give UTF-8 or UTF-16 text"), "input")
}
