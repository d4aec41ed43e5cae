//! Breaking a paragraph into lines as typists do: at spaces, after a hyphen between letters, and before a dash run between words.

/// What becomes of a word longer than the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LongWords {
    /// It stands on a line of its own.
    Keep,
    /// It is cut, after a hyphen if there is one.
    Break,
}

/// `text` as lines of at most `width` characters, as many words on each as fit. White space counts as single spaces of its own
/// width; none is left at the ends of lines but at the start of the first.
pub(super) fn wrap(text: &str, width: usize, long_words: LongWords) -> Vec<String> {
    let text: Vec<char> = text.chars().map(|c| if is_blank(c) { ' ' } else { c }).collect();
    let mut chunks: std::collections::VecDeque<Vec<char>> = chunks(&text).into();
    let mut lines: Vec<String> = Vec::new();
    while !chunks.is_empty() {
        if !lines.is_empty() && chunks.front().is_some_and(|c| blank(c)) {
            chunks.pop_front();
        }
        let mut line: Vec<Vec<char>> = Vec::new();
        let mut used = 0;
        while let Some(chunk) = chunks.pop_front() {
            if used + chunk.len() > width {
                chunks.push_front(chunk);
                break;
            }
            used += chunk.len();
            line.push(chunk);
        }
        if chunks.front().is_some_and(|c| c.len() > width)
            && let Some(chunk) = chunks.pop_front()
        {
            match long_words {
                LongWords::Break => {
                    let at = cut(&chunk, (width - used).max(1));
                    line.push(chunk[..at].to_vec());
                    chunks.push_front(chunk[at..].to_vec());
                }
                LongWords::Keep if line.is_empty() => line.push(chunk),
                LongWords::Keep => chunks.push_front(chunk),
            }
        }
        if line.last().is_some_and(|c| blank(c)) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(line.concat().into_iter().collect());
        }
    }
    lines
}

/// Where to cut a word that is longer than the `room` left: after its last hyphen there, else where the room ends.
fn cut(chunk: &[char], room: usize) -> usize {
    let hyphen = chunk[..room.min(chunk.len())].iter().rposition(|c| *c == '-');
    hyphen.filter(|at| chunk[..*at].iter().any(|c| *c != '-')).map_or(room, |at| at + 1)
}

/// The pieces between which a line may break, spaces being pieces of their own.
fn chunks(text: &[char]) -> Vec<Vec<char>> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = chunk_end(text, start);
        out.push(text[start..end].to_vec());
        start = end;
    }
    out
}

fn chunk_end(text: &[char], start: usize) -> usize {
    let at = |i: usize| text.get(i).copied();
    let run = |from: usize, of: fn(char) -> bool| text[from..].iter().take_while(|c| of(**c)).count();
    if text[start] == ' ' {
        return start + run(start, |c| c == ' ');
    }
    // a run of dashes between words is a piece of its own
    let dashes = run(start, |c| c == '-');
    let after_word = start.checked_sub(1).and_then(at).is_some_and(joins);
    if dashes >= 2 && after_word && at(start + dashes).is_some_and(in_word) {
        return start + dashes;
    }
    for (end, c) in text.iter().enumerate().skip(start + 1) {
        let before = |back: usize| end.checked_sub(back).and_then(at);
        if *c == ' ' {
            return end;
        }
        // cải-cách: after the hyphen if letters stand on both sides
        if end > start + 1 && before(1) == Some('-') {
            let two_letters = before(2).is_some_and(letter) && before(3).is_some_and(letter);
            let one_letter =
                before(2).is_some_and(joins) && before(3) == Some('-') && before(4).is_some_and(letter);
            let next = letter(*c)
                && (at(end + 1).is_some_and(letter)
                    || (at(end + 1) == Some('-') && at(end + 2).is_some_and(letter)));
            if (two_letters || one_letter) && next {
                return end;
            }
        }
        let dashes = run(end, |c| c == '-');
        if dashes >= 2 && before(1).is_some_and(joins) && at(end + dashes).is_some_and(in_word) {
            return end;
        }
    }
    text.len()
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

fn blank(chunk: &[char]) -> bool {
    chunk.iter().all(|c| c.is_whitespace())
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Letters, digits and the marks that may stand at a word's end before a dash.
fn joins(c: char) -> bool {
    in_word(c) || matches!(c, '!' | '"' | '\'' | '&' | '.' | ',' | '?')
}

fn letter(c: char) -> bool {
    in_word(c) && !c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        wrap(text, width, LongWords::Keep)
    }

    #[test]
    fn breaks_at_spaces_and_hyphens_between_letters() {
        assert_eq!(wrapped("một hai  ba", 7), ["một hai", "ba"]);
        assert_eq!(wrapped("Số 23/CT-TTg của", 9), ["Số 23/CT-", "TTg của"]);
        assert_eq!(wrapped("giai đoạn 2011-2020 tới", 15), ["giai đoạn", "2011-2020 tới"]);
        assert_eq!(wrapped("đó--đây", 4), ["đó--", "đây"]);
        assert!(wrapped("", 5).is_empty());
    }

    #[test]
    fn long_words_are_kept_or_cut() {
        assert_eq!(wrapped("a bbbbbbbb c", 4), ["a", "bbbbbbbb", "c"]);
        assert_eq!(wrap("a bbbbbbbb c", 4, LongWords::Break), ["a bb", "bbbb", "bb c"]);
        assert_eq!(wrap("12-3456789", 5, LongWords::Break), ["12-", "34567", "89"]);
    }
}
