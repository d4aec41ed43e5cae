//! Learns the channel from aligned pairs of observed and true words, by expectation maximisation.
//!
//! Which letters became which characters is hidden; the expectation step counts every way to cut a pair into segments in proportion to its
//! probability under the current weights (forward-backward over a grid of true letters × observed characters), the maximisation step
//! makes weights of the counts. A letter seen too rarely borrows from the letters of its kin: the same vowel under other tones, and
//! the same plain letter under the same tone.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::model::normal::{self, split_tone, strip_mark};
use crate::restore::channel::MAX_SEGMENT;
use crate::restore::token;

/// Rounds of expectation maximisation.
const ROUNDS: usize = 8;
/// How many observations a letter's kin are worth.
const KIN: f32 = 6.0;
/// How many observations the same letter in the other case is worth.
const OTHER_CASE: f32 = 1.0;
/// How many observations the pool of all marked letters is worth.
const POOL: f32 = 1.0;
/// The least probability with which a marked letter is seen as any sign: what signs a reader makes of marks no sample shows in full.
const SIGN: f32 = 3e-4;
/// The signs that stand for letters with marks.
const SIGNS: [char; 18] =
    ['¢', '&', '§', '€', '¥', '£', '@', '?', '$', '#', '%', '©', '®', '*', '«', '»', '°', '|'];
/// The least probability with which a letter is seen as a digit of its shape: common with worn type, and rare in any one sample.
const SHAPE: f32 = 3e-4;
/// Letters, marks aside, and the digits of their shapes.
const SHAPES: [(char, &str); 10] = [
    ('i', "1"),
    ('l', "1"),
    ('o', "06"),
    ('g', "9"),
    ('b', "6"),
    ('s', "5"),
    ('I', "1"),
    ('O', "0"),
    ('S', "5"),
    ('B', "8"),
];
/// How often a letter is written twice.
const TWICE: f32 = 0.03;
/// Readings rarer than this are not taken to be written beside another.
const LEAST_TWICE: f32 = 1e-4;
/// Segments expected fewer times than this are not kept.
const LEAST: f32 = 0.4;
/// What one expected count must be worth for a pair of letters to be kept as one segment.
const PAIR_LEAST: f32 = 2.0;

/// One observed word and the true one. Both without the marks around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What recognition made of it.
    pub observed: String,
    /// What stands on the paper.
    pub truth: String,
}

/// The cores of an aligned pair of tokens, if the true one is a word.
#[must_use]
pub fn cores(observed: &str, truth: &str) -> Option<Pair> {
    let (lead, trail) = token::trim_marks(truth);
    let core = &truth[lead..truth.len() - trail];
    if !token::is_word(core) || core.chars().count() > 10 {
        return None;
    }
    let marked = truth[truth.len() - trail..].starts_with(token::is_doubtful_sign);
    let (lead, trail) =
        if marked { token::trim_marks(observed) } else { token::trim_certain_marks(observed) };
    let seen = observed.get(lead..observed.len() - trail)?;
    // `ngay06` beside `ngày`: a number ran into the word, and no letter was seen as it.
    let letters = seen.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.len() < seen.len() && letters.chars().count() >= core.chars().count() {
        return None;
    }
    // As the lexicon writes it, on both sides where nothing else differs.
    let truth = normal::to_old_tone(core);
    let seen = if normal::to_old_tone(seen) == truth { truth.clone() } else { seen.to_owned() };
    (!seen.is_empty() && seen.chars().count() <= 14).then_some(Pair { observed: seen, truth })
}

/// Weighted counts of segments: true letters → observed characters → count.
type Counts = FxHashMap<(String, String), f32>;

struct Weights {
    p: FxHashMap<(Vec<char>, Vec<char>), f32>,
}

impl Weights {
    /// Before anything is known: letters stay, lose or swap marks; other things happen now and then.
    fn get(&self, truth: &[char], seen: &[char]) -> f32 {
        if self.p.is_empty() {
            return first_guess(truth, seen);
        }
        self.p.get(&(truth.to_vec(), seen.to_vec())).copied().unwrap_or(0.0)
    }
}

