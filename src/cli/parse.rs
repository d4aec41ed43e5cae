//! `sohoa parse FILE`: a text on stdin or in a file to the JSON of a plan on stdout. The text is taken as it is.

use crate::batch::{self, one_line};
use crate::model::plan::Source;
use crate::model::{Plan, RestoredPage};
use crate::{emit, ingest};

use super::args::ParseArgs;
use super::exit::Exit;
use super::{input, output};

/// Reads, parses and prints.
pub fn run(args: &ParseArgs) -> Exit {
    let plan = input::read(&args.file).and_then(|bytes| {
        let name = if args.file.as_os_str() == "-" { "stdin".into() } else { args.file.to_string_lossy() };
        let text = ingest::decode_text(&bytes)
            .map_err(|error| format!("{}: {error}; give UTF-8 or UTF-16 text", one_line(&name)))?;
        let last = name.rsplit('/').next().unwrap_or(&name);
        Ok(plan(&text, last, ingest::fingerprint_bytes(&bytes)))
    });
    match plan {
        Ok(plan) => output::print(&emit::json(&plan)),
        Err(line) => {
            output::complain(&line);
            Exit::Failed
        }
    }
}

fn plan(text: &str, name: &str, sha256: String) -> Plan {
    let pages: Vec<RestoredPage> =
        ingest::text_pages(text).into_iter().map(RestoredPage::unchanged).collect();
    let source = Source {
        path: name.to_owned(),
        sha256,
        media_type: ingest::MediaType::Text.name().to_owned(),
        pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        tool: crate::batch::TOOL.to_owned(),
        ..Source::default()
    };
    batch::plan(&pages, source)
}
