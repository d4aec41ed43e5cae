//! `sohoa evaluate leave-one-out`: what restoration does with documents that its channel has not seen.
//!
//! Here training, restoration and measuring meet: for each document a channel is learned from everything but that document
//! and put in the place of the dictionaries' own, and the document's raw text is restored with it. Damage is that of one reader,
//! so the other documents say more about it than tables of other readers do: their pairs count [`OWN`]-fold.

use std::io::Write;
use std::path::PathBuf;

use super::output::Outcome;
use super::pairs::Set;
use super::{Common, EvaluateError, Results, read_all};
use crate::evaluate::leave_one_out::{self, Document, Reliability, Restored};
use crate::evaluate::report;
use crate::ingest;
use crate::model::{RestoredPage, normal};
use crate::restore::{Damage, Models, Options, Restorer, Sources};
use crate::train::channel::{self, Pair};
use crate::train::pairs::{Table, align, document_of};

/// How much a pair of the other documents counts.
const OWN: f32 = 3.0;

pub(super) const HELP: &str = "\
For each document the channel, which knows what recognition makes of letters, is learned anew:
from the other documents of RAW and GOLD (aligned line by line, each pair counting three-fold) and
from the tables of --pairs without the rows that bear the document's name. Lexicon, language model
and case model stay as they are in the dictionaries. The embedded ones are learned from corpora that
hold none of the documents that this program's figures are measured on. For documents that are in
those corpora the figures are too good: train without them (sohoa train all --exclude) and give the
result as --dictionaries.

Examples:
  sohoa evaluate leave-one-out old-ocr/ true/
  sohoa evaluate leave-one-out old-ocr/ true/ --pairs scans.tsv --pairs 'letters.tsv*2'";

/// Arguments of `sohoa evaluate leave-one-out`.
#[derive(Debug, Clone, clap::Args)]
pub struct LeaveOneOutArgs {
    /// The text before restoration: a folder of .txt files, or one file.
    pub raw: PathBuf,
    /// The true text, likewise, line by line as in RAW.
    pub gold: PathBuf,
    /// Learn from this table of pairs too (see `sohoa train pairs`); *N counts each pair N-fold.
    #[arg(long, value_name = "TSV[*N]")]
    pub pairs: Vec<Table>,
    /// The damage of all texts: `garbled` by a model of another language, or `slight`, by a Vietnamese one. Unless given, the
    /// channel that is learned is the one for garbled text, and each page is judged as `sohoa restore` does it.
    #[arg(long, value_enum)]
    pub damage: Option<Kind>,
    /// Use these dictionaries in place of the embedded ones.
    #[arg(long, value_name = "DIR")]
    pub dictionaries: Option<PathBuf>,
    /// Write a self-contained HTML page: rates, reliability curve, confusions, every wrong word in its context.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Common options.
    #[command(flatten)]
    pub common: Common,
}

/// A kind of damage, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Read with the model of another language.
    Garbled,
    /// Read with a Vietnamese model.
    Slight,
}

impl From<Kind> for Damage {
    fn from(kind: Kind) -> Damage {
        match kind {
            Kind::Garbled => Damage::Garbled,
            Kind::Slight => Damage::Slight,
        }
    }
}

/// A document with what others learn from it.
struct Taught {
    document: Document,
    /// The names under which tables may know it.
    names: Vec<String>,
    pairs: Vec<(Pair, f32)>,
}

