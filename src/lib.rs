//! **sohoa** (số hóa, "to digitise") turns scanned Vietnamese administrative plans, and the garbled text that
//! old OCR left of them, into true Vietnamese text and a JSON tree of sections.
//!
//! The rooms, in reading order:
//!
//! ```text
//! files ──ingest──▶ pages ──recognise──▶ words ──restore──▶ restored words ──parse──▶ plan ──emit──▶ JSON, text
//! ```
//!
//! Stages are siblings: each imports only [`model`] (and its own error type), never another stage. [`batch`] is
//! the only room that knows their order; [`review`] shows persons what it made; [`train`] and [`evaluate`] work offline and may look into any stage.

pub mod model;

pub mod emit;
pub mod ingest;
pub mod parse;
pub mod recognise;
pub mod restore;

pub mod batch;
pub mod cli;
pub mod evaluate;
pub mod review;
pub mod train;
