//! Markers and ends of the points of a list, which its other points prove.

use super::{Token, romans};
use crate::restore::footnotes::Mark;
use crate::restore::token;

/// Siblings that must end in `;` for one that does not to be mended.
const SIBLINGS: usize = 2;

/// `].`, `Ì.`, `l.` at the start of a line: the first of a list. What is printed nowhere (`].`, `Ì.`) is so before any capital, unless Roman
/// numerals go on after it; a letter is so where the next number at a start of a line is `2.`, and `I.` only where no headings have Roman numerals.
pub(super) fn first(tokens: &[Token]) -> Vec<Mark> {
    let number = |t: &Token| -> Option<u32> { t.text.strip_suffix('.')?.parse().ok() };
    let firsts: Vec<usize> = (0..tokens.len()).filter(|i| tokens[*i].first).collect();
    let headings = (0..tokens.len()).any(|i| romans::heading(tokens, i));
    // a Roman numeral counts as 0
    let label = |i: &usize| number(&tokens[*i]).or_else(|| romans::heading(tokens, *i).then_some(0));
    let numbers = after(firsts.iter().map(|i| number(&tokens[*i])));
    let labels = after(firsts.iter().map(label));
    let mut out = Vec::new();
    for ((i, next), label) in firsts.into_iter().zip(numbers).zip(labels) {
        let t = &tokens[i];
        let Some(stroke) = t.text.strip_suffix('.') else { continue };
        let capital =
            tokens.get(i + 1).is_some_and(|n| n.line == t.line && n.text.starts_with(char::is_uppercase));
        let found = match stroke {
            "]" | "[" | "Ì" | "Ï" | "Í" | "Ĩ" | "Ị" | "Ỉ" | "|" | "!" | "ì" | "í" | "ï" => {
                next == Some(2) || capital && label != Some(0)
            }
            "l" => next == Some(2),
            "I" => next == Some(2) && !headings,
            _ => false,
        };
        if found {
            out.push(Mark { span: t.at..t.at + stroke.len(), text: "1".into() });
        }
    }
    out
}

/// For each place the first value after it, if any.
fn after<T: Copy>(values: impl DoubleEndedIterator<Item = Option<T>>) -> Vec<Option<T>> {
    let mut next = None;
    let mut out = Vec::new();
    for value in values.rev() {
        out.push(next);
        next = value.or(next);
    }
    out.reverse();
    out
}

/// The number that a token closes with a full stop, comma or nothing.
fn value(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(['.', ',']);
    let short = digits.len() <= 2 && text.len() - digits.len() <= 1;
    short.then(|| digits.parse().ok()).flatten()
}

/// The tokens that begin lines as markers, each with the line's next token: by themselves, or after *Điều*.
fn heads<'t, 'a>(tokens: &'t [Token<'a>], article: bool) -> Vec<(&'t Token<'a>, &'t str)> {
    let next = |i: usize| tokens.get(i + 1).filter(|n| n.line == tokens[i].line).map_or("", |n| n.text);
    let begin = |i: &usize| {
        if article {
            *i > 0 && tokens[i - 1].first && tokens[i - 1].text == "Điều"
        } else {
            tokens[*i].first
        }
    };
    (0..tokens.len()).filter(begin).map(|i| (&tokens[i], next(i))).collect()
}

/// `5, Xử lý` after `4.` or before `6.`, `.R Tham gia` between `12.` and `14.`, `§.` between `7.` and `9.`: markers that the numbers around
/// them prove.
pub(super) fn numbers(tokens: &[Token]) -> Vec<Mark> {
    let mut out = Vec::new();
    for article in [false, true] {
        let heads = heads(tokens, article);
        let numbers: Vec<Option<u32>> =
            heads.iter().map(|(t, _)| t.text.strip_suffix('.').and_then(value)).collect();
        let mut last = None;
        for (i, ((t, next), after)) in heads.iter().zip(after(numbers.iter().copied())).enumerate() {
            let before = last;
            last = numbers[i].or(last);
            if !next.starts_with(char::is_uppercase) {
                continue;
            }
            if let Some(n) = t.text.strip_suffix(',').and_then(value) {
                if before.is_some_and(|b| b + 1 == n) || after == Some(n + 1) {
                    out.push(Mark { span: t.at + t.text.len() - 1..t.at + t.text.len(), text: ".".into() });
                }
            } else if let (Some(b), Some(a), false) = (before, after, article)
                && b + 2 == a
                && t.text.chars().count() <= 3
                && (t.text.starts_with(['.', ']', '|', '[', '§']) || spoilt(t.text))
            {
                out.push(Mark { span: t.at..t.at + t.text.len(), text: format!("{}.", b + 1) });
            }
        }
    }
    out
}

