//! Pages read again, for what the JSON does not hold: where words stand, and what the page looks like.
//!
//! The same worker processes do it as in a run, one at a time, with the same limits. A page whose text is not the one that the JSON has is
//! none: the source or the recognition model is another by now. What was read is kept in the folder of records,
//! compressed, up to [`MOST_BYTES`] for all documents together, the oldest leaving first: reading takes a second a page, loading
//! it some milliseconds.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::batch::child::{Child, Launch, WorkerCommand};
use crate::batch::lock;
use crate::batch::options::Ocr;
use crate::batch::protocol::{Reply, Request, Searchable, Setup};
use crate::emit;
use crate::ingest::{DiscoverOptions, Input, Limits, discover, fingerprint, fingerprint_bytes};
use crate::model::plan::Warning;
use crate::model::{Decision, Page, Plan, RestoredPage};

/// The most that kept readings of all documents together may take.
const MOST_BYTES: u64 = 256 << 20;

/// How long one page may take.
const PAGE: Duration = Duration::from_secs(120);

/// Memory of the worker.
const MEMORY: u64 = 4 << 30;

/// Reads pages again.
#[derive(Debug)]
pub struct Reader {
    out: PathBuf,
    worker: Option<(Child, Opened)>,
}

/// What a worker has open, with what settings.
#[derive(Debug, Clone, PartialEq)]
struct Opened {
    path: PathBuf,
    dpi: Option<f32>,
    model: Option<String>,
}

impl Reader {
    /// For the documents of `out`.
    #[must_use]
    pub fn new(out: &Path) -> Reader {
        Reader { out: out.to_owned(), worker: None }
    }

    /// The document at `path`, if it is still the one that `plan` was made from.
    ///
    /// # Errors
    /// Why it is not, for people.
    pub fn source(path: &Path, plan: &Plan) -> Result<Input, String> {
        let options = DiscoverOptions { document_per_folder: path.is_dir(), out: None };
        let found = discover(&[path], &options).inputs.into_iter().next();
        let input = found.ok_or_else(|| format!("{} is not there any more", path.display()))?;
        let sha256 = fingerprint(&input.paths).map_err(|error| error.to_string())?;
        if sha256 == plan.source.sha256 {
            return Ok(input);
        }
        Err(format!("{} has changed since it was digitised", path.display()))
    }

    /// The pages of `plan`, read again from `input` and the same as then; `read` is told how many are done.
    ///
    /// # Errors
    /// Why they cannot be, for people.
    pub fn pages(
        &mut self,
        input: &Input,
        plan: &Plan,
        mut read: impl FnMut(usize),
    ) -> Result<Vec<Page>, String> {
        let same = |pages: &[Page]| {
            pages.len() == plan.pages.len()
                && pages.iter().zip(&plan.pages).all(|(page, record)| page.raw == record.raw)
        };
        let kept = self.kept(plan);
        if let Some(pages) = load(&kept).filter(|pages| same(pages)) {
            return Ok(pages);
        }
        let mut pages = Vec::with_capacity(plan.pages.len());
        for record in &plan.pages {
            let page = self.page(input, plan, record.number, record.decision)?;
            if page.raw != record.raw {
                return Err(format!(
                    "page {} reads differently now: another recognition model is installed, or another version made the outputs",
                    record.number
                ));
            }
            pages.push(Page { score: record.score, ..page });
            read(pages.len());
        }
        // Readings that cannot be kept are read again.
        if let Err(error) = keep(&self.out, &kept, &pages) {
            tracing::warn!(%error, "pages that were read again are not kept");
        }
        Ok(pages)
    }

    /// Those pages, if they are kept.
    #[must_use]
    pub fn kept_pages(&self, plan: &Plan) -> Option<Vec<Page>> {
        let pages = load(&self.kept(plan))?;
        (pages.len() == plan.pages.len()
            && pages.iter().zip(&plan.pages).all(|(page, record)| page.raw == record.raw))
        .then_some(pages)
    }

