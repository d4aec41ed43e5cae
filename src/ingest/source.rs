//! One opened document: any kind of input, page by page.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::bytes;
use super::limits::Limit;
use super::pdf::Document;
use super::raster::Raster;
use super::sniff::{MediaType, SNIFFED, sniff};
use super::{IngestError, Input, Limits, NotText, decode_old_text, text_pages};
use crate::model::plan::Warning;
use crate::model::{Page, PageImage};

/// What one page offers: its picture, the text that came with it, or both. Never neither.
#[derive(Debug, Clone)]
pub struct PageContent {
    /// The page's picture; none for plain text.
    pub image: Option<PageImage>,
    /// The text that the file itself holds for this page, word by word: a PDF's text layer (with boxes in pixels of `image`), or a
    /// plain text's page. None when it holds none.
    pub layer: Option<Page>,
    /// Whether the page is a scan: images make up most of it. A short layer on a scan (a watermark, a signature's note) is not its text.
    pub scan: bool,
}

/// An opened document.
///
/// ```
/// use sohoa::ingest::{DiscoverOptions, Limits, Source, discover};
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("a.txt"), "trang một\u{c}trang hai")?;
/// let found = discover(&[dir.path()], &DiscoverOptions::default());
/// let mut source = Source::open(&found.inputs[0], &Limits::default())?;
/// assert_eq!(source.page_count(), 2);
/// assert_eq!(source.page(1)?.layer.map(|p| p.raw), Some("trang hai".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Source {
    path: PathBuf,
    limits: Limits,
    default_dpi: Option<f32>,
    warnings: Vec<Warning>,
    kind: Kind,
}

enum Kind {
    Pdf(Box<Document>),
    Raster(Raster),
    Text(Vec<Page>),
}

impl Source {
    /// Opens the input: reads its structure, counts its pages, decodes none.
    ///
    /// # Errors
    /// Any [`IngestError`] that concerns the whole document.
    pub fn open(input: &Input, limits: &Limits) -> Result<Source, IngestError> {
        let path = input.path().to_owned();
        let mut warnings = Vec::new();
        let kind = match (input.media, input.paths.as_slice()) {
            (MediaType::Pdf, [file]) => {
                let document = Document::open(file, limits)?;
                warnings.extend(document.warnings());
                Kind::Pdf(Box::new(document))
            }
            (MediaType::Text, [file]) => Kind::Text(read_text(file, limits)?),
            (_, files) => Kind::Raster(Raster::open(&kinds(files)?, limits)?),
        };
        let source = Source { path, limits: limits.clone(), default_dpi: None, warnings, kind };
        let pages = source.page_count();
        if pages == 0 {
            return Err(IngestError::NoPages(source.path));
        }
        limits.check(Limit::Pages, u64::from(pages)).map_err(|e| IngestError::limit(&source.path, e))?;
        Ok(source)
    }

    /// The same source with a resolution for images that state none (dots per inch). Without one it is told from the size of paper.
    #[must_use]
    pub fn with_default_dpi(mut self, dpi: Option<f32>) -> Source {
        self.default_dpi = dpi;
        self
    }

    /// The number of pages, at least 1.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        let n = match &self.kind {
            Kind::Pdf(document) => document.page_count(),
            Kind::Raster(raster) => raster.page_count(),
            Kind::Text(pages) => pages.len(),
        };
        u32::try_from(n).unwrap_or(u32::MAX)
    }

    /// What looks wrong about the document as a whole.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Everything about page `index` (from 0).
    ///
    /// # Errors
    /// An [`IngestError`] that concerns this page; the others can still be read.
    pub fn page(&mut self, index: u32) -> Result<PageContent, IngestError> {
        self.must_have(index)?;
        match &self.kind {
            Kind::Pdf(document) => document.page(index, &self.limits),
            _ => {
                let (image, layer) = (self.image(index)?, self.layer(index)?);
                Ok(PageContent { scan: image.is_some(), image, layer })
            }
        }
    }

    /// Only the text of page `index` (from 0): hundreds of times cheaper than [`Source::page`] where that is all it takes.
    ///
    /// # Errors
    /// As [`Source::page`].
    pub fn layer(&mut self, index: u32) -> Result<Option<Page>, IngestError> {
        self.must_have(index)?;
        match &self.kind {
            Kind::Pdf(document) => document.layer(index, &self.limits),
            Kind::Raster(_) => Ok(None),
            Kind::Text(pages) => Ok(pages.get(index as usize).cloned()),
        }
    }

    /// Only the picture of page `index` (from 0).
    ///
    /// # Errors
    /// As [`Source::page`].
    pub fn image(&mut self, index: u32) -> Result<Option<PageImage>, IngestError> {
        self.must_have(index)?;
        match &self.kind {
            Kind::Pdf(document) => document.image(index, &self.limits).map(Some),
            Kind::Raster(raster) => raster.page(index, &self.limits, self.default_dpi),
            Kind::Text(_) => Ok(None),
        }
    }

    /// The image file that page `index` (from 0) stands in, and which page of that it is (from 0); none for what is no image file.
    #[must_use]
    pub fn file(&self, index: u32) -> Option<(&Path, u32)> {
        match &self.kind {
            Kind::Raster(raster) => raster.file(index),
            _ => None,
        }
    }

    /// Where pixels of the picture of page `index` (from 0) lie on the page of a PDF ([`Page::user_space`]); none for other kinds.
    ///
    /// # Errors
    /// As [`Source::page`].
    pub fn user_space(&mut self, index: u32) -> Result<Option<[f64; 6]>, IngestError> {
        self.must_have(index)?;
        match &self.kind {
            Kind::Pdf(document) => document.user_space(index, &self.limits),
            _ => Ok(None),
        }
    }

    fn must_have(&self, index: u32) -> Result<(), IngestError> {
        let pages = self.page_count();
        if index < pages {
            return Ok(());
        }
        Err(IngestError::NoSuchPage { path: self.path.clone(), page: index.saturating_add(1), pages })
    }
}

fn read_text(path: &Path, limits: &Limits) -> Result<Vec<Page>, IngestError> {
    let bytes = bytes::of_file(path, Limit::TextBytes, limits)?;
    match decode_old_text(bytes.as_ref()) {
        Ok((text, encoding)) => {
            limits.check_pages(&text).map_err(|e| IngestError::limit(path, e))?;
            Ok(text_pages(&text).into_iter().map(|page| Page { encoding, ..page }).collect())
        }
        Err(NotText::Encoding(offset)) => Err(IngestError::Encoding { path: path.to_owned(), offset }),
        Err(NotText::Binary) => Err(IngestError::UnknownType { path: path.to_owned(), hint: "binary data" }),
    }
}

/// The kind of each image file, by its content.
fn kinds(files: &[PathBuf]) -> Result<Vec<(PathBuf, MediaType)>, IngestError> {
    let kind = |path: &PathBuf| {
        let mut head = Vec::with_capacity(SNIFFED);
        File::open(path)
            .and_then(|f| f.take(SNIFFED as u64).read_to_end(&mut head))
            .map_err(|e| IngestError::io(path, e))?;
        match sniff(&head) {
            Ok(media) if media.is_image() => Ok((path.clone(), media)),
            _ if head.is_empty() => Err(IngestError::Empty(path.clone())),
            Ok(_) => Err(IngestError::UnknownType { path: path.clone(), hint: "not an image" }),
            Err(hint) => Err(IngestError::UnknownType { path: path.clone(), hint }),
        }
    };
    files.iter().map(kind).collect()
}
