//! A plan's JSON as the evaluator reads it: a hand-made record (header fields at the top level, no spans) or the program's own output
//! (fields under `header`). Everything may be missing or null; what the evaluator does not look at is ignored.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The parts of a plan that are measured or printed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Record {
    /// Header fields at the top level.
    #[serde(flatten)]
    top: Header,
    /// Header fields as the program writes them; they go before those at the top level.
    #[serde(default)]
    header: Option<Header>,
    /// Paragraphs before the first item.
    #[serde(default)]
    pub preamble: Option<Vec<String>>,
    /// The items.
    #[serde(default)]
    pub sections: Option<Vec<Node>>,
    /// Documents that this one issues.
    #[serde(default)]
    pub attached: Option<Vec<Attached>>,
    /// Paragraphs after the last item.
    #[serde(default)]
    pub closing: Option<Vec<String>>,
    /// Who receives it.
    #[serde(default)]
    pub recipients: Option<Vec<String>>,
    /// Who signed.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// Notes.
    #[serde(default)]
    pub footnotes: Option<Vec<Footnote>>,
    /// Tables after the signature.
    #[serde(default)]
    pub appendices: Option<Vec<Appendix>>,
    /// Documents cited.
    #[serde(default)]
    pub references: Option<Vec<Reference>>,
    /// Work assigned; `None` where the record does not list any, not even an empty list.
    #[serde(default)]
    pub tasks: Option<Vec<Task>>,
    /// How it is typeset.
    #[serde(default)]
    pub layout: Option<Layout>,
}

/// Letterhead and title.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Header {
    /// Superior body.
    #[serde(deserialize_with = "loose")]
    pub issuer_parent: Option<String>,
    /// Issuing body.
    #[serde(deserialize_with = "loose")]
    pub issuer: Option<String>,
    /// Number and symbol.
    #[serde(deserialize_with = "loose")]
    pub number: Option<String>,
    /// Place of issue.
    #[serde(deserialize_with = "loose")]
    pub place: Option<String>,
    /// ISO date of issue.
    #[serde(deserialize_with = "loose")]
    pub date: Option<String>,
    /// Kind of document.
    #[serde(deserialize_with = "loose")]
    pub kind: Option<String>,
    /// Trích yếu.
    #[serde(deserialize_with = "loose")]
    pub title: Option<String>,
}

/// An item and what is below it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Its label.
    #[serde(deserialize_with = "loose")]
    pub label: Option<String>,
    /// Its heading or first paragraph.
    pub text: Option<String>,
    /// Further paragraphs.
    pub paragraphs: Option<Vec<String>>,
    /// Items below it.
    pub children: Option<Vec<Node>>,
}

/// A document issued by another.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Attached {
    /// Its kind.
    pub kind: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// By what it was issued.
    pub note: Option<String>,
    /// Its items.
    pub sections: Option<Vec<Node>>,
}

/// Who signed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// For whom.
    pub authority: Option<String>,
    /// As what.
    pub position: Option<String>,
    /// Name.
    pub name: Option<String>,
}

/// A note.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Footnote {
    /// Its mark.
    #[serde(deserialize_with = "loose")]
    pub mark: Option<String>,
    /// Its text.
    pub text: Option<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Appendix {
    /// Its label.
    pub label: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Column heads.
    pub columns: Option<Vec<Cell>>,
    /// Rows.
    pub rows: Option<Vec<Vec<Cell>>>,
}

/// A cell of a table; empty ones and null are `None`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Cell(#[serde(deserialize_with = "loose")] Option<String>);

impl Cell {
    /// What stands in it, if anything does.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref().filter(|t| !t.is_empty())
    }
}

/// A document cited.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// Number and symbol.
    pub number: Option<String>,
    /// ISO date.
    pub date: Option<String>,
}

/// Work assigned.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Task {
    /// What is to be done.
    pub text: Option<String>,
    /// Who leads.
    pub lead: Option<String>,
    /// By when.
    pub due: Option<String>,
}

/// How it is typeset.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The motto, where it is not the state's.
    pub motto: Option<String>,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// Not JSON, or a part that is neither missing nor of the form it should have.
    pub fn from_json(json: &str) -> Result<Record, serde_json::Error> {
        serde_json::from_str(json.trim_start_matches('\u{feff}'))
    }

    /// A header field, wherever the record keeps it.
    #[must_use]
    pub fn field(&self, of: impl Fn(&Header) -> &Option<String>) -> Option<&str> {
        self.header.as_ref().and_then(|h| of(h).as_deref()).or(of(&self.top).as_deref())
    }
}

/// Text, or a number or truth value as text.
fn loose<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let flat = Record::from_json(r#"{"number": "7/KH-UBND", "sections": [{"label": 1, "text": null}]}"#)
            .unwrap();
        let nested =
            Record::from_json(r#"{"header": {"number": "7/KH-UBND", "spans": {}}, "sections": null}"#)
                .unwrap();
        assert_eq!(flat.field(|h| &h.number), nested.field(|h| &h.number));
        assert_eq!(flat.sections.unwrap()[0].label.as_deref(), Some("1"));
        assert!(nested.tasks.is_none());
    }

    #[test]
    fn what_is_not_a_record_is_an_error() {
        assert!(Record::from_json("[]").is_err());
        assert!(Record::from_json(r#"{"sections": "I"}"#).is_err());
    }
}
