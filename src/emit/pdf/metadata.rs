//! What a searchable PDF says of itself: the dictionary of old (`Info`), XMP, and the language.
//!
//! Title is the kind and the subject of the document, author who issued it, subject its number, place and date, as far as the plan has
//! them; where it has not, what the file said before stays. Times stay what they were: nothing here looks at a clock. The date of the
//! document itself is `dc:date`.
//!
//! No conformance to PDF/A is claimed, and a claim of the original is not repeated: it was made for another file.

use lopdf::{Dictionary, Document, Object, Stream, decode_text_string, text_string};
use serde::{Deserialize, Serialize};

use super::PdfError;
use crate::emit::text::printed_date;
use crate::model::Plan;

/// What is known of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Kind and subject.
    pub title: Option<String>,
    /// Who issued it.
    pub author: Option<String>,
    /// Number, place and date.
    pub subject: Option<String>,
    /// Kind and number, for searching.
    pub keywords: Vec<String>,
    /// Its number.
    pub number: Option<String>,
    /// Its date, ISO 8601.
    pub date: Option<String>,
    /// The program that lays the text, and its version.
    pub tool: String,
}

impl Metadata {
    /// What `plan` says.
    #[must_use]
    pub fn of(plan: &Plan) -> Metadata {
        let header = &plan.header;
        let spaced = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let joined = |parts: &[&Option<String>], by: &str| {
            let parts: Vec<String> = parts.iter().filter_map(|part| part.as_ref().map(spaced)).collect();
            Some(parts.join(by)).filter(|text| !text.is_empty())
        };
        let number = header.number.as_ref().map(|number| format!("Số {number}"));
        let date = header.date.as_deref().map(printed_date);
        Metadata {
            title: joined(&[&header.kind, &header.title], " "),
            author: joined(&[&header.issuer], " ").or_else(|| joined(&[&header.issuer_parent], " ")),
            subject: joined(&[&number, &header.place, &date], ", "),
            keywords: [&header.kind, &header.number].into_iter().flatten().map(spaced).collect(),
            number: header.number.clone(),
            date: header.date.clone(),
            tool: plan.source.tool.clone(),
        }
    }
}

/// The language of the text.
const LANGUAGE: &str = "vi-VN";

/// Writes what is known into `document`.
pub(super) fn put(document: &mut Document, metadata: &Metadata) -> Result<(), PdfError> {
    let old = document.trailer.get(b"Info").ok().cloned();
    let mut info = match &old {
        Some(Object::Reference(id)) => document.get_dictionary(*id).cloned().unwrap_or_default(),
        Some(Object::Dictionary(info)) => info.clone(),
        _ => Dictionary::new(),
    };
    let keywords = Some(metadata.keywords.join(", ")).filter(|words| !words.is_empty());
    for (key, value) in [
        ("Title", &metadata.title),
        ("Author", &metadata.author),
        ("Subject", &metadata.subject),
        ("Keywords", &keywords),
    ] {
        if let Some(value) = value {
            info.set(key, text_string(value));
        }
    }
    if !info.has(b"Producer") {
        info.set("Producer", text_string(&metadata.tool));
    }
    let xmp = xmp(document, &info, metadata);
    // an object of its own: the old one may be shared with who knows what
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "Metadata");
    dictionary.set("Subtype", "XML");
    let stream = document.add_object(Stream::new(dictionary, xmp.into_bytes()).with_compression(false));
    let catalog = document.catalog_mut().map_err(|error| PdfError::Unreadable(error.to_string()))?;
    let gone = [catalog.get(b"Metadata").ok().cloned(), old];
    catalog.set("Metadata", stream);
    catalog.set("Lang", text_string(LANGUAGE));
    for id in gone.into_iter().flatten().filter_map(|object| object.as_reference().ok()) {
        document.objects.remove(&id);
    }
    Ok(())
}

/// The packet of XMP. It says what `info` says.
fn xmp(document: &Document, info: &Dictionary, metadata: &Metadata) -> String {
    let said = |key: &[u8]| {
        let value = info.get_deref(key, document).ok()?;
        decode_text_string(value).ok().map(|text| escape(text.trim())).filter(|text| !text.is_empty())
    };
    let mut out = String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n\
         <dc:format>application/pdf</dc:format>\n",
    );
    let mut put = |name: &str, kind: &str, value: Option<String>| {
        let Some(value) = value else { return };
        let item = if kind == "Alt" { "<rdf:li xml:lang=\"x-default\">" } else { "<rdf:li>" };
        let value = match kind {
            "" => value,
            kind => format!("<rdf:{kind}>{item}{value}</rdf:li></rdf:{kind}>"),
        };
        out.push_str(&format!("<{name}>{value}</{name}>\n"));
    };
    put("dc:title", "Alt", said(b"Title"));
    put("dc:creator", "Seq", said(b"Author"));
    put("dc:description", "Alt", said(b"Subject"));
    let subjects: Vec<String> = metadata.keywords.iter().map(|word| escape(word)).collect();
    let subjects = (!subjects.is_empty()).then(|| subjects.join("</rdf:li><rdf:li>"));
    put("dc:subject", "Bag", subjects);
    put("dc:identifier", "", metadata.number.as_deref().map(escape));
    put("dc:date", "Seq", metadata.date.as_deref().map(escape));
    put("dc:language", "Bag", Some(LANGUAGE.to_owned()));
    put("pdf:Keywords", "", said(b"Keywords"));
    put("pdf:Producer", "", said(b"Producer"));
    put("xmp:CreatorTool", "", said(b"Creator"));
    put("xmp:CreateDate", "", said(b"CreationDate").and_then(|date| iso_date(&date)));
    put("xmp:ModifyDate", "", said(b"ModDate").and_then(|date| iso_date(&date)));
    out.push_str("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n");
    out
}

