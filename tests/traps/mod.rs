//! Hostile files: some made for their purpose, others good ones that were cut or had bits flipped. The same ones every time.

/// A sequence of numbers that looks random and is the same every time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

/// A PDF with one page whose resources hold one picture of these entries and bytes.
fn with_picture(entries: &str, data: &[u8]) -> Vec<u8> {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>";
    let stream = |entries: &str, data: &[u8]| {
        [format!("<< {entries} /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"]
            .concat()
    };
    crate::pictures::assemble(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
            page.into(),
            stream("", b"q 200 0 0 200 0 0 cm /I Do Q"),
            stream(&format!("/Type /XObject /Subtype /Image {entries}"), data),
        ],
        "",
    )
}

/// A PDF with one page that draws a form of these entries and bytes.
fn with_form(entries: &str, data: &[u8]) -> Vec<u8> {
    with_picture(&format!("/Subtype /Form /BBox [0 0 1 1] {entries}"), data)
}

/// A JPEG 2000 codestream that ends after its size.
fn codestream(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\xff\x4f\xff\x51\0\x29\0\0".to_vec();
    out.extend([width, height, 0, 0, width, height, 0, 0].iter().flat_map(|v| v.to_be_bytes()));
    out.extend([0, 1, 7, 1, 1]);
    out
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A PDF whose second object, the pages, is this.
fn with_pages(pages: &str) -> Vec<u8> {
    crate::pictures::assemble(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), pages.as_bytes().to_vec()], "")
}

/// A little-endian TIFF whose only directory holds these entries and leads to `next`.
fn tiff(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend(next.to_le_bytes());
    out.resize(out.len() + 64, 0);
    out
}

/// `megabytes` of zeros, packed a thousand to one.
fn bomb(megabytes: usize) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let mut megabyte = || {
        encoder.write_all(&vec![0; 1 << 20]).expect("memory");
        encoder.flush().expect("memory");
        encoder.get_ref().len()
    };
    let (first, both) = (megabyte(), megabyte());
    let mut packed = encoder.finish().expect("memory");
    packed.truncate(both);
    // what a flush leaves is whole blocks: the second one may be repeated
    let second = packed[first..].to_vec();
    (2..megabytes).for_each(|_| packed.extend_from_slice(&second));
    packed
}

