//! Mines the parts of document symbols (`12/2008/QĐ-UBND`: QĐ, UBND) from the corpora.

use std::collections::BTreeMap;

use super::corpus::Corpus;
use crate::restore::token::{self, Class};

/// Parts seen fewer times are slips.
const LEAST: u32 = 5;

/// Returns the text of `symbols.tsv`.
#[must_use]
pub fn learn(corpora: &[Corpus]) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for token in corpora.iter().flat_map(Corpus::paragraphs).flat_map(str::split_whitespace) {
        let (lead, trail) = token::trim_marks(token);
        let core = &token[lead..token.len() - trail];
        if token::class_of(core) != Class::Symbol {
            continue;
        }
        for part in core.split(['/', '-']).skip(1) {
            let short = (1..=12).contains(&part.chars().count());
            if short && token::is_word(part) && part.chars().next().is_some_and(char::is_uppercase) {
                *counts.entry(part).or_default() += 1;
            }
        }
    }
    let mut out = String::from("# part of a symbol\toccurrences\n");
    for (part, n) in counts.into_iter().filter(|(_, n)| *n >= LEAST) {
        out += &format!("{part}\t{n}\n");
    }
    out
}
