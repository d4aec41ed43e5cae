//! Where an item may stand among the items that are open, and what each place costs (about nats).

use super::markers::{Kind, Mark};
use super::numerals::letter_step;
use super::outline::DEPTH;
use crate::model::roman;

/// Every place where `mark` may go among the `open` items: `found(depth, cost)`.
pub(super) fn places(open: &[Mark], mark: &Mark, mut found: impl FnMut(usize, f32)) {
    for depth in 0..=open.len().min(DEPTH - 1) {
        let closing = 0.05 * (open.len() - depth.min(open.len())) as f32;
        let parent = depth.checked_sub(1).map(|d| &open[d]);
        if let Some(sibling) = open.get(depth) {
            if let Some(cost) = follows(sibling, mark) {
                found(depth, closing + cost);
            } else if let Some(cost) = nests(parent, mark) {
                // another list under the same parent, after the one that is open
                found(depth, closing + 1.6 + cost + starts(parent, mark));
            }
        } else if let Some(cost) = nests(parent, mark) {
            found(depth, cost + starts(parent, mark));
        }
    }
}

/// Cost of `next` as the item after `last` in one list; `None` if they cannot share a list.
fn follows(last: &Mark, next: &Mark) -> Option<f32> {
    if last.kind != next.kind || last.depth != next.depth {
        return None;
    }
    if next.kind.unnumbered() {
        return Some(0.0);
    }
    let style = if last.style == next.style || next.kind.worded() { 0.0 } else { 1.2 };
    if last.prefix() != next.prefix() {
        return Some(3.5 + style + first(next));
    }
    let step = match next.kind {
        Kind::Letter | Kind::ParenLetter | Kind::Upper => letter_step(last.value(), next.value()),
        _ => i16::from(next.value()) - i16::from(last.value()),
    };
    Some(roman::step(step, next.value() == 1) + style)
}

/// Cost of a list whose first number is not one.
fn first(mark: &Mark) -> f32 {
    if mark.kind.unnumbered() {
        return 0.0;
    }
    match (mark.kind, mark.value()) {
        (_, 1) => 0.0,
        // articles are counted through all chapters
        (Kind::Article, _) => 0.4,
        (_, 2) => 3.0,
        (_, v) => 3.8 + 0.1 * f32::from(v.min(30)),
    }
}

fn starts(parent: Option<&Mark>, mark: &Mark) -> f32 {
    // 2.1 under II, or under 2: the prefix speaks for it even where the first was lost
    let told = mark.depth >= 2 && parent.is_some_and(|p| p.value() == mark.numbers[0]);
    first(mark) * if told { 0.7 } else { 1.0 }
}

/// Cost of a list of `mark`s below `parent`; `None` where that is no sense at all.
fn nests(parent: Option<&Mark>, mark: &Mark) -> Option<f32> {
    let Some(parent) = parent else {
        return Some(match mark.kind {
            Kind::Number if mark.depth > 1 => 1.5,
            Kind::Plus | Kind::Equals => 2.0,
            Kind::Letter | Kind::ParenLetter | Kind::LowerRoman => 1.0,
            Kind::Dash | Kind::Bullet | Kind::Star | Kind::ParenNumber => 0.6,
            _ => 0.1,
        });
    };
    let (p, m) = (parent.kind, mark.kind);
    if p == Kind::Number && m == Kind::Number {
        return if mark.depth > parent.depth {
            let agrees = mark.numbers[..parent.depth as usize] == parent.numbers[..parent.depth as usize];
            Some(match (agrees, mark.depth - parent.depth) {
                (true, 1) => 0.1,
                (true, _) => 1.5,
                (false, _) => 3.5,
            })
        } else if mark.depth == 1 && parent.depth == 1 {
            (mark.style != parent.style).then_some(0.8)
        } else if mark.depth == 1 {
            Some(3.0)
        } else {
            None
        };
    }
    if m == Kind::Number && mark.depth > 1 {
        return Some(match p {
            Kind::Roman | Kind::Upper | Kind::Article if parent.value() == mark.numbers[0] => 0.2,
            Kind::Part | Kind::Chapter | Kind::Roman | Kind::Upper => 2.0,
            _ => 3.0,
        });
    }
    if p == m {
        return (!m.unnumbered() && mark.style != parent.style && !m.worded()).then_some(1.5);
    }
    Some(match (p, m) {
        (Kind::Dash, Kind::Plus) | (Kind::Star, Kind::Dash) => 0.0,
        (Kind::Plus, Kind::Dash) => 1.6,
        (Kind::Bullet, Kind::Dash | Kind::Star) | (Kind::Dash, Kind::Star) => 0.8,
        (Kind::Plus, Kind::Bullet | Kind::Star) => 0.6,
        (_, Kind::Plus) if !p.unnumbered() => 0.6,
        (_, Kind::Equals) if p != Kind::Plus => 0.8,
        (_, Kind::ParenNumber | Kind::ParenLetter) if p.unnumbered() => 1.2,
        (Kind::Roman, Kind::Upper) => 1.5,
        // what an article approves may have an outline of its own
        (Kind::Article, Kind::Roman | Kind::Upper) => 1.9,
        (Kind::Letter, Kind::Number) => 2.5,
        (Kind::Letter, Kind::ParenNumber) => 0.3,
        (p, m) if p < m => 0.15,
        (p, Kind::Letter | Kind::Number) if p.unnumbered() => 3.0,
        (p, m) if p.unnumbered() && m < Kind::Article => 8.0,
        _ => 4.5,
    })
}
