//! Whether an input's outputs are up to date: made from the same content, with the same options, models and version.
//!
//! The hash of the content decides. It need not be computed where the ledger has a stamp of the input that still holds
//! ([`Stamp`]). The outputs are looked at likewise: by their stamps, or else by their own hashes, so that an output that was
//! changed or lost is made anew, and one that was merely copied is not. Where the ledger has no row (it was lost, or a kill
//! came before it was written), the outputs say themselves: `source` in the JSON holds what they were made from, and the
//! text has to be the one that follows from the JSON.

use std::fs;
use std::path::Path;

use crate::emit::{self, Extra};
use crate::ingest::{fingerprint, fingerprint_bytes};
use crate::model::Plan;
use crate::model::plan::Source;

use super::document::{TOOL, shaping};
use super::gather::Job;
use super::ledger::{Known, Output, Recipe, Refreshed};
use super::options::Options;
use super::stamp::Stamp;

/// The largest output that is looked into; a larger one is made again.
const MOST: u64 = 1 << 30;

/// What a run would make of an input: what has to be the same for outputs to be up to date.
#[derive(Debug)]
pub(super) struct Yardstick<'a> {
    pub out: &'a Path,
    options: String,
    dictionaries: &'a str,
    recognition: Option<&'a str>,
    extras: &'a [Extra],
}

/// Outputs that the ledger did not know and that are up to date.
#[derive(Debug)]
pub(super) struct Adopted {
    pub plan: Plan,
    pub json: Output,
    pub text: Output,
    pub extras: Vec<(Extra, Output)>,
}

impl<'a> Yardstick<'a> {
    /// For a run with `options` that would use these models.
    pub fn new(options: &'a Options, dictionaries: &'a str, recognition: Option<&'a str>) -> Yardstick<'a> {
        let (out, extras) = (&options.out, &options.extras);
        Yardstick { out, options: shaping(options).join(" "), dictionaries, recognition, extras }
    }

    /// The further outputs that a run makes of `job`.
    pub fn extras(&self, job: &Job) -> impl Iterator<Item = Extra> + use<'a> {
        job.extras(self.extras)
    }

    /// Those, and the ones that an earlier run made and that must not stay beside a newer JSON.
    pub fn made(&self, job: &Job) -> impl Iterator<Item = Extra> {
        let stale = |extra: &Extra| Stamp::of_output(&self.out.join(extra.file(&job.target))).is_some();
        job.extras(&Extra::ALL).filter(move |extra| self.extras.contains(extra) || stale(extra))
    }

    /// Whether the ledger's row and the stamps say that `job`, whose files have the stamp `stamp`, is up to date.
    pub fn by_stamps(&self, job: &Job, known: &Known, stamp: Option<&Stamp>) -> bool {
        let same = |stamp: Option<&Stamp>, noted: Option<&String>| {
            stamp.zip(noted).is_some_and(|(stamp, noted)| stamp.text() == noted)
        };
        let output = |file: &Path, noted: &Option<Output>| {
            same(Stamp::of_output(&self.out.join(file)).as_ref(), noted.as_ref().map(|noted| &noted.stamp))
        };
        self.may_hold(known)
            && same(stamp, known.stamp.as_ref())
            && output(&job.target.json, &known.json)
            && output(&job.target.text, &known.text)
            && self.extras(job).all(|extra| {
                let noted = known.extras.iter().find(|(other, _)| *other == extra);
                let noted = noted.map(|(_, noted)| noted.clone());
                let file = extra.file(&job.target);
                if noted == Some(Output::refused()) {
                    return Stamp::of_output(&self.out.join(file)).is_none();
                }
                output(&file, &noted)
            })
    }

