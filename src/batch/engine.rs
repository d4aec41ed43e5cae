//! Where the batch meets the recognition stage: which model reads page images, and its engine.

use crate::recognise::{DEFAULT_MODEL, Prepared, RecogniseError, Tesseract, TesseractOptions, find_model};

use super::failure::{Failure, Reason, Stage};

/// The model that a run with this choice would use, by name and digest; `None` if it is not installed.
pub(super) fn model_name(wanted: Option<&str>) -> Option<String> {
    find_model(wanted.unwrap_or(DEFAULT_MODEL), None).ok().map(|model| model.label())
}

/// The engine for this choice of model.
pub(super) fn start(wanted: Option<&str>) -> Result<Prepared<Tesseract>, Failure> {
    let model = wanted.unwrap_or(DEFAULT_MODEL).to_owned();
    Tesseract::new(&TesseractOptions { model, ..TesseractOptions::default() })
        .map(Prepared::new)
        .map_err(|error| failure(&error))
}

/// A recogniser's error as a failure.
pub(super) fn failure(error: &RecogniseError) -> Failure {
    let reason = if error.is_missing_dependency() { Reason::Dependency } else { Reason::Input };
    let message = match error {
        // The page's number is added by whoever asked for the page.
        RecogniseError::Page { why, .. } => format!("cannot be recognised: {why}"),
        error => error.to_string(),
    };
    Failure { stage: Stage::Recognise, ..Failure::new(reason, message) }
}
