//! The flags of `restore`, resolved once.

use crate::cli::args::{RestoreArgs, RestoreFormat, Tone};
use crate::model::normal::ToneStyle;
use crate::restore::Finish;

use super::form::Form;
use super::jsonl::Jsonl;
use super::text::{Marks, Text};
use super::tsv::Tsv;

/// What `restore` is to do with each page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    /// Form of the output.
    pub(super) format: RestoreFormat,
    /// What is put around doubtful words of the text.
    pub(super) marks: Option<Marks>,
    /// What is done to restored words.
    pub(super) finish: Finish,
    /// Whether changed lines are told.
    pub(super) show_changes: bool,
}

impl Options {
    pub(super) fn of(args: &RestoreArgs) -> Options {
        let tone = match args.tone {
            Tone::Keep => None,
            Tone::Old => Some(ToneStyle::Old),
            Tone::New => Some(ToneStyle::New),
        };
        Options {
            format: args.format,
            marks: args.mark_doubtful.clone(),
            finish: Finish { least: args.min_confidence, tone },
            show_changes: args.show_changes,
        }
    }

    /// What writes the output.
    pub(super) fn form(&self) -> Box<dyn Form> {
        match self.format {
            RestoreFormat::Text => Box::new(Text::new(self.marks.clone())),
            RestoreFormat::Jsonl => Box::new(Jsonl::default()),
            RestoreFormat::Tsv => Box::new(Tsv::default()),
        }
    }
}