/// Files made for their purpose.
pub fn traps() -> Vec<(String, Vec<u8>)> {
    let gray = "/ColorSpace /DeviceGray /BitsPerComponent 8";
    let large = "/Width 40000 /Height 30000";
    let mut traps: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| traps.push((name.to_owned(), bytes));
    for (filter, garbage) in
        [("JBIG2Decode", 7_u8), ("JPXDecode", 9), ("DCTDecode", 11), ("CCITTFaxDecode", 0)]
    {
        let entries = |size: &str| format!("{size} {gray} /Filter /{filter}");
        add(&format!("{filter}.pdf"), with_picture(&entries("/Width 80 /Height 80"), &[garbage; 999]));
        add(&format!("{filter}-large.pdf"), with_picture(&entries(large), &[garbage; 99]));
    }
    add("pixels.pdf", with_picture(&format!("{large} {gray}"), &[0; 99]));
    add("negative.pdf", with_picture(&format!("/Width -4 /Height 2147483647 {gray}"), &[0; 99]));
    let filters = "/FlateDecode ".repeat(2_000);
    add("filters.pdf", with_picture(&format!("/Width 8 /Height 8 {gray} /Filter [{filters}]"), &[0; 99]));
    let small = format!("/Width 8 /Height 8 {gray}");
    add("bomb.pdf", with_picture(&format!("{small} /Filter /FlateDecode"), &bomb(1500)));
    let twice = deflated(&bomb(1500));
    add("bomb-twice.pdf", with_picture(&format!("{small} /Filter [/FlateDecode /FlateDecode]"), &twice));
    add("bomb-form.pdf", with_form("/Filter /FlateDecode", &bomb(1500)));
    add("liar.pdf", with_picture(&format!("{small} /Filter /JPXDecode"), &codestream(40_000, 30_000)));
    add("nested.pdf", with_pages(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))));
    add("nested-dictionaries.pdf", with_pages(&"<< /Kids [".repeat(50_000)));
    add("own-child.pdf", with_pages("<< /Type /Pages /Count 1 /Kids [2 0 R] >>"));
    add(
        "many-children.pdf",
        with_pages(&format!("<< /Type /Pages /Count 9 /Kids [{}] >>", "2 0 R ".repeat(9))),
    );
    add("count.pdf", with_pages("<< /Type /Pages /Count 2147483647 /Kids [] >>"));
    add("objects.pdf", with_pages(&format!("<< /Type /Pages /Kids [{}] >>", "9 0 R ".repeat(300_000))));
    let loops = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 2 /Root 1 0 R /Prev 64 >>\nstartxref\n64\n%%EOF\n";
    add("xref-loop.pdf", loops.into());
    let locked = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 0 /Kids [] >>",
        "<< /Filter /Standard /V 9 /R 9 /O () /U () >>",
    ];
    add(
        "locked.pdf",
        crate::pictures::assemble(&locked.map(|o| o.as_bytes().to_vec()), "/Encrypt 3 0 R /ID [<00><00>]"),
    );
    add("zip.pdf", [b"PK\x03\x04".as_slice(), &[0; 500]].concat());
    add(
        "cyclic.tif",
        tiff(
            &[
                (256, 4, 1, 8),
                (257, 4, 1, 8),
                (258, 3, 1, 8),
                (262, 3, 1, 1),
                (273, 4, 1, 8),
                (279, 4, 1, 64),
            ],
            8,
        ),
    );
    add(
        "pixels.tif",
        tiff(
            &[
                (256, 4, 1, 60_000),
                (257, 4, 1, 60_000),
                (258, 3, 1, 8),
                (262, 3, 1, 1),
                (273, 4, 1, 8),
                (279, 4, 1, 64),
            ],
            0,
        ),
    );
    add("entries.tif", tiff(&[(256, 4, u32::MAX, 8); 9], u32::MAX));
    let mut png = crate::pictures::png(&crate::pictures::page(8, 8));
    png[16..24].copy_from_slice(&[0, 0x7f, 0xff, 0xff, 0, 0x7f, 0xff, 0xff]);
    add("pixels.png", png);
    for (name, text) in [
        ("brackets.txt", "(".repeat(200_000)),
        ("points.txt", "1.".repeat(100_000)),
        ("lines.txt", "I.\n".repeat(30_000)),
        ("word.txt", "ệ".repeat(200_000)),
        ("marks.txt", format!("a{}", "\u{301}".repeat(50_000))),
        ("pages.txt", "\u{c}".repeat(9_000)),
    ] {
        add(name, text.into_bytes());
    }
    traps
}

/// Good files, one of them the text `plan`, cut and flipped.
pub fn damaged(plan: &str) -> Vec<(String, Vec<u8>)> {
    let page = crate::pictures::page(60, 80);
    let good = [
        ("pdf", crate::pictures::pdf_with_layers(&[(&page, plan)])),
        ("png", crate::pictures::png(&page)),
        ("txt", plan.into()),
    ];
    let mut numbers = Numbers(0x5eed);
    let mut damaged = Vec::new();
    for (kind, bytes) in &good {
        for i in 0..30 {
            damaged.push((format!("cut-{i}.{kind}"), bytes[..1 + numbers.below(bytes.len() - 1)].to_vec()));
        }
        for i in 0..65 {
            let mut flipped = bytes.clone();
            for _ in 0..=numbers.below(12) {
                let at = numbers.below(flipped.len());
                flipped[at] ^= 1 << numbers.below(8);
            }
            damaged.push((format!("flipped-{i}.{kind}"), flipped));
        }
    }
    damaged
}
