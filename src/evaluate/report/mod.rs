//! The evaluation as one HTML page that needs nothing else: no scripts, no fonts, no pictures from outside.
//!
//! It shows error rates by document, the reliability curve where confidences were given, the worst confusions, and every word
//! that is still wrong in its context, with those marked that the restorer had called doubtful. A pure function of [`Report`]:
//! equal data give equal bytes.

mod curve;

use std::fmt::Write;

use super::calibration::Calibration;
use super::confusions::{Confusion, letters, words};
use super::text::{Figures, Rate, WrongWord};
use crate::emit::escape;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Heading of the page.
    pub title: String,
    /// The documents, in the order shown.
    pub documents: Vec<Document>,
    /// Reliability over all documents, if the restorer gave confidences.
    pub calibration: Option<Calibration>,
}

/// One document of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
    /// Every wrong word.
    pub wrong: Vec<WrongWord>,
    /// How many words the restorer called doubtful, if it says so at all.
    pub doubtful: Option<usize>,
}

/// Rows shown of each table of confusions.
const CONFUSIONS: usize = 40;

/// The page.
#[must_use]
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    // writing to a String cannot fail
    let _ = write_page(&mut page, report);
    page
}

fn write_page(page: &mut String, report: &Report) -> std::fmt::Result {
    let title = escape(&report.title);
    write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )?;
    documents(page, &report.documents)?;
    if let Some(calibration) = &report.calibration {
        reliability(page, calibration)?;
    }
    let wrong = || report.documents.iter().flat_map(|d| &d.wrong);
    page.push_str("<h2>Worst confusions</h2>\n<div class=\"side\">\n");
    confusions(page, "Letters", &letters(wrong()))?;
    confusions(page, "Words", &words(wrong()))?;
    page.push_str("</div>\n<h2>Every wrong word</h2>\n");
    for (at, document) in report.documents.iter().enumerate() {
        wrong_words(page, at, document)?;
    }
    page.push_str("</body>\n</html>\n");
    Ok(())
}

fn documents(page: &mut String, documents: &[Document]) -> std::fmt::Result {
    page.push_str(
        "<h2>Error rates</h2>\n<table class=\"figures\">\n<tr><th>document<th>words<th>SER before<th>SER<th>caseless\
         <th>CER before<th>CER<th>repaired<th>harmed<th>doubtful<th>wrong and doubtful</tr>\n",
    );
    let mut total = Figures::default();
    for (at, document) in documents.iter().enumerate() {
        total.add(&document.figures);
        let name = format!("<a href=\"#d{at}\">{}</a>", escape(&document.name));
        figures_row(page, &name, &document.figures, document.doubtful, caught(document))?;
    }
    if documents.len() > 1 {
        let doubtful = documents.iter().map(|d| d.doubtful).sum::<Option<usize>>();
        let caught = documents.iter().map(caught).sum();
        figures_row(page, "<b>all</b>", &total, doubtful, caught)?;
    }
    page.push_str("</table>\n");
    Ok(())
}

/// Wrong words that the restorer had called doubtful.
fn caught(document: &Document) -> usize {
    document.wrong.iter().filter(|w| w.doubtful).count()
}

fn figures_row(
    page: &mut String,
    name: &str,
    f: &Figures,
    doubtful: Option<usize>,
    caught: usize,
) -> std::fmt::Result {
    write!(page, "<tr><td>{name}<td>{}", f.gold_tokens)?;
    for rate in [f.ser_before, f.ser, f.ser_caseless, f.cer_before, f.cer] {
        write!(page, "<td>{}", percent(rate))?;
    }
    let (doubtful, caught) = match doubtful {
        Some(doubtful) => (doubtful.to_string(), caught.to_string()),
        None => ("–".to_owned(), "–".to_owned()),
    };
    writeln!(page, "<td>{}<td>{}<td>{doubtful}<td>{caught}</tr>", f.repaired, f.harmed)
}

fn reliability(page: &mut String, calibration: &Calibration) -> std::fmt::Result {
    write!(
        page,
        "<h2>Reliability</h2>\n<p>Calibration error over ten bins: <b>{:.4}</b>.</p>\n<div class=\"side\">\n",
        calibration.error
    )?;
    curve::svg(page, calibration)?;
    page.push_str("<div>\n<table>\n<tr><th>confidence<th>words<th>right</tr>\n");
    for bin in calibration.bins.iter().filter(|b| b.words > 0) {
        writeln!(
            page,
            "<tr><td>{:.3}<td>{}<td>{:.2} %</tr>",
            bin.confidence,
            bin.words,
            100.0 * bin.accuracy()
        )?;
    }
    page.push_str("</table>\n<table>\n<tr><th>least confident words<th>hold of the errors</tr>\n");
    for (share, held) in &calibration.held {
        writeln!(page, "<tr><td>{:.1} %<td>{:.1} %</tr>", 100.0 * share, 100.0 * held)?;
    }
    page.push_str("</table>\n</div>\n</div>\n");
    Ok(())
}

