//! The numbering grammar: what the beginning of a line may be read as.
//!
//! A line can open an item in several ways, and recognition blurs them: `I11.` is III, `1V.` is IV, `l.` is 1, `]` is 1,
//! `11.` may be eleven or II. So a line gets *candidate readings*, each with a cost (about nats: 0 for what is
//! printed in the usual form, more for every character that must have been misread). Which one is right is
//! decided by the sequence, in [`super::outline`].
//!
//! ```text
//! "I11. KINH PHÍ"      Roman 3 (repaired)
//! "1.2. Nội dung"      Number [1, 2]
//! "đ) Chuẩn bị ..."    Letter đ, or d (repaired)
//! "- Sở Y tế ..."      Dash
//! "15/7/2021 của ..."  nothing: a date that was wrapped
//! ```

use super::fold::{fold_char, is_letter};
use super::numbered::numbered;
use super::numerals::letter_value;
use super::worded::worded;
use crate::model::roman;

/// The families of markers, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Phần thứ nhất, PHẦN I.
    Part,
    /// Chương I.
    Chapter,
    /// Mục 1.
    Division,
    /// Tiểu mục 1.
    Subdivision,
    /// A.
    Upper,
    /// I.
    Roman,
    /// Điều 1.
    Article,
    /// 1. or 1.1. or 1.1.1.
    Number,
    /// a)
    Letter,
    /// (1)
    ParenNumber,
    /// (a)
    ParenLetter,
    /// i) or (i)
    LowerRoman,
    /// *
    Star,
    /// -
    Dash,
    /// •
    Bullet,
    /// +
    Plus,
    /// =
    Equals,
}

impl Kind {
    /// Whether items of this kind carry no number.
    pub fn unnumbered(self) -> bool {
        self >= Kind::Star
    }

    /// Whether the kind is spelt out (Chương, Điều ...), its title on the next line.
    pub fn worded(self) -> bool {
        matches!(self, Kind::Part | Kind::Chapter | Kind::Division | Kind::Subdivision | Kind::Article)
    }
}

/// A kind with its number: the place of an item among its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    /// Family.
    pub kind: Kind,
    /// The closing sign as printed: `.`, `)`, `/` ... 0 for none.
    pub style: u8,
    /// How many of `numbers` count; 0 for unnumbered kinds.
    pub depth: u8,
    /// The components: `[1, 2]` for 1.2.
    pub numbers: [u8; 4],
}

impl Mark {
    fn bare(kind: Kind) -> Mark {
        Mark { kind, style: 0, depth: 0, numbers: [0; 4] }
    }

    pub fn one(kind: Kind, value: u8, style: u8) -> Mark {
        Mark { kind, style, depth: 1, numbers: [value, 0, 0, 0] }
    }

    /// The last component: its place among its siblings.
    pub fn value(&self) -> u8 {
        self.numbers[(self.depth.max(1) - 1) as usize]
    }

    /// All of it in one number.
    pub fn packed(&self) -> u64 {
        let [a, b, c, d] = self.numbers;
        u64::from_le_bytes([self.kind as u8, self.style, self.depth, a, b, c, d, 1])
    }

    /// The components before the last.
    pub fn prefix(&self) -> &[u8] {
        &self.numbers[..(self.depth.max(1) - 1) as usize]
    }
}

/// One way to read the beginning of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// What it would be.
    pub mark: Mark,
    /// What it costs to believe it, before the sequence is looked at.
    pub cost: f32,
    /// Byte offset of the marker in the line.
    pub start: usize,
    /// Byte offset behind the marker.
    pub end: usize,
    /// Byte offset of the text after it.
    pub text: usize,
    /// The printed form is not what is meant.
    pub repaired: bool,
}

