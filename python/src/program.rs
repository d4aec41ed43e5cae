//! The command line and the worker process, for `python -m sohoa`.

use std::path::PathBuf;

use pyo3::prelude::*;

use crate::{options, waiting};

/// Runs the command line with `arguments`, the first of which is a name; says with which code to end. `worker` is the command of a worker process.
#[pyfunction]
pub fn run(py: Python<'_>, arguments: Vec<PathBuf>, worker: Vec<PathBuf>) -> PyResult<u8> {
    let worker = options::worker(worker)?;
    let arguments = arguments.into_iter().map(PathBuf::into_os_string);
    waiting::detached(py, || sohoa::cli::run(arguments, Some(&worker)).code())
}

/// Serves a parent process as a worker.
#[pyfunction]
pub fn serve(py: Python<'_>) -> PyResult<()> {
    py.detach(sohoa::batch::serve).map_err(PyErr::from)
}
