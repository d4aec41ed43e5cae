//! Searchable PDFs through the real binary, looked at with the tools that archives use: pdftotext reads the restored text, qpdf finds
//! nothing wrong, pdftoppm draws the same pixels.

mod common;
mod pictures;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use common::{Desk, PLAN, fixture};
use image::{DynamicImage, GrayImage};
use lopdf::{Document, Object};
use serde_json::Value;

const GARBLED: &str = "CONG HOA XA HOI CHU NGHIA VIET NAM\nUy ban nhan din xi giao cng chirc vin héa chii tri\n\
    td chirc thuc hién ké hoach nay va bao cao két qua truéc ngay 15 thang 12\ncéc bé phin lién quan phéi hop thuc hién\n\
    Can cir Ké hoach s6 12/KH-UBND ngay 06 thing 3 nim 2021 cua Uy ban\nnhan dan huyén vé céng tac cai cich hanh chinh";

/// What a tool prints; the test fails where the tool does.
fn tool(name: &str, args: &[&str]) -> String {
    let ended = Command::new(name).args(args).output();
    let ended = ended.unwrap_or_else(|error| panic!("{name}: {error}; ./x test installs it"));
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{name} {args:?}\n{out}\n{err}");
    out.into_owned()
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// The words of a page, in the order of the content or as pdftotext orders them.
fn words(pdf: &Path, page: usize, raw: bool) -> Vec<String> {
    let number = page.to_string();
    let mut args = vec!["-f", &number, "-l", &number, "-enc", "UTF-8", "-nopgbrk"];
    if raw {
        args.push("-raw");
    }
    args.extend([shown(pdf), "-"]);
    tool("pdftotext", &args).split_whitespace().map(str::to_owned).collect()
}

/// The restored words of a page, by the JSON: what was read, with all corrections.
fn restored(plan: &Value, page: usize) -> Vec<String> {
    let mut text = plan["pages"][page - 1]["raw"].as_str().expect("a text").to_owned();
    let corrections = plan["corrections"].as_array().expect("a list");
    let mut own: Vec<&Value> = corrections.iter().filter(|c| c["page"] == page).collect();
    own.sort_by_key(|c| std::cmp::Reverse(c["start"].as_u64()));
    for fix in own {
        let at = |key: &str| fix[key].as_u64().expect("a number") as usize;
        text.replace_range(at("start")..at("end"), fix["new"].as_str().expect("a text"));
    }
    text.split_whitespace().map(str::to_owned).collect()
}

fn plan(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&desk.read(format!("out/{name}.json"))).expect("JSON")
}

/// What pdftoppm draws of a page.
fn drawn(pdf: &Path, page: usize, dpi: u32) -> GrayImage {
    let folder = tempfile::tempdir().expect("a folder");
    let (page, dpi, to) = (page.to_string(), dpi.to_string(), folder.path().join("p"));
    tool("pdftoppm", &["-gray", "-singlefile", "-r", &dpi, "-f", &page, "-l", &page, shown(pdf), shown(&to)]);
    let bytes = std::fs::read(folder.path().join("p.pgm")).expect("drawn");
    // P5, width, height, 255, each ended by white space, then the pixels
    let mut at = 0;
    let mut number = || {
        while bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let from = at;
        while !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        String::from_utf8_lossy(&bytes[from..at]).into_owned()
    };
    assert_eq!(number(), "P5");
    let (width, height) = (number().parse().expect("a number"), number().parse().expect("a number"));
    assert_eq!(number(), "255");
    GrayImage::from_raw(width, height, bytes[at + 1..].to_vec()).expect("all pixels")
}

fn count(mut words: Vec<String>) -> BTreeMap<String, usize> {
    words.sort();
    words.into_iter().fold(BTreeMap::new(), |mut all, word| {
        *all.entry(word).or_default() += 1;
        all
    })
}

