//! What looks wrong: gaps and repeats in the numbering, a symbol that names another kind than the title.

use std::collections::BTreeMap;

use super::markers::{Kind, Mark};
use super::numerals::letter_step;
use super::paragraphs::Para;
use super::tree::Node;
use crate::model::plan::{Plan, Warning};
use crate::model::{RestoredPage, Span};

/// Warnings about the numbering of `nodes`.
pub(super) fn numbering(pages: &[RestoredPage], nodes: &[Node], out: &mut Vec<Warning>) {
    let mut last: Option<&Node> = None;
    for node in nodes {
        let page = page_of(pages, &node.marker);
        if node.repaired {
            let message = format!("`{}` was read as {}", node.marker.text, node.label);
            out.push(Warning { code: "numbering-repaired".to_owned(), message, page });
        }
        if !node.mark.kind.unnumbered() {
            if let Some(prev) = last.filter(|p| p.mark.kind == node.mark.kind) {
                if let Some((code, what)) = step(&prev.mark, &node.mark) {
                    let message = format!("{} follows {}: {what}", node.label, prev.label);
                    out.push(Warning { code: code.to_owned(), message, page });
                }
            } else if node.mark.value() > 1 && node.mark.kind != Kind::Article {
                let message = format!("a list begins with {}", node.label);
                out.push(Warning { code: "numbering-start".to_owned(), message, page });
            }
            last = Some(node);
        }
        numbering(pages, &node.children, out);
    }
}

fn step(a: &Mark, b: &Mark) -> Option<(&'static str, &'static str)> {
    let step = match a.kind {
        Kind::Letter | Kind::ParenLetter | Kind::Upper => letter_step(a.value(), b.value()),
        _ => i16::from(b.value()) - i16::from(a.value()),
    };
    match step {
        1 => None,
        0 => Some(("numbering-repeat", "the number is repeated")),
        s if s > 1 => Some(("numbering-gap", "a number is missing")),
        _ => Some(("numbering-order", "the numbers go back")),
    }
}

fn page_of(pages: &[RestoredPage], para: &Para) -> Option<u32> {
    para.bits.first().and_then(|b| pages.get(b.page)).map(|p| p.page.number)
}

/// Marks of footnotes that no note answers to, where the document has notes at all.
pub(super) fn marks(left: &BTreeMap<u32, Vec<Span>>, plan: &mut Plan) {
    if plan.footnotes.is_empty() {
        return;
    }
    for (number, spans) in left {
        plan.warnings.push(Warning {
            code: "mark-without-note".to_owned(),
            message: format!("the text has a mark {number}, but no note with that number was found"),
            page: spans.first().map(|s| s.page),
        });
    }
}

/// Checks between fields of `plan`.
pub(super) fn fields(plan: &mut Plan) {
    let mut found: Vec<(&str, String)> = Vec::new();
    let head = &plan.header;
    if head.kind.is_none() && head.title.is_none() && head.number.is_none() {
        found.push(("no-header", "neither letterhead nor title was found".to_owned()));
    }
    if plan.sections.is_empty() && plan.attached.is_empty() {
        found.push(("no-sections", "no numbered items were found".to_owned()));
    }
    if let (Some(kind), Some(number)) = (&head.kind, &head.number) {
        let symbol = super::symbols::symbol_of(number);
        if let Some(named) = super::rules::kind_of_symbol(symbol)
            && let Some(said) = super::rules::kind_of(kind)
            && !said.starts_with(&super::fold::words(named))
        {
            found.push((
                "kind-mismatch",
                format!("the number {number} is that of a {named}, the title says {kind}"),
            ));
        }
    }
    if let Some(date) = &head.date
        && let Some(late) = plan.references.iter().find(|r| r.date.as_ref().is_some_and(|d| d > date))
    {
        let cited = late.date.as_deref().unwrap_or("");
        found.push((
            "date-order",
            format!("{} of {cited} is later than the document itself ({date})", late.raw),
        ));
    }
    for amount in &plan.amounts {
        if let Some(words) = amount.words.filter(|w| *w != amount.value) {
            found.push(("amount-mismatch", format!("{} is spelt out as {words} đồng", amount.raw)));
        }
    }
    for time in plan.dates.iter().filter(|d| d.period.from > d.period.to) {
        found.push(("period-order", format!("{} ends before it begins", time.raw)));
    }
    // "(Ban hành kèm theo Quyết định số ...)" names the document that issues it
    for note in plan.attached.iter().filter_map(|a| a.note.as_deref()) {
        let named = super::symbols::find_all(note).into_iter().next();
        if let (Some(named), Some(own)) = (named, &head.number)
            && named.number != *own
        {
            found.push((
                "attached-number",
                format!("the attached document is issued with {}, this document is {own}", named.number),
            ));
        }
    }
    plan.warnings.extend(found.into_iter().map(|(code, message)| Warning {
        code: code.to_owned(),
        message,
        page: None,
    }));
}
