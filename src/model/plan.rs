//! The plan: the JSON of schema version 1. 1.x only ever adds fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::{BBox, Decision, Encoding};
use super::review::Review;
use super::text::Span;

/// The version that `schema_version` shows.
pub const SCHEMA_VERSION: &str = "1.3";

/// One administrative document: what it says, where each part stands, and what was done to its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Version of this form; 1.x only ever adds fields.
    pub schema_version: String,
    /// Where it came from and what read it.
    pub source: Source,
    /// Its pages with their raw text.
    pub pages: Vec<PageRecord>,
    /// Letterhead and title.
    pub header: Header,
    /// Paragraphs between the title and the first item: bases, occasion.
    pub preamble: Vec<String>,
    /// The tree of numbered items.
    pub sections: Vec<Section>,
    /// Documents issued by this one (a plan issued by a decision).
    #[serde(default)]
    pub attached: Vec<Attached>,
    /// Paragraphs after the last item.
    pub closing: Vec<String>,
    /// Nơi nhận: who receives it, without dashes and final marks.
    pub recipients: Vec<String>,
    /// Who signed it; the first, where several did.
    pub signature: Signature,
    /// Who signed beside or below the first, in that order. Since 1.2.
    #[serde(default)]
    pub cosigners: Vec<Signature>,
    /// Notes at the foot of pages.
    pub footnotes: Vec<Footnote>,
    /// Tables after the signature.
    pub appendices: Vec<Appendix>,
    /// Documents that the text cites, one entry a mention, in order; those of footnotes last.
    pub references: Vec<Reference>,
    /// Work that labelled lines (Cơ quan chủ trì, Thời gian ...) assign.
    pub tasks: Vec<Task>,
    /// Who has to do what: duties that *Tổ chức thực hiện* and its like give to agencies. Since 1.1.
    #[serde(default)]
    pub assignments: Vec<Assignment>,
    /// Short names that the text defines, each listed once. Since 1.1.
    #[serde(default)]
    pub abbreviations: Vec<Abbreviation>,
    /// Amounts of money, in order. Since 1.1.
    #[serde(default)]
    pub amounts: Vec<Amount>,
    /// Dates and periods, in order, but for the dates of cited documents. Since 1.1.
    #[serde(default)]
    pub dates: Vec<TimeMention>,
    /// What restoration changed.
    pub corrections: Vec<Correction>,
    /// Words that a person should look at.
    pub doubtful: Vec<Doubtful>,
    /// Parts of the raw text that stand nowhere above, with the reason.
    pub dropped: Vec<Dropped>,
    /// How far the result can be trusted.
    pub quality: Quality,
    /// What looks wrong.
    pub warnings: Vec<Warning>,
    /// What persons decided when they looked through it, over what the machine had read. Since 1.3.
    #[serde(default)]
    pub reviews: Vec<Review>,
    /// Where the entries of `preamble`, `closing` and `recipients` stand, by field name: one list of spans an entry.
    #[serde(default)]
    pub spans: std::collections::BTreeMap<String, Vec<Vec<Span>>>,
}

impl Plan {
    /// All who signed it, in order.
    pub fn signatures(&self) -> impl Iterator<Item = &Signature> {
        std::iter::once(&self.signature).chain(&self.cosigners)
    }
}

/// Where a plan came from and what read it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The input's path as shown to the user, relative to the folder given.
    pub path: String,
    /// SHA-256 of the input's bytes, in hexadecimal; of a folder's images, over their digests in order.
    pub sha256: String,
    /// `application/pdf`, `image/png`, `image/jpeg`, `image/tiff`, `text/plain`.
    pub media_type: String,
    /// Number of pages of the input.
    pub pages: u32,
    /// Program and version.
    pub tool: String,
    /// Recognition model and dictionaries, by name and digest.
    pub models: Vec<String>,
    /// Options that shaped the result, such as `pages=1-3`; empty when all were the defaults.
    #[serde(default)]
    pub options: Vec<String>,
}

