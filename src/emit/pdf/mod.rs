//! Searchable PDFs: the pages as they came, the restored text laid over them, invisible.
//!
//! ```text
//! restored page ─ layer ─▶ words level on their lines ─ text ─▶ operators ┐
//! original PDF ─ scan, clean ─▶ old text taken out ──────────── graft ────┴▶ PDF ◀─ metadata (Info, XMP, language)
//! images ───────────────────────────────────── pictures ─▶ pages ─┘
//! ```
//!
//! Images and content streams are not touched, but for old text that is cut out of the latter ([`clean`]). Pages whose own text was right stay as
//! they are, byte for byte. The layer comes before what the page draws, so it begins in the page's own space whatever the content leaves open; `Rotate`,
//! boxes with an offset and the turn of the text on the page are in the layer's matrices. The font is made here ([`glyphless`]).
//!
//! Limits: encrypted files are refused, and files beyond [`MOST_BYTES`]; a signature in the original does not hold for the result, which a
//! note says. PDF/A is not claimed. Streams of objects come apart ([`write`]).

mod clean;
mod glyphless;
mod graft;
mod layer;
mod metadata;
mod pictures;
mod scan;
mod text;
mod write;

use std::path::Path;

pub use layer::{Layer, LayerLine, LayerWord};
pub use metadata::Metadata;
pub use pictures::Picture;

pub use graft::searchable;
pub use pictures::from_pictures;

/// The largest file that is made searchable: it is held in memory, twice.
pub const MOST_BYTES: u64 = 1 << 30;

/// Why no searchable PDF can be made. The messages say what to do; the document itself is done without it.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It is encrypted.
    #[error(
        "no searchable PDF: the original is encrypted; decrypt it first, for example with `qpdf --decrypt in.pdf out.pdf`"
    )]
    Encrypted,
    /// It is too large.
    #[error(
        "no searchable PDF: the original has {0} bytes, {most} are the most; split it first, for example with `qpdf --split-pages=100 in.pdf out.pdf`",
        most = MOST_BYTES
    )]
    TooLarge(u64),
    /// The library that writes PDFs does not understand it.
    #[error(
        "no searchable PDF: the original cannot be taken apart ({0}); repair it, for example with `qpdf in.pdf out.pdf`"
    )]
    Unreadable(String),
    /// An image cannot be put into a PDF.
    #[error("no searchable PDF: {0}")]
    Picture(String),
    /// It cannot be written.
    #[error("no searchable PDF: it cannot be written ({0}); make room, then run again")]
    Write(#[from] std::io::Error),
}

impl PdfError {
    /// Its stable name, as warnings show it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            PdfError::Encrypted => "pdf-encrypted",
            PdfError::TooLarge(_) => "pdf-too-large",
            PdfError::Unreadable(_) | PdfError::Picture(_) => "pdf-unreadable",
            PdfError::Write(_) => "pdf-not-made",
        }
    }
}

/// What there is to say of a searchable PDF that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The original was signed; the signature does not hold for the new file.
    Signed,
    /// Old text of this page could not be looked at: it is still there, under the new one.
    Unlooked(u32),
}

impl Note {
    /// Its stable name, as warnings show it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Note::Signed => "pdf-signed",
            Note::Unlooked(_) => "pdf-old-text",
        }
    }

    /// The page it is about.
    #[must_use]
    pub fn page(self) -> Option<u32> {
        match self {
            Note::Signed => None,
            Note::Unlooked(page) => Some(page),
        }
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Note::Signed => f.write_str(
                "the original is signed; the signature does not hold for the searchable PDF: keep the original",
            ),
            Note::Unlooked(_) => f.write_str(
                "the page's content cannot be decoded, so old text in it stays in the searchable PDF",
            ),
        }
    }
}

/// The bytes of a file that is not too large.
fn read(path: &Path) -> Result<Vec<u8>, PdfError> {
    let unreadable = |error: std::io::Error| PdfError::Unreadable(error.to_string());
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > MOST_BYTES {
        return Err(PdfError::TooLarge(bytes));
    }
    std::fs::read(path).map_err(unreadable)
}
