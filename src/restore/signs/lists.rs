//! Markers and ends of the points of a list, which its other points prove.

use super::Token;
use crate::restore::footnotes::Mark;
use crate::restore::token;

/// Siblings that must end in `;` for one that does not to be mended.
const SIBLINGS: usize = 2;

/// `].`, `Ì.`, `l.` at the start of a line where the next number at a start of a line is `2.`: the first of a list.
pub(super) fn first(tokens: &[Token]) -> Vec<Mark> {
    let number = |t: &Token| -> Option<u32> { t.text.strip_suffix('.')?.parse().ok() };
    let firsts: Vec<&Token> = tokens.iter().filter(|t| t.first).collect();
    let mut out = Vec::new();
    for (i, t) in firsts.iter().enumerate() {
        let stroke = t.text.strip_suffix('.').filter(|s| {
            matches!(*s, "]" | "[" | "Ì" | "Ï" | "Í" | "Ĩ" | "Ị" | "Ỉ" | "l" | "|" | "!" | "ì" | "í" | "ï")
        });
        if let Some(stroke) = stroke
            && firsts[i + 1..].iter().find_map(|n| number(n)) == Some(2)
        {
            out.push(Mark { span: t.at..t.at + stroke.len(), text: "1".into() });
        }
    }
    out
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
    for t in tokens.iter().filter(|t| t.first) {
        let Some(here) = point(t) else { continue };
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