fn first_guess(truth: &[char], seen: &[char]) -> f32 {
    match (truth, seen) {
        ([t], [o]) if t == o => 0.6,
        ([t], [o]) if strip_mark(*t) == strip_mark(*o) => 0.2,
        ([t], [o]) if strip_mark(*t).to_lowercase().eq(strip_mark(*o).to_lowercase()) => 0.02,
        ([_], [_]) => 2e-3,
        ([_], []) => 1e-3,
        ([_], [_, _]) => 1e-4,
        ([_], [..]) => 1e-6,
        ([_, _], [_]) => 2e-5,
        _ => 1e-7,
    }
}

/// Segments of a pair that training considers: one letter as 0 to 3 characters, two letters as 1 or 2.
fn moves() -> impl Iterator<Item = (usize, usize)> {
    (0..=MAX_SEGMENT).map(|len| (1, len)).chain([(2, 1), (2, 2)])
}

/// Adds the expected segments of one pair to `counts`.
fn expect(pair: &Pair, times: f32, weights: &Weights, counts: &mut Counts) {
    let t: Vec<char> = pair.truth.chars().collect();
    let o: Vec<char> = pair.observed.chars().collect();
    let (n, m) = (t.len(), o.len());
    let at = |i: usize, j: usize| i * (m + 1) + j;
    let mut steps: Vec<(usize, usize, usize, usize, f32)> = Vec::new();
    let mut forward = vec![0f64; (n + 1) * (m + 1)];
    forward[0] = 1.0;
    for i in 0..n {
        for j in 0..=m {
            let here = forward[at(i, j)];
            if here == 0.0 {
                continue;
            }
            for (a, b) in moves() {
                if i + a <= n && j + b <= m {
                    let w = weights.get(&t[i..i + a], &o[j..j + b]);
                    if w > 0.0 {
                        forward[at(i + a, j + b)] += here * f64::from(w);
                        steps.push((i, j, a, b, w));
                    }
                }
            }
        }
    }
    let whole = forward[at(n, m)];
    if whole <= 0.0 {
        return;
    }
    let mut backward = vec![0f64; (n + 1) * (m + 1)];
    backward[at(n, m)] = 1.0;
    for (i, j, a, b, w) in steps.into_iter().rev() {
        let after = backward[at(i + a, j + b)];
        if after == 0.0 {
            continue;
        }
        let through = f64::from(w) * after;
        backward[at(i, j)] += through;
        let share = (forward[at(i, j)] * through / whole) as f32;
        if share > 1e-4 {
            let key = (t[i..i + a].iter().collect(), o[j..j + b].iter().collect());
            *counts.entry(key).or_default() += share * times;
        }
    }
}

/// Learns a channel from pairs with how often each counts, and returns the text of its file.
#[must_use]
pub fn learn(pairs: &[(Pair, f32)]) -> String {
    let mut together: BTreeMap<(&str, &str), f32> = BTreeMap::new();
    for (p, n) in pairs {
        *together.entry((&p.observed, &p.truth)).or_default() += n;
    }
    let pairs: Vec<(Pair, f32)> = together
        .into_iter()
        .map(|((o, t), n)| (Pair { observed: o.to_owned(), truth: t.to_owned() }, n))
        .collect();
    let mut weights = Weights { p: FxHashMap::default() };
    for round in 0..ROUNDS {
        let mut counts = Counts::default();
        for (pair, n) in &pairs {
            expect(pair, *n, &weights, &mut counts);
        }
        let last = round + 1 == ROUNDS;
        weights = maximise(&counts, last);
        if last {
            return write(&weights);
        }
    }
    String::new()
}

