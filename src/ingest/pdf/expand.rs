//! What a stream decodes to, told before a decoder takes the memory for it.
//!
//! A stream of a few kilobytes can promise gigabytes: Deflate packs a thousand equal bytes into one, and filters can follow each other.
//! So its size is bounded first by what its filters can do at most, which settles nearly all streams without decoding; only where the
//! bound is beyond the limit is it decoded, in pieces that are counted and thrown away, and no further than the limit. What image filters give is told by
//! the headers inside the stream, which need not agree with the image's dictionary.

use hayro::hayro_syntax::Filter;

use super::headers;
use crate::ingest::Limits;
use crate::ingest::limits::{Exceeded, Limit};

/// A filter that is no image's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Flate,
    /// Whether codes become longer one early, as they do unless the stream says otherwise.
    Lzw {
        early: bool,
    },
    RunLength,
    Ascii85,
    AsciiHex,
}

impl Coding {
    pub(super) fn of(filter: Filter, early: bool) -> Option<Coding> {
        Some(match filter {
            Filter::FlateDecode => Coding::Flate,
            Filter::LzwDecode => Coding::Lzw { early },
            Filter::RunLengthDecode => Coding::RunLength,
            Filter::Ascii85Decode => Coding::Ascii85,
            Filter::AsciiHexDecode => Coding::AsciiHex,
            _ => return None,
        })
    }

    /// The most bytes that come of one, by the format.
    fn most(self) -> u64 {
        match self {
            // 258 bytes for two bits
            Coding::Flate => 1032,
            // an entry of up to 3,838 bytes for 12 bits
            Coding::Lzw { .. } => 2560,
            // 128 bytes for two
            Coding::RunLength => 64,
            // four for a 'z'
            Coding::Ascii85 => 4,
            Coding::AsciiHex => 1,
        }
    }
}

/// Checks that no filter of a stream gives more bytes than the limit, and no image more pixels. `image` is the filter at the end, if it
/// is an image's, and the size its dictionary states.
///
/// # Errors
/// [`Exceeded`]: of bytes, the value found is where counting ended, just beyond the limit.
pub(super) fn check(
    raw: &[u8],
    codings: &[Coding],
    image: Option<(Filter, (u32, u32))>,
    limits: &Limits,
) -> Result<(), Exceeded> {
    let bound = codings.iter().fold(raw.len() as u64, |bytes, coding| bytes.saturating_mul(coding.most()));
    if bound > limits.stream_bytes || (image.is_some() && !codings.is_empty()) {
        let decoded = decoded(raw, codings, image.is_some(), limits)?;
        return image.map_or(Ok(()), |(filter, stated)| headers::check(&decoded, filter, stated, limits));
    }
    image.map_or(Ok(()), |(filter, stated)| headers::check(raw, filter, stated, limits))
}

/// What the filters give one after the other, each within the limit; the last one's bytes only if they are `wanted`.
fn decoded(raw: &[u8], codings: &[Coding], wanted: bool, limits: &Limits) -> Result<Vec<u8>, Exceeded> {
    let mut data = Vec::new();
    for (i, coding) in codings.iter().enumerate() {
        let input = if i == 0 { raw } else { data.as_slice() };
        let keep = wanted || i + 1 < codings.len();
        let (mut next, mut count) = (Vec::new(), 0_u64);
        run(*coding, input, &mut |piece| {
            count += piece.len() as u64;
            if keep {
                next.extend_from_slice(piece);
            }
            count <= limits.stream_bytes
        });
        limits.check(Limit::StreamBytes, count)?;
        data = next;
    }
    Ok(data)
}

/// All that a stream within the limit decodes to.
pub(super) fn whole(raw: &[u8], codings: &[Coding], limits: &Limits) -> Result<Vec<u8>, Exceeded> {
    if codings.is_empty() { Ok(raw.to_vec()) } else { decoded(raw, codings, true, limits) }
}

/// Decodes in pieces until the data end, are damaged, or `take` has had enough.
fn run(coding: Coding, data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    match coding {
        Coding::Flate => flate(data, take),
        Coding::Lzw { early } => lzw(data, early, take),
        Coding::RunLength => run_length(data, take),
        Coding::Ascii85 => ascii_85(data, take),
        Coding::AsciiHex => ascii_hex(data, take),
    }
}

const PIECE: usize = 64 << 10;

fn flate(data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    // with the header of zlib, as it should be, or without
    for zlib in [true, false] {
        let mut state = flate2::Decompress::new(zlib);
        let mut piece = vec![0; PIECE];
        loop {
            let (read, written) = (state.total_in() as usize, state.total_out());
            let rest = data.get(read..).unwrap_or_default();
            let status = state.decompress(rest, &mut piece, flate2::FlushDecompress::None);
            let new = (state.total_out() - written) as usize;
            if new > 0 && !take(&piece[..new]) {
                return;
            }
            match status {
                Ok(flate2::Status::Ok) if new > 0 || state.total_in() as usize > read => {}
                Err(_) if state.total_out() == 0 && zlib => break,
                _ => return,
            }
        }
    }
}

