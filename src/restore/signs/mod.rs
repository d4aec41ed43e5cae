//! Specks, stray signs and misread marks between the words: what no dictionary knows and only counting, sequence or balance can tell.
//!
//! A speck on the glass becomes `_`, `` ` `` or `'`; a full stop appears in the middle of a sentence; `1.` becomes `].`; the `;` of one point among many
//! becomes `.`. Each rule wants proof from the surroundings: no partner for a quotation mark or bracket, a `2.` after the `].`, siblings that all end in `;`,
//! two words that belong together and go on in small letters. Only pages that were recognised here, or on which words are wrong too, are
//! looked at: in a clean text a strange sign is the author's.

mod joins;
mod lists;
mod numerals;
mod quarters;
mod romans;
mod specks;
mod stops;

use super::footnotes::Mark;
use super::lexicon::Lexicon;
use super::lm::LanguageModel;
use super::models::Damage;

/// In so many tokens the partner of a quotation mark or bracket is sought.
const NEAR: usize = 60;

/// What stands between white space.
struct Token<'a> {
    at: usize,
    text: &'a str,
    line: usize,
    first: bool,
}

/// What a line holds of the marks that must balance.
#[derive(Clone, Copy)]
struct Line {
    tokens: usize,
    opening: usize,
    closing: usize,
    quotes: usize,
    /// Whether it is nothing but full stops.
    dots: bool,
}

/// The mends of a page, in order.
#[must_use]
pub fn mends(raw: &str, damage: Damage, lexicon: &Lexicon, language: &LanguageModel) -> Vec<Mark> {
    let tokens = tokens(raw);
    let lines: Vec<Line> = raw.split('\n').map(specks::line).collect();
    let notes = notes(&tokens);
    let mut out = Vec::new();
    for (i, t) in tokens.iter().enumerate() {
        let slight = damage == Damage::Slight;
        let dash = if slight { lists::dashes(&tokens, i) } else { None };
        if let Some(mark) = dash.or_else(|| {
            let note = notes.binary_search(&i).is_ok();
            if note { None } else { specks::stray(&tokens, i, &lines[t.line]) }
        }) {
            out.push(mark);
        } else if slight {
            out.extend(specks::before(&tokens, i));
            out.extend(specks::after(t));
            out.extend(numerals::stroke_for_one(&tokens, i));
            out.extend(numerals::date(&tokens, i));
            out.extend(numerals::clause(&tokens, i));
            out.extend(stops::false_stop(&tokens, i, lexicon, language));
            out.extend(stops::double_stop(&tokens, i));
            out.extend(specks::letter(&tokens, i, lexicon, language));
            out.extend(joins::hyphen(&tokens, i));
            out.extend(romans::trail(&tokens, i));
            out.extend(joins::number(t));
        }
        out.extend(joins::symbol(&tokens, i));
        out.extend(stops::two_marks(t));
    }
    if damage == Damage::Slight {
        out.extend(lists::first(&tokens));
        out.extend(lists::numbers(&tokens));
        out.extend(lists::brackets(&tokens));
        out.extend(romans::repairs(&tokens));
        out.extend(lists::ends(raw, &tokens));
    }
    out.extend(quarters::repairs(&tokens));
    out.sort_by_key(|m| m.span.start);
    out.dedup_by(|b, a| b.span.start < a.span.end);
    out
}

fn tokens(raw: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    for (line, text) in raw.split('\n').enumerate() {
        let found = text.split_whitespace().enumerate();
        out.extend(found.map(|(i, text)| Token {
            at: text.as_ptr() as usize - raw.as_ptr() as usize,
            text,
            line,
            first: i == 0,
        }));
    }
    out
}

/// Signs and digits that begin the last paragraphs of a page: marks of footnotes, perhaps, misread as they are.
fn notes(tokens: &[Token]) -> Vec<usize> {
    let mut out = Vec::new();
    for (i, t) in tokens.iter().enumerate().rev().filter(|(_, t)| t.first) {
        let begins = i.checked_sub(1).is_some_and(|b| tokens[b].line + 1 < t.line);
        let mut chars = t.text.chars();
        let sign = chars.next().is_some_and(|c| !c.is_alphabetic() && c != '-') && chars.next().is_none();
        match (begins, sign) {
            (true, true) => out.push(i),
            (true, false) => break,
            (false, _) => {}
        }
    }
    out.reverse();
    out
}

/// The tokens of the same line.
fn line_of<'t, 'a>(tokens: &'t [Token<'a>], i: usize) -> &'t [Token<'a>] {
    let line = tokens[i].line;
    &tokens[tokens.partition_point(|t| t.line < line)..tokens.partition_point(|t| t.line <= line)]
}

