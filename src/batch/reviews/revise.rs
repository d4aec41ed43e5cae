//! Outputs made again from the machine's reading and what persons decided over it.

use std::path::{Path, PathBuf};

use crate::batch::document::failed_output;
use crate::batch::entry;
use crate::batch::interrupt::Interrupt;
use crate::batch::ledger::{Batch, Ledger, Output, Revision};
use crate::batch::lock::{self, Lock, Unlocked};
use crate::batch::record;
use crate::batch::run::made;
use crate::batch::stamp::Stamp;
use crate::emit::{self, Draft, EmitError, Extra, Target};
use crate::ingest::fingerprint_bytes;
use crate::model::review::{machine_pages, machine_words};
use crate::model::{Page, Plan, RestoredPage};

use super::apply;
use super::decision::Log;

/// Warnings that parsing does not give: they are kept as they are.
const KEPT: [&str; 3] = ["misnamed", "pages-missing", "not-recognised"];

/// Why outputs wait. What was decided is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Pending {
    /// A run writes into OUT; the outputs follow when it ends.
    #[error("a run writes into this folder; the outputs follow when it ends")]
    Run,
    /// The pages cannot be read again.
    #[error("{0}; the outputs follow when it is back")]
    Source(String),
    /// The outputs cannot be written or read.
    #[error("{0}")]
    Output(String),
}

/// A document whose outputs are what they should be.
#[derive(Debug)]
pub struct Revised {
    /// The plan that they show.
    pub plan: Plan,
    /// Whether they were others before.
    pub changed: bool,
}

/// Whether parsing the pages of `plan` needs to know where words stand.
pub(super) fn needs_places(plan: &Plan) -> bool {
    plan.pages.iter().any(|page| page.dpi > 0.0)
}

/// The plan that follows from `read` and the decisions of `log`, with its pages. `places` are its pages with places, where it has any.
pub(super) fn revised(read: &Plan, places: Option<Vec<Page>>, log: &Log) -> (Plan, Vec<RestoredPage>) {
    let machine = match places {
        Some(pages) => pages
            .into_iter()
            .map(|page| {
                let words = machine_words(read, page.number);
                RestoredPage::of_words(page, &words)
            })
            .collect(),
        None => machine_pages(read),
    };
    let (pages, applied) = apply::words(log, machine);
    let mut plan = record::plan(&pages, read.source.clone());
    let kept = read.warnings.iter().filter(|warning| KEPT.contains(&warning.code.as_str()));
    plan.warnings.splice(0..0, kept.cloned());
    plan.quality.recognition = read.quality.recognition;
    apply::fields(log, &mut plan, applied);
    (plan, pages)
}

/// Makes the outputs of `target` below `out` those that follow from its journal. Nothing is written where they are already.
pub(super) fn revise(
    out: &Path,
    name: &Path,
    target: &Target,
    places: Option<Vec<Page>>,
) -> Result<Revised, Pending> {
    let failed = |error: EmitError| Pending::Output(failed_output(&error, out).message);
    let _lock = Lock::take(out, false, &Interrupt::default()).map_err(|unlocked| match unlocked {
        Unlocked::Held | Unlocked::Interrupted => Pending::Run,
        Unlocked::System(error) => Pending::Output(error.to_string()),
    })?;
    let read = read_plan(&out.join(&target.json)).map_err(Pending::Output)?;
    let places = places.filter(|pages| {
        pages.len() == read.pages.len()
            && pages.iter().zip(&read.pages).all(|(page, record)| page.raw == record.raw)
    });
    if needs_places(&read) && places.is_none() {
        return Err(Pending::Source("its pages are others by now".into()));
    }
    let (plan, pages) = revised(&read, places, &apply::log_of(out, target));
    let text = emit::text(&plan);
    let extras: Vec<(Extra, PathBuf)> = Extra::ALL
        .into_iter()
        .map(|extra| (extra, extra.file(target)))
        .filter(|(_, file)| Stamp::of_output(&out.join(file)).is_some())
        .collect();
    if plan == read && std::fs::read(out.join(&target.text)).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(Revised { plan, changed: false });
    }
    let json = emit::json(&plan);
    let mut outputs: Vec<(PathBuf, Option<Extra>, String)> = Vec::new();
    for (extra, file) in extras {
        outputs.push((file, Some(extra), made(extra, &plan, &pages)));
    }
    outputs.push((target.text.clone(), None, text));
    outputs.push((target.json.clone(), None, json));
    let drafts = outputs.iter().map(|(file, _, content)| Draft::new(out, file, content.as_bytes()));
    let drafts = drafts.collect::<Result<Vec<Draft>, EmitError>>().map_err(failed)?;
    step();
    for settled in emit::settle(&drafts.iter().collect::<Vec<_>>()) {
        settled.map_err(failed)?;
    }
    let mut folders: Vec<PathBuf> = drafts.iter().flat_map(|draft| draft.folders(out)).collect();
    for draft in drafts {
        step();
        draft.publish().map_err(failed)?;
    }
    step();
    emit::settle_folders(&mut folders).map_err(failed)?;
    note(out, name, &plan, &outputs);
    Ok(Revised { plan, changed: true })
}

/// Notes in the ledger what the outputs are now. If it cannot be noted, the next run makes them again.
fn note(out: &Path, name: &Path, plan: &Plan, outputs: &[(PathBuf, Option<Extra>, String)]) {
    let output = |(file, extra, content): &(PathBuf, Option<Extra>, String)| {
        let stamp = Stamp::of_output(&out.join(file))?.text().to_owned();
        Some((*extra, Output { stamp, sha256: fingerprint_bytes(content.as_bytes()) }))
    };
    let mut noted: Vec<(Option<Extra>, Output)> = outputs.iter().filter_map(output).collect();
    let (Some((_, json)), Some((_, text))) = (noted.pop(), noted.pop()) else { return };
    let revision = Revision {
        name: name.to_owned(),
        state: entry::done(plan),
        grade: entry::grade(plan),
        doubtful: plan.quality.doubtful,
        warnings: u32::try_from(plan.warnings.len()).unwrap_or(u32::MAX),
        json,
        text,
        extras: noted.into_iter().filter_map(|(extra, output)| Some((extra?, output))).collect(),
    };
    let batch = Batch { revised: vec![&revision], ..Batch::default() };
    let noted = Ledger::open(&lock::records(out)).and_then(|mut ledger| ledger.commit(&batch));
    if let Err(error) = noted {
        tracing::warn!(%error, "revised outputs are not in the ledger");
    }
}

/// The plan in a JSON that a run wrote.
pub(super) fn read_plan(path: &Path) -> Result<Plan, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let plan: Plan = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{} is no output of sohoa: {error}", path.display()))?;
    if plan.schema_version.starts_with("1.") {
        return Ok(plan);
    }
    Err(format!("{} was made by a newer version: update sohoa", path.display()))
}

/// A place where a test may kill the program.
pub(super) fn step() {
    #[cfg(debug_assertions)]
    crate::batch::fault::step();
}
