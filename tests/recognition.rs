//! The real engine on a real page: a PDF made here is rendered, read by Tesseract, and must come back with places and confidences.
//! Needs the packages `tesseract-ocr-script-viet` or `tesseract-ocr-vie`.

use std::fs;
use std::path::PathBuf;

use sohoa::ingest::{DiscoverOptions, Limits, PageContent, Source, discover};
use sohoa::model::Decision;
use sohoa::recognise::{Engine, RecogniseError, Tesseract, TesseractOptions};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A page of 480 × 200 points with a letterhead in two columns and two lines of text.
fn page() -> Result<PageContent, Box<dyn std::error::Error>> {
    let lines = [
        (14, 20, 170, "UBND HUYEN AN BA"),
        (14, 310, 170, "CONG HOA XA HOI"),
        (14, 30, 150, "So: 12/KH-UBND"),
        (14, 305, 150, "An Ba, ngay 05 thang 3"),
        (14, 20, 80, "Ke hoach nay duoc giao cho cac phong ban chuyen mon cua huyen va cac xa"),
        (14, 20, 62, "thuc hien trong nam 2030."),
    ];
    let content: String = lines
        .iter()
        .map(|(size, x, y, text)| format!("BT /F {size} Tf {x} {y} Td ({text}) Tj ET\n"))
        .collect();
    let objects = [
        "<</Type/Catalog /Pages 2 0 R>>".to_owned(),
        "<</Type/Pages /Kids[3 0 R] /Count 1>>".to_owned(),
        "<</Type/Page /Parent 2 0 R /MediaBox[0 0 480 200] /Contents 4 0 R /Resources <</Font <</F <</Type/Font \
         /Subtype/Type1 /BaseFont/Times-Roman>>>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{content}endstream", content.len()),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    for (i, object) in (1..).zip(&objects) {
        pdf += &format!("{i} 0 obj\n{object}\nendobj\n");
    }
    pdf += "trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join("a.pdf"), pdf)?;
    let found = discover(&[dir.path()], &DiscoverOptions::default());
    Ok(Source::open(&found.inputs[0], &Limits::default())?.page(0)?)
}

#[test]
fn a_rendered_page_is_read_with_places_confidences_and_alternatives() -> Outcome {
    let content = page()?;
    let image = content.image.ok_or("no image")?;
    let layer = content.layer.ok_or("no layer")?;
    let mut engine = Tesseract::new(&TesseractOptions::default())?;
    assert!(engine.model().starts_with("tesseract "), "{}", engine.model());
    let read = engine.recognise(&image, 7)?;
    assert_eq!((read.number, read.decision, read.width), (7, Decision::Ocr, image.pixels.width()));
    // Vietnamese models put marks on toneless text; shapes must agree all the same.
    let bare = |text: &str| sohoa::model::normal::strip_marks(text).to_lowercase();
    assert!(bare(&read.raw).contains("trong nam 2030"), "{}", read.raw);
    let column = bare(&read.raw).find("12/kh-ubnd").zip(bare(&read.raw).find("cong hoa"));
    assert!(column.is_some_and(|(number, motto)| number < motto), "columns are read apart: {}", read.raw);
    let words: Vec<_> = read.lines.iter().flat_map(|l| &l.words).collect();
    assert!(
        words.iter().all(|w| w.bbox.is_some() && w.confidence.is_some_and(|c| (0.0..=100.0).contains(&c)))
    );
    assert!(words.iter().any(|w| !w.alternatives.is_empty()));
    // engine and layer agree on where the year stands
    let place = |p: &sohoa::model::Page| {
        let year = p.lines.iter().flat_map(|l| &l.words).find(|w| p.raw[w.span.clone()].starts_with("2030"));
        year.and_then(|w| w.bbox).map(|b| b.x + b.w / 2.0)
    };
    let apart = place(&read).zip(place(&layer)).map(|(a, b)| (a - b).abs());
    assert!(apart.is_some_and(|d| d < 20.0), "{apart:?}");
    assert_eq!(engine.recognise(&image, 7)?, read, "the same page reads the same again");
    Ok(())
}

#[test]
fn a_blank_page_is_an_empty_page() -> Outcome {
    let mut engine = Tesseract::new(&TesseractOptions::default())?;
    for (width, height) in [(1240, 1754), (3, 3)] {
        let pixels =
            image::DynamicImage::ImageLuma8(image::GrayImage::from_pixel(width, height, image::Luma([255])));
        let read = engine.recognise(&sohoa::model::PageImage { pixels, dpi: 150.0 }, 1)?;
        assert_eq!((read.raw.as_str(), read.lines.len()), ("", 1));
    }
    Ok(())
}

#[test]
fn models_that_are_missing_or_damaged_are_named() -> Outcome {
    let dir = tempfile::tempdir()?;
    let with = |model: &str, folder: PathBuf| {
        let options =
            TesseractOptions { model: model.to_owned(), folder: Some(folder), ..TesseractOptions::default() };
        Tesseract::new(&options).err()
    };
    let missing = with("vie", dir.path().to_owned()).ok_or("it loaded")?;
    assert!(missing.is_missing_dependency());
    assert!(missing.to_string().contains("sudo apt-get install tesseract-ocr-vie"), "{missing}");
    fs::write(dir.path().join("vie.traineddata"), b"not a model")?;
    assert!(matches!(with("vie", dir.path().to_owned()), Some(RecogniseError::Load { .. })));
    Ok(())
}
