//! One place for a worker, held by one thread of the pool: it starts a process when the first page comes, keeps it as long
//! as it behaves, and replaces it when it does not.

use std::time::{Duration, Instant};

use crate::emit::{Layer, Metadata};
use crate::model::plan::Warning;
use crate::model::{Decision, Page, Profile};

use super::child::{Broken, Child, Launch};
use super::document::{self, Document};
use super::failure::{Failure, Reason};
use super::gather::Job;
use super::options::Ocr;
use super::protocol::{Reply, Request, Searchable, Setup};
use super::restoration::{Judged, Verdict, words};

/// A worker is replaced after so many pages, whatever it may have leaked.
const PAGES_PER_WORKER: u32 = 1000;

/// How often a page that ends its worker is given to a new one.
const ATTEMPTS: u32 = 2;

/// What all slots of a run have in common.
#[derive(Debug, Clone)]
pub(super) struct Plant {
    pub launch: Launch,
    pub setup: Setup,
    /// How long opening a document or reading one page may take.
    pub limit: Duration,
    /// How long a document may take until its last page is read.
    pub document_limit: Duration,
}

/// A place for a worker.
#[derive(Debug)]
pub(super) struct Slot {
    plant: Plant,
    worker: Option<Worker>,
    spent: Profile,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    /// The document that is open in it.
    open: Option<u64>,
    pages: u32,
}

/// A document that a worker could open.
#[derive(Debug)]
pub(super) struct Opened {
    /// Number of its pages.
    pub pages: u32,
    /// What looks wrong about it as a whole.
    pub warnings: Vec<Warning>,
}

/// Why a step came to nothing.
enum Trouble {
    /// The worker is unfit: another one may do better.
    Worker(Broken),
    /// The input is: another one would say the same.
    Input(Failure),
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Trouble {
        Trouble::Worker(broken)
    }
}

impl Slot {
    pub fn new(plant: Plant) -> Slot {
        Slot { plant, worker: None, spent: Profile::default() }
    }

    /// What its workers have spent on pages.
    pub fn spent(&self) -> Profile {
        self.spent
    }

    /// Opens the document of `job`, to be known as `id`; says how many pages it has and what looks wrong about it.
    pub fn open(&mut self, id: u64, job: &Job) -> Result<Opened, Failure> {
        self.retry(|slot, _| slot.try_open(id, job))
    }

    /// Reads page `number` of `document`. `judge` says whether its text layer will do; otherwise its image is
    /// recognised. With the page comes the name of the recognition model, if it was used.
    pub fn page(
        &mut self,
        document: &Document,
        number: u32,
        judge: &dyn Fn(&Page) -> Judged,
    ) -> Result<(Page, Option<String>), Failure> {
        if document.taken_up.elapsed() >= self.plant.document_limit {
            return Err(too_long(self.plant.document_limit));
        }
        let whole = self.plant.document_limit;
        self.retry(|slot, attempt| slot.try_page(document, number, attempt, judge)).map_err(|failure| {
            match failure.reason {
                Reason::Deadline if document.taken_up.elapsed() >= whole => too_long(whole),
                _ => failure.on_page(number),
            }
        })
    }

    /// Lets a worker write the searchable PDF of `document` to `to`, with `layers` over its pages; whether it was made, and what there is to
    /// say of it. Tried once: the document does not depend on it.
    pub fn searchable(
        &mut self,
        document: &Document,
        layers: impl Iterator<Item = Layer>,
        metadata: Metadata,
        to: Vec<u8>,
    ) -> Result<(bool, Vec<Warning>), Failure> {
        let made = self.try_searchable(document, layers, metadata, to);
        made.map_err(|trouble| match trouble {
            Trouble::Input(failure) => failure,
            Trouble::Worker(broken) => {
                self.worker = None;
                tracing::warn!(why = %broken, "worker ended at a searchable PDF");
                hopeless(&broken)
            }
        })
    }

    fn try_searchable(
        &mut self,
        document: &Document,
        layers: impl Iterator<Item = Layer>,
        metadata: Metadata,
        to: Vec<u8>,
    ) -> Result<(bool, Vec<Warning>), Trouble> {
        // a page takes milliseconds: a limit for one page is enough for some hundreds
        let limit = self.plant.limit.saturating_mul(1 + document.count / 500);
        let whole = document.taken_up + self.plant.document_limit;
        let deadline = || (Instant::now() + limit).min(whole);
        let worker = self.worker()?;
        for layer in layers {
            match worker.child.ask(&Request::Lay(layer), deadline(), limit)? {
                Reply::Ready => {}
                other => return Err(unexpected(&other)),
            }
        }
        let wanted = Searchable {
            input: document.job.input.clone(),
            pages: document.count,
            metadata,
            sha256: document.read.sha256.clone(),
            to,
        };
        match worker.child.ask(&Request::Searchable(Box::new(wanted)), deadline(), limit)? {
            Reply::Searchable { made, warnings, spent } => {
                self.spent.add(&spent);
                Ok((made, warnings))
            }
            Reply::Failed(failure) => Err(Trouble::Input(failure)),
            other => Err(unexpected(&other)),
        }
    }

