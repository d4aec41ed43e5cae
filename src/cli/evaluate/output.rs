//! Figures as a table for people or as one JSON object for programs.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::evaluate::body::{self, Misread};
use crate::evaluate::leave_one_out::Reliability;
use crate::evaluate::structure::{self, Finding};
use crate::evaluate::text::{self, Comparison, Rate, WrongWord};

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Figure {
    Count(usize),
    /// A rate or score.
    Share(f64),
    /// The truth does not have this part.
    None,
}

impl Figure {
    fn shown(self) -> String {
        match self {
            Figure::Count(n) => n.to_string(),
            Figure::Share(v) => format!("{:.2} %", 100.0 * v),
            Figure::None => "-".to_owned(),
        }
    }

    fn json(self) -> Option<Value> {
        match self {
            Figure::Count(n) => Some(json!(n)),
            // four decimals, as the text of the number says them
            Figure::Share(v) => Some(json!(format!("{v:.4}").parse::<f64>().unwrap_or(v))),
            Figure::None => None,
        }
    }
}

/// The counts behind an outcome, for the total row.
#[derive(Debug, Clone, Copy)]
enum Counts {
    Text(text::Figures),
    Body(body::Figures),
    Structure(structure::Figures),
}

/// One document measured.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    name: String,
    counts: Counts,
    /// What is wrong, for people and for programs.
    details: Vec<(String, Value)>,
}

/// How outcomes are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) json: bool,
    pub(super) details: bool,
}

impl Outcome {
    pub(super) fn of_text(name: &str, seen: &Comparison) -> Outcome {
        let details = seen.wrong.iter().map(|w| (wrong_word(w), json!(w))).collect();
        Outcome { name: name.to_owned(), counts: Counts::Text(seen.figures), details }
    }

    pub(super) fn of_body(name: &str, figures: body::Figures, misread: &[Misread]) -> Outcome {
        let details =
            misread.iter().map(|m| (format!("true: {} | recognised: {}", m.want, m.got), json!(m))).collect();
        Outcome { name: name.to_owned(), counts: Counts::Body(figures), details }
    }

    pub(super) fn of_structure(name: &str, figures: structure::Figures, findings: &[Finding]) -> Outcome {
        let details = findings.iter().map(|f| (finding(f), json!(f))).collect();
        Outcome { name: name.to_owned(), counts: Counts::Structure(figures), details }
    }
}

/// Writes the outcomes and, of several, their total: rates over all text, scores averaged over documents; then what confidences
/// and doubts are worth, if there were any.
pub(super) fn write(
    out: &mut impl Write,
    outcomes: &[Outcome],
    reliability: Option<&Reliability>,
    style: Style,
) -> io::Result<()> {
    let total = (outcomes.len() > 1).then(|| total(outcomes));
    if style.json {
        let documents: Vec<Value> = outcomes.iter().map(|o| as_json(o, style.details)).collect();
        let mut all = Map::new();
        all.insert("documents".to_owned(), documents.into());
        if let Some(total) = total {
            all.insert("total".to_owned(), object(&total).into());
        }
        if let Some(seen) = reliability {
            all.insert("reliability".to_owned(), json!(seen));
        }
        return writeln!(out, "{}", Value::from(all));
    }
    if style.details {
        for outcome in outcomes {
            for (line, _) in &outcome.details {
                writeln!(out, "{}: {line}", outcome.name)?;
            }
        }
    }
    table(out, outcomes, total.as_deref())?;
    reliability.map_or(Ok(()), |seen| reliable(out, seen))
}

/// The summary of [`Reliability`] in two lines.
fn reliable(out: &mut impl Write, seen: &Reliability) -> io::Result<()> {
    writeln!(out, "calibration error {:.4} over {} words", seen.calibration.error, seen.words)?;
    writeln!(
        out,
        "{} words doubtful ({:.1} %), among them {} of {} wrong ones ({:.1} %)",
        seen.doubtful,
        100.0 * seen.doubtful as f64 / seen.words.max(1) as f64,
        seen.wrong_and_doubtful,
        seen.wrong,
        100.0 * seen.caught()
    )
}