fn gone(from: usize, len: usize) -> Mark {
    Mark { span: from..from + len, text: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Models;

    fn mended(raw: &str, damage: Damage) -> String {
        let models = Models::embedded();
        let mut text = String::new();
        let mut done = 0;
        for mark in mends(raw, damage, &models.lexicon, &models.language) {
            text += &raw[done..mark.span.start];
            text += &mark.text;
            done = mark.span.end;
        }
        text + &raw[done..]
    }

    #[test]
    fn specks_go_and_signs_with_a_meaning_stay() {
        for (raw, wanted) in [
            ("được _cấp phép", "được cấp phép"),
            ("cơ quan ` quản lý", "cơ quan  quản lý"),
            ("'lấy mẫu", "lấy mẫu"),
            ("các sản. phẩm khác. Điều này", "các sản phẩm khác. Điều này"),
            ("số 132/2008/NĐ- CP ngày 31/ 12/2008", "số 132/2008/NĐ-CP ngày 31/12/2008"),
            ("\"kiểm tra", "kiểm tra"),
            ("phong phú;, đa dạng:. Hai; .\nBa", "phong phú, đa dạng. Hai; \nBa"),
            ("].  Một\n2. Hai", "1.  Một\n2. Hai"),
            ("năm 200]; điểm 1]", "năm 2001; điểm 11"),
            ("sẽ á áp dụng văn n bản", "sẽ  áp dụng văn  bản"),
            ("sẽ á áp dụng khi phê duyệt Ì danh mục", "sẽ  áp dụng khi phê duyệt  danh mục"),
            ("; b) hai\nvà. ba.. Bốn", " b) hai\nvà ba. Bốn"),
            ("Lao động- -Việc làm số03/2010/TT", "Lao động-Việc làm số 03/2010/TT"),
            ("4. Một\n5, Hai", "4. Một\n5. Hai"),
            ("5. Hai\n.R Ba\n7. Bốn", "5. Hai\n6. Ba\n7. Bốn"),
            ("h) Một\n¡) Hai\nk) Ba\n(1) Một\nG) Hai", "h) Một\ni) Hai\nk) Ba\n(1) Một\n(2) Hai"),
            ("..3. Một\n_- Hai", "3. Một\n- Hai"),
            ("- . Một\n-.. Hai\n_. Ba", "-  Một\n- Hai\n- Ba"),
            ("*- Một\n\"... Hai ba\n_...2.3. Bốn", "- Một\n Hai ba\n2.3. Bốn"),
            ("Ì. Một hai", "1. Một hai"),
            (
                "7. Một\n§. Hai\n9. Ba\n10. Bốn\nL1. Năm\n12. Sáu",
                "7. Một\n8. Hai\n9. Ba\n10. Bốn\n11. Năm\n12. Sáu",
            ),
            ("thanh toán thư tín . dụng", "thanh toán thư tín  dụng"),
            ("- Một\nhai\n~ Ba", "- Một\nhai\n- Ba"),
            ("ngày 2 tháng lại năm", "ngày 2 tháng 11 năm"),
            ("ngày l9 tháng Ì] năm", "ngày 19 tháng 11 năm"),
            ("ngày 2 tháng 11] năm", "ngày 2 tháng 11 năm"),
            ("tại khoản Ì Điều này", "tại khoản 1 Điều này"),
        ] {
            assert_eq!(mended(raw, Damage::Slight), wanted);
        }
        for kept in [
            "“Sản phẩm” (mới) - một; hai",
            "- Một\n+ Hai\n* Ba",
            "v.v. và; ...\nSố: ..., v.v.;\n... Hai",
            "Ï. Một\nII. Hai",
            "l. Muối\nm. Nước",
            "ngày ... tháng ... năm",
            "(a) và (b)",
            "[Điều 3, khoản 1]",
            "vào UBND. trong",
            "thực hiện!.\n\n` Trong đó\ncấp tỉnh\n",
            "điểm l khoản 2",
            "( xem\nphụ lục )",
            "như sau:\n\"1. Một",
            "điểm đ đối với",
            "khoản 3,\n4, Điều 5",
            "ngày 41] tháng tới",
        ] {
            assert_eq!(mended(kept, Damage::Slight), kept);
        }
    }

    #[test]
    fn points_end_alike() {
        let raw = "a) một;\nb) hai;\nc) ba.\nd) bốn;\nđ) năm.\n";
        assert_eq!(mended(raw, Damage::Slight), raw.replace("ba.", "ba;"));
        for kept in [
            "- một;\n- hai;\n- ba;\n- bốn.\n\nTrên đây./.\nNơi nhận:\n- năm;\n- sáu;\n",
            "a) một.\nb) hai.\nc) ba.\n",
            "- một;\n- hai:\n+ ba;\n+ bốn;\n- năm.\n",
        ] {
            assert_eq!(mended(kept, Damage::Slight), kept);
        }
    }
}
