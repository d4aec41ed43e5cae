//! As much of a finished document's JSON as tables, the graph of citations and records are made of.
//!
//! Reading a hundred thousand documents is mostly a matter of what is *not* kept. Text is borrowed from the bytes of the file
//! wherever it holds no escapes, and what nobody asks for (raw pages, corrections, boxes) is stepped over, though still checked to be JSON.
//! Any 1.x of the schema is read: fields that an older version lacks are empty.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::page::Decision;
use crate::model::plan::Grade;

/// Why a file is no finished document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No JSON, or JSON of another form.
    #[error(
        "damaged, or not written by sohoa ({0}): digitise its document again, or move it out of the folder"
    )]
    Damaged(String),
    /// JSON with another version number.
    #[error(
        "its schema_version is {0:?}, and this program reads 1.x: use the version of sohoa that wrote it"
    )]
    Version(String),
}

/// Text that is borrowed where it can be.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

/// A finished document, as far as exports need it.
#[derive(Debug, Deserialize)]
pub struct Digest<'a> {
    #[serde(borrow)]
    schema_version: Text<'a>,
    #[serde(borrow)]
    pub(super) source: Source<'a>,
    #[serde(default)]
    pub(super) pages: Vec<Page>,
    #[serde(borrow)]
    pub(super) header: Header<'a>,
    #[serde(borrow, default)]
    pub(super) sections: Vec<Section<'a>>,
    #[serde(borrow, default)]
    pub(super) attached: Vec<Attached<'a>>,
    #[serde(borrow, default)]
    pub(super) recipients: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) signature: Signature<'a>,
    #[serde(borrow, default)]
    pub(super) cosigners: Vec<Signature<'a>>,
    #[serde(default)]
    pub(super) footnotes: Vec<IgnoredAny>,
    #[serde(default)]
    pub(super) appendices: Vec<IgnoredAny>,
    #[serde(borrow, default)]
    pub(super) references: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    pub(super) tasks: Vec<Task<'a>>,
    #[serde(borrow, default)]
    pub(super) assignments: Vec<Assignment<'a>>,
    pub(super) quality: Quality,
    #[serde(borrow, default)]
    pub(super) warnings: Vec<Warning<'a>>,
    /// What its outputs are called: the JSON's path below OUT, less `.json`.
    #[serde(skip)]
    pub(super) name: String,
}

