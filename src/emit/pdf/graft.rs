//! Grafting: layers onto the pages of an existing PDF.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream, StringFormat, dictionary};

use super::clean::{self, State};
use super::text::{self, Codes};
use super::write::{self, Spellings};
use super::{Layer, Metadata, Note, PdfError, glyphless, metadata};

/// What the streams of objects and the content of one page may decode to.
const MOST_OBJECTS: usize = 256 << 20;
const MOST_CONTENT: usize = 64 << 20;
/// What the forms of all pages may decode to.
const MOST_FORMS: usize = 512 << 20;
/// How deep forms stand in forms, and pages in the tree of pages.
const DEEPEST_FORM: usize = 12;
const DEEPEST_PAGE: usize = 64;

/// Writes the PDF at `original` to `to` with `layers` laid over its pages, of which there are `pages`.
///
/// # Errors
/// [`PdfError`]; what was written then is of no use.
pub fn searchable(
    original: &Path,
    pages: u32,
    layers: &[Layer],
    metadata: &Metadata,
    to: &mut impl Write,
) -> Result<Vec<Note>, PdfError> {
    let bytes = super::read(original)?;
    let options = LoadOptions { max_decompressed_size: Some(MOST_OBJECTS), ..LoadOptions::default() };
    let loaded = Document::load_mem_with_options(&bytes, options);
    let document = match loaded {
        Ok(document) if document.is_encrypted() || document.was_encrypted() => {
            return Err(PdfError::Encrypted);
        }
        Ok(document) => document,
        Err(lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword | lopdf::Error::AlreadyEncrypted) => {
            return Err(PdfError::Encrypted);
        }
        Err(error) => return Err(PdfError::Unreadable(error.to_string())),
    };
    let mut notes = Vec::new();
    if is_signed(&document) {
        if layers.iter().all(|layer| layer.keep) {
            // nothing to lay, so the signature need not be broken
            to.write_all(&bytes)?;
            return Ok(notes);
        }
        notes.push(Note::Signed);
    }
    let mut spellings = Spellings::default();
    spellings.of_file(&bytes);
    drop(bytes);
    for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        if stream.dict.has_type(b"ObjStm") {
            spellings.of_text(&decoded(stream, MOST_CONTENT).unwrap_or_default());
        }
    }
    let found: Vec<ObjectId> = document.page_iter().take(pages as usize + 1).collect();
    if found.len() != pages as usize {
        return Err(PdfError::Unreadable(format!("{} of {pages} pages are found", found.len())));
    }
    let mut graft = Graft { spellings, ..Graft::of(document) };
    let mut done = HashSet::new();
    for layer in layers.iter().filter(|layer| !layer.keep) {
        let page = found.get(layer.page.saturating_sub(1) as usize).copied();
        // the same page may stand at two places
        if let Some(page) = page.filter(|page| done.insert(*page)) {
            notes.extend(graft.page(page, layer)?);
        }
    }
    graft.finish(done.len() == found.len(), metadata, to)?;
    Ok(notes)
}

/// Whether signatures are in the document, by its form's flags.
fn is_signed(document: &Document) -> bool {
    let flags = document.catalog().and_then(|catalog| catalog.get_deref(b"AcroForm", document));
    let flags = flags.and_then(Object::as_dict).and_then(|form| form.get_deref(b"SigFlags", document));
    flags.and_then(Object::as_i64).is_ok_and(|flags| flags & 1 != 0)
}

/// A document whose pages get layers.
pub(super) struct Graft {
    document: Document,
    codes: Codes,
    spellings: Spellings,
    /// The font of the layers, which is made at the end.
    font: Option<ObjectId>,
    /// Resources that several pages share, with the font in them.
    shared: HashMap<ObjectId, (ObjectId, String)>,
    /// Forms that were looked at, and what they became.
    forms: HashMap<(ObjectId, State), Option<ObjectId>>,
    /// How many bytes of forms may still be decoded.
    budget: usize,
    /// Whether something may not be needed any more.
    replaced: bool,
    /// Whether some page or form was not looked at, so that what it uses has to stay.
    limited: bool,
}

/// The resources of a page, and the object that holds them if several may.
struct Found {
    resources: Dictionary,
    holder: Option<ObjectId>,
}

