//! Files → pages: finds the inputs, tells what they are by their content, and opens them page by page.
//!
//! ```text
//! paths ──discover──▶ Input ──Source::open──▶ page(i) ──▶ PageContent { image, layer }
//! ```
//!
//! * [`walk`] goes through files and folders ([`discover`] does it at once); [`sniff`] tells PDF, PNG, JPEG, TIFF and text apart; [`fingerprint`] names the content.
//! * [`Source`] is one opened document: [`Source::page`] delivers a page's image at its true resolution, its text layer, or both.
//! * [`Limits`] are checked before anything large is allocated; each refusal names the limit, the value found and the flag.
//!
//! Limits of this room: it does not judge whether a text layer is good Vietnamese (that takes the language model), nor does it
//! straighten or clean images. Decoders of PDF run behind a panic barrier, but a stack overflow or an address-space limit still ends the
//! process: call [`Source`] in a process that may die.

#[cfg(test)]
mod bombs;
mod bytes;
mod discover;
mod encoding;
mod error;
mod fingerprint;
#[cfg(test)]
mod hostile;
mod input;
mod limits;
mod pdf;
mod raster;
mod sniff;
mod source;
mod text;
mod walk;

pub use discover::{DiscoverOptions, Discovery, Failure, Found, LeftOut, discover};
pub use error::IngestError;
pub use fingerprint::{fingerprint, fingerprint_bytes};
pub use input::Input;
pub use limits::{Exceeded, Limit, Limits};
pub use sniff::{MediaType, sniff};
pub use source::{PageContent, Source};
pub use text::{NotText, decode_old_text, decode_text, is_old_encoding, text_pages};
pub use walk::{Walk, look_at, walk};
