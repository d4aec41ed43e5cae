//! Images as pages of a PDF. What a PDF can hold as it is goes in as it is, byte for byte: the data of a JPEG, of a PNG without transparency, of
//! a page of a TIFF that is one strip of CCITT Group 4. Anything else is packed without loss: two-coloured pages with a bit a
//! pixel, others as PNG packs them.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use tiff::tags::Tag;

use super::graft::Graft;
use super::text::number;
use super::{Layer, Metadata, PdfError};

/// An image as a PDF holds it.
#[derive(Debug, Clone)]
pub struct Picture {
    dictionary: Dictionary,
    data: Vec<u8>,
    /// How it is turned to lie upright.
    turn: Orientation,
}

impl Picture {
    /// The `index`-th page of an image file as it is; none where that has to be decoded.
    ///
    /// # Errors
    /// When the file cannot be read or is too large.
    pub fn of_file(path: &Path, index: u32) -> Result<Option<Picture>, PdfError> {
        let mut head = Vec::new();
        let mut file = std::fs::File::open(path).map_err(|error| PdfError::Picture(error.to_string()))?;
        Read::by_ref(&mut file)
            .take(8)
            .read_to_end(&mut head)
            .map_err(|error| PdfError::Picture(error.to_string()))?;
        Ok(match head.as_slice() {
            [0xff, 0xd8, ..] => jpeg(super::read(path)?),
            [0x89, b'P', b'N', b'G', ..] => png(&super::read(path)?),
            _ => {
                file.rewind().map_err(|error| PdfError::Picture(error.to_string()))?;
                group4(file, index)
            }
        })
    }

    /// Pixels, which stand upright.
    #[must_use]
    pub fn of_pixels(pixels: &DynamicImage) -> Picture {
        let (width, height) = (pixels.width(), pixels.height());
        let (space, samples, bytes) = match pixels {
            DynamicImage::ImageLuma8(grey) => ("DeviceGray", 1, grey.as_raw().clone()),
            other => ("DeviceRGB", 3, other.to_rgb8().into_raw()),
        };
        let row = (width as usize * samples).max(1);
        let two = samples == 1 && bytes.iter().all(|v| matches!(v, 0 | 255));
        let (bits, stride, packed) = if two {
            let bits = |bits: &[u8]| bits.iter().enumerate().fold(0, |byte, (i, v)| byte | (v & (0x80 >> i)));
            let rows = bytes.chunks_exact(row).flat_map(|row| row.chunks(8).map(bits).collect::<Vec<u8>>());
            (1, row.div_ceil(8), rows.collect())
        } else {
            (8, row, bytes)
        };
        // each row as its difference to the one above, which is the second filter of PNG
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut above = vec![0; stride];
        for row in packed.chunks_exact(stride) {
            let difference: Vec<u8> = std::iter::once(2)
                .chain(row.iter().zip(&above).map(|(v, above)| v.wrapping_sub(*above)))
                .collect();
            let _ = encoder.write_all(&difference); // memory takes all
            above.copy_from_slice(row);
        }
        let data = encoder.finish().unwrap_or_default();
        let mut dictionary = image(width, height, space.into(), bits, "FlateDecode");
        dictionary.set("DecodeParms", predictor(samples as i64, bits, width));
        Picture { dictionary, data, turn: Orientation::NoTransforms }
    }

    /// Its size in pixels, upright.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        let side =
            |key: &[u8]| self.dictionary.get(key).and_then(Object::as_i64).map_or(1, |v| v.max(1) as u32);
        let (width, height) = (side(b"Width"), side(b"Height"));
        match self.turn {
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => (height, width),
            _ => (width, height),
        }
    }
}

