//! Tests of this room through its public face, on small files made here: right ones, damaged ones, and traps.

use std::fs;
use std::path::Path;

use super::*;
use crate::model::PageImage;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A PDF of the given objects (numbered from 1; the first is the catalogue) with a right cross-reference table.
pub(super) fn pdf(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (i, body) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(*body);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    out.extend(offsets.iter().flat_map(|o| format!("{o:010} 00000 n \n").into_bytes()));
    out.extend(format!("trailer\n<</Size {} /Root 1 0 R {trailer}>>\n", objects.len() + 1).bytes());
    out.extend(format!("startxref\n{xref}\n%%EOF\n").bytes());
    out
}

pub(super) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{dict} /Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// A one-page PDF of 72 × 72 points with this content, this image as /I (if any) and these entries on its page.
pub(super) fn one_page(content: &str, image: Option<(&str, &[u8])>, page: &str) -> Vec<u8> {
    let page = format!(
        "<</Type/Page /Parent 2 0 R /MediaBox[0 0 72 72] /Contents 4 0 R {page} /Resources <</XObject <</I 5 0 R>> \
         /Font <</F <</Type/Font /Subtype/Type1 /BaseFont/Helvetica>>>>>>>>"
    );
    let (dict, data) =
        image.unwrap_or(("/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace/DeviceGray", b"\0"));
    pdf(
        &[
            b"<</Type/Catalog /Pages 2 0 R>>",
            b"<</Type/Pages /Kids[3 0 R] /Count 1>>",
            page.as_bytes(),
            &stream("", content.as_bytes()),
            &stream(&format!("/Type/XObject /Subtype/Image {dict}"), data),
        ],
        "",
    )
}

pub(super) const SCAN: &str = "q 72 0 0 72 0 0 cm /I Do Q";
/// 6 × 6 pixels, the first white, the others grey.
pub(super) const GREY: (&str, &[u8]) = ("/Width 6 /Height 6 /BitsPerComponent 8 /ColorSpace/DeviceGray", &{
    let mut pixels = [100; 36];
    pixels[0] = 255;
    pixels
});

/// A source and the folder its file lives in.
struct Opened(Source, #[expect(dead_code, reason = "keeps the folder")] tempfile::TempDir);

impl std::ops::Deref for Opened {
    type Target = Source;
    fn deref(&self) -> &Source {
        &self.0
    }
}

impl std::ops::DerefMut for Opened {
    fn deref_mut(&mut self) -> &mut Source {
        &mut self.0
    }
}

fn open_bytes(name: &str, bytes: &[u8]) -> Result<Opened, IngestError> {
    let fail = |source| IngestError::Io { path: name.into(), source };
    let dir = tempfile::tempdir().map_err(fail)?;
    let path = dir.path().join(name);
    fs::write(&path, bytes).map_err(fail)?;
    Ok(Opened(open(&path)?, dir))
}

fn open(path: &Path) -> Result<Source, IngestError> {
    open_within(path, &Limits::default())
}

pub(super) fn open_within(path: &Path, limits: &Limits) -> Result<Source, IngestError> {
    let mut found = discover(&[path], &DiscoverOptions::default());
    match found.failures.pop() {
        Some(failure) => Err(failure.error),
        None => Source::open(&found.inputs[0], limits),
    }
}

fn code<T>(result: Result<T, IngestError>) -> &'static str {
    result.map_or_else(|e| e.code(), |_| "read")
}

fn grey(image: &Option<PageImage>, x: u32, y: u32) -> Option<u8> {
    image.as_ref().map(|i| i.pixels.to_luma8().get_pixel(x, y).0[0])
}

#[test]
fn a_scanned_page_gives_its_own_pixels_at_its_own_resolution() -> Outcome {
    let page = open_bytes("a.pdf", &one_page(SCAN, Some(GREY), ""))?.page(0)?;
    assert!(page.layer.is_none() && page.scan);
    assert_eq!(page.image.as_ref().map(|i| (i.pixels.width(), i.dpi)), Some((6, 6.0)));
    assert_eq!((grey(&page.image, 0, 0), grey(&page.image, 5, 0)), (Some(255), Some(100)));
    Ok(())
}

#[test]
fn turned_pages_stand_upright() -> Outcome {
    // a quarter clockwise: what was top left comes to the top right
    let page = open_bytes("a.pdf", &one_page(SCAN, Some(GREY), "/Rotate 90"))?.page(0)?;
    assert_eq!((grey(&page.image, 0, 0), grey(&page.image, 5, 0)), (Some(100), Some(255)));
    let page = open_bytes("a.pdf", &one_page(SCAN, Some(GREY), "/Rotate 180"))?.page(0)?;
    assert_eq!(grey(&page.image, 5, 5), Some(255));
    Ok(())
}

