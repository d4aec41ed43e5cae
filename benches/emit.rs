//! Emit: one plan as JSON, as text, and written to disk with its flush.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::model::plan::Source;
use sohoa::model::{Plan, RestoredPage};
use sohoa::{batch, emit, ingest};

/// A plan of two pages, from the garbled text of the fixtures.
fn plan() -> Plan {
    let text = include_str!("../fixtures/a5-garbled.txt");
    let pages: Vec<RestoredPage> =
        ingest::text_pages(text).into_iter().map(RestoredPage::unchanged).collect();
    batch::plan(&pages, Source::default())
}

fn emit(c: &mut Criterion) {
    let plan = plan();
    let json = emit::json(&plan);
    let mut group = c.benchmark_group("emit");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("json", |b| b.iter(|| emit::json(black_box(&plan))));
    group.bench_function("read source", |b| b.iter(|| emit::read_source(black_box(json.as_bytes()))));
    group.finish();
    c.bench_function("emit/text", |b| b.iter(|| emit::text(black_box(&plan))));
    let out = tempfile::tempdir().expect("a temporary folder");
    c.bench_function("emit/write", |b| {
        b.iter(|| emit::write(out.path(), Path::new("a.json"), black_box(json.as_bytes())).expect("written"));
    });
}

criterion_group!(benches, emit);
criterion_main!(benches);
