//! An input's row in the ledger, from what is known of it at each point of its way.

use std::time::{Duration, SystemTime};

use crate::model::Plan;
use crate::model::plan::Grade;

use super::document::TOOL;
use super::done::recipe;
use super::gather::{Job, Unreadable};
use super::ledger::{Entry, Recipe, State};

/// The row of a job that is taken up: failed, until it is known better.
pub(super) fn of_job(job: &Job, started: SystemTime) -> Entry {
    let path = job.input.path();
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Entry {
        path: if job.stdin.is_some() { job.input.name.clone() } else { absolute() },
        name: job.input.name.clone(),
        bytes: job.input.bytes,
        media: Some(job.input.media.name()),
        ..empty(started)
    }
}

/// The row of an input that cannot be read.
pub(super) fn of_unreadable(input: &Unreadable) -> Entry {
    let path = std::path::absolute(&input.path).unwrap_or_else(|_| input.path.clone());
    Entry {
        bytes: std::fs::metadata(&path).map_or(0, |found| found.len()),
        path,
        name: input.name.clone(),
        ..empty(SystemTime::now())
    }
}

/// Notes that the document is done, and what became of it.
pub(super) fn note_plan(entry: &mut Entry, plan: &Plan) {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    entry.state = done(plan);
    entry.recipe = recipe(&plan.source).unwrap_or_default();
    entry.grade = Some(grade(plan));
    entry.words = Some(plan.quality.words);
    entry.doubtful = Some(plan.quality.doubtful);
    entry.warnings = Some(count(plan.warnings.len()));
}

/// The state of a document that is done.
pub(super) fn done(plan: &Plan) -> State {
    if plan.warnings.is_empty() { State::Done } else { State::DoneWithWarnings }
}

/// How far the result can be trusted, in one word.
pub(super) fn grade(plan: &Plan) -> &'static str {
    match plan.quality.grade {
        Grade::Good => "good",
        Grade::Fair => "fair",
        Grade::Poor => "poor",
    }
}

fn empty(started: SystemTime) -> Entry {
    Entry {
        name: Default::default(),
        path: Default::default(),
        bytes: 0,
        stamp: None,
        sha256: None,
        media: None,
        pages: None,
        recipe: Recipe { tool: TOOL.to_owned(), ..Recipe::default() },
        state: State::Failed,
        failure: None,
        started,
        elapsed: Duration::ZERO,
        grade: None,
        words: None,
        doubtful: None,
        warnings: None,
        json: None,
        text: None,
        extras: Vec::new(),
    }
}
