//! Makes outputs follow from decisions, in threads of their own: one writes, one reads pages again where places of words are needed.
//!
//! Decisions are in the journal before they come here, so whatever ends these threads costs nothing: the next start looks for documents whose
//! outputs are behind ([`Archive::behind`]).

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::batch::{Archive, Pending, Reader};
use crate::model::{Page, Plan};

use super::list::{Head, List, Row};

/// How many documents' places are held.
const HELD: usize = 8;

/// How long decisions are waited for that come right after one.
const LINGER: Duration = Duration::from_millis(40);

/// After how long outputs that wait for a run are tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// How far a document's outputs are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct State {
    /// Whether decisions are not in the outputs yet.
    pub pending: bool,
    /// Why they wait, or why words have no places.
    pub why: Option<String>,
    /// How many of its pages have been read again.
    pub read: usize,
    /// Out of so many; 0 if that is not going on.
    pub of: usize,
    /// Whether the places of words are known.
    pub places: bool,
}

/// What the threads share.
#[derive(Debug)]
struct Shared {
    archive: Archive,
    list: Arc<List>,
    states: Mutex<HashMap<String, State>>,
    places: Mutex<VecDeque<(String, Arc<Vec<Page>>)>>,
    stop: AtomicBool,
}

/// The threads, from outside.
#[derive(Debug)]
pub struct Keeper {
    shared: Arc<Shared>,
    revise: Sender<String>,
    read: Sender<String>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Keeper {
    /// Starts them.
    ///
    /// # Errors
    /// What the system says when it refuses a thread.
    pub fn start(archive: Archive, list: Arc<List>) -> std::io::Result<Keeper> {
        let shared = Arc::new(Shared {
            archive,
            list,
            states: Mutex::default(),
            places: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let (revise, to_revise) = channel();
        let (read, to_read) = channel();
        let named = |name: &str| std::thread::Builder::new().name(name.into()).stack_size(16 << 20);
        let (one, other) = (Arc::clone(&shared), Arc::clone(&shared));
        let (ask, tell) = (read.clone(), revise.clone());
        let writer = named("outputs").spawn(move || one.write(&to_revise, &ask))?;
        let reader = named("places").spawn(move || other.read(&to_read, &tell))?;
        Ok(Keeper { shared, revise, read, threads: Mutex::new(vec![writer, reader]) })
    }

    /// A document has new decisions.
    pub fn decided(&self, id: &str) {
        self.shared.state(id, |state| state.pending = true);
        let _ = self.revise.send(id.to_owned()); // fails only when the program ends
    }

    /// A document is looked at: the places of its words are wanted.
    pub fn opened(&self, id: &str, plan: &Plan) {
        let known = self.shared.places_of(id).is_some();
        self.shared.state(id, |state| state.places = known);
        if Archive::needs_places(plan) && !known && self.shared.state(id, |state| state.of) == 0 {
            self.shared.state(id, |state| state.of = plan.pages.len());
            let _ = self.read.send(id.to_owned());
        }
    }

    /// How far a document is.
    pub fn state(&self, id: &str) -> State {
        self.shared.state(id, |state| state.clone())
    }

    /// The pages of a document with the places of their words, once they are known.
    pub fn places(&self, id: &str) -> Option<Arc<Vec<Page>>> {
        self.shared.places_of(id)
    }

    /// Whether the program ends.
    pub fn is_ending(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    /// Ends the threads; what they have in hand is finished, and what was decided is written as far as no page has to be read for it.
    pub fn end(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let writer = self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..1).next();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }
}

impl Shared {
    fn state<T>(&self, id: &str, what: impl FnOnce(&mut State) -> T) -> T {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        what(states.entry(id.to_owned()).or_default())
    }

    fn places_of(&self, id: &str) -> Option<Arc<Vec<Page>>> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.iter().find(|(other, _)| other == id).map(|(_, pages)| Arc::clone(pages))
    }

    fn hold(&self, id: &str, pages: Vec<Page>) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|(other, _)| other != id);
        places.push_front((id.to_owned(), Arc::new(pages)));
        places.truncate(HELD);
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Makes outputs again until the program ends.
    fn write(&self, asked: &Receiver<String>, ask: &Sender<String>) {
        let mut again: BTreeSet<String> = BTreeSet::new();
        let mut idle = Duration::ZERO;
        loop {
            let mut now: BTreeSet<String> = BTreeSet::new();
            match asked.recv_timeout(Duration::from_millis(100)) {
                Ok(id) => {
                    now.insert(id);
                    while let Ok(id) = asked.recv_timeout(LINGER) {
                        now.insert(id);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.stopped() => return,
                Err(RecvTimeoutError::Timeout) => {
                    idle += Duration::from_millis(100);
                    if idle >= AGAIN {
                        idle = Duration::ZERO;
                        now.append(&mut again);
                    }
                }
            }
            for id in now {
                if self.revise(&id, ask) == Some(Pending::Run) {
                    again.insert(id);
                }
            }
        }
    }

    /// Makes the outputs of one document again. Says why they wait, if they do.
    fn revise(&self, id: &str, ask: &Sender<String>) -> Option<Pending> {
        let row = self.list.row(id)?;
        let target = row.target()?;
        let read = self.archive.plan(&target).map_err(Pending::Output);
        let revised = read.and_then(|plan| {
            let places = match Archive::needs_places(&plan) {
                true => Some(self.known_places(id, &plan)),
                false => None,
            };
            if let Some(None) = places {
                self.state(id, |state| state.of = plan.pages.len());
                let _ = ask.send(id.to_owned());
                return Ok(None);
            }
            let places = places.flatten().map(|pages| pages.as_ref().clone());
            self.archive.revise(&row.listed, &target, places).map(Some)
        });
        match revised {
            Ok(None) => None,
            Ok(Some(revised)) => {
                note(&self.list, &row, &revised.plan);
                self.state(id, |state| (state.pending, state.why) = (false, None));
                None
            }
            Err(pending) => {
                self.state(id, |state| state.why = Some(pending.to_string()));
                Some(pending)
            }
        }
    }

    /// The places of a document's words, if they need not be read.
    fn known_places(&self, id: &str, plan: &Plan) -> Option<Arc<Vec<Page>>> {
        self.places_of(id).or_else(|| {
            self.hold(id, Reader::new(self.archive.out()).kept_pages(plan)?);
            self.places_of(id)
        })
    }

    /// Reads pages again until the program ends.
    fn read(&self, asked: &Receiver<String>, tell: &Sender<String>) {
        let mut reader = Reader::new(self.archive.out());
        while let Ok(id) = asked.recv() {
            if self.stopped() {
                return;
            }
            let Some(row) = self.list.row(&id) else { continue };
            if self.places_of(&id).is_none() {
                match self.read_one(&mut reader, &id, &row) {
                    Ok(pages) => self.hold(&id, pages),
                    Err(why) => {
                        let why = Pending::Source(why).to_string();
                        self.state(&id, |state| (state.why, state.of, state.read) = (Some(why), 0, 0));
                        continue;
                    }
                }
            }
            let pending = self.state(&id, |state| {
                (state.places, state.why, state.of, state.read) = (true, None, 0, 0);
                state.pending
            });
            if pending {
                let _ = tell.send(id);
            }
        }
    }

    fn read_one(&self, reader: &mut Reader, id: &str, row: &Row) -> Result<Vec<Page>, String> {
        let target = row.target().ok_or("it has no outputs")?;
        let plan = self.archive.plan(&target)?;
        if let Some(pages) = reader.kept_pages(&plan) {
            return Ok(pages);
        }
        let input = self.archive.source(&row.listed, &plan)?;
        reader.pages(&input, &plan, |read| self.state(id, |state| state.read = read))
    }
}

/// Notes in the list what a document is now.
pub fn note(list: &List, row: &Row, plan: &Plan) {
    let header = &plan.header;
    let head = Head {
        number: header.number.clone(),
        issuer: header.issuer.clone(),
        date: header.date.clone(),
        kind: header.kind.clone(),
        title: header.title.clone(),
    };
    list.note(&row.id, u64::from(plan.quality.doubtful), plan.warnings.len() as u64, head);
}
