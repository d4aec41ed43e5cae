//! JSON Lines: an object a row, its keys the columns in their order, what is empty null.

use super::Cell;

/// Adds one row.
pub(super) fn row(columns: &[&str], cells: &[Cell<'_>], out: &mut Vec<u8>) {
    let mut before = b'{';
    for (column, cell) in columns.iter().zip(cells) {
        out.extend([before, b'"']);
        before = b',';
        out.extend_from_slice(column.as_bytes());
        out.extend_from_slice(b"\":");
        // memory takes whatever is written to it, and these always serialise
        let _ = match cell {
            Cell::Empty => serde_json::to_writer(&mut *out, &()),
            Cell::Text(text) => serde_json::to_writer(&mut *out, text),
            Cell::Count(n) => serde_json::to_writer(&mut *out, n),
            Cell::Number(n) => serde_json::to_writer(&mut *out, n),
            Cell::List(texts) => serde_json::to_writer(&mut *out, texts),
        };
    }
    out.extend_from_slice(b"}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_an_object() {
        let mut out = Vec::new();
        let cells = [
            Cell::text("một\n\"hai\""),
            Cell::Empty,
            Cell::Count(3),
            Cell::Number(91.25),
            Cell::List(vec!["x"]),
        ];
        row(&["a", "b", "c", "d", "e"], &cells, &mut out);
        let expected = "{\"a\":\"một\\n\\\"hai\\\"\",\"b\":null,\"c\":3,\"d\":91.25,\"e\":[\"x\"]}\n";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
