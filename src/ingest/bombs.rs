//! Tests of limits on what files promise beyond what they hold: each refusal has a name, and comes before anything is decoded.

use std::fs;

use super::hostile::{GREY, SCAN, one_page, open_within, pdf, stream};
use super::{IngestError, Limits};

/// What is said of the first page of a PDF under these limits: of its layer, then of its picture.
fn said_within(bytes: &[u8], limits: &Limits) -> [String; 2] {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.pdf");
    fs::write(&path, bytes).expect("written");
    match open_within(&path, limits) {
        Err(error) => [error.to_string(), String::new()],
        Ok(mut source) => {
            let said = |error: Option<IngestError>| error.map_or("read".to_owned(), |e| e.to_string());
            [said(source.layer(0).err()), said(source.image(0).err())]
        }
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn bombs_are_refused_by_name_wherever_they_lie() {
    let limits = Limits { stream_bytes: 100_000, ..Limits::default() };
    let bomb = deflated(&vec![b' '; 200_000]);
    let flate = "/Filter /FlateDecode";
    let grey = "/Width 6 /Height 6 /BitsPerComponent 8 /ColorSpace/DeviceGray";
    let page = |entries: &str, content: Vec<u8>, objects: &[Vec<u8>]| {
        let page = format!("<</Type/Page /Parent 2 0 R /MediaBox[0 0 72 72] /Contents 4 0 R {entries}>>");
        let mut all = vec![
            b"<</Type/Catalog /Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages /Kids[3 0 R] /Count 1>>".to_vec(),
            page.into_bytes(),
            content,
        ];
        all.extend_from_slice(objects);
        pdf(&all.iter().map(Vec::as_slice).collect::<Vec<_>>(), "")
    };
    let image = "/Resources <</XObject <</I 5 0 R>>>>";
    let draw = || stream("", SCAN.as_bytes());
    let of_image =
        |entries: &str, data: &[u8]| stream(&format!("/Type/XObject /Subtype/Image {entries}"), data);
    let pixels = deflated(&[100; 36]);
    // a text layer can be read though the picture beside it is a bomb; what is decoded for the layer itself is refused at once
    let cases: [(&str, Vec<u8>, [bool; 2]); 8] = [
        ("content", page("", stream(flate, &bomb), &[]), [true, true]),
        ("image", page(image, draw(), &[of_image(&format!("{grey} {flate}"), &bomb)]), [false, true]),
        (
            "image, packed twice",
            page(
                image,
                draw(),
                &[of_image(&format!("{grey} /Filter [/FlateDecode /FlateDecode]"), &deflated(&bomb))],
            ),
            [false, true],
        ),
        (
            "mask",
            page(
                image,
                draw(),
                &[
                    of_image(&format!("{grey} {flate} /SMask 6 0 R"), &pixels),
                    of_image(&format!("{grey} {flate}"), &bomb),
                ],
            ),
            [false, true],
        ),
        (
            "form",
            page(
                image,
                draw(),
                &[stream(&format!("/Type/XObject /Subtype/Form /BBox[0 0 1 1] {flate}"), &bomb)],
            ),
            [true, true],
        ),
        (
            "font",
            page(
                "/Resources <</Font <</F <</Type/Font /Subtype/TrueType /FontDescriptor <</FontFile2 5 0 R>>>>>>>>",
                stream("", b""),
                &[stream(flate, &bomb)],
            ),
            [true, true],
        ),
        (
            "image in a pattern",
            page(
                "/Resources <</Pattern <</P 5 0 R>>>>",
                stream("", b""),
                &[
                    stream("/PatternType 1 /Resources <</XObject <</I 6 0 R>>>>", b"/I Do"),
                    of_image(&format!("{grey} {flate}"), &bomb),
                ],
            ),
            [true, true],
        ),
        ("nothing", page(image, draw(), &[of_image(&format!("{grey} {flate}"), &pixels)]), [false, false]),
    ];
    for (name, bytes, refused) in cases {
        for (said, refused) in said_within(&bytes, &limits).iter().zip(refused) {
            let named = said.contains("decoded bytes per stream: ") && said.contains("--max-stream-mb");
            assert!(named == refused && (refused || said == "read"), "{name}: {said}");
        }
        assert_eq!(said_within(&bytes, &Limits::default())[0], "read", "{name}");
    }
}

#[test]
fn pixels_that_only_the_image_itself_states_are_seen() {
    let mut siz = b"\xff\x4f\xff\x51\0\x29\0\0".to_vec();
    siz.extend([40_000_u32, 30_000, 0, 0].iter().flat_map(|v| v.to_be_bytes()));
    let liar =
        ("/Width 6 /Height 6 /BitsPerComponent 8 /ColorSpace/DeviceGray /Filter/JPXDecode", siz.as_slice());
    let [_, said] = said_within(&one_page(SCAN, Some(liar), ""), &Limits::default());
    assert!(said.contains("pixels per page: 1200000000 pixels"), "{said}");
}

#[test]
fn deep_nesting_is_refused_by_name() {
    let deep = |levels: usize| {
        let nest = format!("/X {}{}", "[".repeat(levels), "]".repeat(levels));
        said_within(&one_page(SCAN, Some(GREY), &nest), &Limits::default())
    };
    assert_eq!(deep(99), ["read", "read"]);
    let [said, _] = deep(300);
    assert!(said.contains("nesting of arrays and dictionaries: 301 levels, the limit is 100"), "{said}");
    assert!(said.contains("--max-nesting"), "{said}");
}

#[test]
fn a_text_of_too_many_pages_is_refused_before_they_are_made() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.txt");
    let limits = Limits { pages: 3, ..Limits::default() };
    fs::write(&path, "a\u{c}b\u{c}c\u{c}\n").expect("written");
    assert_eq!(open_within(&path, &limits).map(|source| source.page_count()).ok(), Some(3));
    fs::write(&path, "\u{c}".repeat(3) + "d").expect("written");
    let said = open_within(&path, &limits).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(said.contains("pages per document: 4 pages, the limit is 3"), "{said}");
}