impl Graft {
    pub fn of(document: Document) -> Graft {
        Graft {
            document,
            codes: Codes::default(),
            spellings: Spellings::default(),
            font: None,
            shared: HashMap::new(),
            forms: HashMap::new(),
            budget: MOST_FORMS,
            replaced: false,
            limited: false,
        }
    }

    /// Lays `layer` over a page.
    pub fn page(&mut self, page: ObjectId, layer: &Layer) -> Result<Option<Note>, PdfError> {
        let unreadable = |error: lopdf::Error| PdfError::Unreadable(error.to_string());
        let dictionary = self.document.get_dictionary(page).map_err(unreadable)?.clone();
        let streams = self.document.get_page_contents(page);
        let Found { mut resources, holder } = self.resources(&dictionary);
        let content = self.content(&streams);
        let mut added = Vec::new();
        let cleaned = content.as_ref().map(|content| {
            let known = &mut Known { graft: &mut *self, resources: &resources, depth: 0, added: &mut added };
            clean::clean(content, State::default(), known)
        });
        let unlooked = content.is_none() && !streams.is_empty();
        self.limited |= unlooked;
        let note = unlooked.then_some(Note::Unlooked(layer.page));
        let cleaned = cleaned.flatten();
        if layer.lines.is_empty() && cleaned.is_none() {
            return Ok(note);
        }
        // fonts and forms under names of their own
        for (name, form) in &added {
            put(&mut resources, &self.document, b"XObject", name, *form);
        }
        let font = self.put_resources(page, resources, holder.filter(|_| added.is_empty()))?;
        // The layer comes first, where the page's space is still its own whatever the content does to it; being invisible, it hides nothing.
        let mut first = Vec::new();
        if !layer.lines.is_empty() {
            let matrix = layer.user_space.unwrap_or_else(|| own_matrix(layer));
            first = text::operators(layer, matrix, &font, &mut self.codes);
        }
        let contents = match cleaned {
            Some(cleaned) => {
                self.replaced = true;
                first.extend(cleaned);
                Object::Reference(self.add_stream(Dictionary::new(), first)?)
            }
            None => {
                let first = self.add_stream(Dictionary::new(), first)?;
                Object::Array([first].into_iter().chain(streams).map(Object::Reference).collect())
            }
        };
        self.document.get_dictionary_mut(page).map_err(unreadable)?.set("Contents", contents);
        Ok(note)
    }

    /// Makes what is left to make, and writes the document; `whole` says that no page of it was left alone.
    pub fn finish(mut self, whole: bool, metadata: &Metadata, to: &mut impl Write) -> Result<(), PdfError> {
        if let Some(font) = self.font {
            self.make_font(font)?;
        }
        metadata::put(&mut self.document, metadata)?;
        let document = &mut self.document;
        if whole && !self.limited {
            // no page shows them any more, though resources that nobody uses may still name them
            for ((old, _), _) in self.forms.iter().filter(|(_, new)| new.is_some()) {
                document.objects.remove(old);
            }
        }
        if self.replaced {
            // old text goes with the streams that held it
            document.prune_objects();
        }
        let rewritten = [b"ObjStm".as_slice(), b"XRef", b"Linearized"];
        document.objects.retain(|_, object| {
            let dictionary = object.as_dict().or_else(|_| object.as_stream().map(|stream| &stream.dict)).ok();
            let linearized = dictionary.is_some_and(|dictionary| dictionary.has(b"Linearized"));
            let own =
                dictionary.and_then(|dictionary| dictionary.get(b"Type").and_then(Object::as_name).ok());
            !linearized && !own.is_some_and(|name| rewritten.contains(&name))
        });
        for key in [
            b"Type".as_slice(),
            b"Prev",
            b"XRefStm",
            b"Index",
            b"W",
            b"Filter",
            b"DecodeParms",
            b"Length",
            b"DL",
        ] {
            document.trailer.remove(key);
        }
        write::write(document, &self.spellings, to)?;
        Ok(())
    }

    /// Content streams as one; none where one cannot be decoded.
    fn content(&self, streams: &[ObjectId]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        for id in streams {
            let stream = self.document.get_object(*id).and_then(Object::as_stream).ok()?;
            let left = MOST_CONTENT.checked_sub(out.len())?;
            out.extend(decoded(stream, left)?);
            out.push(b'\n');
        }
        Some(out)
    }