fn confusions(page: &mut String, heading: &str, found: &[Confusion]) -> std::fmt::Result {
    writeln!(page, "<table>\n<tr><th colspan=\"3\">{heading}</tr>\n<tr><th>true<th>read as<th>times</tr>")?;
    for c in found.iter().take(CONFUSIONS) {
        writeln!(page, "<tr><td>{}<td>{}<td>{}</tr>", shown(&c.want), shown(&c.got), c.count)?;
    }
    if found.len() > CONFUSIONS {
        writeln!(page, "<tr><td colspan=\"3\">and {} more</tr>", found.len() - CONFUSIONS)?;
    }
    page.push_str("</table>\n");
    Ok(())
}

fn wrong_words(page: &mut String, at: usize, document: &Document) -> std::fmt::Result {
    writeln!(
        page,
        "<details id=\"d{at}\" open>\n<summary>{}: {} wrong</summary>\n<table class=\"words\">\n\
         <tr><th>true words around it<th>restored<th>true<th>raw<th></tr>",
        escape(&document.name),
        document.wrong.len()
    )?;
    for word in &document.wrong {
        let text = |w: &Option<String>| shown(w.as_deref().unwrap_or_default());
        let (class, note) = if word.doubtful { (" class=\"doubtful\"", "doubtful") } else { ("", "") };
        writeln!(
            page,
            "<tr{class}><td>{} <mark>{}</mark> {}<td>{}<td>{}<td>{}<td>{note}</tr>",
            escape(&word.before),
            text(&word.want),
            escape(&word.after),
            text(&word.got),
            text(&word.want),
            text(&word.raw)
        )?;
    }
    page.push_str("</table>\n</details>\n");
    Ok(())
}

/// Text for the page; a sign for nothing at all.
fn shown(text: &str) -> String {
    if text.is_empty() { "<i>nothing</i>".to_owned() } else { escape(text) }
}

fn percent(rate: Rate) -> String {
    format!("{:.2} %", 100.0 * rate.value())
}

const STYLE: &str = "\
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0 0 1rem; }
th, td { text-align: left; padding: .15rem .7rem; border-bottom: 1px solid #8884; vertical-align: top; }
.figures td:not(:first-child), .figures th:not(:first-child) { text-align: right; }
.side { display: flex; flex-wrap: wrap; gap: 2.5rem; align-items: flex-start; }
.doubtful { background: #fb02; }
mark { background: #f664; color: inherit; }
summary { cursor: pointer; font-weight: 600; margin: .6rem 0; }
svg { width: 24rem; max-width: 100%; }
svg text { fill: currentColor; font-size: 11px; }
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::calibration::calibrate;
    use crate::evaluate::text::compare;

    fn sample() -> Report {
        let mut seen = compare("So 5 <b>", "Sô 5 <b>", "Sổ 5 <b> & co");
        seen.mark_doubtful(&[0..4, 9..10]);
        Report {
            title: "Thử".to_owned(),
            documents: vec![Document {
                name: "a<1>".to_owned(),
                figures: seen.figures,
                wrong: seen.wrong,
                doubtful: Some(1),
            }],
            calibration: Some(calibrate(&[(0.4, false), (0.99, true)])),
        }
    }

    #[test]
    fn shows_figures_words_and_doubts() {
        let page = html(&sample());
        assert!(page.contains("<td>60.00 %"), "3 of 5 tokens wrong after");
        assert!(page.contains(
            "<tr class=\"doubtful\"><td> <mark>Sổ</mark> 5 &lt;b&gt; &amp; co<td>Sô<td>Sổ<td>So<td>doubtful"
        ));
        assert!(page.contains("<td>ổ<td>ô<td>1"));
        assert!(page.contains("a&lt;1&gt;: 3 wrong"));
    }

    #[test]
    fn needs_nothing_from_outside_and_escapes_all_text() {
        let page = html(&sample());
        for outside in ["http:", "https:", "<script", "<link", "@import", "url(", "src="] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(!page.contains("<b> &") && !page.contains("a<1>"));
        assert_eq!(page, html(&sample()));
    }

    #[test]
    fn without_confidences_there_is_no_curve() {
        let page = html(&Report { calibration: None, ..sample() });
        assert!(!page.contains("<svg"));
    }
}
