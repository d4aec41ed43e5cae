//! `sohoa restore`: a filter from stdin to stdout that restores diacritics and keeps lines and page breaks.
//!
//! Text flows through in chunks of about [`CHUNK`] bytes, cut where a paragraph or at least a line ends, so a stream
//! of any length takes the same memory. UTF-16 and old encodings are recognised by the first chunk and then read whole.
//! The flags are resolved in [`options`]; each form of the output has its file ([`text`], [`jsonl`], [`tsv`]) behind the trait of [`form`].

mod explain;
mod form;
mod jsonl;
mod options;
mod text;
mod tsv;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, Write};

use crate::batch::Restoration;
use crate::ingest;
use crate::model::{Decision, Page, RestoredPage};

use super::args::RestoreArgs;
use super::changes::{self, Change};
use super::exit::Exit;
use super::{input, output, own};
use form::Form;
use options::Options;
pub use text::Marks;

/// Bytes of text that are restored together: about ten pages.
const CHUNK: usize = 32 << 10;

/// Filters stdin.
pub fn run(args: &RestoreArgs) -> Exit {
    let opened = own::words(&args.own).and_then(|own| Restoration::open(args.dictionaries.as_deref(), &own));
    let restoration = match opened {
        Ok(restoration) => restoration,
        Err(error) => {
            output::complain(&error.to_string());
            return Exit::Usage;
        }
    };
    if let Some(token) = &args.explain {
        return output::print(&explain::table(restoration.models(), token));
    }
    if io::stdin().is_terminal() {
        output::tell("sohoa restore: reading from the terminal; end with Ctrl-D");
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match filter(&mut io::stdin().lock(), &mut out, &restoration, &Options::of(args)) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Done,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            output::complain(&format!("stdin: {error}"));
            Exit::Failed
        }
        Err(error) => {
            output::complain(&format!("stopped: {error}"));
            Exit::Failed
        }
    }
}

/// Restores all of `from`. What is written is flushed after each chunk, so that whoever reads it need not wait for the end.
fn filter(
    from: &mut impl Read,
    to: &mut impl Write,
    restoration: &Restoration,
    options: &Options,
) -> io::Result<()> {
    let mut form = options.form();
    let mut held = Vec::new();
    let mut most = CHUNK;
    let (mut ended, mut untried) = (false, true);
    while !ended {
        let wanted = most.saturating_sub(held.len());
        ended = from.by_ref().take(wanted as u64).read_to_end(&mut held)? < wanted;
        if std::mem::take(&mut untried) && ingest::is_old_encoding(&held) {
            // what it is in must not be told anew from the last few words
            from.by_ref().take(input::MOST).read_to_end(&mut held)?;
            ended = true;
        }
        if held.contains(&0) || held.starts_with(&[0xff, 0xfe]) || held.starts_with(&[0xfe, 0xff]) {
            from.by_ref().take(input::MOST).read_to_end(&mut held)?; // UTF-16, or no text at all
            ended = true;
        }
        match if ended { Some(held.len()) } else { cut(&held) } {
            Some(cut) => {
                let rest = held.split_off(cut);
                restore(&held, restoration, options, form.as_mut(), to)?;
                to.flush()?;
                held = rest;
                most = CHUNK;
            }
            None => most *= 2, // one very long character run: wait for its end
        }
        if most as u64 > input::MOST {
            return Err(io::Error::new(ErrorKind::InvalidData, "no white space for 64 MB; give a text"));
        }
    }
    form.end(to)?;
    to.flush()
}

/// Where to cut: after the last page break, else the last blank line, else the last line end, else the last space.
fn cut(held: &[u8]) -> Option<usize> {
    let after = |what: &[u8]| held.windows(what.len()).rposition(|at| at == what).map(|at| at + what.len());
    after(b"\x0c").or_else(|| after(b"\n\n")).or_else(|| after(b"\n")).or_else(|| after(b" "))
}

