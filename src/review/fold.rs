//! Search as people type: without marks, whatever the case. `cai cach` finds *Cải cách*, `dong` finds *đồng*.

use unicode_normalization::UnicodeNormalization;

/// `text` in lower case, without marks, white space as single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        match c {
            'đ' | 'Đ' => out.push('d'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Whether `folded` holds all words of the folded `query`, each anywhere.
#[must_use]
pub fn holds(folded: &str, query: &str) -> bool {
    folded.contains(query) || query.split(' ').all(|word| folded.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_do_not_count() {
        assert_eq!(fold("  Cải cách\tHÀNH  chính, Đồng Tháp"), " cai cach hanh chinh, dong thap");
        assert!(holds(&fold("Kế hoạch cải cách hành chính 2021"), &fold("cai cach")));
        assert!(holds(&fold("Kế hoạch cải cách hành chính 2021"), &fold("2021 CẢI")));
        assert!(!holds(&fold("Kế hoạch"), &fold("ke toan")));
    }
}
