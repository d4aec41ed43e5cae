//! The list of documents: what needs eyes first, found by name, number, issuer or title.
//!
//! The ledger gives the list at once. Titles and issuers stand in the JSON of each document; a thread reads them (some milliseconds each) and
//! keeps them in the folder of records, so that the next start has them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use crate::batch::{Archive, Listed};
use crate::emit::{self, Target};
use crate::ingest::fingerprint_bytes;

use super::fold::{fold, holds};

/// Where titles are kept, inside OUT.
const HEADS: &str = ".sohoa/review/heads.jsonl";

/// What a document says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Number and symbol.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When, ISO 8601.
    pub date: Option<String>,
    /// Its kind.
    pub kind: Option<String>,
    /// What it is about.
    pub title: Option<String>,
}

/// A document in the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// What links call it: a digest of its name.
    pub id: String,
    /// As the ledger has it.
    pub listed: Listed,
    /// What it says of itself, once that was read.
    pub head: Head,
    /// What a search looks at.
    folded: String,
}

impl Row {
    fn new(listed: Listed) -> Row {
        let id = id_of(&listed.name);
        let folded = fold(&listed.name.to_string_lossy());
        Row { id, listed, head: Head::default(), folded }
    }

    /// Its outputs.
    pub fn target(&self) -> Option<Target> {
        Target::new(&self.listed.name).ok()
    }

    fn set(&mut self, head: Head) {
        let parts = [&head.number, &head.issuer, &head.kind, &head.title, &head.date];
        let said: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        self.folded = fold(&format!("{} {}", self.listed.name.to_string_lossy(), said.join(" ")));
        self.head = head;
    }

    fn is_done(&self) -> bool {
        self.listed.failure.is_none()
    }

    fn is_open(&self) -> bool {
        self.is_done() && self.listed.doubtful > 0
    }
}

/// What links call the document of this name.
#[must_use]
pub fn id_of(name: &Path) -> String {
    fingerprint_bytes(name.as_os_str().as_encoded_bytes())[..16].to_owned()
}

/// What to show.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Words that have to be there, in any case, with or without marks.
    pub text: String,
    /// `all`, `open`, `warned`, `failed` or `reviewed`.
    pub filter: String,
    /// `eyes` (what needs them most), `name` or `date`.
    pub sort: String,
    /// The first row, from 0.
    pub from: usize,
    /// How many rows.
    pub count: usize,
}

/// The list.
#[derive(Debug)]
pub struct List {
    rows: RwLock<Vec<Row>>,
    by_id: HashMap<String, usize>,
    /// Whether all titles have been read.
    complete: AtomicBool,
}

/// A part of the list, and how many there are of each kind.
#[derive(Debug, Serialize)]
pub struct Window {
    /// How many match.
    total: usize,
    /// How many match the words, by filter.
    counts: Counts,
    /// Whether titles are still being read, so that more may match in a moment.
    reading: bool,
    /// The rows asked for.
    rows: Vec<Shown>,
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    all: usize,
    open: usize,
    warned: usize,
    failed: usize,
    reviewed: usize,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    name: String,
    #[serde(flatten)]
    head: Head,
    pages: u64,
    words: u64,
    doubtful: u64,
    warnings: u64,
    failure: Option<String>,
}

impl List {
    /// The list of these documents.
    pub fn new(listed: Vec<Listed>) -> List {
        let rows: Vec<Row> = listed.into_iter().map(Row::new).collect();
        let by_id = rows.iter().enumerate().map(|(i, row)| (row.id.clone(), i)).collect();
        List { rows: RwLock::new(rows), by_id, complete: AtomicBool::new(false) }
    }

    /// The document that links call `id`.
    pub fn row(&self, id: &str) -> Option<Row> {
        let at = *self.by_id.get(id)?;
        self.read().get(at).cloned()
    }

    /// All documents in the folder of this one and below it.
    pub fn beside(&self, row: &Row) -> Vec<Row> {
        let folder = row.listed.name.parent().unwrap_or(Path::new("")).to_owned();
        let rows = self.read();
        rows.iter()
            .filter(|other| other.is_done() && other.listed.name.starts_with(&folder))
            .cloned()
            .collect()
    }

    /// The id of the document that comes after this one among those that need eyes.
    pub fn next_open(&self, id: &str) -> Option<String> {
        let rows = self.read();
        let open = rows.iter().filter(|row| row.is_open() && row.id != id);
        open.min_by(|a, b| eyes(a).cmp(&eyes(b))).map(|row| row.id.clone())
    }