    /// Whether the ledger's row and the hashes say so; then the new stamps, `settled` being that of the input.
    pub fn by_hashes(
        &self,
        job: &Job,
        known: &Known,
        sha256: &str,
        settled: Option<String>,
    ) -> Option<Refreshed> {
        if !self.may_hold(known) || known.sha256.as_deref() != Some(sha256) {
            return None;
        }
        let output = |file: &Path, noted: &Option<Output>| {
            let noted = noted.as_ref()?;
            let path = self.out.join(file);
            let stamp = Stamp::of_output(&path)?;
            let same = stamp.text() == noted.stamp || fingerprint(&[path]).ok()? == noted.sha256;
            same.then(|| stamp.text().to_owned())
        };
        // those that nobody asked for now are looked after as far as they are there
        let mut extras = known.extras.clone();
        for (extra, noted) in &mut extras {
            if *noted == Output::refused() {
                continue;
            }
            if let Some(stamp) = output(&extra.file(&job.target), &Some(noted.clone())) {
                noted.stamp = stamp;
            } else if self.extras(job).any(|asked| asked == *extra) {
                return None;
            }
        }
        if !self.extras(job).all(|asked| extras.iter().any(|(extra, _)| *extra == asked)) {
            return None;
        }
        Some(Refreshed {
            name: job.input.name.clone(),
            stamp: settled,
            json_stamp: output(&job.target.json, &known.json)?,
            text_stamp: output(&job.target.text, &known.text)?,
            extras,
        })
    }

    /// Whether the outputs themselves say so.
    pub fn by_outputs(&self, job: &Job, sha256: &str) -> Option<Adopted> {
        let (json_path, text_path) = (self.out.join(&job.target.json), self.out.join(&job.target.text));
        let stamps = Stamp::of_output(&json_path).zip(Stamp::of_output(&text_path));
        let (json, text) = (read(&json_path)?, read(&text_path)?);
        let source = emit::read_source(&json)?;
        if source.sha256 != sha256 || source.path != job.input.shown_name() || !self.fits(&recipe(&source)?) {
            return None;
        }
        let plan: Plan = serde_json::from_slice(&json).ok()?;
        if emit::text(&plan).as_bytes() != text || emit::json(&plan).as_bytes() != json {
            return None;
        }
        let output = |stamp: Stamp, bytes: &[u8]| Output {
            stamp: stamp.text().to_owned(),
            sha256: fingerprint_bytes(bytes),
        };
        let mut extras = Vec::new();
        for extra in self.extras(job) {
            // what shows boxes does not follow from the JSON: it is made again
            let Extra::Markdown = extra else { return None };
            let path = self.out.join(extra.file(&job.target));
            let (stamp, markdown) = (Stamp::of_output(&path)?, read(&path)?);
            if emit::markdown(&plan).as_bytes() != markdown {
                return None;
            }
            extras.push((extra, output(stamp, &markdown)));
        }
        let (json_stamp, text_stamp) = stamps?;
        Some(Adopted { plan, json: output(json_stamp, &json), text: output(text_stamp, &text), extras })
    }

    fn may_hold(&self, known: &Known) -> bool {
        known.state.is_done() && self.fits(&known.recipe)
    }

    /// The recognition model counts only where an image was recognised; a text layer that was used as it is does not depend
    /// on it.
    fn fits(&self, recipe: &Recipe) -> bool {
        recipe.tool == TOOL
            && recipe.options == self.options
            && recipe.dictionaries == self.dictionaries
            && recipe.recognition.as_deref().is_none_or(|used| Some(used) == self.recognition)
    }
}

/// What a result was made with, by its own record.
pub(super) fn recipe(source: &Source) -> Option<Recipe> {
    let (recognition, dictionaries) = match source.models.as_slice() {
        [restored] => (None, restored),
        [recognised, restored] => (Some(recognised.clone()), restored),
        _ => return None,
    };
    Some(Recipe {
        tool: source.tool.clone(),
        options: source.options.join(" "),
        dictionaries: dictionaries.clone(),
        recognition,
    })
}

/// The content of a plain file of reasonable size: a link is not an output of ours.
fn read(path: &Path) -> Option<Vec<u8>> {
    let found = fs::symlink_metadata(path).ok()?;
    (found.is_file() && found.len() <= MOST).then(|| fs::read(path).ok()).flatten()
}
