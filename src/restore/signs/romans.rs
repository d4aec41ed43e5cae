//! Roman numerals of chapters, annexes and headings: `Chương HI` is `Chương III`, and what stands between II and IV is III.
//!
//! Upright strokes run together (`H` for `II`) or gain marks (`Ï`). **By shape**: such letters, where a numeral must stand, are undone if one numeral
//! comes out. **By sequence**: of numerals in a row, those that count on are right; one between two of them that does not is what the
//! count wants, if it too consists of strokes.

use super::{Token, line_of};
use crate::restore::footnotes::Mark;
use crate::restore::token::{self, roman, roman_value};

/// Words that are followed by a Roman numeral.
const KINDS: [&str; 4] = ["chương", "phụ lục", "mục", "phần"];
/// The greatest numeral that is read: no count goes on for longer.
const GREATEST: usize = 39;
/// A numeral is read as at most so many letters.
const LONGEST: usize = 6;

/// A place where a numeral must stand.
struct Label<'a> {
    at: usize,
    /// The numeral as it was read.
    seen: &'a str,
    /// The kind before it, if any.
    kind: Option<usize>,
    /// Whether it labels what follows; else it refers to something.
    heads: bool,
}

/// What the strokes of a numeral were read as, undone: `VHI` → `VIII`.
fn strokes(seen: &str) -> Option<String> {
    let mut out = String::new();
    for c in seen.chars() {
        match c {
            'I' | 'V' | 'X' => out.push(c),
            'H' => out += "II",
            'l' | '|' | '!' | ']' | '[' | 'J' | '1' | 'Ì' | 'Í' | 'Ỉ' | 'Ĩ' | 'Ị' | 'Ï' => {
                out.push('I')
            }
            // run together with a mark, or ending in a speck
            'A' | 'N' | 'U' if !out.is_empty() => out += "I",
            _ => return None,
        }
    }
    Some(out)
}

/// The numeral that a label must be by its shape. `clear` says of each kind, and of none at the end, whether a label of it is one without doubt.
fn by_shape(label: &Label, clear: &[bool; KINDS.len() + 1]) -> Option<u32> {
    if token::is_roman(label.seen) {
        return roman_value(label.seen);
    }
    match (label.kind, label.seen.chars().count()) {
        // `H.` may be a letter or a name, and XH are words
        (None, 1) => return None,
        (None, _) if label.seen == "XH" => return None,
        // as often II as III: only the count can tell
        _ if label.seen.starts_with("IH") => return None,
        // a single stroke may be a one, too
        (Some(kind), 1) if label.seen != "H" && !clear[kind] => return None,
        _ => {}
    }
    let certain = !label.seen.contains(['A', 'N', 'U']) && label.seen.chars().all(char::is_uppercase);
    certain.then(|| strokes(label.seen)).flatten().and_then(|s| roman_value(&s))
}

/// The repairs of a page.
pub(super) fn repairs(tokens: &[Token]) -> Vec<Mark> {
    let labels = labels(tokens);
    let mut clear = [false; KINDS.len() + 1];
    for label in labels.iter().filter(|l| token::is_roman(l.seen)) {
        clear[label.kind.unwrap_or(KINDS.len())] = true;
    }
    let mut values: Vec<Option<u32>> = labels.iter().map(|l| by_shape(l, &clear)).collect();
    for kind in [None].into_iter().chain((0..KINDS.len()).map(Some)) {
        let row: Vec<usize> =
            (0..labels.len()).filter(|i| labels[*i].heads && labels[*i].kind == kind).collect();
        count_on(&row, &labels, &mut values);
        go_on(&row, &labels, &mut values);
    }
    let changed = |(label, value): (&Label, Option<u32>)| {
        let text = roman(value?);
        (text != label.seen).then(|| Mark { span: label.at..label.at + label.seen.len(), text })
    };
    labels.iter().zip(values).filter_map(changed).collect()
}

