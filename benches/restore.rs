//! Restore: documents with the embedded dictionaries, which are loaded beforehand, and next to them two simple methods on the same
//! garbled document (see `examples/baselines`). Throughput is in tokens, as white space parts them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::evaluate::printed;
use sohoa::evaluate::record::Record;
use sohoa::ingest;
use sohoa::restore::lexicon::Lexicon;
use sohoa::restore::{Damage, Models, Options, Restorer, Sources};

#[path = "../examples/baselines/baselines.rs"]
mod baselines;

use baselines::{Baseline, Deletes, Nearest};

const GARBLED: &str = include_str!("../fixtures/a5-garbled.txt");

/// A plan as a perfect reader would deliver it.
fn clean() -> String {
    let record = Record::from_json(include_str!("../corpus/a2.json")).expect("a plan");
    printed::paged(&record)
}

fn tokens(text: &str) -> Throughput {
    Throughput::Elements(text.split_whitespace().count() as u64)
}

fn restore(c: &mut Criterion) {
    let judging = Restorer::new(Models::embedded(), Options::default());
    let told =
        Restorer::new(Models::embedded(), Options { damage: Some(Damage::Garbled), ..Options::default() });
    let mut group = c.benchmark_group("restore");
    group.sample_size(20);

    let pages = ingest::text_pages(GARBLED);
    group.throughput(tokens(GARBLED));
    group.bench_function("garbled", |b| b.iter(|| judging.document(black_box(pages.clone()))));
    group.bench_function("garbled, damage known", |b| b.iter(|| told.document(black_box(pages.clone()))));

    let text = clean();
    let pages = ingest::text_pages(&text);
    group.throughput(tokens(&text));
    group.bench_function("clean", |b| b.iter(|| judging.document(black_box(pages.clone()))));
    group.finish();
}

fn simple(c: &mut Criterion) {
    let lexicon = Lexicon::parse(&Sources::embedded().lexicon).expect("embedded dictionaries");
    let nearest = Nearest::new(&lexicon);
    let symspell = Deletes::new(&lexicon);
    let mut group = c.benchmark_group("restore");
    group.sample_size(10).throughput(tokens(GARBLED));
    let both: [(&str, &dyn Baseline); 2] =
        [("garbled, by the nearest syllable", &nearest), ("garbled, by SymSpell", &symspell)];
    for (name, baseline) in both {
        group.bench_function(name, |b| b.iter(|| baselines::restore(black_box(GARBLED), baseline)));
    }
    group.finish();
}

criterion_group!(benches, restore, simple);
criterion_main!(benches);
