//! Outputs that are made when they are asked for, besides the JSON and the text that every document gets.

use std::path::PathBuf;

use super::Target;

/// An output that is made when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extra {
    /// The outline as people read it, [`super::markdown()`].
    Markdown,
    /// Words with their boxes, [`super::alto()`].
    Alto,
    /// The pages with the restored text over them, [`super::searchable()`].
    Pdf,
}

impl Extra {
    /// All of them.
    pub const ALL: [Extra; 3] = [Extra::Markdown, Extra::Alto, Extra::Pdf];

    /// What is appended to the input's name. It is also the name that ledgers know it by.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Extra::Markdown => ".md",
            Extra::Alto => ".alto.xml",
            Extra::Pdf => ".searchable.pdf",
        }
    }

    /// The one with this suffix.
    #[must_use]
    pub fn of(suffix: &str) -> Option<Extra> {
        Extra::ALL.into_iter().find(|extra| extra.suffix() == suffix)
    }

    /// Whether it shows places on pages: a plain text has none, so none is made of it.
    #[must_use]
    pub fn needs_pages(self) -> bool {
        match self {
            Extra::Markdown => false,
            Extra::Alto | Extra::Pdf => true,
        }
    }

    /// Its file beside those of `target`.
    ///
    /// ```
    /// use sohoa::emit::{Extra, Target};
    /// let target = Target::new("plans/a.pdf".as_ref()).unwrap();
    /// assert_eq!(Extra::Markdown.file(&target).to_str(), Some("plans/a.pdf.md"));
    /// ```
    #[must_use]
    pub fn file(self, target: &Target) -> PathBuf {
        let mut name = target.text.clone().into_os_string();
        name = PathBuf::from(name).with_extension("").into_os_string(); // less .txt
        name.push(self.suffix());
        name.into()
    }
}
