//! Whether a PDF is whole, told without parsing it, and how many pages it promises.
//!
//! A PDF ends with `startxref`, a number and `%%EOF`. Files cut off in transfer lose that; a lenient reader would rebuild what is left
//! and show a part of the document as if it were all. So the record must be there, and nothing that looks like the beginning of
//! another revision (`1 0 obj`) may follow it. Up to 64 kB of other trailing bytes are forgiven.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Dict;

const TAIL: usize = 64 << 10;

/// Whether the end-of-file record is there.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let Some(at) = rfind(tail, b"startxref") else { return false };
    let rest = tail[at + b"startxref".len()..].trim_ascii_start();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let Ok(offset) = std::str::from_utf8(&rest[..digits]).unwrap_or_default().parse::<u64>() else {
        return false;
    };
    let after = &rest[digits..];
    // The mark itself may be damaged or lack its last letters; the number in front of it is what readers need.
    offset < bytes.len() as u64 && !after.windows(4).any(|w| w == b" obj")
}

/// The `/Count` of the root of the page tree.
pub(super) fn promised_pages(pdf: &Pdf) -> Option<usize> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let count = catalog.get::<Dict<'_>>(b"Pages".as_slice())?.get::<i32>(b"Count".as_slice())?;
    usize::try_from(count).ok()
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_files_are_told_from_whole_ones() {
        let whole = b"%PDF-1.4\n1 0 obj <<>> endobj\nxref\ntrailer <<>>\nstartxref\n30\n%%EOF\n";
        assert!(is_whole(whole));
        assert!(is_whole(&[whole.as_slice(), b"\0\0junk"].concat()));
        assert!(!is_whole(&whole[..whole.len() - 20]));
        assert!(!is_whole(&[whole.as_slice(), b"2 0 obj <<"].concat()));
        assert!(!is_whole(b"%PDF-1.4 startxref 99999 %%EOF"));
        assert!(!is_whole(b""));
    }
}
