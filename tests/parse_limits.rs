//! Hostile texts: the parser's time and memory grow with the text and no faster, whatever it is made of.

use std::time::{Duration, Instant};

use sohoa::ingest::text_pages;
use sohoa::model::RestoredPage;
use sohoa::parse::{accounted, parse};

/// The same piece over and over, about `bytes` long.
fn text(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len() + 1)
}

fn taken(text: &str) -> Duration {
    let pages: Vec<RestoredPage> = text_pages(text).into_iter().map(RestoredPage::unchanged).collect();
    let begun = Instant::now();
    let plan = parse(&pages);
    let taken = begun.elapsed();
    assert_eq!(accounted(&pages, &plan), Ok(()));
    taken
}

/// Pieces that once took long, or could: markers of all kinds, lines without end, lists without end, tables without end.
const PIECES: [&str; 24] = [
    "I11. 1. a) - \n",
    "I. x\nl. y\na) z\n- w\n+ v\n",
    "1.1.1.1.",
    "1/KH-UBND ngày 1/1/2020 ",
    "(UBND) ",
    ", sau đây gọi tắt là ",
    "1 đồng (",
    "1.000 tỷ 5 triệu ",
    "quý I, II năm 2020 ",
    "từ ngày 1/1 đến ",
    "a¹²³ ",
    "- Lưu: VT; CHỦ TỊCH ",
    "KẾ HOẠCH\n",
    "Nơi nhận:\n",
    "I. A\nx\nKẾ HOẠCH\nB\n(",
    "¹ abc\n2 76/NQ-CP\n\n\n\n",
    "I. a\u{c}",
    "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\n\n\n\nPHỤ LỤC\nSTT Tên Số\n1 Sở A 5\n",
    "STT Tên A B ",
    "Cơ quan chủ trì: a; phối hợp: b; ",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ",
    "Số: 1/KH-UBND\n",
    "Điều 1. Chương II Phần thứ ba\n",
    "a | b ",
];

#[test]
fn time_grows_with_the_text() {
    for piece in PIECES {
        let small = taken(&text(piece, 100_000)).max(Duration::from_millis(20));
        let large = taken(&text(piece, 800_000));
        // eight times the text; the rest is room for a machine that does other things as well
        assert!(large < small * 40, "{piece:?}: {small:?}, then {large:?}");
    }
}
