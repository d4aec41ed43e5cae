//! Keyword arguments as options of the core.

use std::path::PathBuf;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use sohoa::batch::{ModelChoice, Ocr, Options, WorkerCommand};
use sohoa::model::normal::ToneStyle;
use sohoa::restore::{Finish, OwnWords};

use crate::failure;

/// Words and names of one's own, as Python lists them.
pub fn own_words(py: Python<'_>, words: &[String]) -> PyResult<OwnWords> {
    OwnWords::parse("words", &words.join("\n")).map_err(|error| failure::of_dictionaries(py, &error))
}

/// What is done to restored words.
pub fn finish(min_confidence: f32, tone: Option<&str>) -> PyResult<Finish> {
    if !(0.0..=1.0).contains(&min_confidence) {
        return Err(PyValueError::new_err("min_confidence is a probability: give 0 to 1"));
    }
    let tone = match tone {
        None | Some("keep") => None,
        Some("old") => Some(ToneStyle::Old),
        Some("new") => Some(ToneStyle::New),
        Some(other) => {
            return Err(PyValueError::new_err(format!("tone is 'keep', 'old' or 'new', not '{other}'")));
        }
    };
    Ok(Finish { least: min_confidence, tone })
}

/// The program and the arguments that are a worker process.
pub fn worker(command: Vec<PathBuf>) -> PyResult<WorkerCommand> {
    let mut command = command.into_iter();
    let program = command.next().ok_or_else(|| PyValueError::new_err("a worker's command is empty"))?;
    Ok(WorkerCommand { program, arguments: command.map(PathBuf::into_os_string).collect() })
}

/// The options of a digitiser. Names and units are those of the command line's flags.
pub fn digitiser(
    py: Python<'_>,
    worker_command: Vec<PathBuf>,
    given: &Bound<'_, PyDict>,
) -> PyResult<Options> {
    let mut options = Options { worker: Some(worker(worker_command)?), ..Options::default() };
    for (key, value) in given.iter() {
        if value.is_none() {
            continue;
        }
        let key: String = key.extract()?;
        match key.as_str() {
            "jobs" => options.jobs = within(&key, &value, 1, 1024)? as usize,
            "model" => options.model = ModelChoice::Named(value.extract()?),
            "fast" => {
                if value.extract()? {
                    options.model = ModelChoice::Fast;
                }
            }
            "ocr" => options.ocr = ocr(value.extract()?)?,
            "pages" => options.pages = Some(pages(value.extract()?)?),
            "dpi" => options.dpi = Some(dpi(value.extract()?)?),
            "document_per_folder" => options.document_per_folder = value.extract()?,
            "dictionaries" => options.dictionaries = Some(value.extract::<PathBuf>()?),
            "words" => options.own = own_words(py, &value.extract::<Vec<String>>()?)?,
            "page_timeout" => options.page_timeout = seconds(&key, &value)?,
            "document_timeout" => options.document_timeout = seconds(&key, &value)?,
            "worker_memory" => options.worker_memory = within(&key, &value, 256, u32::MAX.into())? << 20,
            "max_file_mb" => options.limits.file_bytes = within(&key, &value, 1, u32::MAX.into())? << 20,
            "max_text_mb" => options.limits.text_bytes = within(&key, &value, 1, 2048)? << 20,
            "max_pages" => options.limits.pages = within(&key, &value, 1, u32::MAX.into())? as u32,
            "max_pixels" => options.limits.pixels = within(&key, &value, 1, u32::MAX.into())? * 1_000_000,
            "max_stream_mb" => options.limits.stream_bytes = within(&key, &value, 1, u32::MAX.into())? << 20,
            "max_nesting" => options.limits.nesting = within(&key, &value, 1, 500)? as u32,
            other => return Err(PyTypeError::new_err(format!("there is no option '{other}'"))),
        }
    }
    Ok(options)
}

/// Page ranges as people write them.
pub fn pages(ranges: &str) -> PyResult<sohoa::batch::PageRanges> {
    ranges.parse().map_err(|error: sohoa::batch::BadRange| PyValueError::new_err(error.to_string()))
}

fn within(key: &str, value: &Bound<'_, PyAny>, least: u64, most: u64) -> PyResult<u64> {
    let number: u64 = value.extract()?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(PyValueError::new_err(format!("{key} is {least} to {most}, not {number}")))
    }
}

fn seconds(key: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds: f64 = value.extract()?;
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|duration| !duration.is_zero());
    duration
        .ok_or_else(|| PyValueError::new_err(format!("{key} is a number of seconds above 0, not {seconds}")))
}

fn dpi(dpi: f32) -> PyResult<f32> {
    if (30.0..=2400.0).contains(&dpi) {
        Ok(dpi)
    } else {
        Err(PyValueError::new_err(format!("dpi is 30 to 2400, not {dpi}")))
    }
}

fn ocr(when: &str) -> PyResult<Ocr> {
    match when {
        "auto" => Ok(Ocr::Auto),
        "always" => Ok(Ocr::Always),
        "never" => Ok(Ocr::Never),
        other => Err(PyValueError::new_err(format!("ocr is 'auto', 'always' or 'never', not '{other}'"))),
    }
}
