//! Emit: one plan as JSON, as text, and written to disk with its flush; a searchable PDF of a scan of two pages.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::model::assemble::{ReadWord, Sheet};
use sohoa::model::plan::Source;
use sohoa::model::{BBox, Decision, Page, Plan, RestoredPage};
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

/// A page of 600 words on fifty lines.
fn page(number: u32, user_space: Option<[f64; 6]>) -> RestoredPage {
    let words = "Ủy ban nhân dân xã xây dựng kế hoạch phát triển kinh tế";
    let line = |y: usize| {
        let word = |(i, text): (usize, &str)| ReadWord {
            text: text.to_owned(),
            bbox: Some(BBox { x: 150.0 + 75.0 * i as f32, y: 100.0 + 32.0 * y as f32, w: 65.0, h: 22.0 }),
            ..ReadWord::default()
        };
        words.split(' ').enumerate().map(word).collect()
    };
    let sheet = Sheet { number, width: 1240, height: 1754, dpi: 150.0, decision: Decision::Ocr };
    RestoredPage::unchanged(Page { user_space, ..Page::assemble(sheet, (0..50).map(line).collect()) })
}

fn searchable(c: &mut Criterion) {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/c5-office.pdf");
    let matrix = Some([0.48, 0.0, 0.0, -0.48, 0.0, 841.92]);
    let pages = [page(1, matrix), page(2, matrix)];
    let metadata = emit::Metadata::of(&plan());
    let make = || {
        let layers: Vec<emit::Layer> = pages.iter().map(emit::Layer::of).collect();
        let mut out = Vec::new();
        emit::searchable(&original, 2, &layers, &metadata, &mut out).expect("made");
        out
    };
    let before = std::fs::metadata(&original).expect("there").len() as usize;
    println!("searchable: {} bytes a page added", (make().len() - before) / 2);
    let mut group = c.benchmark_group("emit");
    group.throughput(Throughput::Elements(2));
    group.bench_function("searchable PDF, 2 pages", |b| b.iter(make));
    group.finish();
}

criterion_group!(benches, emit, searchable);
criterion_main!(benches);
