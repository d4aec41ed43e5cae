//! The worker's side of the conversation: a process that decodes and recognises pages for its parent and for nobody else.
//!
//! It protects its parent from itself: its address space is limited, it dies with its parent, it dumps no core, its answers
//! go through a pipe that no library can print into, and a panic in a decoder is an answer like any other.

use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rustix::process::{Resource, Rlimit, Signal};

use crate::emit::Layer;
use crate::ingest::{IngestError, Source};
use crate::model::{Decision, Page, Profile, profile};
use crate::recognise::{Engine, Prepared, Tesseract};

use super::child::Numbered;
use super::failure::{Failure, Reason};
use super::gather::{from_ingest, from_page};
use super::options::Ocr;
use super::protocol::{Reply, Request, Setup};
use super::{engine, searchable, wire};

/// How good the JPEGs are that persons see (0 to 100).
const QUALITY: u8 = 80;

/// Answers questions from stdin on stdout until the parent closes the pipe.
///
/// # Errors
/// When the pipe breaks or the parent talks nonsense.
pub fn serve() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    let mut answers = private_stdout()?;
    let mut questions = io::stdin().lock();
    converse(&mut questions, &mut answers)
}

/// The pipe to the parent, under a number of its own; what is printed to stdout goes to stderr from now on.
fn private_stdout() -> io::Result<File> {
    let pipe = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(File::from(pipe))
}

fn converse(questions: &mut impl Read, answers: &mut File) -> io::Result<()> {
    let mut bench = Bench::default();
    while let Some(Numbered { id, body }) = wire::receive::<Numbered<Request>>(questions)? {
        let answer = AssertUnwindSafe(|| {
            #[cfg(debug_assertions)]
            if let Request::Page { number, attempt } = &body {
                super::fault::inject(*number, *attempt, answers);
            }
            bench.answer(body)
        });
        let reply = catch_unwind(answer).unwrap_or_else(|panic| {
            // Whatever was open may be in any state.
            bench.source = None;
            bench.engine = None;
            bench.layers = Vec::new();
            Err(Failure { reason: Reason::Input, ..Failure::panicked(panic.as_ref()) })
        });
        let body = reply.unwrap_or_else(Reply::Failed);
        wire::send(answers, &Numbered { id, body })?;
    }
    Ok(())
}

/// What a worker has at hand.
#[derive(Default)]
struct Bench {
    setup: Option<Setup>,
    source: Option<Source>,
    /// Its path, as errors show it.
    path: PathBuf,
    /// The page last asked for, 1-based.
    number: u32,
    /// Layers of the searchable PDF that will be asked for.
    layers: Vec<Layer>,
    engine: Option<Prepared<Tesseract>>,
}

impl Bench {
    fn answer(&mut self, request: Request) -> Result<Reply, Failure> {
        match request {
            Request::Setup(setup) => {
                limit_memory(setup.memory, setup.limits.file_bytes)?;
                self.setup = Some(setup);
                Ok(Reply::Ready)
            }
            Request::Open(input) => {
                let setup = self.setup.as_ref().ok_or_else(out_of_turn)?;
                self.source = None; // before the next one takes memory
                let source = Source::open(&input, &setup.limits)
                    .map_err(|error| from_ingest(&error, input.path()))?
                    .with_default_dpi(setup.dpi);
                let reply =
                    Reply::Opened { pages: source.page_count(), warnings: source.warnings().to_vec() };
                self.source = Some(source);
                self.path = input.path().to_owned();
                Ok(reply)
            }
            Request::Page { number, .. } => {
                let source = self.source.as_mut().ok_or_else(out_of_turn)?;
                self.number = number;
                let index = number.checked_sub(1).ok_or_else(out_of_turn)?;
                let ocr = self.setup.as_ref().map_or(Ocr::Auto, |setup| setup.ocr);
                if ocr == Ocr::Always {
                    return self.recognise();
                }
                let mut spent = Profile::default();
                let layer = match profile::timed(&mut spent.decode, || source.layer(index)) {
                    Ok(layer) => layer,
                    Err(error @ IngestError::Limit { .. }) => return Err(from_page(&error, &self.path)),
                    // A text layer that cannot be read is none: the picture may still be good.
                    Err(_) => None,
                };
                match layer {
                    Some(page) if !page.raw.trim().is_empty() => Ok(Reply::Layer { page, spent }),
                    _ if ocr == Ocr::Never => {
                        let page = Page::from_text(number, Decision::TextLayer, "");
                        Ok(Reply::Page { page, model: None, spent })
                    }
                    _ => self.recognise(),
                }
            }
            Request::Recognise => self.recognise(),
            Request::Picture { number, width } => self.picture(number, width),
            Request::Lay(layer) => {
                self.layers.push(layer);
                Ok(Reply::Ready)
            }
            Request::Searchable(wanted) => {
                let setup = self.setup.as_ref().ok_or_else(out_of_turn)?;
                let layers = std::mem::take(&mut self.layers);
                let mut spent = Profile::default();
                let made = profile::timed(&mut spent.write, || searchable::make(&wanted, &layers, setup));
                let (made, warnings) = match made {
                    Ok(warnings) => (true, warnings),
                    Err(warning) => (false, vec![warning]),
                };
                Ok(Reply::Searchable { made, warnings, spent })
            }
        }
    }