impl Reading {
    /// The label without its closing mark; `line` is the line it was read from.
    pub fn label(&self, line: &str) -> String {
        let printed = line.get(self.start..self.end).unwrap_or("");
        let mark = &self.mark;
        match mark.kind {
            Kind::Dash => "-".to_owned(),
            Kind::Plus => "+".to_owned(),
            Kind::Star => "*".to_owned(),
            Kind::Equals => "=".to_owned(),
            Kind::Bullet => "•".to_owned(),
            Kind::ParenNumber | Kind::ParenLetter => printed.to_owned(),
            Kind::LowerRoman if printed.starts_with('(') => printed.to_owned(),
            _ if self.repaired => match mark.kind {
                Kind::Roman => roman::numeral(mark.value()),
                Kind::Letter => super::numerals::letter_of(mark.value()).to_string(),
                Kind::Upper => super::numerals::letter_of(mark.value()).to_uppercase().collect(),
                Kind::Number => mark.numbers[..mark.depth as usize]
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("."),
                _ => closed(printed),
            },
            _ => closed(printed),
        }
    }
}

/// A printed marker without its closing signs.
fn closed(printed: &str) -> String {
    let bare = printed.trim_end_matches(['.', ')', '/', ':', '-', '–', ',', ' ']);
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All readings of the beginning of `line`, in no order. Empty for a line that opens no item.
pub(super) fn readings(line: &str) -> Vec<Reading> {
    let mut out = Vec::new();
    if begins_plainly(line) {
        return out;
    }
    let mut head = [(0, ' '); HEAD];
    let mut count = 0;
    for (place, c) in head.iter_mut().zip(line.char_indices()) {
        *place = c;
        count += 1;
    }
    let chars = &head[..count];
    let Some(&(_, first)) = chars.first() else { return out };
    // a speck before the marker: "_ 1. Thống kê", ". 4. Trình"
    if matches!(first, '_' | '.' | ',' | '\'' | '`' | '|' | '~' | '·') {
        if let Some(k) = chars.iter().position(|(_, c)| c.is_alphanumeric())
            && (1..=3).contains(&k)
            && chars[1..k].iter().any(|(_, c)| *c == ' ')
        {
            scan(line, &chars[k..], &mut out);
            out.retain(|r| !r.mark.kind.unnumbered() && r.cost < 2.5);
            out.iter_mut().for_each(|r| r.cost += 0.7);
        }
        if matches!(first, '_' | '~') && chars.get(1).is_some_and(|(_, c)| *c == ' ') {
            push(&mut out, line, Mark::bare(Kind::Dash), 2.0, 0, 1, true);
        }
        if first != '·' {
            return out;
        }
    }
    scan(line, chars, &mut out);
    out
}

/// Characters at the head of a line that are looked at.
const HEAD: usize = 40;

/// Whether `line` begins with a word, a space and a small letter, as most lines do: no marker looks like that but a
/// spelt-out one.
fn begins_plainly(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next().filter(|c| is_letter(*c)) else { return false };
    let mut rest = chars.skip_while(|c| is_letter(*c));
    let spaced = rest.next() == Some(' ');
    if !spaced || !rest.next().is_some_and(|c| super::fold::case(c).1) {
        return false;
    }
    let second = line.chars().nth(1).map_or(b' ', fold_char);
    !matches!(
        (fold_char(first), second),
        (b'p', b'h') | (b'c', b'h') | (b'm', b'u') | (b't', b'i') | (b'd', b'i')
    )
}

pub(super) fn push(
    out: &mut Vec<Reading>,
    line: &str,
    mark: Mark,
    cost: f32,
    start: usize,
    end: usize,
    repaired: bool,
) {
    let rest = line.get(end..).unwrap_or("");
    let text = end + (rest.len() - rest.trim_start().len());
    out.push(Reading { mark, cost, start, end, text, repaired });
}

fn scan(line: &str, chars: &[(usize, char)], out: &mut Vec<Reading>) {
    let Some(&(start, first)) = chars.first() else { return };
    match first {
        '-' | '–' | '—' | '−' | '‑' => sign(line, chars, Kind::Dash, out),
        '+' => sign(line, chars, Kind::Plus, out),
        '*' | '✱' | '※' => sign(line, chars, Kind::Star, out),
        '=' => sign(line, chars, Kind::Equals, out),
        '•' | '·' | '●' | '▪' | '■' | '◦' | '∙' | '➢' | '►' | '✓' | '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' =>
        {
            sign(line, chars, Kind::Bullet, out);
        }
        '(' => bracketed(line, chars, out),
        'P' | 'C' | 'M' | 'T' | 'Đ' | 'D' | 'Ð' => {
            worded(line, chars, out);
            numbered(line, start, chars, out);
        }
        _ => numbered(line, start, chars, out),
    }
}

/// `- text`, `-Text`, `+ text` ...
fn sign(line: &str, chars: &[(usize, char)], kind: Kind, out: &mut Vec<Reading>) {
    let start = chars[0].0;
    let end = start + chars[0].1.len_utf8();
    let cost = match chars.get(1).map(|c| c.1) {
        Some(c) if c.is_whitespace() => 0.0,
        Some(c) if c.is_uppercase() || matches!(c, '“' | '"') => 0.2,
        Some(c) if c.is_lowercase() => 0.6,
        _ => return,
    };
    // a dash between two numbers that were wrapped: "2021" + "- 2025"
    let after = chars.iter().skip(1).find(|c| !c.1.is_whitespace()).map(|c| c.1);
    let cost = cost + if kind == Kind::Dash && after.is_some_and(|c| c.is_ascii_digit()) { 0.5 } else { 0.0 };
    push(out, line, Mark::bare(kind), cost, start, end, false);
}

/// `(1) text`, `(a) text`, `(ii) text`.
fn bracketed(line: &str, chars: &[(usize, char)], out: &mut Vec<Reading>) {
    let Some(close) = chars.iter().take(6).position(|c| c.1 == ')') else { return };
    let inner: String = chars[1..close].iter().map(|c| c.1).collect();
    let end = chars[close].0 + 1;
    if close < 2 || chars.get(close + 1).is_some_and(|c| !c.1.is_whitespace() && !c.1.is_alphabetic()) {
        return;
    }
    let start = chars[0].0;
    if let Ok(n) = inner.parse::<u8>() {
        if (1..100).contains(&n) {
            push(out, line, Mark::one(Kind::ParenNumber, n, b')'), 0.3, start, end, false);
        }
        return;
    }
    let mut letters = inner.chars();
    if let (Some(c), None) = (letters.next(), letters.next())
        && let Some(v) = letter_value(c)
    {
        push(out, line, Mark::one(Kind::ParenLetter, v, b')'), 0.4, start, end, false);
    }
    if inner.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
        && let Some(v) = roman::value(&inner.to_uppercase())
    {
        push(out, line, Mark::one(Kind::LowerRoman, v, b')'), 0.5, start, end, false);
    }
}

/// What a numeral that looks right may have been before a stroke was lost, as on `recognised` pages it often is. Any other
/// text may come from a recognised page too; there two neighbours have to speak for it (a repeat and a gap), so that an
/// author's own slip stays.
pub(super) fn misread(readings: &[Reading], recognised: bool) -> Vec<Reading> {
    let mut out = Vec::new();
    for r in readings.iter().filter(|r| r.mark.kind == Kind::Roman && !r.repaired) {
        for (v, odd) in roman::misread(r.mark.value()) {
            let mark = Mark::one(Kind::Roman, v, r.mark.style);
            let cost = r.cost + if recognised { odd } else { TWO_NEIGHBOURS };
            out.push(Reading { mark, cost, repaired: true, ..r.clone() });
        }
    }
    out
}

/// More than either a repeat or a gap costs, less than both.
const TWO_NEIGHBOURS: f32 = 4.5;

#[cfg(test)]
mod tests {
    use super::*;

    fn best(line: &str) -> Option<(Kind, Vec<u8>, String)> {
        let all = readings(line);
        let r = all.iter().min_by(|a, b| a.cost.total_cmp(&b.cost))?;
        Some((r.mark.kind, r.mark.numbers[..r.mark.depth as usize].to_vec(), line[r.text..].to_owned()))
    }

    fn reads(line: &str, kind: Kind, value: u8) -> bool {
        readings(line).iter().any(|r| r.mark.kind == kind && r.mark.value() == value)
    }

    #[test]
    fn usual_markers() {
        let cases = [
            ("I. MỤC ĐÍCH", Kind::Roman, vec![1]),
            ("IV. TỔ CHỨC", Kind::Roman, vec![4]),
            ("1. Yêu cầu", Kind::Number, vec![1]),
            ("1.1. Nội dung", Kind::Number, vec![1, 1]),
            ("3.2.4. Chế độ trực", Kind::Number, vec![3, 2, 4]),
            ("2.1 Nội dung", Kind::Number, vec![2, 1]),
            ("a) Rà soát", Kind::Letter, vec![1]),
            ("đ) Bố trí", Kind::Letter, vec![5]),
            ("(2) Cấp tỉnh", Kind::ParenNumber, vec![2]),
            ("- Sở Y tế", Kind::Dash, vec![]),
            ("+ Công an xã", Kind::Plus, vec![]),
            ("Điều 12. Hiệu lực", Kind::Article, vec![12]),
            ("Chương II", Kind::Chapter, vec![2]),
            ("Phần thứ ba", Kind::Part, vec![3]),
            ("PHẦN I: ĐÁNH GIÁ", Kind::Part, vec![1]),
            ("1/ Mục đích", Kind::Number, vec![1]),
            ("I- MỤC ĐÍCH", Kind::Roman, vec![1]),
            ("B. NỘI DUNG", Kind::Upper, vec![2]),
            ("1.Tổ chức", Kind::Number, vec![1]),
        ];
        for (line, kind, numbers) in cases {
            let got = best(line);
            assert_eq!(got.as_ref().map(|g| (g.0, g.1.clone())), Some((kind, numbers)), "{line}");
        }
    }

    #[test]
    fn misread_markers_have_the_right_reading_among_them() {
        for (line, kind, value) in [
            ("I11. KINH PHÍ", Kind::Roman, 3),
            ("1V. TỔ CHỨC", Kind::Roman, 4),
            ("Il. NỘI DUNG", Kind::Roman, 2),
            ("11. NỘI DUNG", Kind::Roman, 2),
            ("HL. HÌNH THỨC", Kind::Roman, 3),
            ("IH. KINH PHÍ", Kind::Roman, 3),
            ("NHI. Giai đoạn", Kind::Roman, 3),
            ("JHI. Nhiệm vụ", Kind::Roman, 2),
            ("_ HL. HÌNH THỨC", Kind::Roman, 3),
            ("l. Mục đích", Kind::Number, 1),
            ("]. Tham mưu", Kind::Number, 1),
            ("d) Bố trí", Kind::Letter, 5),
            ("_ 1. Thống kê", Kind::Number, 1),
        ] {
            assert!(reads(line, kind, value), "{line}: {:?}", readings(line));
        }
    }

    #[test]
    fn what_a_wrapped_line_begins_with_is_no_marker() {
        for line in [
            "15/7/2021 của Chính phủ",
            "285/KH-UBND ngày 20 tháng 02",
            "2025 trên địa bàn",
            "4.316 hồ sơ",
            "24/24 giờ",
            "Mục tiêu chung",
            "Điều này cho thấy",
            "13/17 xã đã thực hiện",
            "10 - 15 ngày",
        ] {
            assert!(readings(line).iter().all(|r| r.cost >= 2.0), "{line}: {:?}", readings(line));
        }
    }

    #[test]
    fn labels_drop_the_closing_mark() {
        for (line, label) in [
            ("1.1. Nội dung", "1.1"),
            ("a) Rà soát", "a"),
            ("Điều 3. Thi hành", "Điều 3"),
            ("Phần thứ nhất", "Phần thứ nhất"),
            ("(1) Một", "(1)"),
            ("– Hai", "-"),
            ("I/ MỤC ĐÍCH", "I"),
        ] {
            let all = readings(line);
            let r = all.iter().min_by(|a, b| a.cost.total_cmp(&b.cost));
            assert_eq!(r.map(|r| r.label(line)).as_deref(), Some(label));
        }
    }
}
