//! How good a result is: error rates of restored text, misreadings of recognised pages, scores of parsed structure, and how
//! far the restorer's confidence can be trusted. Works offline, on finished texts and JSON; nothing here runs a stage.
//!
//! | module | question |
//! |---|---|
//! | [`text`] | how many words and letters were wrong before and are wrong after? which were repaired, which harmed? |
//! | [`body`] | how much of a scanned page was misread, where the truth lacks letterhead and tables? |
//! | [`structure`] | how much of the tree, the header, the references ... is right? |
//! | [`calibration`] | are words of confidence 0.9 right nine times in ten? do the doubtful words hold the errors? |
//! | [`leave_one_out`] | what does a trained restorer do on documents it has not seen? |
//! | [`confusions`], [`report`] | what goes wrong most, shown as one HTML page |
//! | [`printed`] | the text that a plan's printed pages carry, from its JSON |
//!
//! Beneath them: [`tokens`] (what is compared), [`matching`] (which word stands for which), [`distance`] (how many edits),
//! [`record`] (a plan's JSON, hand-made or the program's).
//!
//! Limits: words are what white space separates, so a lost space costs two edits; tables are judged cell by cell without order.

pub mod body;
pub mod calibration;
pub mod confusions;
pub mod distance;
pub mod leave_one_out;
pub mod matching;
pub mod printed;
pub mod record;
pub mod report;
pub mod structure;
pub mod text;
pub mod tokens;