/// Measures the documents of `sets`; those that cannot be read or have no truth are told on `err` and counted as failed.
pub(super) fn measure(
    args: &LeaveOneOutArgs,
    sets: &[Set],
    results: &mut Results,
    err: &mut impl Write,
) -> Result<(), EvaluateError> {
    let mut all: Vec<Taught> = Vec::new();
    for set in sets {
        match taught(set) {
            Ok(one) => all.push(one),
            Err(message) => {
                results.failed += 1;
                writeln!(err, "{message}")?;
            }
        }
    }
    let sources = match &args.dictionaries {
        Some(folder) => Sources::read(folder).map_err(|e| EvaluateError::Learning(e.to_string()))?,
        None => Sources::embedded(),
    };
    let documents: Vec<Document> = all.iter().map(|one| one.document.clone()).collect();
    let measured = leave_one_out::leave_one_out(&documents, |left_out| {
        writeln!(err, "{}: learning from the others", left_out.name)?;
        let channel = learn(&all, &left_out.name, &args.pairs)?;
        let models = Models::new(with_channel(&sources, channel, args.damage))
            .map_err(|e| EvaluateError::Learning(e.to_string()))?;
        let options = Options { damage: args.damage.map(Damage::from), ..Options::default() };
        Ok::<_, EvaluateError>(move |raw: &str| {
            joined(&Restorer::new(&models, options).document(ingest::text_pages(raw)))
        })
    })?;
    results.reliability = Reliability::of(&measured);
    for one in measured {
        results.outcomes.push(Outcome::of_text(&one.name, &one.comparison));
        results.pages.push(report::Document {
            name: one.name,
            figures: one.comparison.figures,
            wrong: one.comparison.wrong,
            doubtful: Some(one.doubtful),
        });
    }
    Ok(())
}

fn taught(set: &Set) -> Result<Taught, String> {
    let contents = read_all(&set.paths)?;
    let [raw, gold] = &contents[..] else { return Err(format!("{}: two texts are needed", set.name)) };
    if gold.trim().is_empty() {
        return Err(format!("{}: the true text is empty, so there is nothing to measure against", set.name));
    }
    let names = set.paths.iter().map(|p| document_of(p)).chain([set.name.clone()]).collect();
    let pairs = align(&normal::raw_text(raw), &normal::raw_text(gold))
        .iter()
        .filter_map(|(observed, truth)| Some((channel::cores(observed, truth)?, OWN)))
        .collect();
    let document = Document { name: set.name.clone(), raw: raw.clone(), gold: gold.clone() };
    Ok(Taught { document, names, pairs })
}

/// The channel that everything but the document `left_out` teaches.
fn learn(all: &[Taught], left_out: &str, tables: &[Table]) -> Result<String, EvaluateError> {
    let mut exclude: &[String] = &[];
    let mut pairs: Vec<(Pair, f32)> = Vec::new();
    for one in all {
        if one.document.name == left_out {
            exclude = &one.names;
        } else {
            pairs.extend(one.pairs.iter().cloned());
        }
    }
    for table in tables {
        pairs.extend(table.read(exclude).map_err(|e| EvaluateError::Learning(e.to_string()))?.pairs);
    }
    if pairs.is_empty() {
        return Err(EvaluateError::Learning(format!(
            "without {left_out} there is nothing to learn from; give a second document or --pairs"
        )));
    }
    Ok(channel::learn(&pairs))
}

fn with_channel(sources: &Sources, channel: String, damage: Option<Kind>) -> Sources {
    let mut sources = sources.clone();
    match damage {
        Some(Kind::Slight) => sources.slight = channel,
        Some(Kind::Garbled) | None => sources.garbled = channel,
    }
    sources
}

/// The pages of one document as one text, a line break between them. What restoration only passed over, such as marks by themselves, has
/// no confidence of its own.
fn joined(pages: &[RestoredPage]) -> Restored {
    let mut all = Restored::default();
    for page in pages {
        let base = all.text.len();
        let shifted = |range: &std::ops::Range<usize>| range.start + base..range.end + base;
        let shown = page.words.iter().filter(|w| !w.restored.is_empty());
        all.confidences.extend(shown.map(|w| (shifted(&w.restored), f64::from(w.confidence))));
        all.doubtful.extend(page.doubts.iter().map(|d| shifted(&d.restored)));
        all.text.push_str(&page.text);
        all.text.push('\n');
    }
    all
}
