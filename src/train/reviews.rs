//! What an archive's own reviews teach: its words and names, and what its scans make of letters.
//!
//! * **Words and names** (`words.txt`, as `--dictionary` reads it): words that persons wrote or confirmed and that the lexicon lacks, and names: the run of
//!   capitalised words that such a word stands in. A name that is known supports all its syllables, so the next document has it right where
//!   this one did not.
//! * **Pairs** (`pairs.tsv`, as `train channel` reads it): each word as it was read and as it truly is, with the document's name.
//!
//! Limits: a first word of a sentence before a name is taken for a part of it; words with digits or signs are no words of a dictionary.

use std::collections::BTreeMap;
use std::path::Path;

use crate::batch::Archive;
use crate::emit::Target;
use crate::model::page::words_of;
use crate::model::review::{Review, ReviewKind, Verdict, machine_pages};
use crate::model::{Plan, RestoredPage};
use crate::restore::lexicon::Lexicon;
use crate::restore::{OwnWords, token};

/// A name has so many syllables at most, as [`crate::restore::own`] has it.
const LONGEST: usize = 6;

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Words and names, one a line, in order.
    pub words: String,
    /// Pairs of observed and true words, with the document's name, parted by tabs.
    pub pairs: String,
    /// From how many documents.
    pub documents: usize,
    /// From how many decisions.
    pub decisions: usize,
}

/// Learns from all that was decided in the OUT at `out`.
///
/// # Errors
/// When it holds no documents, for people.
pub fn learn(out: &Path, lexicon: &Lexicon) -> Result<Learned, String> {
    let archive = Archive::open(out, None).map_err(|error| error.to_string())?;
    let mut learned = Learned::default();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for listed in archive.documents().map_err(|error| error.to_string())? {
        let Ok(target) = Target::new(&listed.name) else { continue };
        if archive.log(&target).version() == 0 {
            continue;
        }
        let plan = archive.plan(&target)?;
        if !plan.reviews.is_empty() {
            learned.documents += 1;
            learned.decisions += plan.reviews.len();
            from_plan(&plan, lexicon, &mut names, &mut learned.pairs);
        }
    }
    let usable = |name: &&String| OwnWords::parse("", name).is_ok_and(|own| !own.is_empty());
    learned.words = names.keys().filter(usable).map(|name| format!("{name}\n")).collect();
    Ok(learned)
}

fn from_plan(plan: &Plan, lexicon: &Lexicon, names: &mut BTreeMap<String, usize>, pairs: &mut String) {
    for machine in machine_pages(plan) {
        let number = machine.page.number;
        let here: Vec<&Review> = plan.reviews.iter().filter(|review| review.page == Some(number)).collect();
        let verdicts: Vec<Verdict> = here
            .iter()
            .filter_map(|r| Some(Verdict { raw: r.start?..r.end?, text: r.text.clone().unwrap_or_default() }))
            .collect();
        if verdicts.is_empty() {
            continue;
        }
        let page = machine.reviewed(&verdicts).page;
        for verdict in &verdicts {
            let raw = page.page.raw.get(verdict.raw.clone()).unwrap_or_default();
            if !verdict.text.is_empty() && !raw.contains(char::is_whitespace) && !verdict.text.contains(' ') {
                pairs.push_str(&format!("{}\t{raw}\t{}\n", plan.source.path, verdict.text));
            }
            for name in worth_knowing(&page, verdict, lexicon) {
                *names.entry(name).or_default() += 1;
            }
        }
    }
    let fields = plan.reviews.iter().filter(|r| r.kind == ReviewKind::Field);
    for field in fields.filter(|r| r.path.as_deref().is_some_and(|path| path.ends_with("/name"))) {
        if let Some(name) = field.text.as_ref().filter(|name| name.contains(' ')) {
            names.insert(name.clone(), 1);
        }
    }
}

/// The word itself if the lexicon lacks it, and the name that it stands in.
fn worth_knowing(page: &RestoredPage, verdict: &Verdict, lexicon: &Lexicon) -> Vec<String> {
    let Some(word) = page.words.iter().find(|w| w.raw == verdict.raw) else { return Vec::new() };
    let start = page.text[..word.restored.start].rfind('\n').map_or(0, |at| at + 1);
    let end =
        page.text[word.restored.start..].find('\n').map_or(page.text.len(), |at| word.restored.start + at);
    let words: Vec<std::ops::Range<usize>> = words_of(&page.text[start..end], start).collect();
    let Some(at) = words
        .iter()
        .position(|w| w.start < word.restored.end.max(w.start + 1) && word.restored.start < w.end)
    else {
        return Vec::new();
    };
    let core = |i: usize| page.text[words[i].clone()].trim_matches(|c: char| !c.is_alphanumeric());
    let ends = |i: usize| page.text[words[i].clone()].ends_with(|c: char| !c.is_alphanumeric());
    let begins = |i: usize| page.text[words[i].clone()].starts_with(|c: char| !c.is_alphanumeric());
    let is_name = |i: usize| {
        let mut letters = core(i).chars();
        token::is_word(core(i))
            && letters.next().is_some_and(char::is_uppercase)
            && (letters.clone().next().is_none() || letters.any(char::is_lowercase))
    };
    let mut out = Vec::new();
    if token::is_word(core(at)) && lexicon.id(&token::canonical(core(at))).is_none() {
        out.push(core(at).to_owned());
    }
    if is_name(at) {
        let (mut from, mut to) = (at, at);
        while from > 0 && to - from + 1 < LONGEST && is_name(from - 1) && !ends(from - 1) && !begins(from) {
            from -= 1;
        }
        while to + 1 < words.len()
            && to - from + 1 < LONGEST
            && is_name(to + 1)
            && !ends(to)
            && !begins(to + 1)
        {
            to += 1;
        }
        if to > from {
            out.push((from..=to).map(core).collect::<Vec<_>>().join(" "));
        }
    }
    out
}
