//! Which files belong together.
//!
//! Files given directly are one set. In folders (searched recursively) a file of the truth is looked up by its *stem*, its path
//! in the folder without the extension: `north/a.json` pairs with `north/a.json`, and with what the program writes for the
//! scan `a.pdf`, `north/a.pdf.json`. Of two stems that fit, the longer one counts. Where several kinds of files share a folder,
//! a suffix tells them apart: `--suffix .ocr.txt --gold-suffix .true.txt`; stems must then be equal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::EvaluateError;

/// One argument: its name in the usage, its path, and how the names of its files end.
pub(super) struct Side<'a> {
    name: &'static str,
    path: &'a Path,
    suffix: Option<&'a str>,
}

impl<'a> Side<'a> {
    pub(super) fn new(name: &'static str, path: &'a Path, suffix: &'a Option<String>) -> Side<'a> {
        Side { name, path, suffix: suffix.as_deref() }
    }
}

/// Files that belong together, in the order of the arguments.
#[derive(Debug, PartialEq)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) paths: Vec<PathBuf>,
}

/// The sets, and what could not be paired.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) sets: Vec<Set>,
    /// Messages: a truth without its result, and the like.
    pub(super) failures: Vec<String>,
    /// Messages: a result without truth, which is no failure.
    pub(super) left_over: Vec<String>,
}

/// Pairs the files of `sides`, the truth being the last of them.
pub(super) fn pair(sides: &[Side], extension: &str) -> Result<Pairs, EvaluateError> {
    let mut pairs = Pairs::default();
    for side in sides.iter().filter(|s| !s.path.exists()) {
        pairs.failures.push(format!("{}: {} does not exist", side.path.display(), side.name));
    }
    if !pairs.failures.is_empty() {
        pairs.failures.truncate(1);
        return Ok(pairs);
    }
    let folders = sides.iter().filter(|s| s.path.is_dir()).count();
    if folders == 0 {
        let name = sides.last().and_then(|s| s.path.file_stem()).unwrap_or_default();
        let paths = sides.iter().map(|s| s.path.to_owned()).collect();
        pairs.sets.push(Set { name: name.to_string_lossy().into_owned(), paths });
        return Ok(pairs);
    }
    if folders < sides.len() {
        let names: Vec<&str> = sides.iter().map(|s| s.name).collect();
        return Err(EvaluateError::Usage(format!(
            "{}: give files only or folders only, not both",
            names.join(", ")
        )));
    }
    let Some((gold, results)) = sides.split_last() else { return Ok(pairs) };
    let truth = stems(gold, extension);
    if truth.is_empty() {
        return Err(EvaluateError::Usage(format!(
            "{}: no files whose names end in {} there; give a folder that has some, or --gold-suffix",
            gold.path.display(),
            gold.suffix.unwrap_or(&format!(".{extension}"))
        )));
    }
    let mut found: Vec<BTreeMap<&str, Vec<PathBuf>>> = Vec::new();
    for side in results {
        let mut by_truth: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        for (stem, path) in stems(side, extension) {
            match owner(&stem, &truth, side.suffix.is_some()) {
                Some(key) => by_truth.entry(key).or_default().push(path),
                None => pairs.left_over.push(format!("{}: no truth for it, left out", path.display())),
            }
        }
        found.push(by_truth);
    }
    for (stem, gold_path) in &truth {
        let mut paths = Vec::new();
        let mut failure = None;
        for (side, by_truth) in results.iter().zip(&found) {
            match by_truth.get(stem.as_str()).map(Vec::as_slice) {
                Some([path]) => paths.push(path.clone()),
                Some([a, b, ..]) => {
                    failure = Some(format!(
                        "{stem}: both {} and {} fit; tell them apart with --suffix",
                        a.display(),
                        b.display()
                    ));
                }
                _ => {
                    failure = Some(format!(
                        "{}: nothing in {} ({}) is named after it",
                        gold_path.display(),
                        side.path.display(),
                        side.name
                    ));
                }
            }
        }
        match failure {
            Some(message) => pairs.failures.push(message),
            None => {
                paths.push(gold_path.clone());
                pairs.sets.push(Set { name: stem.clone(), paths });
            }
        }
    }
    Ok(pairs)
}

/// The files of a folder by stem.
fn stems(side: &Side, extension: &str) -> BTreeMap<String, PathBuf> {
    let default = format!(".{extension}");
    let end = side.suffix.unwrap_or(&default);
    walkdir::WalkDir::new(side.path)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.into_path();
            let inside: Vec<String> =
                path.strip_prefix(side.path).ok()?.iter().map(|p| p.to_string_lossy().into_owned()).collect();
            let stem = inside.join("/").strip_suffix(end)?.to_owned();
            Some((stem, path))
        })
        .collect()
}

/// The stem of the truth that a result belongs to: its own, or (unless `exact`) the longest that it goes on from with a dot.
fn owner<'t>(stem: &str, truth: &'t BTreeMap<String, PathBuf>, exact: bool) -> Option<&'t str> {
    let mut candidate = stem;
    loop {
        if let Some((key, _)) = truth.get_key_value(candidate) {
            return Some(key);
        }
        let (shorter, last) = candidate.rsplit_once('.')?;
        if exact || last.contains('/') {
            return None;
        }
        candidate = shorter;
    }
}
