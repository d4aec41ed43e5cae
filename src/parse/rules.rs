//! What the rules of form prescribe, as data: kinds of documents and their symbols, mottoes, agencies, positions.
//!
//! Sources: NĐ 30/2020/NĐ-CP App. III (kinds and symbols), TT 01/2011/TT-BNV and TTLT 55/2005 before it, the party's
//! and the youth union's own rules. Phrases are folded (see [`super::fold`]). New kinds, agencies or positions are
//! added here and nowhere else.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::{Phrases, alike, is_letter, words};

/// Kinds of documents: folded name, name as printed in running text, symbols.
pub(super) const KINDS: [(&str, &str, &[&str]); 44] = [
    ("ke hoach", "Kế hoạch", &["KH"]),
    ("quyet dinh", "Quyết định", &["QĐ"]),
    ("nghi quyet", "Nghị quyết", &["NQ"]),
    ("chi thi", "Chỉ thị", &["CT"]),
    ("nghi dinh", "Nghị định", &["NĐ"]),
    ("thong tu lien tich", "Thông tư liên tịch", &["TTLT"]),
    ("thong tu", "Thông tư", &["TT"]),
    ("nghi quyet lien tich", "Nghị quyết liên tịch", &["NQLT"]),
    ("bo luat", "Bộ luật", &[]),
    ("luat", "Luật", &[]),
    ("phap lenh", "Pháp lệnh", &[]),
    ("quy che", "Quy chế", &["QC"]),
    ("quy dinh", "Quy định", &["QyĐ"]),
    ("thong cao", "Thông cáo", &["TC"]),
    ("thong bao", "Thông báo", &["TB"]),
    ("huong dan", "Hướng dẫn", &["HD"]),
    ("chuong trinh hanh dong", "Chương trình hành động", &[]),
    ("chuong trinh cong tac", "Chương trình công tác", &[]),
    ("chuong trinh phoi hop", "Chương trình phối hợp", &[]),
    ("chuong trinh", "Chương trình", &["CTr"]),
    ("ke hoach lien tich", "Kế hoạch liên tịch", &["KHLT"]),
    ("ke hoach phoi hop", "Kế hoạch phối hợp", &["KHPH"]),
    ("phuong an", "Phương án", &["PA"]),
    ("de an", "Đề án", &["ĐA"]),
    ("du an", "Dự án", &["DA"]),
    ("bao cao", "Báo cáo", &["BC"]),
    ("bien ban", "Biên bản", &["BB"]),
    ("to trinh", "Tờ trình", &["TTr"]),
    ("hop dong", "Hợp đồng", &["HĐ"]),
    ("cong dien", "Công điện", &["CĐ"]),
    ("cong van", "Công văn", &["CV"]),
    ("ban ghi nho", "Bản ghi nhớ", &["BGN", "GN"]),
    ("ban thoa thuan", "Bản thỏa thuận", &["BTT", "TTh"]),
    ("giay uy quyen", "Giấy ủy quyền", &["GUQ", "UQ"]),
    ("giay moi", "Giấy mời", &["GM"]),
    ("giay gioi thieu", "Giấy giới thiệu", &["GGT"]),
    ("giay nghi phep", "Giấy nghỉ phép", &["GNP", "NP"]),
    ("phieu gui", "Phiếu gửi", &["PG"]),
    ("ket luan", "Kết luận", &["KL"]),
    ("thong tri", "Thông tri", &["TTri"]),
    ("quy trinh", "Quy trình", &["QTr"]),
    ("noi quy", "Nội quy", &[]),
    ("dieu le", "Điều lệ", &[]),
    ("lenh", "Lệnh", &["L"]),
];

/// The names of kinds without spaces.
static SQUEEZED: LazyLock<Vec<String>> =
    LazyLock::new(|| KINDS.iter().map(|k| k.0.replace(' ', "")).collect());

/// The kind that a title line names, if the line says nothing else: its folded name.
pub(super) fn kind_of(line: &str) -> Option<&'static str> {
    let said = words(line);
    if said.is_empty() || said.len() > 26 {
        return None;
    }
    let squeezed: String = said.split(' ').collect();
    let apart = || SQUEEZED.iter().position(|k| *k == squeezed).and_then(|i| KINDS.get(i)).map(|k| k.0);
    KINDS
        .iter()
        .map(|k| k.0)
        .find(|k| *k == said)
        // letters set apart (K Ế H O Ạ C H), or one of them misread
        .or_else(apart)
        .or_else(|| KINDS.iter().map(|k| k.0).find(|k| k.len() > 5 && alike(k, &said)))
}

