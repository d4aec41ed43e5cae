//! What the report of an output folder says, as far as the ledger knows it. Every list has an end, whatever the number of documents.

use std::path::Path;

use rusqlite::Connection;

use super::status::{Figures, LastRun};
use super::{LedgerError, schema, status};
use crate::batch::lock;
use crate::emit::overview::{BIN_ENDS, Group, Overview, Run, Totals, Worst};

/// So many documents are listed as the worst, and inputs as examples of a failure.
const MOST: usize = 20;

/// Into so many parts the time of a run is divided.
const PARTS: usize = 60;

/// Reads the ledger of `out`.
///
/// # Errors
/// [`LedgerError`].
pub(in crate::batch) fn overview(out: &Path) -> Result<Overview, LedgerError> {
    let records = lock::records(out);
    let connection = schema::open_to_read(&records, out)?;
    read(&connection).map_err(|source| LedgerError::Unusable { path: schema::path(&records), source })
}

fn read(connection: &Connection) -> rusqlite::Result<Overview> {
    // one moment for all questions, whatever a run writes meanwhile
    let moment = connection.unchecked_transaction()?;
    let status = status::read(&moment, MOST, MOST)?;
    let worst = status.worst.into_iter().map(|ranked| Worst {
        path: ranked.path,
        name: ranked.name,
        grade: ranked.grade.unwrap_or_default(),
        pages: ranked.pages.unwrap_or_default(),
        words: ranked.words.unwrap_or_default(),
        doubtful: ranked.doubtful.unwrap_or_default(),
        warnings: ranked.warnings.unwrap_or_default(),
        examples: Vec::new(),
    });
    let skipped = status.skips.into_iter().take(MOST).map(|skipped| Group {
        what: skipped.why,
        count: skipped.count,
        examples: vec![(skipped.example, String::new())],
    });
    let mut failures: Vec<Group> = Vec::new();
    let mut reasons =
        moment.prepare("SELECT ifnull(reason, ''), count(*) FROM documents WHERE state = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1")?;
    let mut rows = reasons.query([])?;
    while let Some(row) = rows.next()? {
        let reason: String = row.get(0)?;
        let examples = status::failures(&moment, Some(&reason), MOST)?;
        let examples = examples.into_iter().map(|failed| (failed.path, failed.message)).collect();
        failures.push(Group { what: reason, count: row.get::<_, i64>(1)?.unsigned_abs(), examples });
    }
    Ok(Overview {
        totals: totals(&status.figures),
        run: status.last_run.map(|last| run(&moment, last)).transpose()?,
        doubt: doubt(&moment)?,
        worst: worst.collect(),
        failures,
        skipped: skipped.collect(),
    })
}

fn totals(figures: &Figures) -> Totals {
    Totals {
        documents: figures.documents,
        done: figures.done,
        warned: figures.done_with_warnings,
        failed: figures.failed,
        skipped: figures.skipped,
        pages: figures.pages,
        words: figures.words,
        doubtful: figures.doubtful,
        grades: figures.grades,
    }
}

/// Documents by the share of their words that is doubtful, and by grade.
fn doubt(connection: &Connection) -> rusqlite::Result<[[u64; 3]; BIN_ENDS.len() + 1]> {
    let mut bins = [[0; 3]; BIN_ENDS.len() + 1];
    let mut statement = connection.prepare(
        "SELECT words, doubtful, grade FROM documents WHERE grade IS NOT NULL AND words IS NOT NULL",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (words, doubtful): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let share = doubtful.unwrap_or(0) as f64 / words.max(1) as f64;
        let bin = BIN_ENDS.iter().position(|end| share <= *end).unwrap_or(BIN_ENDS.len());
        let grade = match row.get_ref(2)?.as_str()? {
            "good" => 0,
            "fair" => 1,
            _ => 2,
        };
        bins[bin][grade] += 1;
    }
    Ok(bins)
}

/// The last run and its speed: the pages of a document are spread evenly over the time that it took.
fn run(connection: &Connection, last: LastRun) -> rusqlite::Result<Run> {
    let within = "state != 'skipped' AND started >= ?1 AND started <= ?2";
    let until = last.ended.unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT count(*) FILTER (WHERE state != 'failed'), count(*) FILTER (WHERE state = 'failed'),
         ifnull(sum(pages) FILTER (WHERE state != 'failed'), 0), max(started + millis) FROM documents WHERE {within}"
    );
    let bounds = [last.started, until];
    let (done, failed, pages, latest): (i64, i64, i64, Option<i64>) =
        connection.query_row(&sql, bounds, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let ended = last.ended.or(latest).unwrap_or(last.started).max(last.started);
    let mut parts = vec![0.0; PARTS];
    let width = ((ended - last.started) as f64 / PARTS as f64).max(1e-9);
    let sql = format!(
        "SELECT started, millis, pages FROM documents WHERE {within} AND state != 'failed' AND pages > 0"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(bounds)?;
    while let Some(row) = rows.next()? {
        let (begun, millis, pages): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let from = ((begun - last.started) as f64 / width).clamp(0.0, PARTS as f64);
        let to = ((begun + millis.max(1) - last.started) as f64 / width).clamp(from, PARTS as f64);
        spread(&mut parts, from, to, pages as f64);
    }
    Ok(Run {
        tool: last.tool,
        started: last.started,
        ended,
        whole: last.ended.is_some(),
        done: done.unsigned_abs(),
        pages: pages.unsigned_abs(),
        failed: failed.unsigned_abs(),
        parts,
    })
}

/// Spreads `pages` over the parts between two places.
fn spread(parts: &mut [f64], from: f64, to: f64, pages: f64) {
    let last = parts.len().saturating_sub(1);
    if to - from < 1e-9 {
        parts[(from as usize).min(last)] += pages;
        return;
    }
    for (i, part) in parts.iter_mut().enumerate().take(last.min(to as usize) + 1).skip(from as usize) {
        let overlap = (to.min(i as f64 + 1.0) - from.max(i as f64)).max(0.0);
        *part += pages * overlap / (to - from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_spread_and_none_is_lost() {
        let mut parts = vec![0.0; 4];
        spread(&mut parts, 0.5, 2.5, 4.0);
        assert_eq!(parts, [1.0, 2.0, 1.0, 0.0]);
        spread(&mut parts, 4.0, 4.0, 3.0);
        spread(&mut parts, 3.0, 4.0, 2.0);
        assert_eq!(parts, [1.0, 2.0, 1.0, 5.0]);
    }
}
