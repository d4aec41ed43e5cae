//! The user's own words and names: those of the configuration folder and those of `--dictionary`.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::restore::{OwnWords, RestoreError};

use super::args::OwnArgs;

/// Reads `sohoa/words.txt` of the configuration folder, if there is one, and the files given.
///
/// # Errors
/// When one of them can't be read or is not of the form that [`crate::restore::own`] describes.
pub fn words(args: &OwnArgs) -> Result<OwnWords, RestoreError> {
    let mut own = OwnWords::default();
    for path in users_file().iter().chain(&args.dictionary) {
        own.add(path)?;
    }
    Ok(own)
}

fn users_file() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.config_dir().join("sohoa").join("words.txt")).filter(|path| path.is_file())
}
