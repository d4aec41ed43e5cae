//! A content stream taken apart into operators with the places of their operands; nothing is decoded, and any bytes will do.
//!
//! Strings, arrays and dictionaries are passed over whole; so are comments and the data of inline images, which end at an `EI` that
//! stands by itself and is followed by text. One pass, no recursion.

use std::ops::Range;

/// More operands than any operator takes: of a longer row only the last ones are kept.
const MOST_OPERANDS: usize = 64;

/// An operator with its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// Where its operands stand.
    pub operands: Vec<Range<usize>>,
    /// Where the operator itself stands; with `BI`, all up to `EI`.
    pub operator: Range<usize>,
}

impl Operation {
    /// From its first operand to its end.
    pub fn whole(&self) -> Range<usize> {
        self.operands.first().map_or(self.operator.start, |first| first.start)..self.operator.end
    }
}

/// The operators of a content stream, in order.
#[derive(Debug, Clone)]
pub(super) struct Operations<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Operations<'c> {
    pub fn of(bytes: &'c [u8]) -> Operations<'c> {
        Operations { bytes, at: 0 }
    }

    /// The next token; whether it is an operator, and where it stands.
    fn token(&mut self) -> Option<(bool, Range<usize>)> {
        self.skip_space();
        let start = self.at;
        let operator = match *self.bytes.get(start)? {
            b'(' => {
                self.string();
                false
            }
            b'<' if self.bytes.get(start + 1) == Some(&b'<') => {
                self.at += 2;
                self.composite();
                false
            }
            b'<' => {
                self.at = self.next_of(b'>').map_or(self.bytes.len(), |end| end + 1);
                false
            }
            b'[' => {
                self.at += 1;
                self.composite();
                false
            }
            b'/' => {
                self.at += 1;
                self.regular();
                false
            }
            c if is_regular(c) => {
                self.regular();
                let word = &self.bytes[start..self.at];
                !(c.is_ascii_digit()
                    || matches!(c, b'+' | b'-' | b'.')
                    || matches!(word, b"true" | b"false" | b"null"))
            }
            _ => {
                self.at += 1; // a delimiter that closes nothing
                false
            }
        };
        Some((operator, start..self.at))
    }

    fn skip_space(&mut self) {
        while let Some(&c) = self.bytes.get(self.at) {
            if c == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|c| matches!(c, b'\n' | b'\r')).unwrap_or(rest.len());
            } else if is_space(c) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn regular(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|c| !is_regular(*c)).unwrap_or(rest.len());
    }

    fn next_of(&self, byte: u8) -> Option<usize> {
        memchr::memchr(byte, &self.bytes[self.at..]).map(|i| self.at + i)
    }

    /// Passes over a literal string; brackets in it are balanced or escaped.
    fn string(&mut self) {
        let mut depth = 0_usize;
        while let Some(&c) = self.bytes.get(self.at) {
            self.at += 1;
            match c {
                b'\\' => self.at = (self.at + 1).min(self.bytes.len()),
                b'(' => depth += 1,
                b')' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// Passes over an array or dictionary whose opening has been read.
    fn composite(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            self.skip_space();
            let Some(&c) = self.bytes.get(self.at) else { return };
            let twice = self.bytes.get(self.at + 1) == Some(&c);
            match c {
                b'(' => {
                    self.string();
                    continue;
                }
                b'[' => depth += 1,
                b']' => depth -= 1,
                b'<' if twice => {
                    depth += 1;
                    self.at += 1;
                }
                b'>' if twice => {
                    depth -= 1;
                    self.at += 1;
                }
                b'<' => self.at = self.next_of(b'>').unwrap_or(self.bytes.len()),
                _ => {}
            }
            self.at = (self.at + 1).min(self.bytes.len());
        }
    }

    /// Passes over the rest of an inline image.
    fn image(&mut self) {
        while let Some((operator, at)) = self.token() {
            if operator && &self.bytes[at] == b"ID" {
                break;
            }
        }
        let mut from = (self.at + 1).min(self.bytes.len());
        while let Some(i) = memchr::memmem::find(&self.bytes[from..], b"EI") {
            let at = from + i;
            let before = self.bytes.get(at.wrapping_sub(1)).is_some_and(|c| is_space(*c));
            let after = self.bytes[at + 2..].iter().take(12);
            let text = after.clone().all(|c| is_space(*c) || (b' '..=b'~').contains(c));
            if before && text && after.clone().next().is_none_or(|c| is_space(*c)) {
                self.at = at + 2;
                return;
            }
            from = at + 2;
        }
        self.at = self.bytes.len();
    }
}

impl Iterator for Operations<'_> {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        let mut operands = Vec::new();
        loop {
            let (operator, at) = self.token()?;
            if !operator {
                if operands.len() == MOST_OPERANDS {
                    operands.remove(0);
                }
                operands.push(at);
                continue;
            }
            let start = at.start;
            if &self.bytes[at] == b"BI" {
                self.image();
            }
            return Some(Operation { operands, operator: start..self.at });
        }
    }
}

fn is_space(c: u8) -> bool {
    matches!(c, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(c: u8) -> bool {
    !is_space(c) && !matches!(c, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(content: &[u8]) -> Vec<String> {
        Operations::of(content)
            .map(|op| {
                let word = |at: &Range<usize>| String::from_utf8_lossy(&content[at.clone()]).into_owned();
                let operands: Vec<String> = op.operands.iter().map(word).collect();
                let name = word(&op.operator);
                format!("{}({})", if name.starts_with("BI") { "BI" } else { &name }, operands.join("|"))
            })
            .collect()
    }

    #[test]
    fn operators_and_their_operands() {
        let content = b"q 1 0 0 -1.5 0 0 cm % a remark (\n/F1 12 Tf[(a\\)b(c))-20<0a>]TJ(x)'\n\
            /S<</A(()())/B[1<</C/D>>]>>BDC true T* EMC Q )>]} n";
        let expected = [
            "q()",
            "cm(1|0|0|-1.5|0|0)",
            "Tf(/F1|12)",
            "TJ([(a\\)b(c))-20<0a>])",
            "'((x))",
            "BDC(/S|<</A(()())/B[1<</C/D>>]>>)",
            "T*(true)",
            "EMC()",
            "Q()",
            "n()|>|]|})",
        ];
        assert_eq!(names(content), expected);
    }

    #[test]
    fn inline_images_are_passed_over() {
        let content = b"q BI /W 2 /H 2 ID \x00(EI\xff EI\x80 <<[ EI\nQ (a)Tj";
        assert_eq!(names(content), ["q()", "BI()", "Q()", "Tj((a))"]);
    }

    #[test]
    fn any_bytes_will_do() {
        let mut state = 1_u32;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    b"()<>[]{}/%\\ \nBIDET'\"q1"[(state >> 24) as usize % 22]
                })
                .collect();
            let mut end = 0;
            for op in Operations::of(&bytes) {
                assert!(op.whole().start >= end && op.operator.end > end, "{op:?}");
                end = op.operator.end;
            }
        }
    }
}