    /// The resources of a page, its own or those of a node above it.
    fn resources(&self, page: &Dictionary) -> Found {
        let mut node = page;
        let mut at = None;
        for _ in 0..DEEPEST_PAGE {
            if let Ok(object) = node.get(b"Resources") {
                let holder = object.as_reference().ok().or(at);
                let resources = self.document.dereference(object).and_then(|(_, object)| object.as_dict());
                return Found { resources: resources.cloned().unwrap_or_default(), holder };
            }
            let Ok(parent) = node.get(b"Parent").and_then(Object::as_reference) else { break };
            let Ok(above) = self.document.get_dictionary(parent) else { break };
            (node, at) = (above, Some(parent));
        }
        Found { resources: Dictionary::new(), holder: None }
    }

    /// Gives a page these resources with the layer's font in them, and says by what name. Those of `holder` are made once.
    fn put_resources(
        &mut self,
        page: ObjectId,
        mut resources: Dictionary,
        holder: Option<ObjectId>,
    ) -> Result<String, PdfError> {
        let unreadable = |error: lopdf::Error| PdfError::Unreadable(error.to_string());
        let (object, name) = match holder.and_then(|holder| self.shared.get(&holder)) {
            Some((made, name)) => (Object::Reference(*made), name.clone()),
            None => {
                let font = *self.font.get_or_insert_with(|| self.document.new_object_id());
                let fonts = resources.get_deref(b"Font", &self.document).and_then(Object::as_dict).ok();
                let mut name = "Restored".to_owned();
                while fonts.is_some_and(|fonts| fonts.has(name.as_bytes())) {
                    name.push('0');
                }
                put(&mut resources, &self.document, b"Font", name.as_bytes(), font);
                match holder {
                    Some(holder) => {
                        let made = self.document.add_object(resources);
                        self.shared.insert(holder, (made, name.clone()));
                        (Object::Reference(made), name)
                    }
                    None => (Object::Dictionary(resources), name),
                }
            }
        };
        self.document.get_dictionary_mut(page).map_err(unreadable)?.set("Resources", object);
        Ok(name)
    }

    pub(super) fn add_stream(
        &mut self,
        dictionary: Dictionary,
        content: Vec<u8>,
    ) -> Result<ObjectId, PdfError> {
        let mut stream = Stream::new(dictionary, content);
        stream.compress().map_err(|error| PdfError::Unreadable(error.to_string()))?;
        Ok(self.document.add_object(stream))
    }

    /// The font of the layers, as object `id`.
    fn make_font(&mut self, id: ObjectId) -> Result<(), PdfError> {
        let name = "SohoaGlyphless";
        let font = glyphless::font();
        let mut file = Dictionary::new();
        file.set("Length1", font.len() as i64);
        let file = self.add_stream(file, font)?;
        let to_unicode = self.codes.to_unicode().into_bytes();
        let to_unicode = self.add_stream(Dictionary::new(), to_unicode)?;
        // every code shows glyph 1
        let glyphs = self.add_stream(Dictionary::new(), [0, 1].repeat(1 << 16))?;
        let (ascent, descent) = (i64::from(glyphless::ASCENT), i64::from(glyphless::DESCENT));
        let width = i64::from(glyphless::WIDTH);
        let integers = |values: &[i64]| Object::Array(values.iter().map(|v| Object::Integer(*v)).collect());
        let descriptor = dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => name,
            "Flags" => 5, // every glyph as wide as the other; no Latin letters
            "FontBBox" => integers(&[0, descent, width, ascent]),
            "ItalicAngle" => 0,
            "Ascent" => ascent,
            "Descent" => descent,
            "CapHeight" => ascent,
            "StemV" => 80,
            "FontFile2" => file,
        };
        let descriptor = self.document.add_object(descriptor);
        let literal = |text: &str| Object::String(text.into(), StringFormat::Literal);
        let descendant = dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType2",
            "BaseFont" => name,
            "CIDSystemInfo" => dictionary! {
                "Registry" => literal("Adobe"), "Ordering" => literal("Identity"), "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "DW" => width,
            "CIDToGIDMap" => glyphs,
        };
        let descendant = self.document.add_object(descendant);
        let font = dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => name,
            "Encoding" => "Identity-H",
            "DescendantFonts" => Object::Array(vec![descendant.into()]),
            "ToUnicode" => to_unicode,
        };
        self.document.objects.insert(id, Object::Dictionary(font));
        Ok(())
    }
}