/// The kind that a symbol names: `KH-UBND` → `Kế hoạch`.
pub(super) fn kind_of_symbol(symbol: &str) -> Option<&'static str> {
    symbol.split(['-', '/']).find_map(|part| KINDS.iter().find(|k| k.2.contains(&part)).map(|k| k.1))
}

/// State and party mottoes that stand in the right column of the letterhead, folded; they are no data.
pub(super) const MOTTOES: [&str; 7] = [
    "cong hoa xa hoi chu nghia viet nam",
    "doc lap tu do hanh phuc",
    "dang cong san viet nam",
    "doan tncs ho chi minh",
    "doan thanh nien cong san ho chi minh",
    "doan tncshcm",
    "viet nam dan chu cong hoa",
];

/// First words of the names of bodies. Where a text has marks they count: SỞ is a body, SỐ is not.
const BODIES: [&str; 92] = [
    "ủy ban",
    "uỷ ban",
    "ubnd",
    "hội đồng",
    "hđnd",
    "sở",
    "bộ",
    "phòng",
    "trường",
    "chi cục",
    "cục",
    "tổng cục",
    "ban",
    "đảng bộ",
    "đảng ủy",
    "đảng uỷ",
    "huyện ủy",
    "huyện uỷ",
    "tỉnh ủy",
    "tỉnh uỷ",
    "thành ủy",
    "thành uỷ",
    "quận ủy",
    "quận uỷ",
    "thị ủy",
    "thị uỷ",
    "chi bộ",
    "công đoàn",
    "liên đoàn",
    "hội",
    "đoàn",
    "trung tâm",
    "bệnh viện",
    "viện",
    "học viện",
    "đại học",
    "tòa án",
    "toà án",
    "thanh tra",
    "văn phòng",
    "công ty",
    "tổng công ty",
    "ngân hàng",
    "kho bạc",
    "đài",
    "báo",
    "bch",
    "bcđ",
    "mttq",
    "ubmttq",
    "mặt trận",
    "công an",
    "chính phủ",
    "thủ tướng",
    "trạm",
    "hạt",
    "đội",
    "tổ",
    "khoa",
    "vụ",
    "lđlđ",
    "xí nghiệp",
    "hợp tác xã",
    "quỹ",
    "bhxh",
    "bảo hiểm",
    "nhà văn hóa",
    "nhà văn hoá",
    "nhà thiếu nhi",
    "nhà xuất bản",
    "tập đoàn",
    "phân hiệu",
    "liên hiệp",
    "quốc hội",
    "công chức",
    "hiệp hội",
    "viễn thông",
    "thường trực",
    "tỉnh đoàn",
    "thành đoàn",
    "huyện đoàn",
    "quận đoàn",
    "thị đoàn",
    "xã đoàn",
    "chi đoàn",
    "liên đội",
    "liên minh",
    "tiểu ban",
    "cơ quan",
    "btv",
    "bql",
    "câu lạc bộ",
];

/// The names of bodies by their first word, and the same with their marks folded away. Whether a text names a body is asked
/// of every line and every cell, and nearly always the first word says no.
static BODIES_BY_WORD: LazyLock<[FxHashMap<String, Vec<String>>; 2]> = LazyLock::new(|| {
    let by_word = |names: Vec<String>| {
        let mut out: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for name in names {
            let first = name.split(' ').next().unwrap_or("").to_owned();
            out.entry(first).or_default().push(name);
        }
        out
    };
    [
        by_word(BODIES.iter().map(|b| (*b).to_owned()).collect()),
        by_word(BODIES.iter().map(|b| words(b)).collect()),
    ]
});

/// Longest first word of a body, in characters.
const FIRST_WORD: usize = 8;

/// Whether `text` begins with the name of a body.
pub(super) fn opens_body(text: &str) -> bool {
    let text = text.trim_start();
    let marked = text.chars().take(40).any(|c| !c.is_ascii() && is_letter(c));
    let mut first = String::new();
    for (count, c) in text.chars().enumerate() {
        if !is_letter(c) && !c.is_numeric() {
            break;
        }
        if count == FIRST_WORD {
            return false;
        }
        first.extend(c.to_lowercase());
    }
    let Some(names) = BODIES_BY_WORD[usize::from(!marked)].get(&first) else { return false };
    let head: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
    let heads = |name: &String| {
        head.strip_prefix(name.as_str()).is_some_and(|r| !r.starts_with(char::is_alphanumeric))
    };
    names.iter().any(heads) || symbol_of_body(text).is_some()
}

