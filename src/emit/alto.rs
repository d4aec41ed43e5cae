//! Pages as ALTO 4 (`http://www.loc.gov/standards/alto/ns-v4#`): blocks, lines and words with their boxes, for viewers and library systems.
//!
//! Places are pixels of the page as it came. A word's `CONTENT` is the restored one, `WC` how sure it is (0 to 1): what restoration
//! says where it looked, else what the engine said. What was read instead stands below it as `ALTERNATIVE` with the purpose `ocr`,
//! the next best restoration with the purpose `runner-up`. Blocks are what blank lines part. Text that lies askew or upside
//! down has a `ROTATION`, in degrees counter-clockwise as the standard counts them.
//!
//! Limits: words without places (a page of plain text) are not shown, nor are pictures and rules.

use super::placed::{self, PlacedLine, PlacedWord};
use super::xml::Xml;
use crate::model::plan::Source;
use crate::model::{BBox, RestoredPage, Word};

const NAMESPACE: &str = "http://www.loc.gov/standards/alto/ns-v4#";

/// `pages` as an ALTO document; `source` says what they come from and what read them.
#[must_use]
pub fn alto(pages: &[RestoredPage], source: &Source) -> String {
    let mut out = Xml::new();
    out.open("alto", &[("xmlns", NAMESPACE.to_owned())]);
    description(source, &mut out);
    out.open("Layout", &[]);
    pages.iter().for_each(|page| self::page(page, &mut out));
    out.close("Layout");
    out.close("alto");
    out.finish()
}

fn description(source: &Source, out: &mut Xml) {
    out.open("Description", &[]);
    out.text("MeasurementUnit", &[], "pixel");
    out.open("sourceImageInformation", &[]);
    out.text("fileName", &[], &source.path);
    out.close("sourceImageInformation");
    out.open("Processing", &[("ID", "sohoa".to_owned())]);
    let (name, version) = source.tool.split_once(' ').unwrap_or((&source.tool, ""));
    out.text("processingStepSettings", &[], &source.models.join(", "));
    out.open("processingSoftware", &[]);
    out.text("softwareName", &[], name);
    out.text("softwareVersion", &[], version);
    out.close("processingSoftware");
    out.close("Processing");
    out.close("Description");
}

fn page(restored: &RestoredPage, out: &mut Xml) {
    let page = &restored.page;
    let n = page.number;
    let attributes = [
        ("ID", format!("p{n}")),
        ("PHYSICAL_IMG_NR", n.to_string()),
        ("WIDTH", page.width.to_string()),
        ("HEIGHT", page.height.to_string()),
    ];
    out.open("Page", &attributes);
    let sheet = BBox { x: 0.0, y: 0.0, w: page.width as f32, h: page.height as f32 };
    out.open("PrintSpace", &placed(&format!("p{n}s"), sheet));
    let lines = placed::lines(restored);
    // what parts two blocks is a blank line
    for (b, block) in (1..).zip(lines.chunk_by(|a, b| a.number + 1 == b.number)) {
        let Some(bbox) = block.iter().map(|line| line.bbox).reduce(BBox::union) else { continue };
        let id = format!("p{n}b{b}");
        let mut attributes = placed(&id, bbox);
        if page.turn != 0.0 {
            attributes.push(("ROTATION", format!("{:.2}", -page.turn)));
        }
        out.open("TextBlock", &attributes);
        block.iter().for_each(|line| self::line(restored, line, out));
        out.close("TextBlock");
    }
    out.close("PrintSpace");
    out.close("Page");
}

fn line(page: &RestoredPage, line: &PlacedLine, out: &mut Xml) {
    // counted through the page, so that a line is found again in the restored text
    let id = format!("p{}l{}", page.page.number, line.number + 1);
    out.open("TextLine", &placed(&id, line.bbox));
    for (w, word) in (1..).zip(&line.words) {
        if w > 1 {
            out.empty("SP", &[]);
        }
        self::word(page, &format!("{id}w{w}"), word, &page.page.lines[line.number].words, out);
    }
    out.close("TextLine");
}

