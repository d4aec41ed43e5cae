//! The restored text itself, if wanted with marks around its doubtful words.

use std::io::{self, Write};
use std::str::FromStr;

use crate::model::RestoredPage;

use super::form::{Form, PAGE_BREAK};

/// What stands before and after a doubtful word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    before: String,
    after: String,
}

impl FromStr for Marks {
    type Err = String;

    /// Reads `BEFORE,AFTER`.
    fn from_str(text: &str) -> Result<Marks, String> {
        let hint = "give what stands before and after a word, parted by one comma, such as [?,]";
        match text.split_once(',') {
            None => Err(hint.into()),
            Some((_, after)) if after.contains(',') => Err(hint.into()),
            Some(("", "")) => Err(format!("nothing would be marked: {hint}")),
            _ if text.contains(char::is_control) => Err("marks must be of one line, without tabs".into()),
            Some((before, after)) => Ok(Marks { before: before.into(), after: after.into() }),
        }
    }
}

/// Writes restored text.
#[derive(Debug)]
pub(super) struct Text {
    marks: Option<Marks>,
}

impl Text {
    pub(super) fn new(marks: Option<Marks>) -> Text {
        Text { marks }
    }
}

impl Form for Text {
    fn page(&mut self, page: &RestoredPage, to: &mut dyn Write) -> io::Result<()> {
        let mut done = 0;
        if let Some(Marks { before, after }) = &self.marks {
            for doubt in &page.doubts {
                let parts =
                    (page.text.get(done..doubt.restored.start), page.text.get(doubt.restored.clone()));
                if let (Some(sure), Some(word)) = parts {
                    write!(to, "{sure}{before}{word}{after}")?;
                    done = doubt.restored.end;
                }
            }
        }
        to.write_all(&page.text.as_bytes()[done..])
    }

    fn page_break(&mut self, to: &mut dyn Write) -> io::Result<()> {
        write!(to, "{PAGE_BREAK}")
    }

    fn end(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_a_pair() {
        assert_eq!("[?,]".parse(), Ok(Marks { before: "[?".into(), after: "]".into() }));
        assert_eq!("*,".parse(), Ok(Marks { before: "*".into(), after: String::new() }));
        for bad in ["", "*", ",", "a,b,c", "a\n,b", "\t,"] {
            assert!(bad.parse::<Marks>().is_err(), "{bad:?}");
        }
    }
}
