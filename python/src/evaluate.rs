//! Scores of finished results, as JSON.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::json;
use sohoa::evaluate::record::Record;
use sohoa::evaluate::{body, structure, text};

use crate::waiting;

/// Error rates of restored text.
#[pyfunction]
pub fn evaluate_text(py: Python<'_>, raw: &str, restored: &str, gold: &str) -> PyResult<String> {
    waiting::detached(py, || {
        let seen = text::compare(raw, restored, gold);
        json!({ "figures": seen.figures, "wrong": seen.wrong }).to_string()
    })
}

/// Error rates of recognised pages whose truth lacks letterhead and tables.
#[pyfunction]
pub fn evaluate_body(py: Python<'_>, recognised: &str, gold: &str) -> PyResult<String> {
    waiting::detached(py, || {
        let (figures, misread) = body::compare(recognised, gold);
        json!({ "figures": figures, "misread": misread }).to_string()
    })
}

/// Scores of parsed structure.
#[pyfunction]
pub fn evaluate_structure(py: Python<'_>, plan: &str, gold: &str) -> PyResult<String> {
    let scores = waiting::detached(py, || {
        let (figures, findings) = structure::compare(&Record::from_json(plan)?, &Record::from_json(gold)?);
        Ok::<_, serde_json::Error>(json!({ "figures": figures, "findings": findings }).to_string())
    })?;
    scores.map_err(|error| PyValueError::new_err(format!("not a plan's JSON ({error})")))
}
