//! Estimates the language model: interpolated Kneser-Ney with weighted corpora, pruned, quantised.
//!
//! With `c` an n-gram's number of occurrences, `a` the mean weight of the corpora they stand in, and `D(c)` the discount of Chen & Goodman
//! (1999) for 1, 2, 3 and more, `P(w|h) = a (c − D(c)) / Σ a c + γ(h) P(w|h′)`. Below the highest order `c` counts distinct words before
//! instead of occurrences, except for n-grams that begin with a break, which nothing precedes. An n-gram is kept if leaving it out
//! would cost at least `prune` weighted nats (Seymore & Rosenfeld 1996), or if a kept one needs it as its history.

use rustc_hash::{FxHashMap, FxHashSet};

use super::corpus::Corpus;
use crate::restore::lexicon::{self, Lexicon};
use crate::restore::lm::{BOW_MIN, BOW_STEP, MAGIC, ORDER, PROB_STEP, WordId, hash, slot_of};
use crate::restore::token::{self, Item};

/// How the model is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What leaving an n-gram out must cost for it to be kept, in weighted nats, for orders 2, 3, 4.
    pub prune: [f32; 3],
}

impl Default for Options {
    fn default() -> Options {
        Options { prune: [2.0, 5.0, 9.0] }
    }
}

/// The corpora as numbers of the lexicon, sentence after sentence, each beginning with its break.
fn numbered(corpus: &Corpus, lexicon: &Lexicon) -> Vec<WordId> {
    let mut known: FxHashMap<&str, WordId> = FxHashMap::default();
    let mut out = Vec::new();
    for paragraph in corpus.paragraphs() {
        token::read(paragraph, |item| {
            out.push(match item {
                Item::Word(w) => *known
                    .entry(w)
                    .or_insert_with(|| lexicon.id(&token::canonical(w)).unwrap_or(lexicon::UNKNOWN)),
                Item::Class(c) => lexicon::class_id(c),
                Item::Break(b) => lexicon::break_id(b),
            });
        });
    }
    out
}

/// How much a sentence with its administrative unit exchanged counts.
const OTHER_UNITS_WEIGHT: f32 = 6.0;

/// The sentences that name a commune (*xã*), as a ward (*phường*) would write them: administrative text is about either, and the corpora hold
/// far more of the first. *Xã hội* (society), *thị xã* (town), *hợp tác xã* (cooperative) are other words and stay.
fn other_units(text: &[WordId], lexicon: &Lexicon) -> Vec<WordId> {
    let id = |w: &str| lexicon.id(w).unwrap_or(0);
    let (commune, ward) = (id("xã"), id("phường"));
    let (society, town, cooperative) = (id("hội"), id("thị"), id("tác"));
    let mut out = Vec::new();
    for sentence in text.chunk_by(|_, next| !is_break(u64::from(*next))) {
        let names = |i: usize| {
            sentence[i] == commune
                && sentence.get(i + 1) != Some(&society)
                && i.checked_sub(1).is_none_or(|b| sentence[b] != town && sentence[b] != cooperative)
        };
        if (0..sentence.len()).any(names) && !sentence.contains(&ward) {
            out.extend((0..sentence.len()).map(|i| if names(i) { ward } else { sentence[i] }));
        }
    }
    out
}

fn is_break(w: u64) -> bool {
    w == u64::from(lexicon::SENTENCE) || w == u64::from(lexicon::CLAUSE)
}

/// Occurrences of one n-gram: number and mean weight.
#[derive(Clone, Copy, Default)]
struct Count {
    n: u32,
    weight: f32,
}

/// Sorts and merges n-grams with weights.
fn merge(mut grams: Vec<(u64, f32)>) -> Vec<(u64, Count)> {
    grams.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut out: Vec<(u64, Count)> = Vec::new();
    for (g, w) in grams {
        match out.last_mut() {
            Some((last, c)) if *last == g => {
                c.n += 1;
                c.weight += w;
            }
            _ => out.push((g, Count { n: 1, weight: w })),
        }
    }
    for (_, c) in &mut out {
        c.weight /= c.n as f32;
    }
    out
}

/// Counts what follows what in a list of names, by order. How frequent a word is elsewhere, a list does not say: single words are not counted, nor
/// what ends a name.
fn list(text: &[WordId], weight: f32, out: &mut [Vec<(u64, f32)>; ORDER]) {
    for name in text.chunk_by(|_, next| !is_break(u64::from(*next))) {
        for n in 2..=ORDER.min(name.len()) {
            out[n - 1]
                .extend(name.windows(n).map(|w| (w.iter().fold(0, |g, w| g << 16 | u64::from(*w)), weight)));
        }
    }
}

