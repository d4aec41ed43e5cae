//! The words and tables of the report.

use std::fmt::Write as _;

use super::format::{count, moment, share, span};
use super::{Group, Run, Totals, Worst};
use crate::emit::escape;

/// When the run was, and what it did.
pub(super) fn run(run: &Run, out: &mut String) {
    let whole = if run.whole { "" } else { " (chưa kết thúc <i>not ended, or killed</i>)" };
    let _ = writeln!(
        out,
        "<p>Lần chạy cuối <i>Last run</i>: {}, {}{whole}; {} tài liệu <i>documents</i>, {} lỗi <i>failed</i>; {}</p>",
        moment(run.started),
        span(run.ended - run.started),
        count(run.done),
        count(run.failed),
        escape(&run.tool)
    );
}

/// The large figures.
pub(super) fn totals(totals: &Totals, out: &mut String) {
    out.push_str("<ul class=\"tiles\">\n");
    let done = totals.done + totals.warned;
    for (n, class, vietnamese, english) in [
        (totals.documents, "", "tài liệu", "documents"),
        (done, "", "đã số hóa", "done"),
        (totals.warned, "", "có cảnh báo", "with warnings"),
        (totals.failed, if totals.failed > 0 { "poor" } else { "" }, "lỗi", "failed"),
        (totals.pages, "", "trang", "pages"),
        (totals.words, "", "từ", "words"),
    ] {
        let _ = writeln!(out, "<li><b class=\"{class}\">{}</b>{vietnamese} <i>{english}</i></li>", count(n));
    }
    let _ = writeln!(
        out,
        "<li><b>{}</b>từ cần xem lại <i>of the words doubtful ({})</i></li>\n</ul>",
        share(totals.doubtful, totals.words),
        count(totals.doubtful)
    );
}

/// How many documents have which grade.
pub(super) fn grades(totals: &Totals, out: &mut String) {
    let all = totals.grades.iter().sum();
    let [good, fair, poor] =
        totals.grades.map(|n| format!("<b>{}</b>&nbsp;<i>({})</i>", count(n), share(n, all)));
    let _ = writeln!(
        out,
        "<p><span class=\"good\">tốt</span> <i>good</i> {good}, <span class=\"fair\">khá</span> <i>fair</i> {fair}, \
         <span class=\"poor\">kém</span> <i>poor</i> {poor}</p>"
    );
}

/// The documents to look at first, each with the words that are least certain.
pub(super) fn worst(worst: &[Worst], out: &mut String) {
    if worst.is_empty() {
        out.push_str("<p>Không có: mọi tài liệu đều tốt. <i>None: all documents are good.</i></p>\n");
        return;
    }
    out.push_str(
        "<table>\n<thead><tr><th>Tài liệu <i>Document</i></th><th class=\"n wide\">Trang <i>Pages</i></th>\
         <th class=\"n\">Cần xem <i>Doubtful</i></th><th>Từ <i>Words (page)</i></th></tr></thead>\n<tbody>\n",
    );
    for document in worst {
        let grade = match document.grade.as_str() {
            "good" => "good",
            "fair" => "fair",
            _ => "poor",
        };
        let warnings = match document.warnings {
            0 => String::new(),
            n => format!(" <i>{} cảnh báo warnings</i>", count(n)),
        };
        let _ = write!(
            out,
            "<tr><td><a href=\"{}.txt\">{}</a> <span class=\"{grade}\">{grade}</span>{warnings}</td><td class=\"n wide\">{}</td>\
             <td class=\"n\">{}<br><i>{}</i></td><td class=\"words\">",
            address(&document.name),
            escape(&document.path),
            count(document.pages),
            count(document.doubtful),
            share(document.doubtful, document.words)
        );
        for word in &document.examples {
            let _ = write!(out, "<span>{} <small>({})</small></span> ", escape(&word.text), word.page);
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

/// Inputs with the same fate, some of each by name.
pub(super) fn groups(groups: &[Group], none: &str, out: &mut String) {
    if groups.is_empty() {
        let _ = writeln!(out, "<p>{none}</p>");
    }
    for group in groups {
        let _ = writeln!(out, "<h3>{}: {}</h3>", escape(&group.what), count(group.count));
        if group.examples.is_empty() {
            continue;
        }
        out.push_str("<table>\n<tbody>\n");
        for (path, message) in &group.examples {
            let _ = writeln!(out, "<tr><td>{}</td><td>{}</td></tr>", escape(path), escape(message));
        }
        out.push_str("</tbody>\n</table>\n");
        let rest = group.count.saturating_sub(group.examples.len() as u64);
        if rest > 0 {
            let _ = writeln!(out, "<p>… và {0} nữa <i>and {0} more</i></p>", count(rest));
        }
    }
}

/// A path as the address of a file beside the report.
fn address(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}