type Figures = Vec<(&'static str, Figure)>;

fn figures(counts: &Counts) -> Figures {
    let rate = |r: Rate| Figure::Share(r.value());
    match counts {
        Counts::Text(f) => vec![
            ("gold_tokens", Figure::Count(f.gold_tokens)),
            ("ser_before", rate(f.ser_before)),
            ("ser", rate(f.ser)),
            ("ser_caseless", rate(f.ser_caseless)),
            ("cer_before", rate(f.cer_before)),
            ("cer", rate(f.cer)),
            ("repaired", Figure::Count(f.repaired)),
            ("harmed", Figure::Count(f.harmed)),
        ],
        Counts::Body(f) => vec![
            ("judged", Figure::Count(f.judged)),
            ("left_out", Figure::Count(f.left_out)),
            ("ser", rate(f.ser)),
        ],
        Counts::Structure(f) => {
            let part = |share: Option<f64>| share.map_or(Figure::None, Figure::Share);
            vec![
                ("fields", Figure::Share(f.fields)),
                ("nodes", Figure::Share(f.nodes)),
                ("paths", Figure::Share(f.paths)),
                ("node_text", Figure::Share(f.node_text)),
                ("paragraphs", Figure::Share(f.paragraphs)),
                ("preamble", Figure::Share(f.preamble)),
                ("closing", Figure::Share(f.closing)),
                ("recipients", Figure::Share(f.recipients)),
                ("footnotes", Figure::Share(f.footnotes)),
                ("references", Figure::Share(f.references)),
                ("tasks", part(f.tasks)),
                ("appendix_cells", part(f.appendix_cells)),
            ]
        }
    }
}

fn total(outcomes: &[Outcome]) -> Figures {
    let (mut texts, mut bodies) = (text::Figures::default(), body::Figures::default());
    let mut scores: Vec<Figures> = Vec::new();
    for outcome in outcomes {
        match &outcome.counts {
            Counts::Text(f) => texts.add(f),
            Counts::Body(f) => bodies.add(f),
            scored @ Counts::Structure(_) => scores.push(figures(scored)),
        }
    }
    match outcomes.first().map(|o| &o.counts) {
        Some(Counts::Text(_)) => figures(&Counts::Text(texts)),
        Some(Counts::Body(_)) => figures(&Counts::Body(bodies)),
        _ => mean(&scores),
    }
}

/// Each score averaged over the documents that have it.
fn mean(scores: &[Figures]) -> Figures {
    let Some(first) = scores.first() else { return Vec::new() };
    let column = |at: usize| {
        scores.iter().filter_map(move |s| match s[at].1 {
            Figure::Share(v) => Some(v),
            _ => None,
        })
    };
    let averaged = |at: usize| match column(at).count() {
        0 => Figure::None,
        n => Figure::Share(column(at).sum::<f64>() / n as f64),
    };
    first.iter().enumerate().map(|(at, (name, _))| (*name, averaged(at))).collect()
}

fn as_json(outcome: &Outcome, details: bool) -> Value {
    let mut all = Map::new();
    all.insert("document".to_owned(), outcome.name.clone().into());
    all.extend(object(&figures(&outcome.counts)));
    if details {
        let details: Vec<Value> = outcome.details.iter().map(|(_, value)| value.clone()).collect();
        all.insert("details".to_owned(), details.into());
    }
    all.into()
}

fn object(figures: &Figures) -> Map<String, Value> {
    figures.iter().filter_map(|(name, figure)| Some(((*name).to_owned(), figure.json()?))).collect()
}

fn table(
    out: &mut impl Write,
    outcomes: &[Outcome],
    total: Option<&[(&'static str, Figure)]>,
) -> io::Result<()> {
    let Some(first) = outcomes.first() else { return Ok(()) };
    let head = figures(&first.counts).into_iter().map(|(name, _)| name.replace('_', " "));
    let mut rows: Vec<Vec<String>> = vec![std::iter::once("document".to_owned()).chain(head).collect()];
    let row = |name: &str, figures: &[(&str, Figure)]| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(figures.iter().map(|(_, f)| f.shown())).collect()
    };
    rows.extend(outcomes.iter().map(|o| row(&o.name, &figures(&o.counts))));
    rows.extend(total.map(|t| row("total", t)));
    let width = |at: usize| rows.iter().map(|r| r[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in &rows {
        let mut line = format!("{:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn wrong_word(w: &WrongWord) -> String {
    let shown = |word: &Option<String>| word.clone().unwrap_or_else(|| "(nothing)".to_owned());
    format!(
        "raw {} | restored {} | true {} | {} [{}] {}",
        shown(&w.raw),
        shown(&w.got),
        shown(&w.want),
        w.before,
        w.want.as_deref().unwrap_or_default(),
        w.after
    )
}

fn finding(f: &Finding) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    match f {
        Finding::Field { name, got, want } => {
            format!("field {name}: {} instead of {}", shown(got), shown(want))
        }
        Finding::Missing { path, text } => format!("missing {path}: {text}"),
        Finding::Extra { path, text } => format!("too many {path}: {text}"),
        Finding::Nested { got, want } => format!("nested at {got} instead of {want}"),
    }
}
