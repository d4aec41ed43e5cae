//! Nouns shared by all stages: pages, lines, words, spans, corrections, and the plan that the JSON shows.
//!
//! Nothing here does work beyond keeping its own invariants, except [`normal`], the one place where
//! Unicode is normalised, `roman`, the one place that knows Roman numerals and what recognition makes of them, and [`patience`], by
//! which long work asks whether it may go on.

pub mod assemble;
pub mod normal;
pub mod page;
pub mod patience;
pub mod plan;
pub mod profile;
pub mod review;
pub(crate) mod roman;
pub mod text;

pub use page::{Alternative, BBox, Decision, Encoding, Line, Page, PageImage, Word};
pub use plan::Plan;
pub use profile::Profile;
pub use text::{Change, Doubt, OffsetMap, RestoredPage, RestoredWord, Span};
