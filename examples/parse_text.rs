//! Parses a plain text to a plan and prints its outline, or the whole plan as JSON.
//!
//! ```text
//! cargo run --example parse_text -- FILE.txt [--json]
//! cargo run --example parse_text -- - < FILE.txt
//! ```
//!
//! Pages are split at form feeds. Shows how a program walks the tree: every section has a label, a text, paragraphs
//! and children, and spans that lead back to the bytes it came from.

use std::io::Read;
use std::process::ExitCode;

use sohoa::model::plan::Section;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.iter().find(|a| !a.starts_with("--")) else {
        eprintln!("usage: parse_text FILE.txt|- [--json]");
        return ExitCode::from(2);
    };
    let text = match read(path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let plan = sohoa::parse::parse_text(&text);
    if arguments.iter().any(|a| a == "--json") {
        match serde_json::to_string_pretty(&plan) {
            Ok(json) => println!("{json}"),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
        return ExitCode::SUCCESS;
    }
    let show = |field: &Option<String>| field.clone().unwrap_or_default();
    println!("{} {}: {}", show(&plan.header.kind), show(&plan.header.number), show(&plan.header.title));
    outline(&plan.sections, 1);
    for warning in &plan.warnings {
        eprintln!("warning: {}", warning.message);
    }
    ExitCode::SUCCESS
}

fn read(path: &str) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn outline(sections: &[Section], depth: usize) {
    for section in sections {
        let text: String = section.text.chars().take(70).collect();
        println!("{}{} {text}", "  ".repeat(depth), section.marker);
        outline(&section.children, depth + 1);
    }
}