/// Weights of counts: `P(o | t)`, letters and pairs of letters sharing the mass of the letters they begin with.
fn maximise(counts: &Counts, smooth: bool) -> Weights {
    let mut singles: BTreeMap<char, BTreeMap<String, f32>> = BTreeMap::new();
    let mut pairs: BTreeMap<(char, char), BTreeMap<String, f32>> = BTreeMap::new();
    for ((t, o), n) in counts {
        let mut letters = t.chars();
        match (letters.next(), letters.next()) {
            (Some(a), None) => *singles.entry(a).or_default().entry(o.clone()).or_default() += n,
            (Some(a), Some(b)) => *pairs.entry((a, b)).or_default().entry(o.clone()).or_default() += n,
            _ => {}
        }
    }
    let mut starts: BTreeMap<(char, char), f32> = BTreeMap::new();
    for (t, seen) in &pairs {
        *starts.entry(*t).or_default() += seen.values().sum::<f32>();
    }
    let mut p = FxHashMap::default();
    for (t, seen) in &singles {
        let total: f32 = seen.values().sum();
        let own: BTreeMap<String, f32> =
            if smooth { with_kin(*t, seen, total, &singles) } else { shares(seen, total) };
        for (o, share) in own {
            p.insert((vec![*t], o.chars().collect()), share);
        }
    }
    for ((a, b), seen) in &pairs {
        // Relative to how often the first letter occurs: a pair is rare among its letter's fates.
        let first: f32 = singles.get(a).map_or(0.0, |s| s.values().sum());
        for (o, n) in seen {
            if !smooth || *n >= PAIR_LEAST {
                p.insert((vec![*a, *b], o.chars().collect()), n / (first + starts[&(*a, *b)]).max(1.0));
            }
        }
    }
    Weights { p }
}

fn shares(seen: &BTreeMap<String, f32>, total: f32) -> BTreeMap<String, f32> {
    seen.iter().filter(|(_, n)| **n > 1e-3).map(|(o, n)| (o.clone(), n / total)).collect()
}

/// The letter's own shares, filled up with those of its kin; marks of the letter itself are translated by leaving exact copies out.
fn with_kin(
    t: char,
    seen: &BTreeMap<String, f32>,
    total: f32,
    singles: &BTreeMap<char, BTreeMap<String, f32>>,
) -> BTreeMap<String, f32> {
    let (vowel, tone) = split_tone(t);
    let plain = strip_mark(t);
    let mut kin: BTreeMap<String, f32> = BTreeMap::new();
    let mut weight = 0.0f32;
    for (u, theirs) in singles {
        let (v, s) = split_tone(*u);
        let related =
            *u != t && (v == vowel || (s == tone && strip_mark(*u) == plain && plain.is_alphabetic()));
        if !related || t.is_ascii() {
            continue;
        }
        let sum: f32 = theirs.values().sum();
        for (o, n) in theirs {
            let same = o.chars().eq(std::iter::once(*u));
            let o = if same { t.to_string() } else { o.clone() };
            *kin.entry(o).or_default() += n / sum;
        }
        weight += 1.0;
    }
    let other = other_case(t, singles);
    let prior = if weight > 0.0 { KIN } else { 0.0 };
    let pooled = pool(t, singles);
    let vowels = if pooled.is_empty() { 0.0 } else { POOL };
    let mut out: BTreeMap<String, f32> = BTreeMap::new();
    let whole = total + prior + vowels + OTHER_CASE;
    for (o, n) in seen.iter().filter(|(_, n)| **n >= LEAST) {
        *out.entry(o.clone()).or_default() += n / whole;
    }
    for (o, share) in other {
        *out.entry(o).or_default() += OTHER_CASE * share / whole;
    }
    for (o, share) in kin {
        let share = prior * share / weight.max(1.0) / whole;
        if share > 1e-5 {
            *out.entry(o).or_default() += share;
        }
    }
    for (o, share) in pooled {
        let share = vowels * share / whole;
        if share > 1e-6 {
            *out.entry(o).or_default() += share;
        }
    }
    if !t.is_ascii() {
        for sign in SIGNS {
            let p = out.entry(sign.to_string()).or_default();
            *p = p.max(SIGN);
        }
    }
    let shapes = SHAPES.iter().find(|(letter, _)| *letter == plain).map_or("", |(_, digits)| digits);
    for digit in shapes.chars() {
        let p = out.entry(digit.to_string()).or_default();
        *p = p.max(SHAPE);
    }
    double(&mut out);
    // A letter is always readable as itself.
    let itself = out.entry(t.to_string()).or_default();
    *itself = itself.max(0.01);
    out
}

