//! The title (trích yếu) below the kind: how many lines it takes.

use super::breaks::capitals;
use super::fold::{begins, words};
use super::header::Head;
use super::lines::{Layout, Line};
use super::markers;
use super::paragraphs::Para;
use super::rules::opens_body;

/// Folded beginnings of what follows a title.
const PREAMBLE: [&str; 22] = [
    "can cu",
    "thuc hien nghi",
    "thuc hien ke hoach",
    "thuc hien chi thi",
    "thuc hien cong van",
    "thuc hien quyet dinh",
    "thuc hien chuong trinh",
    "thuc hien huong dan",
    "thuc hien thong",
    "xet de nghi",
    "xet ",
    "theo de nghi",
    "de ",
    "nham ",
    "tiep tuc thuc hien",
    "thoi gian qua",
    "trong thoi gian",
    "kinh gui",
    "thuc hien su",
    "thuc hien luat",
    "thuc hien nghi dinh",
    "trien khai thuc hien nghi",
];

fn opens_preamble(text: &str) -> bool {
    let said = words(text) + " ";
    PREAMBLE.iter().any(|p| said.starts_with(p)) || begins(said.trim_end(), "can cu")
}

/// Adds the title's lines.
pub(super) fn take_title(
    layout: &Layout,
    lines: &[Line<'_>],
    live: &[usize],
    head: &mut Head,
    title: &mut Para,
) {
    while let Some(&index) = live.get(head.len) {
        let line = &lines[index];
        let prev = &lines[live[head.len - 1]];
        let first = title.text.is_empty();
        let said = words(line.text);
        let marked = markers::readings(line.text).iter().any(|r| r.cost < 0.5);
        if marked || line.text.contains("---") || begins(&said, "can cu") || line.text.starts_with('(') {
            return;
        }
        let loose = title.text.ends_with([',', '-', '–']) || ends_open(&title.text);
        if !first && !loose && capitals(line.text) && signs_as(lines, live, head.len) {
            return;
        }
        if !first {
            let lower = line.text.chars().next().is_some_and(char::is_lowercase);
            let full =
                layout.slack(prev, line.text.split(' ').next().map_or(0, |w| w.chars().count())) < 0.05;
            let same_case = capitals(&title.text) == capitals(line.text);
            let centred = layout.centred(line);
            let goes_on = if layout.unwrapped {
                lower || last_of_title(lines, live, head.len)
            } else {
                lower
                    || loose
                    || last_of_title(lines, live, head.len)
                    || (same_case
                        && !opens_preamble(line.text)
                        && (centred == Some(true) || full && line.blanks == 0))
                    || (same_case && capitals(line.text) && line.blanks == 0 && !opens_body(line.text))
            };
            if !goes_on || (centred == Some(false) && !lower) || title.bits.len() > 7 {
                return;
            }
        }
        title.push(lines, index, 0..line.text.len());
        head.len += 1;
    }
}

/// Lines of a title below its first that are looked at.
const TITLE_REACH: usize = 4;

/// Whether the lines from `at` on belong to a title: they end in no mark, as the paragraphs below a title do, and what
/// comes after them opens the preamble or the first item.
fn last_of_title(lines: &[Line<'_>], live: &[usize], at: usize) -> bool {
    for (k, &index) in live[at..].iter().enumerate().take(TITLE_REACH) {
        let line = &lines[index];
        let opens = opens_preamble(line.text)
            || line.text.contains("---")
            || markers::readings(line.text).iter().any(|r| r.cost < 0.5);
        if opens {
            return k > 0;
        }
        let said = words(line.text);
        let acts = [" xay dung", " ban hanh", " trien khai", " to chuc", " lap ke hoach", " thong bao"]
            .iter()
            .any(|verb| said.contains(verb));
        if line.text.ends_with(['.', ';', ':', ',', '/'])
            || line.blanks > 1
            || line.len > 150
            || acts && opens_body(line.text)
        {
            return false;
        }
    }
    false
}

/// Whether the line at `at` says who decides (`CHỦ TỊCH ỦY BAN NHÂN DÂN ...` above the bases of a decision).
fn signs_as(lines: &[Line<'_>], live: &[usize], at: usize) -> bool {
    let text = |k: usize| live.get(k).map_or("", |i| lines[*i].text);
    let named = super::signers::begins_position(text(at)) || opens_body(text(at));
    // a long name goes on in the next line
    let based = (at + 1..at + 4)
        .take_while(|k| *k == at + 1 || capitals(text(k - 1)))
        .any(|k| opens_preamble(text(k)));
    named && based
}

/// Whether a title cannot end here: `... trên địa bàn`, `... của`.
fn ends_open(text: &str) -> bool {
    let last = words(text.rsplit(' ').next().unwrap_or(""));
    ["va", "cua", "ve", "cho", "tai", "theo", "ban", "tren", "cac", "den", "giai", "nam", "voi"]
        .contains(&last.as_str())
}
