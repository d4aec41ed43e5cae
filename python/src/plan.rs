//! Texts to plans, and plans in other forms. Plans cross the border as JSON.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use sohoa::model::Plan;
use sohoa::model::plan::Source;
use sohoa::{batch, emit, ingest};

use crate::{failure, waiting};

/// The plans of a text that is right as it stands, each as JSON: one, or with `split` one for each letterhead.
#[pyfunction]
#[pyo3(signature = (content, name, split=false))]
pub fn parse(py: Python<'_>, content: &[u8], name: &str, split: bool) -> PyResult<Vec<String>> {
    let plans = waiting::detached(py, || {
        let text = ingest::decode_text(content)?;
        let source = Source {
            path: name.to_owned(),
            sha256: ingest::fingerprint_bytes(content),
            media_type: ingest::MediaType::Text.name().to_owned(),
            tool: batch::TOOL.to_owned(),
            ..Source::default()
        };
        let plans = batch::parse_text(&text, &source, split);
        Ok::<_, ingest::NotText>(plans.iter().map(emit::json_line).collect())
    })?;
    plans.map_err(|error| failure::of_text(py, &error))
}

/// A plan's JSON as the command line writes it.
#[pyfunction]
pub fn json(py: Python<'_>, plan: &str) -> PyResult<String> {
    with(py, plan, emit::json)
}

/// A plan's restored text.
#[pyfunction]
pub fn text(py: Python<'_>, plan: &str) -> PyResult<String> {
    with(py, plan, emit::text)
}

/// A plan's outline as Markdown.
#[pyfunction]
pub fn markdown(py: Python<'_>, plan: &str) -> PyResult<String> {
    with(py, plan, emit::markdown)
}

/// A plan as an HTML page.
#[pyfunction]
pub fn html(py: Python<'_>, plan: &str) -> PyResult<String> {
    with(py, plan, |plan| emit::html_page(std::slice::from_ref(plan)))
}

/// The JSON Schema of plans.
#[pyfunction]
pub fn schema() -> String {
    emit::schema()
}

fn with(py: Python<'_>, plan: &str, show: impl FnOnce(&Plan) -> String + Send) -> PyResult<String> {
    let shown = waiting::detached(py, || serde_json::from_str::<Plan>(plan).map(|plan| show(&plan)))?;
    shown.map_err(|error| PyValueError::new_err(format!("not a plan: {error}")))
}
