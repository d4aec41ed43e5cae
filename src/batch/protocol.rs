//! What parent and worker say to each other: one question, one answer, pages one at a time.
//!
//! ```text
//! parent                              worker
//! Setup(options)  ──────────────────▶ limits set            ──▶ Ready
//! Open(input)     ──────────────────▶ document opened       ──▶ Opened { pages, .. } | Failed
//! Page { number } ──────────────────▶ page decoded
//!                                      has a text layer     ──▶ Layer { page }        
//!                                      else recognised      ──▶ Page(page) | Failed     (--ocr: always, or empty: never)
//! Recognise       ──────────────────▶ the same page's image ──▶ Page(page) | Failed
//! Picture { .. }  ──────────────────▶ a page's image, small ──▶ Picture(JPEG) | Failed    (for review alone)
//!
//! Lay(layer)      ──────────────────▶ kept                  ──▶ Ready
//! Searchable { to, .. } ────────────▶ layers over the pages ──▶ Searchable { made, .. } | Failed
//! ```
//!
//! In a run images never cross the pipe. Whether a text layer is good Vietnamese is for the parent to say, since only the parent
//! holds the language model.

use serde::{Deserialize, Serialize};

use crate::emit::{Layer, Metadata};
use crate::ingest::{Input, Limits};
use crate::model::plan::Warning;
use crate::model::{Page, Profile};

use super::failure::Failure;
use super::options::Ocr;

/// What a worker is told before anything else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    /// Memory it may take, in bytes.
    pub memory: u64,
    /// What one input may be at most.
    pub limits: Limits,
    /// Which pages are recognised.
    pub ocr: Ocr,
    /// Resolution assumed for images that state none.
    pub dpi: Option<f32>,
    /// Name of the recognition model; `None` for the best one installed.
    pub model: Option<String>,
}

/// A question.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Take these options; the first question of all.
    Setup(Setup),
    /// Open this document in place of the one that is open.
    Open(Input),
    /// Read a page of the open document: its text layer, or else its image.
    Page {
        /// 1-based number.
        number: u32,
        /// How many workers failed at it before.
        attempt: u32,
    },
    /// Recognise the image of the page last asked for.
    Recognise,
    /// Show what a page of the open document looks like: to persons, who see it in a browser.
    Picture {
        /// 1-based number.
        number: u32,
        /// How many pixels wide it may be at most.
        width: u32,
    },
    /// Keep this layer for the searchable PDF that is made next.
    Lay(Layer),
    /// Make a searchable PDF with the layers that were kept, and forget them.
    Searchable(Box<Searchable>),
}

/// The searchable PDF that is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Searchable {
    /// What it is made of.
    pub input: Input,
    /// How many pages that has.
    pub pages: u32,
    /// What it says of itself.
    pub metadata: Metadata,
    /// What the input is known by: its SHA-256 in hexadecimal.
    pub sha256: String,
    /// The path of the file to write, which is there already, as bytes: it need not be Unicode.
    pub to: Vec<u8>,
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Options taken.
    Ready,
    /// The document is open.
    Opened {
        /// Number of its pages.
        pages: u32,
        /// What looks wrong about the document as a whole.
        warnings: Vec<Warning>,
    },
    /// The page has a text layer; its image can be recognised in its place.
    Layer {
        /// The layer.
        page: Page,
        /// What that cost.
        spent: Profile,
    },
    /// The page was recognised.
    Page {
        /// What was read.
        page: Page,
        /// The recognition model that read it, by name and digest; `None` for a text layer.
        model: Option<String>,
        /// What that cost.
        spent: Profile,
    },
    /// What the page looks like.
    Picture {
        /// A JPEG; empty if it has no image.
        jpeg: Vec<u8>,
    },
    /// The searchable PDF is made, or not, for the reason that is among the warnings.
    Searchable {
        /// Whether the file is whole.
        made: bool,
        /// What there is to say of it.
        warnings: Vec<Warning>,
        /// What that cost.
        spent: Profile,
    },
    /// It cannot be done, and asking again would not help.
    Failed(Failure),
}
