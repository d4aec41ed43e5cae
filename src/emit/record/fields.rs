//! The one table of the record's fields.

use super::Value;
use super::codes;
use crate::emit::digest::Digest;
use crate::model::page::Decision;
use crate::model::plan::Grade;

/// One field.
#[derive(Debug)]
pub struct Field {
    /// Its name in the circular.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Most characters.
    pub longest: Option<usize>,
    /// The field of the plan's header that it is read from: doubtful words there are for a human.
    pub header: Option<&'static str>,
    /// Where its value comes from.
    pub(super) rule: fn(&Digest<'_>) -> Value,
}

/// All fields, in the order of the circular.
pub static FIELDS: [Field; 21] = [
    Field {
        name: "docId",
        label: "Mã định danh tài liệu",
        longest: Some(25),
        header: None,
        rule: |_| Value::human("the archive numbers its documents"),
    },
    Field {
        name: "docCode",
        label: "Mã lưu trữ của tài liệu",
        longest: Some(100),
        header: None,
        rule: |_| Value::human("the code of the file it lies in and its place there, seven digits"),
    },
    Field {
        name: "maintenance",
        label: "Thời hạn lưu trữ",
        longest: Some(100),
        header: None,
        rule: |_| Value::human("that of the file it lies in (01 for ever, 02 to 06 years, 07 other)"),
    },
    Field {
        name: "typeName",
        label: "Tên loại tài liệu",
        longest: Some(10),
        header: Some("kind"),
        rule: type_name,
    },
    Field {
        name: "codeNumber",
        label: "Số của tài liệu",
        longest: Some(11),
        header: Some("number"),
        rule: |digest| number(digest, Part::Number),
    },
    Field {
        name: "codeNotation",
        label: "Ký hiệu của tài liệu",
        longest: Some(30),
        header: Some("number"),
        rule: |digest| number(digest, Part::Notation),
    },
    Field {
        name: "issuedDate",
        label: "Ngày, tháng, năm tài liệu",
        longest: Some(10),
        header: Some("date"),
        rule: issued,
    },
    Field {
        name: "organName",
        label: "Cơ quan, tổ chức ban hành",
        longest: Some(200),
        header: Some("issuer"),
        rule: |digest| from_header(digest.header.issuer.as_deref(), "header.issuer"),
    },
    Field {
        name: "subject",
        label: "Trích yếu nội dung",
        longest: Some(500),
        header: Some("title"),
        rule: |digest| from_header(digest.header.title.as_deref(), "header.title"),
    },
    Field {
        name: "language",
        label: "Ngôn ngữ",
        longest: Some(100),
        header: None,
        rule: |digest| match digest.quality.words {
            0 => Value::human("no text was read"),
            _ => Value::inferred(
                codes::VIETNAMESE,
                "the text is Vietnamese; other languages are not told apart",
            ),
        },
    },
    Field {
        name: "numberOfPage",
        label: "Số lượng trang",
        longest: Some(4),
        header: None,
        rule: |digest| match digest.source.pages {
            _ if &*digest.source.media_type == "text/plain" => Value::human("a text has no pages"),
            pages => Value::read(pages.to_string(), "pages of the input"),
        },
    },
    Field {
        name: "inforSign",
        label: "Ký hiệu thông tin",
        longest: Some(30),
        header: None,
        rule: |_| Value::human("the archive's own sign"),
    },
    Field {
        name: "keyword",
        label: "Từ khóa",
        longest: Some(100),
        header: None,
        rule: |_| Value::human("words that a reader would look for"),
    },
    Field {
        name: "mode",
        label: "Chế độ sử dụng",
        longest: Some(20),
        header: None,
        rule: |_| {
            Value::human("who may use it is decided by people (01 public, 02 on conditions, 03 secret)")
        },
    },
    Field {
        name: "confidenceLevel",
        label: "Mức độ tin cậy",
        longest: Some(30),
        header: None,
        rule: confidence,
    },
    Field {
        name: "autograph",
        label: "Bút tích",
        longest: Some(2000),
        header: None,
        rule: |_| Value::human("handwriting is not read"),
    },
    Field {
        name: "format",
        label: "Tình trạng vật lý",
        longest: Some(50),
        header: None,
        rule: |_| Value::human("the paper is not seen (01 good, 02 fair, 03 damaged)"),
    },
    Field {
        name: "riskRecovery",
        label: "Chế độ dự phòng",
        longest: Some(1),
        header: None,
        rule: |_| Value::human("whether a spare copy is kept (1 or 0)"),
    },
    Field {
        name: "riskRecoveryStatus",
        label: "Tình trạng dự phòng",
        longest: Some(2),
        header: None,
        rule: |_| Value::human("01 if there is a spare copy, 02 if not yet; needed where riskRecovery is 1"),
    },
    Field {
        name: "process",
        label: "Quy trình xử lý",
        longest: Some(1),
        header: None,
        rule: |_| Value::human("1 if the flow of its handling is kept beside it; not for digitised paper"),
    },
    Field { name: "description", label: "Ghi chú", longest: Some(500), header: None, rule: description },
];

fn from_header(value: Option<&str>, from: &str) -> Value {
    match value {
        Some(value) => Value::read(value, from),
        None => Value::human("the page does not show it, or it was not found"),
    }
}

fn type_name(digest: &Digest<'_>) -> Value {
    match digest.header.kind.as_deref() {
        Some(kind) => match codes::kind(kind) {
            Some(code) => Value::read(code, &format!("header.kind: {kind}")),
            None => Value::inferred(codes::OTHER, format!("the circular has no code for {kind}")),
        },
        None => Value::human("no kind was found; an official letter (công văn) names none and is 22"),
    }
}

#[derive(Clone, Copy)]
enum Part {
    Number,
    Notation,
}

/// `05/KH-UBND` → 05, KH-UBND; `30/2020/NĐ-CP` → 30, NĐ-CP (the year stands in `issuedDate`).
fn number(digest: &Digest<'_>, part: Part) -> Value {
    let Some(number) = digest.header.number.as_deref() else { return from_header(None, "") };
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let (count, rest) = number.split_at(digits);
    let notation = rest.trim_start_matches(['/', '-', ' ']);
    let notation = match notation.split_once('/') {
        Some((year, rest)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => notation,
    };
    let value = match part {
        Part::Number => count,
        Part::Notation => notation,
    };
    if value.is_empty() {
        return Value::human(format!("the number is printed as {number}"));
    }
    Value::read(value, "header.number")
}

/// `2021-03-09` → `09/03/2021`.
fn issued(digest: &Digest<'_>) -> Value {
    let Some(date) = digest.header.date.as_deref() else { return from_header(None, "") };
    match date.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => Value::read(format!("{day}/{month}/{year}"), "header.date"),
        _ => Value::human(format!("only {date} is printed")),
    }
}

fn confidence(digest: &Digest<'_>) -> Value {
    let [born, digitised, mixed] = codes::CONFIDENCE;
    if &*digest.source.media_type == "text/plain" {
        return Value::human("a text does not say where it comes from");
    }
    let is_born = |decision: Decision| decision == Decision::TextLayer;
    let born_pages = digest.pages.iter().filter(|page| is_born(page.decision)).count();
    match born_pages {
        0 => {
            Value::inferred(digitised, "all pages were recognised from images, or had the text of an old OCR")
        }
        n if n == digest.pages.len() => {
            Value::inferred(born, "all pages have a right text layer, which a good OCR may have left too")
        }
        n => Value::inferred(mixed, format!("{n} of {} pages have a right text layer", digest.pages.len())),
    }
}

/// What has to be made clear about the document.
fn description(digest: &Digest<'_>) -> Value {
    let quality = &digest.quality;
    let grade = match quality.grade {
        Grade::Good => "tốt",
        Grade::Fair => "khá",
        Grade::Poor => "kém",
    };
    let text = format!(
        "Văn bản khôi phục tự động ({}), chất lượng {grade}: {} trong {} từ cần xem lại.",
        &*digest.source.tool, quality.doubtful, quality.words
    );
    Value::inferred(text, "quality")
}
