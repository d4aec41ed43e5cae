//! The report of an output folder: one HTML page for people, on the screen and on paper.
//!
//! It needs nothing but itself: no script, no font, no request; drawings are SVG inside it. Labels are Vietnamese with the English beside them. However
//! many documents there are, it lists so many of each and says how many there are in all, so it stays small. All that it says comes in with
//! [`Overview`], times too: nothing here looks at a clock, and equal figures give equal bytes.

mod chart;
mod format;
mod lists;

use std::fmt::Write as _;

use super::digest::DoubtfulWord;

/// How many bins of doubt the histogram has.
pub const BINS: usize = 7;

/// Where its bins end: shares of words that are doubtful; the last one has no end.
pub const BIN_ENDS: [f64; BINS - 1] = [0.0, 0.005, 0.01, 0.02, 0.05, 0.1];

/// All that the report says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    /// How many documents are in which state.
    pub totals: Totals,
    /// The last run.
    pub run: Option<Run>,
    /// Documents by the share of their words that is doubtful; in each bin those graded good, fair, poor.
    pub doubt: [[u64; 3]; BINS],
    /// The documents to look at first.
    pub worst: Vec<Worst>,
    /// What failed, by reason.
    pub failures: Vec<Group>,
    /// What was no document, by what it is instead.
    pub skipped: Vec<Group>,
}

/// How many documents are in which state, and what they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// All that ended.
    pub documents: u64,
    /// Done without warnings.
    pub done: u64,
    /// Done with warnings.
    pub warned: u64,
    /// Failed.
    pub failed: u64,
    /// No documents.
    pub skipped: u64,
    /// Pages of those that are done.
    pub pages: u64,
    /// Their words.
    pub words: u64,
    /// Of these, the doubtful ones.
    pub doubtful: u64,
    /// Graded good, fair, poor.
    pub grades: [u64; 3],
}

/// A run and its speed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Program and version.
    pub tool: String,
    /// Milliseconds since 1970 (UTC).
    pub started: i64,
    /// Likewise, of its end, or of the last document that ended if the run itself did not.
    pub ended: i64,
    /// Whether it came to its end.
    pub whole: bool,
    /// Documents that it did.
    pub done: u64,
    /// Their pages.
    pub pages: u64,
    /// What failed in it.
    pub failed: u64,
    /// Pages that were read in each of equal parts of its time.
    pub parts: Vec<f64>,
}

/// A document to look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worst {
    /// Where the input is.
    pub path: String,
    /// What its outputs are called below the folder.
    pub name: String,
    /// `good`, `fair` or `poor`.
    pub grade: String,
    /// Its pages.
    pub pages: u64,
    /// Its words.
    pub words: u64,
    /// Of these, the doubtful ones.
    pub doubtful: u64,
    /// How many warnings its JSON holds.
    pub warnings: u64,
    /// The least certain of its doubtful words.
    pub examples: Vec<DoubtfulWord>,
}

/// Inputs with the same fate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The fate.
    pub what: String,
    /// How many there are.
    pub count: u64,
    /// Some of them: where each is, and what was said of it.
    pub examples: Vec<(String, String)>,
}

/// What every report begins with: by it a file is known to be one, which may be written over.
const MARK: &str = "<!DOCTYPE html>\n<html lang=\"vi\" data-sohoa=\"report\">\n";

const STYLE: &str = "\
:root{color-scheme:light;--good:#2e7d4f;--fair:#c98a00;--poor:#b3261e;--ink:#1c1c1c;--faint:#666;--line:#ccc}\
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.2rem;font:16px/1.45 system-ui,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;color:var(--ink);background:#fff}\
h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}\
h3{font-size:1rem;margin:1.2rem 0 .4rem}i{font-style:normal;color:var(--faint);font-weight:400}p{margin:.4rem 0}\
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;margin:1rem 0;padding:0;list-style:none}\
.tiles li{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}.tiles b{display:block;font-size:1.5rem;line-height:1.2}\
.good{color:var(--good)}.fair{color:var(--fair)}.poor{color:var(--poor)}\
table{border-collapse:collapse;width:100%;font-size:.92rem}td,th{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{font-weight:600}.n{text-align:right;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}\
.words span{display:inline-block;margin:0 .6em .1em 0;white-space:nowrap}.words small{color:var(--faint)}\
svg{display:block;width:100%;height:auto;max-width:46rem}svg text{font:12px system-ui,'Noto Sans','DejaVu Sans',sans-serif;fill:var(--ink)}\
.key span{margin-right:1.2em}.key span::before{content:'';display:inline-block;width:.8em;height:.8em;margin-right:.4em;background:currentColor}\
footer{margin-top:2rem;color:var(--faint);font-size:.85rem}\
@media(max-width:40rem){body{padding:.7rem;font-size:15px}td,th{padding:.3rem}td:first-child{min-width:8rem}th.n{white-space:normal}.wide{display:none}svg text{font-size:18px}}\
@media print{@page{size:A4;margin:15mm}body{max-width:none;padding:0;font-size:10.5pt}a{color:inherit;text-decoration:none}\
h2,h3{break-after:avoid}tr,svg,.tiles li{break-inside:avoid}thead{display:table-header-group}\
svg,.key span::before{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/// The report as an HTML page, ending in a newline.
#[must_use]
pub fn html(overview: &Overview) -> String {
    let mut out = String::from(MARK);
    // writing to a String cannot fail
    let _ = write!(
        out,
        "<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Báo cáo số hóa</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Báo cáo số hóa <i>Digitisation report</i></h1>\n"
    );
    if let Some(run) = &overview.run {
        lists::run(run, &mut out);
    }
    lists::totals(&overview.totals, &mut out);
    heading(&mut out, "Chất lượng", "Quality");
    lists::grades(&overview.totals, &mut out);
    chart::doubt(&overview.doubt, &mut out);
    if let Some(run) = &overview.run {
        heading(&mut out, "Tốc độ", "Pages per minute");
        chart::speed(run, &mut out);
    }
    heading(&mut out, "Cần xem trước", "To look at first");
    lists::worst(&overview.worst, &mut out);
    heading(&mut out, "Không thực hiện được", "Failed");
    lists::groups(&overview.failures, "Không có. <i>None.</i>", &mut out);
    if !overview.skipped.is_empty() {
        heading(&mut out, "Bỏ qua", "Skipped: no documents");
        lists::groups(&overview.skipped, "", &mut out);
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// Whether a file is a report that this program wrote.
#[must_use]
pub fn is_report(content: &[u8]) -> bool {
    content.starts_with(MARK.as_bytes())
}

fn heading(out: &mut String, vietnamese: &str, english: &str) {
    let _ = writeln!(out, "<h2>{vietnamese} <i>{english}</i></h2>");
}
