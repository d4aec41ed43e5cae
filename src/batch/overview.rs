//! The report of an output folder: what the ledger knows, and the doubtful words of the documents to look at first.
//!
//! Times are those of the ledger, which noted them when they passed: a report that is made again from the same ledger and outputs is the same.

use std::path::{Path, PathBuf};

use super::ledger::{self, LedgerError};
use crate::emit::overview::{html, is_report};
use crate::emit::{self, DoubtfulWord, EmitError};

/// What the report is called, below OUT.
pub const REPORT: &str = "report.html";

/// So many doubtful words of a document are shown.
const WORDS: usize = 12;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The page cannot be written.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// There is a file in its place that is no report.
    #[error("{} is no report of this program, and would be lost: move it away, or leave out --report", .0.display())]
    InTheWay(PathBuf),
}

/// The report of `out` as an HTML page.
///
/// # Errors
/// [`LedgerError`].
pub fn report_page(out: &Path) -> Result<String, LedgerError> {
    let mut overview = ledger::overview(out)?;
    for worst in &mut overview.worst {
        let json = std::fs::read(out.join(format!("{}.json", worst.name)));
        worst.examples = least_certain(json.map(|json| emit::doubtful_words(&json)).unwrap_or_default());
    }
    Ok(html(&overview))
}

/// Whether a report may be written into `out`: there is none, or one of ours.
///
/// # Errors
/// [`ReportError::InTheWay`].
pub fn report_is_free(out: &Path) -> Result<(), ReportError> {
    let path = out.join(REPORT);
    match std::fs::symlink_metadata(&path) {
        Err(_) => Ok(()),
        Ok(found) if found.is_file() && std::fs::read(&path).is_ok_and(|content| is_report(&content)) => {
            Ok(())
        }
        Ok(_) => Err(ReportError::InTheWay(path)),
    }
}

/// Writes the report of `out` into it.
///
/// # Errors
/// [`ReportError`].
pub fn write_report(out: &Path) -> Result<(), ReportError> {
    report_is_free(out)?;
    let page = report_page(out)?;
    Ok(emit::write(out, Path::new(REPORT), page.as_bytes())?)
}

/// Those with the least confidence, each word once.
fn least_certain(mut words: Vec<DoubtfulWord>) -> Vec<DoubtfulWord> {
    // a stable sort: of equals, the first on the pages
    words.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let mut seen = rustc_hash::FxHashSet::default();
    words.retain(|word| seen.len() < WORDS && seen.insert(word.text.clone()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_shown_once() {
        let word = |text: &str, confidence| DoubtfulWord { page: 1, text: text.into(), confidence };
        let mut words = vec![word("a", 0.5), word("b", 0.2), word("a", 0.1)];
        words.extend((0..20).map(|i| word(&format!("c{i}"), 0.9)));
        let shown = least_certain(words);
        assert_eq!(shown.len(), WORDS);
        assert_eq!([&shown[0].text, &shown[1].text, &shown[2].text], ["a", "b", "c0"]);
    }
}
