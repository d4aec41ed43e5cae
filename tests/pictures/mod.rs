//! Pictures and PDFs made on the spot: pages of noise-free bars, which any engine reads as nothing or next to it.

#![allow(dead_code)] // each test program uses a part of it

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};

/// A white page with a few dark bars, `width` by `height` pixels.
pub fn page(width: u32, height: u32) -> DynamicImage {
    let mut page = GrayImage::from_pixel(width, height, Luma([255]));
    for y in (height / 4..height / 2).step_by(20) {
        for x in width / 8..width / 2 {
            page.put_pixel(x, y, Luma([0]));
        }
    }
    DynamicImage::ImageLuma8(page)
}

/// `picture` as the bytes of a PNG.
pub fn png(picture: &DynamicImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Png)
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

/// A PDF with one scanned page for each of `pictures`, at 100 dpi, as a scanner makes it: a JPEG over the whole page.
pub fn pdf(pictures: &[DynamicImage]) -> Vec<u8> {
    let pages: Vec<(&DynamicImage, &str)> = pictures.iter().map(|picture| (picture, "")).collect();
    pdf_with_layers(&pages)
}

/// The same with a text layer over each picture, invisible, as OCR programs leave it: line below line in a glyphless font.
pub fn pdf_with_layers(pages: &[(&DynamicImage, &str)]) -> Vec<u8> {
    const FONTS: usize = 3; // objects 3 to 5
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 3 + FONTS + 3 * i)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", kids.len(), kids.join(" ")).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /None /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
            .to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /None /DW 500 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /None /Flags 4 /FontBBox [0 0 500 1000] /ItalicAngle 0 /Ascent 1000 /Descent 0 /CapHeight 1000 /StemV 80 >> >>"
            .to_vec(),
        stream("", identity_map().as_bytes()),
    ];
    for (i, (picture, text)) in pages.iter().enumerate() {
        let (w, h) = (picture.width(), picture.height());
        let (pw, ph) = (w as f32 * 0.72, h as f32 * 0.72);
        let (content, image) = (4 + FONTS + 3 * i, 5 + FONTS + 3 * i);
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {pw} {ph}] /Contents {content} 0 R /Resources << /XObject << /I {image} 0 R >> /Font << /F 3 0 R >> >> >>"
            )
            .into_bytes(),
        );
        let mut drawn = format!("q {pw} 0 0 {ph} 0 0 cm /I Do Q BT 3 Tr /F 4 Tf\n");
        for (number, line) in text.lines().enumerate() {
            let hex: String = line.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
            drawn += &format!("1 0 0 1 10 {} Tm <{hex}> Tj\n", ph - 10.0 - 6.0 * number as f32);
        }
        objects.push(stream("", format!("{drawn}ET").as_bytes()));
        let dictionary = format!(
            "/Type /XObject /Subtype /Image /Width {w} /Height {h} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode "
        );
        objects.push(stream(&dictionary, &encoded(picture, ImageFormat::Jpeg)));
    }
    assemble(&objects, "")
}

/// The CMap by which every code is its own character.
fn identity_map() -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n\
         1 begincodespacerange <0000> <ffff> endcodespacerange\n",
    );
    for high in (0..256).step_by(64) {
        map += "64 beginbfrange\n";
        for high in high..high + 64 {
            map += &format!("<{high:02x}00> <{high:02x}ff> <{high:02x}00>\n");
        }
        map += "endbfrange\n";
    }
    map + "endcmap CMapName currentdict /CMap defineresource pop end end"
}

/// A PDF of these objects (numbered from 1, the first being the catalog) with `extra` entries in its trailer.
pub fn assemble(objects: &[Vec<u8>], extra: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R {extra} >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary}/Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}