/// `L1.`, `1I.`: letters and digits that are no number together.
fn spoilt(text: &str) -> bool {
    let Some(seen) = text.strip_suffix('.') else { return false };
    let alphanumeric = seen.chars().all(char::is_alphanumeric);
    alphanumeric && seen.contains(|c: char| c.is_ascii_digit()) && seen.contains(char::is_alphabetic)
}

/// `¡)` between `h)` and `k)`, `đ` between `d)` and `e)`, `G)` after `(2)`: markers in brackets that the ones around them prove.
pub(super) fn brackets(tokens: &[Token]) -> Vec<Mark> {
    let heads = heads(tokens, false);
    let place = |c: char| ALPHABET.chars().position(|a| a == c);
    let letter = |t: &str| {
        let mut chars = t.strip_suffix(')')?.chars();
        chars.next().filter(|_| chars.next().is_none()).and_then(place)
    };
    let numbered = |t: &str| -> Option<u32> { t.strip_prefix('(')?.strip_suffix(')')?.parse().ok() };
    let mut out = Vec::new();
    let (mut before, mut count) = (None, None);
    let letters = after(heads.iter().map(|(t, _)| letter(t.text)));
    for ((t, next), after) in heads.iter().zip(letters) {
        if let Some(found) = letter(t.text) {
            before = Some(found);
            continue;
        }
        if let Some(found) = numbered(t.text) {
            count = Some(found);
            continue;
        }
        let mut chars = t.text.chars();
        let (Some(c), second, None) = (chars.next(), chars.next(), chars.next()) else { continue };
        let due =
            before.map(|b| b + 1).filter(|d| after == Some(d + 1)).and_then(|d| ALPHABET.chars().nth(d));
        let span = t.at..t.at + t.text.len();
        if let (Some(due), Some(')')) = (due, second)
            && !c.is_ascii_alphanumeric()
        {
            out.push(Mark { span, text: format!("{due})") });
        } else if due == Some(c) && second.is_none() && next.starts_with(char::is_uppercase) {
            out.push(Mark { span, text: format!("{c})") });
        } else if let (Some(n), Some(')'), true) =
            (count, second, matches!(c, 'G' | '@' | 'Œ' | '€' | 'Ø' | '®' | '©'))
        {
            out.push(Mark { span, text: format!("({})", n + 1) });
            count = Some(n + 1);
        }
    }
    out
}

/// `-..`, `_-`, `*-` before a capital: a dash with specks; `~` among points with dashes: a worn dash; `..3.`, `_...2.3.`: a number with specks.
pub(super) fn dashes(tokens: &[Token], i: usize) -> Option<Mark> {
    let t = &tokens[i];
    let next = tokens.get(i + 1).filter(|n| n.line == t.line)?;
    // dots before a marker that is one without them
    let bare = t.text.trim_start_matches(SPECKS);
    let specks = t.text.len() - bare.len();
    let number =
        bare.starts_with(|c: char| c.is_ascii_digit()) && bare.ends_with('.') && token::is_marker(bare);
    if t.first && (2..=6).contains(&specks) && number {
        return Some(super::gone(t.at, specks));
    }
    let capital = |t: &Token| t.text.starts_with(char::is_uppercase);
    if !t.first {
        let dash = tokens[i - 1].first && matches!(tokens[i - 1].text, "-" | "–" | "—");
        return (dash && t.text == "." && capital(next)).then(|| super::gone(t.at, 1));
    }
    let dashed = t.text.starts_with(['-', '–', '—', '_']) || t.text.ends_with('-');
    let specks = t.text.chars().all(|c| matches!(c, '-' | '–' | '—' | '›') || SPECKS.contains(&c));
    let many = (2..=4).contains(&t.text.chars().count()) && t.text.contains(SPECKS);
    // a heading has no dash
    let heading = next.text.ends_with('.') && next.text.chars().count() <= 5;
    let worn = matches!(t.text, "~" | "¬" | "_" | "›" | "»") && !heading && among_dashes(tokens, i);
    (capital(next) && (worn || dashed && specks && many))
        .then(|| Mark { span: t.at..t.at + t.text.len(), text: "-".into() })
}

