//! The report of a run: what it says, that it needs nothing but itself, that it stays small, and how a browser shows it.

mod common;

use std::process::{Command, Output};

use common::{Desk, PLAN, fixture};

/// A run with documents that are good, doubtful, failed and none.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("in/năm 2021/a & b.txt", PLAN);
    desk.put("in/garbled.txt", std::fs::read(fixture("a5-garbled.txt")).expect("a fixture"));
    desk.put("in/<broken>.pdf", "%PDF-1.4\nnothing");
    desk.put("in/picture.gif", "GIF89a");
    desk.run("digitise in -o out --report").code(1).says(&["report in out/report.html"]);
    desk
}

#[test]
fn a_report_says_what_became_of_everything() {
    let desk = desk();
    let page = desk.read("out/report.html");
    for part in [
        "<b class=\"\">3</b>tài liệu <i>documents</i>",
        "<b class=\"poor\">1</b>lỗi <i>failed</i>",
        "<h3>input: 1</h3>",
        "&lt;broken&gt;.pdf",
        "<h3>a GIF image: 1</h3>",
        "Lần chạy cuối",
        "<svg",
        "@media print",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    // the garbled one is listed with words of its own, and a link that leads to its text
    let plan: sohoa::model::Plan = serde_json::from_str(&desk.read("out/garbled.txt.json")).expect("a plan");
    let doubtful = plan.doubtful.iter().min_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let doubtful = doubtful.expect("some words are doubtful");
    assert!(page.contains(&format!("<span>{} <small>({})", doubtful.text, doubtful.page)), "{page}");
    assert!(page.contains("href=\"garbled.txt.txt\""), "{page}");
    // the same ledger gives the same page
    assert_eq!(desk.run("report out").code(0).out, page);
    desk.run("digitise in -o out --report -q").code(1);
    assert!(desk.read("out/report.html").contains("<b class=\"\">3</b>tài liệu"));
    desk.run("report nowhere").code(5).says(&["nowhere", "ledger"]);
}

#[test]
fn a_report_needs_nothing_but_itself() {
    let page = desk().read("out/report.html");
    for loads in ["http:", "https:", "src=", "url(", "@import", "<script", "<link", "<iframe", "//"] {
        assert!(!page.contains(loads), "{loads} in\n{page}");
    }
}

#[test]
fn a_page_of_somebody_else_is_not_written_over() {
    let desk = Desk::new();
    desk.put("a.txt", PLAN);
    desk.put("out/report.html", "<!DOCTYPE html>\n<html>mine");
    desk.run("digitise a.txt -o out --report").code(2).says(&["report.html", "move it away"]);
    assert_eq!(desk.files("out"), ["report.html"], "nothing was begun");
    desk.run("digitise a.txt -o out").code(0);
    desk.run("digitise a.txt -o out --report --dry-run").code(2);
}

#[test]
fn a_hundred_thousand_documents_give_a_small_page() {
    let desk = desk();
    let ledger = rusqlite::Connection::open(desk.path("out/.sohoa/ledger.sqlite")).expect("the ledger");
    let more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO documents (name, path, bytes, tool, options, dictionaries, state, reason, message, attempts, started, millis, pages, grade, words, doubtful, warnings)
        SELECT 'many/' || i, '/in/many/' || i || '.pdf', 1, 't', '', '', CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'done' END,
        CASE WHEN i % 10 = 0 THEN 'deadline' END, 'too slow', 1, (SELECT max(started) FROM runs), 20, 4,
        CASE WHEN i % 10 > 0 THEN CASE i % 3 WHEN 0 THEN 'good' WHEN 1 THEN 'fair' ELSE 'poor' END END, 1000, i % 97, 0 FROM n";
    ledger.execute(more, []).expect("rows");
    drop(ledger);
    let page = desk.run("report out").code(0).out;
    assert!(page.len() < 100_000, "{} bytes", page.len());
    for part in
        ["<b class=\"\">100\u{202f}003</b>", "<h3>deadline: 10\u{202f}000</h3>", "and 9\u{202f}980 more"]
    {
        assert!(page.contains(part), "{part} in\n{page}");
    }
}

/// Debian's browser without a window, on a page of `desk`.
fn chromium(desk: &Desk, flags: &[&str], page: &str) -> Output {
    let profile = desk.path("profile");
    let mut command = Command::new("chromium");
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ]);
    command.args(["--enable-logging=stderr", "--virtual-time-budget=1000"]);
    command.arg(format!("--user-data-dir={}", profile.display())).args(flags);
    command.arg(format!("file://{}", desk.path(page).display()));
    let output = command.env("HOME", desk.path("")).output();
    let output = output.expect("chromium runs; ./x test installs it (Debian's package chromium)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("CONSOLE"), "{said}");
    output
}

#[test]
fn a_browser_shows_it() {
    let desk = desk();
    let dom = chromium(&desk, &["--dump-dom"], "out/report.html");
    let dom = String::from_utf8_lossy(&dom.stdout).into_owned();
    assert!(dom.contains("Báo cáo số hóa") && dom.contains("&lt;broken&gt;.pdf"), "{dom}");
    for (width, name) in [(360, "narrow.png"), (1200, "wide.png")] {
        let (size, shot) =
            (format!("--window-size={width},1400"), format!("--screenshot={}", desk.path(name).display()));
        chromium(&desk, &[&size, &shot], "out/report.html");
        let image = image::open(desk.path(name)).expect("a picture").to_rgb8();
        let dark = image.pixels().filter(|pixel| pixel.0.iter().all(|&v| v < 100)).count();
        let light = image.pixels().filter(|pixel| pixel.0.iter().all(|&v| v > 250)).count();
        let all = (image.width() * image.height()) as usize;
        assert!(dark > all / 1000 && light > all / 2, "{name}: {dark} dark and {light} light of {all}");
        let coloured = image.pixels().filter(|pixel| pixel.0[0].abs_diff(pixel.0[2]) > 60).count();
        assert!(coloured > 200, "{name}: the bars of the histogram, {coloured}");
        // nothing sticks out at the right
        let edge = image.width() - 4;
        let out =
            (0..image.height()).filter(|y| image.get_pixel(edge, *y).0.iter().any(|&v| v < 200)).count();
        assert!(out < 8, "{name}: {out} rows reach the edge");
    }
    let print = format!("--print-to-pdf={}", desk.path("report.pdf").display());
    chromium(&desk, &["--no-pdf-header-footer", &print], "out/report.html");
    let paper = desk.run("digitise report.pdf -o paper --ocr never -q");
    assert!(matches!(paper.code, Some(0 | 1)), "{}", paper.err);
    let read = desk.read("paper/report.pdf.json");
    assert!(read.contains("Báo cáo số hóa") && read.contains("broken"), "what is printed can be read");
}