/// Adds the counts of `more` to those of an order, both sorted.
fn join(order: &mut Vec<(u64, Count)>, more: Vec<(u64, Count)>) {
    if more.is_empty() {
        return;
    }
    order.extend(more);
    order.sort_by_key(|(g, _)| *g);
    order.dedup_by(|(g, c), (kept, into)| {
        let same = g == kept;
        if same {
            let weight = into.weight * into.n as f32 + c.weight * c.n as f32;
            into.n += c.n;
            into.weight = weight / into.n as f32;
        }
        same
    });
}

/// The three discounts of an order.
fn discounts(grams: &[(u64, Count)]) -> [f32; 3] {
    let mut of = [0f64; 5];
    for (_, c) in grams {
        if (1..=4).contains(&c.n) {
            of[c.n as usize] += 1.0;
        }
    }
    if of[1] == 0.0 || of[2] == 0.0 || of[3] == 0.0 {
        return [0.5, 1.0, 1.5];
    }
    let y = of[1] / (of[1] + 2.0 * of[2]);
    [1.0 - 2.0 * y * of[2] / of[1], 2.0 - 3.0 * y * of[3] / of[2], 3.0 - 4.0 * y * of[4] / of[3]]
        .map(|d| (d as f32).clamp(0.05, 2.9))
}

struct Gram {
    p: f32,
    bow: f32,
}

/// Estimates the model and returns the bytes of `lm.bin`.
#[must_use]
pub fn learn(corpora: &[Corpus], lexicon: &Lexicon, options: &Options) -> Vec<u8> {
    let mut highest: Vec<(u64, f32)> = Vec::new();
    // N-grams that begin with a break are counted as they are: [order − 1].
    let mut opening: [Vec<(u64, f32)>; ORDER] = Default::default();
    let mut texts: Vec<(Vec<WordId>, f32)> = Vec::new();
    let mut listed: [Vec<(u64, f32)>; ORDER] = Default::default();
    for corpus in corpora {
        let text = numbered(corpus, lexicon);
        if corpus.is_list() {
            list(&text, corpus.weight, &mut listed);
            continue;
        }
        if corpus.weight == super::corpus::ADMINISTRATIVE_WEIGHT {
            texts.push((other_units(&text, lexicon), OTHER_UNITS_WEIGHT));
        }
        texts.push((text, corpus.weight));
    }
    for (text, weight) in texts {
        let (mut packed, mut len) = (0u64, 0usize);
        for w in text {
            let w = u64::from(w);
            // A break is predicted like a word, then everything before it is forgotten.
            let ends = is_break(w);
            if ends && len <= 1 {
                (packed, len) = (w, 1);
                continue;
            }
            packed = packed << 16 | w;
            len = (len + 1).min(ORDER + 1);
            if len >= ORDER {
                highest.push((packed, weight));
            } else {
                opening[len - 1].push((packed & (u64::MAX >> (64 - 16 * len)), weight));
            }
            if ends {
                (packed, len) = (w, 1);
            }
        }
    }
    let mut orders: Vec<Vec<(u64, Count)>> = vec![merge(highest)];
    for n in (1..ORDER).rev() {
        let mask = u64::MAX >> (64 - 16 * n);
        let above = &orders[0];
        let mut grams: Vec<(u64, f32)> = above.iter().map(|(g, c)| (g & mask, c.weight)).collect();
        grams.append(&mut opening[n - 1]);
        orders.insert(0, merge(grams));
    }
    for (order, more) in orders.iter_mut().zip(listed) {
        join(order, merge(more));
    }
    let estimated = estimate(&orders, lexicon.vocabulary());
    encode(&prune(estimated, &orders, options), lexicon.vocabulary())
}

type Table = FxHashMap<u64, Gram>;

