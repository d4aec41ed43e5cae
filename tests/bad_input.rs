//! Bad input through the real binary: each item gives one clear line (what, where, what to do), the right exit code and no
//! partial output, and the other inputs still finish.

mod common;
mod pictures;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::{Desk, Ended, PLAN};

/// How an executable begins.
const PROGRAM: [u8; 12] = [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 3];

/// Digitises `bad` beside a good text; the good one has to come out, the bad one must not.
fn beside_a_good_one(desk: &Desk, bad: &str) -> Ended {
    desk.put("good.txt", PLAN);
    let ended = desk.run(&format!("digitise good.txt {bad} -o out"));
    assert_eq!(desk.files("out"), ["good.txt.json", "good.txt.txt"], "{}", ended.err);
    let complaints = ended.err.lines().filter(|line| line.starts_with("sohoa: ")).count();
    assert_eq!(complaints, 1, "one line for one problem:\n{}", ended.err);
    ended
}

#[test]
fn an_empty_file() {
    let desk = Desk::new();
    desk.put("empty.pdf", "");
    beside_a_good_one(&desk, "empty.pdf").code(1).says(&["empty.pdf: ", "is empty", "again"]);
}

#[test]
fn a_truncated_pdf() {
    let desk = Desk::new();
    let pdf = pictures::pdf(&[pictures::page(400, 500)]);
    desk.put("cut.pdf", &pdf[..pdf.len() / 2]);
    beside_a_good_one(&desk, "cut.pdf").code(1).says(&["cut.pdf: ", "cut off", "qpdf"]);
}

#[test]
fn a_pdf_protected_by_a_password() {
    let desk = Desk::new();
    // Standard security handler, 40-bit RC4, with keys that no empty password fits.
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_vec(),
        format!(
            "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{}> /U <{}> >>",
            "3a".repeat(32),
            "c5".repeat(32)
        )
        .into_bytes(),
    ];
    let id = "ab".repeat(16);
    desk.put("locked.pdf", pictures::assemble(&objects, &format!("/Encrypt 4 0 R /ID [<{id}> <{id}>]")));
    beside_a_good_one(&desk, "locked.pdf").code(1).says(&["locked.pdf: ", "password", "qpdf"]);
}

#[test]
fn a_pdf_with_no_pages() {
    let desk = Desk::new();
    let objects =
        [b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Count 0 /Kids [] >>".to_vec()];
    desk.put("none.pdf", pictures::assemble(&objects, ""));
    beside_a_good_one(&desk, "none.pdf").code(1).says(&["none.pdf: ", "no pages"]);
}

#[test]
fn a_png_named_pdf_is_read_as_what_it_is() {
    let desk = Desk::new();
    desk.put("scan.pdf", pictures::png(&pictures::page(400, 500)));
    desk.run("digitise scan.pdf -o out -v").code(0).says(&["warning", "scan.pdf", "image/png"]);
    assert_eq!(desk.files("out"), ["scan.pdf.json", "scan.pdf.txt"]);
    let json: serde_json::Value = serde_json::from_str(&desk.read("out/scan.pdf.json")).expect("JSON");
    assert_eq!(json["source"]["media_type"], "image/png");
    assert_eq!(json["warnings"][0]["code"], "misnamed");
    // under --strict, a warning is an exit code
    desk.run("digitise scan.pdf -o out --strict --force").code(3);
}

#[test]
fn a_picture_of_20_000_by_20_000_pixels() {
    let desk = Desk::new();
    // 400 million pixels of one bit, all white: 50 MB raw, a few kilobytes packed.
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20_000, 20_000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&vec![0xff; 2500 * 20_000]).expect("pixels");
    writer.finish().expect("a PNG");
    desk.put("huge.png", bytes);
    beside_a_good_one(&desk, "huge.png").code(1).says(&["huge.png: ", "400000000 pixels", "--max-pixels"]);
}

#[test]
fn a_binary_named_txt() {
    let desk = Desk::new();
    desk.put("program.txt", PROGRAM);
    beside_a_good_one(&desk, "program.txt").code(1).says(&["program.txt: ", "binary data", "give a PDF"]);
}

#[test]
fn a_path_that_does_not_exist() {
    let desk = Desk::new();
    beside_a_good_one(&desk, "gone.pdf").code(1).says(&["gone.pdf: ", "no such file", "check"]);
}

#[test]
fn an_output_folder_that_cannot_be_written() {
    let desk = Desk::new();
    desk.put("good.txt", PLAN);
    desk.put("taken", "a file");
    desk.run("digitise good.txt -o taken").code(5).says(&["taken", "-o"]);
    desk.run("digitise good.txt -o taken/below").code(5).says(&["taken/below", "-o"]);
    assert_eq!(desk.read("taken"), "a file");
    // Permissions do not hold root back, and /proc does not hold anybody's files.
    desk.run("digitise good.txt -o /proc/sohoa").code(5).says(&["/proc/sohoa", "-o"]);
    fs::create_dir(desk.path("closed")).expect("made");
    fs::set_permissions(desk.path("closed"), fs::Permissions::from_mode(0o500)).expect("closed");
    if fs::write(desk.path("closed/try"), "").is_err() {
        desk.run("digitise good.txt -o closed").code(5).says(&["closed", "-o"]);
        assert_eq!(desk.files("closed"), [""; 0]);
    }
}

#[test]
fn two_inputs_with_one_output_are_refused_before_any_work() {
    let desk = Desk::new();
    desk.put("a/plan.txt", PLAN);
    desk.put("b/plan.txt", PLAN);
    desk.put("c.txt", PLAN);
    desk.run("digitise c.txt a b -o out").code(2).says(&[
        "a/plan.txt",
        "b/plan.txt",
        "plan.txt.json",
        "separate runs",
    ]);
    assert!(!desk.path("out").exists());
    // the same file twice is one input
    desk.run("digitise a a/plan.txt -o out").code(0);
    assert_eq!(desk.files("out"), ["plan.txt.json", "plan.txt.txt"]);
}

#[test]
fn all_at_once() {
    let desk = Desk::new();
    desk.put("in/empty.pdf", "");
    let pdf = pictures::pdf(&[pictures::page(400, 500)]);
    desk.put("in/cut.pdf", &pdf[..pdf.len() / 3]);
    desk.put("in/program.txt", PROGRAM);
    desk.put("in/good/plan.txt", PLAN);
    desk.put("in/notes.md", "no document");
    let ended = desk.run("digitise in nowhere -o out").code(1).says(&["1 done", "4 failed"]);
    assert_eq!(ended.err.lines().filter(|line| line.starts_with("sohoa: ")).count(), 4, "{}", ended.err);
    assert_eq!(desk.files("out"), ["good/plan.txt.json", "good/plan.txt.txt"]);
}

#[test]
fn wrong_flags() {
    let desk = Desk::new();
    desk.put("good.txt", PLAN);
    desk.run("digitise good.txt").code(2).says(&["--out"]);
    desk.run("digitise good.txt -o out --pages 3-1").code(2).says(&["3-1", "such as 1-3,7"]);
    desk.run("digitise good.txt -o out --dpi 7").code(2).says(&["between 30 and 2400"]);
    desk.run("digitise good.txt -o out --jobs 0").code(2).says(&["0"]);
    desk.run("digitize good.txt -o out").code(2).says(&["digitise"]);
    desk.run("digitise . -o .").code(2).says(&["both read and written"]);
    assert!(!desk.path("out").exists());
    desk.run("digitise good.txt -o out --pages 2-").code(1).says(&["good.txt: ", "--pages 2- chooses none"]);
}
