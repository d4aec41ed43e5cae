//! `sohoa parse FILE`: a text on stdin or in a file to the plan or plans it holds, on stdout. The text is taken as it is.

use crate::batch::{self, one_line};
use crate::model::Plan;
use crate::model::plan::Source;
use crate::{emit, ingest};

use super::args::{ParseArgs, ParseFormat};
use super::exit::Exit;
use super::{input, output};

/// Reads, parses and prints.
pub fn run(args: &ParseArgs) -> Exit {
    let plans = input::read(&args.file).and_then(|bytes| {
        let name = if args.file.as_os_str() == "-" { "stdin".into() } else { args.file.to_string_lossy() };
        let text = ingest::decode_text(&bytes)
            .map_err(|error| format!("{}: {error}; give UTF-8 or UTF-16 text", one_line(&name)))?;
        let last = name.rsplit('/').next().unwrap_or(&name);
        let source = Source {
            path: last.to_owned(),
            sha256: ingest::fingerprint_bytes(&bytes),
            media_type: ingest::MediaType::Text.name().to_owned(),
            tool: crate::batch::TOOL.to_owned(),
            ..Source::default()
        };
        drop(bytes);
        Ok(batch::parse_text(&text, &source, args.split))
    });
    match plans {
        Ok(plans) => output::print(&printed(&plans, args)),
        Err(line) => {
            output::complain(&line);
            Exit::Failed
        }
    }
}

fn printed(plans: &[Plan], args: &ParseArgs) -> String {
    match args.format {
        ParseFormat::Json if args.split => emit::json_array(plans),
        ParseFormat::Json => plans.iter().map(emit::json).collect(),
        ParseFormat::Jsonl => plans.iter().map(emit::json_line).collect(),
        ParseFormat::Markdown => plans.iter().map(emit::markdown).collect::<Vec<_>>().join("\n"),
        ParseFormat::Html => emit::html_page(plans),
    }
}
