//! The models that restoration asks: loading them, queries of the language model, searches of the channel.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::evaluate::printed;
use sohoa::evaluate::record::Record;
use sohoa::restore::channel::Channel;
use sohoa::restore::lexicon::{self, Lexicon};
use sohoa::restore::lm::{LanguageModel, WordId};
use sohoa::restore::search::search;
use sohoa::restore::trie::Words;
use sohoa::restore::units::units;
use sohoa::restore::{Models, Sources, token};

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("models");
    group.sample_size(10);
    group.bench_function("load", |b| {
        b.iter(|| Models::new(black_box(Sources::embedded())).expect("embedded dictionaries"));
    });
    group.finish();
}

/// What each word of a plan costs after the words before it.
fn language(c: &mut Criterion) {
    let sources = Sources::embedded();
    let lexicon = Lexicon::parse(&sources.lexicon).expect("embedded dictionaries");
    let model = LanguageModel::new(sources.language).expect("embedded dictionaries");
    let record = Record::from_json(include_str!("../corpus/a2.json")).expect("a plan");
    let text = printed::paged(&record);
    let words: Vec<WordId> = units(&text, &[])
        .iter()
        .map(|unit| lexicon.id(&token::canonical(&text[unit.span.clone()])).unwrap_or(lexicon::UNKNOWN))
        .collect();
    let mut group = c.benchmark_group("models");
    group.throughput(Throughput::Elements(words.len() as u64));
    group.bench_function("language model", |b| {
        b.iter(|| {
            let mut state = model.begin(lexicon::SENTENCE);
            let mut sum = 0.0;
            for word in black_box(&words) {
                let (log, next) = model.score(&state, *word);
                sum += log;
                state = next;
            }
            sum
        });
    });
    group.finish();
}

/// All forms that each garbled word may stand for, within 10 nats of the cheapest.
fn channel(c: &mut Criterion) {
    let sources = Sources::embedded();
    let lexicon = Lexicon::parse(&sources.lexicon).expect("embedded dictionaries");
    let model = LanguageModel::new(sources.language).expect("embedded dictionaries");
    let words = Words::new(&lexicon, |w| (-8.0 * model.unigram(w).0).min(255.0) as u8, |_| false);
    let channel = Channel::parse("channel-english.tsv", &sources.garbled, &words.alphabet)
        .expect("embedded dictionaries");
    let raw = include_str!("../fixtures/a5-garbled.txt");
    let observed: Vec<Vec<char>> =
        units(raw, &[]).into_iter().map(|unit| raw[unit.span].chars().collect()).collect();
    let mut group = c.benchmark_group("models");
    group.throughput(Throughput::Elements(observed.len() as u64));
    group.bench_function("channel", |b| {
        b.iter(|| {
            observed
                .iter()
                .map(|word| search(&channel, &words, black_box(word), 10.0, 40.0).len())
                .sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, load, language, channel);
criterion_main!(benches);
