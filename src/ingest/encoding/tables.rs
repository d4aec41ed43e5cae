//! TCVN3 and VISCII: one byte a letter. TCVN3 is the character set VN3 of TCVN 5712:1993, VISCII that of RFC 1456.

use std::sync::LazyLock;

/// From A1: capitals without tones, then small letters; `·` has no meaning.
const TCVN3: &str =
    "ĂÂÊÔƠƯĐăâêôơưđ······àảãáạ·ằẳẵắ·······ặầẩẫấậè·ẻẽéẹềểễếệìỉ···ĩíịò·ỏõóọồổỗốộờởỡớợù·ủũúụừửữứựỳỷỹýỵ";

/// From 80.
const VISCII: &str = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ";

/// The six capitals that VISCII puts in the place of control characters.
const VISCII_LOW: [(char, char); 6] =
    [('\u{2}', 'Ẳ'), ('\u{5}', 'Ẵ'), ('\u{6}', 'Ẫ'), ('\u{14}', 'Ỷ'), ('\u{19}', 'Ỹ'), ('\u{1e}', 'Ỵ')];

/// What Western European (Windows-1252) has from 80 to 9F; a space where it has nothing.
const WESTERN: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// Both by place: a text of many megabytes asks for each of its letters.
static TABLES: LazyLock<[Vec<char>; 2]> =
    LazyLock::new(|| [TCVN3, VISCII].map(|letters| letters.chars().collect()));

/// The letter that the byte `c` is in TCVN3.
pub(super) fn tcvn3(c: char) -> Option<char> {
    let at = u32::from(c).checked_sub(0xa1)?;
    TABLES[0].get(at as usize).copied().filter(|c| *c != '·')
}

/// The letter that the byte `c` is in VISCII.
pub(super) fn viscii(c: char) -> Option<char> {
    match u32::from(c).checked_sub(0x80) {
        Some(at) => TABLES[1].get(at as usize).copied(),
        None => VISCII_LOW.iter().find(|(low, _)| *low == c).map(|(_, letter)| *letter),
    }
}

/// Whether VISCII has a letter in the place of this control character.
pub(super) fn is_viscii_low(c: char) -> bool {
    c < ' ' && VISCII_LOW.iter().any(|(low, _)| *low == c)
}

/// The sign that the byte `c` is in Western European; characters that are no bytes stay what they are.
pub(super) fn western(c: char) -> char {
    let found = u32::from(c).checked_sub(0x80).and_then(|at| WESTERN.chars().nth(at as usize));
    found.filter(|found| *found != ' ').unwrap_or(c)
}

/// `decoded`, made of `bytes` in TCVN3, with capitals where they were. TCVN3 has none with tones: writers of *KẾ HOẠCH* changed to a font that
/// draws capitals, and the letters with tones stayed small. A word with two capitals and no small ASCII letter was
/// written so, and so was the line of such a word if it has no small ASCII letter anywhere.
pub(super) fn capitals(bytes: &str, decoded: &str) -> String {
    let mut out = String::with_capacity(decoded.len());
    // one character for each byte, so both split alike
    for (before, after) in bytes.split_inclusive('\n').zip(decoded.split_inclusive('\n')) {
        let ends = |c: char| c.is_ascii() && !c.is_ascii_alphabetic();
        let none_small = !before.contains(|c: char| c.is_ascii_lowercase());
        let whole = none_small && before.split(ends).any(|word| !word.is_ascii() && is_capital(word));
        if whole {
            out.extend(after.chars().flat_map(char::to_uppercase));
            continue;
        }
        for (before, after) in before.split_inclusive(ends).zip(after.split_inclusive(ends)) {
            if is_capital(before) {
                out.extend(after.chars().flat_map(char::to_uppercase));
            } else {
                out.push_str(after);
            }
        }
    }
    out
}

fn is_capital(word: &str) -> bool {
    word.chars().filter(char::is_ascii_uppercase).nth(1).is_some()
        && !word.contains(|c: char| c.is_ascii_lowercase())
}
