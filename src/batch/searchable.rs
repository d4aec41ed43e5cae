//! Searchable PDFs: the worker's part, where the original is taken apart under the limits of a process of its own, and the
//! parent's, which lends a temporary file beside the place of the output. The document never fails for it: what cannot be made is
//! a warning.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use crate::emit::{self, Layer, PdfError, Picture};
use crate::ingest::{MediaType, Source};
use crate::model::plan::Warning;

use super::failure::{Failure, Reason};
use super::protocol::{Searchable, Setup};

/// Makes the file that is wanted. What there is to say of it comes back; or why there is none.
pub(super) fn make(wanted: &Searchable, layers: &[Layer], setup: &Setup) -> Result<Vec<Warning>, Warning> {
    write(wanted, layers, setup).map_err(|error| Warning {
        code: error.code().to_owned(),
        message: error.to_string(),
        page: None,
    })
}

fn write(wanted: &Searchable, layers: &[Layer], setup: &Setup) -> Result<Vec<Warning>, PdfError> {
    let to = PathBuf::from(OsString::from_vec(wanted.to.clone()));
    let mut to = BufWriter::new(File::create(to)?);
    let notes = if wanted.input.media == MediaType::Pdf {
        emit::searchable(wanted.input.path(), wanted.pages, layers, &wanted.metadata, &mut to)?
    } else {
        let id: Vec<u8> = wanted.sha256.as_bytes().chunks(2).filter_map(byte).collect();
        let opened = Source::open(&wanted.input, &setup.limits);
        let mut source =
            opened.map_err(|error| PdfError::Picture(error.to_string()))?.with_default_dpi(setup.dpi);
        let pages = (0..source.page_count()).map(|index| picture(&mut source, index, layers));
        emit::from_pictures(pages, layers, &wanted.metadata, &id, &mut to)?;
        Vec::new()
    };
    to.flush()?;
    let warning = |note: &emit::Note| Warning {
        code: note.code().to_owned(),
        message: note.to_string(),
        page: note.page(),
    };
    Ok(notes.iter().map(warning).collect())
}

/// A page as a PDF holds it, decoded only where it has to be, and its resolution.
fn picture(source: &mut Source, index: u32, layers: &[Layer]) -> Result<(Picture, f32), PdfError> {
    let layer = layers.iter().find(|layer| layer.page == index + 1 && layer.dpi > 0.0);
    let whole = match source.file(index) {
        Some((path, inner)) => Picture::of_file(path, inner)?,
        None => None,
    };
    if let (Some(picture), Some(layer)) = (&whole, layer)
        && picture.size() == (layer.width, layer.height)
    {
        return Ok((picture.clone(), layer.dpi));
    }
    let decoded = source.image(index).map_err(|error| PdfError::Picture(error.to_string()))?;
    let decoded = decoded.ok_or_else(|| PdfError::Picture(format!("page {} has no image", index + 1)))?;
    let size = (decoded.pixels.width(), decoded.pixels.height());
    let picture = whole.filter(|picture| picture.size() == size);
    Ok((picture.unwrap_or_else(|| Picture::of_pixels(&decoded.pixels)), decoded.dpi))
}

fn byte(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The warning in place of a failure: no worker could make it.
pub(super) fn not_made(failure: &Failure) -> Warning {
    let message = match failure.reason {
        Reason::Deadline => {
            "no searchable PDF: it took too long; allow more time with --page-timeout and --document-timeout"
        }
        _ => {
            "no searchable PDF: a worker process failed at it; repair the file, for example with `qpdf in.pdf out.pdf`, or allow more memory with --worker-memory"
        }
    };
    Warning { code: "pdf-not-made".to_owned(), message: message.to_owned(), page: None }
}
