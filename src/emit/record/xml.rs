//! Records as XML: an element a field, named as in the circular, with `status` and `why` as attributes.

use super::{Digest, FORM, values};
use crate::emit::xml::Xml;

pub(in crate::emit) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<records>\n";
pub(in crate::emit) const TAIL: &str = "</records>\n";

/// Adds the record of a document.
pub(in crate::emit) fn add(digest: &Digest<'_>, json: &[u8], out: &mut Vec<u8>) {
    let mut xml = Xml::fragment();
    xml.open("record", &[("form", FORM.to_owned()), ("document", digest.name.clone())]);
    for (field, value) in values(digest, json) {
        let attributes = [("status", value.status.name().to_owned()), ("why", value.why)];
        match &value.value {
            Some(text) => xml.text(field.name, &attributes, text),
            None => xml.empty(field.name, &attributes),
        }
    }
    xml.close("record");
    out.extend_from_slice(xml.finish().as_bytes());
}