    /// Page `number` as a JPEG at most `width` pixels wide.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub fn picture(
        &mut self,
        input: &Input,
        plan: &Plan,
        number: u32,
        width: u32,
    ) -> Result<Vec<u8>, String> {
        match self.ask(input, plan, &Request::Picture { number, width })? {
            Reply::Picture { jpeg } => Ok(jpeg),
            Reply::Failed(failure) => Err(failure.message),
            _ => Err("the worker process answered something else".into()),
        }
    }

    /// Makes the searchable PDF of `plan` and its pages at `to`; what there is to say of it comes back.
    ///
    /// # Errors
    /// Why it cannot be made, for people.
    pub(super) fn searchable(
        &mut self,
        input: &Input,
        plan: &Plan,
        pages: &[RestoredPage],
        to: &Path,
    ) -> Result<Vec<Warning>, String> {
        use std::os::unix::ffi::OsStrExt as _;
        for page in pages {
            match self.ask(input, plan, &Request::Lay(emit::Layer::of(page)))? {
                Reply::Ready => {}
                Reply::Failed(failure) => return Err(failure.message),
                _ => return Err("the worker process answered something else".into()),
            }
        }
        let wanted = Searchable {
            input: input.clone(),
            pages: plan.source.pages,
            metadata: emit::Metadata::of(plan),
            sha256: plan.source.sha256.clone(),
            to: to.as_os_str().as_bytes().to_vec(),
        };
        match self.ask(input, plan, &Request::Searchable(Box::new(wanted)))? {
            Reply::Searchable { made: true, warnings, .. } => Ok(warnings),
            Reply::Searchable { warnings, .. } => {
                Err(warnings.first().map_or("no searchable PDF".into(), |warning| warning.message.clone()))
            }
            Reply::Failed(failure) => Err(failure.message),
            _ => Err("the worker process answered something else".into()),
        }
    }

    fn page(&mut self, input: &Input, plan: &Plan, number: u32, decision: Decision) -> Result<Page, String> {
        let mut reply = self.ask(input, plan, &Request::Page { number, attempt: 0 })?;
        if decision == Decision::Ocr && matches!(reply, Reply::Layer { .. }) {
            reply = self.ask(input, plan, &Request::Recognise)?;
        }
        match reply {
            Reply::Layer { page, .. } | Reply::Page { page, .. } => Ok(Page { decision, ..page }),
            Reply::Failed(failure) => Err(failure.message),
            _ => Err("the worker process answered something else".into()),
        }
    }

    fn ask(&mut self, input: &Input, plan: &Plan, request: &Request) -> Result<Reply, String> {
        let option = |name: &str| plan.source.options.iter().find_map(|option| option.strip_prefix(name));
        let wanted = Opened {
            path: input.path().to_owned(),
            dpi: option("dpi=").and_then(|dpi| dpi.parse().ok()),
            model: plan
                .source
                .models
                .iter()
                .find_map(|label| Some(label.strip_prefix("tesseract ")?.split(" (").next()?.to_owned())),
        };
        if self.worker.as_ref().is_none_or(|(_, opened)| *opened != wanted) {
            self.worker = None; // before the next one takes memory
            self.worker = Some((start(input, &wanted)?, wanted));
        }
        let Some((child, _)) = &mut self.worker else { return Err("no worker process".into()) };
        let reply = child.ask(request, Instant::now() + PAGE, PAGE).map_err(|broken| broken.to_string());
        if reply.is_err() {
            self.worker = None;
        }
        reply
    }

    /// Where the pages of `plan` are kept.
    fn kept(&self, plan: &Plan) -> PathBuf {
        let source = &plan.source;
        let what = [std::slice::from_ref(&source.sha256), &source.models, &source.options].concat().join(" ");
        kept_in(&self.out).join(format!("{}.pages", &fingerprint_bytes(what.as_bytes())[..32]))
    }
}

/// A worker with this document open.
fn start(input: &Input, wanted: &Opened) -> Result<Child, String> {
    let command = WorkerCommand::own().map_err(|error| error.to_string())?;
    let mut child = Child::start(&Launch { command, verbose: false }).map_err(|broken| broken.to_string())?;
    let setup = Setup {
        memory: MEMORY,
        limits: Limits::default(),
        ocr: Ocr::Auto,
        dpi: wanted.dpi,
        model: wanted.model.clone(),
    };
    for request in [Request::Setup(setup), Request::Open(input.clone())] {
        let reply = child.ask(&request, Instant::now() + PAGE, PAGE).map_err(|broken| broken.to_string())?;
        if let Reply::Failed(failure) = reply {
            return Err(failure.message);
        }
    }
    Ok(child)
}

/// Where pages are kept.
fn kept_in(out: &Path) -> PathBuf {
    lock::records(out).join("review")
}

fn load(path: &Path) -> Option<Vec<Page>> {
    let mut json = Vec::new();
    DeflateDecoder::new(fs::File::open(path).ok()?).take(MOST_BYTES).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}

/// Keeps `pages`, without what only restoration needs; the oldest ones go if there is not room for all.
fn keep(out: &Path, path: &Path, pages: &[Page]) -> std::io::Result<()> {
    let mut pages = pages.to_vec();
    for word in pages.iter_mut().flat_map(|page| &mut page.lines).flat_map(|line| &mut line.words) {
        word.alternatives.clear();
    }
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&serde_json::to_vec(&pages)?)?;
    let packed = packed.finish()?;
    let relative = path.strip_prefix(out).unwrap_or(path);
    emit::write(out, relative, &packed).map_err(std::io::Error::other)?;
    let mut all = Vec::new();
    for entry in fs::read_dir(kept_in(out))?.filter_map(Result::ok) {
        let found = entry.metadata()?;
        if entry.path().extension().is_some_and(|extension| extension == "pages") && entry.path() != path {
            all.push((found.modified()?, found.len(), entry.path()));
        }
    }
    all.sort();
    let mut bytes = packed.len() as u64 + all.iter().map(|(_, bytes, _)| bytes).sum::<u64>();
    for (_, freed, old) in all {
        if bytes <= MOST_BYTES {
            break;
        }
        fs::remove_file(old)?;
        bytes -= freed;
    }
    Ok(())
}
