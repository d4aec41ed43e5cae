//! From zones to the plan: builds the outline of each body, fills the fields, accounts for every character.

use std::collections::BTreeMap;

use super::breaks::Breaks;
use super::closers;
use super::closing::{self, Tail};
use super::fold::{begins, words};
use super::footnotes::Note;
use super::header::Head;
use super::lines::{Layout, Line};
use super::mentions::Finder;
use super::outline;
use super::paragraphs::{Para, spans};
use super::tree::{self, Body, Node};
use super::warnings;
use super::zones::{Inner, Zones};
use super::{account, appendix};
use super::{assignments, periods, tasks};
use crate::model::plan::{
    Appendix, Assignment, Attached, Dropped, Footnote, Header, Period, Plan, SCHEMA_VERSION, Signature,
};
use crate::model::{RestoredPage, Span};

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The pages.
    pub pages: &'a [RestoredPage],
    /// Their lines.
    pub lines: &'a [Line<'a>],
    /// Their measures.
    pub layout: &'a Layout,
    /// What it does at line ends.
    pub breaks: &'a Breaks<'a>,
    /// Which lines are no text.
    pub furniture: &'a [Option<&'static str>],
}

impl Source<'_> {
    fn body(&self, lines: &[usize]) -> Body {
        let steps = outline::search(self.breaks, self.lines, lines);
        tree::build(self.lines, lines, steps)
    }

    fn drop(&self, para: &Para, why: &str, out: &mut Vec<Dropped>) {
        for s in para.spans(self.pages) {
            out.push(Dropped { page: s.page, start: s.start, end: s.end, why: why.to_owned() });
        }
    }
}

/// Builds the plan.
pub(super) fn plan(source: &Source<'_>, zones: Zones, notes: Vec<Note>) -> Plan {
    let pages = source.pages;
    let mut plan = Plan { schema_version: SCHEMA_VERSION.to_owned(), ..Plan::default() };
    let title = zones.head.title.clone();
    plan.header = header(source, &zones.head, &mut plan.dropped);
    let (address, body) = address(source.lines, &zones.body);
    let mut main = source.body(&body);
    main.lead.splice(0..0, address);
    let mut inner: Vec<(Inner, Body)> =
        zones.attached.into_iter().map(|i| (i.clone(), source.body(&i.body))).collect();
    // what closes the document stands after its last item, be that one of an attached plan
    let closing = match inner.last_mut() {
        Some((_, body)) if zones.enclosed && !body.nodes.is_empty() => {
            closers::closing_paragraphs(&mut body.nodes)
        }
        _ => closers::closing_paragraphs(&mut main.nodes),
    };
    let tail = tails(source, &zones.tails, &mut plan);

    let own = plan.header.number.clone();
    let mut finder = Finder::new(pages, own.as_deref());
    let mut path = Vec::new();
    title.iter().for_each(|p| finder.para(p, &[]));
    main.lead.iter().for_each(|p| finder.para(p, &[]));
    finder.nodes(&main.nodes, &mut path);
    for (i, body) in &inner {
        i.head.title.iter().chain(&i.note).chain(&body.lead).for_each(|p| finder.para(p, &[]));
        finder.nodes(&body.nodes, &mut path);
    }
    closing.iter().for_each(|p| finder.para(p, &[]));
    notes.iter().for_each(|n| finder.para(&n.text, &[]));
    let found = finder.done();
    (plan.references, plan.dates) = (found.references, found.dates);
    (plan.amounts, plan.abbreviations) = (found.amounts, found.abbreviations);
    let mut marks: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    for (number, spans) in found.marks {
        marks.entry(number).or_default().extend(spans);
    }

    record(pages, &main, &mut plan);
    fields(&mut plan, "preamble", &main.lead, pages);
    plan.preamble = main.lead.into_iter().map(|p| p.text).collect();
    plan.sections = tree::sections(pages, source.lines, main.nodes);
    for (i, body) in inner {
        record(pages, &body, &mut plan);
        let attached = attached(source, &i, body, &mut plan);
        plan.attached.push(attached);
    }
    fields(&mut plan, "closing", &closing, pages);
    plan.closing = closing.into_iter().map(|p| p.text).collect();
    plan.footnotes = notes
        .into_iter()
        .map(|n| {
            let mut all = n.sign.clone();
            all.append(n.text.clone());
            let marks = marks.remove(&n.mark).unwrap_or_default();
            Footnote { mark: n.mark.to_string(), text: n.text.text, marks, spans: all.spans(pages) }
        })
        .collect();
    // what is left over are marks that no note answers to
    warnings::marks(&marks, &mut plan);
    for zone in &zones.appendices {
        let found = appendix::read(pages, source.layout, source.lines, zone);
        plan.appendices.push(Appendix {
            label: found.label.map(|p| p.text),
            title: found.title.map(|p| p.text),
            columns: found.columns,
            rows: found.rows,
            spans: found.all.spans(pages),
        });
    }
    signature(source, tail, &mut plan);
    for (line, why) in source.lines.iter().zip(source.furniture) {
        if let Some(why) = why {
            let found = spans(pages, std::iter::once((line.page, line.range(0..line.text.len()))));
            plan.dropped.extend(found.into_iter().map(|s| Dropped {
                page: s.page,
                start: s.start,
                end: s.end,
                why: (*why).to_owned(),
            }));
        }
    }
    leftovers(pages, &mut plan);
    plan.dropped.sort_by_key(|d| (d.page, d.start, d.end));
    warnings::fields(&mut plan);
    plan
}

