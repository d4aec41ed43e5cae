//! The global search for the best consistent outline.
//!
//! Every line of the body either runs on, opens a paragraph, or opens an item under one of its candidate readings, at
//! some depth of the items that are open. Each choice has a cost (about nats): of the break between the two lines
//! ([`Breaks::evidence`]), of the reading ([`super::markers`]), and of its place: whether it continues a list
//! (1, 2, 3), leaves a gap, repeats a number, starts at one, and whether such an item may stand below
//! such another. The outline is the cheapest sequence of choices, found with a beam over stacks of open items:
//!
//! ```text
//! cost = Σ  break(line) + reading(marker) + place(marker | open items)
//! ```
//!
//! So `I11.` between II and IV becomes III because any other reading makes a gap twice, while an author's own
//! `I, II, IV` stays as printed, since no reading of `IV` is cheaper than one gap.
//!
//! Lines without a marker do not change what is open, so they are decided on the spot; the beam only forks where a line has
//! readings. Decisions older than [`LAG`] marked lines are committed, which bounds memory; time is linear in the number
//! of lines, with a factor of beam × readings × depth for marked ones.

use std::collections::VecDeque;

use super::breaks::Breaks;
use super::lines::Line;
use super::markers::{self, Kind, Mark, Reading};
use super::places::places;
use crate::model::patience;

/// What a line does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// It runs on from the line before.
    Continue,
    /// It opens a paragraph without a label.
    Paragraph,
    /// It opens an item below the `depth` outermost open items.
    Item(u8, Reading),
}

/// Hypotheses kept.
const BEAM: usize = 12;
/// Open items kept; a deeper item is placed here.
pub(super) const DEPTH: usize = 10;
/// Marked lines after which a decision is final.
const LAG: usize = 384;
/// How many decisions are committed at a time.
const CHUNK: usize = 128;

/// The items that are open, outermost first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stack {
    marks: [Mark; DEPTH],
    len: u8,
}

/// An odd number with its bits well spread (Knuth's multiplicative hashing).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Stack {
    fn open(&self) -> &[Mark] {
        &self.marks[..self.len as usize]
    }

    /// Digests of the first none, one, two ... open items.
    fn keys(&self) -> [u64; DEPTH + 1] {
        let mut out = [0; DEPTH + 1];
        for (k, mark) in self.open().iter().enumerate() {
            out[k + 1] = digest(out[k], mark);
        }
        out
    }

    /// The stack after `choice` among `readings`.
    fn after(&self, choice: Choice, readings: &[Reading]) -> Stack {
        let mut out = *self;
        if let Choice::Item { depth, reading } = choice {
            out.marks[depth as usize] = readings[reading as usize].mark;
            out.len = depth + 1;
        }
        out
    }

    /// The open items after `choice`: all but the last, and the last.
    fn parts<'s>(&'s self, choice: Choice, readings: &'s [Reading]) -> (&'s [Mark], Option<&'s Mark>) {
        match (choice, self.open().split_last()) {
            (Choice::Item { depth, reading }, _) => {
                (&self.marks[..depth as usize], Some(&readings[reading as usize].mark))
            }
            (_, Some((last, above))) => (above, Some(last)),
            (_, None) => (&[], None),
        }
    }
}

/// The digest of open items and one more below them.
fn digest(key: u64, mark: &Mark) -> u64 {
    key.rotate_left(5).wrapping_mul(SPREAD) ^ mark.packed()
}

/// A choice at a marked line.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Continue,
    Paragraph,
    Item { depth: u8, reading: u8 },
}

#[derive(Debug, Clone)]
struct Hypothesis {
    cost: f32,
    stack: Stack,
}

/// What a hypothesis may become. Few are kept, so its open items are only known by their digest.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    cost: f32,
    /// Index in the layer before, and the choice made here.
    back: u8,
    choice: Choice,
    key: u64,
}

/// A line with readings.
struct Marked {
    at: usize,
    readings: Vec<Reading>,
}