/// Asserts that a searchable PDF is whole, draws as its original does and says what the JSON says.
fn is_searchable(desk: &Desk, name: &str) -> Value {
    let (original, made) = (desk.path(name), desk.path(format!("out/{name}.searchable.pdf")));
    let plan = plan(desk, name);
    assert!(tool("qpdf", &["--check", shown(&made)]).contains("No syntax or stream encoding errors"));
    for page in 1..=plan["pages"].as_array().expect("pages").len() {
        assert!(drawn(&original, page, 75) == drawn(&made, page, 75), "{name}: page {page} looks different");
        assert_eq!(words(&made, page, true), restored(&plan, page), "{name}: page {page}");
        let (wanted, found) = (count(restored(&plan, page)), count(words(&made, page, false)));
        let missing: usize =
            wanted.iter().map(|(word, n)| n.saturating_sub(found.get(word).copied().unwrap_or(0))).sum();
        let all: usize = wanted.values().sum();
        assert!(
            missing * 50 <= all,
            "{name}: page {page}: {missing} of {all} words are not found in layout order"
        );
    }
    plan
}

/// A PDF of one picture at a resolution, with entries of the page, and operators after the picture.
fn scan(
    picture: &DynamicImage,
    dpi: f32,
    corner: (f32, f32),
    entries: &str,
    fonts: &str,
    after: &str,
) -> Vec<u8> {
    let (w, h) = (picture.width() as f32 * 72.0 / dpi, picture.height() as f32 * 72.0 / dpi);
    let (x, y) = corner;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encoded");
    let stream = |entries: &str, data: &[u8]| {
        [format!("<< {entries} /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"]
            .concat()
    };
    let image = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
        picture.width(),
        picture.height()
    );
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [{x} {y} {} {}] {entries} /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> /Font << {fonts} >> >> >>",
        x + w,
        y + h
    );
    pictures::assemble(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
            page.into_bytes(),
            stream("", format!("q {w} 0 0 {h} {x} {y} cm /I Do Q {after}").as_bytes()),
            stream(&image, &jpeg.into_inner()),
        ],
        "",
    )
}

const FONT: &str = "/F << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>";

/// Lines of text in [`FONT`], a byte a character as the old fonts had it; mode 3 is invisible.
fn typed(text: &str, mode: u8) -> String {
    let mut out = format!("BT {mode} Tr /F 6 Tf 1 0 0 1 10 200 Tm 8 TL ");
    for line in text.lines() {
        out += &format!("<{}> Tj T* ", hex(line));
    }
    out + "ET"
}

fn hex(text: &str) -> String {
    text.chars().map(|c| format!("{:02x}", u32::from(c))).collect()
}

/// The first page of a fixture, as it is drawn at 150 dpi.
fn office() -> DynamicImage {
    DynamicImage::ImageLuma8(drawn(&fixture("c5-office.pdf"), 1, 150))
}

#[test]
fn restored_text_lies_over_the_pages_as_they_came() {
    let desk = Desk::new();
    for name in ["a6-bilevel.pdf", "c5-office.pdf"] {
        std::fs::copy(fixture(name), desk.path(name)).expect("copied");
    }
    desk.run("digitise a6-bilevel.pdf c5-office.pdf -o out --pdf").code(0);
    let first = ["a6-bilevel.pdf", "c5-office.pdf"].map(|name| {
        let plan = is_searchable(&desk, name);
        assert!(restored(&plan, 1).len() > 100);
        let made = desk.path(format!("out/{name}.searchable.pdf"));
        let (before, after) =
            (fixture(name).metadata().expect("there").len(), made.metadata().expect("there").len());
        let pages = plan["pages"].as_array().expect("pages").len() as u64;
        assert!(after - before < 12_000 * pages, "{name}: {before} -> {after} bytes");
        std::fs::read(made).expect("there")
    });
    let info = tool("pdfinfo", &[shown(&desk.path("out/c5-office.pdf.searchable.pdf"))]);
    let plan = plan(&desk, "c5-office.pdf");
    for (key, value) in [
        ("Title:", &plan["header"]["kind"]),
        ("Author:", &plan["header"]["issuer"]),
        ("Subject:", &plan["header"]["number"]),
    ] {
        let line = info.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        assert!(line.contains(value.as_str().expect("a text")), "{info}");
    }
    let document = Document::load(desk.path("out/c5-office.pdf.searchable.pdf")).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).expect("a language"), b"vi-VN");
    let xmp = catalog.get_deref(b"Metadata", &document).and_then(Object::as_stream).expect("metadata");
    let xmp = String::from_utf8(xmp.content.clone()).expect("UTF-8");
    assert!(
        xmp.contains("<rdf:li>vi-VN</rdf:li>") && xmp.contains("<dc:date><rdf:Seq><rdf:li>2024-05-30"),
        "{xmp}"
    );
    assert!(!xmp.contains("pdfaid"));
    let mut reader = quick_xml::Reader::from_str(&xmp);
    while reader.read_event().expect("well-formed") != quick_xml::events::Event::Eof {}

    // the same bytes from another run, and nothing to do for a third
    desk.run("digitise a6-bilevel.pdf c5-office.pdf -o out --pdf --force --jobs 1").code(0);
    let again = ["a6-bilevel.pdf", "c5-office.pdf"]
        .map(|name| std::fs::read(desk.path(format!("out/{name}.searchable.pdf"))).expect("there"));
    assert!(first == again);
    let dry = desk.run("digitise a6-bilevel.pdf c5-office.pdf -o out --pdf --dry-run").code(0);
    assert!(dry.out.lines().all(|line| line.ends_with("(up to date)")), "{}", dry.out);
}

