//! Tables whose rules are known: their words row by row, what stands above them before, what stands below them after.
//!
//! With its rules taken out, a table looks to a reader like columns of running text, which it delivers one after the other, with the title
//! of the table somewhere between. The rules say where the table stands: rules that touch or cross make one table, and every word whose
//! middle lies within it belongs to it. Words at one height (half a word's height apart at most) make a line, from left to right, whatever cell
//! they stand in; which cells those are is for whoever knows what a table is, by the boxes.

use crate::model::assemble::{ReadWord, Sheet};
use crate::model::{BBox, Page};

/// The page with the words of tables in rows. `rules` are printed rules in the page's pixels.
#[must_use]
pub fn rows_of_tables(page: Page, rules: &[BBox]) -> Page {
    let mut tables = tables(rules);
    tables.retain(|table| {
        page.lines.iter().flat_map(|l| &l.words).filter(|w| is_in(w.bbox, table)).count() > 1
    });
    if tables.is_empty() {
        return page;
    }
    tables.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut inside: Vec<Vec<ReadWord>> = vec![Vec::new(); tables.len()];
    // the lines outside with their heights; a blank line goes with the line before it
    let mut outside: Vec<(f32, Vec<ReadWord>)> = Vec::new();
    for line in &page.lines {
        let mut rest = Vec::new();
        for word in line.words.iter().map(|word| super::read(&page, word)) {
            match tables.iter().position(|table| is_in(word.bbox, table)) {
                Some(table) => inside[table].push(word),
                None => rest.push(word),
            }
        }
        if rest.is_empty() && !line.words.is_empty() {
            continue;
        }
        let before = outside.last().map_or(f32::NEG_INFINITY, |line| line.0);
        let y =
            rest.iter().filter_map(|word| word.bbox).reduce(BBox::union).map_or(before, |b| b.y + b.h / 2.0);
        outside.push((y, rest));
    }
    let mut out: Vec<Vec<ReadWord>> = Vec::new();
    for (table, words) in tables.iter().zip(inside) {
        let (above, below): (Vec<_>, Vec<_>) = outside.into_iter().partition(|line| line.0 < table.y);
        outside = below;
        out.extend(above.into_iter().map(|line| line.1));
        out.push(Vec::new());
        out.extend(rows(words));
        out.push(Vec::new());
    }
    out.extend(outside.into_iter().map(|line| line.1));
    let Page { number, width, height, dpi, decision, .. } = page;
    Page::assemble(Sheet { number, width, height, dpi, decision }, super::trimmed(out))
}

fn is_in(bbox: Option<BBox>, table: &BBox) -> bool {
    bbox.is_some_and(|b| {
        let (x, y) = (b.x + b.w / 2.0, b.y + b.h / 2.0);
        (table.x..table.x + table.w).contains(&x) && (table.y..table.y + table.h).contains(&y)
    })
}

/// The rectangles of rules that hang together, at least two each way.
fn tables(rules: &[BBox]) -> Vec<BBox> {
    let touch = |a: &BBox, b: &BBox| {
        let slack = 8.0 + a.w.min(a.h).max(b.w.min(b.h));
        a.x <= b.x + b.w + slack
            && b.x <= a.x + a.w + slack
            && a.y <= b.y + b.h + slack
            && b.y <= a.y + a.h + slack
    };
    let mut left: Vec<BBox> = rules.to_vec();
    let mut out = Vec::new();
    while let Some(first) = left.pop() {
        let mut group = vec![first];
        let mut next = 0;
        while next < group.len() {
            let here = group[next];
            let (near, far): (Vec<BBox>, Vec<BBox>) = left.into_iter().partition(|rule| touch(&here, rule));
            group.extend(near);
            left = far;
            next += 1;
        }
        let upright = group.iter().filter(|rule| rule.h > rule.w).count();
        if upright > 1 && group.len() - upright > 1 {
            out.extend(group.into_iter().reduce(BBox::union));
        }
    }
    out
}

/// Words by height, each row from left to right.
fn rows(mut words: Vec<ReadWord>) -> Vec<Vec<ReadWord>> {
    let place = |word: &ReadWord| word.bbox.map_or((0.0, 0.0, 0.0), |b| (b.y + b.h / 2.0, b.h, b.x));
    words.sort_by(|a, b| place(a).0.total_cmp(&place(b).0));
    let mut heights: Vec<f32> = words.iter().map(|word| place(word).1).collect();
    heights.sort_by(f32::total_cmp);
    let near = heights.get(heights.len() / 2).copied().unwrap_or(0.0) / 2.0;
    let mut out: Vec<Vec<ReadWord>> = Vec::new();
    let mut at = f32::NEG_INFINITY;
    for word in words {
        let y = place(&word).0;
        match out.last_mut() {
            Some(row) if y - at <= near => row.push(word),
            _ => {
                at = y;
                out.push(vec![word]);
            }
        }
    }
    for row in &mut out {
        row.sort_by(|a, b| place(a).2.total_cmp(&place(b).2));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;

    fn word(text: &str, x: f32, y: f32) -> ReadWord {
        let w = 10.0 * text.chars().count() as f32;
        ReadWord { text: text.to_owned(), bbox: Some(BBox { x, y, w, h: 20.0 }), ..ReadWord::default() }
    }

    #[test]
    fn columns_become_rows_between_what_is_above_and_below() {
        // as a reader gives it: the first column, the title, the second column, the text below
        let read = vec![
            vec![word("TT", 20.0, 110.0)],
            vec![word("1", 20.0, 160.0)],
            vec![word("PHỤ", 100.0, 20.0), word("LỤC", 150.0, 20.0)],
            vec![word("Việc", 110.0, 112.0)],
            vec![word("Rà", 110.0, 158.0), word("soát", 140.0, 158.0)],
            vec![word("Ghi", 20.0, 260.0), word("chú", 60.0, 260.0)],
        ];
        let sheet = Sheet { number: 1, width: 400, height: 300, dpi: 100.0, decision: Decision::Ocr };
        let page = Page::assemble(sheet, read);
        let level = |y: f32| BBox { x: 10.0, y, w: 300.0, h: 2.0 };
        let upright = |x: f32| BBox { x, y: 100.0, w: 2.0, h: 102.0 };
        let rules = [level(100.0), level(150.0), level(200.0), upright(10.0), upright(90.0), upright(308.0)];
        let table = rows_of_tables(page.clone(), &rules);
        assert_eq!(table.raw, "PHỤ LỤC\n\nTT Việc\n1 Rà soát\n\nGhi chú");
        assert_eq!(rows_of_tables(page.clone(), &rules[..4]), page, "one upright rule makes no table");
    }
}
