//! Restoring texts. Offsets are in characters, as Python counts them, while the core counts bytes.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use sohoa::batch::Restoration;
use sohoa::ingest;
use sohoa::model::{Decision, Page, RestoredPage};
use sohoa::restore::Finish;

use crate::{failure, options, waiting};

/// Stands between the pages of a text.
const PAGE_BREAK: char = '\u{c}';

/// Restores texts by one set of dictionaries. May be shared between threads.
#[pyclass(frozen)]
pub struct Restorer {
    restoration: Arc<Restoration>,
    finish: Finish,
}

/// A text that was restored.
#[pyclass(frozen, get_all)]
pub struct Restored {
    /// The text as it was read.
    raw: String,
    /// The text as it was restored.
    text: String,
    /// Every word of it.
    words: Vec<Py<Word>>,
}

/// A word of a restored text.
#[pyclass(frozen, get_all)]
pub struct Word {
    /// First character in the text as read.
    start: usize,
    /// One past the last.
    end: usize,
    /// First character in the restored text.
    text_start: usize,
    /// One past the last.
    text_end: usize,
    /// As read.
    raw: String,
    /// As restored.
    text: String,
    /// Probability that it is right.
    confidence: f32,
    /// The next best reading.
    runner_up: Option<String>,
    /// Whether a person should look at it.
    doubtful: bool,
}

#[pymethods]
impl Word {
    fn __repr__(&self) -> String {
        let Word { raw, text, confidence, .. } = self;
        format!("Word({raw:?} -> {text:?}, confidence={confidence:.3})")
    }
}

#[pymethods]
impl Restored {
    fn __repr__(&self) -> String {
        format!("Restored({} words)", self.words.len())
    }

    fn __str__(&self) -> &str {
        &self.text
    }
}

#[pymethods]
impl Restorer {
    #[new]
    #[pyo3(signature = (*, dictionaries=None, words=Vec::new(), min_confidence=0.0, tone=None))]
    fn new(
        py: Python<'_>,
        dictionaries: Option<PathBuf>,
        words: Vec<String>,
        min_confidence: f32,
        tone: Option<&str>,
    ) -> PyResult<Restorer> {
        let (own, finish) = (options::own_words(py, &words)?, options::finish(min_confidence, tone)?);
        let opened = waiting::detached(py, || Restoration::open(dictionaries.as_deref(), &own))?;
        let restoration = opened.map_err(|error| failure::of_dictionaries(py, &error))?;
        Ok(Restorer { restoration: Arc::new(restoration), finish })
    }

    /// The restored text.
    fn restore(&self, py: Python<'_>, text: &str) -> PyResult<String> {
        let restored =
            waiting::detached(py, || self.pages(text).map(|pages| join(&pages, |page| &page.text)))?;
        restored.map_err(|error| failure::of_text(py, &error))
    }

    /// The restored text with what is known of every word.
    fn explain(&self, py: Python<'_>, text: &str) -> PyResult<Restored> {
        let found = waiting::detached(py, || {
            self.pages(text).map(|pages| {
                let words = words(&pages);
                (join(&pages, |page| &page.page.raw), join(&pages, |page| &page.text), words)
            })
        })?;
        let (raw, text, words) = found.map_err(|error| failure::of_text(py, &error))?;
        let words = words.into_iter().map(|word| Py::new(py, word)).collect::<PyResult<_>>()?;
        Ok(Restored { raw, text, words })
    }

    /// The dictionaries by digest, as the records of plans show them.
    #[getter]
    fn dictionaries(&self) -> &str {
        self.restoration.name()
    }
}

impl Restorer {
    fn pages(&self, text: &str) -> Result<Vec<RestoredPage>, ingest::NotText> {
        let text = ingest::decode_text(text.as_bytes())?;
        let pages = (1..).zip(text.split(PAGE_BREAK));
        let pages = pages.map(|(n, page)| Page::from_text(n, Decision::Text, page)).collect();
        Ok(self.restoration.document(pages).into_iter().map(|page| self.finish.apply(page)).collect())
    }
}

fn join<'p>(pages: &'p [RestoredPage], text: impl Fn(&'p RestoredPage) -> &'p String) -> String {
    let mut out = String::with_capacity(pages.iter().map(|page| text(page).len() + 1).sum());
    for (i, page) in pages.iter().enumerate() {
        if i > 0 {
            out.push(PAGE_BREAK);
        }
        out.push_str(text(page));
    }
    out
}

/// Turns ascending byte offsets of a text into offsets in characters, in one pass.
struct Counter<'t> {
    text: &'t str,
    byte: usize,
    character: usize,
}

impl<'t> Counter<'t> {
    fn new(text: &'t str, before: usize) -> Counter<'t> {
        Counter { text, byte: 0, character: before }
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            // words are in order in what was read; in the restored text, too, but that is not this file's to promise
            let back = self.text.get(byte..self.byte).map_or(0, |part| part.chars().count());
            return self.character - back;
        }
        self.character += self.text.get(self.byte..byte).map_or(0, |part| part.chars().count());
        self.byte = byte;
        self.character
    }
}

fn words(pages: &[RestoredPage]) -> Vec<Word> {
    let (mut out, mut raw_before, mut text_before) = (Vec::new(), 0, 0);
    for page in pages {
        let (raw, text) = (&page.page.raw, &page.text);
        let (mut in_raw, mut in_text) = (Counter::new(raw, raw_before), Counter::new(text, text_before));
        for word in &page.words {
            let cut =
                |text: &str, at: &std::ops::Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
            out.push(Word {
                start: in_raw.at(word.raw.start),
                end: in_raw.at(word.raw.end),
                text_start: in_text.at(word.restored.start),
                text_end: in_text.at(word.restored.end),
                raw: cut(raw, &word.raw),
                text: cut(text, &word.restored),
                confidence: word.confidence,
                runner_up: word.runner_up.as_ref().map(|(other, _)| other.clone()),
                doubtful: word.doubtful,
            });
        }
        raw_before = in_raw.at(raw.len()) + 1;
        text_before = in_text.at(text.len()) + 1;
    }
    out
}