/// What each line of `body` (indices into `lines`) does.
pub(super) fn search(breaks: &Breaks<'_>, lines: &[Line<'_>], body: &[usize]) -> Vec<Step> {
    let mut steps = vec![Step::Paragraph; body.len()];
    let mut beam = Beam::new();
    let mut pending: VecDeque<Marked> = VecDeque::new();
    // a worded marker alone on its line (Phần thứ nhất, Chương I) takes its title from the next
    let mut title_due = false;
    for (at, &index) in body.iter().enumerate() {
        let line = &lines[index];
        let before = at.checked_sub(1).map(|k| &lines[body[k]]);
        let mut readings = markers::readings(line.text);
        let more = markers::misread(&readings, line.recognised);
        readings.extend(more);
        let plain = best_plain(&readings);
        let text = plain.map_or(line.text, |r| line.text.get(r.text..).unwrap_or(""));
        let mut e = before.map_or(8.0, |b| breaks.evidence(b, line, text, plain.is_some()));
        if title_due {
            e = 8.0;
        }
        title_due = plain.is_some_and(|r| r.mark.kind.worded() && text.is_empty());
        if readings.is_empty() {
            if e < 0.0 {
                steps[at] = Step::Continue;
            }
            continue;
        }
        patience::check();
        beam.advance(line, &readings, e);
        pending.push_back(Marked { at, readings });
        if beam.layers.len() > LAG + CHUNK {
            beam.commit(CHUNK, &mut pending, &mut steps);
        }
    }
    let left = beam.layers.len();
    beam.commit(left, &mut pending, &mut steps);
    steps
}

/// The reading that the line's look alone would suggest.
fn best_plain(readings: &[Reading]) -> Option<&Reading> {
    readings.iter().min_by(|a, b| a.cost.total_cmp(&b.cost)).filter(|r| r.cost < 2.0)
}

struct Beam {
    hypotheses: Vec<Hypothesis>,
    /// For each uncommitted marked line, (index in the layer before, choice) of each hypothesis alive after it.
    layers: VecDeque<Vec<(u8, Choice)>>,
    /// Room for the candidates at a line, and for the hypotheses after it.
    next: Vec<Candidate>,
    spare: Vec<Hypothesis>,
}

