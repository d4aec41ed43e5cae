//! Learns how words are written: `P(case | word before, its case, word)`, smoothed level by level (Witten & Bell 1991).

use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use crate::restore::case::{Before, MAGIC, STEP, coarse_key, fine_key, hash, middle_key};
use crate::restore::lexicon::{self, Lexicon};
use crate::restore::lm::{WordId, slot_of};
use crate::restore::token::{self, Break, Case, Item};

/// How many observations the next coarser level is worth.
const PRIOR: f32 = 2.0;
/// What a finer entry must explain better than the next coarser one to be kept, in weighted nats.
const GAIN: f32 = 4.0;

type Counts = FxHashMap<u64, [f32; 4]>;

/// Counts the corpora and returns the bytes of `case.bin`.
#[must_use]
pub fn learn(corpora: &[Corpus], lexicon: &Lexicon) -> Vec<u8> {
    let (mut fine, mut middle, mut coarse) = (Counts::default(), Counts::default(), Counts::default());
    for corpus in corpora {
        let mut known: FxHashMap<&str, (WordId, Case)> = FxHashMap::default();
        for paragraph in corpus.paragraphs().filter(|p| written_with_care(p)) {
            let (mut previous, mut before) = (lexicon::SENTENCE, Before::Sentence);
            token::read(paragraph, |item| match item {
                Item::Break(b) => {
                    previous = lexicon::break_id(b);
                    before = if b == Break::Sentence { Before::Sentence } else { Before::Clause };
                }
                Item::Class(c) => {
                    previous = lexicon::class_id(c);
                    before = Before::Class;
                }
                Item::Word(w) => {
                    let (word, case) = *known.entry(w).or_insert_with(|| {
                        (lexicon.id(&token::canonical(w)).unwrap_or(lexicon::UNKNOWN), token::case_of(w))
                    });
                    let c = case as usize;
                    fine.entry(fine_key(previous, before, word)).or_default()[c] += corpus.weight;
                    middle.entry(middle_key(before, word)).or_default()[c] += corpus.weight;
                    coarse.entry(coarse_key(before)).or_default()[c] += corpus.weight;
                    previous = word;
                    before = case.into();
                }
            });
        }
    }
    let uniform = [0.25; 4];
    let coarse: FxHashMap<u64, [f32; 4]> = coarse.iter().map(|(k, c)| (*k, smooth(c, &uniform))).collect();
    let middle_p: FxHashMap<u64, [f32; 4]> = middle
        .iter()
        .map(|(k, c)| (*k, smooth(c, coarse.get(&(1 << 40 | (k >> 16 & 0xF))).unwrap_or(&uniform))))
        .collect();
    let mut out: Vec<(u64, [f32; 4])> = coarse.iter().map(|(k, p)| (*k, *p)).collect();
    for (k, p) in &middle_p {
        let below = coarse.get(&(1 << 40 | (k >> 16 & 0xF))).unwrap_or(&uniform);
        if gain(&middle[k], p, below) > GAIN {
            out.push((*k, *p));
        }
    }
    for (k, c) in &fine {
        let below = middle_p.get(&(2 << 40 | (k & 0xF_FFFF))).unwrap_or(&uniform);
        let p = smooth(c, below);
        if gain(c, &p, below) > GAIN {
            out.push((*k, p));
        }
    }
    out.sort_unstable_by_key(|(k, _)| *k);
    encode(&out)
}

/// Lists that someone put in lower case throughout would teach that names are written so.
fn written_with_care(paragraph: &str) -> bool {
    let first = paragraph.chars().find(|c| c.is_alphabetic());
    let long = paragraph.split_whitespace().nth(4).is_some();
    first.is_some_and(char::is_uppercase) || (long && paragraph.chars().any(char::is_uppercase))
}

fn smooth(counts: &[f32; 4], below: &[f32; 4]) -> [f32; 4] {
    let total: f32 = counts.iter().sum();
    std::array::from_fn(|i| (counts[i] + PRIOR * below[i]) / (total + PRIOR))
}

fn gain(counts: &[f32; 4], p: &[f32; 4], below: &[f32; 4]) -> f32 {
    (0..4).map(|i| counts[i] * (p[i].max(1e-6) / below[i].max(1e-6)).ln()).sum()
}

fn encode(entries: &[(u64, [f32; 4])]) -> Vec<u8> {
    let slots = entries.len() * 4 / 3 + 16;
    let mut table = vec![(0u32, [0u8; 4]); slots];
    for (key, p) in entries {
        let (hint, print) = hash(*key);
        let mut i = slot_of(hint, slots);
        while table[i].0 != 0 {
            i = (i + 1) % slots;
        }
        table[i] = (print, p.map(|p| (-p.max(1e-6).ln() / STEP).round().clamp(0.0, 255.0) as u8));
    }
    let mut out = Vec::with_capacity(12 + slots * 8);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&(slots as u32).to_le_bytes());
    for (print, p) in table {
        out.extend_from_slice(&print.to_le_bytes());
        out.extend_from_slice(&p);
    }
    out
}
