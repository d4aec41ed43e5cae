//! The reliability curve as inline SVG: share of right words over confidence, the diagonal of perfect reliability, and behind
//! them bars for how many words each bin holds (logarithmic, as the surest bin holds nearly all).

use std::fmt::Write;

use crate::evaluate::calibration::{BINS, Calibration};

/// Side of the square that is plotted, and the margin left of and below it.
const SIDE: f64 = 300.0;
const MARGIN: f64 = 36.0;

pub(super) fn svg(page: &mut String, calibration: &Calibration) -> std::fmt::Result {
    let x = |confidence: f64| MARGIN + SIDE * confidence;
    let y = |share: f64| 8.0 + SIDE * (1.0 - share);
    let (width, height) = (MARGIN + SIDE + 12.0, SIDE + MARGIN + 8.0);
    write!(
        page,
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"Share of right words over confidence\">\n\
         <rect x=\"{MARGIN}\" y=\"8\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#8888\"/>\n"
    )?;
    let most = calibration.bins.iter().map(|b| b.words).max().unwrap_or(0) as f64;
    for (at, bin) in calibration.bins.iter().enumerate().filter(|(_, b)| b.words > 0) {
        let share = (1.0 + bin.words as f64).ln() / (1.0 + most).ln();
        writeln!(
            page,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#69c3\"><title>{} words</title></rect>",
            x(at as f64 / BINS as f64) + 1.0,
            y(share),
            SIDE / BINS as f64 - 2.0,
            SIDE * share,
            bin.words
        )?;
    }
    writeln!(
        page,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    )?;
    page.push_str("<polyline fill=\"none\" stroke=\"#c33\" stroke-width=\"2\" points=\"");
    for bin in calibration.bins.iter().filter(|b| b.words > 0) {
        write!(page, "{:.1},{:.1} ", x(bin.confidence), y(bin.accuracy()))?;
    }
    page.push_str("\"/>\n");
    for bin in calibration.bins.iter().filter(|b| b.words > 0) {
        writeln!(
            page,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"#c33\"/>",
            x(bin.confidence),
            y(bin.accuracy())
        )?;
    }
    for tick in [0.0, 0.5, 1.0] {
        writeln!(
            page,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>",
            x(tick),
            SIDE + 22.0,
            MARGIN - 5.0,
            y(tick) + 4.0
        )?;
    }
    writeln!(
        page,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">confidence</text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\">right</text>\n</svg>",
        x(0.5),
        SIDE + MARGIN,
        MARGIN + 6.0,
        22.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::calibration::calibrate;

    #[test]
    fn one_point_for_each_bin_with_words() {
        let mut out = String::new();
        svg(&mut out, &calibrate(&[(0.5, true), (0.5, false), (1.0, true)])).unwrap();
        assert_eq!(out.matches("<circle").count(), 2);
        // confidence 0.5 right half the time: the middle of the diagonal
        assert!(out.contains("cx=\"186.0\" cy=\"158.0\""));
        let mut empty = String::new();
        svg(&mut empty, &calibrate(&[])).unwrap();
        assert!(!empty.contains("NaN") && !empty.contains("inf"));
    }
}
