//! What a person decides at the desk: checked, kept in the journal, handed on to the keeper; for one word, or for the same word everywhere.

use std::sync::PoisonError;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::batch::{
    ReviewDecision as Decision, ReviewDecisionKind as Kind, ReviewLog as Log, review_field, rfc3339,
};
use crate::emit::Target;
use crate::model::normal::nfc;
use crate::model::review::{Verdict, machine_pages};
use crate::model::{Plan, RestoredPage};

use super::desk::{Desk, Loaded, Refusal};
use super::keeper::State;
use super::list::Row;
use super::words::Word;
use super::{same, words};

/// Longest word and longest field, in characters.
const LONGEST_WORD: usize = 200;
const LONGEST_FIELD: usize = 4000;

/// What a person asks to be kept.
#[derive(Debug, Deserialize)]
pub struct Ask {
    /// The version of the document that the person sees.
    version: usize,
    /// What was decided.
    items: Vec<Item>,
    /// Where the same word is decided likewise: `document` or `folder`.
    #[serde(default)]
    spread: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Item {
    kind: Kind,
    page: Option<u32>,
    start: Option<usize>,
    end: Option<usize>,
    path: Option<String>,
    after: Option<String>,
    #[serde(default)]
    of: Vec<usize>,
    /// For an undoing: everything that was decided at once with it, in all documents.
    group: Option<String>,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// The document's version now.
    version: usize,
    /// The numbers of the decisions in its journal.
    lines: Vec<usize>,
    /// What undoes all of it, where it went to several documents.
    group: Option<String>,
    /// How many words or fields were decided.
    decided: usize,
    /// In how many documents.
    documents: usize,
    /// How far the outputs are.
    outputs: State,
}

impl Desk {
    /// Keeps what a person decided.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(&self, id: &str, ask: &Ask) -> Result<Kept, Refusal> {
        let row = self.list.row(id).ok_or(Refusal::None)?;
        let target = row.target().ok_or(Refusal::None)?;
        if let [Item { kind: Kind::Undo, group: Some(group), .. }] = ask.items.as_slice() {
            return self.undo_group(&row, &target, group);
        }
        let loaded = self.load(&row, &target).map_err(Refusal::Failed)?;
        let log = self.archive.log(&target);
        if log.version() != ask.version {
            return Err(conflict(&log, ask.version));
        }
        let words = words::of(&loaded.machine, &log);
        let group = (ask.spread.is_some() || ask.items.len() > 1).then(|| self.group());
        let mut decisions = Vec::with_capacity(ask.items.len());
        for item in &ask.items {
            decisions.push(self.decision(&row, &loaded, &log, &words, item, group.clone())?);
        }
        let first = decisions.first().cloned();
        if ask.spread.is_some()
            && let Some(first) = &first
        {
            let more = self.same_words(&row, &loaded.machine, &log, first);
            decisions.extend(more);
        }
        let mut decided = decisions.len();
        let kept = self.archive.decide(&target, Some(ask.version), &decisions);
        let log = match kept.map_err(|error| Refusal::Failed(error.to_string()))? {
            Ok(log) => log,
            Err(theirs) => return Err(conflict(&theirs, ask.version)),
        };
        self.keeper.decided(id);
        let mut touched = vec![id.to_owned()];
        if ask.spread.as_deref() == Some("folder")
            && let Some(first) = &first
        {
            decided += self.spread(&row, first, &mut touched);
        }
        let documents = touched.len();
        if let Some(group) = &group {
            self.groups.lock().unwrap_or_else(PoisonError::into_inner).insert(group.clone(), touched);
        }
        Ok(Kept {
            version: log.version(),
            lines: (ask.version + 1..=log.version()).collect(),
            group,
            decided,
            documents,
            outputs: self.keeper.state(id),
        })
    }

