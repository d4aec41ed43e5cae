//! Why an input, or one page of it, cannot be read.

use std::io;
use std::path::PathBuf;

use super::limits::Exceeded;

/// Why an input cannot be read. Each message says what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// No file or folder has this name.
    #[error("{path}: no such file or folder; check the spelling", path = .0.display())]
    NotFound(PathBuf),
    /// The operating system refused.
    #[error("{path}: cannot be read ({source}); check its permissions and the disk", path = .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A pipe, device or socket.
    #[error("{path}: neither a file nor a folder; give a PDF, PNG, JPEG, TIFF or text file", path = .0.display())]
    NotAFile(PathBuf),
    /// No bytes at all.
    #[error("{path}: the file is empty; fetch or scan it again", path = .0.display())]
    Empty(PathBuf),
    /// Content of no kind this program reads; `hint` names what it looks like.
    #[error(
        "{path}: the content is {hint}, which is not read; give a PDF, PNG, JPEG, TIFF or plain text file",
        path = .path.display()
    )]
    UnknownType {
        /// The file.
        path: PathBuf,
        /// What the content looks like.
        hint: &'static str,
    },
    /// A text in an encoding that cannot be told.
    #[error(
        "{path}: not UTF-8 or UTF-16 text (byte {offset}); convert it, for example with `iconv -f WINDOWS-1258 -t UTF-8`",
        path = .path.display()
    )]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The first byte that does not fit.
        offset: usize,
    },
    /// Larger than a limit allows.
    #[error("{path}: {exceeded}", path = .path.display())]
    Limit {
        /// The file.
        path: PathBuf,
        /// Which limit, and by how much.
        exceeded: Exceeded,
    },
    /// A PDF that needs a password to be opened.
    #[error(
        "{path}: the PDF is protected by a password; remove it first, for example with `qpdf --decrypt --password=... in.pdf out.pdf`",
        path = .0.display()
    )]
    PasswordProtected(PathBuf),
    /// A PDF whose encryption is not understood.
    #[error(
        "{path}: the PDF is encrypted in a way that is not supported; decrypt it first, for example with `qpdf --decrypt in.pdf out.pdf`",
        path = .0.display()
    )]
    Encryption(PathBuf),
    /// A PDF that ends too early.
    #[error(
        "{path}: the PDF is cut off (its end-of-file record is missing); fetch it again, or repair it with `qpdf in.pdf out.pdf`",
        path = .0.display()
    )]
    Truncated(PathBuf),
    /// A PDF whose structure cannot be followed.
    #[error(
        "{path}: the PDF is damaged beyond reading; fetch it again, or repair it with `qpdf in.pdf out.pdf`",
        path = .0.display()
    )]
    DamagedPdf(PathBuf),
    /// A document without pages.
    #[error("{path}: the document has no pages; fetch it again", path = .0.display())]
    NoPages(PathBuf),
    /// An image file that cannot be decoded.
    #[error("{path}: page {page} cannot be decoded ({why}); scan or convert it again", path = .path.display())]
    Image {
        /// The file.
        path: PathBuf,
        /// 1-based page.
        page: u32,
        /// What the decoder said.
        why: String,
    },
    /// A page of a PDF that cannot be decoded.
    #[error("{path}: page {page} cannot be decoded ({why}); repair the file, for example with `qpdf in.pdf out.pdf`", path = .path.display())]
    PdfPage {
        /// The file.
        path: PathBuf,
        /// 1-based page.
        page: u32,
        /// What failed.
        why: &'static str,
    },
    /// The output folder was given as input.
    #[error("{path}: this is the output folder; choose another one with -o", path = .0.display())]
    OutIsInput(PathBuf),
    /// A page beyond the last one.
    #[error("{path}: there is no page {page}, the document has {pages}", path = .path.display())]
    NoSuchPage {
        /// The file.
        path: PathBuf,
        /// 1-based page asked for.
        page: u32,
        /// Pages there are.
        pages: u32,
    },
}

impl IngestError {
    /// A stable name of the kind of failure, for ledgers and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            IngestError::NotFound(_) => "not-found",
            IngestError::Io { .. } => "unreadable",
            IngestError::NotAFile(_) => "not-a-file",
            IngestError::Empty(_) => "empty",
            IngestError::UnknownType { .. } => "unknown-type",
            IngestError::Encoding { .. } => "encoding",
            IngestError::Limit { .. } => "limit",
            IngestError::PasswordProtected(_) => "password-protected",
            IngestError::Encryption(_) => "encryption",
            IngestError::Truncated(_) => "truncated",
            IngestError::DamagedPdf(_) => "damaged-pdf",
            IngestError::NoPages(_) => "no-pages",
            IngestError::Image { .. } => "damaged-image",
            IngestError::PdfPage { .. } => "damaged-page",
            IngestError::OutIsInput(_) => "output-is-input",
            IngestError::NoSuchPage { .. } => "no-such-page",
        }
    }

    pub(super) fn io(path: &std::path::Path, source: io::Error) -> IngestError {
        if source.kind() == io::ErrorKind::NotFound {
            IngestError::NotFound(path.to_owned())
        } else {
            IngestError::Io { path: path.to_owned(), source }
        }
    }

    pub(super) fn limit(path: &std::path::Path, exceeded: Exceeded) -> IngestError {
        IngestError::Limit { path: path.to_owned(), exceeded }
    }
}