/// Bodies whose names nothing else begins with, whatever became of their marks, and what symbols call them.
const SYMBOLS: [(&str, &str); 8] = [
    ("uy ban nhan dan", "UBND"),
    ("ubnd", "UBND"),
    ("hoi dong nhan dan", "HĐND"),
    ("huyen uy", "HU"),
    ("tinh uy", "TU"),
    ("thanh uy", "TU"),
    ("quan uy", "QU"),
    ("dang uy", "ĐU"),
];

/// What symbols call the body that `text` begins with, where nothing else begins so.
pub(super) fn symbol_of_body(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(40).collect();
    let said = words(&head);
    let begins = |name: &str| said.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with(' '));
    SYMBOLS.iter().find(|s| begins(s.0)).map(|s| s.1)
}

/// Positions of signers, folded, as the words that end (or make up) the line.
pub(super) const POSITIONS: [&str; 46] = [
    "chu tich",
    "pho chu tich",
    "giam doc",
    "pho giam doc",
    "tong giam doc",
    "hieu truong",
    "pho hieu truong",
    "bi thu",
    "pho bi thu",
    "pho bi thu thuong truc",
    "bo truong",
    "thu truong",
    "thu tuong",
    "pho thu tuong",
    "truong phong",
    "pho truong phong",
    "truong ban",
    "pho truong ban",
    "chi cuc truong",
    "pho chi cuc truong",
    "cuc truong",
    "pho cuc truong",
    "tong cuc truong",
    "pho tong cuc truong",
    "vu truong",
    "chanh van phong",
    "pho chanh van phong",
    "chanh thanh tra",
    "pho chanh thanh tra",
    "vien truong",
    "pho vien truong",
    "chanh an",
    "pho chanh an",
    "thong doc",
    "pho thong doc",
    "uy vien",
    "uy vien thuong vu",
    "uy vien ban thuong vu",
    "doi truong",
    "truong khoa",
    "hat truong",
    "tram truong",
    "truong cong an",
    "chi huy truong",
    "tong bi thu",
    "truong doan",
];

/// [`POSITIONS`], to look for at the head of a text.
pub(super) static SIGNERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&POSITIONS));

/// Folded beginnings of the line that says for whom is signed.
pub(super) const AUTHORITIES: [&str; 9] =
    ["tm ", "t m ", "kt ", "k t ", "tl ", "t l ", "tuq ", "t uq ", "tun "];

/// Vietnamese surnames that cover all but a few per cent of signers, folded, and titles that stand before names.
pub(super) const SURNAMES: [&str; 112] = [
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo",
    "duong", "ly", "dinh", "doan", "trinh", "truong", "lam", "mai", "dao", "cao", "ha", "luong", "luu",
    "phung", "to", "thach", "ta", "quach", "chau", "thai", "kieu", "nong", "lo", "ma", "trieu", "hua", "vi",
    "lu", "sung", "giang", "vang", "tao", "cam", "sam", "be", "diep", "tong", "chu", "bach", "nghiem",
    "tang", "au", "la", "khuc", "thieu", "ung", "danh", "son", "kim", "ksor", "rmah", "siu", "nay", "kpa",
    "y", "h", "a", "dieu", "kra", "ro", "vuong", "quang", "ninh", "phi", "mac", "tu", "thao", "ong", "khong",
    "cu", "dam", "han", "hau", "khuong", "lai", "mong", "mua", "nghi", "nhu", "pha", "que", "quan", "roan",
    "thi", "thuong", "tien", "toan", "ton", "trang", "van", "vien", "xa", "leo", "long", "luc", "bo",
    "chang", "thang",
];

/// Academic, medical and military titles before a signer's name, folded.
pub(super) const TITLES: [&str; 22] = [
    "ths", "ts", "pgs", "gs", "bs", "bscki", "bsckii", "bsck", "bscki i", "ks", "cn", "ds", "dsckii",
    "dscki", "thac", "tien", "dai", "thuong", "trung", "thieu", "ckii", "cki",
];