/// One page and its raw text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageRecord {
    /// 1-based number.
    pub number: u32,
    /// Pixels across at `dpi`; 0 for plain text.
    pub width: u32,
    /// Pixels down at `dpi`; 0 for plain text.
    pub height: u32,
    /// Dots per inch; 0 for plain text.
    pub dpi: f32,
    /// How the text was come by.
    pub decision: Decision,
    /// What the decision rests on: the share of the words of the page's own text layer that restoration found nothing wrong with (0 to 1);
    /// null where it has none or none was looked at. Since 1.2.
    #[serde(default)]
    pub score: Option<f32>,
    /// By how many degrees, clockwise, text lies on the page: a few for a crooked scan, 180 for one upside down. Since 1.2.
    #[serde(default)]
    pub turn: f32,
    /// The encoding from before Unicode that its text was converted from: `tcvn3`, `vni` or `viscii`; null where it was Unicode or was read
    /// from an image. Since 1.3.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// The page's text before restoration: all spans count its UTF-8 bytes.
    pub raw: String,
}

/// Letterhead and title. A field that the pages do not show is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// The superior body, where one is printed above the issuer.
    pub issuer_parent: Option<String>,
    /// The issuing body.
    pub issuer: Option<String>,
    /// Number and symbol, such as `481/KH-UBND`.
    pub number: Option<String>,
    /// Place of issue.
    pub place: Option<String>,
    /// Date of issue, ISO 8601.
    pub date: Option<String>,
    /// Kind of document, such as `KẾ HOẠCH`.
    pub kind: Option<String>,
    /// Trích yếu: what it is about.
    pub title: Option<String>,
    /// The time that the title names, such as that of `giai đoạn 2021 - 2025`. Since 1.1.
    #[serde(default)]
    pub period: Option<Period>,
    /// Where each of these fields stands, by field name.
    #[serde(default)]
    pub spans: std::collections::BTreeMap<String, Vec<Span>>,
}

/// One numbered or dashed item with everything below it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// The label without its closing mark: `I`, `1.1`, `a`, `Điều 1`, `-`.
    pub label: String,
    /// The label as printed: `I.`, `1.1.`, `a)`.
    pub marker: String,
    /// Heading or first paragraph, without the marker.
    pub text: String,
    /// Further paragraphs without a label, in order.
    pub paragraphs: Vec<String>,
    /// Items below this one.
    pub children: Vec<Section>,
    /// Where marker, text and paragraphs stand (not the children).
    pub spans: Vec<Span>,
    /// Boxes of those lines, where recognised from an image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<PageBox>,
}

/// A rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageBox {
    /// 1-based page number.
    pub page: u32,
    /// Where on it, in pixels at the page's `dpi`.
    #[serde(flatten)]
    pub bbox: BBox,
}

/// A document that stands inside another, issued by it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attached {
    /// Its kind, such as `KẾ HOẠCH`.
    pub kind: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// `(Ban hành kèm theo ...)`.
    pub note: Option<String>,
    /// Its items.
    pub sections: Vec<Section>,
    /// Where kind, title and note stand, by field name.
    #[serde(default)]
    pub spans: std::collections::BTreeMap<String, Vec<Span>>,
}

/// Who signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// For whom: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`.
    pub authority: Option<String>,
    /// Position: `PHÓ CHỦ TỊCH`.
    pub position: Option<String>,
    /// The signer's name.
    pub name: Option<String>,
    /// Where these stand.
    #[serde(default)]
    pub spans: Vec<Span>,
}

impl Signature {
    /// What is known of them, as printed, one line each.
    pub fn lines(&self) -> impl Iterator<Item = &String> {
        [&self.authority, &self.position, &self.name].into_iter().flatten()
    }
}

