//! TIFF: any number of pages, each a directory of its own.
//!
//! Read: bilevel (also CCITT Group 4), grey, RGB, RGBA and CMYK, 1 to 16 bits, as strips or tiles, uncompressed or packed
//! with LZW, Deflate, PackBits or JPEG. Not read: palettes, CCITT Group 3 (modified Huffman and fax T.4), old-style JPEG, floating point.
//! Reduced-resolution copies and masks (`NewSubfileType`) are not pages. A chain of directories that bites its tail is an error.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, GrayImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, DecodingResult, Limits as TiffLimits};
use tiff::tags::Tag;

use super::{dpi, image_error, on_paper};
use crate::ingest::limits::Limit;
use crate::ingest::{IngestError, Limits};

type Reader = Decoder<BufReader<File>>;

/// The number of pages.
pub(super) fn count(path: &Path, limits: &Limits) -> Result<u32, IngestError> {
    let mut reader = open(path, limits, 1)?;
    let mut pages = u32::from(is_page(&mut reader));
    let mut directories = 1_u64;
    while reader.more_images() {
        reader.next_image().map_err(|e| image_error(path, pages + 1, e))?;
        directories += 1;
        limits.check(Limit::Pages, directories).map_err(|e| IngestError::limit(path, e))?;
        pages += u32::from(is_page(&mut reader));
    }
    // A file whose only image calls itself a thumbnail still has that one.
    Ok(pages.max(1))
}

/// The pixels of the `index`-th page (0-based) and the resolution the file states; `page` is the number for messages.
pub(super) fn decode(
    path: &Path,
    index: u32,
    page: u32,
    limits: &Limits,
) -> Result<(DynamicImage, Option<f32>), IngestError> {
    let bad = |e: tiff::TiffError| image_error(path, page, e);
    let mut reader = open(path, limits, page)?;
    let mut before = 0;
    loop {
        if is_page(&mut reader) {
            if before == index {
                break;
            }
            before += 1;
        }
        if !reader.more_images() {
            break;
        }
        reader.next_image().map_err(bad)?;
    }
    let (width, height) = reader.dimensions().map_err(bad)?;
    limits.check_image(width, height).map_err(|e| IngestError::limit(path, e))?;
    let pixels = pixels(&mut reader, width, height).map_err(|why| image_error(path, page, why))?;
    let mut pixels = on_paper(pixels);
    if let Ok(Some(turn)) = reader.find_tag_unsigned::<u8>(Tag::Orientation)
        && let Some(turn) = image::metadata::Orientation::from_exif(turn)
    {
        pixels.apply_orientation(turn);
    }
    Ok((pixels, resolution(&mut reader, width, height)))
}

fn open(path: &Path, limits: &Limits, page: u32) -> Result<Reader, IngestError> {
    let io = |e| IngestError::io(path, e);
    let file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    limits.check(Limit::FileBytes, length).map_err(|e| IngestError::limit(path, e))?;
    let mut bounds = TiffLimits::default();
    // Four bytes a pixel, or two samples of 16 bits; the pixel limit itself is checked by name before decoding.
    bounds.decoding_buffer_size = usize::try_from(limits.pixels.saturating_mul(8)).unwrap_or(usize::MAX);
    bounds.intermediate_buffer_size = bounds.decoding_buffer_size;
    let reader = Decoder::new(BufReader::new(file)).map_err(|e| image_error(path, page, e))?;
    Ok(reader.with_limits(bounds))
}

/// Bit 0 of `NewSubfileType` marks a reduced copy, bit 2 a mask.
fn is_page(reader: &mut Reader) -> bool {
    match reader.find_tag_unsigned::<u32>(Tag::NewSubfileType) {
        Ok(Some(kind)) => kind & 0b101 == 0,
        _ => true,
    }
}

fn resolution(reader: &mut Reader, width: u32, height: u32) -> Option<f32> {
    let mut number = |tag| match reader.get_tag(tag).ok()? {
        Value::Rational(n, d) => Some(n as f32 / d.max(1) as f32),
        Value::Float(v) => Some(v),
        other => other.into_u32().ok().map(|v| v as f32),
    };
    let (across, down) = (number(Tag::XResolution)?, number(Tag::YResolution)?);
    let per_inch = match reader.find_tag_unsigned::<u16>(Tag::ResolutionUnit) {
        Ok(Some(3)) => 2.54,
        Ok(Some(1)) => return None,
        _ => 1.0,
    };
    dpi::stated(across * per_inch, down * per_inch, width, height)
}

fn pixels(reader: &mut Reader, width: u32, height: u32) -> Result<DynamicImage, String> {
    let color = reader.colortype().map_err(|e| e.to_string())?;
    let result = reader.read_image().map_err(|e| e.to_string())?;
    let unknown = || format!("colours of kind {color:?} are not read");
    let samples = match result {
        DecodingResult::U8(bytes) if color.bit_depth() < 8 => {
            unpack(&bytes, width, height, color.bit_depth(), color.num_samples()).ok_or_else(unknown)?
        }
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|w| (w >> 8) as u8).collect(),
        _ => return Err(unknown()),
    };
    let bits = u32::from(color.bit_depth());
    let image = match color {
        ColorType::Gray(_) => {
            // fewer than eight bits were unpacked as they are: stretch them to 0..=255
            let top = if bits < 8 { (1_u32 << bits) - 1 } else { 255 };
            let grey = samples.into_iter().map(|v| (u32::from(v) * 255 / top) as u8).collect();
            GrayImage::from_raw(width, height, grey).map(DynamicImage::ImageLuma8)
        }
        ColorType::RGB(8 | 16) => RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8),
        ColorType::GrayA(8 | 16) => {
            image::GrayAlphaImage::from_raw(width, height, samples).map(DynamicImage::ImageLumaA8)
        }
        ColorType::RGBA(8 | 16) => {
            image::RgbaImage::from_raw(width, height, samples).map(DynamicImage::ImageRgba8)
        }
        ColorType::CMYK(8 | 16) => {
            let ink = |v: u8, k: u8| (u32::from(255 - v) * u32::from(255 - k) / 255) as u8;
            let rgb = samples
                .chunks_exact(4)
                .flat_map(|c| [ink(c[0], c[3]), ink(c[1], c[3]), ink(c[2], c[3])])
                .collect();
            RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8)
        }
        ColorType::YCbCr(8) => RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8),
        _ => None,
    };
    image.ok_or_else(unknown)
}

/// One byte a sample out of rows of packed samples of one sample a pixel.
fn unpack(bytes: &[u8], width: u32, height: u32, bits: u8, samples: u16) -> Option<Vec<u8>> {
    if samples != 1 || !matches!(bits, 1 | 2 | 4) {
        return None;
    }
    let bits = u32::from(bits);
    let stride = (width as usize * bits as usize).div_ceil(8);
    let mask = (1_u8 << bits) - 1;
    let mut out = Vec::with_capacity(width as usize * height as usize);
    for row in bytes.chunks_exact(stride).take(height as usize) {
        out.extend((0..width).map(|x| {
            let at = x * bits;
            let shift = 8 - bits - at % 8;
            (row[(at / 8) as usize] >> shift) & mask
        }));
    }
    (out.len() == width as usize * height as usize).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_samples_come_apart() {
        assert_eq!(unpack(&[0b1010_0000, 0b0100_0000], 3, 2, 1, 1), Some(vec![1, 0, 1, 0, 1, 0]));
        assert_eq!(unpack(&[0b1101_1000], 3, 1, 2, 1), Some(vec![3, 1, 2]));
        assert_eq!(unpack(&[0], 3, 2, 1, 1), None);
    }
}
