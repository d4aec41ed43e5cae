//! The size that an image's own data state, which its decoder goes by, whatever the image's dictionary says.

use hayro::hayro_syntax::Filter;

use crate::ingest::Limits;
use crate::ingest::limits::Exceeded;

/// Checks the pixels of an image; `stated` is the size of its dictionary.
pub(super) fn check(
    data: &[u8],
    filter: Filter,
    stated: (u32, u32),
    limits: &Limits,
) -> Result<(), Exceeded> {
    let sizes = match filter {
        Filter::DctDecode => jpeg(data).into_iter().collect(),
        Filter::JpxDecode => jpeg_2000(data).into_iter().collect(),
        Filter::Jbig2Decode => jbig2(data),
        _ => Vec::new(),
    };
    sizes.into_iter().chain([stated]).try_for_each(|(width, height)| limits.check_image(width, height))
}

fn be16(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn be32(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// From the frame header of a JPEG.
fn jpeg(data: &[u8]) -> Option<(u32, u32)> {
    let mut at = memchr::memmem::find(data, b"\xff\xd8")? + 2;
    loop {
        at += memchr::memchr(0xff, data.get(at..)?)? + 1;
        match *data.get(at)? {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((be16(data, at + 6)?, be16(data, at + 4)?));
            }
            // without a length: fillers, parameters' ends, restarts
            0x00 | 0x01 | 0xff | 0xd0..=0xd8 => {}
            0xd9 | 0xda => return None,
            _ => at += 1 + be16(data, at + 1)? as usize,
        }
    }
}

/// From the SIZ marker of a JPEG 2000 codestream.
fn jpeg_2000(data: &[u8]) -> Option<(u32, u32)> {
    let at = memchr::memmem::find(data, b"\xff\x4f\xff\x51")? + 8;
    let [right, bottom, left, top] =
        [0, 4, 8, 12].map(|i| be32(data, at + i)).into_iter().collect::<Option<Vec<_>>>()?.try_into().ok()?;
    Some((right.saturating_sub(left), bottom.saturating_sub(top)))
}

/// From the segments of a JBIG2 image that make a page or a region of one.
fn jbig2(data: &[u8]) -> Vec<(u32, u32)> {
    let (mut at, mut sizes) = (0, Vec::new());
    while let Some((size, next)) = jbig2_segment(data, at) {
        sizes.extend(size);
        at = next;
    }
    sizes
}

/// The size that the segment at `at` states, if it states one, and where the next one begins.
fn jbig2_segment(data: &[u8], at: usize) -> Option<(Option<(u32, u32)>, usize)> {
    let number = be32(data, at)?;
    let flags = *data.get(at + 4)?;
    let (referred, after) = match data.get(at + 5)? >> 5 {
        7 => {
            let count = (be32(data, at + 5)? & 0x1fff_ffff) as usize;
            (count, at + 9 + (count + 8) / 8)
        }
        few => (usize::from(few), at + 6),
    };
    let each = match number {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    let page = if flags & 0x40 == 0 { 1 } else { 4 };
    let after = after.checked_add(referred.checked_mul(each)?)? + page;
    let length = be32(data, after)?;
    let body = after + 4;
    // 48 is a page; the others begin with the size of the region they fill
    let sized = matches!(flags & 63, 4 | 6 | 7 | 20 | 22 | 23 | 36 | 38 | 39 | 40 | 42 | 43 | 48);
    let size = if sized { be32(data, body).zip(be32(data, body + 4)) } else { None };
    // a page of unknown height grows as it is filled
    let size = size.filter(|(_, height)| *height != u32::MAX);
    let next = if length == u32::MAX { data.len() } else { body.checked_add(length as usize)? };
    Some((size, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_data() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::GrayImage::new(30, 20).write_to(&mut bytes, image::ImageFormat::Jpeg).expect("encoded");
        assert_eq!(jpeg(bytes.get_ref()), Some((30, 20)));
        let mut siz = b"junk\xff\x4f\xff\x51\0\x29\0\0".to_vec();
        siz.extend([110_u32, 220, 10, 20].iter().flat_map(|v| v.to_be_bytes()));
        assert_eq!(jpeg_2000(&siz), Some((100, 200)));
        // a page of 40 × 30, then a region of 9 × 8 that refers to one segment
        let mut segments = vec![0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 8];
        segments.extend([40_u32, 30].iter().flat_map(|v| v.to_be_bytes()));
        segments.extend([0, 0, 0, 1, 38, 1 << 5, 0, 1, 0, 0, 0, 8]);
        segments.extend([9_u32, 8].iter().flat_map(|v| v.to_be_bytes()));
        assert_eq!(jbig2(&segments), [(40, 30), (9, 8)]);
    }

    #[test]
    fn any_data_end() {
        for data in [b"".as_slice(), b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", &[0xff; 99], &[0; 99], &[7; 99]] {
            assert_eq!((jpeg(data), jpeg_2000(data)), (None, None));
            assert!(jbig2(data).len() < 99);
        }
    }

    #[test]
    fn the_larger_size_counts() {
        let mut siz = b"\xff\x4f\xff\x51\0\x29\0\0".to_vec();
        siz.extend([40_000_u32, 30_000, 0, 0].iter().flat_map(|v| v.to_be_bytes()));
        let limits = Limits::default();
        assert!(check(&siz, Filter::JpxDecode, (8, 8), &limits).is_err());
        assert!(check(b"", Filter::CcittFaxDecode, (40_000, 30_000), &limits).is_err());
        assert_eq!(check(b"", Filter::CcittFaxDecode, (8, 8), &limits), Ok(()));
    }
}
