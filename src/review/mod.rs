//! The review desk: a page in the browser where a person sees the scan beside the text and steps through the words that are doubtful.
//!
//! ```text
//! browser ──http──▶ guard ──▶ api ──▶ desk ──▶ journal (kept at once)
//!  (127.0.0.1)   token, host   │        └────▶ keeper (a thread) ──▶ outputs made again
//!                              ├──▶ list    what needs eyes, search without marks
//!                              ├──▶ view    the tree with the places of its words
//!                              └──▶ gallery pictures of pages, decoded when they are looked at
//! ```
//!
//! It serves one OUT on the loopback interface, to whoever has the link. What a person decides is on the disk before the page says so;
//! the outputs follow a moment later ([`crate::batch::Archive`] knows how). Several tabs, and several servers on one OUT, are told of each other
//! by the version of a document, which is the number of decisions about it.
//!
//! Limits: pictures need the source where it was (or in `--scans`); a page is decoded in a worker process, since files may be hostile.

mod api;
mod assets;
mod decide;
mod desk;
mod fold;
mod gallery;
mod guard;
mod keeper;
mod list;
mod same;
mod server;
mod view;
mod walk;
mod words;

pub use server::{Options, ReviewError, run};