impl Beam {
    fn new() -> Beam {
        let mark = Mark { kind: Kind::Equals, style: 0, depth: 0, numbers: [0; 4] };
        let stack = Stack { marks: [mark; DEPTH], len: 0 };
        Beam {
            hypotheses: vec![Hypothesis { cost: 0.0, stack }],
            layers: VecDeque::new(),
            next: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Takes in a marked line that breaks from the one before with log odds `e`.
    fn advance(&mut self, line: &Line<'_>, readings: &[Reading], e: f32) {
        let clean = readings.iter().map(|r| r.cost).fold(f32::INFINITY, f32::min);
        // the clearer the marker, the less it can be an accident
        let numbered = readings.iter().any(|r| {
            let capital = line.text.get(r.text..).is_some_and(|t| t.starts_with(char::is_uppercase));
            !r.mark.kind.unnumbered() && r.mark.style != 0 && capital
        });
        let weight = (1.0 - clean * 0.4).max(if numbered { 0.5 } else { 0.0 });
        let unnumbered = readings.iter().all(|r| r.mark.kind.unnumbered());
        let bonus = weight * if unnumbered { 1.2 } else { 2.0 };
        let run_on = softplus(e + bonus) + weight * 0.8;
        let apart = softplus(-e) + weight * 4.5;
        let text = if run_on <= apart { (run_on, Choice::Continue) } else { (apart, Choice::Paragraph) };
        let opens = softplus(-(e + bonus));
        // a numeral or a capital before a small letter
        let lower = |r: &Reading| {
            let lower = matches!(r.mark.kind, Kind::Roman | Kind::Upper)
                && line.text.get(r.text..).and_then(|t| t.chars().next()).is_some_and(char::is_lowercase);
            if lower { 1.5 } else { 0.0 }
        };
        let mut next = std::mem::take(&mut self.next);
        next.clear();
        let parts = |c: &Candidate| self.hypotheses[c.back as usize].stack.parts(c.choice, readings);
        // the least costs so far: what is dearer than all of them will not be kept
        let mut least = [f32::INFINITY; BEAM];
        // some bits of the keys so far
        let mut seen = 0_u128;
        let mut offer = |cost: f32, key: u64, back: u8, choice: Choice| {
            if cost > least[BEAM - 1] {
                return;
            }
            let found = Candidate { cost, back, choice, key };
            // one with the same open items may be cheaper
            let bit = 1 << (key.wrapping_mul(SPREAD) >> 57);
            let same = |c: &&mut Candidate| c.key == key && parts(c) == parts(&found);
            let known = if seen & bit == 0 { None } else { next.iter_mut().find(same) };
            match known {
                Some(known) if known.cost <= cost => {}
                Some(known) => *known = found,
                None => {
                    let at = least.partition_point(|c| *c <= cost);
                    if let Some(dearer) = least.get_mut(at..).filter(|d| !d.is_empty()) {
                        dearer.rotate_right(1);
                        dearer[0] = cost;
                    }
                    seen |= bit;
                    next.push(found);
                }
            }
        };
        for (back, h) in self.hypotheses.iter().enumerate() {
            let back = back as u8;
            let keys = h.stack.keys();
            offer(h.cost + text.0, keys[h.stack.open().len()], back, text.1);
            for (k, r) in readings.iter().enumerate().take(24) {
                let base = h.cost + opens + r.cost + lower(r);
                places(h.stack.open(), &r.mark, |depth, cost| {
                    let choice = Choice::Item { depth: depth as u8, reading: k as u8 };
                    offer(base + cost, digest(keys[depth], &r.mark), back, choice);
                });
            }
        }
        next.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        next.truncate(BEAM);
        // costs are kept relative so that they never lose precision on long inputs
        let least = next.first().map_or(0.0, |c| c.cost);
        let stack = |c: &Candidate| self.hypotheses[c.back as usize].stack.after(c.choice, readings);
        let mut kept = std::mem::take(&mut self.spare);
        kept.clear();
        kept.extend(next.iter().map(|c| Hypothesis { cost: c.cost - least, stack: stack(c) }));
        self.layers.push_back(next.iter().map(|c| (c.back, c.choice)).collect());
        self.spare = std::mem::replace(&mut self.hypotheses, kept);
        self.next = next;
    }

    /// Makes the oldest `count` decisions of the best hypothesis final and drops those that disagree.
    fn commit(&mut self, count: usize, pending: &mut VecDeque<Marked>, steps: &mut [Step]) {
        let keep = self.layers.len() - count;
        let mut choices = Vec::with_capacity(count);
        let mut anchor = 0_usize;
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let Some(&(back, choice)) = layer.get(anchor) else { break };
            if i < count {
                choices.push(choice);
            }
            if i == count {
                // the ancestor, among the last committed layer, of the best hypothesis
                let ancestor = back as usize;
                anchor = ancestor;
                continue;
            }
            anchor = back as usize;
        }
        if keep > 0 {
            self.drop_others(count);
        }
        for choice in choices.into_iter().rev() {
            let Some(marked) = pending.pop_front() else { break };
            steps[marked.at] = match choice {
                Choice::Continue => Step::Continue,
                Choice::Paragraph => Step::Paragraph,
                Choice::Item { depth, reading } => match marked.readings.into_iter().nth(reading as usize) {
                    Some(r) => Step::Item(depth, r),
                    None => Step::Paragraph,
                },
            };
        }
        self.layers.drain(..count.min(self.layers.len()));
    }

    /// Keeps the hypotheses that share the best one's decision at layer `count - 1`.
    fn drop_others(&mut self, count: usize) {
        let last = self.layers.len() - 1;
        let ancestor = |layers: &VecDeque<Vec<(u8, Choice)>>, from: usize| {
            let mut k = from;
            for i in (count..=last).rev() {
                k = layers[i].get(k).map_or(0, |c| c.0 as usize);
            }
            k
        };
        let best = ancestor(&self.layers, 0);
        let alive: Vec<usize> =
            (0..self.hypotheses.len()).filter(|k| ancestor(&self.layers, *k) == best).collect();
        self.hypotheses = alive.iter().map(|k| self.hypotheses[*k].clone()).collect();
        let top = &mut self.layers[last];
        *top = alive.iter().map(|k| top[*k]).collect();
    }
}

fn softplus(x: f32) -> f32 {
    if x > 15.0 { x } else { x.exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Page, RestoredPage};
    use crate::parse::lines;

    /// The outline of `text` as `depth:label` of every item.
    fn outline(text: &str) -> Vec<String> {
        let pages = [RestoredPage::unchanged(Page::from_text(1, Decision::Text, text))];
        let lines = lines::read(&pages);
        let layout = lines::Layout::of(&pages, &lines);
        let body: Vec<usize> = (0..lines.len()).collect();
        let breaks = Breaks::of(&layout, &lines, &body);
        let steps = search(&breaks, &lines, &body);
        steps
            .iter()
            .zip(&lines)
            .filter_map(|(s, l)| match s {
                Step::Item(d, r) => Some(format!("{d}:{}", r.label(l.text))),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_plan_with_all_levels() {
        let text = "I. MỤC ĐÍCH\n1. Mục đích\na) Nâng cao nhận thức.\nb) Tạo chuyển biến:\n- Trong cơ quan;\n+ Phòng;\n+ Ban;\n- Ngoài cơ quan.\n2. Yêu cầu\nII. NỘI DUNG\n1. Tuyên truyền\n1.1. Trên báo\n1.2. Trên đài\n2. Tập huấn\n";
        assert_eq!(
            outline(text),
            [
                "0:I", "1:1", "2:a", "2:b", "3:-", "4:+", "4:+", "3:-", "1:2", "0:II", "1:1", "2:1.1",
                "2:1.2", "1:2"
            ]
        );
    }

    #[test]
    fn misread_numerals_are_repaired_by_sequence() {
        let text = "I. MỤC ĐÍCH\nl. Mục đích\n2. Yêu cầu\n11. NỘI DUNG\n1. Học\n2. Làm\nI11. KINH PHÍ\n1V. TỔ CHỨC\n";
        assert_eq!(outline(text), ["0:I", "1:1", "1:2", "0:II", "1:1", "1:2", "0:III", "0:IV"]);
    }

    #[test]
    fn the_authors_slips_stay() {
        let text = "I. MỘT\n1. A x.\n2. B x.\n2. C x.\nII. HAI\nIV. BỐN\n1. D x.\n3. E x.\n";
        assert_eq!(outline(text), ["0:I", "1:1", "1:2", "1:2", "0:II", "0:IV", "1:1", "1:3"]);
    }

    #[test]
    fn letters_and_roman_numerals_share_signs() {
        let text = "A. MỘT\nI. Hai x\nII. Ba x\nB. BỐN\nI. Năm x\nC. SÁU\n1. Bảy x\nD. TÁM\n";
        assert_eq!(outline(text), ["0:A", "1:I", "1:II", "0:B", "1:I", "0:C", "1:1", "0:D"]);
    }

    #[test]
    fn a_wrapped_dash_is_no_item() {
        let long = "2. Tiếp phát các chuyên mục của Trung tâm Truyền thông - Văn hóa";
        let text = format!(
            "1. Một việc đã xong trong năm nay và còn được tiếp tục vào năm tới.\n{long}\n- Thể thao huyện theo lịch hằng tuần của Đài và của các xã, thị trấn\ntrong huyện.\n3. Ba.\n"
        );
        assert_eq!(outline(&text), ["0:1", "0:2", "0:3"]);
    }

    #[test]
    fn long_lists_cross_the_commit_line() {
        let mut text = String::new();
        for i in 1..=150 {
            text.push_str(&format!(
                "Điều {i}. Nội dung {i}.\n1. Khoản một.\n2. Khoản hai.\na) Điểm a.\nb) Điểm b.\n"
            ));
        }
        let got = outline(&text);
        assert_eq!(got.len(), 750);
        assert_eq!(got[745], "0:Điều 150");
        assert_eq!(got[749], "2:b");
    }
}