impl<'a> Digest<'a> {
    /// Reads the JSON of the document whose outputs are called `name`.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(name: &str, json: &'a [u8]) -> Result<Digest<'a>, Unreadable> {
        #[derive(Deserialize)]
        struct Version<'a> {
            #[serde(borrow)]
            schema_version: Text<'a>,
        }
        match serde_json::from_slice::<Digest<'a>>(json) {
            Ok(digest) if digest.schema_version.starts_with("1.") => {
                Ok(Digest { name: name.to_owned(), ..digest })
            }
            Ok(digest) => Err(Unreadable::Version(digest.schema_version.to_string())),
            // another version has a right to another form
            Err(error) => match serde_json::from_slice::<Version<'_>>(json) {
                Ok(head) if !head.schema_version.starts_with("1.") => {
                    Err(Unreadable::Version(head.schema_version.to_string()))
                }
                _ => Err(Unreadable::Damaged(error.to_string())),
            },
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Source<'a> {
    #[serde(borrow)]
    pub path: Text<'a>,
    #[serde(borrow)]
    pub sha256: Text<'a>,
    #[serde(borrow)]
    pub media_type: Text<'a>,
    pub pages: u64,
    #[serde(borrow)]
    pub tool: Text<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub decision: Decision,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Header<'a> {
    #[serde(borrow)]
    pub issuer_parent: Option<Text<'a>>,
    #[serde(borrow)]
    pub issuer: Option<Text<'a>>,
    #[serde(borrow)]
    pub number: Option<Text<'a>>,
    #[serde(borrow)]
    pub place: Option<Text<'a>>,
    #[serde(borrow)]
    pub date: Option<Text<'a>>,
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub period: Option<Period<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Period<'a> {
    #[serde(borrow)]
    pub from: Text<'a>,
    #[serde(borrow)]
    pub to: Text<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    pub page: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Section<'a> {
    #[serde(borrow)]
    pub label: Text<'a>,
    #[serde(borrow)]
    pub marker: Text<'a>,
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow, default)]
    pub paragraphs: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub children: Vec<Section<'a>>,
    #[serde(default)]
    pub spans: Vec<Place>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attached<'a> {
    #[serde(borrow, default)]
    pub sections: Vec<Section<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Signature<'a> {
    #[serde(borrow)]
    pub authority: Option<Text<'a>>,
    #[serde(borrow)]
    pub position: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub raw: Text<'a>,
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub number: Option<Text<'a>>,
    #[serde(borrow)]
    pub date: Option<Text<'a>>,
    #[serde(default)]
    pub spans: Vec<Place>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Task<'a> {
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub lead: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub partners: Vec<Text<'a>>,
    #[serde(borrow)]
    pub due: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub due_period: Option<Period<'a>>,
    #[serde(borrow, default)]
    pub section: Vec<Text<'a>>,
    #[serde(default)]
    pub spans: Vec<Place>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Assignment<'a> {
    #[serde(borrow)]
    pub agency: Text<'a>,
    #[serde(borrow, default)]
    pub duties: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub section: Vec<Text<'a>>,
    #[serde(default)]
    pub spans: Vec<Place>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quality {
    pub grade: Grade,
    pub words: u64,
    pub changed: u64,
    pub doubtful: u64,
    pub recognition: Option<f32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Warning<'a> {
    #[serde(borrow)]
    pub code: Text<'a>,
}

/// A word that a person should look at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DoubtfulWord {
    /// Page number.
    pub page: u32,
    /// The reading that was kept.
    pub text: String,
    /// Probability that it is right (0 to 1).
    pub confidence: f32,
}

/// The doubtful words that the JSON of a document lists, in order; none if it cannot be read.
#[must_use]
pub fn doubtful_words(json: &[u8]) -> Vec<DoubtfulWord> {
    #[derive(Deserialize)]
    struct Doubts {
        #[serde(default)]
        doubtful: Vec<DoubtfulWord>,
    }
    serde_json::from_slice::<Doubts>(json).map(|found| found.doubtful).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::json;
    use crate::model::Plan;

    #[test]
    fn plain_text_is_borrowed_and_escapes_are_resolved() {
        let mut plan = Plan { schema_version: "1.0".into(), ..Plan::default() };
        plan.header.title = Some("Trồng cây".into());
        plan.header.kind = Some("KẾ \"HOẠCH\"".into());
        let json = json(&plan);
        let digest = Digest::read("a.pdf", json.as_bytes()).expect("own JSON");
        assert!(matches!(digest.header.title, Some(Text(Cow::Borrowed("Trồng cây")))));
        assert_eq!(digest.header.kind.as_deref(), Some("KẾ \"HOẠCH\""));
        assert_eq!(digest.name, "a.pdf");
    }

    #[test]
    fn what_is_no_document_is_told_from_what_is_too_new() {
        let read = |json: &str| Digest::read("a", json.as_bytes()).expect_err("no document");
        assert!(matches!(read(""), Unreadable::Damaged(_)));
        assert!(matches!(read("{\"name\": \"package\"}"), Unreadable::Damaged(_)));
        assert_eq!(read("{\"schema_version\": \"2.0\"}"), Unreadable::Version("2.0".into()));
        let whole = json(&Plan { schema_version: "1.0".into(), ..Plan::default() });
        // every cut is seen, wherever it falls
        for end in 0..whole.trim_end().len() {
            assert!(matches!(read(&whole[..end]), Unreadable::Damaged(_)), "{end}");
        }
    }
}