    /// What a person asks as a line of the journal.
    fn decision(
        &self,
        row: &Row,
        loaded: &Loaded,
        log: &Log,
        words: &[Word],
        item: &Item,
        group: Option<String>,
    ) -> Result<Decision, Refusal> {
        let bad = |why: &str| Refusal::Bad(why.to_owned());
        let blank = self.blank(row, item.kind, group);
        match item.kind {
            Kind::Undo => {
                let known = item.of.iter().all(|of| *of >= 1 && *of <= log.version());
                if item.of.is_empty() || !known {
                    return Err(bad("there is no such decision"));
                }
                Ok(Decision { of: item.of.clone(), ..blank })
            }
            Kind::Accept | Kind::RunnerUp | Kind::Typed => {
                let (Some(page), Some(start), Some(end)) = (item.page, item.start, item.end) else {
                    return Err(bad("say page, start and end of the word"));
                };
                let here = loaded.machine.iter().find(|p| p.page.number == page);
                let here = here.ok_or_else(|| bad("there is no such page"))?;
                let raw = here.page.raw.get(start..end).ok_or_else(|| bad("there is no such word"))?;
                let known = words.iter().find(|w| w.page == page && w.start == start && w.end == end);
                let now = match known {
                    Some(word) => word.now.clone(),
                    None => {
                        let verdict = Verdict { raw: start..end, text: String::new() };
                        let before = here.clone().reviewed(&[verdict]).before.pop().flatten();
                        before.ok_or_else(|| bad("that place cannot be written over: choose a whole word"))?.0
                    }
                };
                let machine = known.map_or(now.as_str(), |word| word.machine.as_str());
                let after = match item.kind {
                    Kind::Accept => machine.to_owned(),
                    _ => clean(item.after.as_deref(), LONGEST_WORD)?.unwrap_or_default(),
                };
                Ok(Decision {
                    page: Some(page),
                    start: Some(start),
                    end: Some(end),
                    raw: Some(raw.to_owned()),
                    before: Some(now),
                    after: Some(after),
                    ..blank
                })
            }
            Kind::Field | Kind::Label => {
                let path = item.path.clone().unwrap_or_default();
                let json = serde_json::to_value(&loaded.plan).unwrap_or_default();
                let before =
                    review_field(&json, &path).ok_or_else(|| bad("there is no such field to write"))?;
                let after = clean(item.after.as_deref(), LONGEST_FIELD)?.filter(|text| !text.is_empty());
                if path == "/header/date" && after.as_deref().is_some_and(|date| !is_date(date)) {
                    return Err(bad("write the date as year-month-day, such as 2021-03-09"));
                }
                // a text of the tree is never null
                let is_option = path.starts_with("/header/")
                    || path.contains("signature/")
                    || path.starts_with("/cosigners/");
                let after = if is_option { after } else { Some(after.unwrap_or_default()) };
                Ok(Decision { path: Some(path), before, after, ..blank })
            }
        }
    }

    fn blank(&self, row: &Row, kind: Kind, group: Option<String>) -> Decision {
        Decision {
            at: rfc3339(SystemTime::now()),
            by: self.reviewer.clone(),
            document: row.listed.name.to_string_lossy().into_owned(),
            kind,
            page: None,
            start: None,
            end: None,
            raw: None,
            path: None,
            before: None,
            after: None,
            group,
            of: Vec::new(),
        }
    }

    /// The same word elsewhere in a document, decided likewise where nobody has decided yet.
    fn same_words(&self, row: &Row, pages: &[RestoredPage], log: &Log, first: &Decision) -> Vec<Decision> {
        let (Some(raw), Some(machine)) = (&first.raw, &first.before) else { return Vec::new() };
        let taken = log.words();
        let mut out = Vec::new();
        for page in pages {
            let number = Some(page.page.number);
            for at in same::on(page, raw, machine) {
                let itself = first.document == row.listed.name.to_string_lossy()
                    && first.page == number
                    && first.start.is_some_and(|start| start < at.end)
                    && first.end.is_some_and(|end| at.start < end);
                let decided = taken.iter().any(|d| {
                    d.page == number
                        && d.start.is_some_and(|s| s < at.end)
                        && d.end.is_some_and(|e| at.start < e)
                });
                if itself || decided {
                    continue;
                }
                out.push(Decision {
                    page: number,
                    start: Some(at.start),
                    end: Some(at.end),
                    document: row.listed.name.to_string_lossy().into_owned(),
                    ..first.clone()
                });
            }
        }
        out
    }