fn word(page: &RestoredPage, id: &str, word: &PlacedWord, read: &[Word], out: &mut Xml) {
    let content = page.text.get(word.restored.clone()).unwrap_or_default();
    let (confidence, runner_up) = said(page, word, read);
    let mut attributes = placed(id, word.bbox);
    attributes.push(("CONTENT", content.to_owned()));
    if let Some(confidence) = confidence {
        attributes.push(("WC", format!("{confidence:.4}")));
    }
    let raw = page.page.raw.get(word.raw.clone()).unwrap_or_default();
    let other = runner_up.filter(|other| *other != content && *other != raw);
    if raw == content && other.is_none() {
        out.empty("String", &attributes);
        return;
    }
    out.open("String", &attributes);
    if raw != content {
        out.text("ALTERNATIVE", &[("PURPOSE", "ocr".to_owned())], raw);
    }
    if let Some(other) = other {
        out.text("ALTERNATIVE", &[("PURPOSE", "runner-up".to_owned())], other);
    }
    out.close("String");
}

/// How sure a word is (0 to 1) and what else it might be: the least sure of its parts decides.
fn said<'p>(page: &'p RestoredPage, word: &PlacedWord, read: &[Word]) -> (Option<f32>, Option<&'p str>) {
    let first = page.words.partition_point(|w| w.restored.end <= word.restored.start);
    let parts = || page.words[first..].iter().take_while(|w| w.restored.start < word.restored.end);
    if let Some(sure) = parts().map(|w| w.confidence).reduce(f32::min) {
        // what else a part might be is no reading of the word
        let whole = parts().next().filter(|w| w.restored == word.restored);
        let other = whole.and_then(|w| w.runner_up.as_ref()).map(|(text, _)| text.as_str());
        return (Some(sure), other);
    }
    let read = read.iter().filter(|w| w.span.start < word.raw.end && w.span.end > word.raw.start);
    (read.filter_map(|w| w.confidence).map(|c| (c / 100.0).clamp(0.0, 1.0)).reduce(f32::min), None)
}

/// The attributes of an element that has a place, in whole pixels.
fn placed<'a>(id: &str, b: BBox) -> Vec<(&'a str, String)> {
    let whole = |v: f32| (v.round().max(0.0) as u32).to_string();
    vec![
        ("ID", id.to_owned()),
        ("HPOS", whole(b.x)),
        ("VPOS", whole(b.y)),
        ("WIDTH", whole(b.w)),
        ("HEIGHT", whole(b.h)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_boxes_confidence_and_what_was_read() {
        let source = Source { path: "a & b.pdf".into(), tool: "sohoa 1".into(), ..Source::default() };
        let mut page = placed::tests::page();
        page.page.turn = 90.0;
        let text = alto(&[page], &source);
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        for expected in [
            "<fileName>a &amp; b.pdf</fileName>",
            r#"<Page ID="p1" PHYSICAL_IMG_NR="1" WIDTH="600" HEIGHT="800">"#,
            r#"<TextBlock ID="p1b2" HPOS="50" VPOS="100" WIDTH="20" HEIGHT="20" ROTATION="-90.00">"#,
            r#"<TextLine ID="p1l3" HPOS="50" VPOS="100" WIDTH="20" HEIGHT="20">"#,
            r#"<String ID="p1l3w1" HPOS="50" VPOS="100" WIDTH="20" HEIGHT="20" CONTENT="xã" WC="0.7500">"#,
            r#"<ALTERNATIVE PURPOSE="ocr">ti nh</ALTERNATIVE>"#,
            r#"<ALTERNATIVE PURPOSE="runner-up">tính</ALTERNATIVE>"#,
        ] {
            assert!(lines.contains(&expected), "{expected} in\n{text}");
        }
        // a word that restoration did not look at is as sure as the engine was
        assert!(text.contains(r#"CONTENT="06" WC="0.8000"/>"#), "{text}");
    }
}
