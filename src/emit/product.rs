//! What can be made of a folder of finished documents: tables, the graph of citations, archival records. Each is a head, a piece a
//! document, and a tail; the pieces depend on their documents alone, so they can be made in any order and joined in one.

use super::digest::Digest;
use super::tables::{Form, Table};
use super::{graph, record, tables};

/// One thing to be made of many documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// A table.
    Table(Table, Form),
    /// The graph of citations, for Graphviz.
    Graph,
    /// Archival records, a JSON object a line.
    Records,
    /// Archival records, as XML.
    RecordsXml,
}

impl Product {
    /// What its file is called.
    #[must_use]
    pub fn file_name(self) -> String {
        match self {
            Product::Table(table, form) => format!("{}.{}", table.name(), form.suffix()),
            Product::Graph => "citations.dot".into(),
            Product::Records => "records.jsonl".into(),
            Product::RecordsXml => "records.xml".into(),
        }
    }

    /// What comes first.
    #[must_use]
    pub fn head(self) -> Vec<u8> {
        match self {
            Product::Table(table, form) => tables::head(table, form),
            Product::Graph => graph::HEAD.into(),
            Product::Records => Vec::new(),
            Product::RecordsXml => record::XML_HEAD.into(),
        }
    }

    /// Adds the piece of one document, which was read from `json`.
    pub fn add(self, digest: &Digest<'_>, json: &[u8], out: &mut Vec<u8>) {
        match self {
            Product::Table(table, form) => tables::add(table, form, digest, out),
            Product::Graph => graph::add(digest, out),
            Product::Records => record::add_json(digest, json, out),
            Product::RecordsXml => record::add_xml(digest, json, out),
        }
    }

    /// What comes last.
    #[must_use]
    pub fn tail(self) -> &'static [u8] {
        match self {
            Product::Table(..) | Product::Records => b"",
            Product::Graph => graph::TAIL.as_bytes(),
            Product::RecordsXml => record::XML_TAIL.as_bytes(),
        }
    }
}
