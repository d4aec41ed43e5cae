//! Feeds short mutated texts to restoration and parsing, and mutated PDFs to ingestion: nothing may panic.
//!
//! ```text
//! cargo run --release --example fuzz_stages -- TEXTS PDFS [SEED]        ./x fuzz-stages TEXTS PDFS does the same
//! ```
//!
//! The texts are pieces of at most a thousand bytes of the fixtures, with letters, bytes and order changed; the PDFs those of
//! the fixtures, cut and with bytes changed. What fails is written to the folder for temporary files and named. Memory is not
//! limited here, as it is in worker processes: `./x` does so.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sohoa::ingest::{DiscoverOptions, Limits, Source, discover, text_pages};
use sohoa::model::{Decision, Page};
use sohoa::parse::parse;
use sohoa::restore::{Models, Options, Restorer};

/// The longest text, in bytes.
const LONGEST: usize = 1000;

/// A small generator (xorshift): the runs must not depend on anything but the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(texts)), Some(Ok(pdfs))) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: fuzz_stages TEXTS PDFS [SEED]");
        return ExitCode::from(2);
    };
    let seed = arguments.next().and_then(Result::ok).unwrap_or(1);
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ seed);
    match fuzz_texts(texts, &mut random).and_then(|()| fuzz_pdfs(pdfs, &mut random)) {
        Ok(opened) => {
            println!("{texts} texts restored and parsed, {pdfs} PDFs, {opened} of them opened: no panic");
            ExitCode::SUCCESS
        }
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

/// The files of `folder` whose names end in `ending`.
fn fixtures(folder: &str, ending: &str) -> Result<Vec<Vec<u8>>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{folder}: {error}; run it in the repository"))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).map_err(|error| error.to_string())).collect()
}

/// `bytes` with a few of them changed, taken out or doubled.
fn mutated(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(16) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes[at] ^= 1 << random.below(8),
            2 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
            3 => {
                let part = bytes[at..(at + random.below(40)).min(bytes.len())].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, part);
            }
            _ => bytes.truncate(bytes.len() - random.below(bytes.len() / 20 + 1)),
        }
    }
    bytes
}

fn kept(bytes: &[u8], ending: &str) -> String {
    let path = std::env::temp_dir().join(format!("sohoa-fuzz.{ending}"));
    let kept = std::fs::write(&path, bytes);
    format!("it panicked; the input is in {} {kept:?}", path.display())
}

/// Says how far it is, at each tenth.
fn tell(done: u64, of: u64, what: &str) {
    if done > 0 && done.is_multiple_of(of.div_ceil(10)) {
        println!("{done} {what}");
    }
}

fn fuzz_texts(count: u64, random: &mut Random) -> Result<(), String> {
    let sources = [fixtures("fixtures", "txt")?, fixtures("fixtures/parse", "txt")?].concat();
    let restorer = Restorer::new(Models::embedded(), Options::default());
    for i in 0..count {
        tell(i, count, "texts");
        let source = &sources[random.below(sources.len())];
        let from = random.below(source.len());
        let piece = source[from..(from + random.below(LONGEST)).min(source.len())].to_vec();
        let bytes = mutated(piece, random);
        let text = String::from_utf8_lossy(&bytes);
        let done = AssertUnwindSafe(|| parse(&restorer.document(pages(&text))));
        catch_unwind(done).map(drop).map_err(|_| kept(text.as_bytes(), "txt"))?;
    }
    Ok(())
}

fn pages(text: &str) -> Vec<Page> {
    let pages = text_pages(text);
    if pages.is_empty() { vec![Page::from_text(1, Decision::Text, "")] } else { pages }
}

/// Says how many could be opened.
fn fuzz_pdfs(count: u64, random: &mut Random) -> Result<u64, String> {
    let sources = fixtures("fixtures", "pdf")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("mutated.pdf");
    let mut opened = 0;
    for i in 0..count {
        tell(i, count, "PDFs");
        let bytes = mutated(sources[random.below(sources.len())].clone(), random);
        std::fs::write(&path, &bytes).map_err(|error| error.to_string())?;
        let read = catch_unwind(AssertUnwindSafe(|| read_all(&path)));
        opened += u64::from(read.map_err(|_| kept(&bytes, "pdf"))?);
    }
    Ok(opened)
}

/// Reads every page, text and image; says whether the document could be opened.
fn read_all(path: &Path) -> bool {
    let found = discover(&[path], &DiscoverOptions::default());
    let sources = found.inputs.iter().filter_map(|input| Source::open(input, &Limits::default()).ok());
    sources
        .map(|mut source| {
            for index in 0..source.page_count().min(4) {
                let _ = source.layer(index);
                let _ = source.image(index);
            }
        })
        .count()
        > 0
}