    /// Notes what became of a document.
    pub fn note(&self, id: &str, doubtful: u64, warnings: u64, head: Head) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = self.by_id.get(id).and_then(|at| rows.get_mut(*at)) {
            (row.listed.doubtful, row.listed.warnings) = (doubtful, warnings);
            row.set(head);
        }
    }

    /// The rows that `query` asks for.
    pub fn window(&self, query: &Query) -> Window {
        let rows = self.read();
        let text = fold(&query.text);
        let text = text.trim();
        let found = rows.iter().filter(|row| text.is_empty() || holds(&row.folded, text));
        let (mut counts, mut shown) = (Counts::default(), Vec::new());
        for row in found {
            let (done, open, warned) =
                (row.is_done(), row.is_open(), row.is_done() && row.listed.warnings > 0);
            counts.all += 1;
            counts.open += usize::from(open);
            counts.warned += usize::from(warned);
            counts.failed += usize::from(!done);
            counts.reviewed += usize::from(done && !open);
            let wanted = match query.filter.as_str() {
                "open" => open,
                "warned" => warned,
                "failed" => !done,
                "reviewed" => done && !open,
                _ => true,
            };
            if wanted {
                shown.push(row);
            }
        }
        match query.sort.as_str() {
            "name" => {} // the order of the ledger
            "date" => shown.sort_by(|a, b| b.head.date.cmp(&a.head.date)),
            _ => shown.sort_by(|a, b| eyes(a).cmp(&eyes(b))),
        }
        let total = shown.len();
        let rows = shown.into_iter().skip(query.from).take(query.count.min(500));
        let rows = rows.map(|row| Shown {
            id: row.id.clone(),
            name: row.listed.name.to_string_lossy().into_owned(),
            head: row.head.clone(),
            pages: row.listed.pages,
            words: row.listed.words,
            doubtful: row.listed.doubtful,
            warnings: row.listed.warnings,
            failure: row.listed.failure.clone(),
        });
        let reading = !self.complete.load(Ordering::Relaxed);
        Window { total, counts, reading, rows: rows.collect() }
    }

    /// Reads what each document says of itself, from what is kept or from its JSON; `stop` ends it.
    pub fn read_heads(&self, archive: &Archive, stop: &dyn Fn() -> bool) {
        let kept = std::fs::read_to_string(archive.out().join(HEADS)).unwrap_or_default();
        let kept: HashMap<String, Kept> = kept
            .lines()
            .filter_map(|line| serde_json::from_str::<Kept>(line).ok())
            .map(|k| (k.id.clone(), k))
            .collect();
        let rows: Vec<(usize, String, Listed)> = {
            let rows = self.read();
            rows.iter()
                .enumerate()
                .filter(|(_, row)| row.is_done())
                .map(|(i, row)| (i, row.id.clone(), row.listed.clone()))
                .collect()
        };
        let (mut lines, mut fresh) = (String::new(), 0);
        for (at, id, listed) in rows {
            if stop() {
                return;
            }
            let head = match kept.get(&id).filter(|kept| kept.stamp == listed.stamp && kept.stamp.is_some()) {
                Some(kept) => kept.head.clone(),
                None => {
                    fresh += 1;
                    head_of(archive, &listed).unwrap_or_default()
                }
            };
            let kept = Kept { id, stamp: listed.stamp, head: head.clone() };
            lines.push_str(&serde_json::to_string(&kept).unwrap_or_default());
            lines.push('\n');
            let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
            // what was decided meanwhile knows better
            if let Some(row) = rows.get_mut(at).filter(|row| row.head == Head::default()) {
                row.set(head);
            }
        }
        self.complete.store(true, Ordering::Relaxed);
        if fresh > 0 {
            // what cannot be kept is read again
            let _ = emit::write(archive.out(), Path::new(HEADS), lines.as_bytes());
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Row>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What needs eyes first: what failed, then by doubtful words and warnings.
fn eyes(row: &Row) -> (bool, std::cmp::Reverse<u64>, std::cmp::Reverse<u64>, &Path) {
    let listed = &row.listed;
    (row.is_done(), std::cmp::Reverse(listed.doubtful), std::cmp::Reverse(listed.warnings), &listed.name)
}

/// A head as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    id: String,
    stamp: Option<String>,
    head: Head,
}

fn head_of(archive: &Archive, listed: &Listed) -> Option<Head> {
    #[derive(Deserialize)]
    struct Json {
        header: Head,
    }
    let target = Target::new(&listed.name).ok()?;
    let json = std::fs::read(archive.out().join(target.json)).ok()?;
    Some(serde_json::from_slice::<Json>(&json).ok()?.header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        let listed = |name: &str, doubtful, failed: bool| Listed {
            name: name.into(),
            doubtful,
            failure: failed.then(|| "empty".into()),
            ..Listed::default()
        };
        let list = List::new(vec![
            listed("a/một.pdf", 0, false),
            listed("a/hai.pdf", 3, false),
            listed("b.pdf", 0, true),
            listed("a/b/ba.pdf", 9, false),
        ]);
        let id = list.rows.read().expect("rows")[0].id.clone();
        list.note(&id, 0, 1, Head { title: Some("Cải cách hành chính".into()), ..Head::default() });
        list
    }

    fn names(list: &List, text: &str, filter: &str) -> Vec<String> {
        let query = Query { text: text.into(), filter: filter.into(), count: 10, ..Query::default() };
        list.window(&query).rows.into_iter().map(|row| row.name).collect()
    }

    #[test]
    fn what_needs_eyes_comes_first() {
        let list = list();
        assert_eq!(names(&list, "", "all"), ["b.pdf", "a/b/ba.pdf", "a/hai.pdf", "a/một.pdf"]);
        assert_eq!(names(&list, "", "open"), ["a/b/ba.pdf", "a/hai.pdf"]);
        assert_eq!(names(&list, "cai cach", "all"), ["a/một.pdf"]);
        assert_eq!(names(&list, "MOT", "reviewed"), ["a/một.pdf"]);
        assert_eq!(names(&list, "", "warned"), ["a/một.pdf"]);
        let first = list.rows.read().expect("rows")[1].clone();
        let beside: Vec<_> = list.beside(&first).into_iter().map(|row| row.listed.name).collect();
        assert_eq!(beside, ["a/một.pdf", "a/hai.pdf", "a/b/ba.pdf"].map(std::path::PathBuf::from));
    }
}
