//! Feeds mutated plans to the parser until the time is up: nothing may panic, lose a character or take too long.
//!
//! ```text
//! cargo run --release --example fuzz_parse -- SECONDS [SEED]        ./x fuzz SECONDS does the same
//! ```
//!
//! Needs no nightly compiler and no other tool. The texts are those of `fixtures/parse` and the plans of `corpus/` as printed;
//! each round takes one, changes it in a few places (lines moved, joined, cut, markers and blanks put in, letters swapped for
//! what readers mistake them for) and parses it. A text that fails is written to the folder for temporary files and named.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use sohoa::evaluate::printed;
use sohoa::evaluate::record::Record;
use sohoa::ingest::text_pages;
use sohoa::model::RestoredPage;
use sohoa::parse::{accounted, parse, starts};

/// Most time for a text, and for each byte of it: a hundred times what is usual.
const ONCE: Duration = Duration::from_millis(500);
const BYTE: Duration = Duration::from_micros(20);

/// What is put into texts.
const PIECES: [&str; 40] = [
    "I. ",
    "I11. ",
    "1V. ",
    "l. ",
    "1.1. ",
    "1.2.3.4. ",
    "a) ",
    "đ) ",
    "- ",
    "+ ",
    "= ",
    "• ",
    "(1) ",
    "i) ",
    "Điều 3. ",
    "Chương II",
    "Phần thứ ba",
    "\n",
    "\n\n\n\n",
    "\u{c}",
    "    ",
    "\t",
    "¹ ",
    "2 76/NQ-CP ",
    "Nơi nhận:",
    "- Lưu: VT.",
    "TM. ỦY BAN",
    "CHỦ TỊCH",
    "KẾ HOẠCH",
    "(Ban hành kèm theo ",
    "PHỤ LỤC II",
    "STT Nội dung",
    "Số: 5/KH-UBND",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "ngày 31/02/2020",
    "9.999.999.999 tỷ đồng (một)",
    "\u{feff}",
    "\u{301}",
    "𝕏",
    "(sau đây gọi tắt là ",
];

/// Pairs that readers mistake for each other, and worse.
const SWAPS: [(&str, &str); 8] =
    [("I", "l"), ("1", "]"), (".", ","), (")", "."), ("ệ", "¢"), ("\n", " "), (" ", "\n"), ("a", "ä")];

/// A small generator (xorshift): the runs must not depend on anything but the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|s| s.parse::<u64>().ok());
    let Some(seconds) = seconds else {
        eprintln!("usage: fuzz_parse SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let seed = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(1);
    let texts = texts();
    if texts.is_empty() {
        eprintln!("no texts: run it in the repository's folder");
        return ExitCode::FAILURE;
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ seed);
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut rounds, mut bytes) = (0_u64, 0_u64);
    while Instant::now() < until {
        let text = mutated(&texts, &mut random);
        rounds += 1;
        bytes += text.len() as u64;
        if let Err(what) = check(&text) {
            let path = std::env::temp_dir().join(format!("sohoa-fuzz-{seed}-{rounds}.txt"));
            let kept = std::fs::write(&path, &text);
            eprintln!("round {rounds}: {what}; the text is in {} {kept:?}", path.display());
            return ExitCode::FAILURE;
        }
    }
    println!("{rounds} texts, {:.1} MB: no panic, no character lost, none too slow", bytes as f64 / 1e6);
    ExitCode::SUCCESS
}

fn texts() -> Vec<String> {
    let read = |folder: &str, ending: &str| -> Vec<String> {
        let entries = std::fs::read_dir(Path::new(folder)).into_iter().flatten().flatten();
        let mut paths: Vec<_> =
            entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
        paths.sort();
        paths.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect()
    };
    let mut out = read("fixtures/parse", "txt");
    for json in read("corpus", "json") {
        if let Ok(record) = Record::from_json(&json) {
            out.push(printed::plain(&record));
            out.push(printed::paged(&record));
        }
    }
    out
}

fn mutated(texts: &[String], random: &mut Random) -> String {
    let mut text = texts[random.below(texts.len())].clone();
    for _ in 0..=random.below(12) {
        let at = boundary(&text, random.below(text.len() + 1));
        match random.below(7) {
            0 => text.insert_str(at, PIECES[random.below(PIECES.len())]),
            1 => {
                let end = boundary(&text, (at + random.below(200)).min(text.len()));
                text.replace_range(at..end, "");
            }
            2 => {
                let (from, to) = SWAPS[random.below(SWAPS.len())];
                let end = boundary(&text, (at + random.below(2000)).min(text.len()));
                let part = text[at..end].replace(from, to);
                text.replace_range(at..end, &part);
            }
            3 => {
                let end = boundary(&text, (at + random.below(600)).min(text.len()));
                let part = text[at..end].to_owned();
                let to = boundary(&text, random.below(text.len() + 1));
                text.insert_str(to, &part);
            }
            4 => {
                let piece = PIECES[random.below(PIECES.len())].repeat(1 + random.below(300));
                text.insert_str(at, &piece);
            }
            5 => {
                let other = &texts[random.below(texts.len())];
                let from = boundary(other, random.below(other.len() + 1));
                text.truncate(at);
                text.push_str(&other[from..]);
            }
            _ => {
                let mut lines: Vec<&str> = text.split('\n').collect();
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(a, b);
                text = lines.join("\n");
            }
        }
    }
    text
}

/// The next place at or below `at` where a character begins.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn check(text: &str) -> Result<(), String> {
    let pages: Vec<RestoredPage> = text_pages(text).into_iter().map(RestoredPage::unchanged).collect();
    let begun = Instant::now();
    let plan = catch_unwind(AssertUnwindSafe(|| {
        let documents = starts(&pages);
        (parse(&pages), documents)
    }));
    let (plan, documents) = plan.map_err(|_| "it panicked".to_owned())?;
    let taken = begun.elapsed();
    let most = ONCE + BYTE * u32::try_from(text.len()).unwrap_or(u32::MAX);
    if taken > most {
        return Err(format!("it took {taken:?}"));
    }
    if documents.windows(2).any(|w| w[0] >= w[1]) {
        return Err(format!("documents begin at {documents:?}"));
    }
    accounted(&pages, &plan).map_err(|error| error.to_string())
}
