//! Every command of the guide is run, block by block, in one folder, and does what the guide says.
//!
//! A block of `sh` is run by bash and has to end with 0, or with N if `<!-- exit N -->` stands before it. The lines of a block of `text` right behind it have to
//! come in its output (stdout and stderr), in this order whatever lies between; `…` stands for anything.

mod common;

use std::path::Path;
use std::process::Command;

use common::{Desk, Ended, fixture};

/// Commands and what is said of them.
struct Block {
    line: usize,
    commands: String,
    exit: i32,
    expected: Vec<String>,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut exit, mut behind) = (0, false);
    let mut lines = guide.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        match line {
            "```sh" => {
                let commands = inside(&mut lines).map(|line| format!("{line}\n")).collect();
                blocks.push(Block { line: number + 1, commands, exit, expected: Vec::new() });
                (exit, behind) = (0, true);
            }
            "```text" => {
                assert!(behind, "line {}: output of nothing", number + 1);
                let expected = inside(&mut lines).map(str::to_owned).collect();
                blocks.last_mut().expect("behind a block").expected = expected;
                behind = false;
            }
            _ if line.starts_with("```") => panic!("line {}: {line}", number + 1),
            _ => {
                if let Some(code) = line.strip_prefix("<!-- exit ").and_then(|rest| rest.strip_suffix(" -->"))
                {
                    exit = code.parse().expect("a number");
                }
                behind &= line.is_empty();
            }
        }
    }
    blocks
}

/// The lines up to the end of a block.
fn inside<'g>(lines: &mut impl Iterator<Item = (usize, &'g str)>) -> impl Iterator<Item = &'g str> {
    lines.map(|(_, line)| line).take_while(|line| *line != "```")
}

/// Whether `line` holds the parts between the ellipses of `expected`, in order.
fn holds(line: &str, expected: &str) -> bool {
    let mut rest = line;
    expected.split('…').all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn the_guide_does_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let copy =
        |from: &Path, to: &str| drop(desk.put(to, std::fs::read(from).expect("a file of the project")));
    copy(&fixture("c5-office.pdf"), "scans/c5-office.pdf");
    copy(&fixture("a5-garbled.txt"), "scans/old/a5.txt");
    copy(&fixture("a5-garbled.txt.expected.txt"), "truth.txt");
    copy(&root.join("dictionaries/places.txt"), "dictionaries/places.txt");
    copy(&root.join("dictionaries/names.txt"), "dictionaries/names.txt");
    let program = Path::new(env!("CARGO_BIN_EXE_sohoa")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let guide = std::fs::read_to_string(root.join("docs/guide.md")).expect("docs/guide.md");
    let blocks = blocks(&guide);
    assert!(blocks.len() > 10, "{}", blocks.len());
    for block in blocks {
        let script = format!("exec 2>&1\n{}", block.commands);
        let mut bash = Command::new("bash");
        bash.args(["-eu", "-o", "pipefail", "-c", &script]).current_dir(desk.path(""));
        let ended = Ended::of(bash.env("PATH", &path).env("NO_COLOR", "1").output());
        let said = format!("docs/guide.md, line {}\n{}\n{}", block.line, block.commands, ended.out);
        assert_eq!(ended.code, Some(block.exit), "{said}");
        let mut lines = ended.out.lines();
        for expected in block.expected {
            assert!(lines.any(|line| holds(line, &expected)), "no line {expected:?} in {said}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    assert!(readme.contains("(docs/guide.md)"));
    for page in ["README.md", "docs/guide.md", "docs/export.md", "docs/record.md", "docs/json.md"] {
        let text = std::fs::read_to_string(root.join(page)).expect(page);
        let folder = root.join(page).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(file.contains(':') || folder.join(file).exists(), "{page}: {link}");
        }
    }
}
