//! Why a page cannot be recognised.

use std::path::PathBuf;

/// Why recognition cannot start, or fails on a page. Each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecogniseError {
    /// The model's file is in none of the places looked at. A missing dependency, not a fault of the input.
    #[error(
        "recognition model {model} not found (looked in {}); install it with `{install}`, or set TESSDATA_PREFIX to the folder of its .traineddata",
        places(.looked_in)
    )]
    MissingModel {
        /// The model asked for.
        model: String,
        /// Where it was looked for.
        looked_in: Vec<PathBuf>,
        /// The command that installs it.
        install: String,
    },
    /// A name that no model can have.
    #[error("{0:?} is no name of a recognition model; use one such as Vietnamese, vie or vie+eng")]
    ModelName(String),
    /// The engine refuses the model's file.
    #[error("recognition model {model} in {folder} cannot be loaded; it may be damaged, reinstall it with `{install}`", folder = .folder.display())]
    Load {
        /// The model asked for.
        model: String,
        /// The folder it stands in.
        folder: PathBuf,
        /// The command that installs it.
        install: String,
    },
    /// One page that cannot be read.
    #[error("page {page} cannot be recognised: {why}")]
    Page {
        /// 1-based page number.
        page: u32,
        /// What the engine said.
        why: String,
    },
}

impl RecogniseError {
    /// Whether a dependency is missing that the user can install (the run's exit code is then 4).
    #[must_use]
    pub fn is_missing_dependency(&self) -> bool {
        matches!(self, RecogniseError::MissingModel { .. } | RecogniseError::Load { .. })
    }

    /// A stable name of the kind of failure, for ledgers and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RecogniseError::MissingModel { .. } => "missing-model",
            RecogniseError::ModelName(_) => "model-name",
            RecogniseError::Load { .. } => "model-damaged",
            RecogniseError::Page { .. } => "unrecognised-page",
        }
    }
}

fn places(paths: &[PathBuf]) -> String {
    let shown: Vec<_> = paths.iter().map(|p| p.display().to_string()).collect();
    if shown.is_empty() { "no folder".to_owned() } else { shown.join(", ") }
}