/// From pixels to a page that shows nothing but the picture.
pub(super) fn own_matrix(layer: &Layer) -> [f64; 6] {
    let scale = 72.0 / f64::from(layer.dpi.max(1.0));
    [scale, 0.0, 0.0, -scale, 0.0, f64::from(layer.height) * scale]
}

/// Adds an entry to a dictionary inside resources, which is copied if other resources may share it.
fn put(resources: &mut Dictionary, document: &Document, kind: &[u8], name: &[u8], value: ObjectId) {
    let inner = resources.get_deref(kind, document).and_then(Object::as_dict);
    let mut inner = inner.cloned().unwrap_or_default();
    inner.set(name, value);
    resources.set(kind, inner);
}

/// What a stream decodes to, if that is no more than `most`.
fn decoded(stream: &Stream, most: usize) -> Option<Vec<u8>> {
    stream.get_plain_content_with_limit(most).ok().filter(|content| content.len() <= most)
}

/// What names of a content stream stand for.
struct Known<'g> {
    graft: &'g mut Graft,
    resources: &'g Dictionary,
    /// How many forms it stands in.
    depth: usize,
    /// Cleaned forms by their new names.
    added: &'g mut Vec<(Vec<u8>, ObjectId)>,
}

impl Known<'_> {
    fn named<'k>(&'k self, kind: &[u8], name: &[u8]) -> Option<&'k Object> {
        let document = &self.graft.document;
        self.resources.get_deref(kind, document).and_then(Object::as_dict).ok()?.get(name).ok()
    }

    fn dictionary<'k>(&'k self, kind: &[u8], name: &[u8]) -> Option<&'k Dictionary> {
        let (_, object) = self.graft.document.dereference(self.named(kind, name)?).ok()?;
        object.as_dict().ok()
    }

    /// The form cleaned, if it had to be.
    fn cleaned(&mut self, id: ObjectId, state: State) -> Option<ObjectId> {
        let stream = self.graft.document.get_object(id).and_then(Object::as_stream).ok()?;
        let kind = stream.dict.get(b"Subtype").and_then(Object::as_name);
        if !kind.is_ok_and(|kind| kind == b"Form") {
            return None;
        }
        let Some(content) = decoded(stream, self.graft.budget.min(MOST_CONTENT)) else {
            self.graft.limited = true;
            return None;
        };
        let mut dictionary = stream.dict.clone();
        let own = dictionary.get_deref(b"Resources", &self.graft.document).and_then(Object::as_dict);
        // one without resources of its own uses those of the page
        let mut resources = own.cloned().unwrap_or_else(|_| self.resources.clone());
        self.graft.budget -= content.len();
        let mut added = Vec::new();
        let known = &mut Known {
            graft: &mut *self.graft,
            resources: &resources,
            depth: self.depth + 1,
            added: &mut added,
        };
        let new = clean::clean(&content, state, known)?;
        for (name, form) in &added {
            put(&mut resources, &self.graft.document, b"XObject", name, *form);
        }
        dictionary.set("Resources", resources);
        dictionary.remove(b"Filter");
        dictionary.remove(b"DecodeParms");
        self.graft.replaced = true;
        self.graft.add_stream(dictionary, new).ok()
    }
}

impl clean::Resources for Known<'_> {
    fn is_type3(&self, font: &[u8]) -> bool {
        let kind = self.dictionary(b"Font", font).and_then(|font| font.get(b"Subtype").ok());
        kind.is_none_or(|kind| kind.as_name().is_ok_and(|kind| kind == b"Type3"))
    }

    fn sets_font(&self, state: &[u8]) -> bool {
        self.dictionary(b"ExtGState", state).is_none_or(|state| state.has(b"Font"))
    }

    fn form(&mut self, name: &[u8], state: State) -> Option<Vec<u8>> {
        let id = self.named(b"XObject", name)?.as_reference().ok()?;
        let new = match self.graft.forms.get(&(id, state)) {
            Some(known) => *known,
            None if self.depth < DEEPEST_FORM => {
                // one that stands in itself is not looked at again
                self.graft.forms.insert((id, state), None);
                let new = self.cleaned(id, state);
                self.graft.forms.insert((id, state), new);
                new
            }
            None => {
                self.graft.limited = true;
                None
            }
        }?;
        let mut fresh = b"Restored".to_vec();
        fresh.extend(new.0.to_string().bytes());
        self.added.push((fresh.clone(), new));
        Some(fresh)
    }
}
