//! The drawings: documents by doubt, and speed over the time of a run. Each bar has its figure beside it, so that nothing depends on colour.

use std::fmt::Write as _;

use super::format::{count, moment};
use super::{BIN_ENDS, BINS, Run};

const GRADES: [(&str, &str); 3] = [("--good", "tốt good"), ("--fair", "khá fair"), ("--poor", "kém poor")];

/// The histogram of documents by the share of doubtful words.
pub(super) fn doubt(bins: &[[u64; 3]; BINS], out: &mut String) {
    let whole: u64 = bins.iter().flatten().sum();
    let _ = writeln!(
        out,
        "<p>Tài liệu theo tỷ lệ từ cần xem lại <i>Documents by the share of doubtful words</i></p>\n<p class=\"key\">\
         <span class=\"good\">tốt <i>good</i></span><span class=\"fair\">khá <i>fair</i></span><span class=\"poor\">kém <i>poor</i></span></p>"
    );
    let most = bins.iter().map(|bin| bin.iter().sum::<u64>()).max().unwrap_or(0).max(1) as f64;
    let (row, left, wide) = (26.0, 78.0, 540.0);
    let height = row * BINS as f64 + 4.0;
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 720 {height}\" role=\"img\" aria-label=\"Histogram of {whole} documents\">"
    );
    for (i, bin) in bins.iter().enumerate() {
        let y = row * i as f64 + 4.0;
        let middle = y + 15.0;
        let _ =
            write!(out, "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>", left - 8.0, range(i));
        let mut x = left;
        for (n, (colour, name)) in bin.iter().zip(GRADES) {
            let width = wide * *n as f64 / most;
            if *n > 0 {
                let _ = write!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"{}\" fill=\"var({colour})\"><title>{} {name}</title></rect>",
                    width.max(1.0),
                    row - 6.0,
                    count(*n)
                );
            }
            x += width;
        }
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{middle}\">{}</text>", x + 6.0, count(bin.iter().sum()));
    }
    out.push_str("</svg>\n");
}

/// The shares that a bin holds.
fn range(bin: usize) -> String {
    let percent = |share: f64| format!("{} %", share * 100.0);
    match (bin, BIN_ENDS.get(bin), BIN_ENDS.last()) {
        (0, ..) => "0 %".into(),
        (_, Some(end), _) => format!("≤ {}", percent(*end)),
        (_, None, last) => format!("&gt; {}", percent(last.copied().unwrap_or(0.0))),
    }
}

/// Pages per minute over the time of the run.
pub(super) fn speed(run: &Run, out: &mut String) {
    let minutes = (run.ended - run.started).max(1) as f64 / 60_000.0;
    let mean = run.pages as f64 / minutes;
    let _ = writeln!(
        out,
        "<p>{} trang mỗi phút <i>{} pages in this run, {mean:.1} a minute</i></p>",
        shown(mean),
        count(run.pages)
    );
    if run.pages == 0 || run.parts.len() < 2 {
        return;
    }
    let each = minutes / run.parts.len() as f64;
    let rates: Vec<f64> = run.parts.iter().map(|pages| pages / each).collect();
    let most = rates.iter().copied().fold(1e-9, f64::max);
    let (left, wide, high) = (56.0, 656.0, 110.0);
    let step = wide / rates.len() as f64;
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 720 150\" role=\"img\" aria-label=\"Pages per minute over the run\">\
         <text x=\"{0}\" y=\"16\" text-anchor=\"end\">{1}</text><text x=\"{0}\" y=\"{2}\" text-anchor=\"end\">0</text>\
         <path d=\"M{left} {3}h{wide}\" stroke=\"#888\"/>",
        left - 8.0,
        shown(most),
        high + 12.0,
        high + 10.0,
    );
    for (i, rate) in rates.iter().enumerate() {
        let height = high * rate / most;
        let _ = write!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"#46688c\"/>",
            left + step * i as f64,
            high + 10.0 - height,
            (step - 1.0).max(0.5),
        );
    }
    let _ = writeln!(
        out,
        "\n<text x=\"{left}\" y=\"142\">{}</text><text x=\"712\" y=\"142\" text-anchor=\"end\">{}</text>\n</svg>",
        moment(run.started),
        moment(run.ended)
    );
}

fn shown(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}") } else { count(rate.round() as u64) }
}
