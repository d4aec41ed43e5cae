//! The plan as one HTML page that needs nothing else: for looking at, for printing, for search engines of an intranet.
//!
//! Each item is a `section` with an `id` made of its path of labels (`s-III-2-a`) and its path in `data-path`, so that
//! links can lead to it and scripts can find it. All text is escaped; the page holds no script and loads nothing.

use crate::model::Plan;
use crate::model::plan::{Appendix, Section};

use super::facts::facts;
use super::walk::{Step, is_heading, walk};

const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.5 serif}\
section section{margin-left:1.2rem}h1,h2,h3,h4,h5,h6{font-size:1rem;margin:.8rem 0 .3rem}h1{font-size:1.3rem;text-align:center}\
p{margin:.3rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dd{margin:0}\
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid;padding:.2rem .5rem;text-align:left;vertical-align:top}";

/// `plan` as an HTML page, ending in a newline.
///
/// ```
/// let plan = sohoa::parse::parse_text("KẾ HOẠCH\nTrồng cây\n\nI. MỤC ĐÍCH\n1. Phủ xanh <đất> trống.\n");
/// let page = sohoa::emit::html(&plan);
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("id=\"s-I-1\""));
/// assert!(page.contains("Phủ xanh &lt;đất&gt; trống."));
/// ```
#[must_use]
pub fn html(plan: &Plan) -> String {
    page(std::slice::from_ref(plan))
}

/// Several plans as one page, one `article` each.
#[must_use]
pub fn page(plans: &[Plan]) -> String {
    let name = plans.first().map(|p| [&p.header.kind, &p.header.title]);
    let name: Vec<&str> = name.into_iter().flatten().flatten().map(String::as_str).collect();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        escape(&name.join(": "))
    );
    for (k, plan) in plans.iter().enumerate() {
        // ids are unique on a page
        let prefix = if k == 0 { "s".to_owned() } else { format!("d{}", k + 1) };
        article(plan, &prefix, &mut out);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn article(plan: &Plan, prefix: &str, out: &mut String) {
    let head = &plan.header;
    out.push_str("<article>\n<header>\n<dl>\n");
    for (name, value) in facts(head) {
        out.push_str(&format!("<dt>{name}</dt><dd>{}</dd>\n", escape(value)));
    }
    out.push_str("</dl>\n");
    let title: Vec<String> = [&head.kind, &head.title].into_iter().flatten().map(|t| escape(t)).collect();
    out.push_str(&format!("<h1>{}</h1>\n</header>\n", title.join("<br>")));
    paragraphs(&plan.preamble, out);
    items(&plan.sections, prefix, out);
    for (k, attached) in plan.attached.iter().enumerate() {
        let title: Vec<String> =
            [&attached.kind, &attached.title].into_iter().flatten().map(|t| escape(t)).collect();
        out.push_str(&format!("<h1>{}</h1>\n", title.join("<br>")));
        paragraphs(attached.note.iter(), out);
        items(&attached.sections, &format!("{prefix}-attached{}", k + 1), out);
    }
    paragraphs(&plan.closing, out);
    out.push_str("<footer>\n");
    if !plan.recipients.is_empty() {
        out.push_str("<p>Nơi nhận:</p>\n<ul>\n");
        plan.recipients.iter().for_each(|r| out.push_str(&format!("<li>{}</li>\n", escape(r))));
        out.push_str("</ul>\n");
    }
    plan.signatures().for_each(|s| paragraphs(s.lines(), out));
    out.push_str("</footer>\n");
    plan.appendices.iter().for_each(|a| appendix(a, out));
    for note in &plan.footnotes {
        out.push_str(&format!("<p><sup>{}</sup> {}</p>\n", escape(&note.mark), escape(&note.text)));
    }
    out.push_str("</article>\n");
}

fn paragraphs<'p>(paragraphs: impl IntoIterator<Item = &'p String>, out: &mut String) {
    paragraphs.into_iter().for_each(|p| out.push_str(&format!("<p>{}</p>\n", escape(p))));
}

fn items(sections: &[Section], prefix: &str, out: &mut String) {
    let mut path: Vec<&str> = Vec::new();
    // an author may repeat a number: an id may not
    let mut seen: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    walk(sections, |step| match step {
        Step::Open(depth, item) => {
            path.truncate(depth);
            path.push(&item.label);
            let shown = path.join("/");
            let mut id = format!("{prefix}-{}", path.iter().map(|l| slug(l)).collect::<Vec<_>>().join("-"));
            let count = seen.entry(id.clone()).or_default();
            *count += 1;
            if *count > 1 {
                id.push_str(&format!("_{count}"));
            }
            out.push_str(&format!("<section id=\"{}\" data-path=\"{}\">\n", escape(&id), escape(&shown)));
            let text = escape(&format!("{} {}", item.marker, item.text));
            let tag = if is_heading(item) { format!("h{}", (depth + 2).min(6)) } else { "p".to_owned() };
            out.push_str(&format!("<{tag}>{}</{tag}>\n", text.trim()));
            paragraphs(&item.paragraphs, out);
        }
        Step::Close => out.push_str("</section>\n"),
    });
}

/// A label as part of an `id`.
fn slug(label: &str) -> String {
    let name: String = label
        .chars()
        .map(|c| match c {
            '-' | '–' => '~',
            c if c.is_alphanumeric() || matches!(c, '.' | '+' | '*' | '=' | '•') => c,
            _ => '_',
        })
        .collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

fn appendix(table: &Appendix, out: &mut String) {
    let name: Vec<String> = [&table.label, &table.title].into_iter().flatten().map(|t| escape(t)).collect();
    out.push_str(&format!("<section>\n<h2>{}</h2>\n<table>\n", name.join(": ")));
    for (row, tag) in std::iter::once((&table.columns, "th"))
        .chain(table.rows.iter().map(|r| (r, "td")))
        .filter(|r| !r.0.is_empty())
    {
        out.push_str("<tr>");
        row.iter().for_each(|c| out.push_str(&format!("<{tag}>{}</{tag}>", escape(c))));
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n</section>\n");
}

/// `text` as it stands between tags and in attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // no control character is allowed in HTML but white space
            c if c.is_control() && !c.is_whitespace() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
