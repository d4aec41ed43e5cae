//! Decode: open a PDF of bilevel scans and take a page's image, without recognising it.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use sohoa::ingest::{Input, Limits, MediaType, Source};

fn decode(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/a6-bilevel.pdf");
    let bytes = path.metadata().expect("the fixture").len();
    let input = Input {
        name: "a6-bilevel.pdf".into(),
        paths: vec![path],
        media: MediaType::Pdf,
        bytes,
        warnings: Vec::new(),
    };
    let limits = Limits::default();
    let open = || Source::open(black_box(&input), &limits).expect("a PDF");
    c.bench_function("decode/open", |b| b.iter(open));
    let mut source = open();
    let mut group = c.benchmark_group("decode");
    group.sample_size(20);
    group.bench_function("page", |b| b.iter(|| source.page(black_box(0)).expect("a page")));
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
