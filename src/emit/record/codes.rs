//! The codes of the circular.

/// Kinds of documents, in the order of their codes from `01` on.
const KINDS: [&str; 29] = [
    "Nghị quyết",
    "Quyết định",
    "Chỉ thị",
    "Quy chế",
    "Quy định",
    "Thông cáo",
    "Thông báo",
    "Hướng dẫn",
    "Chương trình",
    "Kế hoạch",
    "Phương án",
    "Đề án",
    "Dự án",
    "Báo cáo",
    "Tờ trình",
    "Giấy ủy quyền",
    "Phiếu gửi",
    "Phiếu chuyển",
    "Phiếu báo",
    "Biên bản",
    "Hợp đồng",
    "Công văn",
    "Công điện",
    "Bản ghi nhớ",
    "Bản thỏa thuận",
    "Giấy mời",
    "Giấy giới thiệu",
    "Giấy nghỉ phép",
    "Thư công",
];

/// Any other kind.
pub(super) const OTHER: &str = "32";

/// Vietnamese.
pub(super) const VIETNAMESE: &str = "01";

/// Born digital, digitised, both.
pub(super) const CONFIDENCE: [&str; 3] = ["01", "02", "03"];

/// The code of a kind, written in whatever case; none for kinds that the table does not have.
pub(super) fn kind(kind: &str) -> Option<String> {
    let kind = kind.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // "Giấy uỷ quyền", "Bản thoả thuận": the tone may stand in either place
    let kind = kind.replace("uỷ", "ủy").replace("oả", "ỏa");
    let at = KINDS.iter().position(|known| known.to_lowercase() == kind)?;
    Some(format!("{:02}", at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_ten() {
        assert_eq!(kind("KẾ HOẠCH").as_deref(), Some("10"));
        assert_eq!(kind("Quyết  định").as_deref(), Some("02"));
        assert_eq!(kind("Bản thoả thuận").as_deref(), Some("25"));
        assert_eq!(kind("Thư công").as_deref(), Some("29"));
        assert_eq!(kind("Thông tư"), None);
    }
}
