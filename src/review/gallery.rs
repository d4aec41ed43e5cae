//! Pictures of pages: decoded by a worker when somebody looks at them, kept in memory up to [`MOST_BYTES`], the least recently seen leaving
//! first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::batch::Reader;
use crate::ingest::Input;
use crate::model::Plan;

/// The most that all kept pictures together may take.
const MOST_BYTES: usize = 96 << 20;

/// How wide a picture may be.
pub const WIDTHS: [u32; 3] = [240, 1400, 2600];

/// Which picture: document, page, width.
type Key = (String, u32, u32);

/// What is kept, the last seen first, and how many bytes that is.
#[derive(Debug, Default)]
struct Kept {
    pictures: VecDeque<(Key, Arc<Vec<u8>>)>,
    bytes: usize,
}

/// The pictures of one OUT.
#[derive(Debug)]
pub struct Gallery {
    reader: Mutex<Reader>,
    kept: Mutex<Kept>,
}

impl Gallery {
    /// An empty one.
    pub fn new(reader: Reader) -> Gallery {
        Gallery { reader: Mutex::new(reader), kept: Mutex::default() }
    }

    /// The picture of page `number` of the document `id`, at most about `width` pixels wide; `source` says where the document is.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub fn picture(
        &self,
        id: &str,
        plan: &Plan,
        number: u32,
        width: u32,
        source: impl FnOnce() -> Result<Input, String>,
    ) -> Result<Arc<Vec<u8>>, String> {
        let width = WIDTHS.into_iter().find(|w| *w >= width).unwrap_or(WIDTHS[2]);
        let key = (id.to_owned(), number, width);
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        // somebody else may have asked for it meanwhile
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let jpeg = Arc::new(reader.picture(&source()?, plan, number, width)?);
        drop(reader);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += jpeg.len();
        kept.pictures.push_front((key, Arc::clone(&jpeg)));
        while kept.bytes > MOST_BYTES
            && let Some((_, gone)) = kept.pictures.pop_back()
        {
            kept.bytes -= gone.len();
        }
        Ok(jpeg)
    }

    fn kept(&self, key: &Key) -> Option<Arc<Vec<u8>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.pictures.iter().position(|(other, _)| other == key)?;
        let seen = kept.pictures.remove(at)?;
        let jpeg = Arc::clone(&seen.1);
        kept.pictures.push_front(seen);
        Some(jpeg)
    }
}
