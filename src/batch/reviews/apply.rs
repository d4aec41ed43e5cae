//! Decisions applied: words before parsing, so that sections, fields and references follow from them; fields and labels after it.

use serde_json::Value;

use crate::emit::{Journal, Target, journal_file};
use crate::model::plan::Warning;
use crate::model::review::{Review, Verdict};
use crate::model::{Plan, RestoredPage};

use super::decision::{Decision, Log};
use crate::batch::record;

/// Parts of the JSON that persons may write: what is printed on the page, not what the machine says of itself.
const FIELDS: [&str; 12] = [
    "header",
    "preamble",
    "sections",
    "attached",
    "closing",
    "recipients",
    "signature",
    "cosigners",
    "footnotes",
    "appendices",
    "tasks",
    "assignments",
];

/// Fields of these that are the machine's.
const OWN: [&str; 5] = ["spans", "boxes", "period", "marks", "section"];

/// The journal of a document. One that cannot be read is as if there were none.
#[must_use]
pub fn log_of(out: &std::path::Path, target: &Target) -> Log {
    let read = Journal::read(out, &journal_file(target));
    Log::of(&read.unwrap_or_else(|error| {
        tracing::warn!(document = %target.json.display(), %error, "what persons decided cannot be read");
        String::new()
    }))
}

/// What persons' words came to.
#[derive(Debug, Default)]
pub struct Applied {
    /// For the JSON.
    reviews: Vec<Review>,
    /// Those that have no place any more.
    warnings: Vec<Warning>,
}

/// Puts the words of `log` into `pages`.
#[must_use]
pub fn words(log: &Log, pages: Vec<RestoredPage>) -> (Vec<RestoredPage>, Applied) {
    let decisions = log.words();
    let mut applied = Applied::default();
    if decisions.is_empty() {
        return (pages, applied);
    }
    let mut out = Vec::with_capacity(pages.len());
    for page in pages {
        let number = page.page.number;
        let (mut here, mut verdicts) = (Vec::new(), Vec::new());
        for decision in decisions.iter().filter(|d| d.page == Some(number)) {
            let raw = decision.start.unwrap_or(0)..decision.end.unwrap_or(0);
            if page.page.raw.get(raw.clone()) == decision.raw.as_deref() {
                let text = decision.after.clone().unwrap_or_default();
                verdicts.push(Verdict { raw, text });
                here.push(*decision);
            } else {
                applied.warnings.push(unplaced(decision));
            }
        }
        let overlay = page.reviewed(&verdicts);
        for (decision, before) in here.iter().zip(overlay.before) {
            match (before, decision.kind.shown()) {
                (Some((machine, mut words)), Some(kind)) => {
                    words.iter_mut().for_each(|word| word.confidence = record::rounded(word.confidence));
                    applied.reviews.push(Review {
                        kind,
                        page: decision.page,
                        start: decision.start,
                        end: decision.end,
                        path: None,
                        text: decision.after.clone(),
                        machine: Some(machine),
                        words,
                        by: decision.by.clone(),
                    });
                }
                _ => applied.warnings.push(unplaced(decision)),
            }
        }
        out.push(overlay.page);
    }
    (out, applied)
}

/// Puts the fields and labels of `log` into `plan`, and notes in it all that was decided.
pub fn fields(log: &Log, plan: &mut Plan, mut applied: Applied) {
    let fields = log.fields();
    if !fields.is_empty()
        && let Ok(mut json) = serde_json::to_value(&*plan)
    {
        for (decision, ever) in fields {
            let path = decision.path.clone().unwrap_or_default();
            let found = value(&json, &path);
            let fits = found.as_ref().is_some_and(|found| ever.contains(&found.as_deref()));
            let (true, Some(kind)) = (fits, decision.kind.shown()) else {
                applied.warnings.push(unplaced(decision));
                continue;
            };
            set(&mut json, &path, decision.after.as_deref());
            applied.reviews.push(Review {
                kind,
                page: None,
                start: None,
                end: None,
                path: Some(path),
                text: decision.after.clone(),
                machine: found.flatten(),
                words: Vec::new(),
                by: decision.by.clone(),
            });
        }
        match serde_json::from_value(json) {
            Ok(written) => *plan = written,
            Err(error) => tracing::warn!(%error, "fields that persons wrote do not fit"),
        }
    }
    plan.reviews = applied.reviews;
    plan.warnings.extend(applied.warnings);
}

/// What stands in a field that a person may write: `None` if there is no such field, `Some(None)` if it is null.
#[must_use]
pub fn value(plan: &Value, path: &str) -> Option<Option<String>> {
    let mut parts = path.strip_prefix('/')?.split('/');
    if !parts.next().is_some_and(|root| FIELDS.contains(&root))
        || path.split('/').any(|part| OWN.contains(&part))
    {
        return None;
    }
    match plan.pointer(path)? {
        Value::String(text) => Some(Some(text.clone())),
        Value::Null => Some(None),
        _ => None,
    }
}

/// Writes a field; the mark before an item is written as its label is.
fn set(plan: &mut Value, path: &str, text: Option<&str>) {
    if let Some(item) = path.strip_suffix("/label")
        && let (Some(Value::String(old)), Some(label)) = (plan.pointer(path).cloned(), text)
        && let Some(Value::String(marker)) = plan.pointer_mut(&format!("{item}/marker"))
    {
        *marker = match marker.strip_prefix(old.as_str()) {
            Some(rest) => format!("{label}{rest}"),
            None => label.to_owned(),
        };
    }
    if let Some(place) = plan.pointer_mut(path) {
        *place = text.map_or(Value::Null, Value::from);
    }
}

fn unplaced(decision: &Decision) -> Warning {
    let what = decision.raw.as_deref().or(decision.path.as_deref()).unwrap_or_default();
    let after = decision.after.as_deref().unwrap_or_default();
    Warning {
        code: "review-unplaced".to_owned(),
        message: format!(
            "'{after}', which {} wrote for '{what}', has no place: the page was read differently",
            decision.by
        ),
        page: decision.page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_printed_can_be_written() {
        let mut plan = Plan::default();
        plan.header.kind = Some("KẾ HOẠCH".into());
        plan.sections.push(crate::model::plan::Section {
            label: "I1".into(),
            marker: "I1.".into(),
            ..Default::default()
        });
        let mut json = serde_json::to_value(&plan).expect("JSON");
        assert_eq!(value(&json, "/header/kind"), Some(Some("KẾ HOẠCH".into())));
        assert_eq!(value(&json, "/header/title"), Some(None));
        for path in [
            "/source/path",
            "/pages/0/raw",
            "/header",
            "/header/spans/kind",
            "",
            "/sections/7/label",
            "header",
        ] {
            assert_eq!(value(&json, path), None, "{path}");
        }
        set(&mut json, "/sections/0/label", Some("II"));
        assert_eq!(json.pointer("/sections/0/marker"), Some(&Value::from("II.")));
    }
}
