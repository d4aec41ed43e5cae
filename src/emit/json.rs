//! The plan as JSON: two spaces of indent, fields in the order of the schema, a newline at the end.

use serde::Deserialize;

use crate::model::Plan;
use crate::model::plan::Source;

/// `plan` as the bytes of its JSON file. Equal plans give equal text.
#[must_use]
pub fn json(plan: &Plan) -> String {
    // A Plan has only string keys and plain values, which always serialise.
    let mut out = serde_json::to_string_pretty(plan).unwrap_or_default();
    out.push('\n');
    out
}

/// `plan` as one line of JSON: what `jq` and databases read one after the other.
#[must_use]
pub fn json_line(plan: &Plan) -> String {
    let mut out = serde_json::to_string(plan).unwrap_or_default();
    out.push('\n');
    out
}

/// `plans` as a JSON array.
#[must_use]
pub fn json_array(plans: &[Plan]) -> String {
    let mut out = serde_json::to_string_pretty(plans).unwrap_or_default();
    out.push('\n');
    out
}

/// The `source` of a JSON that an earlier run wrote; `None` for anything else.
#[must_use]
pub fn read_source(json: &[u8]) -> Option<Source> {
    #[derive(Deserialize)]
    struct Head {
        schema_version: String,
        source: Source,
    }
    let head: Head = serde_json::from_slice(json).ok()?;
    head.schema_version.starts_with("1.").then_some(head.source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_comes_back_from_its_json() {
        let mut plan = Plan { schema_version: "1.0".into(), ..Plan::default() };
        plan.source.sha256 = "00ff".into();
        plan.preamble.push("Căn cứ tình hình \"thực tế\",\tnăm 2020".into());
        let text = json(&plan);
        assert!(text.ends_with("}\n") && text.starts_with("{\n  \"schema_version\": \"1.0\""));
        let back: Plan = serde_json::from_str(&text).expect("own JSON");
        assert_eq!(back, plan);
        assert_eq!(read_source(text.as_bytes()), Some(plan.source));
    }

    #[test]
    fn foreign_files_have_no_source() {
        assert_eq!(read_source(b""), None);
        assert_eq!(read_source(b"{\"source\": 3}"), None);
        assert_eq!(read_source(b"{\"schema_version\": \"2.0\", \"source\": {}}"), None);
    }
}