#[test]
fn stencils_are_ink_on_paper() -> Outcome {
    let stencil = (
        "/Width 8 /Height 8 /BitsPerComponent 1 /ImageMask true",
        &[0x7f, 255, 255, 255, 255, 255, 255, 255][..],
    );
    let page = open_bytes("a.pdf", &one_page(&format!("0 g {SCAN}"), Some(stencil), ""))?.page(0)?;
    assert_eq!(page.image.as_ref().map(|i| i.pixels.width()), Some(8));
    assert_eq!((grey(&page.image, 0, 0), grey(&page.image, 1, 0)), (Some(0), Some(255)));
    // light ink is left to the renderer
    let page = open_bytes("a.pdf", &one_page(&format!("1 g {SCAN}"), Some(stencil), ""))?.page(0)?;
    assert_eq!(grey(&page.image, 0, 0), Some(255));
    Ok(())
}

#[test]
fn layers_visible_and_invisible_have_boxes_in_pixels() -> Outcome {
    let text = "BT /F 10 Tf 3 Tr 10 50 Td (ban hanh) Tj ET";
    let page = open_bytes("a.pdf", &one_page(&format!("{SCAN} {text}"), Some(GREY), ""))?.page(0)?;
    assert_eq!(
        page.image.as_ref().map(|i| i.pixels.width()),
        Some(6),
        "invisible text does not spoil a plain page"
    );
    assert_eq!(page.layer.as_ref().map(|l| l.raw.as_str()), Some("ban hanh"));
    let mut source = open_bytes("a.pdf", &one_page(&text.replace("3 Tr", "0 Tr"), None, ""))?;
    let page = source.page(0)?;
    assert_eq!(page.image.as_ref().map(|i| (i.pixels.width(), i.dpi)), Some((300, 300.0)));
    assert!(!page.scan);
    let layer = page.layer.ok_or("no layer")?;
    let bbox = layer.lines[0].words[0].bbox.ok_or("no box")?;
    assert!((bbox.x - 41.7).abs() < 1.0 && bbox.y > 40.0 && bbox.y + bbox.h < 105.0, "{bbox:?}");
    assert_eq!(source.layer(0)?, Some(layer));
    Ok(())
}

#[test]
fn damaged_pdfs_say_what_is_wrong() {
    let whole = one_page(SCAN, Some(GREY), "");
    assert_eq!(code(open_bytes("a.pdf", &whole)), "read");
    assert_eq!(code(open_bytes("a.pdf", &whole[..whole.len() * 2 / 3])), "truncated");
    assert_eq!(code(open_bytes("a.pdf", b"%PDF-1.4\nnonsense\nstartxref\n0\n%%EOF")), "damaged-pdf");
    let none = pdf(&[b"<</Type/Catalog /Pages 2 0 R>>", b"<</Type/Pages /Kids[] /Count 0>>"], "");
    assert_eq!(code(open_bytes("a.pdf", &none)), "no-pages");
    assert_eq!(code(open_bytes("a.pdf", b"")), "empty");
    let key = "00".repeat(32);
    let locked = pdf(
        &[
            b"<</Type/Catalog /Pages 2 0 R>>",
            b"<</Type/Pages /Kids[3 0 R] /Count 1>>",
            b"<</Type/Page /Parent 2 0 R>>",
        ],
        &format!(
            "/ID[<01><01>] /Encrypt <</Filter/Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}>>>"
        ),
    );
    assert_eq!(code(open_bytes("a.pdf", &locked)), "password-protected");
    let odd = pdf(
        &[
            b"<</Type/Catalog /Pages 2 0 R>>",
            b"<</Type/Pages /Kids[3 0 R] /Count 1>>",
            b"<</Type/Page /Parent 2 0 R>>",
        ],
        "/ID[<01><01>] /Encrypt <</Filter/Adobe.PubSec /V 9>>",
    );
    assert_eq!(code(open_bytes("a.pdf", &odd)), "encryption");
}

#[test]
fn pages_that_are_missing_or_broken_are_noticed() -> Outcome {
    let fewer = pdf(
        &[
            b"<</Type/Catalog /Pages 2 0 R>>",
            b"<</Type/Pages /Kids[3 0 R 9 0 R] /Count 2>>",
            b"<</Type/Page /Parent 2 0 R>>",
        ],
        "",
    );
    let mut source = open_bytes("a.pdf", &fewer)?;
    assert_eq!(source.warnings()[0].code, "pages-missing");
    assert!(source.page(0)?.layer.is_none());
    assert_eq!(code(source.page(1)), "no-such-page");
    let broken = (
        "/Width 6 /Height 6 /Filter/DCTDecode /BitsPerComponent 8 /ColorSpace/DeviceGray",
        &b"not a jpeg"[..],
    );
    assert_eq!(code(open_bytes("a.pdf", &one_page(SCAN, Some(broken), ""))?.page(0)), "damaged-page");
    Ok(())
}

