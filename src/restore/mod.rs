//! Restoration: garbled tokens to Vietnamese.

pub mod cache;
pub mod candidates;
pub mod case;
pub mod channel;
pub mod decode;
pub mod footnotes;
pub mod lexicon;
pub mod lm;
pub mod markers;
pub mod models;
pub mod places;
pub mod restorer;
pub mod syllable;
pub mod symbols;
pub mod token;
pub mod units;

pub use models::{Damage, Models, Sources};
pub use restorer::{Options, Restorer};

/// What can go wrong with dictionaries. Restoring itself cannot fail.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A model file is not what it should be.
    #[error("dictionary file {name}: {what}; rebuild it with `sohoa train`")]
    Model {
        /// File.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// A file can't be read.
    #[error("cannot read dictionary file {}: {what}", path.display())]
    Read {
        /// File.
        path: std::path::PathBuf,
        /// Why.
        what: String,
    },
}
