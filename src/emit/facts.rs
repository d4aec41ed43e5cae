//! What a plan's header says of it, by the names that a reader of Vietnamese knows.

use crate::model::plan::Header;

/// Names and values in the order of a letterhead; what the plan does not say is left out.
pub(super) fn facts(header: &Header) -> impl Iterator<Item = (&'static str, &str)> {
    [
        ("Cơ quan cấp trên", &header.issuer_parent),
        ("Cơ quan ban hành", &header.issuer),
        ("Số", &header.number),
        ("Nơi ban hành", &header.place),
        ("Ngày", &header.date),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.as_deref()?)))
}