/// The words of a page with their boxes in points, from the upper left corner.
fn placed(pdf: &Path) -> Vec<([f32; 4], String)> {
    let html = tool("pdftotext", &["-bbox", "-enc", "UTF-8", shown(pdf), "-"]);
    let word = |line: &str| {
        let rest = line.trim().strip_prefix("<word ")?.strip_suffix("</word>")?;
        let (attributes, text) = rest.split_once('>')?;
        let edges: Vec<f32> =
            attributes.split('"').skip(1).step_by(2).filter_map(|v| v.parse().ok()).collect();
        Some(([edges[0], edges[1], edges[2], edges[3]], text.to_owned()))
    };
    html.lines().filter_map(word).collect()
}

#[test]
fn words_lie_on_their_ink_however_the_page_lies() {
    let desk = Desk::new();
    let upright = office();
    // turned pictures; a page turned by its entry, with a corner that is not 0; one cropped
    let (w, h) = (upright.width() as f32 * 0.48, upright.height() as f32 * 0.48);
    let crop = format!("/CropBox [{} {} {} {}] /UserUnit 1.0", 40.0, 90.0, 30.0 + w - 20.0, 70.0 + h - 20.0);
    let cases = [
        ("upright", upright.clone(), (0.0, 0.0), ""),
        ("right", upright.rotate90(), (0.0, 0.0), ""),
        ("over", upright.rotate180(), (0.0, 0.0), ""),
        ("left", upright.rotate270(), (0.0, 0.0), ""),
        ("entry", upright.rotate270(), (-100.0, 50.0), "/Rotate 90"),
        ("entry-over", upright.rotate180(), (7.0, -3.0), "/Rotate 180"),
        ("cropped", upright.clone(), (30.0, 70.0), crop.as_str()),
    ];
    for (name, picture, corner, entries) in &cases {
        desk.put(format!("{name}.pdf"), scan(picture, 150.0, *corner, entries, "", ""));
    }
    let names: Vec<String> = cases.iter().map(|case| format!("{}.pdf", case.0)).collect();
    desk.run(&format!("digitise {} -o out --pdf", names.join(" "))).code(0);
    for name in &names {
        is_searchable(&desk, name);
        let made = desk.path(format!("out/{name}.searchable.pdf"));
        let page = drawn(&made, 1, 144);
        let words = placed(&made);
        assert!(words.len() > 150, "{name}: {} words", words.len());
        let mut covered = vec![false; page.len()];
        let mut on_ink = 0;
        for (edges, _) in &words {
            let [x0, y0, x1, y1] = edges.map(|v| (v * 2.0).round().max(0.0) as u32);
            let mut dark = 0;
            for y in y0..y1.min(page.height()) {
                for x in x0..x1.min(page.width()) {
                    covered[(y * page.width() + x) as usize] = true;
                    dark += u32::from(page.get_pixel(x, y).0[0] < 128);
                }
            }
            on_ink += usize::from(dark * 25 > (x1 - x0) * (y1 - y0));
        }
        let ink: Vec<usize> = (0..page.len()).filter(|i| page.as_raw()[*i] < 128).collect();
        let under = ink.iter().filter(|i| covered[**i]).count();
        assert!(on_ink * 100 >= 97 * words.len(), "{name}: {on_ink} of {} words on ink", words.len());
        assert!(under * 100 >= 85 * ink.len(), "{name}: {under} of {} dots under words", ink.len());
    }
}

