//! The plan as Markdown (CommonMark with pipe tables), for readers and for tools that take nothing else.
//!
//! Items that are headings become headings, other items become lists nested as they are; recipients, tasks and appendices
//! follow. Nothing in a document's text is taken for markup: signs that Markdown gives a meaning to are escaped.

use crate::model::Plan;
use crate::model::plan::{Appendix, Section};

use super::facts::facts;
use super::walk::{Step, is_heading, walk};

/// Deepest list that is indented further.
const DEEPEST: usize = 12;

/// `plan` as Markdown, ending in a newline.
///
/// ```
/// let plan = sohoa::parse::parse_text("KẾ HOẠCH\nTrồng cây\n\nI. MỤC ĐÍCH\n1. Phủ xanh đất trống.\n");
/// let text = sohoa::emit::markdown(&plan);
/// assert!(text.starts_with("# KẾ HOẠCH: Trồng cây\n"));
/// assert!(text.contains("\n## I. MỤC ĐÍCH\n") && text.contains("\n- 1\\. Phủ xanh đất trống.\n"));
/// ```
#[must_use]
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::new();
    let head = &plan.header;
    let title: Vec<&str> = [&head.kind, &head.title].into_iter().flatten().map(String::as_str).collect();
    if !title.is_empty() {
        block(&mut out, &format!("# {}", escape(&title.join(": "))));
    }
    for (name, value) in facts(head) {
        out.push_str(&format!("- **{name}:** {}\n", escape(value)));
    }
    plan.preamble.iter().for_each(|p| block(&mut out, &escape(p)));
    items(&plan.sections, 0, &mut out);
    for attached in &plan.attached {
        let name: Vec<&str> =
            [&attached.kind, &attached.title].into_iter().flatten().map(String::as_str).collect();
        block(&mut out, &format!("# {}", escape(&name.join(": "))));
        attached.note.iter().for_each(|n| block(&mut out, &format!("*{}*", escape(n))));
        items(&attached.sections, 0, &mut out);
    }
    plan.closing.iter().for_each(|p| block(&mut out, &escape(p)));
    if !plan.recipients.is_empty() {
        block(&mut out, "**Nơi nhận:**");
        out.push('\n');
        plan.recipients.iter().for_each(|r| out.push_str(&format!("- {}\n", escape(r))));
    }
    for line in plan.signatures().flat_map(|s| s.lines()) {
        block(&mut out, &format!("**{}**", escape(line)));
    }
    plan.appendices.iter().for_each(|a| appendix(a, &mut out));
    for note in &plan.footnotes {
        block(&mut out, &format!("[^{}]: {}", escape(&note.mark), escape(&note.text)));
    }
    let start = out.len() - out.trim_start_matches('\n').len();
    out.split_off(start)
}

/// A paragraph or heading with a blank line before it.
fn block(out: &mut String, text: &str) {
    out.push('\n');
    out.push_str(text);
    out.push('\n');
}

fn items(sections: &[Section], above: usize, out: &mut String) {
    // how deep in lists each open item is; 0 for headings
    let mut lists: Vec<usize> = Vec::new();
    walk(sections, |step| {
        let Step::Open(depth, item) = step else { return };
        lists.truncate(depth);
        let list = lists.last().copied().unwrap_or(0);
        let text = escape(&format!("{} {}", item.marker, item.text));
        if list == 0 && depth < 5 && is_heading(item) {
            block(
                out,
                &format!("{} {}", "#".repeat((depth + 2 + above).min(6)), text.trim().replace("\\.", ".")),
            );
            item.paragraphs.iter().for_each(|p| block(out, &escape(p)));
            lists.push(0);
        } else {
            if list == 0 && !out.ends_with("\n\n") && !last_is_item(out) {
                out.push('\n');
            }
            let pad = "  ".repeat(list.min(DEEPEST));
            out.push_str(&format!("{pad}- {}\n", text.trim()));
            for p in &item.paragraphs {
                out.push_str(&format!("\n{pad}  {}\n", escape(p)));
            }
            lists.push(list + 1);
        }
    });
}

/// Whether the last line is an item of a list.
fn last_is_item(out: &str) -> bool {
    out.trim_end().rsplit('\n').next().is_some_and(|l| l.trim_start().starts_with("- "))
}

fn appendix(table: &Appendix, out: &mut String) {
    let name: Vec<&str> = [&table.label, &table.title].into_iter().flatten().map(String::as_str).collect();
    if !name.is_empty() {
        block(out, &format!("## {}", escape(&name.join(": "))));
    }
    let width = table.rows.iter().map(Vec::len).chain([table.columns.len()]).max().unwrap_or(0);
    if width < 2 {
        table.columns.iter().chain(table.rows.iter().flatten()).for_each(|c| block(out, &escape(c)));
        return;
    }
    out.push('\n');
    let mut row = |cells: &[String]| {
        for k in 0..width {
            out.push_str("| ");
            out.push_str(&escape(cells.get(k).map_or("", String::as_str)).replace('|', "\\|"));
            out.push(' ');
        }
        out.push_str("|\n");
    };
    row(&table.columns);
    row(&vec!["---".to_owned(); width]);
    table.rows.iter().for_each(|r| row(r));
}

/// `text` on one line, with the signs escaped that Markdown would take for markup.
fn escape(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line == "---" {
        return line;
    }
    let mut out = String::with_capacity(line.len() + 8);
    for (i, c) in line.char_indices() {
        let before = &line[..i];
        let opens = i == 0 && matches!(c, '#' | '>' | '+' | '-' | '=' | '~' | '|');
        // "1. " and "1) " at the head of a line are lists
        let numbers = matches!(c, '.' | ')')
            && !before.is_empty()
            && before.bytes().all(|b| b.is_ascii_digit())
            && line[i + 1..].starts_with(' ');
        if opens || numbers || matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escape("1. *Một* <b> [x](y) a_b"), "1\\. \\*Một\\* \\<b> \\[x\\](y) a\\_b");
        assert_eq!(escape("# Tiêu đề\n- hai"), "\\# Tiêu đề - hai");
        assert_eq!(escape("- ba"), "\\- ba");
    }
}