/// The address of a letter (`Kính gửi: ...` and its dashes) as paragraphs, and the lines of `body` below it.
fn address(lines: &[Line<'_>], body: &[usize]) -> (Vec<Para>, Vec<usize>) {
    let is_address = |i: &&usize| begins(&words(lines[**i].text), "kinh gui");
    if body.first().filter(is_address).is_none() {
        return (Vec::new(), body.to_vec());
    }
    let mut out: Vec<Para> = Vec::new();
    let mut at = 0;
    while let Some(&i) = body.get(at).filter(|_| at < 40) {
        let text = lines[i].text;
        let opens = at == 0 || text.starts_with(['-', '–', '+', '•']);
        let ended = out.last().is_some_and(|p| p.text.ends_with(['.', ';', ':']));
        match out.last_mut() {
            Some(last) if !opens && !ended && lines[i].blanks == 0 => last.push(lines, i, 0..text.len()),
            _ if opens => out.push(Para::of(lines, i, 0..text.len())),
            _ => break,
        }
        at += 1;
    }
    (out, body[at..].to_vec())
}

/// The tasks and the numbering's warnings of one body.
fn record(pages: &[RestoredPage], body: &Body, plan: &mut Plan) {
    tasks::find(pages, &body.nodes, &mut Vec::new(), &mut plan.tasks);
    for found in assignments::find(&body.nodes) {
        let mut own = found.node.marker.clone();
        own.append(found.node.text.clone());
        plan.assignments.push(Assignment {
            agency: found.agency,
            duties: found.duties,
            section: found.section,
            spans: own.spans(pages),
        });
    }
    warnings::numbering(pages, &body.nodes, &mut plan.warnings);
}

/// Notes where the paragraphs of `field` stand.
fn fields(plan: &mut Plan, field: &str, paras: &[Para], pages: &[RestoredPage]) {
    if !paras.is_empty() {
        plan.spans.insert(field.to_owned(), paras.iter().map(|p| p.spans(pages)).collect());
    }
}

fn header(source: &Source<'_>, head: &Head, dropped: &mut Vec<Dropped>) -> Header {
    let mut out = Header::default();
    let mut at: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    let mut put = |name: &str, para: Option<&Para>| {
        let para = para?;
        at.insert(name.to_owned(), para.spans(source.pages));
        Some(para.text.clone())
    };
    out.issuer_parent = put("issuer_parent", head.parent.as_ref());
    out.issuer = put("issuer", head.issuer.as_ref());
    out.place = put("place", head.place.as_ref());
    out.kind = put("kind", head.kind.as_ref());
    out.title = put("title", head.title.as_ref());
    let named = head.title.as_ref().and_then(|t| periods::of_title(&t.text));
    out.period = named.map(|f| Period { from: f.from, to: f.to });
    if let Some((para, number)) = &head.number {
        put("number", Some(para));
        out.number.clone_from(number);
    }
    if let Some((para, date)) = &head.date {
        put("date", Some(para));
        out.date.clone_from(date);
    }
    out.spans = at;
    for (para, why) in &head.dropped {
        source.drop(para, why, dropped);
    }
    out
}

/// The first end of the document that names someone; later ones are an attached document's own.
fn tails(source: &Source<'_>, zones: &[Vec<usize>], plan: &mut Plan) -> Tail {
    let width = |page: usize| source.pages.get(page).map_or(0.0, |p| p.page.width as f32);
    let mut first: Option<Tail> = None;
    for zone in zones {
        let tail = closing::read(source.lines, zone, width);
        let known = first
            .as_ref()
            .is_some_and(|t| t.signers.iter().any(|s| s.name.is_some()) || !t.recipients.is_empty());
        if !known && first.is_none() {
            first = Some(tail);
            continue;
        }
        let paras = tail.heading.iter().chain(tail.signers.iter().flat_map(|s| s.paras()));
        for para in paras.chain(tail.recipients.iter().map(|r| &r.0)).chain(&tail.dropped) {
            source.drop(para, "attached-signature", &mut plan.dropped);
        }
    }
    first.unwrap_or_default()
}

fn signature(source: &Source<'_>, tail: Tail, plan: &mut Plan) {
    let pages = source.pages;
    let parts: Vec<Para> = tail.recipients.iter().map(|r| r.0.clone()).collect();
    fields(plan, "recipients", &parts, pages);
    plan.recipients = tail.recipients.into_iter().map(|r| r.1).collect();
    for para in tail.heading.iter().chain(&tail.dropped) {
        source.drop(para, "signature-block", &mut plan.dropped);
    }
    let mut signatures = tail.signers.into_iter().map(|signer| {
        let spans = signer.paras().flat_map(|p| p.spans(pages)).collect();
        let [authority, position, name] =
            [signer.authority, signer.position, signer.name].map(|p| p.map(|p| p.text));
        Signature { authority, position, name, spans }
    });
    plan.signature = signatures.next().unwrap_or_default();
    plan.cosigners = signatures.collect();
}

fn attached(source: &Source<'_>, inner: &Inner, body: Body, plan: &mut Plan) -> Attached {
    let pages = source.pages;
    let mut out = Attached::default();
    let mut put = |name: &str, paras: &[&Para]| {
        let spans: Vec<Span> = paras.iter().flat_map(|p| p.spans(pages)).collect();
        if !spans.is_empty() {
            out.spans.insert(name.to_owned(), spans);
        }
    };
    put("kind", &inner.head.kind.iter().collect::<Vec<_>>());
    put("title", &inner.head.title.iter().collect::<Vec<_>>());
    put("note", &inner.note.iter().collect::<Vec<_>>());
    let text = |p: &Option<Para>| p.as_ref().map(|p| p.text.clone());
    out.kind = text(&inner.head.kind);
    out.title = text(&inner.head.title);
    out.note = text(&inner.note);
    let head = &inner.head;
    let own = head.parent.iter().chain(&head.issuer).chain(&head.place);
    let own = own.chain(head.number.iter().map(|n| &n.0)).chain(head.date.iter().map(|d| &d.0));
    for para in own.chain(head.dropped.iter().map(|d| &d.0)) {
        source.drop(para, "attached-letterhead", &mut plan.dropped);
    }
    // a lead of an attached plan has no field of its own: it goes before the first item
    let mut nodes = body.nodes;
    place_lead(body.lead, &mut nodes);
    out.sections = tree::sections(pages, source.lines, nodes);
    out
}

/// Keeps paragraphs before the first item of an attached document as an item without a label.
fn place_lead(lead: Vec<Para>, nodes: &mut Vec<Node>) {
    let mut lead = lead.into_iter();
    let Some(first) = lead.next() else { return };
    nodes.insert(0, Node::unlabelled(first, lead.collect()));
}

/// Lists every non-white stretch of the raw pages that no span of the plan covers.
fn leftovers(pages: &[RestoredPage], plan: &mut Plan) {
    let mut covered = account::places(plan);
    covered.sort_unstable();
    let mut next = covered.into_iter().peekable();
    for page in pages {
        let (number, raw) = (page.page.number, page.page.raw.as_str());
        let mut at = 0;
        let mut gap = |from: usize, to: usize| {
            let Some(text) = raw.get(from..to) else { return };
            let start = from + (text.len() - text.trim_start().len());
            if !text.trim().is_empty() {
                let end = start + text.trim().len();
                plan.dropped.push(Dropped { page: number, start, end, why: "unplaced".to_owned() });
            }
        };
        while let Some(span) = next.next_if(|s| s.page <= number) {
            if span.page == number {
                gap(at, span.start.max(at));
                at = at.max(span.end);
            }
        }
        gap(at, raw.len());
    }
}