/// What the same letter in the other case is seen as, letters brought to this case: small and capital letters share many of their shapes.
fn other_case(t: char, singles: &BTreeMap<char, BTreeMap<String, f32>>) -> BTreeMap<String, f32> {
    let capital = t.is_uppercase();
    let turned = |c: char| if capital { c.to_lowercase().next() } else { c.to_uppercase().next() };
    let Some(theirs) = turned(t).filter(|u| *u != t).and_then(|u| singles.get(&u)) else {
        return BTreeMap::new();
    };
    let sum: f32 = theirs.values().sum();
    let here = |o: &String| if capital { o.to_uppercase() } else { o.to_lowercase() };
    let mut out = BTreeMap::new();
    for (o, n) in theirs.iter().filter(|(_, n)| **n >= LEAST) {
        *out.entry(here(o)).or_default() += n / sum;
    }
    out
}

/// A letter is sometimes written twice, once as each of two of its readings (`xã` → `x3a`, `đội` → `do6i`). Too rare to count for each pair
/// of readings, it is taken for [`TWICE`] of their joint probability.
fn double(readings: &mut BTreeMap<String, f32>) {
    let single: Vec<(String, f32)> = readings
        .iter()
        .filter(|(o, p)| o.chars().count() == 1 && **p > LEAST_TWICE)
        .map(|(o, p)| (o.clone(), *p))
        .collect();
    for (a, p) in &single {
        for (b, q) in &single {
            let both = TWICE * p * q;
            if both > 2e-6 {
                let known = readings.entry(format!("{a}{b}")).or_default();
                *known = known.max(both);
            }
        }
    }
}

/// What all marked letters of the same case are seen as, besides letters with the same base: signs and digits may stand for any of them.
fn pool(t: char, singles: &BTreeMap<char, BTreeMap<String, f32>>) -> BTreeMap<String, f32> {
    let mut out: BTreeMap<String, f32> = BTreeMap::new();
    if t.is_ascii() {
        return out;
    }
    let mut sum = 0.0;
    for (_, seen) in singles.iter().filter(|(u, _)| !u.is_ascii() && u.is_uppercase() == t.is_uppercase()) {
        for (o, n) in seen {
            *out.entry(o.clone()).or_default() += n;
            sum += n;
        }
    }
    out.values_mut().for_each(|n| *n /= sum);
    out
}

fn write(weights: &Weights) -> String {
    let mut rows: Vec<(String, String, f32)> = weights
        .p
        .iter()
        .map(|((t, o), p)| (t.iter().collect(), o.iter().collect(), -p.max(1e-7).ln()))
        .collect();
    rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut out = String::from("# true letters\tseen as\t-ln P\n");
    for (t, o, cost) in rows {
        if cost < 14.0 && !o.contains(['\t', '\n', '#']) {
            out += &format!("{t}\t{o}\t{cost:.2}\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_which_letters_became_which() {
        let pair = |o: &str, t: &str| (Pair { observed: o.into(), truth: t.into() }, 5.0);
        let table = learn(&[
            pair("ctia", "của"),
            pair("thi", "thi"),
            pair("cua", "của"),
            pair("can", "can"),
            pair("chti", "chủ"),
        ]);
        let cost = |t: &str, o: &str| {
            table
                .lines()
                .find_map(|l| l.strip_prefix(&format!("{t}\t{o}\t")))
                .map(|c| c.parse::<f32>().unwrap())
        };
        assert!(cost("ủ", "ti").unwrap() < 1.0, "{table}");
        assert!(cost("ủ", "u").unwrap() < 2.0);
        assert!(cost("c", "c").unwrap() < 0.1);
    }

    #[test]
    fn marks_around_words_are_not_the_channels_business() {
        assert_eq!(cores("\"xii,", "“xử,"), Some(Pair { observed: "xii".into(), truth: "xử".into() }));
        assert_eq!(cores("12", "12"), None);
        assert_eq!(cores("ngay06", "ngày"), None, "the number is another word");
        assert!(cores("nguo1", "người").is_some());
    }
}
