//! Looks at the streams of a page before they are decoded: those that interpreting the page decodes (contents, forms, fonts, patterns), by a
//! walk over the objects that the page leads to; its images one by one as they are drawn. Resources that many pages share are
//! looked at once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::xref::XRef;

use super::expand::{self, Coding};
use crate::ingest::Limits;
use crate::ingest::limits::Exceeded;

/// What was looked at and found right.
#[derive(Debug, Default)]
pub(super) struct Audit(Mutex<HashSet<ObjectIdentifier>>);

impl Audit {
    /// Checks what interpreting `page` would decode.
    ///
    /// # Errors
    /// The limit that the first such stream passes.
    pub(super) fn page(&self, page: &Page<'_>, limits: &Limits) -> Result<(), Exceeded> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // what is found right counts only when all of the page is
        let mut seen = HashSet::new();
        let resources = page.resources();
        let dicts = [
            (&resources.ext_g_states, false),
            (&resources.fonts, false),
            (&resources.properties, false),
            (&resources.color_spaces, false),
            (&resources.x_objects, false),
            // what patterns paint is not met one by one as it is drawn
            (&resources.patterns, true),
            (&resources.shadings, false),
            (page.raw(), false),
        ];
        let mut todo: Vec<(Object<'_>, bool)> =
            dicts.into_iter().map(|(dict, within)| (Object::Dict(dict.clone()), within)).collect();
        while let Some((object, within)) = todo.pop() {
            let mut new = |id: ObjectIdentifier| !known.contains(&id) && seen.insert(id);
            match object {
                Object::Array(array) => {
                    let items = array.raw_iter().filter_map(|item| resolved(item, page.xref(), &mut new));
                    todo.extend(items.map(|object| (object, within)));
                }
                Object::Dict(dict) => todo.extend(entries(&dict, within, page.xref(), &mut new)),
                Object::Stream(stream) => {
                    let is_image = is_image(stream.dict());
                    if !is_image || within {
                        stream_within(&stream, limits)?;
                    }
                    if !is_image {
                        todo.extend(entries(stream.dict(), within, page.xref(), &mut new));
                    }
                }
                _ => {}
            }
        }
        known.extend(seen);
        Ok(())
    }
}

/// Checks an image and its masks.
///
/// # Errors
/// As [`Audit::page`].
pub(super) fn image(stream: &Stream<'_>, limits: &Limits) -> Result<(), Exceeded> {
    stream_within(stream, limits)?;
    let masks = [b"SMask".as_slice(), b"Mask"].into_iter();
    masks
        .filter_map(|key| stream.dict().get::<Stream<'_>>(key))
        .try_for_each(|mask| stream_within(&mask, limits))
}

/// An object; one that is referred to only if it is new.
fn resolved<'a>(
    item: MaybeRef<Object<'a>>,
    xref: &'a XRef,
    new: &mut impl FnMut(ObjectIdentifier) -> bool,
) -> Option<Object<'a>> {
    match item {
        MaybeRef::NotRef(object) => Some(object),
        MaybeRef::Ref(reference) => {
            let id = ObjectIdentifier::from(reference);
            new(id).then(|| xref.get(id)).flatten()
        }
    }
}

/// Where the entries of a dictionary lead, and whether that is within a pattern.
fn entries<'a>(
    dict: &Dict<'a>,
    within: bool,
    xref: &'a XRef,
    new: &mut impl FnMut(ObjectIdentifier) -> bool,
) -> Vec<(Object<'a>, bool)> {
    let lead = |(key, value): (Name<'a>, MaybeRef<Object<'a>>)| {
        Some((resolved(value, xref, new)?, within || key.as_ref() == b"Pattern"))
    };
    dict.entries().filter_map(lead).filter(|(object, _)| !is_of_the_tree(object)).collect()
}

/// Whether this is a page, or what holds pages: those that the one at hand only refers to are no part of it.
fn is_of_the_tree(object: &Object<'_>) -> bool {
    let Object::Dict(dict) = object else { return false };
    let kind = dict.get::<Name<'_>>(b"Type".as_slice());
    kind.is_some_and(|kind| matches!(kind.as_ref(), b"Page" | b"Pages" | b"Catalog"))
}

fn is_image(dict: &Dict<'_>) -> bool {
    dict.get::<Name<'_>>(b"Subtype".as_slice()).is_some_and(|name| name.as_ref() == b"Image")
}

/// Checks one stream.
fn stream_within(stream: &Stream<'_>, limits: &Limits) -> Result<(), Exceeded> {
    let dict = stream.dict();
    let filters = stream.filters();
    let mut codings = Vec::new();
    let mut last = None;
    for filter in &filters {
        match Coding::of(*filter, switches_early(dict)) {
            Some(coding) => codings.push(coding),
            None if *filter == Filter::Crypt => {}
            // what follows an image's filter gets no more than that gives
            None => {
                last = Some(*filter);
                break;
            }
        }
    }
    let number = |key: &[u8]| dict.get::<i64>(key).and_then(|n| u32::try_from(n).ok());
    let side = |key: &[u8]| number(key).unwrap_or_default();
    let parms = || dict.get::<Dict<'_>>(b"DecodeParms".as_slice()).unwrap_or_default();
    let columns = || parms().get::<i64>(b"Columns".as_slice()).and_then(|n| u32::try_from(n).ok());
    let width = match last {
        Some(Filter::CcittFaxDecode) => columns().unwrap_or_default().max(side(b"Width")),
        _ => side(b"Width"),
    };
    let image = last.map(|filter| (filter, (width, side(b"Height"))));
    if image.is_none() && is_image(dict) {
        limits.check_image(width, side(b"Height"))?;
    }
    expand::check(&stream.raw_data(), &codings, image, limits)
}

/// Whether codes of LZW become longer one early, which only `/EarlyChange 0` denies.
fn switches_early(dict: &Dict<'_>) -> bool {
    let parms = dict.get::<Dict<'_>>(b"DecodeParms".as_slice()).or_else(|| {
        dict.get::<Array<'_>>(b"DecodeParms".as_slice()).and_then(|all| all.iter::<Dict<'_>>().next())
    });
    parms.and_then(|parms| parms.get::<i32>(b"EarlyChange".as_slice())) != Some(0)
}
