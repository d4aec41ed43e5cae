//! Parse: a plan of the corpus, printed one paragraph a line and as a page reader gives it; then all plans of the corpus.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::evaluate::printed;
use sohoa::evaluate::record::Record;
use sohoa::ingest;
use sohoa::model::RestoredPage;
use sohoa::parse::parse;

fn plan(c: &mut Criterion) {
    let record = Record::from_json(include_str!("../corpus/a1.json")).expect("a plan");
    let mut group = c.benchmark_group("parse");
    for (name, text) in [("plain", printed::plain(&record)), ("paged", printed::paged(&record))] {
        let pages: Vec<RestoredPage> =
            ingest::text_pages(&text).into_iter().map(RestoredPage::unchanged).collect();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| parse(black_box(&pages))));
    }
    group.finish();
}

/// All plans one after the other, so that no branch predictor knows them by heart: the figure in the README.
fn corpus(c: &mut Criterion) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a corpus")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let records: Vec<Record> = files
        .iter()
        .map(|path| Record::from_json(&std::fs::read_to_string(path).expect("a file")).expect("a plan"))
        .collect();
    let mut group = c.benchmark_group("parse-corpus");
    for (name, print) in [("plain", printed::plain as fn(&Record) -> String), ("paged", printed::paged)] {
        let texts: Vec<String> = records.iter().map(print).collect();
        let plans: Vec<Vec<RestoredPage>> = texts
            .iter()
            .map(|text| ingest::text_pages(text).into_iter().map(RestoredPage::unchanged).collect())
            .collect();
        group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                for pages in &plans {
                    black_box(parse(black_box(pages)));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, plan, corpus);
criterion_main!(benches);
