//! The review desk over HTTP, with the real program: who may ask, what is kept, what becomes of outputs, and what a kill leaves.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::{Desk, PLAN, fixture};
use serde_json::{Value, json};

/// A running `sohoa review`.
struct Server {
    process: Child,
    port: u16,
    token: String,
}

impl Server {
    fn start(desk: &Desk, out: &str) -> Server {
        Server::with(desk, out, &[], None)
    }

    fn with(desk: &Desk, out: &str, more: &[&str], fault: Option<&str>) -> Server {
        let mut command = desk.sohoa(["review", out, "--no-open", "--reviewer", "Lê Thị Hoa"]);
        command.args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(fault) = fault {
            command.env("SOHOA_FAULT", fault);
        }
        let mut process = command.spawn().expect("started");
        let mut link = String::new();
        let stdout = process.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut link).expect("a link");
        let rest =
            link.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("no link: {link:?}"));
        let (port, token) = rest.split_once("/?token=").expect("a token");
        Server { port: port.parse().expect("a port"), token: token.to_owned(), process }
    }

    /// Sends a request; says status, head and body. The status is 0 if the server went away.
    fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> (u16, String, Vec<u8>) {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return (0, String::new(), Vec::new());
        };
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let Some(end) = answer.windows(4).position(|w| w == b"\r\n\r\n") else {
            return (0, String::new(), Vec::new());
        };
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let mut body = answer[end + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunked(&body);
        }
        (status, head, body)
    }

    fn own(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Host", format!("127.0.0.1:{}", self.port)),
            ("Authorization", format!("Bearer {}", self.token)),
        ]
    }

    fn get(&self, path: &str) -> Value {
        let (status, _, body) = self.raw("GET", path, &self.own(), "");
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).expect("JSON")
    }

    fn decide(&self, id: &str, ask: &Value) -> (u16, Value) {
        let mut headers = self.own();
        headers.push(("Content-Type", "application/json".into()));
        let path = format!("/api/documents/{id}/decisions");
        let (status, _, body) = self.raw("POST", &path, &headers, &ask.to_string());
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// The id of the document of this name.
    fn id(&self, name: &str) -> String {
        let list = self.get("/api/list?count=500");
        let row = list["rows"].as_array().expect("rows").iter().find(|row| row["name"] == name);
        row.unwrap_or_else(|| panic!("{name} in {list}"))["id"].as_str().expect("an id").to_owned()
    }

    /// Whether it ends by itself before all that was decided is in the outputs.
    fn dies(&mut self, id: &str) -> bool {
        loop {
            if self.process.try_wait().expect("asked").is_some() {
                return true;
            }
            let (status, _, body) = self.raw("GET", &format!("/api/documents/{id}/state"), &self.own(), "");
            let state: Value = serde_json::from_slice(&body).unwrap_or_default();
            if status == 200 && state["outputs"]["pending"] == false {
                // the ledger is written after the outputs, and the state after that
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the outputs have all that was decided.
    fn settled(&self, id: &str) -> Value {
        let until = Instant::now() + Duration::from_secs(120);
        loop {
            let state = self.get(&format!("/api/documents/{id}/state"));
            if state["outputs"]["pending"] == false {
                return state;
            }
            assert!(Instant::now() < until, "outputs wait: {state}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = body.windows(2).position(|w| w == b"\r\n") {
        let size =
            usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap_or("0").trim(), 16).unwrap_or(0);
        if size == 0 || body.len() < end + 2 + size {
            break;
        }
        out.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[(end + 4 + size).min(body.len())..];
    }
    out
}

/// A plan in which an old reader garbled words, some beyond doubt and some not.
const GARBLED: &str = "\
ỦY BAN NHÂN DÂN
XÃ TÂN AN
Số: 05/KH-UBND

KẾ HOẠCH
Vệ sinh môi trường năm 2021

I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Nâng cao ý thức cua nhân dân ve vệ sinh môi trường, ap Tân Hoa và ap Tân Loc.
2. Yêu cầu
Các thôn to chức thực hiện nghiêm túc, giao ông Y Bhiu Kdam chu tri.

II. TỔ CHỨC THỰC HIỆN
1. Công chức địa chính tham mưu cho Ủy ban nhân dân xã; ông Y Bhiu Kdam bao cao.
2. Các thôn báo cáo kết quả trước ngày 20 hàng tháng.
";

fn plan(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&desk.read(name)).expect("JSON")
}

/// Page, start, end of the `n`-th `word` in the raw text of a document.
fn place(desk: &Desk, name: &str, word: &str, n: usize) -> (usize, usize) {
    let plan = plan(desk, name);
    let raw = plan["pages"][0]["raw"].as_str().expect("raw");
    let (start, _) = raw.match_indices(word).nth(n).unwrap_or_else(|| panic!("{word} in {raw}"));
    (start, start + word.len())
}

fn typed(version: usize, (start, end): (usize, usize), after: &str) -> Value {
    json!({ "version": version, "items": [{ "kind": "typed", "page": 1, "start": start, "end": end, "after": after }] })
}

fn garbled() -> Desk {
    let desk = Desk::new();
    desk.put("in/a.txt", GARBLED);
    desk.put("in/b/b.txt", GARBLED.replace("05/KH", "06/KH"));
    desk.put("in/c.txt", PLAN);
    desk.run("digitise in -o out --md").code(0);
    desk
}

#[test]
fn only_who_has_the_link_gets_in() {
    let desk = garbled();
    let server = Server::start(&desk, "out");
    let host = ("Host", format!("127.0.0.1:{}", server.port));
    let bearer = ("Authorization", format!("Bearer {}", server.token));
    let status = |headers: &[(&str, String)]| server.raw("GET", "/api/list", headers, "").0;
    assert_eq!(status(&[host.clone(), bearer.clone()]), 200);
    assert_eq!(status(std::slice::from_ref(&host)), 403, "no token");
    assert_eq!(
        status(&[host.clone(), ("Authorization", "Bearer 00000000000000000000000000000000".into())]),
        403
    );
    assert_eq!(status(&[("Host", "evil.example".into()), bearer.clone()]), 403, "a foreign host");
    assert_eq!(status(&[("Host", "127.0.0.1:1".into()), bearer.clone()]), 403, "another port");
    let from = |origin: &str| status(&[host.clone(), bearer.clone(), ("Origin", origin.into())]);
    assert_eq!(from("http://evil.example"), 403);
    assert_eq!(from("null"), 403);
    assert_eq!(from(&format!("http://127.0.0.1:{}", server.port)), 200);
    for path in ["/", "/app.js", "/api/who"] {
        assert_eq!(server.raw("GET", path, std::slice::from_ref(&host), "").0, 403, "{path}");
    }
    // the link sets a cookie that no script reads and no other site sends
    let (code, head, _) =
        server.raw("GET", &format!("/?token={}", server.token), std::slice::from_ref(&host), "");
    assert_eq!(code, 200);
    let cookie = head.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let value = cookie.split_once(' ').expect("a value").1.split(';').next().expect("a pair").to_owned();
    let (code, head, body) = server.raw("GET", "/", &[host.clone(), ("Cookie", value)], "");
    assert_eq!((code, body.starts_with(b"<!doctype html>")), (200, true));
    assert!(head.contains("default-src 'none'") && !head.to_lowercase().contains("access-control"), "{head}");
    // what changes something has to be JSON
    let id = server.id("a.txt");
    let form = server.raw("POST", &format!("/api/documents/{id}/decisions"), &[host, bearer], "{}").0;
    assert_eq!(form, 403);
}

#[test]
fn a_decision_is_kept_applied_and_undone() {
    let desk = garbled();
    let machine = desk.read("out/a.txt.json");
    let server = Server::start(&desk, "out");
    let id = server.id("a.txt");
    let shown = server.get(&format!("/api/documents/{id}"));
    assert_eq!(shown["version"], 0);
    assert!(shown["blocks"].as_array().is_some_and(|blocks| blocks.len() > 8), "{shown}");

    let kdam = place(&desk, "out/a.txt.json", "Kdam", 0);
    let (status, kept) = server.decide(&id, &typed(0, kdam, "Kđăm"));
    assert_eq!((status, &kept["version"]), (200, &json!(1)), "{kept}");
    let line: Value = serde_json::from_str(desk.read("out/reviews/a.txt.jsonl").trim()).expect("a line");
    assert_eq!(
        (&line["by"], &line["kind"], &line["raw"], &line["after"]),
        (&json!("Lê Thị Hoa"), &json!("typed"), &json!("Kdam"), &json!("Kđăm"))
    );
    assert!(line["at"].as_str().is_some_and(|at| at.ends_with('Z')) && line["document"] == "a.txt");
    server.settled(&id);
    assert!(desk.read("out/a.txt.txt").contains("ông Y Bhiu Kđăm"), "{}", desk.read("out/a.txt.txt"));
    assert!(desk.read("out/a.txt.md").contains("Kđăm"));
    let after = plan(&desk, "out/a.txt.json");
    assert!(after["sections"].to_string().contains("Y Bhiu Kđăm"));
    assert!(
        after["corrections"]
            .as_array()
            .expect("corrections")
            .iter()
            .any(|c| c["new"] == "Kđăm" && c["confidence"] == 1.0)
    );
    assert!(after["doubtful"].as_array().expect("doubtful").iter().all(|d| d["start"] != kdam.0));
    assert_eq!(after["pages"], plan_of(&machine)["pages"], "what was read stays");
    assert_eq!(after["reviews"][0]["text"], "Kđăm");

    // a field, a label, and what may not be written
    let field = |version: usize, kind: &str, path: &str, after: &str| json!({ "version": version, "items": [{ "kind": kind, "path": path, "after": after }] });
    assert_eq!(server.decide(&id, &field(1, "field", "/header/title", "Vệ sinh làng xã năm 2021")).0, 200);
    assert_eq!(server.decide(&id, &field(2, "label", "/sections/0/label", "A")).0, 200);
    assert_eq!(server.decide(&id, &field(3, "field", "/pages/0/raw", "x")).0, 400);
    assert_eq!(server.decide(&id, &field(3, "field", "/header/date", "hôm qua")).0, 400);
    assert_eq!(server.decide(&id, &typed(3, (1, 3), "x")).0, 400, "not a whole character");
    server.settled(&id);
    let after = plan(&desk, "out/a.txt.json");
    assert_eq!(
        (&after["header"]["title"], &after["sections"][0]["marker"]),
        (&json!("Vệ sinh làng xã năm 2021"), &json!("A."))
    );

    // all of it undone gives the machine's own result again
    assert_eq!(
        server.decide(&id, &json!({ "version": 3, "items": [{ "kind": "undo", "of": [1, 2, 3] }] })).0,
        200
    );
    server.settled(&id);
    assert_eq!(desk.read("out/a.txt.json"), machine);
    // and undoing the undoing gives it back
    assert_eq!(server.decide(&id, &json!({ "version": 4, "items": [{ "kind": "undo", "of": [4] }] })).0, 200);
    server.settled(&id);
    assert!(desk.read("out/a.txt.txt").contains("Kđăm"));
}

fn plan_of(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

#[test]
fn two_who_decide_are_told_of_each_other() {
    let desk = garbled();
    let server = Server::start(&desk, "out");
    let other = Server::start(&desk, "out");
    let id = server.id("a.txt");
    let kdam = place(&desk, "out/a.txt.json", "Kdam", 0);
    assert_eq!(server.decide(&id, &typed(0, kdam, "Kđăm")).0, 200);
    let (status, theirs) = other.decide(&id, &typed(0, kdam, "Kdăm"));
    assert_eq!((status, &theirs["version"]), (409, &json!(1)));
    assert_eq!(
        (&theirs["theirs"][0]["after"], &theirs["theirs"][0]["by"]),
        (&json!("Kđăm"), &json!("Lê Thị Hoa"))
    );
    assert_eq!(other.decide(&id, &typed(1, kdam, "Kdăm")).0, 200);
    other.settled(&id);
    assert_eq!(desk.read("out/reviews/a.txt.jsonl").lines().count(), 2);
    let settled = Instant::now() + Duration::from_secs(20);
    while !desk.read("out/a.txt.txt").contains("Kdăm") {
        assert!(Instant::now() < settled);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_same_word_is_decided_everywhere_at_once() {
    let desk = garbled();
    let server = Server::start(&desk, "out");
    let (a, b) = (server.id("a.txt"), server.id("b/b.txt"));
    let mut ask = typed(0, place(&desk, "out/a.txt.json", "Kdam", 0), "Kđăm");
    ask["spread"] = json!("folder");
    let (status, kept) = server.decide(&a, &ask);
    assert_eq!((status, &kept["decided"], &kept["documents"]), (200, &json!(4), &json!(2)), "{kept}");
    server.settled(&a);
    server.settled(&b);
    for text in ["out/a.txt.txt", "out/b/b.txt.txt"] {
        assert_eq!(desk.read(text).matches("Kđăm").count(), 2, "{text}");
    }
    let group = kept["group"].as_str().expect("a group");
    let undo = json!({ "version": 0, "items": [{ "kind": "undo", "group": group }] });
    assert_eq!(server.decide(&a, &undo).1["documents"], 2);
    server.settled(&a);
    server.settled(&b);
    for text in ["out/a.txt.txt", "out/b/b.txt.txt"] {
        assert!(!desk.read(text).contains("Kđăm"), "{text}");
    }
}

#[test]
fn runs_keep_what_persons_decided() {
    let desk = garbled();
    let server = Server::start(&desk, "out");
    let id = server.id("a.txt");
    assert_eq!(server.decide(&id, &typed(0, place(&desk, "out/a.txt.json", "Kdam", 0), "Kđăm")).0, 200);
    server.settled(&id);
    drop(server);
    let reviewed = desk.read("out/a.txt.json");
    let dry = desk.run("digitise in -o out --md --dry-run").code(0);
    assert!(dry.out.lines().all(|line| line.ends_with("(up to date)")), "{}", dry.out);
    desk.run("digitise in -o out --md --force").code(0);
    assert_eq!(desk.read("out/a.txt.json"), reviewed);
    // the outputs are lost, the journal is not
    std::fs::remove_file(desk.path("out/a.txt.json")).expect("removed");
    desk.run("digitise in -o out --md").code(0);
    assert_eq!(desk.read("out/a.txt.json"), reviewed);
    // another text by now: the decision has no place, and that is said
    desk.put("in/a.txt", GARBLED.replace("giao ông", "giao cho ông"));
    desk.run("digitise in -o out --md").code(0);
    let codes: Vec<Value> = plan(&desk, "out/a.txt.json")["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|w| w["code"].clone())
        .collect();
    assert!(codes.contains(&json!("review-unplaced")), "{codes:?}");
}

#[test]
fn a_kill_in_mid_save_loses_nothing_that_was_kept() {
    let desk = garbled();
    let machine = desk.read("out/a.txt.json");
    let kdam = place(&desk, "out/a.txt.json", "Kdam", 0);
    let mut killed = 0;
    for step in 1..12 {
        let _ = std::fs::remove_dir_all(desk.path("out/reviews"));
        desk.run("digitise in -o out --md --force").code(0);
        assert_eq!(desk.read("out/a.txt.json"), machine);
        let mut server = Server::with(&desk, "out", &[], Some(&format!("kill@{step}")));
        let id = server.id("a.txt");
        let (status, _) = server.decide(&id, &typed(0, kdam, "Kđăm"));
        let died = server.dies(&id);
        drop(server);
        let kept = std::fs::read_to_string(desk.path("out/reviews/a.txt.jsonl")).unwrap_or_default();
        assert!(kept.is_empty() || kept.ends_with('\n'));
        assert!(status != 200 || kept.contains("Kđăm"), "step {step}: said to be kept");
        for file in ["out/a.txt.json", "out/a.txt.txt"] {
            assert!(!desk.read(file).is_empty(), "whole");
        }
        if !died {
            break;
        }
        killed += 1;
        // the next one brings the outputs up to what was kept
        let server = Server::start(&desk, "out");
        if kept.contains("Kđăm") {
            server.settled(&id);
            assert!(desk.read("out/a.txt.txt").contains("Kđăm"), "step {step}");
        } else {
            assert_eq!(desk.read("out/a.txt.json"), machine, "step {step}");
        }
    }
    assert!(killed >= 5, "{killed} kills");
}

#[test]
fn a_partial_line_of_the_journal_is_cut_off() {
    let desk = garbled();
    desk.put("out/reviews/a.txt.jsonl", "{\"at\": \"2026");
    let server = Server::start(&desk, "out");
    let id = server.id("a.txt");
    assert_eq!(server.get(&format!("/api/documents/{id}"))["version"], 0);
    assert_eq!(server.decide(&id, &typed(0, place(&desk, "out/a.txt.json", "Kdam", 0), "Kđăm")).0, 200);
    let kept = desk.read("out/reviews/a.txt.jsonl");
    assert_eq!(kept.lines().count(), 1);
    assert!(serde_json::from_str::<Value>(kept.trim()).is_ok(), "{kept}");
}

#[test]
fn a_scan_shows_its_page_and_its_places_and_keeps_its_tree() {
    let desk = Desk::new();
    desk.put("in/a.pdf", std::fs::read(fixture("a6-bilevel.pdf")).expect("a fixture"));
    desk.run("digitise in -o out --jobs 1 --pages 1 --alto --pdf").code(0);
    let machine = desk.read("out/a.pdf.json");
    let server = Server::start(&desk, "out");
    let id = server.id("a.pdf");
    let shown = server.get(&format!("/api/documents/{id}"));
    let (status, head, jpeg) =
        server.raw("GET", &format!("/api/documents/{id}/pages/1/picture?width=1400"), &server.own(), "");
    assert!(status == 200 && head.contains("image/jpeg") && jpeg.starts_with(&[0xff, 0xd8]), "{head}");
    assert_eq!(server.raw("GET", &format!("/api/documents/{id}/pages/9/picture"), &server.own(), "").0, 404);
    let until = Instant::now() + Duration::from_secs(120);
    while server.get(&format!("/api/documents/{id}/state"))["outputs"]["places"] != true {
        assert!(Instant::now() < until, "places");
        std::thread::sleep(Duration::from_millis(100));
    }
    let places = server.get(&format!("/api/documents/{id}/pages/1/places"));
    assert!(places["words"].as_array().is_some_and(|words| words.len() > 50), "{places}");
    // every doubtful word can be found in the text, and its place on the page
    let words = shown["words"].as_array().expect("words");
    let marked = |i: usize| {
        let blocks = shown["blocks"].as_array().expect("blocks");
        blocks
            .iter()
            .any(|block| block["marks"].as_array().is_some_and(|marks| marks.iter().any(|mark| mark[0] == i)))
    };
    for (i, word) in words.iter().enumerate() {
        assert!(marked(i), "{word}");
    }
    let correction = &plan_of(&machine)["corrections"][0];
    let at = (
        correction["start"].as_u64().expect("start") as usize,
        correction["end"].as_u64().expect("end") as usize,
    );
    assert_eq!(server.decide(&id, &typed(0, at, "Thử")).0, 200);
    server.settled(&id);
    assert!(desk.read("out/a.pdf.alto.xml").contains("Thử"));
    assert!(desk.read("out/a.pdf.txt").contains("Thử"));
    let pdf =
        std::process::Command::new("pdftotext").arg(desk.path("out/a.pdf.searchable.pdf")).arg("-").output();
    assert!(
        String::from_utf8_lossy(&pdf.expect("pdftotext").stdout).contains("Thử"),
        "in the searchable PDF"
    );
    assert_eq!(server.decide(&id, &json!({ "version": 1, "items": [{ "kind": "undo", "of": [1] }] })).0, 200);
    server.settled(&id);
    assert_eq!(desk.read("out/a.pdf.json"), machine, "read again, the page gives the same plan");
}

#[test]
fn ten_thousand_documents_in_the_list() {
    let desk = Desk::new();
    let out = desk.path("out");
    desk.put("in/a.txt", PLAN);
    desk.run("digitise in -o out").code(0);
    many(&out, 10_000);
    let begun = Instant::now();
    let server = Server::start(&desk, "out");
    let list = server.get("/api/list?count=100");
    let first = begun.elapsed();
    assert_eq!((&list["total"], list["rows"].as_array().map(Vec::len)), (&json!(10_001), Some(100)));
    let most = list["rows"][0]["doubtful"].as_u64().expect("a count");
    assert!(list["rows"].as_array().expect("rows").iter().all(|row| row["doubtful"].as_u64() <= Some(most)));
    let begun = Instant::now();
    let found = server.get("/api/list?q=ke+hoach+777&sort=name");
    assert_eq!(found["total"], 19, "0777, 1777 ... and 7770 to 7779");
    println!("10,001 documents: first rows after {first:?}, a search {:?}", begun.elapsed());
    assert!(first < Duration::from_secs(10));
}

/// Puts so many documents into the ledger of `out`, without outputs.
fn many(out: &Path, count: usize) {
    let mut ledger = rusqlite::Connection::open(out.join(".sohoa/ledger.sqlite")).expect("a ledger");
    let transaction = ledger.transaction().expect("begun");
    for i in 0..count {
        let name = format!("phòng/kế hoạch {i:04}.pdf");
        transaction
            .execute(
                "INSERT INTO documents (name, path, bytes, tool, options, dictionaries, state, attempts, started, millis, pages, words, doubtful, warnings)
                 VALUES (?1, ?1, 1, '', '', '', 'done', 1, 0, 1, 3, 1000, ?2, 0)",
                (name, (i * 7919) as i64 % 40),
            )
            .expect("inserted");
    }
    transaction.commit().expect("committed");
}

#[test]
fn the_next_document_has_fewer_errors_after_learning() {
    let desk = garbled();
    let server = Server::start(&desk, "out");
    let id = server.id("a.txt");
    assert_eq!(server.decide(&id, &typed(0, place(&desk, "out/a.txt.json", "Kdam", 0), "Kđăm")).0, 200);
    server.settled(&id);
    drop(server);
    let said = desk.run("train --from-reviews out -o ours").code(0);
    assert!(said.err.contains("1 decisions about 1 documents"), "{}", said.err);
    let words = desk.read("ours/words.txt");
    assert!(
        words.lines().any(|line| line == "Kđăm") && words.lines().any(|line| line == "Y Bhiu Kđăm"),
        "{words}"
    );
    assert_eq!(desk.read("ours/pairs.tsv"), "a.txt\tKdam\tKđăm\n");

    desk.put("next/d.txt", NEXT);
    desk.run("digitise next -o before").code(0);
    desk.run("digitise next -o after --dictionary ours/words.txt").code(0);
    let wrong = |name: &str| {
        let text = desk.read(name);
        let mut left: Vec<&str> = text.split_whitespace().collect();
        let lacks = |word: &&str| match left.iter().position(|other| other == word) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => true,
        };
        TRUTH.split_whitespace().filter(lacks).count()
    };
    let (before, after) = (wrong("before/d.txt.txt"), wrong("after/d.txt.txt"));
    println!("wrong words of the next document: {before} before learning, {after} after");
    assert!(after + 4 <= before, "{before} before, {after} after\n{}", desk.read("after/d.txt.txt"));
}

/// The next document of the same archive, as an English reader garbled it, and as it is.
const NEXT: &str = "\
UY BAN NHAN DAN
XA TAN AN
S6: 09/KH-UBND

KE HOACH
Vé sinh méi trudng nam 2021

I. MUC DICH, YEU CAU
1. Muc dich
Nang cao y thirc cua nhan dan vé vé sinh méi trudng trén dia ban x4.
2. Yéu cau
Cac thén té chirc thyc hién nghiém tuc, giao éng Y Bhiu Kdam cha tri.

II. TO CHUC THUC HIEN
1. Céng chic dia chinh tham muru cho Uy ban nhan dan x4; 6ng Y Bhiu Kdam bao cao két qua.
2. Kinh phi do ngan sach x4 bao dam, giao éng Y Bhiu Kdam theo déi.
3. Ba Hoa phéi hgp voi éng Y Bhiu Kdam thuc hién.
";
const TRUTH: &str = "\
Nâng cao ý thức của nhân dân về vệ sinh môi trường trên địa bàn xã.
Các thôn tổ chức thực hiện nghiêm túc, giao ông Y Bhiu Kđăm chủ trì.
Công chức địa chính tham mưu cho Ủy ban nhân dân xã; ông Y Bhiu Kđăm báo cáo kết quả.
Kinh phí do ngân sách xã bảo đảm, giao ông Y Bhiu Kđăm theo dõi.
Bà Hoa phối hợp với ông Y Bhiu Kđăm thực hiện.
";

#[test]
fn what_cannot_be_looked_through_is_said() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("empty")).expect("made");
    desk.run("review empty --no-open").code(2).says(&["holds no documents"]);
    desk.run("review nowhere --no-open").code(2).says(&["nowhere", "holds no documents"]);
}
