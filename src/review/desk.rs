//! What the pages of the browser work on: documents as they are shown, their pictures and the places of their words.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::batch::{Archive, Reader};
use crate::emit::Target;
use crate::ingest::Input;
use crate::model::review::machine_pages;
use crate::model::{Plan, RestoredPage};

use super::gallery::Gallery;
use super::keeper::Keeper;
use super::list::{List, Row};
use super::{view, words};

/// How many documents are held as they were read.
const HELD: usize = 6;

/// Why something cannot be done.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such document or page.
    None,
    /// What was asked makes no sense; for people.
    Bad(String),
    /// Somebody else decided something meanwhile.
    Conflict(Value),
    /// It cannot be kept; for people.
    Failed(String),
}

/// A document as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// Its plan, as its JSON has it.
    pub plan: Plan,
    /// Its pages, as the machine left them.
    pub(super) machine: Vec<RestoredPage>,
}

/// The desk.
#[derive(Debug)]
pub struct Desk {
    pub(super) archive: Archive,
    pub(super) reviewer: String,
    /// All documents.
    pub list: Arc<List>,
    /// The threads that make outputs.
    pub keeper: Keeper,
    gallery: Gallery,
    sources: Mutex<HashMap<String, Input>>,
    held: Mutex<VecDeque<(String, SystemTime, Arc<Loaded>)>>,
    pub(super) groups: Mutex<HashMap<String, Vec<String>>>,
}

impl Desk {
    /// A desk for `archive`, for this person.
    pub fn new(archive: Archive, reviewer: String, list: Arc<List>, keeper: Keeper) -> Desk {
        let gallery = Gallery::new(Reader::new(archive.out()));
        Desk {
            archive,
            reviewer,
            list,
            keeper,
            gallery,
            sources: Mutex::default(),
            held: Mutex::default(),
            groups: Mutex::default(),
        }
    }

    /// Who decides here, and where.
    pub fn who(&self) -> Value {
        let out = self.archive.out();
        let name = out.file_name().unwrap_or(out.as_os_str()).to_string_lossy();
        json!({ "reviewer": self.reviewer, "out": name })
    }

    /// A document as the browser shows it.
    ///
    /// # Errors
    /// [`Refusal::None`], [`Refusal::Failed`].
    pub fn show(&self, id: &str) -> Result<Value, Refusal> {
        let row = self.list.row(id).ok_or(Refusal::None)?;
        let target = row.target().ok_or(Refusal::None)?;
        let log = self.archive.log(&target);
        let loaded = self.load(&row, &target).map_err(Refusal::Failed)?;
        let plan = &loaded.plan;
        self.keeper.opened(id, plan);
        let words = words::of(&loaded.machine, &log);
        let shown = view::shown_pages(plan);
        let blocks = view::blocks(plan, &shown, &words);
        let fields: Vec<Value> =
            log.fields().iter().map(|(d, _)| json!({ "path": d.path, "after": d.after })).collect();
        let living: Vec<Value> = log
            .living()
            .iter()
            .rev()
            .filter(|(_, d)| d.by == self.reviewer)
            .take(200)
            .map(|(n, d)| json!({ "line": n, "group": d.group }))
            .collect();
        let pages: Vec<Value> = plan
            .pages
            .iter()
            .map(|p| {
                // without a picture the text as it was read is what there is to compare with
                let raw = (p.dpi <= 0.0).then_some(&p.raw);
                json!({ "number": p.number, "width": p.width, "height": p.height, "turn": p.turn, "decision": p.decision, "raw": raw })
            })
            .collect();
        Ok(json!({
            "id": id,
            "name": row.listed.name.to_string_lossy(),
            "version": log.version(),
            "media": plan.source.media_type,
            "pages": pages,
            "blocks": blocks,
            "words": words,
            "fields": fields,
            "warnings": plan.warnings,
            "grade": plan.quality.grade,
            "living": living,
            "outputs": self.keeper.state(id),
            "next": self.list.next_open(id),
        }))
    }

    /// The version of a document and how far its outputs are.
    ///
    /// # Errors
    /// [`Refusal::None`].
    pub fn state(&self, id: &str) -> Result<Value, Refusal> {
        let target = self.list.row(id).and_then(|row| row.target()).ok_or(Refusal::None)?;
        Ok(json!({ "version": self.archive.log(&target).version(), "outputs": self.keeper.state(id) }))
    }

    /// Where the words of a page stand: start and end in the raw text, and the box.
    ///
    /// # Errors
    /// [`Refusal::None`].
    pub fn places(&self, id: &str, number: u32) -> Result<Value, Refusal> {
        let pages = self.keeper.places(id).ok_or(Refusal::None)?;
        let page = pages.iter().find(|page| page.number == number).ok_or(Refusal::None)?;
        let words = page.lines.iter().flat_map(|line| &line.words);
        let boxes: Vec<[f32; 6]> = words
            .filter_map(|w| w.bbox.map(|b| [w.span.start as f32, w.span.end as f32, b.x, b.y, b.w, b.h]))
            .collect();
        Ok(json!({ "width": page.width, "height": page.height, "words": boxes }))
    }

    /// A page's picture.
    ///
    /// # Errors
    /// [`Refusal::None`], [`Refusal::Failed`].
    pub fn picture(&self, id: &str, number: u32, width: u32) -> Result<Arc<Vec<u8>>, Refusal> {
        let row = self.list.row(id).ok_or(Refusal::None)?;
        let target = row.target().ok_or(Refusal::None)?;
        let loaded = self.load(&row, &target).map_err(Refusal::Failed)?;
        if !loaded.plan.pages.iter().any(|page| page.number == number) {
            return Err(Refusal::None);
        }
        let source = || self.source(&row, &loaded.plan);
        let picture =
            self.gallery.picture(id, &loaded.plan, number, width, source).map_err(Refusal::Failed)?;
        if picture.is_empty() { Err(Refusal::None) } else { Ok(picture) }
    }

    /// Where a document came from. Looked up once: the content's hash is compared.
    fn source(&self, row: &Row, plan: &Plan) -> Result<Input, String> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(input) = sources.get(&row.id) {
            return Ok(input.clone());
        }
        let input = self.archive.source(&row.listed, plan)?;
        sources.insert(row.id.clone(), input.clone());
        Ok(input)
    }

    /// A document as it is on the disk.
    pub(super) fn load(&self, row: &Row, target: &Target) -> Result<Arc<Loaded>, String> {
        let path: PathBuf = self.archive.out().join(&target.json);
        let written = std::fs::metadata(&path).and_then(|found| found.modified()).unwrap_or(UNIX_EPOCH);
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., loaded)) = held().iter().find(|(id, at, _)| *id == row.id && *at == written) {
            return Ok(Arc::clone(loaded));
        }
        let plan = self.archive.plan(target)?;
        let loaded = Arc::new(Loaded { machine: machine_pages(&plan), plan });
        let mut held = held();
        held.retain(|(id, ..)| *id != row.id);
        held.push_front((row.id.clone(), written, Arc::clone(&loaded)));
        held.truncate(HELD);
        Ok(loaded)
    }
}
