//! Reading order of blocks that stand side by side: the letterhead and the closing block of administrative documents.
//!
//! Their two columns (issuer and number | national motto, place and date; recipients | office and name of the signer) are
//! unrelated texts, but a recogniser that takes the page for one column joins their rows: "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI ...".
//!
//! # Method
//! A local X-Y cut (Nagy and Seth 1984) with tests that spare running text and tables. With *h* the median height of a line, *g* a wide
//! gap (2.2 times the median gap between words) and *W* the width of the text:
//!
//! 1. Every line is cut into **segments** at gaps wider than *g*. What recognition makes of printed rules (`_`, `—`) bridges no gap.
//! 2. Segments that overlap by half their height make a **row**.
//! 3. A row with a gap seeds a **gutter**: a strip at least *g* wide, its middle between 20 and 80 % of W. The band grows up and down
//!    over the rows that leave at least that much of the strip free, and stops at text that crosses it.
//! 4. Rows at its ends that merely fit beside the gutter (a short centred title) are taken off.
//! 5. The band is two blocks side by side, and no table and no running text, if
//!    * the sides stand beside each other over at least 2 h, and at least half of the rows have text on one side only or leave 3 g between
//!      the sides (rivers in justified text do neither),
//!    * each side has at least two parts of at least 3 h in width (labels and page numbers are narrower),
//!    * neither side falls into further columns: at most half of their rows have a wide gap of their own,
//!    * the right side is **centred**: at least 60 % of its parts share one middle (within 0.035 W of the median), and their
//!      middles lie closer together than their left edges. That is how administrative documents are set; cells of tables and paragraphs
//!      share their left edges.
//! 6. Such a band is written column by column, left before right, each row of a column one line, with blank lines around the columns.
//!
//! Everything else stays as it came, in its order; no word is ever lost or doubled. One pass over the rows a band: O(rows × segments).
//!
//! Limits: three columns, columns that are turned, and letterheads whose columns touch in every row stay joined.

mod bands;
mod grid;

use self::bands::{Band, View};
pub use self::grid::rows_of_tables;
use crate::model::Page;
use crate::model::assemble::{ReadWord, Sheet};

/// The page with side-by-side blocks read apart; the same page when there are none, or no boxes.
#[must_use]
pub fn read_apart(page: Page) -> Page {
    let Some(view) = View::of(&page) else { return page };
    let bands = view.bands();
    if bands.is_empty() { page } else { rewrite(&page, &view, &bands) }
}

/// The page with the bands' lines replaced, at the place of each band's first line, by its columns.
fn rewrite(page: &Page, view: &View, bands: &[Band]) -> Page {
    let mut band_of: Vec<Option<usize>> = vec![None; page.lines.len()];
    for (i, band) in bands.iter().enumerate() {
        for segment in view.rows[band.rows.clone()].iter().flatten() {
            band_of[segment.line].get_or_insert(i);
        }
    }
    let mut written = vec![false; bands.len()];
    let mut lines: Vec<Vec<ReadWord>> = Vec::new();
    for (line, band) in page.lines.iter().zip(&band_of) {
        match band {
            None => lines.push(line.words.iter().map(|w| read(page, w)).collect()),
            Some(i) if !written[*i] => {
                written[*i] = true;
                lines.push(Vec::new());
                lines.extend(columns(page, view, &bands[*i]));
                lines.push(Vec::new());
            }
            Some(_) => {}
        }
    }
    with_lines(page, trimmed(lines))
}

/// The page with these lines in place of its own.
pub(super) fn with_lines(page: &Page, lines: Vec<Vec<ReadWord>>) -> Page {
    let Page { number, width, height, dpi, decision, .. } = *page;
    Page::assemble(Sheet { number, width, height, dpi, decision }, lines)
}

/// The words of a page, line by line.
pub(super) fn words(page: &Page) -> Vec<Vec<ReadWord>> {
    page.lines.iter().map(|line| line.words.iter().map(|word| read(page, word)).collect()).collect()
}

/// Lines with one blank line where there were several, and none at either end.
fn trimmed(mut lines: Vec<Vec<ReadWord>>) -> Vec<Vec<ReadWord>> {
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    let inner = lines.iter().position(|l| !l.is_empty()).unwrap_or(0);
    lines.drain(..inner);
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}

/// The lines of the left column, a blank one, the lines of the right column.
fn columns(page: &Page, view: &View, band: &Band) -> Vec<Vec<ReadWord>> {
    let middle = (band.gutter.0 + band.gutter.1) / 2.0;
    let side = |right: bool| {
        view.rows[band.rows.clone()].iter().filter_map(move |row| {
            let words: Vec<ReadWord> = row
                .iter()
                .filter(|s| (s.middle() > middle) == right)
                .flat_map(|s| page.lines[s.line].words[s.words.clone()].iter())
                .map(|w| read(page, w))
                .collect();
            (!words.is_empty()).then_some(words)
        })
    };
    side(false).chain(std::iter::once(Vec::new())).chain(side(true)).collect()
}

