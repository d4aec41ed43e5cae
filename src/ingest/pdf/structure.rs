//! One pass over the bytes of a PDF before it is parsed: how deep its arrays and dictionaries are nested, and how large the streams
//! are that hold objects or the table of objects, which parsing decodes at once.
//!
//! The pass knows as much of the syntax as it takes to tell brackets from texts, comments and streams. Streams are stepped over by their
//! length where that is right, so a scan's images are not touched. What is damaged may mislead it; the parser has a depth
//! of its own at which it gives up, so this pass is for saying why, and for what a damaged file does not do by accident.

use memchr::memmem;

use super::expand::{self, Coding};
use crate::ingest::Limits;
use crate::ingest::limits::{Exceeded, Limit};

/// Checks nesting, and what streams of objects decode to.
///
/// # Errors
/// [`Exceeded`].
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Exceeded> {
    let mut scan = Scan { bytes, at: 0, depth: 0, deepest: 0, object: 0, endless: false };
    while let Some(stream) = scan.next_stream() {
        if !holds_objects(stream.dict) {
            continue;
        }
        let codings = codings(stream.dict);
        expand::check(stream.data, &codings, None, limits)?;
        let objects = expand::whole(stream.data, &codings, limits)?;
        let mut inner = Scan { bytes: &objects, at: 0, depth: 0, deepest: 0, object: 0, endless: true };
        while inner.next_stream().is_some() {}
        scan.deepest = scan.deepest.max(inner.deepest);
    }
    limits.check(Limit::Nesting, scan.deepest)
}

/// A stream: its dictionary, as written, and its bytes.
struct Stream<'a> {
    dict: &'a [u8],
    data: &'a [u8],
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u64,
    deepest: u64,
    /// Where the object at hand begins.
    object: usize,
    /// Whether no stream ends from here on, or there are none.
    endless: bool,
}

