//! Outputs: the plan as JSON, Markdown, HTML and plain restored text, its pages as ALTO and
//! as searchable PDF, the JSON's schema, names that stay inside OUT, and atomic writes.
//!
//! This is the only room that writes outputs. Equal plans give equal bytes: nothing here looks at a clock, at the machine
//! or at the number of threads. An output appears whole or not at all ([`write()`]).
//!
//! ```
//! use sohoa::model::Plan;
//!
//! let mut plan = Plan { schema_version: "1.0".into(), ..Plan::default() };
//! plan.header.kind = Some("KẾ HOẠCH".into());
//! plan.header.title = Some("Trồng cây đầu năm".into());
//! assert_eq!(sohoa::emit::text(&plan), "KẾ HOẠCH\nTrồng cây đầu năm\n");
//! assert!(sohoa::emit::json(&plan).ends_with("}\n"));
//! ```

mod alto;
mod atomic;
mod citation;
mod digest;
mod error;
mod extra;
mod facts;
mod graph;
mod html;
mod journal;
mod json;
mod markdown;
mod names;
pub mod overview;
mod pdf;
mod placed;
mod product;
pub mod record;
mod schema;
mod stream;
mod tables;
mod text;
mod walk;
mod xml;

pub use alto::alto;
pub use atomic::{Draft, discard, prepare, settle, settle_folders, sweep, write};
pub use digest::{Digest, DoubtfulWord, Unreadable, doubtful_words};
pub use error::EmitError;
pub use extra::Extra;
pub(crate) use html::escape;
pub use html::{html, page as html_page};
pub use journal::{Journal, journal_file};
pub use json::{json, json_array, json_line, read_source};
pub use markdown::markdown;
pub use names::Target;
pub use pdf::{Layer, LayerLine, LayerWord, Metadata, Note, PdfError, Picture, from_pictures, searchable};
pub use product::Product;
pub use schema::{SCHEMA_ID, schema};
pub use stream::Stream;
pub use tables::{Csv, Form, Separator, Table};
pub use text::text;