/// Writes a PDF of `pages`, each with its resolution, to `to`, with `layers` over them. `id` is what it is known by.
///
/// # Errors
/// [`PdfError`], the pages' own among them.
pub fn from_pictures(
    pages: impl Iterator<Item = Result<(Picture, f32), PdfError>>,
    layers: &[Layer],
    metadata: &Metadata,
    id: &[u8],
    to: &mut impl Write,
) -> Result<(), PdfError> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let mut kids: Vec<ObjectId> = Vec::new();
    for page in pages {
        let (picture, dpi) = page?;
        kids.push(self::page(&mut document, tree, picture, dpi)?);
    }
    let count = kids.len() as i64;
    let all = Object::Array(kids.iter().map(|kid| Object::Reference(*kid)).collect());
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Count" => count, "Kids" => all }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let id = Object::String(id.iter().take(16).copied().collect(), StringFormat::Hexadecimal);
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let mut graft = Graft::of(document);
    for layer in layers {
        if let Some(page) = kids.get(layer.page.saturating_sub(1) as usize) {
            graft.page(*page, layer)?;
        }
    }
    graft.finish(false, metadata, to)
}

fn page(document: &mut Document, tree: ObjectId, picture: Picture, dpi: f32) -> Result<ObjectId, PdfError> {
    let scale = 72.0 / f64::from(dpi.max(1.0));
    let (width, height) = picture.size();
    let (width, height) = (f64::from(width) * scale, f64::from(height) * scale);
    // the unit square that an image fills, turned within itself
    let turn = match picture.turn {
        Orientation::NoTransforms => [1, 0, 0, 1, 0, 0],
        Orientation::FlipHorizontal => [-1, 0, 0, 1, 1, 0],
        Orientation::Rotate180 => [-1, 0, 0, -1, 1, 1],
        Orientation::FlipVertical => [1, 0, 0, -1, 0, 1],
        Orientation::Rotate90 => [0, -1, 1, 0, 0, 1],
        Orientation::Rotate270 => [0, 1, -1, 0, 1, 0],
        Orientation::Rotate90FlipH => [0, -1, -1, 0, 1, 1],
        Orientation::Rotate270FlipH => [0, 1, 1, 0, 0, 0],
    };
    let matrix: Vec<String> = turn
        .iter()
        .zip([width, height].iter().cycle())
        .map(|(part, side)| number(f64::from(*part) * side, 4))
        .collect();
    let content = format!("q {} cm /Page Do Q", matrix.join(" "));
    let image = document.add_object(Stream::new(picture.dictionary, picture.data).with_compression(false));
    let content = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
    let edges = [0.0, 0.0, width, height].map(|edge| Object::Real(edge as f32));
    Ok(document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => Object::Array(edges.into()),
        "Contents" => content,
        "Resources" => dictionary! { "XObject" => dictionary! { "Page" => image } },
    }))
}

fn image(width: u32, height: u32, space: Object, bits: i64, filter: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => space,
        "BitsPerComponent" => bits,
        "Filter" => filter,
    }
}

fn predictor(samples: i64, bits: i64, width: u32) -> Dictionary {
    dictionary! {
        "Predictor" => 15,
        "Colors" => samples,
        "BitsPerComponent" => bits,
        "Columns" => i64::from(width),
    }
}

/// A JPEG of one or three components of eight bits, sequential or progressive.
fn jpeg(bytes: Vec<u8>) -> Option<Picture> {
    let (width, height, components) = frame(&bytes)?;
    let space = match components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        _ => return None,
    };
    let turn = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&bytes)).ok()?.orientation().ok()?;
    Some(Picture { dictionary: image(width, height, space.into(), 8, "DCTDecode"), data: bytes, turn })
}

/// Width, height and number of components, from the header of a JPEG's frame.
fn frame(bytes: &[u8]) -> Option<(u32, u32, u8)> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, tail @ ..] = rest else { return None };
        match marker {
            0xff => rest = rest.get(1..)?, // filling
            0xc0..=0xc2 => {
                let [_, _, 8, h1, h0, w1, w0, components, ..] = tail else { return None };
                let number = |high: u8, low: u8| u32::from(u16::from_be_bytes([high, low]));
                let (width, height) = (number(*w1, *w0), number(*h1, *h0));
                return (width > 0 && height > 0).then_some((width, height, *components));
            }
            0xc4 | 0xc8 | 0xcc | 0xd0..=0xd7 | 0xdb..=0xef | 0xfe | 0x01 => {
                let length = match marker {
                    0x01 | 0xd0..=0xd7 => 0,
                    _ => usize::from(u16::from_be_bytes([*tail.first()?, *tail.get(1)?])),
                };
                rest = tail.get(length..)?;
            }
            _ => return None, // arithmetic coding, lossless, or the image without a frame
        }
    }
}

