//! Reading order.

use crate::model::Page;

/// The page as it is.
#[must_use]
pub fn read_apart(page: Page) -> Page {
    page
}