/// What stands between a chapter's numeral and the end of its line, if it is nothing but specks: `Chương VII c`, `Chương VIII _ -`.
pub(super) fn trail(tokens: &[Token], i: usize) -> Option<Mark> {
    let label = named(tokens, i).filter(|l| l.heads)?;
    let line = line_of(tokens, i);
    let rest = &line[line.partition_point(|t| t.at <= tokens[i].at)..];
    let speck = |t: &Token| {
        t.text.chars().count() == 1 && !t.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    };
    let from = label.at + label.seen.len();
    let to = rest.last().map(|t| t.at + t.text.len())?;
    rest.iter().all(speck).then(|| Mark { span: from..to, text: String::new() })
}

/// Sets the numerals between two that count on from one another.
fn count_on(row: &[usize], labels: &[Label], values: &mut [Option<u32>]) {
    let mut from = 0;
    while from < row.len() {
        let first = values[row[from]];
        let counts = |to: &usize| {
            let apart = u32::try_from(to - from).ok();
            first.zip(apart).is_some_and(|(v, n)| values[row[*to]] == Some(v + n))
        };
        // the nearest that counts on, over what all might be a numeral read amiss, and no new beginning
        let to = (from + 1..row.len())
            .take(GREATEST)
            .take_while(|to| *to == from + 1 || values[row[to - 1]] != Some(1))
            .find(counts);
        if let (Some(to), Some(first)) = (to, first) {
            for (n, i) in (first + 1..).zip(&row[from + 1..to]) {
                if strokes(labels[*i].seen).is_some_and(|s| alike(&s, &roman(n))) {
                    values[*i] = Some(n);
                }
            }
        }
        from = to.unwrap_or(from + 1);
    }
}

/// Sets those that the shape leaves open to what comes after the one before; without one, `IH` is III.
fn go_on(row: &[usize], labels: &[Label], values: &mut [Option<u32>]) {
    let mut before = None;
    for i in row {
        if values[*i].is_none() {
            let read = strokes(labels[*i].seen);
            let due = before.map(|v: u32| v + 1);
            let fits = |due: &u32| read.as_deref().is_some_and(|s| alike(s, &roman(*due)));
            let alone =
                || read.as_deref().filter(|_| labels[*i].seen.starts_with("IH")).and_then(roman_value);
            values[*i] = match due {
                Some(_) => due.filter(fits),
                None => alone(),
            };
        }
        before = values[*i];
    }
}

/// Whether two numerals differ by a stroke or two.
fn alike(a: &str, b: &str) -> bool {
    strsim::levenshtein(a, b) <= 2 && a.contains('V') == b.contains('V') && a.contains('X') == b.contains('X')
}

fn labels<'a>(tokens: &[Token<'a>]) -> Vec<Label<'a>> {
    (0..tokens.len()).filter_map(|i| named(tokens, i).or_else(|| bare(tokens, i))).collect()
}

fn is_sign(t: &Token) -> bool {
    !t.text.contains(char::is_alphanumeric)
}

/// A numeral after the word for its kind.
fn named<'a>(tokens: &[Token<'a>], i: usize) -> Option<Label<'a>> {
    let t = &tokens[i];
    let (kind, words) = kind_before(tokens, i)?;
    let (_, trail) = token::trim_marks(t.text);
    let bare = t.text.len() - trail;
    let seen = &t.text[..if bare == 0 { t.text.len() } else { bare }];
    let name = &tokens[i - words];
    let line = |o: &&Token| o.line == t.line;
    let begins = tokens[..i - words].iter().rev().take_while(line).all(is_sign);
    // references go on in small letters; a letter that stands alone is a speck
    let goes_on = tokens
        .get(i + 1)
        .filter(line)
        .is_some_and(|n| n.text.starts_with(char::is_lowercase) && n.text.chars().count() > 1);
    let heads = begins && !goes_on && name.text.starts_with(char::is_uppercase);
    (seen.chars().count() <= LONGEST).then_some(Label { at: t.at, seen, kind: Some(kind), heads })
}

