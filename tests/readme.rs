//! What the README shows is what the program does.

mod common;

use common::Desk;

/// The cells of the table rows whose first cell is code: what stands before, and what after.
fn samples() -> Vec<(String, String)> {
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let code = |cell: &str| cell.trim().strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
    readme
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|');
            Some((code(cells.next()?)?, code(cells.next()?)?))
        })
        .collect()
}

#[test]
fn the_sample_of_restoration_is_real() {
    let (before, after): (Vec<String>, Vec<String>) = samples().into_iter().unzip();
    assert!(!before.is_empty());
    let restored = Desk::new().pipe("restore", before.join("\n").as_bytes()).code(0).out;
    assert_eq!(restored.lines().collect::<Vec<_>>(), after);
}
