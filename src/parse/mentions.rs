//! What running text mentions: documents, dates, amounts of money, short names, marks of footnotes. One walk over the
//! paragraphs in print order finds them all, so that each entry knows the item it stands in.

use super::paragraphs::Para;
use super::tree::Node;
use super::{abbreviations, amounts, fold, periods, references, scan};
use crate::model::plan::{Abbreviation, Amount, Period, Reference, TimeMention};
use crate::model::{RestoredPage, Span, patience};

/// Everything that was found, each list in print order.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Cited documents.
    pub references: Vec<Reference>,
    /// Dates and periods, but for the dates of cited documents.
    pub dates: Vec<TimeMention>,
    /// Amounts of money.
    pub amounts: Vec<Amount>,
    /// Short names, each where it is first defined.
    pub abbreviations: Vec<Abbreviation>,
    /// Marks of footnotes: number and place.
    pub marks: Vec<(u32, Vec<Span>)>,
}

/// Finds the mentions in paragraphs given to it one after the other.
pub(super) struct Finder<'a> {
    pages: &'a [RestoredPage],
    /// The document's own number, which is no citation.
    own: Option<&'a str>,
    found: Mentions,
    known: rustc_hash::FxHashSet<String>,
}

impl<'a> Finder<'a> {
    /// A finder for a document on `pages` whose own number is `own`.
    pub fn new(pages: &'a [RestoredPage], own: Option<&'a str>) -> Finder<'a> {
        Finder { pages, own, found: Mentions::default(), known: rustc_hash::FxHashSet::default() }
    }

    /// Takes in one paragraph; `section` are the labels of the item it belongs to.
    pub fn para(&mut self, para: &Para, section: &[&str]) {
        patience::check();
        let text = para.text.as_str();
        let labels = || section.iter().map(|l| (*l).to_owned()).collect();
        let cited = references::find(self.pages, para, self.own, &mut self.found.references);
        for found in periods::find_outside(text, &cited) {
            self.found.dates.push(TimeMention {
                raw: text[found.at.clone()].to_owned(),
                period: Period { from: found.from, to: found.to },
                section: labels(),
                spans: para.part_spans(self.pages, found.at),
            });
        }
        for found in amounts::find(text) {
            self.found.amounts.push(Amount {
                raw: text[found.at.clone()].to_owned(),
                value: found.value,
                words: found.words,
                section: labels(),
                spans: para.part_spans(self.pages, found.at),
            });
        }
        for found in abbreviations::find(text) {
            if self.known.insert(found.short.clone()) {
                let spans = para.part_spans(self.pages, found.at);
                self.found.abbreviations.push(Abbreviation { short: found.short, long: found.long, spans });
            }
        }
        self.marks(para);
    }

    /// Takes in all paragraphs of `nodes`.
    pub fn nodes<'n>(&mut self, nodes: &'n [Node], section: &mut Vec<&'n str>) {
        for node in nodes {
            section.push(&node.label);
            self.para(&node.text, section);
            node.paragraphs.iter().for_each(|p| self.para(p, section));
            self.nodes(&node.children, section);
            section.pop();
        }
    }

    /// All that was found.
    pub fn done(self) -> Mentions {
        self.found
    }

    fn marks(&mut self, para: &Para) {
        let text = para.text.as_str();
        if !scan::may_hold_superscript(text) {
            return;
        }
        let mut rest = 0;
        while let Some(at) =
            text[rest..].find(|c| fold::fold_char(c) == fold::SUPER && c != '^').map(|i| rest + i)
        {
            let len = text[at..]
                .chars()
                .take_while(|c| super_digit(*c).is_some())
                .map(char::len_utf8)
                .sum::<usize>();
            rest = at + len.max(1);
            while !text.is_char_boundary(rest) {
                rest += 1;
            }
            let before = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            // m², km², m³: no mark
            if len == 0 || matches!(before, "m" | "km" | "cm" | "dm" | "mm") || at == 0 {
                continue;
            }
            let value = text[at..rest]
                .chars()
                .filter_map(super_digit)
                .try_fold(0_u32, |v, d| v.checked_mul(10)?.checked_add(d));
            if let Some(value) = value {
                self.found.marks.push((value, para.part_spans(self.pages, at..rest)));
            }
        }
    }
}

fn super_digit(c: char) -> Option<u32> {
    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].iter().position(|s| *s == c).map(|d| d as u32)
}