fn lzw(data: &[u8], early: bool, take: &mut dyn FnMut(&[u8]) -> bool) {
    use weezl::{BitOrder, LzwStatus, decode::Decoder};
    let mut state =
        if early { Decoder::with_tiff_size_switch(BitOrder::Msb, 8) } else { Decoder::new(BitOrder::Msb, 8) };
    let (mut rest, mut piece) = (data, vec![0; PIECE]);
    loop {
        let done = state.decode_bytes(rest, &mut piece);
        rest = rest.get(done.consumed_in..).unwrap_or_default();
        if done.consumed_out > 0 && !take(&piece[..done.consumed_out]) {
            return;
        }
        if !matches!(done.status, Ok(LzwStatus::Ok)) || (done.consumed_in == 0 && done.consumed_out == 0) {
            return;
        }
    }
}

fn run_length(data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    let mut rest = data;
    while let Some((&length, after)) = rest.split_first() {
        let length = usize::from(length);
        let (more, used) = match length {
            128 => return,
            ..128 => match after.get(..=length) {
                Some(literal) => (take(literal), length + 1),
                None => return,
            },
            _ => match after.first() {
                Some(&byte) => (take(&[byte; 128][..257 - length]), 1),
                None => return,
            },
        };
        if !more {
            return;
        }
        rest = &after[used..];
    }
}

fn ascii_85(data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    let mut group = Vec::with_capacity(5);
    for &byte in data {
        let more = match byte {
            b'~' => break,
            b'z' if group.is_empty() => take(&[0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                group.len() < 5 || take(&base_85(&std::mem::take(&mut group)))
            }
            _ => true,
        };
        if !more {
            return;
        }
    }
    if group.len() > 1 {
        let bytes = group.len() - 1;
        group.resize(5, 84);
        take(&base_85(&group)[..bytes]);
    }
}

fn base_85(digits: &[u8]) -> [u8; 4] {
    digits.iter().fold(0_u32, |sum, d| sum.wrapping_mul(85).wrapping_add(u32::from(*d))).to_be_bytes()
}

fn ascii_hex(data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    let digits = data.iter().take_while(|b| **b != b'>').filter_map(|b| char::from(*b).to_digit(16));
    let digits: Vec<u8> = digits.map(|d| d as u8).collect();
    for pieces in digits.chunks(2 * PIECE) {
        let bytes: Vec<u8> = pieces.chunks(2).map(|c| (c[0] << 4) | c.get(1).copied().unwrap_or(0)).collect();
        if !take(&bytes) {
            return;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;

    pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn limits(stream_bytes: u64) -> Limits {
        Limits { stream_bytes, ..Limits::default() }
    }

    const TEXT: &[u8] = b"ke hoach ve sinh moi truong, ke hoach ve sinh moi truong";

    #[test]
    fn filters_give_what_was_put_in() {
        let all = |raw: &[u8], codings: &[Coding]| whole(raw, codings, &limits(1000));
        assert_eq!(all(&deflated(TEXT), &[Coding::Flate]).as_deref(), Ok(TEXT));
        // without zlib's header and checksum
        let bare = deflated(TEXT);
        assert_eq!(all(&bare[2..bare.len() - 4], &[Coding::Flate]).as_deref(), Ok(TEXT));
        let mut packed = Vec::new();
        let mut encoder = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
        encoder.into_vec(&mut packed).encode_all(TEXT).status.expect("packed");
        assert_eq!(all(&packed, &[Coding::Lzw { early: true }]).as_deref(), Ok(TEXT));
        assert_eq!(all(b"\x02abc\xfed\x80", &[Coding::RunLength]).as_deref(), Ok(b"abcddd".as_slice()));
        assert_eq!(all(b"z87cURD]i~>", &[Coding::Ascii85]).as_deref(), Ok(b"\0\0\0\0Hello ".as_slice()));
        assert_eq!(all(b"4b 65>zz", &[Coding::AsciiHex]).as_deref(), Ok(b"Ke".as_slice()));
        let hex: String = deflated(TEXT).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(all(hex.as_bytes(), &[Coding::AsciiHex, Coding::Flate]).as_deref(), Ok(TEXT));
        assert_eq!(all(b"no zlib at all", &[Coding::Flate]).as_deref(), Ok(b"".as_slice()));
    }

    #[test]
    fn bombs_are_counted_and_not_held() {
        let million = deflated(&vec![0; 1_000_000]);
        assert!(million.len() < 2000);
        assert_eq!(check(&million, &[Coding::Flate], None, &limits(1_000_000)), Ok(()));
        let refused = check(&million, &[Coding::Flate], None, &limits(999_999)).map_err(|e| e.to_string());
        let said = refused.expect_err("too much");
        assert!(said.starts_with("decoded bytes per stream: 1000000 bytes, the limit is 999999"), "{said}");
        assert!(said.ends_with("--max-stream-mb"), "{said}");
        let twice = deflated(&deflated(&vec![0; 10_000_000]));
        assert!(check(&twice, &[Coding::Flate, Coding::Flate], None, &limits(1_000_000)).is_err());
        assert!(check(&[0xfe; 3000], &[Coding::RunLength], None, &limits(1000)).is_err());
    }
}