#[test]
fn giant_images_are_refused_by_name_before_they_are_decoded() -> Outcome {
    let giant = ("/Width 20000 /Height 20000 /BitsPerComponent 8 /ColorSpace/DeviceGray", &b"x"[..]);
    let in_pdf = open_bytes("a.pdf", &one_page(SCAN, Some(giant), ""))?.page(0);
    let png = open_bytes("a.png", &png_header(20_000, 20_000))?.page(0);
    for refused in [in_pdf, png] {
        let message = refused.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(message.contains("pixels per page: 400000000 pixels"), "{message}");
        assert!(message.contains("--max-pixels"), "{message}");
    }
    Ok(())
}

/// A PNG that ends after its header.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    chunk.extend([8, 0, 0, 0, 0]);
    let crc = !chunk.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    });
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0d".as_slice(), &chunk, &crc.to_be_bytes(), b"\0\0\0\x01IDAT\0\0\0\0\0"]
        .concat()
}

fn tiff_pages(sizes: &[u32]) -> Result<Vec<u8>, tiff::TiffError> {
    use tiff::encoder::{Rational, TiffEncoder, colortype::Gray8};
    let mut out = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut out)?;
    for size in sizes {
        let mut image = encoder.new_image::<Gray8>(*size, *size)?;
        image.resolution(tiff::tags::ResolutionUnit::Inch, Rational { n: 200, d: 1 });
        image.write_data(&vec![77; (size * size) as usize])?;
    }
    Ok(out.into_inner())
}

#[test]
fn tiffs_have_many_pages_and_no_endless_ones() -> Outcome {
    let bytes = tiff_pages(&[3, 5])?;
    let mut source = open_bytes("a.tif", &bytes)?;
    assert_eq!(source.page_count(), 2);
    let image = source.page(1)?.image.ok_or("no image")?;
    assert_eq!((image.pixels.width(), image.dpi), (5, 200.0));
    // the first directory's successor becomes the first directory itself
    let first = u32::from_le_bytes(bytes[4..8].try_into()?) as usize;
    let entries = usize::from(u16::from_le_bytes(bytes[first..first + 2].try_into()?));
    let next = first + 2 + 12 * entries;
    let mut cycle = bytes.clone();
    cycle[next..next + 4].copy_from_slice(&(first as u32).to_le_bytes());
    assert_eq!(code(open_bytes("a.tif", &cycle)), "damaged-image");
    assert_eq!(code(open_bytes("a.tif", &bytes[..bytes.len() / 2])), "damaged-image");
    Ok(())
}

#[test]
fn false_names_are_seen_through() -> Outcome {
    let dir = tempfile::tempdir()?;
    let png = dir.path().join("scan.pdf");
    image::GrayImage::from_pixel(4, 2, image::Luma([9])).save_with_format(&png, image::ImageFormat::Png)?;
    let mut source = open(&png)?;
    assert_eq!(grey(&source.page(0)?.image, 3, 1), Some(9));
    assert_eq!(code(open_bytes("old.txt", b"\x7fELF\x02\x01\0\0\0")), "unknown-type");
    assert_eq!(code(open_bytes("old.txt", b"K\xd5 ho\xb9ch c\xb6i c\xb8ch")), "encoding");
    assert_eq!(code(open_bytes("plan.docx", b"PK\x03\x04rest")), "unknown-type");
    assert_eq!(code(open_bytes("a.png", b"\x89PNG\r\n\x1a\n\0\0")?.page(0)), "damaged-image");
    Ok(())
}

#[test]
fn transparent_images_lie_on_white_paper() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("a.png");
    image::RgbaImage::from_pixel(2, 2, image::Rgba([0, 0, 0, 0])).save(&path)?;
    assert_eq!(grey(&open(&path)?.page(0)?.image, 0, 0), Some(255));
    assert_eq!(open(&path)?.with_default_dpi(Some(240.0)).page(0)?.image.map(|i| i.dpi), Some(240.0));
    Ok(())
}

#[test]
fn flipped_bits_never_panic() {
    let whole = one_page(&format!("{SCAN} BT /F 10 Tf 10 50 Td (ban hanh) Tj ET"), Some(GREY), "");
    let mut state = 12_345_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=random(8) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        if let Ok(mut source) = open_bytes("a.pdf", &bytes) {
            // either content or a reason: only that it returns counts
            let _ = source.page(0);
        }
    }
}
