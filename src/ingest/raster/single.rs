//! Files of one image: PNG and JPEG.

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::{dpi, image_error, on_paper};
use crate::ingest::bytes;
use crate::ingest::limits::Limit;
use crate::ingest::sniff::MediaType;
use crate::ingest::{IngestError, Limits};

/// The pixels of page `page` (1-based, for messages) and the resolution the file states.
pub(super) fn decode(
    path: &Path,
    media: MediaType,
    page: u32,
    limits: &Limits,
) -> Result<(DynamicImage, Option<f32>), IngestError> {
    let bytes = bytes::of_file(path, Limit::FileBytes, limits)?;
    let bytes = bytes.as_ref();
    let bad = |e: image::ImageError| image_error(path, page, e);
    let format = if media == MediaType::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The size is checked by our own limit, which has a name. The decoder's is for what is packed beside the pixels (colour profiles,
    // texts), which may swell as a stream of a PDF does.
    let mut bounds = image::Limits::no_limits();
    bounds.max_alloc = Some(limits.stream_bytes.max(limits.pixels.saturating_mul(8)));
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(bad)?;
    let (width, height) = decoder.dimensions();
    limits.check_image(width, height).map_err(|e| IngestError::limit(path, e))?;
    let orientation = decoder.orientation().map_err(bad)?;
    let stated = if media == MediaType::Png { dpi::of_png(bytes) } else { dpi::of_jpeg(bytes) };
    let mut pixels = on_paper(DynamicImage::from_decoder(decoder).map_err(bad)?);
    pixels.apply_orientation(orientation);
    Ok((pixels, stated.and_then(|(across, down)| dpi::stated(across, down, width, height))))
}