/// Interpolated probabilities of all n-grams, and γ(h) as the back-off of each history.
fn estimate(orders: &[Vec<(u64, Count)>], vocabulary: usize) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for (k, grams) in orders.iter().enumerate() {
        let d = discounts(grams);
        let discount = |c: &Count| c.weight * d[(c.n.min(3) - 1) as usize].min(c.n as f32 * 0.95);
        let mut table: Table = FxHashMap::default();
        table.reserve(grams.len());
        let mut start = 0;
        while start < grams.len() {
            let history = grams[start].0 >> 16;
            let end = start + grams[start..].partition_point(|(g, _)| g >> 16 == history);
            let total: f32 = grams[start..end].iter().map(|(_, c)| c.weight * c.n as f32).sum();
            let gamma = grams[start..end].iter().map(|(_, c)| discount(c)).sum::<f32>() / total;
            for (g, c) in &grams[start..end] {
                let lower = match k {
                    0 => 1.0 / vocabulary as f32,
                    _ => tables[k - 1].get(&(g & (u64::MAX >> (64 - 16 * k)))).map_or(1e-7, |l| l.p),
                };
                let p = (c.weight * c.n as f32 - discount(c)) / total + gamma * lower;
                table.insert(*g, Gram { p, bow: 1.0 });
            }
            if k > 0 {
                if let Some(h) = tables[k - 1].get_mut(&history) {
                    h.bow = gamma;
                }
            } else {
                // What the discounts left over, for words never seen.
                let floor = gamma / vocabulary as f32;
                for w in 0..vocabulary as u64 {
                    table.entry(w).or_insert(Gram { p: floor, bow: 1.0 });
                }
            }
            start = end;
        }
        tables.push(table);
    }
    tables
}

/// Leaves out what costs little, then sets each back-off so that the probabilities after a history sum to one again.
fn prune(mut tables: Vec<Table>, orders: &[Vec<(u64, Count)>], options: &Options) -> Vec<Table> {
    let mut needed: FxHashSet<u64> = FxHashSet::default();
    for k in (1..tables.len()).rev() {
        let mask = u64::MAX >> (64 - 16 * k);
        let mut kept: Table = FxHashMap::default();
        let mut histories: FxHashSet<u64> = FxHashSet::default();
        for (g, c) in &orders[k] {
            let Some(gram) = tables[k].get(g) else { continue };
            let lower = tables[k - 1].get(&(g & mask)).map_or(1e-7, |l| l.p);
            let bow = tables[k - 1].get(&(g >> 16)).map_or(1.0, |h| h.bow);
            let cost = c.weight * c.n as f32 * (gram.p.ln() - (bow * lower).ln());
            if cost >= options.prune[k - 1] || needed.contains(g) {
                kept.insert(*g, Gram { p: gram.p, bow: gram.bow });
                histories.insert(g >> 16);
                // The state after it is found through its suffix.
                histories.insert(g & mask);
            }
        }
        tables[k] = kept;
        needed = histories;
    }
    for k in 1..tables.len() {
        let mask = u64::MAX >> (64 - 16 * k);
        let mut sums: FxHashMap<u64, (f64, f64)> = FxHashMap::default();
        let mut grams: Vec<u64> = tables[k].keys().copied().collect();
        grams.sort_unstable();
        for g in grams {
            let lower = if k == 1 {
                tables[0].get(&(g & mask)).map_or(1e-7, |l| l.p)
            } else {
                lower_probability(&tables, k - 1, g & mask)
            };
            let sum = sums.entry(g >> 16).or_default();
            sum.0 += f64::from(tables[k][&g].p);
            sum.1 += f64::from(lower);
        }
        for (h, gram) in &mut tables[k - 1] {
            gram.bow = match sums.get(h) {
                Some((high, low)) => (((1.0 - high).max(1e-4)) / ((1.0 - low).max(1e-4))) as f32,
                None => 1.0,
            };
        }
    }
    tables
}

/// `P` of an n-gram of order `k + 1` by the pruned tables.
fn lower_probability(tables: &[Table], k: usize, g: u64) -> f32 {
    if let Some(found) = tables[k].get(&g) {
        return found.p;
    }
    if k == 0 {
        return 1e-7;
    }
    let bow = tables[k - 1].get(&(g >> 16)).map_or(1.0, |h| h.bow);
    bow * lower_probability(tables, k - 1, g & (u64::MAX >> (64 - 16 * k)))
}

/// Slots for each n-gram of a hash table: the more, the shorter the search for what is not there.
const SPARE: f32 = 1.25;

fn p_byte(gram: &Gram) -> u32 {
    (-gram.p.ln() / PROB_STEP).round().clamp(0.0, 255.0) as u32
}

fn bow_byte(gram: &Gram) -> u32 {
    ((gram.bow.ln() - BOW_MIN) / BOW_STEP).round().clamp(0.0, 255.0) as u32
}

/// The n-grams of an order in the order of their numbers.
fn sorted(order: &Table) -> Vec<(u64, &Gram)> {
    let mut grams: Vec<(u64, &Gram)> = order.iter().map(|(g, gram)| (*g, gram)).collect();
    grams.sort_unstable_by_key(|(g, _)| *g);
    grams
}

