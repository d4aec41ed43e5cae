//! `sohoa train`: builds dictionaries from corpora and pairs.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::exit::Exit;
use super::output;
use crate::evaluate::text::compare;
use crate::ingest;
use crate::model::normal;
use crate::restore::confidence::{Confidence, Evidence};
use crate::restore::{Damage, Models, Options, Restorer};
use crate::train::build::{Inputs, Part, add, build};
use crate::train::confidence;
use crate::train::pairs::{self, Table};
use crate::train::reviews;

const TRAIN: &str = "\
Examples:
  sohoa train all corpora/ dictionaries/places.txt dictionaries/names.txt -o dictionaries \\
      --garbled-pairs eng.tsv --garbled-pairs 'real.tsv*3' --slight-pairs vie.tsv \\
      --garbled plan.eng.txt plan.true.txt --slight plan.vie.txt plan.true.txt
  sohoa train channel --garbled-pairs eng.tsv --exclude 003 -o /tmp/without-003
  sohoa train pairs old.txt true.txt >> real.tsv
  sohoa restore --dictionaries /tmp/mine < garbled.txt
  sohoa train --from-reviews out -o ours && sohoa digitise more/ -o out2 --dictionary ours/words.txt

Corpora are .txt or .txt.xz files, one paragraph a line; a file whose name holds 'admin' counts six-fold. Tables of pairs
hold the document's name, the observed and the true token, separated by tabs. Confidences are learned from texts of which nothing
else was learned; without them they are those of this program.";

/// What to train.
#[derive(Debug, Args)]
#[command(after_help = TRAIN, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct TrainArgs {
    /// Learn an archive's own words, names and confusions from what persons decided about its documents
    #[arg(long, value_name = "OUT", requires = "words_to")]
    from_reviews: Option<PathBuf>,
    /// The folder to write words.txt and pairs.tsv into
    #[arg(short = 'o', long = "out", id = "words_to", value_name = "DIR", requires = "from_reviews")]
    words_to: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Everything: lexicon, symbols, case, language model, channels, confidences
    All(AllArgs),
    /// The words: lexicon.tsv
    Lexicon(BuildArgs),
    /// The parts of document symbols: symbols.tsv
    Symbols(BuildArgs),
    /// How words are written: case.bin
    Case(BuildArgs),
    /// Which word follows which: lm.bin
    Lm(BuildArgs),
    /// What recognition makes of letters: channel-english.tsv, channel-vietnamese.tsv
    Channel(BuildArgs),
    /// How sure a reading is: confidence.tsv, from restored texts whose truth is known
    Confidence(ConfidenceArgs),
    /// Print the aligned pairs of a text and its truth as a table
    Pairs(PairsArgs),
}

#[derive(Debug, Args)]
struct AllArgs {
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    texts: Option<TextArgs>,
}

/// Texts to learn confidences from; nothing else may have been learned from them.
#[derive(Debug, Args)]
#[group(multiple = true)]
struct TextArgs {
    /// For confidences: a text as a model of another language read it, and its truth
    #[arg(long, num_args = 2, value_names = ["RAW", "TRUTH"], requires = "slight")]
    garbled: Vec<PathBuf>,
    /// For confidences: a text as a Vietnamese model read it, and its truth
    #[arg(long, num_args = 2, value_names = ["RAW", "TRUTH"], requires = "garbled")]
    slight: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct ConfidenceArgs {
    #[command(flatten)]
    texts: TextArgs,
    /// Dictionaries to restore with in place of the embedded ones; they must not have learned from these texts
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,
    /// The folder to write
    #[arg(short, long = "out", value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Files and folders of training text
    #[arg(value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// The folder to write
    #[arg(short, long = "out", value_name = "DIR")]
    out: PathBuf,
    /// Pairs read with a model of another language; *N counts each N-fold
    #[arg(long, value_name = "TSV[*N]")]
    garbled_pairs: Vec<Table>,
    /// Pairs read with a Vietnamese model
    #[arg(long, value_name = "TSV[*N]")]
    slight_pairs: Vec<Table>,
    /// Learn nothing from this document
    #[arg(long, value_name = "ID")]
    exclude: Vec<String>,
}

#[derive(Debug, Args)]
struct PairsArgs {
    /// The text as read
    raw: PathBuf,
    /// The true text, line by line
    truth: PathBuf,
}

/// Trains.
pub fn run(args: TrainArgs) -> Exit {
    if let (Some(reviewed), Some(out)) = (&args.from_reviews, &args.words_to) {
        return ending(learn_from_reviews(reviewed, out));
    }
    let Some(part) = args.part else { return Exit::Usage };
    let mut texts = None;
    let (args, parts): (BuildArgs, &[Part]) = match part {
        What::All(a) => {
            texts = a.texts;
            (a.build, &[Part::Lexicon, Part::Symbols, Part::Case, Part::LanguageModel, Part::Channels])
        }
        What::Lexicon(a) => (a, &[Part::Lexicon]),
        What::Symbols(a) => (a, &[Part::Symbols]),
        What::Case(a) => (a, &[Part::Case]),
        What::Lm(a) => (a, &[Part::LanguageModel]),
        What::Channel(a) => (a, &[Part::Channels]),
        What::Confidence(a) => return ending(learn_confidence(&a)),
        What::Pairs(a) => return print_pairs(&a),
    };
    let inputs = Inputs {
        corpora: args.corpora,
        garbled: args.garbled_pairs,
        slight: args.slight_pairs,
        exclude: args.exclude,
    };
    let built = build(&inputs, parts, &args.out, output::tell).map_err(|e| e.to_string());
    ending(built.and_then(|()| texts.map_or(Ok(()), |texts| complete(&args.out, &texts))))
}

fn ending(result: Result<(), String>) -> Exit {
    match result {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&error);
            Exit::Failed
        }
    }
}