    /// Runs `step`; a worker that dies in it or answers nonsense is replaced and the step tried again.
    fn retry<T>(&mut self, step: impl Fn(&mut Slot, u32) -> Result<T, Trouble>) -> Result<T, Failure> {
        let mut attempt = 0;
        loop {
            let trouble = match step(self, attempt) {
                Ok(done) => return Ok(done),
                Err(trouble) => trouble,
            };
            attempt += 1;
            match trouble {
                Trouble::Input(failure) => return Err(failure),
                Trouble::Worker(broken) => {
                    self.worker = None;
                    tracing::warn!(attempt, why = %broken, "worker ended");
                    match broken {
                        Broken::Died(_) | Broken::Nonsense(_) if attempt < ATTEMPTS => {}
                        broken => return Err(hopeless(&broken)),
                    }
                }
            }
        }
    }

    fn try_open(&mut self, id: u64, job: &Job) -> Result<Opened, Trouble> {
        let limit = self.plant.limit;
        let worker = self.worker()?;
        worker.open = None;
        match worker.child.ask(&Request::Open(job.input.clone()), Instant::now() + limit, limit)? {
            Reply::Opened { pages, warnings } => {
                worker.open = Some(id);
                Ok(Opened { pages, warnings })
            }
            Reply::Failed(failure) => Err(Trouble::Input(failure)),
            other => Err(unexpected(&other)),
        }
    }

    fn try_page(
        &mut self,
        document: &Document,
        number: u32,
        attempt: u32,
        judge: &dyn Fn(&Page) -> Judged,
    ) -> Result<(Page, Option<String>), Trouble> {
        if self.worker()?.open != Some(document.id) {
            let opened = self.try_open(document.id, &document.job)?;
            if opened.pages != document.count {
                return Err(Trouble::Input(document::changed()));
            }
        }
        let limit = self.plant.limit;
        let whole = document.taken_up + self.plant.document_limit;
        let deadline = (Instant::now() + limit).min(whole);
        let never = self.plant.setup.ocr == Ocr::Never;
        let worker = self.worker()?;
        let mut spent = Profile::default();
        let mut reply = worker.child.ask(&Request::Page { number, attempt }, deadline, limit)?;
        note(&reply, &mut spent);
        if let Reply::Layer { page: mut layer, .. } = reply {
            let judged = judge(&layer);
            layer.score = Some(judged.right);
            reply = match judged.verdict {
                Verdict::Replace if never => taken(Page { decision: Decision::RestoredLayer, ..layer }),
                Verdict::Take => taken(layer),
                _ if never => taken(layer),
                verdict => {
                    let mut recognised = worker.child.ask(&Request::Recognise, deadline, limit)?;
                    note(&recognised, &mut spent);
                    if let Reply::Page { page, .. } = &mut recognised {
                        judged.witness.testify(page);
                    }
                    better(layer, verdict, recognised)
                }
            };
        }
        worker.pages += 1;
        if is_worn_out(worker.pages) {
            self.worker = None;
        }
        self.spent.add(&spent);
        match reply {
            Reply::Page { page, model, .. } if page.number == number => Ok((page, model)),
            Reply::Failed(failure) => Err(Trouble::Input(failure)),
            other => Err(unexpected(&other)),
        }
    }

    /// The worker of this slot, started and set up if there is none.
    fn worker(&mut self) -> Result<&mut Worker, Trouble> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                let mut child = Child::start(&self.plant.launch)?;
                let limit = self.plant.limit;
                match child.ask(&Request::Setup(self.plant.setup.clone()), Instant::now() + limit, limit)? {
                    Reply::Ready => {}
                    Reply::Failed(failure) => return Err(Trouble::Input(failure)),
                    other => return Err(unexpected(&other)),
                }
                tracing::debug!(process = child.id(), "worker started");
                Worker { child, open: None, pages: 0 }
            }
        };
        Ok(self.worker.insert(worker))
    }
}

