//! Taking old text out of a content stream without changing how the page looks.
//!
//! * Text that is shown invisibly (`Tr 3`) is cut out, with the steps between its strings; whatever else its text object does to the
//!   graphics state stays.
//! * Other text cannot be cut without a change to the page. It is put between marks that say that it reads as nothing (`ActualText`).
//!
//! All other bytes stay as they are. Text in Type 3 fonts counts as visible, since the mode does not hold for it. Forms are asked for
//! by name: who knows the resources cleans them likewise and says by which name they go then.
//!
//! Limits: an `ActualText` that stands around visible text from before is not taken out; text in patterns and annotations is not looked at.

use std::ops::Range;

use super::scan::{Operation, Operations};

/// As much of the graphics state as decides whether text is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// The rendering mode is 3.
    pub invisible: bool,
    /// The font is of Type 3, or nobody knows.
    pub type3: bool,
}

/// What names stand for where the content is.
pub(super) trait Resources {
    /// Whether the font is of Type 3.
    fn is_type3(&self, font: &[u8]) -> bool;
    /// Whether a dictionary of graphics state sets a font.
    fn sets_font(&self, state: &[u8]) -> bool;
    /// The new name of a form that was cleaned; none if the name is no form or it had nothing to clean.
    fn form(&mut self, name: &[u8], state: State) -> Option<Vec<u8>>;
}

const MARK: &[u8] = b"/Span<</ActualText()>>BDC ";
const END_OF_MARK: &[u8] = b" EMC";

/// `content`, which begins in `state`, cleaned; none where there is nothing to clean.
pub(super) fn clean(content: &[u8], state: State, resources: &mut impl Resources) -> Option<Vec<u8>> {
    let mut cleaner = Cleaner { content, state, saved: Vec::new(), block: None, edits: Vec::new() };
    for operation in Operations::of(content) {
        cleaner.take(&operation, resources);
    }
    cleaner.end_block();
    let mut edits = cleaner.edits;
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|edit| (edit.0.start, edit.0.end));
    let mut out = Vec::with_capacity(content.len());
    let mut done = 0;
    for (at, new) in edits {
        if at.start < done {
            continue; // inside what is cut already
        }
        out.extend(&content[done..at.start]);
        out.extend(new);
        done = at.end;
    }
    out.extend(&content[done..]);
    Some(out)
}

struct Cleaner<'c> {
    content: &'c [u8],
    state: State,
    saved: Vec<State>,
    block: Option<Vec<Event>>,
    edits: Vec<(Range<usize>, Vec<u8>)>,
}

/// What happens in a text object.
enum Event {
    /// A string is shown: where, what has to stay of it if it is cut, and whether it is seen.
    Shown(Range<usize>, Vec<u8>, bool),
    /// A step to another place.
    Moved(Range<usize>),
    /// A mark begins or ends.
    Marked,
}

