//! Documents one at a time, without an output folder, and in portions: the same plans as those of a run over a folder.

mod common;

use std::path::Path;

use common::{Desk, fixture};
use sohoa::batch::{Digitiser, Given, ModelChoice, Options, Portion, Reason, Stage, WORKER, WorkerCommand};
use sohoa::emit;

fn digitiser(jobs: usize) -> Digitiser {
    let worker =
        WorkerCommand { program: env!("CARGO_BIN_EXE_sohoa").into(), arguments: vec![WORKER.into()] };
    let options = Options { jobs, model: ModelChoice::Fast, worker: Some(worker), ..Options::default() };
    Digitiser::open(options).expect("opened")
}

#[test]
fn portions_make_the_plan_of_the_whole() {
    let (desk, path) = (Desk::new(), fixture("a6-bilevel.pdf"));
    desk.run(&format!("digitise {} -o out --fast -q", path.display())).code(0);
    let expected = desk.read("out/a6-bilevel.pdf.json");

    let (one, other) = (digitiser(2), digitiser(1));
    let given = Given::from(path.as_path());
    assert_eq!(emit::json(&one.plan(given, &()).expect("a plan")), expected);

    let pages = one.examine(given).expect("opened").pages;
    assert!(pages > 1);
    let read = |digitiser: &Digitiser, ranges: &str| {
        let ranges = ranges.parse().expect("ranges");
        let portion = digitiser.read(given, Some(&ranges), &()).expect("read");
        // as it goes from machine to machine
        let bytes = serde_json::to_vec(&portion).expect("JSON");
        serde_json::from_slice::<Portion>(&bytes).expect("the same")
    };
    let portions = vec![read(&other, "2-"), read(&one, "1")];
    assert_eq!(portions[1].numbers().collect::<Vec<_>>(), [1]);
    assert_eq!(emit::json(&one.assemble(portions.clone()).expect("a plan")), expected);

    let lacking = one.assemble(portions[..1].to_vec()).expect_err("a page is missing");
    assert_eq!((lacking.reason, lacking.stage), (Reason::Input, Stage::Ingest));
    let text = fixture("a5-garbled.txt");
    let foreign = one.read(Given::from(text.as_path()), None, &()).expect("read");
    assert!(one.assemble(vec![portions[0].clone(), foreign]).is_err(), "of two documents");
    assert!(one.assemble(Vec::new()).is_err());
}

#[test]
fn failures_say_where_they_came_about() {
    let desk = Desk::new();
    let digitiser = digitiser(1);
    let failure = |path: &Path| digitiser.plan(Given::from(path), &()).expect_err("no document");
    let broken = failure(&desk.put("broken.pdf", "%PDF-1.7 nothing"));
    assert_eq!((broken.reason, broken.stage), (Reason::Input, Stage::Ingest));
    assert!(failure(&desk.path("none.pdf")).message.contains("check"), "what to do");
    assert!(failure(&desk.path("")).message.contains("is a folder"));
    assert!(Digitiser::left_out(&desk.put("table.ods", "PK\u{3}\u{4} nothing")).is_some());
    assert_eq!(Digitiser::left_out(&desk.put("plan.txt", common::PLAN)), None);
}
