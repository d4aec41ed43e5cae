//! Documents to plans: `batch::Digitiser` for Python.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use sohoa::batch::{self, Failure, Given, Portion, Reason};
use sohoa::emit;

use crate::{failure, options, waiting};

/// Keeps dictionaries and worker processes from document to document.
#[pyclass(frozen)]
pub struct Digitiser {
    inner: Mutex<Option<Arc<batch::Digitiser>>>,
}

/// A document: where it is, or its content.
#[derive(FromPyObject)]
enum Source {
    #[pyo3(transparent)]
    Bytes(pyo3::pybacked::PyBackedBytes),
    #[pyo3(transparent)]
    Path(PathBuf),
}

/// A document with the names it goes by.
struct Document {
    source: Source,
    name: Option<PathBuf>,
    shown: Option<String>,
}

impl Document {
    /// Calls `work` with the document as a file; a content becomes one of a temporary folder.
    fn with<T>(&self, work: impl FnOnce(Given<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        let name = self.name.as_deref();
        match &self.source {
            Source::Path(path) => work(Given { path, name, shown: self.shown.as_deref() }),
            Source::Bytes(bytes) => {
                let unwritable = |error: std::io::Error| {
                    Failure::new(Reason::Output, format!("cannot write a temporary file: {error}"))
                };
                let name = name.unwrap_or(Path::new("document"));
                let folder = tempfile::Builder::new().prefix("sohoa-").tempdir().map_err(unwritable)?;
                let path = folder.path().join(name.file_name().unwrap_or("document".as_ref()));
                let write = || std::fs::File::create(&path)?.write_all(bytes);
                write().map_err(unwritable)?;
                let shown = self.shown.clone().unwrap_or_else(|| name.to_string_lossy().into_owned());
                work(Given { path: &path, name: Some(name), shown: Some(&shown) })
            }
        }
    }
}

#[pymethods]
impl Digitiser {
    /// `worker` is the command of a worker process.
    #[new]
    #[pyo3(signature = (worker, **given))]
    fn new(py: Python<'_>, worker: Vec<PathBuf>, given: Option<&Bound<'_, PyDict>>) -> PyResult<Digitiser> {
        let nothing = PyDict::new(py);
        let options = options::digitiser(py, worker, given.unwrap_or(&nothing))?;
        let opened = waiting::detached(py, || batch::Digitiser::open(options))?;
        let opened = opened.map_err(|error| failure::of_run(py, &error))?;
        Ok(Digitiser { inner: Mutex::new(Some(Arc::new(opened))) })
    }

    /// The plan of a document, as JSON.
    #[pyo3(signature = (source, name=None, shown=None, progress=None))]
    fn plan(
        &self,
        py: Python<'_>,
        source: Source,
        name: Option<PathBuf>,
        shown: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        let (inner, document) = (self.inner()?, Document { source, name, shown });
        waiting::wait(py, progress.as_ref(), |sight| {
            document.with(|given| inner.plan(given, sight)).map(|plan| emit::json_line(&plan))
        })
    }

    /// Why a run over a folder would leave this file of it out, if it would.
    #[staticmethod]
    fn left_out(py: Python<'_>, path: PathBuf) -> PyResult<Option<&'static str>> {
        waiting::detached(py, || batch::Digitiser::left_out(&path))
    }

    /// Hash, kind, number of pages of a document.
    #[pyo3(signature = (source, name=None, shown=None))]
    fn examine(
        &self,
        py: Python<'_>,
        source: Source,
        name: Option<PathBuf>,
        shown: Option<String>,
    ) -> PyResult<(String, &'static str, u32)> {
        let (inner, document) = (self.inner()?, Document { source, name, shown });
        let examined = waiting::wait(py, None, |_| document.with(|given| inner.examine(given)))?;
        Ok((examined.sha256, examined.media.name(), examined.pages))
    }

    /// Pages of a document, read and not yet restored, as bytes that only [`Digitiser::assemble`] of this version understands.
    #[pyo3(signature = (source, pages=None, name=None, shown=None, progress=None))]
    fn read<'py>(
        &self,
        py: Python<'py>,
        source: Source,
        pages: Option<&str>,
        name: Option<PathBuf>,
        shown: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let pages = pages.map(options::pages).transpose()?;
        let (inner, document) = (self.inner()?, Document { source, name, shown });
        let portion = waiting::wait(py, progress.as_ref(), |sight| {
            let portion = document.with(|given| inner.read(given, pages.as_ref(), sight))?;
            serde_json::to_vec(&portion).map_err(|error| Failure::new(Reason::Internal, error.to_string()))
        })?;
        Ok(PyBytes::new(py, &portion))
    }

    /// The plan of a document from its portions, as JSON.
    fn assemble(&self, py: Python<'_>, portions: Vec<pyo3::pybacked::PyBackedBytes>) -> PyResult<String> {
        let inner = self.inner()?;
        let portions: Result<Vec<Portion>, _> =
            portions.iter().map(|bytes| serde_json::from_slice(bytes)).collect();
        let portions = portions.map_err(|error| {
            PyValueError::new_err(format!("these are no portions of this version: {error}"))
        })?;
        waiting::wait(py, None, |_| inner.assemble(portions).map(|plan| emit::json_line(&plan)))
    }

    /// What decides about results besides the content, as a hash.
    #[getter]
    fn fingerprint(&self) -> PyResult<String> {
        Ok(self.inner()?.fingerprint())
    }

    /// Ends the worker processes, once no call uses them any more.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner).take();
        waiting::detached(py, || drop(inner))
    }
}

impl Digitiser {
    fn inner(&self) -> PyResult<Arc<batch::Digitiser>> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clone().ok_or_else(|| PyValueError::new_err("the digitiser is closed"))
    }
}
