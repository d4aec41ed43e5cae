//! Outputs made again from the machine's reading and what persons decided over it.

use std::path::{Path, PathBuf};

use crate::batch::document::failed_output;
use crate::batch::entry;
use crate::batch::interrupt::Interrupt;
use crate::batch::ledger::{Batch, Ledger, Output, Revision};
use crate::batch::lock::{self, Lock, Unlocked};
use crate::batch::record;
use crate::batch::stamp::Stamp;
use crate::emit::{self, Draft, EmitError, Extra, Target};
use crate::ingest::{fingerprint, fingerprint_bytes};
use crate::model::plan::Warning;
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

/// What makes a searchable PDF: of this plan with these pages, into this file. What there is to say of it comes back.
pub(super) type Searchable<'a> =
    dyn FnMut(&Plan, &[RestoredPage], &Path) -> Result<Vec<Warning>, String> + 'a;

/// Makes the outputs of `target` below `out` those that follow from its journal. Nothing is written where they are already.
pub(super) fn revise(
    out: &Path,
    name: &Path,
    target: &Target,
    places: Option<Vec<Page>>,
    searchable: &mut Searchable<'_>,
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
    let (mut plan, pages) = revised(&read, places, &apply::log_of(out, target));
    // what a searchable PDF gave rise to stands last
    let of_pdf = |warning: &&Warning| warning.code.starts_with("pdf-");
    let said = plan.warnings.len();
    plan.warnings.extend(read.warnings.iter().filter(of_pdf).cloned());
    let text = emit::text(&plan);
    let extras: Vec<(Extra, PathBuf)> = Extra::ALL
        .into_iter()
        .map(|extra| (extra, extra.file(target)))
        .filter(|(_, file)| Stamp::of_output(&out.join(file)).is_some())
        .collect();
    if plan == read && std::fs::read(out.join(&target.text)).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(Revised { plan, changed: false });
    }
    let mut outputs: Vec<(PathBuf, Option<Extra>, String)> = Vec::new();
    let mut drafts = Vec::new();
    if let Some((extra, file)) = extras.iter().find(|(extra, _)| *extra == Extra::Pdf) {
        let draft = Draft::new(out, file, b"").map_err(failed)?;
        let warnings = searchable(&plan, &pages, draft.temporary()).map_err(Pending::Source)?;
        plan.warnings.truncate(said);
        plan.warnings.extend(warnings);
        let sha256 = fingerprint(&[draft.temporary().to_owned()]);
        let sha256 = sha256.map_err(|error| Pending::Output(error.to_string()))?;
        outputs.push((file.clone(), Some(*extra), sha256));
        drafts.push(draft);
    }
    let mut put = |file: &Path, extra: Option<Extra>, content: &str| {
        drafts.push(Draft::new(out, file, content.as_bytes()).map_err(failed)?);
        outputs.push((file.to_owned(), extra, fingerprint_bytes(content.as_bytes())));
        Ok::<(), Pending>(())
    };
    for (extra, file) in &extras {
        match extra {
            Extra::Markdown => put(file, Some(*extra), &emit::markdown(&plan))?,
            Extra::Alto => put(file, Some(*extra), &emit::alto(&pages, &plan.source))?,
            Extra::Pdf => {}
        }
    }
    put(&target.text, None, &text)?;
    put(&target.json, None, &emit::json(&plan))?;
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
    let output = |(file, extra, sha256): &(PathBuf, Option<Extra>, String)| {
        let stamp = Stamp::of_output(&out.join(file))?.text().to_owned();
        Some((*extra, Output { stamp, sha256: sha256.clone() }))
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
