//! Builds the files of `dictionaries/` from corpora and pairs, with a manifest of what they were made from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::corpus::Corpus;
use super::pairs::Table;
use super::{TrainError, case, channel, confusions, lexicon, lm, symbols};
use crate::restore::lexicon::Lexicon;

/// A part of the dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `lexicon.tsv`
    Lexicon,
    /// `lm.bin`
    LanguageModel,
    /// `case.bin`
    Case,
    /// `symbols.tsv`
    Symbols,
    /// `channel-english.tsv`, `channel-vietnamese.tsv` and `confusions-vietnamese.tsv`
    Channels,
}

/// What to learn from and where to write.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files and folders of training text.
    pub corpora: Vec<PathBuf>,
    /// Tables of pairs of wrong-language readings.
    pub garbled: Vec<Table>,
    /// Tables of pairs of right-language readings.
    pub slight: Vec<Table>,
    /// Documents to learn nothing from: names of text files up to the first point, first columns of tables.
    pub exclude: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Input {
    file: String,
    sha256: String,
    /// Paragraphs of a corpus, pairs of a table, lines of a text.
    items: usize,
    weight: f32,
}

#[derive(Serialize, Deserialize)]
struct Output {
    file: String,
    sha256: String,
    bytes: usize,
}

/// What the dictionaries were made from; `manifest.json`.
#[derive(Serialize, Deserialize, Default)]
struct Manifest {
    tool: String,
    excluded: Vec<String>,
    inputs: Vec<Input>,
    prune: [f32; 3],
    outputs: Vec<Output>,
}

/// Builds `parts` into `folder`; `progress` hears of each step. Parts need those before them: the language and case models a lexicon,
/// which is read from `folder` if it is not built.
///
/// # Errors
/// [`TrainError`] naming the file that can't be read or written, or what there is nothing to learn from.
pub fn build(
    inputs: &Inputs,
    parts: &[Part],
    folder: &Path,
    mut progress: impl FnMut(&str),
) -> Result<(), TrainError> {
    let options = lm::Options::default();
    let tool = concat!("sohoa ", env!("CARGO_PKG_VERSION")).to_owned();
    let mut manifest =
        Manifest { tool, excluded: inputs.exclude.clone(), prune: options.prune, ..Manifest::default() };
    let mut built: Vec<(&str, Vec<u8>)> = Vec::new();
    if parts.iter().any(|p| *p != Part::Channels) {
        progress("reading the corpora");
        let mut corpora = Corpus::read_all(&inputs.corpora)?;
        corpora.retain(|c| !inputs.exclude.contains(&super::pairs::document_of(&c.path)));
        manifest.inputs.extend(corpora.iter().map(|c| Input {
            file: name(&c.path),
            sha256: c.sha256.clone(),
            items: c.text.lines().filter(|l| !l.is_empty()).count(),
            weight: c.weight,
        }));
        let words = if parts.contains(&Part::Lexicon) {
            progress("counting words");
            let words = lexicon::learn(&corpora);
            built.push(("lexicon.tsv", words.to_tsv().into_bytes()));
            // A dictionary folder is whole: the names go with it, none if none were given.
            let places = corpora.iter().find(|c| c.path.ends_with("places.txt"));
            built.push(("places.txt", places.map(|c| c.text.clone()).unwrap_or_default().into_bytes()));
            words
        } else {
            read_lexicon(folder)?
        };
        if parts.contains(&Part::Symbols) {
            progress("mining symbols");
            built.push(("symbols.tsv", symbols::learn(&corpora).into_bytes()));
        }
        if parts.contains(&Part::Case) {
            progress("learning how words are written");
            built.push(("case.bin", case::learn(&corpora, &words)));
        }
        if parts.contains(&Part::LanguageModel) {
            progress("estimating the language model");
            built.push(("lm.bin", lm::learn(&corpora, &words, &options)));
        }
    }
    if parts.contains(&Part::Channels) {
        for (file, tables) in
            [("channel-english.tsv", &inputs.garbled), ("channel-vietnamese.tsv", &inputs.slight)]
        {
            if tables.is_empty() {
                continue;
            }
            progress(&format!("learning {file}"));
            let mut pairs = Vec::new();
            for table in tables {
                let read = table.read(&inputs.exclude)?;
                manifest.inputs.push(Input {
                    file: name(&table.path),
                    sha256: read.sha256,
                    items: read.pairs.len(),
                    weight: table.weight,
                });
                pairs.extend(read.pairs);
            }
            if pairs.is_empty() {
                return Err(TrainError::Nothing {
                    what: format!("the tables for {file} hold no pair of words"),
                });
            }
            built.push((file, channel::learn(&pairs).into_bytes()));
            if file == "channel-vietnamese.tsv" {
                built.push(("confusions-vietnamese.tsv", confusions::learn(&pairs).into_bytes()));
            }
        }
    }
    if built.is_empty() {
        return Err(TrainError::Nothing {
            what: "no table of pairs given (--garbled-pairs, --slight-pairs)".into(),
        });
    }
    std::fs::create_dir_all(folder)
        .map_err(|e| TrainError::Write { path: folder.to_owned(), what: e.to_string() })?;
    for (file, bytes) in &built {
        write(&folder.join(file), bytes)?;
        manifest.outputs.push(Output { file: (*file).to_owned(), sha256: digest(bytes), bytes: bytes.len() });
    }
    manifest.write(folder)
}

