//! Further outputs as they stand in one column: a line each, with suffix, stamp and hash parted by tabs. None of these holds a
//! tab or a line break.

use crate::emit::Extra;

use super::Output;

pub(super) fn written(extras: &[(Extra, Output)]) -> String {
    let line = |(extra, output): &(Extra, Output)| {
        format!("{}\t{}\t{}\n", extra.suffix(), output.stamp, output.sha256)
    };
    extras.iter().map(line).collect()
}

/// What this version does not know is as if it had not been made.
pub(super) fn read(column: &str) -> Vec<(Extra, Output)> {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let extra = Extra::of(parts.next()?)?;
        let (stamp, sha256) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some((extra, Output { stamp, sha256 }))
    };
    column.lines().filter_map(line).collect()
}
