//! Markers of items at the start of lines that were read amiss and that their sequence proves: `d)` after `d)` is `đ)`, `4,` before a
//! capital is `4.`, and the number before `/KH-UBND` belongs to it.
//!
//! Only the marker is repaired here, not the outline; the parser has its own search for that.

use super::footnotes::Mark;

/// The repairs of a text, in order.
#[must_use]
pub fn repairs(raw: &str) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut letter = None;
    let mut at = 0;
    for line in raw.split('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len() + 1;
        join_symbols(line, at - line.len() - 1, &mut out);
        let mut tokens = line.split_whitespace();
        let (Some(first), next) = (tokens.next(), tokens.next()) else { continue };
        let capital = next.is_some_and(|t| t.chars().next().is_some_and(char::is_uppercase));
        let digits = first.trim_end_matches(',');
        if let Some(l) = first.strip_suffix(')').filter(|l| l.chars().count() == 1) {
            // The Vietnamese alphabet: a b c d đ e. A mark lost from đ leaves two d in a row.
            if l == "d" && letter == Some("d") {
                out.push(Mark { span: start..start + 1, text: "đ".into() });
                letter = Some("đ");
            } else {
                letter = Some(l);
            }
        } else if capital
            && digits.len() + 1 == first.len()
            && digits.len() <= 2
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            let comma = start + digits.len();
            out.push(Mark { span: comma..comma + 1, text: ".".into() });
        }
    }
    out.sort_by_key(|m| m.span.start);
    out
}

/// `481 /KH-UBND` is one symbol: a space between a number and the sign that begins its letters is no space.
fn join_symbols(line: &str, at: usize, out: &mut Vec<Mark>) {
    for (i, _) in line.match_indices(" /") {
        let number = line[..i].bytes().next_back().is_some_and(|b| b.is_ascii_digit());
        let symbol = line[i + 2..].split_whitespace().next().unwrap_or_default();
        let letters = symbol.starts_with(char::is_uppercase) && symbol.contains('-');
        if number && letters {
            out.push(Mark { span: at + i..at + i + 1, text: String::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_proves_markers() {
        let raw = "c) Ba\n  d) Bon\nd) Nam\ne) Sau\n4, Muc tieu\n5, muc\n";
        let found = repairs(raw);
        let read: Vec<(&str, &str)> = found.iter().map(|m| (&raw[m.span.clone()], m.text.as_str())).collect();
        assert_eq!(read, [("d", "đ"), (",", ".")]);
        assert_eq!(&raw[..found[0].span.start], "c) Ba\n  d) Bon\n");
        let joined = repairs("So: 48 /KH-UBND va 3 /ngay");
        assert_eq!(joined, [Mark { span: 6..7, text: String::new() }]);
        assert!(repairs("d) mot\na) hai\nd) ba").is_empty());
    }
}
