//! The subcommand on small folders.

use std::fs;

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: EvaluateArgs,
}

/// Result, standard output, standard error.
fn run_with(args: &[&str]) -> (Result<(), EvaluateError>, String, String) {
    let cli = Cli::try_parse_from(std::iter::once("evaluate").chain(args.iter().copied())).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let result = evaluate(&cli.args, None, &mut out, &mut err);
    (result, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn code(result: Result<(), EvaluateError>) -> u8 {
    result.map_or_else(|e| e.exit_code(), |()| 0)
}

/// A folder with the given files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn path(folder: &tempfile::TempDir) -> &str {
    folder.path().to_str().unwrap()
}

#[test]
fn folders_pair_by_stem_and_end_in_a_total() {
    let raw = folder(&[("a.txt", "xa"), ("n/b.txt", "nui cao qua")]);
    let restored = folder(&[("a.pdf.txt", "xã"), ("n/b.txt", "núi cao qua"), ("c.txt", "?")]);
    let gold = folder(&[("a.txt", "xã"), ("n/b.txt", "núi cao quá")]);
    let (result, out, err) = run_with(&["text", path(&raw), path(&restored), path(&gold), "-v"]);
    assert_eq!(code(result), 0);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "n/b: raw qua | restored qua | true quá | núi cao [quá] ");
    assert!(lines[1].starts_with("document  gold tokens  ser before"));
    // 1 of 4 tokens wrong over both
    assert!(lines[4].starts_with("total               4     75.00 %  25.00 %"), "{out}");
    assert!(err.contains("c.txt: no truth for it"));
}

#[test]
fn json_has_four_decimals_and_the_judges_names() {
    let files = folder(&[("r.txt", "mot hai ba"), ("g.txt", "một hai ba")]);
    let at = |name: &str| format!("{}/{name}", path(&files));
    let (result, out, _) = run_with(&["text", &at("r.txt"), &at("r.txt"), &at("g.txt"), "--json"]);
    assert_eq!(code(result), 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["documents"][0]["ser"], 0.3333);
    assert_eq!(json["documents"][0]["gold_tokens"], 3);
    assert!(json.get("total").is_none());
}

#[test]
fn suffixes_tell_kinds_in_one_folder_apart() {
    let files =
        folder(&[("1.ocr.txt", "Căn cứ Luât số 5"), ("1.old.txt", "?"), ("1.true.txt", "Căn cứ Luật số 5")]);
    let here = path(&files);
    let (result, out, _) =
        run_with(&["body", here, here, "--suffix", ".ocr.txt", "--gold-suffix", ".true.txt", "--json"]);
    assert_eq!(code(result), 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["documents"][0]["document"], "1");
    assert_eq!(json["documents"][0]["ser"], 0.2);
}

#[test]
fn one_bad_document_does_not_stop_the_others() {
    let out = folder(&[("a.pdf.json", "{\"header\": {\"number\": \"1\"}}"), ("b.json", "no")]);
    let gold = folder(&[("a.json", "{\"number\": \"1\"}"), ("b.json", "{}"), ("c.json", "{}")]);
    let (result, shown, err) = run_with(&["structure", path(&out), path(&gold)]);
    assert!(matches!(result, Err(EvaluateError::Failed { failed: 2, of: 3 })));
    assert!(shown.contains("\na "), "{shown}");
    assert!(err.contains("b.json: not a plan's JSON") && err.contains("c.json: nothing in"), "{err}");
}

#[test]
fn exit_codes() {
    let gold = folder(&[("a.txt", "x"), ("empty.txt", "")]);
    let file = format!("{}/a.txt", path(&gold));
    let empty = format!("{}/empty.txt", path(&gold));
    assert_eq!(code(run_with(&["body", &file, path(&gold)]).0), 2);
    assert_eq!(code(run_with(&["body", "/no/such/file", &file]).0), 1);
    assert_eq!(code(run_with(&["text", &file, &file, &empty]).0), 1);
    assert_eq!(code(run_with(&["text", &file, &file, &file, "--report", "/no/such/folder/r.html"]).0), 5);
}

#[test]
fn the_report_is_written_whole() {
    let files = folder(&[("r.txt", "mot"), ("g.txt", "một")]);
    let at = |name: &str| format!("{}/{name}", path(&files));
    let (result, _, _) =
        run_with(&["text", &at("r.txt"), &at("r.txt"), &at("g.txt"), "--report", &at("page.html")]);
    assert_eq!(code(result), 0);
    let page = fs::read_to_string(at("page.html")).unwrap();
    assert!(page.contains("<mark>một</mark>") && page.ends_with("</html>\n"));
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 3);
}

#[test]
fn each_document_is_restored_without_its_own_pairs() {
    let raw = folder(&[
        ("a.txt", "Uy ban nhan din xa giao cong chirc chii tri.\n"),
        ("b.txt", "Cac thon ban té chirc thuc hién ké hoach nay.\n"),
    ]);
    let gold = folder(&[
        ("a.txt", "Ủy ban nhân dân xã giao công chức chủ trì.\n"),
        ("b.txt", "Các thôn bản tổ chức thực hiện kế hoạch này.\n"),
    ]);
    let pairs =
        folder(&[("t.tsv", "a\tchirc\tchức\nc\tnhan\tnhân\nc\tchii\tchủ\n"), ("a.tsv", "a\tnhan\tnhân\n")]);
    let table = |name: &str| format!("{}/{name}*2", path(&pairs));
    let page = format!("{}/page.html", path(&pairs));
    let (both, t) = ([path(&raw), path(&gold)], table("t.tsv"));
    let mut args = vec!["leave-one-out", both[0], both[1], "--pairs", &t];
    let (result, out, err) = run_with(&[&args[..], &["--report", &page]].concat());
    assert_eq!(code(result), 0, "{err}");
    assert!(err.contains("a: learning") && err.contains("b: learning"));
    assert!(out.contains("\ntotal ") && out.contains("\ncalibration error 0."), "{out}");
    assert!(fs::read_to_string(&page).unwrap().contains("<svg"));

    args.extend(["--damage", "garbled", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run_with(&args).1).unwrap();
    let total = |name: &str| json["total"][name].as_f64().unwrap();
    // a dozen pairs teach something, not everything
    assert!(total("ser") < total("ser_before") - 0.2, "{json}");
    assert_eq!(json["reliability"]["words"], 20);

    // a document alone has nothing to learn from, not even from a table of its own pairs
    let alone = [format!("{}/a.txt", both[0]), format!("{}/a.txt", both[1])];
    for more in [vec![], vec!["--pairs".to_owned(), table("a.tsv")]] {
        let all: Vec<&str> =
            ["leave-one-out"].into_iter().chain(alone.iter().chain(&more).map(String::as_str)).collect();
        let (result, _, _) = run_with(&all);
        assert!(
            matches!(&result, Err(EvaluateError::Learning(m)) if m.contains("nothing to learn")),
            "{result:?}"
        );
        assert_eq!(code(result), 1);
    }
}