/// Adds a file that was learned with the dictionaries of `folder` to them and, with the texts that it was learned from, to their manifest.
///
/// # Errors
/// [`TrainError`] naming the file that can't be read or written.
pub fn add(folder: &Path, file: &str, bytes: &[u8], texts: &[PathBuf]) -> Result<(), TrainError> {
    let path = folder.join("manifest.json");
    let fail = |what: String| TrainError::Read { path: path.clone(), what };
    let mut manifest: Manifest = match std::fs::read(&path) {
        Ok(json) => serde_json::from_slice(&json).map_err(|e| fail(e.to_string()))?,
        // loose weights are no dictionaries and have no manifest
        Err(_) => return write(&folder.join(file), bytes),
    };
    for text in texts {
        let read =
            std::fs::read(text).map_err(|e| TrainError::Read { path: text.clone(), what: e.to_string() })?;
        let items = read.split(|b| *b == b'\n').filter(|l| !l.is_empty()).count();
        let input = Input { file: name(text), sha256: digest(&read), items, weight: 1.0 };
        manifest.inputs.retain(|i| i.file != input.file);
        manifest.inputs.push(input);
    }
    manifest.outputs.retain(|o| o.file != file);
    manifest.outputs.push(Output { file: file.to_owned(), sha256: digest(bytes), bytes: bytes.len() });
    write(&folder.join(file), bytes)?;
    manifest.write(folder)
}

impl Manifest {
    fn write(&self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join("manifest.json");
        let json = serde_json::to_string_pretty(self)
            .map_err(|e| TrainError::Write { path: path.clone(), what: e.to_string() })?;
        write(&path, format!("{json}\n").as_bytes())
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn read_lexicon(folder: &Path) -> Result<Lexicon, TrainError> {
    let path = folder.join("lexicon.tsv");
    let fail = |what: String| TrainError::Read {
        path: path.clone(),
        what: format!("{what} (build the lexicon first)"),
    };
    let text = std::fs::read_to_string(&path).map_err(|e| fail(e.to_string()))?;
    Lexicon::parse(&text).map_err(|e| fail(e.to_string()))
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whole or not at all: a file beside it, then a rename.
fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let fail = |what: String| TrainError::Write { path: path.to_owned(), what };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(e.to_string()))?;
    std::io::Write::write_all(&mut file, bytes).map_err(|e| fail(e.to_string()))?;
    // A temporary file is private; dictionaries are for everyone.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .map_err(|e| fail(e.to_string()))?;
    }
    file.persist(path).map_err(|e| fail(e.to_string()))?;
    Ok(())
}