fn read(page: &Page, word: &crate::model::Word) -> ReadWord {
    ReadWord {
        text: page.raw.get(word.span.clone()).unwrap_or_default().to_owned(),
        bbox: word.bbox,
        confidence: word.confidence,
        alternatives: word.alternatives.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{BBox, Decision};

    /// A page from lines of (x, text): letters 10 wide, words 5 apart, lines 20 high and 30 apart.
    fn page(lines: &[&[(f32, &str)]]) -> Page {
        let mut out = Vec::new();
        for (i, parts) in (0_u8..).zip(lines) {
            let mut words = Vec::new();
            for (x, text) in *parts {
                let mut at = *x;
                for word in text.split(' ') {
                    let w = 10.0 * word.chars().count() as f32;
                    let bbox = Some(BBox { x: at, y: 30.0 * f32::from(i), w, h: 20.0 });
                    words.push(ReadWord { text: word.to_owned(), bbox, ..ReadWord::default() });
                    at += w + 5.0;
                }
            }
            out.push(words);
        }
        Page::assemble(
            Sheet { number: 1, width: 1000, height: 1400, dpi: 100.0, decision: Decision::Ocr },
            out,
        )
    }

    #[test]
    fn letterheads_are_read_column_by_column() {
        let read = read_apart(page(&[
            &[(60.0, "ỦY BAN NHÂN DÂN"), (420.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            &[(90.0, "TỈNH AN HẢI"), (470.0, "Độc lập - Tự do - Hạnh phúc")],
            &[(70.0, "Số: 12/KH-UBND"), (440.0, "An Hải, ngày 05 tháng 3 năm 2021")],
            &[(380.0, "KẾ HOẠCH")],
            &[(20.0, "Thực hiện chương trình phát triển đô thị trên địa bàn tỉnh giai đoạn mới của các xã")],
        ]));
        assert_eq!(
            read.raw,
            "ỦY BAN NHÂN DÂN\nTỈNH AN HẢI\nSố: 12/KH-UBND\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
             An Hải, ngày 05 tháng 3 năm 2021\n\nKẾ HOẠCH\n\
             Thực hiện chương trình phát triển đô thị trên địa bàn tỉnh giai đoạn mới của các xã"
        );
    }

    #[test]
    fn the_closing_block_is_read_column_by_column() {
        let read = read_apart(page(&[
            &[(
                20.0,
                "tổ chức thực hiện kế hoạch này và báo cáo kết quả về Văn phòng đúng thời hạn nêu trên./.",
            )],
            &[(20.0, "Nơi nhận:"), (560.0, "TM. ỦY BAN NHÂN DÂN")],
            &[(20.0, "- Như trên;"), (630.0, "CHỦ TỊCH")],
            &[(20.0, "- Các sở, ngành của tỉnh;")],
            &[(20.0, "- Lưu: VT."), (590.0, "Nguyễn Văn An")],
        ]));
        assert!(
            read.raw.contains("Nơi nhận:\n- Như trên;\n- Các sở, ngành của tỉnh;\n- Lưu: VT.\n\nTM. ỦY BAN"),
            "{}",
            read.raw
        );
        assert!(read.raw.ends_with("CHỦ TỊCH\nNguyễn Văn An"), "{}", read.raw);
    }

    #[test]
    fn tables_labels_and_running_text_stay() {
        let table = page(&[
            &[(20.0, "Xây dựng quy chế phối hợp"), (600.0, "Sở Nội vụ chủ trì")],
            &[(20.0, "Rà soát các thủ tục còn vướng"), (600.0, "Văn phòng Ủy ban")],
            &[(20.0, "Tổng kết chương trình năm đầu"), (600.0, "Các huyện và thành phố")],
        ]);
        assert_eq!(read_apart(table.clone()), table);
        let numbers = page(&[
            &[(60.0, "Xe tải nhỏ dưới hai tấn"), (500.0, "10.000"), (700.0, "300.000"), (880.0, "800.000")],
            &[(80.0, "Xe tải vừa và xe buýt"), (500.0, "15.000"), (700.0, "450.000"), (875.0, "1.200.000")],
            &[
                (70.0, "Xe tải nặng và công ten nơ"),
                (500.0, "22.000"),
                (700.0, "660.000"),
                (875.0, "1.800.000"),
            ],
        ]);
        assert_eq!(read_apart(numbers.clone()), numbers);
        let list = page(&[
            &[
                (20.0, "1."),
                (80.0, "Mục tiêu chung của chương trình là nâng cao chất lượng phục vụ người dân"),
            ],
            &[(20.0, "2."), (80.0, "Mục tiêu cụ thể đến hết năm là số hóa toàn bộ hồ sơ đang lưu")],
        ]);
        assert_eq!(read_apart(list.clone()), list);
        let text = Page::from_text(1, Decision::Text, "không có khung");
        assert_eq!(read_apart(text.clone()), text);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_or_doubled(
            lines in prop::collection::vec(
                prop::collection::vec((0.0..900.0_f32, 0.0..1300.0_f32, 1.0..400.0_f32, 1.0..40.0_f32), 0..4),
                0..12,
            )
        ) {
            let mut n = 0;
            let mut name = || { n += 1; format!("w{n}") };
            let lines: Vec<Vec<ReadWord>> = lines
                .into_iter()
                .map(|line| line.into_iter().map(|(x, y, w, h)| {
                    ReadWord { text: name(), bbox: Some(BBox { x, y, w, h }), ..ReadWord::default() }
                }).collect())
                .collect();
            let sheet = Sheet { number: 1, width: 1000, height: 1400, dpi: 100.0, decision: Decision::Ocr };
            let before = Page::assemble(sheet, lines);
            let after = read_apart(before.clone());
            let words = |p: &Page| {
                let mut all: Vec<String> = p.raw.split_whitespace().map(str::to_owned).collect();
                all.sort();
                all
            };
            prop_assert_eq!(words(&before), words(&after));
            prop_assert_eq!(after.lines.len(), after.raw.split('\n').count());
        }
    }
}
