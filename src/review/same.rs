//! Where else a word stands that a person decided about: read the same, and made the same of.

use std::ops::Range;

use crate::model::RestoredPage;

/// The places of words on `page`, as the machine left it, that were read as `raw` and became `machine`.
#[must_use]
pub fn on(page: &RestoredPage, raw: &str, machine: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = page
        .words
        .iter()
        .filter(|w| {
            page.page.raw.get(w.raw.clone()) == Some(raw)
                && page.text.get(w.restored.clone()) == Some(machine)
        })
        .map(|w| w.raw.clone())
        .collect();
    if raw == machine && !raw.is_empty() {
        let text = &page.page.raw;
        for (start, _) in text.match_indices(raw) {
            let at = start..start + raw.len();
            let free = !page.words.iter().any(|w| w.raw.start < at.end && at.start < w.raw.end);
            if free && is_word(text, &at) {
                out.push(at);
            }
        }
    }
    out.sort_by_key(|at| at.start);
    out
}

/// Whether no letter or digit stands right before or after.
fn is_word(text: &str, at: &Range<usize>) -> bool {
    let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !joined(text[..at.start].chars().next_back()) && !joined(text[at.end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::review::MachineWord;
    use crate::model::{Decision, Page};

    #[test]
    fn the_same_word_elsewhere() {
        let page = Page::from_text(1, Decision::Text, "cich, cich Tan Tana Tan\ncich");
        let word = |start: usize, text: &str| MachineWord {
            start,
            end: start + 4,
            text: text.into(),
            confidence: 0.5,
            runner_up: None,
            doubtful: true,
        };
        let page = RestoredPage::of_words(page, &[word(0, "cách"), word(6, "kích"), word(24, "cách")]);
        assert_eq!(on(&page, "cich", "cách"), [0..4, 24..28]);
        assert_eq!(on(&page, "Tan", "Tan"), [11..14, 20..23]);
        assert!(on(&page, "cich", "cich").is_empty());
    }
}
