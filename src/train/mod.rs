//! Learns everything in `dictionaries/` from corpora and aligned pairs. Works offline, once; deterministic: equal inputs give equal bytes.

use std::path::PathBuf;

pub mod build;
pub mod case;
pub mod channel;
pub mod confidence;
pub mod confusions;
pub mod corpus;
pub mod lexicon;
pub mod lm;
pub mod pairs;
pub mod reviews;
pub mod symbols;

/// What can go wrong in training.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// An input can't be read.
    #[error("cannot read {}: {what}", path.display())]
    Read {
        /// File or folder.
        path: PathBuf,
        /// Why.
        what: String,
    },
    /// An output can't be written.
    #[error("cannot write {}: {what}", path.display())]
    Write {
        /// File.
        path: PathBuf,
        /// Why.
        what: String,
    },
    /// There is nothing to learn from.
    #[error("nothing to learn from: {what}")]
    Nothing {
        /// What is missing.
        what: String,
    },
}