impl Cleaner<'_> {
    fn take(&mut self, operation: &Operation, resources: &mut impl Resources) {
        let operand = |i: usize| operation.operands.get(i).map_or(&b""[..], |at| &self.content[at.clone()]);
        let name = |i: usize| operand(i).strip_prefix(b"/").unwrap_or_default();
        match &self.content[operation.operator.clone()] {
            b"q" => self.saved.push(self.state),
            b"Q" => self.state = self.saved.pop().unwrap_or(self.state),
            b"BT" => {
                self.block.get_or_insert_default();
            }
            b"ET" => self.end_block(),
            b"Tr" => self.state.invisible = operand(0) == b"3",
            b"Tf" => self.state.type3 = resources.is_type3(name(0)),
            b"gs" => self.state.type3 |= resources.sets_font(name(0)),
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                // the last of these also sets two spacings, for what comes after
                let kept = match operation.operands.as_slice() {
                    [word, character, _] => {
                        [&self.content[word.clone()], b" Tw ", &self.content[character.clone()], b" Tc"]
                            .concat()
                    }
                    _ => Vec::new(),
                };
                let seen = !self.state.invisible || self.state.type3;
                let shown = Event::Shown(operation.whole(), kept, seen);
                match &mut self.block {
                    Some(block) => block.push(shown),
                    None => {
                        self.block = Some(vec![shown]);
                        self.end_block();
                    }
                }
            }
            b"Td" | b"Tm" | b"T*" => self.event(Event::Moved(operation.whole())),
            b"BMC" | b"BDC" | b"EMC" => self.event(Event::Marked),
            b"Do" => {
                if let (Some(new), Some(at)) =
                    (resources.form(name(0), self.state), operation.operands.first())
                {
                    self.edits.push((at.clone(), [b"/", new.as_slice()].concat()));
                }
            }
            _ => {}
        }
    }

    fn event(&mut self, event: Event) {
        if let Some(block) = &mut self.block {
            block.push(event);
        }
    }

    fn end_block(&mut self) {
        let Some(events) = self.block.take() else { return };
        let mut shown = events.iter().filter_map(|event| match event {
            Event::Shown(_, _, seen) => Some(*seen),
            _ => None,
        });
        let Some(first) = shown.next() else { return };
        if !first && shown.all(|seen| !seen) {
            self.edits.extend(events.into_iter().filter_map(|event| match event {
                Event::Shown(at, kept, _) => Some((at, kept)),
                Event::Moved(at) => Some((at, Vec::new())),
                Event::Marked => None,
            }));
            return;
        }
        // strings between which no mark begins or ends go into one
        let mut run: Option<Range<usize>> = None;
        for event in events.into_iter().chain([Event::Marked]) {
            match event {
                Event::Shown(at, ..) => run = Some(run.map_or(at.start, |run| run.start)..at.end),
                Event::Moved(_) => {}
                Event::Marked => {
                    if let Some(run) = run.take() {
                        self.edits.push((run.start..run.start, MARK.to_vec()));
                        self.edits.push((run.end..run.end, END_OF_MARK.to_vec()));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Resources for Known {
        fn is_type3(&self, font: &[u8]) -> bool {
            font == b"T3"
        }

        fn sets_font(&self, _: &[u8]) -> bool {
            false
        }

        fn form(&mut self, name: &[u8], state: State) -> Option<Vec<u8>> {
            (name == b"Fm" && state.invisible).then(|| b"New".to_vec())
        }
    }

    fn cleaned(content: &str) -> String {
        let new = clean(content.as_bytes(), State::default(), &mut Known);
        String::from_utf8(new.unwrap_or_else(|| content.into())).expect("text")
    }

    #[test]
    fn invisible_text_is_cut_and_the_rest_stays() {
        let before = "q 1 0 0 1 0 0 cm /I Do Q\nBT 3 Tr /F 4 Tf 1 0 0 1 10 20 Tm (a(b))Tj 5 0 Td [(c)-3(d)]TJ 1 2 (e)\" T* ET 0 g";
        let after = "q 1 0 0 1 0 0 cm /I Do Q\nBT 3 Tr /F 4 Tf     1 Tw 2 Tc  ET 0 g";
        assert_eq!(cleaned(before), after);
    }

    #[test]
    fn text_that_is_seen_reads_as_nothing() {
        let before =
            "BT /F 4 Tf 1 0 0 1 10 20 Tm (a)Tj 0 5 Td (b)Tj /P BMC (c)Tj EMC ET BT 3 Tr /T3 1 Tf (x)Tj ET";
        let after = "BT /F 4 Tf 1 0 0 1 10 20 Tm /Span<</ActualText()>>BDC (a)Tj 0 5 Td (b)Tj EMC /P BMC \
                     /Span<</ActualText()>>BDC (c)Tj EMC EMC ET BT 3 Tr /T3 1 Tf /Span<</ActualText()>>BDC (x)Tj EMC ET";
        assert_eq!(cleaned(before), after);
    }

    #[test]
    fn what_is_not_text_is_left_alone() {
        for content in ["", "q q 1 0 0 1 0 0 cm /I Do Q 0 0 m f", "BT /F 1 Tf ET", "/Fm Do"] {
            assert_eq!(clean(content.as_bytes(), State::default(), &mut Known), None, "{content}");
        }
    }

    #[test]
    fn states_are_saved() {
        assert_eq!(cleaned("3 Tr q 0 Tr Q /Fm Do"), "3 Tr q 0 Tr Q /New Do");
        assert_eq!(cleaned("q 3 Tr Q Q /Fm Do"), "q 3 Tr Q Q /Fm Do");
        assert_eq!(cleaned("q BT 3 Tr (a)Tj"), "q BT 3 Tr ");
    }
}
