//! Page images → words: recognition behind one small trait.
//!
//! ```text
//! PageImage ──Engine::recognise──▶ Page of words with boxes, confidences and alternatives, in reading order
//! ```
//!
//! * [`Tesseract`] is the real engine; [`Recorded`] plays back stored pages where recognition is not what is tested.
//! * [`layout::read_apart`] brings side-by-side blocks (letterhead, closing) into reading order by geometry. The engine applies it; it works
//!   on any page with boxes, text layers included.
//!
//! Limits: one engine belongs to one thread, and a process should hold one (OpenMP makes several slower than one each in its own process;
//! set `OMP_THREAD_LIMIT=1` in the environment *before* the process starts). A crash inside the engine's C++ ends the process.

mod error;
pub mod layout;
mod prepare;
mod recorded;
mod tesseract;

pub use error::RecogniseError;
pub use prepare::Prepared;
pub use recorded::Recorded;
pub use tesseract::{DEFAULT_MODEL, FAST_MODEL, FoundModel, Tesseract, TesseractOptions, find_model};

use crate::model::{Page, PageImage};

/// Reads page images.
///
/// An engine may stand on another: one that prepares images and reads a page a second time when the first reading is poor (few words, low
/// [`crate::model::Word::confidence`]) is an `Engine` that holds an `Engine`.
pub trait Engine {
    /// The words of page `number` (1-based), in reading order. A page without text is a page with one empty line.
    ///
    /// # Errors
    /// [`RecogniseError::Page`] when this page cannot be read; the engine stays usable.
    fn recognise(&mut self, image: &PageImage, number: u32) -> Result<Page, RecogniseError>;

    /// The words of an image that is one block of text, such as a cell of a table, line by line.
    ///
    /// # Errors
    /// As [`Engine::recognise`].
    fn recognise_block(&mut self, image: &PageImage, number: u32) -> Result<Page, RecogniseError> {
        self.recognise(image, number)
    }

    /// Name and digest of what it reads with, for records.
    fn model(&self) -> &str;
}
