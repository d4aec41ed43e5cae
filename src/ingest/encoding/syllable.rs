//! Whether a word is built as Vietnamese syllables are: an onset, a rime, a tone that the rime can have.
//!
//! This tells encodings apart; it need not know which syllables are in use.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

const ONSETS: &str = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x";

/// Without tones. Those with *qu* and *gi* follow from them.
const RIMES: &str = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uac uach uai uan uang uanh uat uau uay uăc uăn uăng uăt uâc uân uâng uât uây \
    uc ue uen ueo uet uê uêch uên uênh uêt ui um un ung uơ uơn uơt uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu \
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ";

/// Onsets and rimes, to be looked up.
static LISTS: LazyLock<[HashSet<&str>; 2]> =
    LazyLock::new(|| [ONSETS, RIMES].map(|list| list.split(' ').filter(|part| !part.is_empty()).collect()));

/// Whether `word` is one syllable, in any case.
pub(super) fn is_syllable(word: &str) -> bool {
    let mut tone = None;
    let mut bare = String::with_capacity(word.len() + 4);
    for c in word.nfd() {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => {
                if tone.replace(c).is_some() {
                    return false;
                }
            }
            _ => bare.extend(c.to_lowercase()),
        }
    }
    let bare: String = bare.nfc().collect();
    if bare.chars().count() > 7 {
        return false;
    }
    // a syllable that stops short is said with a rising or a low tone
    let stops = ["c", "ch", "p", "t"].iter().any(|coda| bare.ends_with(coda));
    if stops && !matches!(tone, Some('\u{301}' | '\u{323}')) {
        return false;
    }
    let parts = bare.char_indices().map(|(at, _)| bare.split_at(at)).take(4);
    parts.into_iter().any(|(onset, rime)| fits(onset, rime))
}

fn fits(onset: &str, rime: &str) -> bool {
    let [onsets, rimes] = &*LISTS;
    if !rimes.contains(rime) || !(onset.is_empty() || onsets.contains(onset)) {
        return false;
    }
    let front = rime.starts_with(['e', 'ê', 'i', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "g" | "ng" => !front || onset == "g" && rime.starts_with('i'),
        "q" => rime.starts_with('u') && rime.chars().count() > 1,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in "Nghị quyết của Hội đồng nhân dân tỉnh GIỮ gìn giếng quốc khuyến khích ngoằn nghiêng ỷ ĐƯỢC xã hoạch quạnh thuở yếu ăn"
            .split(' ')
        {
            assert!(is_syllable(word), "{word}");
        }
        for word in "hién kộ hộa Keá hoaïch été cat hoac bcd ngi cê qa ạ̀ ấ́n tớỳ déjà".split(' ')
        {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
