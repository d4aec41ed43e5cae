//! Parse: a plan of the corpus, printed one paragraph a line and as a page reader gives it.

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

criterion_group!(benches, plan);
criterion_main!(benches);
