//! What can be a Vietnamese syllable, by the spelling rules of the *quốc ngữ*.
//!
//! A syllable is an onset (possibly empty), a rime and a tone. The rimes are a closed list; a rime that ends in a stop
//! (-p, -t, -c, -ch) bears only sắc or nặng. The rules accept some syllables that no one uses; the lexicon keeps those that are attested.
//!
//! ```
//! use sohoa::restore::syllable::is_syllable;
//! assert!(is_syllable("nghiêng") && is_syllable("quý") && is_syllable("gì"));
//! assert!(!is_syllable("nuéc") && !is_syllable("cah") && !is_syllable("kác"));
//! ```

use crate::model::normal::split_tone;

/// Onsets, longest first so that the first match is the right one.
const ONSETS: [&str; 27] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k",
    "l", "m", "n", "p", "r", "s", "t", "v", "x",
];

/// Rimes without tone marks.
const RIMES: [&str; 163] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ă", "ăc", "ăm", "ăn",
    "ăng", "ăp", "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo",
    "ep", "et", "ê", "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich", "iêc", "iêm", "iên",
    "iêng", "iêp", "iêt", "iêu", "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach", "oai", "oam",
    "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oăc", "oăm", "oăn", "oăng", "oăt", "oc", "oe", "oen",
    "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn", "ông",
    "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua", "uân", "uâng", "uât", "uây", "uc", "uê",
    "uêch", "uênh", "ui", "um", "un", "ung", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "uơ", "up", "ut",
    "uy", "uya", "uych", "uyên", "uyêt", "uynh", "uyt", "uyn", "uyp", "uyu", "ư", "ưa", "ưc", "ưi", "ưng",
    "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "ưt", "ưu", "ưm", "y", "ych", "yêm", "yên",
    "yêng", "yêt", "yêu", "ynh", "yt",
];

/// Whether `word` (lower case, NFC, either tone style) can be a Vietnamese syllable.
#[must_use]
pub fn is_syllable(word: &str) -> bool {
    let mut tone = 0;
    let mut letters = [' '; 8];
    let mut n = 0;
    for c in word.chars() {
        let (base, t) = split_tone(c);
        let bears = matches!(base, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y');
        if n == letters.len() || (t > 0 && (tone > 0 || !bears)) {
            return false;
        }
        tone = tone.max(t);
        letters[n] = base;
        n += 1;
    }
    let plain: String = letters[..n].iter().collect();
    n > 0 && splits(&plain).any(|(onset, rime)| fits(onset, rime, tone))
}

/// All ways to read `plain` as onset and rime that the lists allow. `gi` and `qu` may give their vowel to the rime.
fn splits(plain: &str) -> impl Iterator<Item = (&str, &str)> {
    ONSETS
        .iter()
        .copied()
        .chain(std::iter::once(""))
        .filter_map(move |o| plain.strip_prefix(o).map(|rime| (o, rime)))
        .filter(|(o, rime)| {
            RIMES.contains(rime)
                || (*o == "gi" && (rime.is_empty() || RIMES.contains(&format!("i{rime}").as_str())))
        })
}

fn fits(onset: &str, rime: &str, tone: u8) -> bool {
    let stop = rime.ends_with(['p', 't', 'c']) || rime.ends_with("ch");
    if stop && !matches!(tone, 2 | 5) {
        return false;
    }
    let front = rime.starts_with(['i', 'e', 'ê', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "ng" => !front,
        "g" => !front || rime == "i",
        "qu" => !rime.starts_with(['o', 'u', 'ư']),
        "" => true,
        _ => !rime.starts_with("yê"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_rules() {
        for good in [
            "a",
            "ủy",
            "uỷ",
            "hóa",
            "hoá",
            "khuỷu",
            "quyết",
            "quốc",
            "giếng",
            "gì",
            "giữa",
            "nghề",
            "ghi",
            "kế",
            "đường",
            "thuyền",
            "khoẻ",
            "yêu",
            "xoong",
            "ngoằn",
            "quý",
            "việc",
            "lịch",
            "đắk",
        ] {
            assert_eq!(is_syllable(good), good != "đắk", "{good}");
        }
        for bad in [
            "",
            "b",
            "việk",
            "cê",
            "kà",
            "ngê",
            "nghà",
            "thuc",
            "lich",
            "aa",
            "zalo",
            "ubnd",
            "nuéc",
            "đề án",
        ] {
            assert!(!is_syllable(bad), "{bad}");
        }
    }
}