/// Whether a worker that has read so many pages is replaced.
fn is_worn_out(pages: u32) -> bool {
    #[cfg(debug_assertions)]
    if let Some(most) = super::fault::most_pages() {
        return u64::from(pages) >= most;
    }
    pages >= PAGES_PER_WORKER
}

/// A text layer as the answer.
fn taken(page: Page) -> Reply {
    Reply::Page { page, model: None, spent: Profile::default() }
}

/// Adds what an answer cost.
fn note(reply: &Reply, sum: &mut Profile) {
    if let Reply::Page { spent, .. } | Reply::Layer { spent, .. } = reply {
        sum.add(spent);
    }
}

/// The better of a text layer, on which the verdict was not simply to take it, and what recognising the image came to.
fn better(layer: Page, verdict: Verdict, mut recognised: Reply) -> Reply {
    if let Reply::Page { page, .. } = &mut recognised {
        page.score = layer.score;
    }
    match (verdict, recognised) {
        (Verdict::Compare, Reply::Page { page, .. }) if 2 * words(&page) <= 3 * words(&layer) => taken(layer),
        (Verdict::Compare, Reply::Failed(_)) => taken(layer),
        // A picture that cannot be decoded: a garbled text is better than none.
        (Verdict::Replace, Reply::Failed(failure)) if failure.reason == Reason::Input => {
            taken(Page { decision: Decision::RestoredLayer, ..layer })
        }
        (_, recognised) => recognised,
    }
}

fn unexpected(reply: &Reply) -> Trouble {
    let kind = match reply {
        Reply::Ready => "ready",
        Reply::Opened { .. } => "opened",
        Reply::Layer { .. } => "layer",
        Reply::Page { .. } => "page",
        Reply::Picture { .. } => "picture",
        Reply::Searchable { .. } => "searchable",
        Reply::Failed(_) => "failed",
    };
    Trouble::Worker(Broken::Nonsense(format!("an unexpected answer, '{kind}'")))
}

/// The failure of a document that took longer than `limit`.
pub(super) fn too_long(limit: Duration) -> Failure {
    Failure::new(
        Reason::Deadline,
        format!("not finished after {} s in all; allow more time with --document-timeout", limit.as_secs()),
    )
}

/// The failure of a document whose page `number` took longer than `limit`.
pub(super) fn page_too_long(limit: Duration, number: u32) -> Failure {
    hopeless(&Broken::Deadline(limit)).on_page(number)
}

/// The failure of an input that no worker survives.
fn hopeless(broken: &Broken) -> Failure {
    match broken {
        Broken::Deadline(_) => Failure::new(
            Reason::Deadline,
            format!("{broken}; allow more time with --page-timeout, or leave the page out with --pages"),
        ),
        Broken::Start(_) => Failure::new(Reason::Crash, format!("{broken}; try again with fewer --jobs")),
        Broken::Died(_) | Broken::Nonsense(_) => Failure::new(
            Reason::Crash,
            format!(
                "{broken}, {ATTEMPTS} times; the file may be damaged: scan or convert it again, or allow more memory with --worker-memory"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(words: usize, decision: Decision) -> Page {
        Page::from_text(1, decision, &"kế hoạch ".repeat(words / 2))
    }

    fn better_of(layer: usize, verdict: Verdict, recognised: Reply) -> (usize, Decision) {
        match better(page(layer, Decision::TextLayer), verdict, recognised) {
            Reply::Page { page, .. } => (words(&page), page.decision),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_little_layer_gives_way_to_an_image_with_much_more_text() {
        let spent = Profile::default();
        let read = |n| Reply::Page { page: page(n, Decision::Ocr), model: Some("m".into()), spent };
        assert_eq!(better_of(10, Verdict::Compare, read(300)), (300, Decision::Ocr));
        assert_eq!(better_of(40, Verdict::Compare, read(42)), (40, Decision::TextLayer));
        assert_eq!(better_of(300, Verdict::Replace, read(10)), (10, Decision::Ocr));
    }

    #[test]
    fn a_layer_is_the_last_resort_except_where_something_can_be_installed() {
        let failed = |reason| Reply::Failed(Failure::new(reason, "no"));
        assert_eq!(better_of(8, Verdict::Compare, failed(Reason::Dependency)), (8, Decision::TextLayer));
        assert_eq!(better_of(300, Verdict::Replace, failed(Reason::Input)), (300, Decision::RestoredLayer));
        let missing = better(page(300, Decision::TextLayer), Verdict::Replace, failed(Reason::Dependency));
        assert!(matches!(missing, Reply::Failed(_)), "{missing:?}");
    }
}
