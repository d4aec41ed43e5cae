//! What a file is, told by its first bytes and never by its name.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::text;

/// A kind of content that this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// `application/pdf`
    Pdf,
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
    /// `image/tiff`, one page or more
    Tiff,
    /// `text/plain`
    Text,
}

impl MediaType {
    /// The name registered for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MediaType::Pdf => "application/pdf",
            MediaType::Png => "image/png",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Tiff => "image/tiff",
            MediaType::Text => "text/plain",
        }
    }

    /// Whether it is an image file.
    #[must_use]
    pub fn is_image(self) -> bool {
        matches!(self, MediaType::Png | MediaType::Jpeg | MediaType::Tiff)
    }

    /// The kind that a file's extension promises, if it is one of ours.
    #[must_use]
    pub fn promised_by(path: &Path) -> Option<MediaType> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "pdf" => Some(MediaType::Pdf),
            "png" => Some(MediaType::Png),
            "jpg" | "jpeg" | "jpe" | "jfif" => Some(MediaType::Jpeg),
            "tif" | "tiff" => Some(MediaType::Tiff),
            "txt" | "text" => Some(MediaType::Text),
            _ => None,
        }
    }
}

/// How many bytes [`sniff`] wants to see.
pub(super) const SNIFFED: usize = 8192;

/// The kind of content that starts with `head` (its first 8,192 bytes, or all there are), or what it looks like instead.
///
/// ```
/// use sohoa::ingest::{MediaType, sniff};
/// assert_eq!(sniff(b"%PDF-1.7\n"), Ok(MediaType::Pdf));
/// assert_eq!(sniff(b"PK\x03\x04"), Err("a ZIP container (such as docx, xlsx or odt)"));
/// ```
///
/// # Errors
/// A phrase for people that names the content.
pub fn sniff(head: &[u8]) -> Result<MediaType, &'static str> {
    const KNOWN: [(&[u8], MediaType); 7] = [
        (b"\x89PNG\r\n\x1a\n", MediaType::Png),
        (b"\xff\xd8\xff", MediaType::Jpeg),
        (b"II*\0", MediaType::Tiff),
        (b"MM\0*", MediaType::Tiff),
        (b"II+\0", MediaType::Tiff),
        (b"MM\0+", MediaType::Tiff),
        (b"%PDF-", MediaType::Pdf),
    ];
    const OTHERS: [(&[u8], &str); 12] = [
        (b"PK\x03\x04", "a ZIP container (such as docx, xlsx or odt)"),
        (b"PK\x05\x06", "an empty ZIP container"),
        (b"\xd0\xcf\x11\xe0", "an old Office file (such as doc or xls)"),
        (b"GIF8", "a GIF image"),
        (b"BM", "a BMP image"),
        (b"RIFF", "a WebP image or other RIFF file"),
        (b"\0\0\0\x0cjP  ", "a JPEG 2000 image"),
        (b"AT&TFORM", "a DjVu document"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1f\x8b", "gzip-compressed data"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
    ];
    if let Some((_, kind)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Ok(*kind);
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| *magic != b"BM" && head.starts_with(magic)) {
        return Err(what);
    }
    // Readers accept junk before the header within the first kilobyte (PDF 1.7, appendix H).
    let start = head.get(..head.len().min(1024)).unwrap_or(head);
    if start.windows(7).any(|w| w.starts_with(b"%PDF-") && w[5].is_ascii_digit() && w[6] == b'.') {
        return Ok(MediaType::Pdf);
    }
    if text::looks_like_text(head) {
        return Ok(MediaType::Text);
    }
    // Two letters alone would make a text of "BM..." an image, so this is asked last.
    if head.starts_with(b"BM") { Err("a BMP image") } else { Err("binary data of an unknown kind") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\nrest"), Ok(MediaType::Png));
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Ok(MediaType::Jpeg));
        assert_eq!(sniff(b"MM\0*\0\0\0\x08"), Ok(MediaType::Tiff));
        assert_eq!(sniff(b"\r\n\0junk %PDF-1.4"), Ok(MediaType::Pdf));
        assert_eq!(sniff("BMTE: Kế hoạch\n".as_bytes()), Ok(MediaType::Text));
        assert_eq!(sniff(b"BM\x36\x10\0\0\0\0"), Err("a BMP image"));
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0\0"), Err("binary data of an unknown kind"));
        assert_eq!(sniff(b"\xff\xfeK\0\xbf\x1e"), Ok(MediaType::Text));
    }

    #[test]
    fn extensions_promise() {
        assert_eq!(MediaType::promised_by(Path::new("a/B.PDF")), Some(MediaType::Pdf));
        assert_eq!(MediaType::promised_by(Path::new("a/b.json")), None);
    }
}