impl<'a> Scan<'a> {
    /// The next stream, after which the scan goes on behind it.
    fn next_stream(&mut self) -> Option<Stream<'a>> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let here = self.at;
            self.at += 1;
            match byte {
                b'%' => self.skip_to(b"\r\n"),
                b'(' => self.skip_text(),
                b'<' if self.bytes.get(self.at) == Some(&b'<') => {
                    self.at += 1;
                    self.open();
                }
                b'<' => self.skip_to(b">"),
                b'[' => self.open(),
                b'>' if self.bytes.get(self.at) == Some(&b'>') => {
                    self.at += 1;
                    self.depth = self.depth.saturating_sub(1);
                }
                b']' => self.depth = self.depth.saturating_sub(1),
                // the beginning or end of an object, whatever was left open
                b'o' if self.goes_on(b"bj") => {
                    (self.depth, self.object) = (0, self.at);
                }
                b's' if !self.endless && self.goes_on(b"tream") => {
                    if let Some(stream) = self.stream(here) {
                        return Some(stream);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn open(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn goes_on(&self, rest: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(rest)
    }

    fn skip_to(&mut self, ends: &[u8]) {
        let found = self.bytes[self.at..].iter().position(|b| ends.contains(b));
        self.at = found.map_or(self.bytes.len(), |found| self.at + found + 1);
    }

    /// Behind a text in parentheses, which may hold others.
    fn skip_text(&mut self) {
        let mut open = 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// The stream whose keyword begins at `keyword`, if it is one.
    fn stream(&mut self, keyword: usize) -> Option<Stream<'a>> {
        let dict = self.bytes.get(self.object..keyword)?.trim_ascii();
        let start = match self.bytes.get(keyword + 6..)? {
            [b'\r', b'\n', ..] => keyword + 8,
            [b'\n' | b'\r', ..] => keyword + 7,
            _ => return None,
        };
        if !dict.ends_with(b">>") {
            return None;
        }
        let by_length = length(dict).and_then(|length| start.checked_add(length)).filter(|end| {
            self.bytes.get(*end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"endstream"))
        });
        let found = || memmem::find(&self.bytes[start..], b"endstream").map(|found| start + found);
        let Some(end) = by_length.or_else(found) else {
            self.endless = true;
            return None;
        };
        self.depth = 0;
        self.at = end + b"endstream".len();
        Some(Stream { dict, data: &self.bytes[start..end] })
    }
}

/// The words after a key of a dictionary, as written.
fn value<'a>(dict: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = memmem::find(dict, key)? + key.len();
    Some(dict[at..].trim_ascii_start())
}

/// The length that a dictionary states itself, and not by a reference.
fn length(dict: &[u8]) -> Option<usize> {
    let text = value(dict, b"/Length")?;
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = text[digits..].trim_ascii_start();
    let refers = rest.first().is_some_and(u8::is_ascii_digit);
    let number = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    (!refers).then_some(number)
}

/// Whether the stream is read when the document is opened.
fn holds_objects(dict: &[u8]) -> bool {
    [b"/ObjStm".as_slice(), b"/XRef"].iter().any(|kind| memmem::find(dict, kind).is_some())
}

/// The filters that a dictionary names. Streams of objects are not encrypted by filters, and never images.
fn codings(dict: &[u8]) -> Vec<Coding> {
    let Some(text) = value(dict, b"/Filter") else { return Vec::new() };
    let end = if text.starts_with(b"[") {
        memchr::memchr(b']', text).unwrap_or(text.len())
    } else {
        text.iter()
            .skip(1)
            .position(|b| matches!(b, b'/' | b'>' | b' ' | b'\n' | b'\r'))
            .map_or(text.len(), |i| i + 1)
    };
    let names = text[..end].split(|b| !b.is_ascii_alphanumeric()).filter(|name| !name.is_empty());
    let coding = |name: &[u8]| match name {
        b"FlateDecode" | b"Fl" => Some(Coding::Flate),
        b"LZWDecode" | b"LZW" => Some(Coding::Lzw { early: true }),
        b"RunLengthDecode" | b"RL" => Some(Coding::RunLength),
        b"ASCII85Decode" | b"A85" => Some(Coding::Ascii85),
        b"ASCIIHexDecode" | b"AHx" => Some(Coding::AsciiHex),
        _ => None,
    };
    names.filter_map(coding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::expand::tests::deflated;
    use super::*;

    fn depth(bytes: &[u8]) -> u64 {
        let limits = Limits { nesting: 0, ..Limits::default() };
        check(bytes, &limits).map_or_else(|over| over.found, |()| 0)
    }

    #[test]
    fn brackets_are_counted_where_they_nest() {
        assert_eq!(depth(b"%PDF-1.4 [[[[\n1 0 obj << /A [ << >> ] /B (((\\)) [[[[) >> endobj"), 3);
        assert_eq!(depth(b"1 0 obj << /A <5b5b5b> /B [ ] >> endobj 2 0 obj [[ endobj 3 0 obj [ endobj"), 2);
        // what a stream holds is none of the structure
        let data = [b"[".repeat(40), b"endstream".to_vec()].concat();
        let stream = [b"1 0 obj << /Length 40 >>\nstream\n".as_slice(), &data, b" endobj [[ ]]"].concat();
        assert_eq!(depth(&stream), 2);
        let wrong = [b"1 0 obj << /Length 9 >>\nstream\n".as_slice(), &data, b" endobj [[ ]]"].concat();
        assert_eq!(depth(&wrong), 2);
        let refers = [b"1 0 obj << /Length 9 0 R >>\nstream\n".as_slice(), &data, b" endobj"].concat();
        assert_eq!(depth(&refers), 1);
        assert_eq!(depth(b"1 0 obj << >>\nstream\n[[["), 3, "no stream that never ends");
        assert_eq!(depth(b"("), 0);
        assert_eq!(depth(b"(\\"), 0);
    }

    #[test]
    fn streams_of_objects_are_looked_into() {
        let objects = deflated(&[b"1 0 ".as_slice(), &b"[".repeat(77)].concat());
        let dict = format!("<< /Type /ObjStm /Filter[/FlateDecode] /Length {} >>", objects.len());
        let pdf = [b"1 0 obj ", dict.as_bytes(), b"\nstream\r\n", &objects, b"\nendstream endobj"].concat();
        assert_eq!(depth(&pdf), 77);
        let bomb = deflated(&vec![b' '; 1 << 20]);
        let dict = format!("<< /Type/XRef /Filter/FlateDecode/Length {} >>", bomb.len());
        let pdf = [b"1 0 obj ", dict.as_bytes(), b"\nstream\n", &bomb, b"\nendstream endobj"].concat();
        let limits = Limits { stream_bytes: 1 << 19, ..Limits::default() };
        let over = check(&pdf, &limits).expect_err("too much");
        assert!(over.limit == Limit::StreamBytes && over.found > 1 << 19, "{over}");
        assert_eq!(check(&pdf, &Limits::default()), Ok(()));
    }
}