/// Whether a line begins with a numeral other than I that labels it.
pub(super) fn heading(tokens: &[Token], i: usize) -> bool {
    bare(tokens, i).is_some_and(|l| l.seen != "I")
}

/// A numeral that begins a line, closed by a full stop or dash, before a capital.
fn bare<'a>(tokens: &[Token<'a>], i: usize) -> Option<Label<'a>> {
    let t = &tokens[i];
    let (seen, rest) = t.text.split_at(t.text.find(['.', '-', '–', '—'])?);
    let next = tokens.get(i + 1).filter(|n| n.line == t.line).map_or("", |n| n.text);
    let follows = rest.chars().chain(next.chars()).find(|c| c.is_alphanumeric());
    let found = t.first
        && follows.is_some_and(char::is_uppercase)
        && seen.contains(['I', 'V', 'X', 'H'])
        && seen.chars().count() <= LONGEST;
    found.then_some(Label { at: t.at, seen, kind: None, heads: true })
}

/// The kind that ends before the token, and the number of its words.
fn kind_before(tokens: &[Token], i: usize) -> Option<(usize, usize)> {
    let line = tokens[i].line;
    KINDS.iter().enumerate().find_map(|(k, kind)| {
        let words = kind.split(' ').count();
        let before = tokens.get(i.checked_sub(words)?..i)?;
        let same =
            before.iter().zip(kind.split(' ')).all(|(t, w)| t.line == line && t.text.to_lowercase() == w);
        same.then_some((k, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(raw: &str) -> String {
        let mut text = raw.to_owned();
        for mark in repairs(&super::super::tokens(raw)).into_iter().rev() {
            text.replace_range(mark.span, &mark.text);
        }
        text
    }

    #[test]
    fn strokes_ran_together() {
        for (raw, wanted) in [
            ("theo Phụ lục H ban hành", "theo Phụ lục II ban hành"),
            ("tại phần II, mục HỊ, phần J của", "tại phần II, mục III, phần I của"),
            ("HI. Yêu cầu\nVH- TỔ CHỨC", "III. Yêu cầu\nVII- TỔ CHỨC"),
            ("I. MỘT\nIH. HAI", "I. MỘT\nII. HAI"),
            ("II. MỘT\nIH. HAI", "II. MỘT\nIII. HAI"),
            ("IH. HAI", "III. HAI"),
        ] {
            assert_eq!(repaired(raw), wanted);
        }
        for kept in ["H. Nguyễn", "phần lý luận", "mục l)", "mục 1", "Phụ lục Ì", "HN. Số", "Mục A", "I. Một"]
        {
            assert_eq!(repaired(kept), kept);
        }
    }

    #[test]
    fn specks_after_chapters_go() {
        let raw = "Chương VII c\nPhụ lục II ban\nMục I. :\n";
        let found: Vec<Mark> = {
            let tokens = super::super::tokens(raw);
            (0..tokens.len()).filter_map(|i| trail(&tokens, i)).collect()
        };
        let gone: Vec<&str> = found.iter().map(|m| &raw[m.span.clone()]).collect();
        assert_eq!(gone, [" c", ". :"]);
    }

    #[test]
    fn chapters_count_on() {
        let raw = "Chương I\nMột\nChương HÍ\nHai\nChương HA\nBa\nChương IV\nBốn\n";
        assert_eq!(repaired(raw), "Chương I\nMột\nChương II\nHai\nChương III\nBa\nChương IV\nBốn\n");
        let raw = "I. MỘT\nII. HAI\nII. BA\nIV. BỐN\nI. MỘT\nII. HAI\n";
        assert_eq!(repaired(raw), raw.replace("II. BA", "III. BA"));
        // two rows, each from one, prove nothing of each other
        let kept = "I. MỘT\nII. HAI\nI. MỘT\nII. HAI\nIII. BA\n";
        assert_eq!(repaired(kept), kept);
    }
}