    /// A page's image as a JPEG, no wider than `width`.
    fn picture(&mut self, number: u32, width: u32) -> Result<Reply, Failure> {
        let source = self.source.as_mut().ok_or_else(out_of_turn)?;
        let image = source.image(number.saturating_sub(1)).map_err(|error| from_page(&error, &self.path))?;
        let Some(image) = image else { return Ok(Reply::Picture { jpeg: Vec::new() }) };
        let pixels = image.pixels;
        let scale = f64::from(width.max(1)) / f64::from(pixels.width().max(1));
        let height = (f64::from(pixels.height()) * scale).ceil().max(1.0) as u32;
        let pixels = if scale < 1.0 { pixels.thumbnail(width.max(1), height) } else { pixels };
        let pixels = match pixels.color().has_color() {
            true => image::DynamicImage::from(pixels.into_rgb8()),
            false => image::DynamicImage::from(pixels.into_luma8()),
        };
        let mut jpeg = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        pixels
            .write_with_encoder(encoder)
            .map_err(|error| Failure::new(Reason::Input, format!("its image cannot be shown: {error}")))?;
        Ok(Reply::Picture { jpeg })
    }

    /// Recognises the picture of the page last asked for.
    fn recognise(&mut self) -> Result<Reply, Failure> {
        let (Some(source), Some(setup)) = (self.source.as_mut(), &self.setup) else {
            return Err(out_of_turn());
        };
        let number = self.number;
        let mut spent = Profile::default();
        let image = profile::timed(&mut spent.decode, || source.image(number.saturating_sub(1)));
        let Some(image) = image.map_err(|error| from_page(&error, &self.path))? else {
            let page = Page::from_text(number, Decision::Text, "");
            return Ok(Reply::Page { page, model: None, spent });
        };
        let engine = match &mut self.engine {
            Some(engine) => engine,
            none => none.insert(engine::start(setup.model.as_deref())?),
        };
        let before = engine.inside();
        let page = profile::timed(&mut spent.prepare, || engine.recognise(&image, number));
        spent.recognise = engine.inside().saturating_sub(before);
        spent.prepare = spent.prepare.saturating_sub(spent.recognise);
        let mut page = page.map_err(|error| engine::failure(&error))?;
        page.user_space = source.user_space(number.saturating_sub(1)).unwrap_or_default();
        Ok(Reply::Page { page, model: Some(engine.model().to_owned()), spent })
    }
}

/// Holds the memory to `bytes`, and the address space to that and the largest `file` that may be mapped; or to less where less is
/// allowed already. What a map holds is the system's to take back, so it does not count as memory.
fn limit_memory(bytes: u64, file: u64) -> Result<(), Failure> {
    for (resource, bytes) in [(Resource::Data, bytes), (Resource::As, bytes.saturating_add(file))] {
        let allowed = rustix::process::getrlimit(resource).maximum;
        let bytes = Some(allowed.map_or(bytes, |most| most.min(bytes)));
        rustix::process::setrlimit(resource, Rlimit { current: bytes, maximum: bytes }).map_err(|error| {
            Failure::new(Reason::Crash, format!("cannot limit the memory of a worker: {error}"))
        })?;
    }
    Ok(())
}

/// A question that makes no sense at this point of the conversation.
fn out_of_turn() -> Failure {
    Failure::new(Reason::Internal, "a bug in this program (a question out of turn); please report it")
}