/// A PNG of grey, of colours or with a palette, without transparency and not interlaced.
fn png(bytes: &[u8]) -> Option<Picture> {
    let mut rest = bytes.get(8..)?;
    let (mut header, mut palette, mut data) = (None, None, Vec::new());
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let content = rest.get(8..)?.get(..length)?;
        match rest.get(4..8)? {
            b"IHDR" => header = Some(content),
            b"PLTE" => palette = Some(content),
            b"IDAT" => data.extend(content),
            b"tRNS" | b"eXIf" => return None,
            b"IEND" => break,
            _ => {}
        }
        rest = rest.get(12 + length..)?;
    }
    let [w3, w2, w1, w0, h3, h2, h1, h0, bits, colour, 0, 0, 0] = *header? else { return None };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    let bits = i64::from(bits);
    let (space, samples): (Object, i64) = match colour {
        0 => ("DeviceGray".into(), 1),
        2 => ("DeviceRGB".into(), 3),
        3 => {
            let palette = palette?;
            let last = (palette.len() / 3).checked_sub(1)? as i64;
            let colours = Object::String(palette.to_vec(), StringFormat::Hexadecimal);
            (Object::Array(vec!["Indexed".into(), "DeviceRGB".into(), last.into(), colours]), 1)
        }
        _ => return None,
    };
    let mut dictionary = image(width, height, space, bits, "FlateDecode");
    dictionary.set("DecodeParms", predictor(samples, bits, width));
    Some(Picture { dictionary, data, turn: Orientation::NoTransforms })
}

/// A page of a TIFF that is one strip of CCITT Group 4.
fn group4(file: std::fs::File, index: u32) -> Option<Picture> {
    let mut raw = file.try_clone().ok()?;
    let mut reader = tiff::decoder::Decoder::new(std::io::BufReader::new(file)).ok()?;
    let mut before = 0;
    loop {
        // reduced copies and masks are no pages
        let kind = reader.find_tag_unsigned::<u32>(Tag::NewSubfileType).ok()?.unwrap_or(0);
        if kind & 0b101 == 0 {
            if before == index {
                break;
            }
            before += 1;
        }
        if !reader.more_images() {
            return None;
        }
        reader.next_image().ok()?;
    }
    let mut tag =
        |tag, usual: u32| reader.find_tag_unsigned::<u32>(tag).ok().map(|found| found.unwrap_or(usual));
    let plain = tag(Tag::Compression, 1)? == 4
        && tag(Tag::BitsPerSample, 1)? == 1
        && tag(Tag::SamplesPerPixel, 1)? == 1
        && tag(Tag::FillOrder, 1)? == 1
        && tag(Tag::Orientation, 1)? == 1
        && tag(Tag::Unknown(293), 0)? == 0; // nothing uncompressed in it
    let ink = tag(Tag::PhotometricInterpretation, 0)?;
    if !plain || ink > 1 {
        return None;
    }
    let (width, height) = reader.dimensions().ok()?;
    let [offset] = reader.get_tag_u64_vec(Tag::StripOffsets).ok()?[..] else { return None };
    let [length] = reader.get_tag_u64_vec(Tag::StripByteCounts).ok()?[..] else { return None };
    raw.seek(SeekFrom::Start(offset)).ok()?;
    let mut data = Vec::new();
    raw.take(length.min(super::MOST_BYTES)).read_to_end(&mut data).ok()?;
    let mut dictionary = image(width, height, "DeviceGray".into(), 1, "CCITTFaxDecode");
    // runs that a fax calls black are black in a TIFF where white is zero
    dictionary.set(
        "DecodeParms",
        dictionary! {
            "K" => -1, "Columns" => i64::from(width), "Rows" => i64::from(height), "BlackIs1" => ink == 1,
        },
    );
    Some(Picture { dictionary, data, turn: Orientation::NoTransforms })
}