/// Adds confidences, learned from texts that the dictionaries of `folder` restore, to them.
fn complete(folder: &Path, texts: &TextArgs) -> Result<(), String> {
    output::tell("learning how sure a reading is");
    let models = Models::load(folder).map_err(|e| e.to_string())?;
    let learned = confidence_of(&models, texts)?.to_tsv();
    let texts = [texts.garbled.as_slice(), &texts.slight].concat();
    add(folder, "confidence.tsv", learned.as_bytes(), &texts).map_err(|e| e.to_string())
}

fn learn_confidence(args: &ConfidenceArgs) -> Result<(), String> {
    // clap cannot ask for them here and leave them out of 'train all'
    if args.texts.garbled.is_empty() {
        return Err(
            "confidences are learned from restored texts: give --garbled RAW TRUTH and --slight RAW TRUTH"
                .into(),
        );
    }
    let own = args.dictionaries.as_deref().map(Models::load).transpose().map_err(|e| e.to_string())?;
    let models = own.as_ref().unwrap_or_else(|| Models::embedded());
    let learned = confidence_of(models, &args.texts)?;
    let path = args.out.join("confidence.tsv");
    std::fs::write(&path, learned.to_tsv()).map_err(|e| format!("cannot write {}: {e}", path.display()))
}

fn confidence_of(models: &Models, texts: &TextArgs) -> Result<Confidence, String> {
    let learn = |damage, texts: &[PathBuf]| -> Result<Evidence, String> {
        let restorer = Restorer::new(models, Options { damage: Some(damage), ..Options::default() });
        let mut samples = Vec::new();
        for both in texts.chunks_exact(2) {
            let read = |path: &PathBuf| {
                std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
            };
            judged(&restorer, &read(&both[0])?, &read(&both[1])?, &mut samples);
        }
        output::tell(&format!("{} words", samples.len()));
        Ok(confidence::fit(&samples))
    };
    Ok(Confidence {
        weights: [learn(Damage::Garbled, &texts.garbled)?, learn(Damage::Slight, &texts.slight)?],
    })
}

/// Restores a text and says of each decoded word whether the token that it ended up in is right.
fn judged(restorer: &Restorer, raw: &str, truth: &str, samples: &mut Vec<(Evidence, bool)>) {
    let mut text = String::new();
    let mut words = Vec::new();
    for (page, evidence) in restorer.with_evidence(ingest::text_pages(raw)) {
        let base = text.len();
        words.extend(evidence.into_iter().map(|(at, e)| (at.start + base, e)));
        text.push_str(&page.text);
        text.push('\n');
    }
    let tokens = compare(raw, &text, truth).judged;
    for (start, evidence) in words {
        let token = tokens.get(tokens.partition_point(|(at, _)| at.end <= start));
        if let Some((_, right)) = token.filter(|(at, _)| at.start <= start) {
            samples.push((evidence, *right));
        }
    }
}

/// Writes what the reviews of `reviewed` teach into `out`.
fn learn_from_reviews(reviewed: &Path, out: &Path) -> Result<(), String> {
    let learned = reviews::learn(reviewed, Models::embedded().lexicon())?;
    std::fs::create_dir_all(out).map_err(|e| format!("cannot make {}: {e}", out.display()))?;
    for (name, content) in [("words.txt", &learned.words), ("pairs.tsv", &learned.pairs)] {
        let path = out.join(name);
        std::fs::write(&path, content).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    let (words, pairs) = (learned.words.lines().count(), learned.pairs.lines().count());
    output::tell(&format!(
        "{} decisions about {} documents: {words} words and names, {pairs} pairs; use them with --dictionary {}",
        learned.decisions,
        learned.documents,
        out.join("words.txt").display()
    ));
    Ok(())
}

fn print_pairs(args: &PairsArgs) -> Exit {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path)
            .map(|t| normal::raw_text(&t))
            .map_err(|e| format!("{}: {e}", path.display()))
    };
    match (read(&args.raw), read(&args.truth)) {
        (Ok(raw), Ok(truth)) => {
            let table = pairs::table(&pairs::document_of(&args.raw), &pairs::align(&raw, &truth));
            output::print(&table)
        }
        (Err(error), _) | (_, Err(error)) => {
            output::complain(&format!("cannot read {error}"));
            Exit::Failed
        }
    }
}
