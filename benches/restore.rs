//! Restore: a garbled document of the fixtures with the embedded dictionaries, which are loaded beforehand.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::ingest;
use sohoa::restore::{Damage, Models, Options, Restorer, Sources};

fn restore(c: &mut Criterion) {
    let text = include_str!("../fixtures/a5-garbled.txt");
    let pages = ingest::text_pages(text);
    let judging = Restorer::new(Models::embedded(), Options::default());
    let told =
        Restorer::new(Models::embedded(), Options { damage: Some(Damage::Garbled), ..Options::default() });
    let mut group = c.benchmark_group("restore");
    group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("document", |b| b.iter(|| judging.document(black_box(pages.clone()))));
    group.bench_function("document, damage known", |b| b.iter(|| told.document(black_box(pages.clone()))));
    group.finish();
    let mut group = c.benchmark_group("restore");
    group.sample_size(10);
    group.bench_function("load dictionaries", |b| {
        b.iter(|| Models::new(black_box(Sources::embedded())).expect("embedded dictionaries"));
    });
    group.finish();
}

criterion_group!(benches, restore);
criterion_main!(benches);
