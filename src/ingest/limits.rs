//! Limits that keep one input from taking the machine: each has a name, a documented default and the flag that raises it.
//!
//! The defaults let a 1,000-page A3 colour scan at 600 dpi through and stop what no scanner makes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How large an input may be. A refusal ([`super::IngestError::Limit`]) says which limit, the value found and the flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of one file (`--max-file-mb`, default 16,384 MB). Large files are mapped, not read, so they take no memory.
    pub file_bytes: u64,
    /// Bytes of one plain text (`--max-text-mb`, default 64 MB).
    pub text_bytes: u64,
    /// Pages of one document (`--max-pages`, default 10,000).
    pub pages: u32,
    /// Pixels of one page image (`--max-pixels`, in millions, default 150: A3 at 600 dpi has 70).
    pub pixels: u64,
    /// Bytes that one stream of a PDF decodes to (`--max-stream-mb`, default 1,024 MB; an A3 sheet at 600 dpi in colour has 210).
    pub stream_bytes: u64,
    /// How deep arrays and dictionaries of a PDF are nested (`--max-nesting`, default 100, 500 at most).
    pub nesting: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 16_384 << 20,
            text_bytes: 64 << 20,
            pages: 10_000,
            pixels: 150_000_000,
            stream_bytes: 1024 << 20,
            nesting: 100,
        }
    }
}

/// The name of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Limit {
    /// [`Limits::file_bytes`]
    FileBytes,
    /// [`Limits::text_bytes`]
    TextBytes,
    /// [`Limits::pages`]
    Pages,
    /// [`Limits::pixels`]
    Pixels,
    /// [`Limits::stream_bytes`]
    StreamBytes,
    /// [`Limits::nesting`]
    Nesting,
}

impl Limit {
    /// The command-line flag that raises it.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Limit::FileBytes => "--max-file-mb",
            Limit::TextBytes => "--max-text-mb",
            Limit::Pages => "--max-pages",
            Limit::Pixels => "--max-pixels",
            Limit::StreamBytes => "--max-stream-mb",
            Limit::Nesting => "--max-nesting",
        }
    }

    /// What one of its units is called.
    fn unit(self) -> &'static str {
        match self {
            Limit::FileBytes | Limit::TextBytes | Limit::StreamBytes => "bytes",
            Limit::Pages => "pages",
            Limit::Pixels => "pixels",
            Limit::Nesting => "levels",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::FileBytes => "file size",
            Limit::TextBytes => "text size",
            Limit::Pages => "pages per document",
            Limit::Pixels => "pixels per page",
            Limit::StreamBytes => "decoded bytes per stream",
            Limit::Nesting => "nesting of arrays and dictionaries",
        })
    }
}

/// A limit that an input passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{limit}: {found} {}, the limit is {allowed}; raise it with {}", .limit.unit(), .limit.flag())]
pub struct Exceeded {
    /// Which limit.
    pub limit: Limit,
    /// The value found.
    pub found: u64,
    /// The value allowed.
    pub allowed: u64,
}

impl Limits {
    /// Whether `found` stays within `limit`.
    ///
    /// # Errors
    /// [`Exceeded`] with both values, when it does not.
    pub fn check(&self, limit: Limit, found: u64) -> Result<(), Exceeded> {
        let allowed = match limit {
            Limit::FileBytes => self.file_bytes,
            Limit::TextBytes => self.text_bytes,
            Limit::Pages => u64::from(self.pages),
            Limit::Pixels => self.pixels,
            Limit::StreamBytes => self.stream_bytes,
            Limit::Nesting => u64::from(self.nesting),
        };
        if found > allowed { Err(Exceeded { limit, found, allowed }) } else { Ok(()) }
    }

    /// [`Limits::check`] for the pixels of an image of this size.
    ///
    /// # Errors
    /// [`Exceeded`], as there.
    pub fn check_image(&self, width: u32, height: u32) -> Result<(), Exceeded> {
        self.check(Limit::Pixels, u64::from(width) * u64::from(height))
    }

    /// [`Limits::check`] for the pages of a text, before they are made: form feeds part them.
    ///
    /// # Errors
    /// [`Exceeded`], as there.
    pub fn check_pages(&self, text: &str) -> Result<(), Exceeded> {
        self.check(Limit::Pages, super::text::count_pages(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_limit_value_and_flag() {
        let text = Limits::default().check_image(20_000, 20_000).map_err(|e| e.to_string());
        assert_eq!(
            text,
            Err("pixels per page: 400000000 pixels, the limit is 150000000; raise it with --max-pixels"
                .to_owned())
        );
        assert_eq!(Limits::default().check_image(7016, 9933), Ok(()));
    }
}
