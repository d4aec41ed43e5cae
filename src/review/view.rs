//! The text of a document as blocks in print order, each with the places of its words in the raw text.
//!
//! A plan's texts are joined from lines, so a block's words are found again by walking along the characters of the text and of the spans
//! that it stands in, white space left out on both sides. Limits: where a text is not what its spans hold (a repaired marker), the words
//! after the difference are found by the next dozen characters that fit; a word that is not found cannot be written over in the text.

use std::ops::Range;

use serde::Serialize;

use crate::model::plan::{Appendix, Plan, Section, Signature};
use crate::model::review::{Verdict, machine_pages};
use crate::model::{RestoredPage, Span};

use super::walk::Walk;
use super::words::Word;

/// One block.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Block {
    /// What it is: `head`, `kind`, `title`, `para`, `item`, `more` (a further paragraph of an item), `closing`, `recipient`, `signature`, `note`, `cell`,
    /// `attached`, `loose` (a line of a page that stands nowhere).
    pub kind: &'static str,
    /// Where its text stands in the JSON (a JSON pointer).
    pub path: String,
    /// How deep it stands in the tree.
    pub depth: usize,
    /// The label as printed, for an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The label, for an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its text.
    pub text: String,
    /// The page that it begins on.
    pub page: u32,
    /// For each word of `text` (parted by white space) page, start and end in the raw text, one after the other; zeros for one that is not found.
    pub at: Vec<usize>,
    /// Words that a person is asked about: the word's number in the list of words, and where it begins and ends in `text`, in UTF-16 units.
    pub marks: Vec<(usize, usize, usize)>,
    /// Whether its text can be written as a whole, as fields can.
    pub field: bool,
}

/// The pages of `plan` as its texts show them: the machine's reading and the decisions that the JSON has.
#[must_use]
pub fn shown_pages(plan: &Plan) -> Vec<RestoredPage> {
    let mut pages = machine_pages(plan);
    for page in &mut pages {
        let number = page.page.number;
        let verdicts: Vec<Verdict> = plan
            .reviews
            .iter()
            .filter(|review| review.page == Some(number))
            .filter_map(|r| Some(Verdict { raw: r.start?..r.end?, text: r.text.clone().unwrap_or_default() }))
            .collect();
        if !verdicts.is_empty() {
            *page = page.clone().reviewed(&verdicts).page;
        }
    }
    pages
}

/// The blocks of `plan`; `words` are marked in them. Words that stand in no block get one: the line that they stand in.
#[must_use]
pub fn blocks(plan: &Plan, pages: &[RestoredPage], words: &[Word]) -> Vec<Block> {
    let mut maker = Maker { pages, words, met: vec![false; words.len()], blocks: Vec::new() };
    maker.header(plan);
    for (i, text) in plan.preamble.iter().enumerate() {
        maker.listed(plan, "preamble", "para", i, text);
    }
    maker.items(&plan.sections, "/sections");
    for (i, attached) in plan.attached.iter().enumerate() {
        for (name, kind, text) in [
            ("kind", "kind", &attached.kind),
            ("title", "title", &attached.title),
            ("note", "attached", &attached.note),
        ] {
            let path = format!("/attached/{i}/{name}");
            let spans = attached.spans.get(name).map(Vec::as_slice).unwrap_or_default();
            maker.field(kind, path, text.as_deref(), spans);
        }
        maker.items(&attached.sections, &format!("/attached/{i}/sections"));
    }
    for (i, text) in plan.closing.iter().enumerate() {
        maker.listed(plan, "closing", "closing", i, text);
    }
    for (i, text) in plan.recipients.iter().enumerate() {
        maker.listed(plan, "recipients", "recipient", i, text);
    }
    maker.signature("/signature", &plan.signature);
    for (i, signature) in plan.cosigners.iter().enumerate() {
        maker.signature(&format!("/cosigners/{i}"), signature);
    }
    for (i, table) in plan.appendices.iter().enumerate() {
        maker.table(&format!("/appendices/{i}"), table);
    }
    for (i, note) in plan.footnotes.iter().enumerate() {
        let mut walk = Walk::new(pages, &note.spans);
        walk.skip(&note.mark);
        let block = Block {
            kind: "note",
            path: format!("/footnotes/{i}/text"),
            marker: Some(note.mark.clone()),
            text: note.text.clone(),
            ..Block::default()
        };
        maker.put(block, &mut walk);
    }
    maker.loose();
    maker.blocks
}

struct Maker<'a> {
    pages: &'a [RestoredPage],
    words: &'a [Word],
    /// The words that stand in a block.
    met: Vec<bool>,
    blocks: Vec<Block>,
}