#[test]
fn an_old_layer_gives_way_and_a_right_one_stays() {
    let desk = Desk::new();
    let picture = office();
    desk.put("old.pdf", scan(&picture, 150.0, (0.0, 0.0), "", FONT, &typed(GARBLED, 3)));
    desk.put("right.pdf", pictures::pdf_with_layers(&[(&pictures::page(600, 800), PLAN)]));
    desk.run("digitise old.pdf -o out --pdf").code(0);
    desk.run("digitise right.pdf -o out --pdf").code(0);
    let plan = is_searchable(&desk, "old.pdf");
    assert_eq!(plan["pages"][0]["decision"], "ocr");
    assert!(restored(&plan, 1).len() > 150);
    let document = Document::load(desk.path("out/old.pdf.searchable.pdf")).expect("a PDF");
    for object in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        let content = object.get_plain_content().unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(&content).contains(&hex("chirc")),
            "the old text is gone from the file"
        );
    }

    assert_eq!(self::plan(&desk, "right.pdf")["pages"][0]["decision"], "text-layer");
    let [before, after] = [desk.path("right.pdf"), desk.path("out/right.pdf.searchable.pdf")];
    assert_eq!(words(&before, 1, true), words(&after, 1, true));
    let page = |path: &Path| {
        let document = Document::load(path).expect("a PDF");
        let id = document.page_iter().next().expect("a page");
        let streams = document.get_page_contents(id);
        let contents: Vec<Vec<u8>> = streams
            .iter()
            .map(|id| document.get_object(*id).and_then(Object::as_stream).expect("a stream").content.clone())
            .collect();
        (document.get_dictionary(id).expect("a page").clone(), contents)
    };
    assert!(page(&before) == page(&after), "a right page stays as it is");
}

#[test]
fn text_that_is_seen_reads_as_it_is_restored() {
    let desk = Desk::new();
    let blank = DynamicImage::ImageLuma8(GrayImage::from_pixel(200, 300, image::Luma([255])));
    let vni = "UÛY BAN NHAÂN DAÂN xaõ xaây döïng keá hoaïch\nphaùt trieån kinh teá vaên hoùa cuûa ñòa phöông, naêm 2004";
    desk.put("vni.pdf", scan(&blank, 60.0, (0.0, 0.0), "", FONT, &typed(vni, 0)));
    desk.put("garbled.pdf", scan(&blank, 60.0, (0.0, 0.0), "", FONT, &typed(GARBLED, 0)));
    desk.run("digitise vni.pdf garbled.pdf -o out --pdf --ocr never").code(0);
    let plan = is_searchable(&desk, "vni.pdf");
    assert_eq!(plan["pages"][0]["encoding"], "vni");
    assert_eq!(plan["pages"][0]["decision"], "text-layer");
    assert!(restored(&plan, 1).join(" ").contains("xây dựng kế hoạch phát triển"), "{plan}");
    let plan = is_searchable(&desk, "garbled.pdf");
    assert_eq!(
        (&plan["pages"][0]["encoding"], &plan["pages"][0]["decision"]),
        (&Value::Null, &"restored-layer".into())
    );
    assert!(restored(&plan, 1).join(" ").contains("ngày 06 tháng 3 năm 2021"), "{plan}");
}

/// The picture that the first page of a PDF holds.
fn held(pdf: &Path) -> GrayImage {
    let folder = tempfile::tempdir().expect("a folder");
    tool("pdfimages", &["-png", "-f", "1", "-l", "1", shown(pdf), shown(&folder.path().join("i"))]);
    image::open(folder.path().join("i-000.png")).expect("a picture").to_luma8()
}

