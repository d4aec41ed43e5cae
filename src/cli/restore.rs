//! `sohoa restore`: a filter from stdin to stdout that restores diacritics and keeps lines and page breaks.
//!
//! Text flows through in chunks of about [`CHUNK`] bytes, cut where a paragraph or at least a line ends, so a stream
//! of any length takes the same memory. UTF-16 is recognised by its first bytes and then read whole.

use std::io::{self, ErrorKind, Read, Write};

use crate::batch::Restoration;
use crate::ingest;
use crate::model::{Decision, Page, RestoredPage};

use super::args::RestoreArgs;
use super::changes::{self, Change};
use super::exit::Exit;
use super::{input, output};

/// Bytes of text that are restored together: about ten pages.
const CHUNK: usize = 32 << 10;

/// Filters stdin.
pub fn run(args: &RestoreArgs) -> Exit {
    let restoration = match Restoration::open(args.dictionaries.as_deref()) {
        Ok(restoration) => restoration,
        Err(error) => {
            output::complain(&error.to_string());
            return Exit::Usage;
        }
    };
    let mut out = io::stdout().lock();
    let filtered = filter(&mut io::stdin().lock(), &mut out, &restoration, args.show_changes);
    match filtered.and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Done,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            output::complain(&format!("stdin: {error}; give UTF-8 or UTF-16 text"));
            Exit::Failed
        }
        Err(error) => {
            output::complain(&format!("stopped: {error}"));
            Exit::Failed
        }
    }
}

fn filter(
    from: &mut impl Read,
    to: &mut impl Write,
    restoration: &Restoration,
    show: bool,
) -> io::Result<()> {
    let mut held = Vec::new();
    let mut most = CHUNK;
    loop {
        let wanted = most.saturating_sub(held.len());
        let ended = from.by_ref().take(wanted as u64).read_to_end(&mut held)? < wanted;
        if held.contains(&0) || held.starts_with(&[0xff, 0xfe]) || held.starts_with(&[0xfe, 0xff]) {
            from.by_ref().take(input::MOST).read_to_end(&mut held)?; // UTF-16, or no text at all
            return to.write_all(restored(&held, restoration, show)?.as_bytes());
        }
        let cut = if ended { Some(held.len()) } else { cut(&held) };
        match cut {
            Some(cut) => {
                let rest = held.split_off(cut);
                to.write_all(restored(&held, restoration, show)?.as_bytes())?;
                held = rest;
                most = CHUNK;
            }
            None => most *= 2, // one very long character run: wait for its end
        }
        if ended {
            return Ok(());
        }
        if most as u64 > input::MOST {
            return Err(io::Error::new(ErrorKind::InvalidData, "no white space for 64 MB"));
        }
    }
}

/// Where to cut: after the last page break, else the last blank line, else the last line end, else the last space.
fn cut(held: &[u8]) -> Option<usize> {
    let after = |what: &[u8]| held.windows(what.len()).rposition(|at| at == what).map(|at| at + what.len());
    after(b"\x0c").or_else(|| after(b"\n\n")).or_else(|| after(b"\n")).or_else(|| after(b" "))
}

/// The text of `bytes`, restored page by page; line ends become `\n`, page breaks stay.
fn restored(bytes: &[u8], restoration: &Restoration, show: bool) -> io::Result<String> {
    let text = ingest::decode_text(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    let pages =
        (1..).zip(text.split('\u{c}')).map(|(n, page)| Page::from_text(n, Decision::Text, page)).collect();
    let pages = restoration.document(pages);
    if show {
        let shown: String = pages.iter().map(changed).collect();
        if !shown.is_empty() {
            output::tell(shown.trim_end());
        }
    }
    Ok(pages.into_iter().map(|page| page.text).collect::<Vec<_>>().join("\u{c}"))
}

fn changed(page: &RestoredPage) -> String {
    let changes: Vec<Change<'_>> = page
        .changes
        .iter()
        .filter_map(|change| {
            Some(Change { raw: change.raw.clone(), new: page.text.get(change.restored.clone())? })
        })
        .collect();
    changes::lines(&page.page.raw, &changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(input: &[u8]) -> io::Result<String> {
        let restoration = Restoration::open(None).expect("embedded dictionaries");
        let mut out = Vec::new();
        filter(&mut &*input, &mut out, &restoration, false)?;
        Ok(String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn lines_and_page_breaks_are_kept() {
        for text in ["", "\n", "Điều 1\n\n  2\u{c}\u{c}3", "một dòng không hết"] {
            assert_eq!(filtered(text.as_bytes()).expect("text"), text);
        }
        assert_eq!(filtered(b"a\r\nb\r\n").expect("text"), "a\nb\n");
        assert_eq!(filtered(b"\xff\xfeK\0\xbf\x1e").expect("UTF-16"), "Kế");
    }

    #[test]
    fn long_streams_flow_through_in_order() {
        let text: String =
            (0..20_000).map(|i| format!("{i}.{}", if i % 7 == 0 { "\n\n" } else { "\n" })).collect();
        assert!(text.len() > 3 * CHUNK);
        assert_eq!(filtered(text.as_bytes()).expect("text"), text);
        let one_line = "1234567 ".repeat(CHUNK);
        assert_eq!(filtered(one_line.as_bytes()).expect("text"), one_line);
        let one_word = "7".repeat(5 * CHUNK);
        assert_eq!(filtered(one_word.as_bytes()).expect("text"), one_word);
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        assert_eq!(filtered(b"\x7fELF\0\0\x01\x02\0\0").expect_err("binary").kind(), ErrorKind::InvalidData);
        assert_eq!(filtered(b"K\xe9 ho\xb9ch").expect_err("legacy").kind(), ErrorKind::InvalidData);
    }
}
