//! Footnote marks that a wrong-language reading turned into signs: `Ngai%`, `2030®;`, `22074/QD-UBND` for `Ngãi²`, `2030³;`, `² 2074/QĐ-UBND`.
//!
//! No mark can be read by itself, but marks count: the notes at the foot of the pages are numbered 1, 2, 3 ..., each has one mark in the text
//! before it, in the same order. A block of lines at a page's end that can be read as notes with the numbers that are due is believed
//! if the text since the last block holds exactly as many tokens that end in a stray sign. Else nothing is changed.

use std::ops::Range;

/// A mark: where it stands in the raw text and what it should read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Byte range in the raw text; only the mark itself.
    pub span: Range<usize>,
    /// The number as superscript digits, with a space where the note's text was glued to it.
    pub text: String,
}

/// Signs that a small raised digit is read as. The quotation marks are also what they seem, so they count less.
fn weight(sign: char) -> u32 {
    match sign {
        '%' | '®' | '°' | '*' | '©' | '†' | '‡' | 'º' | '^' | '~' | '¹' | '²' | '³' | '⁴'..='⁹' => {
            3
        }
        '\'' | '"' | '’' | '”' | '`' | '‘' | '“' => 1,
        _ => 0,
    }
}

fn superscript(n: u32) -> String {
    n.to_string()
        .bytes()
        .map(|d| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][usize::from(d - b'0')])
        .collect()
}

/// The marks of a page, in order. `next` is the number of the document's next note, which goes on from page to page.
#[must_use]
pub fn marks(raw: &str, next: &mut u32) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut due = *next;
    let mut body = 0;
    let mut at = 0;
    let mut blank = true;
    let lines: Vec<&str> = raw.split('\n').collect();
    let mut i = 0;
    while i < lines.len() {
        let begins = blank.then(|| note(lines[i], due)).flatten();
        blank = lines[i].trim().is_empty();
        let Some(first) = begins else {
            at += lines[i].len() + 1;
            i += 1;
            continue;
        };
        let from = at;
        let mut notes = Vec::new();
        notes.push(at + first.start..at + first.end);
        // Notes may stand under each other or apart; a line that is no note goes on with the one before.
        loop {
            at += lines[i].len() + 1;
            i += 1;
            let next = (i..lines.len()).find(|k| !lines[*k].trim().is_empty());
            let gap: usize = next.map_or(0, |k| lines[i..k].iter().map(|l| l.len() + 1).sum());
            match next.and_then(|k| Some((k, note(lines[k], due + notes.len() as u32)?))) {
                Some((k, mark)) if k <= i + 2 => {
                    at += gap;
                    i = k;
                    notes.push(at + mark.start..at + mark.end);
                }
                _ if next == Some(i) => {}
                _ => break,
            }
        }
        blank = true;
        let ends_page = lines[i..].iter().take(2).all(|l| l.trim().is_empty());
        if !ends_page {
            continue;
        }
        if let Some(signs) = signs(&raw[body..from], body, notes.len()) {
            for (k, span) in signs.into_iter().enumerate() {
                out.push(Mark { span, text: superscript(due + k as u32) });
            }
            for (k, span) in notes.iter().enumerate() {
                let glued = raw[span.end..].chars().next().is_some_and(|c| !c.is_whitespace());
                let text = superscript(due + k as u32) + if glued { " " } else { "" };
                out.push(Mark { span: span.clone(), text });
            }
            due += notes.len() as u32;
            body = at.min(raw.len());
        }
    }
    *next = due;
    out
}

/// Where in `line` the mark of note `due` stands, if the line can be read so.
fn note(line: &str, due: u32) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start().len();
    let rest = &line[start..];
    let number = due.to_string();
    let mark = if rest.starts_with(&number) {
        number.len()
    } else {
        rest.chars().next().filter(|c| weight(*c) > 0)?.len_utf8()
    };
    let text = rest[mark..].trim_start();
    let glued = text.len() == rest.len() - mark;
    let first = text.chars().next()?;
    // "2. Item" and "12 tháng" are no notes; "2 76/NQ-CP" and "22074/QĐ-UBND" are.
    let symbol = text.split_whitespace().next().is_some_and(|t| t.contains('/') && first.is_ascii_digit());
    let words = !glued && first.is_uppercase() && text.split_whitespace().nth(2).is_some();
    (symbol || words).then_some(start..start + mark)
}

/// The `wanted` stray signs of a text, if it holds just as many that are likelier marks than anything else.
fn signs(text: &str, offset: usize, wanted: usize) -> Option<Vec<Range<usize>>> {
    let mut found: Vec<(u32, Range<usize>)> = Vec::new();
    for token in text.split_whitespace() {
        let at = offset + (token.as_ptr() as usize - text.as_ptr() as usize);
        let inner = token.trim_end_matches(['.', ',', ';', ':', ')']);
        let Some(sign) = inner.chars().next_back() else { continue };
        let before = &inner[..inner.len() - sign.len_utf8()];
        let year = before.len() == 4 && before.bytes().all(|b| b.is_ascii_digit());
        let word = before.chars().count() >= 2 && before.chars().next_back().is_some_and(char::is_alphabetic);
        // A word that opens with a quotation mark may close with one.
        let quoted = before.starts_with(['"', '“', '\'', '‘', '”', '(']);
        if weight(sign) > 0 && (word || year) && !quoted {
            let end = at + inner.len();
            found.push((weight(sign), end - sign.len_utf8()..end));
        }
    }
    let strong = found.iter().filter(|(w, _)| *w == 3).count();
    let chosen: Vec<Range<usize>> = match (strong, found.len()) {
        (s, _) if s == wanted => found.into_iter().filter(|(w, _)| *w == 3).map(|(_, r)| r).collect(),
        (_, n) if n == wanted => found.into_iter().map(|(_, r)| r).collect(),
        _ => return None,
    };
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_by_counting() {
        let raw = "Ban hanh Ké hoach% cua tinh va nam 2030®; cac don vi\n\n1 15/KH-UBND ngay 3/2/2020\n\
                   \n227/QD-UBND ngay 4/5/2021\n\n\n";
        let read: Vec<(&str, String)> =
            marks(raw, &mut 1).into_iter().map(|m| (&raw[m.span], m.text)).collect();
        assert_eq!(read, [("%", "¹".into()), ("®", "²".into()), ("1", "¹".into()), ("2", "² ".to_string())]);
    }

    #[test]
    fn without_as_many_notes_nothing_is_a_mark() {
        assert!(marks("ty le 95% nam 2030%\n\n1. Muc dich\n\n\n", &mut 1).is_empty());
        assert!(marks("phuong® va xa® va\n\n1 15/KH-UBND ngay\n\n\n", &mut 1).is_empty());
        assert!(marks("", &mut 1).is_empty());
    }
}
