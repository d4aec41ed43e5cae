//! Whether an input's outputs are up to date: made from the same content, with the same options, models and version.
//! What they were made from stands in the JSON's `source`.

use std::fs;
use std::path::Path;

use crate::emit;
use crate::model::plan::Source;

use super::document::{TOOL, shaping};
use super::gather::Job;
use super::options::Options;

/// The largest JSON that is looked into; a larger one is made again.
const MOST: u64 = 1 << 30;

/// Whether the outputs of `job`, whose content has the digest `sha256`, need not be made again.
///
/// `dictionaries` and `recognition` are the models this run would use. The recognition model counts only where the earlier
/// run recognised an image; a text layer that was used as it is does not depend on it.
pub(super) fn is_up_to_date(
    options: &Options,
    job: &Job,
    sha256: &str,
    dictionaries: &str,
    recognition: Option<&str>,
) -> bool {
    if !is_file(&options.out.join(&job.target.text)) {
        return false;
    }
    let Some(source) = source(&options.out.join(&job.target.json)) else { return false };
    let models = match source.models.as_slice() {
        [restored] => restored == dictionaries,
        [recognised, restored] => Some(recognised.as_str()) == recognition && restored == dictionaries,
        _ => false,
    };
    models
        && source.sha256 == sha256
        && source.tool == TOOL
        && source.path == job.input.shown_name()
        && source.options == shaping(options)
}

fn source(json: &Path) -> Option<Source> {
    if !is_file(json) || fs::metadata(json).ok()?.len() > MOST {
        return None;
    }
    emit::read_source(&fs::read(json).ok()?)
}

/// Whether this is a plain file: a link is not an output of ours.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}