/// `D:20210309081500+07'00'` as ISO 8601; none if it is no such date.
fn iso_date(date: &str) -> Option<String> {
    // the apostrophe may have been escaped
    let date = date.strip_prefix("D:").unwrap_or(date).replace("&apos;", "'");
    let digits = date.bytes().take_while(u8::is_ascii_digit).count();
    let (time, zone) = date.split_at(digits);
    let mut out = time.get(..4)?.to_owned();
    for (i, before) in [(4, "-"), (6, "-"), (8, "T"), (10, ":"), (12, ":")] {
        match time.get(i..i + 2) {
            Some(part) => out.push_str(&format!("{before}{part}")),
            // an hour without minutes is no time
            None if i == 10 => out.truncate(10),
            None => break,
        }
    }
    if out.len() <= 10 {
        return Some(out);
    }
    let parts: Vec<&str> = zone.get(1..).unwrap_or_default().split('\'').collect();
    match (zone.as_bytes().first(), parts.as_slice()) {
        (Some(b'Z'), _) => out.push('Z'),
        (Some(b'+' | b'-'), [hours, rest @ ..]) if is_pair(hours) => {
            let minutes = rest.first().filter(|minutes| is_pair(minutes)).unwrap_or(&"00");
            out.push_str(&format!("{}{hours}:{minutes}", &zone[..1]));
        }
        _ => {}
    }
    Some(out)
}

fn is_pair(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|c| c.is_ascii_digit())
}

/// `text` as it may stand in XML.
fn escape(text: &str) -> String {
    let allowed = |c: &char| {
        (*c >= ' ' || matches!(c, '\t' | '\n')) && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{7f}'..='\u{9f}')
    };
    let text: String = text.chars().filter(allowed).collect();
    quick_xml::escape::escape(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_files() {
        for (date, iso) in [
            ("D:20210309081500+07'00'", Some("2021-03-09T08:15:00+07:00")),
            ("D:20210309081500Z", Some("2021-03-09T08:15:00Z")),
            ("D:202103090815-07", Some("2021-03-09T08:15-07:00")),
            ("20210309", Some("2021-03-09")),
            ("D:2021030908", Some("2021-03-09")),
            ("D:2021", Some("2021")),
            ("yesterday", None),
        ] {
            assert_eq!(iso_date(date).as_deref(), iso, "{date}");
        }
    }

    #[test]
    fn what_the_plan_says() {
        let mut plan = Plan::default();
        plan.header.kind = Some("KẾ HOẠCH".into());
        plan.header.title = Some("Vệ sinh\nmôi trường".into());
        plan.header.issuer = Some("UBND XÃ TÂN AN".into());
        plan.header.number = Some("05/KH-UBND".into());
        plan.header.date = Some("2021-03-09".into());
        let metadata = Metadata::of(&plan);
        assert_eq!(metadata.title.as_deref(), Some("KẾ HOẠCH Vệ sinh môi trường"));
        assert_eq!(metadata.subject.as_deref(), Some("Số 05/KH-UBND, ngày 09 tháng 3 năm 2021"));
        assert_eq!(Metadata::of(&Plan::default()), Metadata::default());
    }

    #[test]
    fn xmp_is_well_formed_whatever_it_says() {
        let mut info = Dictionary::new();
        info.set("Title", text_string("a <b> & \"c\"\u{1}"));
        info.set("CreationDate", text_string("D:20210309081500+07'00'"));
        let metadata = Metadata { keywords: vec!["x & y".into()], ..Metadata::default() };
        let text = xmp(&Document::new(), &info, &metadata);
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().expect("well-formed") {
                quick_xml::events::Event::Eof => break,
                _ => continue,
            }
        }
        assert!(text.contains("a &lt;b&gt; &amp; &quot;c&quot;</rdf:li>"), "{text}");
        assert!(text.contains("<xmp:CreateDate>2021-03-09T08:15:00+07:00</xmp:CreateDate>"), "{text}");
    }
}