    /// Decides likewise in the other documents of the folder; says how many words that were.
    fn spread(&self, row: &Row, first: &Decision, touched: &mut Vec<String>) -> usize {
        let mut decided = 0;
        let raw = first.raw.clone().unwrap_or_default();
        for other in self.list.beside(row).into_iter().filter(|other| other.id != row.id) {
            let Some(target) = other.target() else { continue };
            // most documents do not have the word: their bytes say so at once
            let bytes = std::fs::read(self.archive.out().join(&target.json)).unwrap_or_default();
            if memchr::memmem::find(&bytes, raw.as_bytes()).is_none() {
                continue;
            }
            let Ok(plan) = serde_json::from_slice::<Plan>(&bytes) else { continue };
            let decisions = self.same_words(&other, &machine_pages(&plan), &self.archive.log(&target), first);
            if decisions.is_empty() {
                continue;
            }
            match self.archive.decide(&target, None, &decisions) {
                Ok(Ok(_)) => {
                    decided += decisions.len();
                    touched.push(other.id.clone());
                    self.keeper.decided(&other.id);
                }
                Ok(Err(_)) => {}
                Err(error) => {
                    tracing::warn!(document = %target.json.display(), %error, "not decided likewise")
                }
            }
        }
        decided
    }

    /// Undoes what was decided at once, in all documents where it was.
    fn undo_group(&self, row: &Row, target: &Target, group: &str) -> Result<Kept, Refusal> {
        let noted = self.groups.lock().unwrap_or_else(PoisonError::into_inner).get(group).cloned();
        let ids = noted.unwrap_or_else(|| vec![row.id.clone()]);
        let (mut documents, mut decided) = (0, 0);
        for id in ids {
            let Some((other, target)) = self.list.row(&id).and_then(|row| row.target().map(|t| (row, t)))
            else {
                continue;
            };
            let log = self.archive.log(&target);
            let of: Vec<usize> = log
                .living()
                .iter()
                .filter(|(_, d)| d.group.as_deref() == Some(group))
                .map(|(n, _)| *n)
                .collect();
            if of.is_empty() {
                continue;
            }
            (documents, decided) = (documents + 1, decided + of.len());
            let undo = Decision { of, ..self.blank(&other, Kind::Undo, None) };
            let kept = self.archive.decide(&target, None, &[undo]);
            kept.map_err(|error| Refusal::Failed(error.to_string()))?.ok();
            self.keeper.decided(&id);
        }
        let version = self.archive.log(target).version();
        let outputs = self.keeper.state(&row.id);
        Ok(Kept { version, lines: vec![version], group: None, decided, documents, outputs })
    }

    /// A name that no other group has.
    fn group(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        format!("{:x}-{:x}", now.as_nanos(), std::process::id())
    }
}

/// What others decided after the `version`-th decision.
fn conflict(log: &Log, version: usize) -> Refusal {
    let theirs: Vec<Value> = log
        .since(version)
        .map(|(n, d)| json!({ "line": n, "by": d.by, "at": d.at, "kind": d.kind, "page": d.page, "start": d.start, "end": d.end,
            "path": d.path, "before": d.before, "after": d.after, "of": d.of }))
        .collect();
    Refusal::Conflict(json!({ "version": log.version(), "theirs": theirs }))
}

/// A text that a person typed, in the form in which all texts are: NFC, single spaces, no control characters.
fn clean(text: Option<&str>, most: usize) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let text = nfc(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.chars().any(char::is_control) {
        return Err(Refusal::Bad("a control character is no text".into()));
    }
    if text.chars().count() > most {
        return Err(Refusal::Bad(format!("that is more than {most} characters")));
    }
    Ok(Some(text))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: Option<&&str>, length: usize| {
        part.filter(|p| p.len() == length && p.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|p| p.parse::<u32>().ok())
    };
    parts.len() == 3
        && number(parts.first(), 4).is_some_and(|year| year > 1800)
        && number(parts.get(1), 2).is_some_and(|month| (1..=12).contains(&month))
        && number(parts.get(2), 2).is_some_and(|day| (1..=31).contains(&day))
}