/// Writes the text of `bytes`, restored page by page; line ends become `\n`, page breaks stay.
fn restore(
    bytes: &[u8],
    restoration: &Restoration,
    options: &Options,
    form: &mut dyn Form,
    to: &mut impl Write,
) -> io::Result<()> {
    let text = ingest::decode_text(bytes).map_err(|error| {
        io::Error::new(ErrorKind::InvalidData, format!("{error}; give UTF-8 or UTF-16 text"))
    })?;
    let pages = (1..)
        .zip(text.split(form::PAGE_BREAK))
        .map(|(n, page)| Page::from_text(n, Decision::Text, page))
        .collect();
    let restored = restoration.document(pages);
    let pages: Vec<RestoredPage> = restored.into_iter().map(|page| options.finish.apply(page)).collect();
    if options.show_changes {
        let shown: String = pages.iter().map(changed).collect();
        if !shown.is_empty() {
            output::tell(shown.trim_end());
        }
    }
    for (i, page) in pages.iter().enumerate() {
        if i > 0 {
            form.page_break(to)?;
        }
        form.page(page, to)?;
    }
    Ok(())
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
    use crate::cli::args::RestoreFormat;
    use crate::restore::{Finish, OwnWords};

    fn filtered(input: &[u8]) -> io::Result<String> {
        filtered_as(RestoreFormat::Text, input)
    }

    fn filtered_as(format: RestoreFormat, input: &[u8]) -> io::Result<String> {
        let restoration = Restoration::open(None, &OwnWords::default()).expect("embedded dictionaries");
        let options = Options { format, marks: None, finish: Finish::default(), show_changes: false };
        let mut out = Vec::new();
        filter(&mut &*input, &mut out, &restoration, &options)?;
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
    fn lines_and_offsets_go_on_from_chunk_to_chunk() {
        // one line over several chunks, cut at spaces and page breaks, and a last line that does not end
        let line = "123 4567\u{c}89 ".repeat(CHUNK / 4);
        let text = format!("{line}\n\n12");
        let jsonl = filtered_as(RestoreFormat::Jsonl, text.as_bytes()).expect("text");
        let lines: Vec<serde_json::Value> =
            jsonl.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let shown: Vec<&str> = lines.iter().map(|line| line["raw"].as_str().expect("text")).collect();
        assert_eq!(shown, [line.as_str(), "", "12"]);
        let number = |value: &serde_json::Value| value.as_u64().expect("a number") as usize;
        let words = lines[0]["words"].as_array().expect("a list");
        assert_eq!(words.len(), 3 * (CHUNK / 4));
        for word in words {
            assert_eq!(line[number(&word["start"])..number(&word["end"])], word["raw"]);
            assert_eq!(line[number(&word["text_start"])..number(&word["text_end"])], word["text"]);
        }

        let tsv = filtered_as(RestoreFormat::Tsv, text.as_bytes()).expect("text");
        let rows: Vec<Vec<&str>> = tsv.lines().skip(1).map(|row| row.split('\t').collect()).collect();
        assert_eq!(rows.len(), words.len() + 1);
        for (row, word) in rows.iter().zip(words) {
            assert_eq!((row[0], row[1].parse().ok()), ("1", word["start"].as_u64()));
        }
        assert_eq!(rows[words.len()][..4], ["3", "0", "2", "12"]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(filtered_as(RestoreFormat::Jsonl, b"").expect("text"), "");
        assert_eq!(filtered_as(RestoreFormat::Tsv, b"").expect("text").lines().count(), 1);
        let empty = "{\"line\":1,\"raw\":\"\",\"text\":\"\",\"words\":[]}\n";
        assert_eq!(filtered_as(RestoreFormat::Jsonl, b"\n").expect("text"), empty);
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        assert_eq!(filtered(b"\x7fELF\0\0\x01\x02\0\0").expect_err("binary").kind(), ErrorKind::InvalidData);
        assert_eq!(filtered(b"K\xe9 ho\xb9ch").expect_err("legacy").kind(), ErrorKind::InvalidData);
    }
}
