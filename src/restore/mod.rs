//! Restoration: garbled tokens to Vietnamese, by a noisy channel (dictionary, learned edit distance, language model).
//!
//! Knows words, not sections. Lines, white space and marks stay; every changed word keeps what stood there, how sure the change is, and the next best
//! reading. It cannot fail; only loading other dictionaries can. Limits: names that no dictionary has stay as they are or
//! become the nearest known word; a word is at most 14 letters; numbers change only where a word is far likelier.
//!
//! ```
//! use sohoa::restore::{Models, Options, Restorer};
//! let restorer = Restorer::new(Models::embedded(), Options::default());
//! assert_eq!(restorer.text("cai cich hanh chinh nha nuéc"), "cải cách hành chính nhà nước");
//! ```

pub mod adapt;
pub mod cache;
pub mod candidates;
pub mod case;
pub mod casing;
pub mod channel;
pub mod confidence;
pub mod confusions;
pub mod decode;
pub mod explain;
pub mod finish;
pub mod footnotes;
pub mod hints;
pub mod lexicon;
pub mod lm;
pub mod markers;
pub mod models;
pub mod own;
pub mod phrases;
pub mod places;
pub mod plain;
mod rate;
mod reading;
pub mod restorer;
pub mod search;
pub mod signs;
pub mod syllable;
pub mod symbols;
pub mod token;
pub mod trie;
pub mod units;
mod written;

pub use finish::Finish;
pub use models::{Damage, Models, Sources};
pub use own::OwnWords;
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
    /// A file of one's own words is not what it should be.
    #[error("{name}, line {line}: {what}")]
    Own {
        /// File.
        name: String,
        /// Line, from 1.
        line: usize,
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