/// A hash table with the value of each n-gram under its fingerprint; 0 where there is none.
fn slots(order: &Table, value: impl Fn(&Gram) -> u32) -> Vec<(u16, u32)> {
    let mut table = vec![(0, 0); (order.len() as f32 * SPARE) as usize + 16];
    for (g, gram) in sorted(order) {
        let (hint, print) = hash(g);
        let mut i = slot_of(hint, table.len());
        while table[i].0 != 0 {
            i = (i + 1) % table.len();
        }
        table[i] = (print, value(gram));
    }
    table
}

/// The bytes of `lm.bin` (form: [`crate::restore::lm`]).
fn encode(tables: &[Table], vocabulary: usize) -> Vec<u8> {
    let pairs = sorted(&tables[1]);
    let triples = slots(&tables[2], |g| p_byte(g) << 8 | bow_byte(g));
    let fours = slots(&tables[3], p_byte);
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    for n in [vocabulary, pairs.len(), triples.len(), fours.len()] {
        out.extend_from_slice(&(n as u32).to_le_bytes());
    }
    for w in 0..vocabulary as u64 {
        let (p, bow) = tables[0].get(&w).map_or((1e-9, 1.0), |g| (g.p, g.bow));
        out.extend_from_slice(&p.max(1e-9).ln().to_le_bytes());
        out.extend_from_slice(&bow.ln().to_le_bytes());
    }
    for w in 0..=vocabulary as u64 {
        let at = pairs.partition_point(|(g, _)| *g >> 16 < w) as u32;
        out.extend_from_slice(&at.to_le_bytes());
    }
    pairs.iter().for_each(|(g, _)| out.extend_from_slice(&(*g as u16).to_le_bytes()));
    out.extend(pairs.iter().map(|(_, gram)| p_byte(gram) as u8));
    out.extend(pairs.iter().map(|(_, gram)| bow_byte(gram) as u8));
    for (print, value) in triples {
        out.extend_from_slice(&(u32::from(print) << 16 | value).to_le_bytes());
    }
    fours.iter().for_each(|(print, _)| out.extend_from_slice(&print.to_le_bytes()));
    out.extend(fours.iter().map(|(_, p)| *p as u8));
    out
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::restore::lm::LanguageModel;

    #[test]
    fn probabilities_sum_to_one_and_follow_the_text() {
        let text = "kế hoạch cải cách hành chính nhà nước\ncải cách thủ tục hành chính\nthủ tục hành chính nhà nước\n".repeat(4);
        let corpus = Corpus { path: PathBuf::new(), sha256: String::new(), text, weight: 1.0 };
        let corpora = [corpus];
        let lexicon = crate::train::lexicon::learn(&corpora);
        let options = Options { prune: [-1e9; 3] };
        let lm = LanguageModel::new(learn(&corpora, &lexicon, &options)).unwrap();
        let id = |w: &str| lexicon.id(w).unwrap();
        let mut state = lm.begin(lexicon::SENTENCE);
        for w in ["thủ", "tục", "hành"] {
            state = lm.score(&state, id(w)).1;
        }
        let sum: f32 = (0..lexicon.vocabulary()).map(|w| lm.score(&state, w as WordId).0.exp()).sum();
        assert!((sum - 1.0).abs() < 0.1, "{sum}");
        assert!(lm.score(&state, id("chính")).0 > lm.score(&state, id("hoạch")).0 + 2.0);
    }

    #[test]
    fn a_list_says_what_follows_what_but_not_how_frequent_it_is() {
        let corpus = |path: &str, text: &str, times| Corpus {
            path: PathBuf::from(path),
            sha256: String::new(),
            text: text.repeat(times),
            weight: 1.0,
        };
        let text = corpus("text.txt", "ủy ban phường Mai\nđịa phương Lan\nông Nguyễn Văn Nam\n", 4);
        let names = corpus("names.txt", "Nguyễn Phương\nMai Phương\nLan Phương\n", 4);
        let lexicon = crate::train::lexicon::learn(&[text.clone(), names.clone()]);
        let model = |corpora: &[Corpus]| {
            LanguageModel::new(learn(corpora, &lexicon, &Options { prune: [-1e9; 3] })).unwrap()
        };
        let (without, with) = (model(std::slice::from_ref(&text)), model(&[text, names]));
        let id = |w: &str| lexicon.id(w).unwrap();
        let (surname, given) = (id("nguyễn"), id("phương"));
        assert!(with.pair(surname, given) > without.pair(surname, given) + 1.0);
        assert_eq!(with.unigram(given).0, without.unigram(given).0);
    }
}