/// What specks before a marker are read as.
const SPECKS: [char; 7] = ['.', '_', '*', '"', '„', '“', '\''];

/// So many lines away begins another point with a dash.
const BESIDE: usize = 3;

fn among_dashes(tokens: &[Token], i: usize) -> bool {
    let near = |o: &&Token| o.line.abs_diff(tokens[i].line) <= BESIDE;
    let dash = |o: &Token| o.first && o.text == "-";
    tokens[..i].iter().rev().take_while(near).any(dash) || tokens[i..].iter().take_while(near).any(dash)
}

/// What the first token of a line makes of it.
#[derive(Clone, Copy, PartialEq)]
enum Point {
    Letter(usize),
    Dash(char),
    Other,
}

/// The alphabet of points.
const ALPHABET: &str = "abcdđeghiklmnopqrstuvxy";

fn point(t: &Token) -> Option<Point> {
    let mut chars = t.text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some(c), Some(')'), None) => ALPHABET.chars().position(|a| a == c).map(Point::Letter),
        (Some(c @ ('-' | '–' | '+')), None, None) => Some(Point::Dash(c)),
        _ if token::is_marker(t.text) => Some(Point::Other),
        _ => None,
    }
}

/// Whether the line that begins at `i`, which has no marker, is no part of the point before it: a paragraph after a blank line that follows
/// the end of a sentence, or what announces another list.
fn leaves_list(tokens: &[Token], i: usize) -> bool {
    let t = &tokens[i];
    let Some(before) = i.checked_sub(1).map(|b| &tokens[b]) else { return true };
    let own = super::line_of(tokens, i);
    let paragraph = before.line + 1 < t.line || before.text.ends_with("./.");
    let announces = own.last().is_some_and(|last| last.text.ends_with(':'));
    t.text.starts_with(char::is_uppercase)
        && before.text.ends_with(['.', ';', ':'])
        && (paragraph || announces)
}

/// Points of one list, of which all but the last should end in `;`: those that end otherwise while most do.
pub(super) fn ends(raw: &str, tokens: &[Token]) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut finish = |run: &mut Vec<usize>| {
        // the place of the mark that closes each point but the last
        let ends: Vec<usize> =
            run.iter().skip(1).filter_map(|at| raw[..*at].trim_end().len().checked_sub(1)).collect();
        let ends_in = |e: &usize, marks: &[u8]| marks.contains(&raw.as_bytes()[*e]);
        let right = ends.iter().filter(|e| ends_in(e, b";")).count();
        if right >= SIBLINGS && right * 2 > ends.len() {
            let single = |e: &&usize| e.checked_sub(1).is_some_and(|b| !ends_in(&b, b"."));
            let wrong = ends.iter().filter(|e| ends_in(e, b".:,")).filter(single);
            out.extend(wrong.map(|e| Mark { span: *e..*e + 1, text: ";".into() }));
        }
        run.clear();
    };
    let mut last = None;
    for (i, t) in tokens.iter().enumerate().filter(|(_, t)| t.first) {
        let Some(here) = point(t) else {
            if leaves_list(tokens, i) {
                finish(&mut run);
                last = None;
            }
            continue;
        };
        let goes_on = match (last, here) {
            // a letter may have been misread: one may be missing, and đ is often a d
            (Some(Point::Letter(a)), Point::Letter(b)) => b > a && b <= a + 2 || a == b && a == 3,
            (Some(Point::Dash(a)), Point::Dash(b)) => a == b,
            _ => false,
        };
        if !goes_on {
            finish(&mut run);
        }
        run.push(t.at);
        last = Some(here);
    }
    finish(&mut run);
    out
}
