//! A PDF written out, with every fractional number spelt as in the original.
//!
//! The library reads fractions with 32 bits and spells them as short as it can: `855.359985` becomes `855.36`. That moves a page's edge by a
//! hundred-thousandth of a point, which is enough for an image to be drawn a pixel off. So the spellings of the original are looked
//! up first ([`Spellings`]): all of it outside of streams, and what its streams of objects hold.
//!
//! Objects are written in the order of their numbers, with a table of their places at the end; streams as they are.
//!
//! Limits: where a file spells one and the same 32-bit number in two ways, the first is taken for both. Streams of objects come apart, so such
//! files grow by what their packing saved.

use std::collections::HashMap;
use std::io::Write;

use lopdf::{Dictionary, Document, Object, Writer};

/// More different fractions than this are not remembered.
const MOST: usize = 1_000_000;

/// How the original spells its fractions.
#[derive(Debug, Default)]
pub(super) struct Spellings(HashMap<u32, String>);

impl Spellings {
    /// Looks through a file; what stands between `stream` and `endstream` is passed over.
    pub fn of_file(&mut self, bytes: &[u8]) {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            let Some(begin) = memchr::memmem::find(rest, b"stream") else {
                self.of_text(rest);
                return;
            };
            self.of_text(&rest[..begin]);
            let inside = at + begin + b"stream".len();
            let end = memchr::memmem::find(&bytes[inside..], b"endstream");
            at = end.map_or(bytes.len(), |end| inside + end + b"endstream".len());
        }
    }

    /// Looks through objects that stand next to each other.
    pub fn of_text(&mut self, text: &[u8]) {
        for point in memchr::memchr_iter(b'.', text) {
            let digits = |c: &u8| c.is_ascii_digit();
            let before = text[..point].iter().rev().take(20).take_while(|c| digits(c)).count();
            let after = text[point + 1..].iter().take(20).take_while(|c| digits(c)).count();
            let sign = text[..point - before].last().filter(|c| matches!(c, b'-' | b'+'));
            let start = point - before - usize::from(sign.is_some());
            let Ok(spelt) = std::str::from_utf8(&text[start..=point + after]) else { continue };
            let Ok(value) = spelt.parse::<f32>() else { continue };
            if self.0.len() < MOST {
                self.0.entry(value.to_bits()).or_insert_with(|| spelt.to_owned());
            }
        }
    }

    /// A fraction as the original spells it, or as short as can be.
    fn spelt(&self, value: f32) -> String {
        match self.0.get(&value.to_bits()) {
            Some(spelt) => spelt.clone(),
            None if value.is_finite() => value.to_string(),
            None => "0".to_owned(),
        }
    }
}

/// Writes `document` to `to`.
pub(super) fn write(document: &Document, spellings: &Spellings, to: &mut impl Write) -> std::io::Result<()> {
    let mut out = Counted { to, written: 0 };
    write!(out, "%PDF-{}\n%", document.version)?;
    out.write_all(&[0xe2, 0xe3, 0xcf, 0xd3, b'\n'])?;
    let mut places: Vec<(u32, u16, u64)> = Vec::with_capacity(document.objects.len());
    for ((number, generation), object) in &document.objects {
        places.push((*number, *generation, out.written));
        writeln!(out, "{number} {generation} obj")?;
        self::object(object, spellings, &mut out)?;
        out.write_all(b"\nendobj\n")?;
    }
    // one number may have several generations in a damaged file: the last one counts
    places.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            *earlier = *later;
        }
        same
    });
    let table = out.written;
    out.write_all(b"xref\n0 1\n0000000000 65535 f \n")?;
    for run in places.chunk_by(|a, b| a.0 + 1 == b.0) {
        let Some((first, ..)) = run.first() else { continue };
        writeln!(out, "{first} {}", run.len())?;
        for (_, generation, place) in run {
            writeln!(out, "{place:010} {generation:05} n ")?;
        }
    }
    let mut trailer = document.trailer.clone();
    trailer.set("Size", places.last().map_or(1, |(number, ..)| i64::from(*number) + 1));
    out.write_all(b"trailer\n")?;
    dictionary(&trailer, spellings, &mut out)?;
    write!(out, "\nstartxref\n{table}\n%%EOF\n")
}

fn object(object: &Object, spellings: &Spellings, out: &mut dyn Write) -> std::io::Result<()> {
    match object {
        Object::Real(value) => out.write_all(spellings.spelt(*value).as_bytes()),
        Object::Array(array) => {
            out.write_all(b"[")?;
            for (i, item) in array.iter().enumerate() {
                if i > 0 {
                    out.write_all(b" ")?;
                }
                self::object(item, spellings, out)?;
            }
            out.write_all(b"]")
        }
        Object::Dictionary(inner) => dictionary(inner, spellings, out),
        Object::Stream(stream) => {
            let mut inner = stream.dict.clone();
            inner.set("Length", stream.content.len() as i64);
            dictionary(&inner, spellings, out)?;
            out.write_all(b"\nstream\n")?;
            out.write_all(&stream.content)?;
            out.write_all(b"\nendstream")
        }
        plain => Writer::write_object(out, plain),
    }
}

fn dictionary(entries: &Dictionary, spellings: &Spellings, out: &mut dyn Write) -> std::io::Result<()> {
    out.write_all(b"<<")?;
    for (key, value) in entries {
        Writer::write_object(out, &Object::Name(key.clone()))?;
        out.write_all(b" ")?;
        object(value, spellings, out)?;
    }
    out.write_all(b">>")
}

/// Counts what is written.
struct Counted<'w, W: Write> {
    to: &'w mut W,
    written: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_spelt_as_they_were() {
        let mut spellings = Spellings::default();
        spellings.of_file(b"[0 -855.359985 .50 1. 595.32]stream 7.250 endstream[+2.5]");
        let spelt = [-855.36_f32, 0.5, 1.0, 595.32, 7.25, 2.5, 0.1].map(|v| spellings.spelt(v));
        assert_eq!(spelt, ["-855.359985", ".50", "1.", "595.32", "7.25", "+2.5", "0.1"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut document = Document::with_version("1.4");
        let catalog = lopdf::Dictionary::from_iter([("Kind", Object::Real(1.5))]);
        let catalog = document.add_object(catalog);
        document.objects.insert((7, 0), lopdf::Stream::new(Dictionary::new(), b"q Q".to_vec()).into());
        document.trailer.set("Root", catalog);
        let mut out = Vec::new();
        write(&document, &Spellings::default(), &mut out).expect("written");
        let again = Document::load_mem(&out).expect("read");
        assert_eq!(again.objects.len(), 2, "{}", String::from_utf8_lossy(&out));
        let stream = again.get_object((7, 0)).and_then(Object::as_stream).expect("a stream");
        assert_eq!(stream.content, b"q Q");
    }
}
