//! An XML document in memory, to which writing cannot fail. Characters that XML cannot hold are left out.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An XML document that is being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A document with its declaration, indented by one space a level.
    pub fn new() -> Xml {
        let mut xml = Xml::fragment();
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    /// A piece of a document, without a declaration.
    pub fn fragment() -> Xml {
        Xml(Writer::new_with_indent(Vec::new(), b' ', 1))
    }

    /// The document, a newline at its end.
    pub fn finish(self) -> String {
        let mut text = String::from_utf8(self.0.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.event(Event::Start(start(name, attributes)));
    }

    /// Closes the element opened last, which is called `name`.
    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// An element that holds text alone.
    pub fn text(&mut self, name: &str, attributes: &[(&str, String)], text: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(&allowed(text))));
        self.close(name);
    }

    fn event(&mut self, event: Event<'_>) {
        // memory takes whatever is written to it
        let _ = self.0.write_event(event);
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, String)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*allowed(value)));
    }
    start
}

/// `text` without the characters that no XML document may hold.
fn allowed(text: &str) -> Cow<'_, str> {
    let refused =
        |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(refused) { text.replace(refused, "").into() } else { text.into() }
}