/// A note at the foot of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Footnote {
    /// Its mark in plain digits.
    pub mark: String,
    /// Its text.
    pub text: String,
    /// Where its mark stands in the text; empty where no mark was found. Since 1.1.
    #[serde(default)]
    pub marks: Vec<Span>,
    /// Where it stands.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// A table after the signature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Appendix {
    /// `Phụ lục I`.
    pub label: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Column heads.
    pub columns: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
    /// Where it stands.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// A cited document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// As printed, from the kind to the date.
    pub raw: String,
    /// `Nghị quyết`, `Quyết định` ...; null where only the symbol is printed.
    pub kind: Option<String>,
    /// Number and symbol.
    pub number: Option<String>,
    /// ISO 8601; null when none is printed.
    pub date: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// Assigned work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// What is to be done: the text of the item.
    pub text: String,
    /// Who leads.
    pub lead: Option<String>,
    /// Who takes part.
    pub partners: Vec<String>,
    /// By when, as printed.
    pub due: Option<String>,
    /// `due` in one form, where it names a date or a period. Since 1.1.
    #[serde(default)]
    pub due_period: Option<Period>,
    /// Path of labels to the item, such as `["III", "2", "-"]`.
    pub section: Vec<String>,
    /// Where the text of the item stands. Since 1.1.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// A stretch of time in ISO 8601, in the precision that is printed: `2021`, `2021-06` or `2021-06-30`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// First year, month or day.
    pub from: String,
    /// Last year, month or day; the same as `from` for a single one.
    pub to: String,
}

/// A date or a period that the text names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeMention {
    /// As printed: `từ ngày 01/11/2017 đến 31/5/2018`.
    pub raw: String,
    /// The time it names.
    #[serde(flatten)]
    pub period: Period,
    /// Path of labels to the item it stands in; empty outside the items.
    pub section: Vec<String>,
    /// Where it stands.
    pub spans: Vec<Span>,
}

/// An amount of money.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// As printed: `1,5 tỷ đồng`.
    pub raw: String,
    /// In đồng: `1500000000`.
    pub value: u64,
    /// What the words in brackets behind it say, in đồng; null where there are none.
    pub words: Option<u64>,
    /// Path of labels to the item it stands in; empty outside the items.
    pub section: Vec<String>,
    /// Where it stands.
    pub spans: Vec<Span>,
}

/// A short name and what it stands for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Abbreviation {
    /// The short form: `CCHC`.
    pub short: String,
    /// What it stands for: `cải cách hành chính`; null where the words before it do not tell.
    pub long: Option<String>,
    /// Where it is defined.
    pub spans: Vec<Span>,
}

/// What one agency, or several together, have to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assignment {
    /// The agency as printed: `Sở Tài chính`, `UBND các xã, thị trấn`.
    pub agency: String,
    /// Its duties, in print order.
    pub duties: Vec<String>,
    /// Path of labels to the item that names it.
    pub section: Vec<String>,
    /// Where that item stands.
    pub spans: Vec<Span>,
}

/// A word that restoration changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    /// Page number.
    pub page: u32,
    /// First byte in the page's `raw`.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What stood there.
    pub raw: String,
    /// What stands there now.
    pub new: String,
    /// Probability that `new` is right (0 to 1).
    pub confidence: f32,
    /// The next best reading.
    pub runner_up: Option<String>,
}

/// A word that a person should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Doubtful {
    /// Page number.
    pub page: u32,
    /// First byte in the page's `raw`.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The reading that was kept.
    pub text: String,
    /// Probability that it is right (0 to 1).
    pub confidence: f32,
    /// The next best reading, if there was one. Since 1.3.
    #[serde(default)]
    pub runner_up: Option<String>,
}

/// Raw text that stands nowhere else in the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dropped {
    /// Page number.
    pub page: u32,
    /// First byte in the page's `raw`.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `page-number`, `running-head`, `motto`, `noise` ...
    pub why: String,
}

/// How far a result can be trusted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// At most 1 % of the words doubtful, no structural warning.
    Good,
    /// At most 5 % of the words doubtful.
    Fair,
    /// More than that, or hardly any text.
    #[default]
    Poor,
}

/// Figures about the result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// In one word.
    pub grade: Grade,
    /// Words of the restored text.
    pub words: u32,
    /// Words that restoration changed.
    pub changed: u32,
    /// Words that are doubtful.
    pub doubtful: u32,
    /// Mean confidence of the recognition engine (0 to 100), where one read.
    pub recognition: Option<f32>,
}

/// Something that looks wrong and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// Stable name, such as `numbering-gap`.
    pub code: String,
    /// For people.
    pub message: String,
    /// Page number, where there is one.
    pub page: Option<u32>,
}
