//! The table of tasks: who does what by when. It holds both what labelled lines assign (*Cơ quan chủ trì*, *Thời gian*) and the duties
//! that *Tổ chức thực hiện* gives to agencies, which name no day.

use super::{Cell, Digest};

pub(super) const COLUMNS: [&str; 10] =
    ["document", "from", "who", "partners", "what", "due", "due_from", "due_to", "section", "page"];

/// A row a task, then a row a duty.
pub(super) fn rows(digest: &Digest<'_>, row: &mut dyn FnMut(&[Cell<'_>])) {
    for task in &digest.tasks {
        let [from, to] = Cell::period(&task.due_period);
        let cells: [Cell<'_>; COLUMNS.len()] = [
            Cell::text(&digest.name),
            Cell::text("task"),
            Cell::of(&task.lead),
            Cell::list(&task.partners),
            Cell::text(&task.text),
            Cell::of(&task.due),
            from,
            to,
            Cell::path(&task.section),
            Cell::page(&task.spans),
        ];
        row(&cells);
    }
    for assignment in &digest.assignments {
        for duty in &assignment.duties {
            let cells: [Cell<'_>; COLUMNS.len()] = [
                Cell::text(&digest.name),
                Cell::text("assignment"),
                Cell::text(&assignment.agency),
                Cell::List(Vec::new()),
                Cell::text(duty),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::path(&assignment.section),
                Cell::page(&assignment.spans),
            ];
            row(&cells);
        }
    }
}
