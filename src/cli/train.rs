//! `sohoa train`: builds dictionaries from corpora and pairs.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::exit::Exit;
use super::output;
use crate::model::normal;
use crate::train::build::{Inputs, Part, build};
use crate::train::pairs::{self, Table};

const TRAIN: &str = "\
Examples:
  sohoa train all corpora/ dictionaries/places.txt -o dictionaries \\
      --garbled-pairs eng.tsv --garbled-pairs 'real.tsv*3' --slight-pairs vie.tsv
  sohoa train channel --garbled-pairs eng.tsv --exclude 003 -o /tmp/without-003
  sohoa train pairs old.txt true.txt >> real.tsv
  sohoa restore --dictionaries /tmp/mine < garbled.txt

Corpora are .txt or .txt.xz files, one paragraph a line; a file whose name holds 'admin' counts six-fold. Tables of pairs
hold the document's name, the observed and the true token, separated by tabs.";

/// What to train.
#[derive(Debug, Args)]
#[command(after_help = TRAIN)]
pub struct TrainArgs {
    #[command(subcommand)]
    part: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Everything: lexicon, symbols, case, language model and channels
    All(BuildArgs),
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
    /// Print the aligned pairs of a text and its truth as a table
    Pairs(PairsArgs),
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
    let (args, parts): (BuildArgs, &[Part]) = match args.part {
        What::All(a) => (a, &[Part::Lexicon, Part::Symbols, Part::Case, Part::LanguageModel, Part::Channels]),
        What::Lexicon(a) => (a, &[Part::Lexicon]),
        What::Symbols(a) => (a, &[Part::Symbols]),
        What::Case(a) => (a, &[Part::Case]),
        What::Lm(a) => (a, &[Part::LanguageModel]),
        What::Channel(a) => (a, &[Part::Channels]),
        What::Pairs(a) => return print_pairs(&a),
    };
    let inputs = Inputs {
        corpora: args.corpora,
        garbled: args.garbled_pairs,
        slight: args.slight_pairs,
        exclude: args.exclude,
    };
    match build(&inputs, parts, &args.out, output::tell) {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::complain(&error.to_string());
            Exit::Failed
        }
    }
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
