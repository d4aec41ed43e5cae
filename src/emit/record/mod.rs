//! The archival record: the 21 fields that Circular 05/2025/TT-BNV wants of a digitised document, each with the value, as far as the document
//! gives one, and with what a person still has to do.
//!
//! The fields stand in one table, [`fields`], with their names, longest values and rules. A value is **read** (it stands on the page), **inferred** (it follows
//! from what stands there, and why is said) or left **for a human** (only the archive can know it, or the page does not show it, or its words are
//! doubtful). Nothing is made up.
//!
//! Limits: names, lengths and codes are taken from digests of the circular's annexes III and IV, not from its printed text; a correction is one line of the table.

mod codes;
mod fields;
mod json;
mod xml;

use super::digest::Digest;

pub use fields::{FIELDS, Field};
pub(super) use json::add as add_json;
pub(super) use xml::{HEAD as XML_HEAD, TAIL as XML_TAIL, add as add_xml};

/// The form that records say they have.
const FORM: &str = "TT 05/2025/TT-BNV";

/// How a value was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It stands on the page.
    Read,
    /// It follows from what stands there.
    Inferred,
    /// A person has to give it, or to look at it.
    Human,
}

impl Status {
    /// Its name in the outputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Read => "read",
            Status::Inferred => "inferred",
            Status::Human => "human",
        }
    }
}

/// What one field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value, if there is one.
    pub value: Option<String>,
    /// How it was come by.
    pub status: Status,
    /// From what, or why not.
    pub why: String,
}

impl Value {
    fn read(value: impl Into<String>, from: &str) -> Value {
        Value { value: Some(value.into()), status: Status::Read, why: from.into() }
    }

    fn inferred(value: impl Into<String>, why: impl Into<String>) -> Value {
        Value { value: Some(value.into()), status: Status::Inferred, why: why.into() }
    }

    fn human(why: impl Into<String>) -> Value {
        Value { value: None, status: Status::Human, why: why.into() }
    }

    /// Cut to so many characters, which a person should look at.
    fn within(self, longest: usize) -> Value {
        match &self.value {
            Some(value) if value.chars().count() > longest => {
                let mut cut: String = value.chars().take(longest.saturating_sub(1)).collect();
                cut.push('…');
                let why = format!("{}; cut to {longest} characters: shorten it by hand", self.why);
                Value { value: Some(cut), status: Status::Human, why }
            }
            _ => self,
        }
    }
}

/// The values of a document, in the order of [`FIELDS`]. `json` is what `digest` was read from.
fn values(digest: &Digest<'_>, json: &[u8]) -> Vec<(&'static Field, Value)> {
    let doubts = doubts::Doubts::read(json);
    let value = |field: &'static Field| {
        let value = (field.rule)(digest);
        let value = match field.header.and_then(|part| doubts.of_header(part, digest)) {
            Some(words) if value.value.is_some() => Value {
                status: Status::Human,
                why: format!("{}; doubtful words: {words}", value.why),
                ..value
            },
            _ => value,
        };
        (field, field.longest.map_or_else(|| value.clone(), |longest| value.clone().within(longest)))
    };
    FIELDS.iter().map(value).collect()
}

mod doubts {
    //! Which doubtful words lie in which part of the letterhead.

    use std::collections::BTreeMap;

    use serde::Deserialize;

    use crate::emit::digest::Digest;
    use crate::model::text::Span;

    #[derive(Debug, Default, Deserialize)]
    struct Header {
        #[serde(default)]
        spans: BTreeMap<String, Vec<Span>>,
    }

    #[derive(Debug, Deserialize)]
    struct Doubt {
        page: u32,
        start: usize,
        end: usize,
        text: String,
    }

    #[derive(Debug, Default, Deserialize)]
    pub(super) struct Doubts {
        #[serde(default)]
        header: Header,
        #[serde(default)]
        doubtful: Vec<Doubt>,
    }

    impl Doubts {
        /// From the JSON of a document that has been read before.
        pub fn read(json: &[u8]) -> Doubts {
            serde_json::from_slice(json).unwrap_or_default()
        }

        /// The doubtful words within a field of the header, if there are any. Where the field is printed text, only words of it count, not
        /// what stands around it (*Số:*).
        pub fn of_header(&self, field: &str, digest: &Digest<'_>) -> Option<String> {
            let spans = self.header.spans.get(field)?;
            let header = &digest.header;
            let text = match field {
                "kind" => &header.kind,
                "number" => &header.number,
                "issuer" => &header.issuer,
                "title" => &header.title,
                _ => &None,
            };
            let within =
                |d: &&Doubt| spans.iter().any(|s| s.page == d.page && d.start < s.end && s.start < d.end);
            let of_text = |d: &&Doubt| text.as_deref().is_none_or(|text| text.contains(&d.text));
            let words = self.doubtful.iter().filter(within).filter(of_text);
            let words: Vec<&str> = words.map(|doubt| doubt.text.as_str()).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
    }
}