#[test]
fn images_become_pdfs() {
    let desk = Desk::new();
    std::fs::copy(fixture("b3-office-1bit.tiff"), desk.path("a.tiff")).expect("copied");
    let grey = pictures::page(500, 700);
    let colours = DynamicImage::ImageRgb8(grey.to_rgb8());
    let mut clear = grey.to_rgba8();
    clear.pixels_mut().for_each(|pixel| pixel.0[3] = if pixel.0[0] > 0 { 0 } else { 255 });
    for (name, picture) in
        [("grey", &grey), ("colours", &colours), ("clear", &DynamicImage::ImageRgba8(clear))]
    {
        desk.put(format!("{name}.png"), pictures::png(picture));
    }
    let mut jpeg = std::io::Cursor::new(Vec::new());
    grey.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encoded");
    desk.put("a.jpg", jpeg.get_ref());
    desk.run("digitise a.tiff grey.png colours.png clear.png a.jpg -o out --pdf --dpi 100").code(0);
    let made = |name: &str| desk.path(format!("out/{name}.searchable.pdf"));
    for (name, kind) in [
        ("grey.png", "image"),
        ("colours.png", "image"),
        ("clear.png", "image"),
        ("a.jpg", "jpeg"),
        ("a.tiff", "ccitt"),
    ] {
        assert!(tool("qpdf", &["--check", shown(&made(name))]).contains("No syntax"), "{name}");
        let list = tool("pdfimages", &["-list", shown(&made(name))]);
        let line = list.lines().nth(2).unwrap_or_default();
        assert!(line.split_whitespace().any(|word| word == kind), "{name}: {list}");
        if name.ends_with(".png") {
            assert!(held(&made(name)) == grey.to_luma8(), "{name} holds another picture");
        }
    }
    let document = Document::load(made("a.jpg")).expect("a PDF");
    let images: Vec<&[u8]> =
        document.objects.values().filter_map(|o| Some(o.as_stream().ok()?.content.as_slice())).collect();
    assert!(images.contains(&jpeg.get_ref().as_slice()), "the JPEG is in it byte for byte");

    let plan = plan(&desk, "a.tiff");
    for page in 1..=2 {
        assert_eq!(words(&made("a.tiff"), page, true), restored(&plan, page));
        assert!(restored(&plan, page).len() > 50);
    }
    let mut tiff = tiff::decoder::Decoder::new(std::fs::File::open(desk.path("a.tiff")).expect("there"))
        .expect("a TIFF");
    let (width, height) = tiff.dimensions().expect("a size");
    let page = held(&made("a.tiff"));
    assert_eq!((page.width(), page.height()), (width, height));
    let tiff::decoder::DecodingResult::U8(packed) = tiff.read_image().expect("decoded") else {
        panic!("bits")
    };
    let stride = (width as usize).div_ceil(8);
    let white = |x: u32, y: u32| packed[y as usize * stride + x as usize / 8] & (0x80 >> (x % 8)) != 0;
    let differ = page.enumerate_pixels().filter(|(x, y, p)| (p.0[0] > 127) != white(*x, *y)).count();
    assert_eq!(differ, 0, "dots of the picture");
}

#[test]
fn what_cannot_be_made_is_a_warning() {
    let desk = Desk::new();
    desk.put("in/plain.pdf", pictures::pdf_with_layers(&[(&pictures::page(600, 800), PLAN)]));
    let (plain, locked) = (desk.path("in/plain.pdf"), desk.path("in/locked.pdf"));
    tool("qpdf", &["--encrypt", "", "owner", "256", "--", shown(&plain), shown(&locked)]);
    desk.put("in/a.txt", PLAN);
    desk.put("in/b.txt", PLAN);
    let ended = desk.run("digitise in -o out --pdf --jobs 1").code(0).says(&[
        "locked.pdf",
        "the original is encrypted",
        "qpdf --decrypt",
    ]);
    assert_eq!(ended.err.matches("texts have no pages").count(), 1, "{}", ended.err);
    assert_eq!(
        desk.files("out").into_iter().filter(|name| name.ends_with(".searchable.pdf")).collect::<Vec<_>>(),
        ["plain.pdf.searchable.pdf"]
    );
    let plan = plan(&desk, "locked.pdf");
    assert_eq!(
        plan["warnings"].as_array().and_then(|all| all.last()).map(|w| &w["code"]),
        Some(&"pdf-encrypted".into())
    );
    // the next run does not try again
    let dry = desk.run("digitise in -o out --pdf --dry-run").code(0);
    assert!(dry.out.lines().all(|line| line.ends_with("(up to date)")), "{}", dry.out);
    desk.run("digitise in -o out --pdf --strict --force").code(3);
}
