//! PDF: page images at their native resolution, and the text layer with the place of every word.
//!
//! A page is interpreted once without decoding anything ([`survey`]): that finds its glyphs and tells whether it is one plain image.
//! If so the image's own pixels are taken ([`picture`]); otherwise the page is rendered. Every call into the PDF
//! library stands behind a panic barrier ([`guarded`]).
//!
//! Before anything is decoded it is looked at: the nesting of the whole ([`structure`]), the streams of a page ([`audit`]).
//!
//! Limits: passwords are not asked for (files that open without one are read, also when their permissions are restricted). What decoders
//! take besides pixels and streams, and images of inline data, are bounded by the process's memory alone. Of a file
//! beyond 2 GB the PDF library does not believe the place of the table of objects, and finds the objects by reading all of it.

mod audit;
mod ending;
mod expand;
mod headers;
mod layer;
mod picture;
mod structure;
mod survey;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::audit::Audit;
use self::survey::Survey;
use super::bytes;
use super::limits::Limit;
use super::source::PageContent;
use super::{IngestError, Limits};
use crate::model::plan::Warning;
use crate::model::{Page, PageImage};

/// An opened PDF.
pub(super) struct Document {
    path: PathBuf,
    pdf: Pdf,
    audit: Audit,
}

impl Document {
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Document, IngestError> {
        let bytes = Arc::new(bytes::of_file(path, Limit::FileBytes, limits)?);
        let content: &[u8] = (*bytes).as_ref();
        if !ending::is_whole(content) {
            return Err(IngestError::Truncated(path.to_owned()));
        }
        structure::check(content, limits).map_err(|e| IngestError::limit(path, e))?;
        let own = || path.to_owned();
        let loaded =
            guarded(|| Pdf::new(Arc::clone(&bytes))).ok_or_else(|| IngestError::DamagedPdf(own()))?;
        let pdf = loaded.map_err(|e| match e {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
                IngestError::PasswordProtected(own())
            }
            LoadPdfError::Decryption(_) => IngestError::Encryption(own()),
            LoadPdfError::Invalid => IngestError::DamagedPdf(own()),
        })?;
        Ok(Document { path: own(), pdf, audit: Audit::default() })
    }

    pub(super) fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Says so when the page tree promises more pages than it has.
    pub(super) fn warnings(&self) -> Option<Warning> {
        let promised = guarded(|| ending::promised_pages(&self.pdf))??;
        let found = self.page_count();
        (promised > found).then(|| Warning {
            code: "pages-missing".to_owned(),
            message: format!(
                "the PDF says it has {promised} pages, only {found} can be found; it may be damaged"
            ),
            page: None,
        })
    }

    pub(super) fn page(&self, index: u32, limits: &Limits) -> Result<PageContent, IngestError> {
        let survey = self.survey(index, limits)?;
        let image = self.picture(index, &survey, limits)?;
        let layer = layer::text_layer(index + 1, &survey);
        Ok(PageContent { image: Some(image), layer, scan: survey.scan })
    }

    pub(super) fn layer(&self, index: u32, limits: &Limits) -> Result<Option<Page>, IngestError> {
        Ok(layer::text_layer(index + 1, &self.survey(index, limits)?))
    }

    pub(super) fn image(&self, index: u32, limits: &Limits) -> Result<PageImage, IngestError> {
        self.picture(index, &self.survey(index, limits)?, limits)
    }

    pub(super) fn user_space(&self, index: u32, limits: &Limits) -> Result<Option<[f64; 6]>, IngestError> {
        Ok(self.survey(index, limits)?.user_space)
    }

    fn survey(&self, index: u32, limits: &Limits) -> Result<Survey, IngestError> {
        let page = self.pdf.pages().get(index as usize).ok_or_else(|| self.broken(index, "it is missing"))?;
        let damaged = || self.broken(index, "its content is damaged");
        let audited = guarded(|| self.audit.page(page, limits)).ok_or_else(damaged)?;
        audited.map_err(|e| IngestError::limit(&self.path, e))?;
        guarded(|| survey::survey(page, limits)).ok_or_else(damaged)
    }

    fn picture(&self, index: u32, survey: &Survey, limits: &Limits) -> Result<PageImage, IngestError> {
        let fits = survey.refused.map_or_else(|| limits.check_image(survey.width, survey.height), Err);
        fits.map_err(|e| IngestError::limit(&self.path, e))?;
        let page = self.pdf.pages().get(index as usize).ok_or_else(|| self.broken(index, "it is missing"))?;
        let image = guarded(|| picture::picture(page, survey))
            .ok_or_else(|| self.broken(index, "a decoder failed on its content"))?;
        image.ok_or_else(|| self.broken(index, "its image is damaged or of an unknown kind"))
    }

    fn broken(&self, index: u32, why: &'static str) -> IngestError {
        IngestError::PdfPage { path: self.path.clone(), page: index + 1, why }
    }
}

/// The result of `work`, or none when it panicked. What it worked on is only read, or thrown away with the panic.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