impl Maker<'_> {
    fn header(&mut self, plan: &Plan) {
        let header = &plan.header;
        let fields = [
            ("issuer_parent", "head", &header.issuer_parent),
            ("issuer", "head", &header.issuer),
            ("number", "head", &header.number),
            ("place", "head", &header.place),
            ("date", "head", &header.date),
            ("kind", "kind", &header.kind),
            ("title", "title", &header.title),
        ];
        for (name, kind, text) in fields {
            let spans = header.spans.get(name).map(Vec::as_slice).unwrap_or_default();
            self.field(kind, format!("/header/{name}"), text.as_deref(), spans);
        }
    }

    /// A field: it is there also when it is empty, so that it can be written.
    fn field(&mut self, kind: &'static str, path: String, text: Option<&str>, spans: &[Span]) {
        let block =
            Block { kind, path, text: text.unwrap_or_default().to_owned(), field: true, ..Block::default() };
        self.put(block, &mut Walk::new(self.pages, spans));
    }

    fn listed(&mut self, plan: &Plan, name: &str, kind: &'static str, i: usize, text: &str) {
        let spans = plan.spans.get(name).and_then(|all| all.get(i)).map(Vec::as_slice).unwrap_or_default();
        let block = Block { kind, path: format!("/{name}/{i}"), text: text.to_owned(), ..Block::default() };
        self.put(block, &mut Walk::new(self.pages, spans));
    }

    fn items(&mut self, sections: &[Section], path: &str) {
        // a work list in place of recursion: a tree from elsewhere may be deep
        let mut open = vec![(sections, path.to_owned(), 0_usize)];
        while let Some((sections, path, at)) = open.pop() {
            let Some(section) = sections.get(at) else { continue };
            let depth = open.len();
            let here = format!("{path}/{at}");
            open.push((sections, path, at + 1));
            let mut walk = Walk::new(self.pages, &section.spans);
            walk.skip(&section.marker);
            let block = Block {
                kind: "item",
                path: format!("{here}/text"),
                depth,
                marker: Some(section.marker.clone()),
                label: Some(section.label.clone()),
                text: section.text.clone(),
                ..Block::default()
            };
            self.put(block, &mut walk);
            for (i, text) in section.paragraphs.iter().enumerate() {
                let path = format!("{here}/paragraphs/{i}");
                let block = Block { kind: "more", path, depth, text: text.clone(), ..Block::default() };
                self.put(block, &mut walk);
            }
            open.push((&section.children, format!("{here}/children"), 0));
        }
    }

    fn signature(&mut self, path: &str, signature: &Signature) {
        let mut walk = Walk::new(self.pages, &signature.spans);
        for (name, text) in [
            ("authority", &signature.authority),
            ("position", &signature.position),
            ("name", &signature.name),
        ] {
            let block = Block {
                kind: "signature",
                path: format!("{path}/{name}"),
                text: text.clone().unwrap_or_default(),
                field: true,
                ..Block::default()
            };
            self.put(block, &mut walk);
        }
    }

    fn table(&mut self, path: &str, table: &Appendix) {
        let mut walk = Walk::new(self.pages, &table.spans);
        for (name, text) in [("label", &table.label), ("title", &table.title)] {
            if let Some(text) = text {
                let block = Block {
                    kind: "attached",
                    path: format!("{path}/{name}"),
                    text: text.clone(),
                    field: true,
                    ..Block::default()
                };
                self.put(block, &mut walk);
            }
        }
        let rows = std::iter::once((format!("{path}/columns"), &table.columns));
        let rows =
            rows.chain(table.rows.iter().enumerate().map(|(i, row)| (format!("{path}/rows/{i}"), row)));
        for (path, row) in rows {
            for (i, cell) in row.iter().enumerate() {
                let path = format!("{path}/{i}");
                let block = Block { kind: "cell", path, depth: i, text: cell.clone(), ..Block::default() };
                self.put(block, &mut walk);
            }
        }
    }

    /// The lines of words that stand in no block: page numbers, running heads, the motto, and tables that were not found again.
    fn loose(&mut self) {
        let mut lines: Vec<(u32, Range<usize>)> = Vec::new();
        for (word, _) in self.words.iter().zip(&self.met).filter(|(_, met)| !**met) {
            let Some(page) = self.pages.iter().find(|page| page.page.number == word.page) else { continue };
            let raw = &page.page.raw;
            let start = raw[..word.start.min(raw.len())].rfind('\n').map_or(0, |at| at + 1);
            let end = raw[word.start.min(raw.len())..].find('\n').map_or(raw.len(), |at| word.start + at);
            if lines.last() != Some(&(word.page, start..end)) {
                lines.push((word.page, start..end));
            }
        }
        for (number, line) in lines {
            let mut walk = Walk::new(self.pages, &[Span { page: number, start: line.start, end: line.end }]);
            let text = walk.text();
            self.put(Block { kind: "loose", text, ..Block::default() }, &mut walk);
        }
    }

    /// Finds the words of a block and notes it.
    fn put(&mut self, mut block: Block, walk: &mut Walk<'_>) {
        let places = walk.places(&block.text);
        let mut utf16 = Utf16::new(&block.text);
        for (token, place) in &places {
            let Some((page, restored)) = place else {
                block.at.extend([0, 0, 0]);
                continue;
            };
            let page = &self.pages[*page];
            let raw = page.raw(restored.clone());
            let number = page.page.number;
            block.page = if block.page == 0 { number } else { block.page };
            block.at.extend([number as usize, raw.start, raw.end]);
            let first = self.words.partition_point(|w| (w.page, w.end) <= (number, raw.start));
            for (i, word) in self.words.iter().enumerate().skip(first) {
                if word.page != number || word.start >= raw.end {
                    break;
                }
                // where in the token: as far in as its restored text stands in the page's
                let (from, to) = part(page, word, restored, token.len());
                let (from, to) = (utf16.at(token.start + from), utf16.at(token.start + to));
                // a word that goes on after a space has one mark for each part of it
                if !block.marks.iter().any(|(_, _, until)| *until > from) {
                    block.marks.push((i, from, to));
                }
                self.met[i] = true;
            }
        }
        if !block.text.is_empty() || block.field {
            self.blocks.push(block);
        }
    }
}

