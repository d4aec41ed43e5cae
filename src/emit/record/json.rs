//! Records as JSON, one a line.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Digest, FORM, Field, Value, values};

struct Fields(Vec<(&'static Field, Value)>);

#[derive(serde::Serialize)]
struct Record<'a> {
    form: &'a str,
    document: &'a str,
    fields: Fields,
}

#[derive(serde::Serialize)]
struct Entry<'a> {
    value: Option<&'a str>,
    status: &'a str,
    why: &'a str,
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            let entry = Entry { value: value.value.as_deref(), status: value.status.name(), why: &value.why };
            map.serialize_entry(field.name, &entry)?;
        }
        map.end()
    }
}

/// Adds the record of a document.
pub(in crate::emit) fn add(digest: &Digest<'_>, json: &[u8], out: &mut Vec<u8>) {
    let record = Record { form: FORM, document: &digest.name, fields: Fields(values(digest, json)) };
    // memory takes whatever is written to it, and texts always serialise
    let _ = serde_json::to_writer(&mut *out, &record);
    out.push(b'\n');
}