/// The part of a token of `length` bytes, which stands at `token` in the restored text, that is `word`.
fn part(page: &RestoredPage, word: &Word, token: &Range<usize>, length: usize) -> (usize, usize) {
    let found = page.words.iter().find(|w| w.raw.start == word.start && w.raw.end == word.end);
    let Some(found) = found else { return (0, length) };
    let from = found.restored.start.saturating_sub(token.start).min(length);
    let to = found.restored.end.saturating_sub(token.start).min(length);
    let fits = page
        .text
        .get(token.clone())
        .is_some_and(|t| t.is_char_boundary(from.min(t.len())) && t.len() == length);
    if fits && from < to { (from, to) } else { (0, length) }
}

/// Byte offsets to UTF-16 offsets, asked in ascending order.
struct Utf16<'t> {
    text: &'t str,
    bytes: usize,
    units: usize,
}

impl<'t> Utf16<'t> {
    fn new(text: &'t str) -> Utf16<'t> {
        Utf16 { text, bytes: 0, units: 0 }
    }

    fn at(&mut self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        if byte < self.bytes {
            (self.bytes, self.units) = (0, 0);
        }
        self.units += self.text[self.bytes..byte].encode_utf16().count();
        self.bytes = byte;
        self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{ReviewLog as Log, plan};
    use crate::model::plan::Source;
    use crate::model::review::MachineWord;
    use crate::model::{Decision, Page};
    use crate::review::words;

    #[test]
    fn words_are_found_in_their_blocks() {
        let raw = "KẾ HOẠCH\nTrồng cây\n\nI. MỤC DICH\n1. Phủ xanh (dat trống, theo Quyết định số 12/QĐ-\nUBND của xa.\nTrang 7x";
        let at = |word: &str, text: &str| {
            let start = raw.find(word).unwrap_or_else(|| panic!("{word}"));
            let runner_up = Some("khác".to_owned());
            let end = start + word.len();
            MachineWord { start, end, text: text.into(), confidence: 0.5, runner_up, doubtful: true }
        };
        let machine = [at("DICH", "ĐÍCH"), at("dat", "đất"), at("xa.", "xã.")];
        let page = RestoredPage::of_words(Page::from_text(1, Decision::Text, raw), &machine);
        let plan = plan(std::slice::from_ref(&page), Source::default());
        let pages = shown_pages(&plan);
        assert_eq!(pages[0].text, page.text, "the JSON gives the page back");
        let words = words::of(&pages, &Log::default());
        assert_eq!(words.len(), 3);
        let blocks = blocks(&plan, &pages, &words);
        let mut found = vec![String::new(); words.len()];
        for block in &blocks {
            assert_eq!(block.at.len(), 3 * block.text.split_whitespace().count());
            let units: Vec<u16> = block.text.encode_utf16().collect();
            for (word, from, to) in &block.marks {
                found[*word] = String::from_utf16_lossy(&units[*from..*to]);
            }
        }
        assert_eq!(found, ["ĐÍCH", "đất", "xã."]);
        let item = blocks.iter().find(|block| block.text.starts_with("Phủ")).expect("the item");
        assert_eq!((item.marker.as_deref(), item.depth), (Some("1."), 1));
        let token = item.text.split_whitespace().position(|t| t == "12/QĐ-UBND").expect("joined");
        assert_eq!(item.at[3 * token..3 * token + 3], [0, 0, 0], "over a line's end nothing can be written");
        let token = item.text.split_whitespace().position(|t| t == "trống,").expect("there");
        assert_eq!(&raw[item.at[3 * token + 1]..item.at[3 * token + 2]], "trống,");
    }
}
