//! Who signs: authorities (TM., KT. ...), positions and names, told by their own forms.

use std::borrow::Cow;

use super::breaks::capitals;
use super::closing::is_dash;
use super::fold::{alike, begins, words};
use super::paragraphs::Para;
use super::rules::{AUTHORITIES, POSITIONS, SIGNERS, SURNAMES, TITLES, opens_body};

/// Whether `text` alone is a line of a signature block that says for whom is signed.
pub(super) fn is_authority(text: &str) -> bool {
    if !capitals(text) {
        return false;
    }
    let said = words(text) + " ";
    // a list of offices: "ĐT, KT, TKBT"
    if text.split(' ').next().is_some_and(|w| w.ends_with([',', ';', ':'])) {
        return false;
    }
    text.chars().count() < 70 && AUTHORITIES.iter().any(|a| said.starts_with(a))
}

/// Whether `text` alone is a position.
pub(super) fn is_position(text: &str) -> bool {
    if !capitals(text) || text.len() > 200 {
        return false;
    }
    let text = &*unspecked(text);
    let said = words(text);
    let said = said.strip_prefix("q ").or_else(|| said.strip_prefix("quyen ")).unwrap_or(&said);
    let count = said.split(' ').count();
    let like = |p: &str| p == said || p.len() > 8 && p.split(' ').count() == count && alike(p, said);
    text.starts_with(char::is_alphabetic) && POSITIONS.iter().any(|p| like(p))
}

/// A position with more words after it, such as `CHỦ TỊCH UBND XÃ`, `HIỆU TRƯỞNG TRƯỜNG ...`.
pub(super) fn begins_position(text: &str) -> bool {
    if !capitals(text) {
        return false;
    }
    let said = words(text);
    said.len() < 60 && SIGNERS.begin(&said)
}

/// `text` without the specks that a seal or a pen leaves between words: signs alone, small letters alone, and in capitals any
/// letter alone.
pub(super) fn unspecked(text: &str) -> Cow<'_, str> {
    let shouting = !text.chars().any(char::is_lowercase);
    let speck = |word: &str| {
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => !c.is_uppercase() && !c.is_ascii_digit() || shouting && !c.is_ascii(),
            _ => !word.chars().any(char::is_alphanumeric),
        }
    };
    if !text.split(' ').any(speck) {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.split(' ').filter(|w| !speck(w) || matches!(*w, "-" | "–" | "&")).collect();
    Cow::Owned(kept.join(" "))
}

/// One who signs.
#[derive(Debug, Clone, Default)]
pub(super) struct Signer {
    /// TM., KT., TL., TUQ.
    pub authority: Option<Para>,
    /// Position.
    pub position: Option<Para>,
    /// Name.
    pub name: Option<Para>,
}

impl Signer {
    /// What is known of them, in print order.
    pub fn paras(&self) -> impl Iterator<Item = &Para> {
        [&self.authority, &self.position, &self.name].into_iter().flatten()
    }

    fn into_paras(self) -> impl Iterator<Item = Para> {
        [self.authority, self.position, self.name].into_iter().flatten()
    }

    /// Whether it says who signs, and as what.
    fn complete(&self) -> bool {
        self.name.is_some() && (self.authority.is_some() || self.position.is_some())
    }
}

/// A piece of a line that belongs to a signature.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its text.
    pub para: Para,
    /// Index of its line.
    pub line: usize,
    /// Index of its page.
    pub page: usize,
    /// Where its middle stands: on the image, or in characters as typed.
    pub middle: f32,
    /// Top and bottom of its line, if there is geometry.
    pub rows: Option<(f32, f32)>,
}

impl Piece {
    /// Whether it stands at the side of `other`.
    fn beside(&self, other: &Piece) -> bool {
        match (self.rows, other.rows) {
            (Some(a), Some(b)) if self.line != other.line => {
                let shared = a.1.min(b.1) - a.0.max(b.0);
                self.page == other.page && shared > 0.5 * (a.1 - a.0).min(b.1 - b.0)
            }
            _ => self.line == other.line,
        }
    }

    /// Whether it says for whom or as what someone signs.
    fn claims(&self) -> bool {
        claims(&self.para.text)
    }
}

/// Whether `text` says for whom or as what someone signs.
fn claims(text: &str) -> bool {
    is_authority(text) || is_position(text) || begins_position(text)
}

/// Those who sign, and what of `pieces` carries no data. Where two or more sign side by side, each is read down their own column, if
/// every column names someone and what they are; else the pieces are one column.
pub(super) fn sign(pieces: Vec<Piece>, dropped: &mut Vec<Para>) -> Vec<Signer> {
    if let Some(columns) = columns(&pieces) {
        let mut out = Vec::new();
        let mut left_over = Vec::new();
        let mut whole = true;
        for column in columns {
            let found = down(column, &mut left_over);
            whole = whole && found.first().is_some_and(Signer::complete);
            out.extend(found);
        }
        if whole {
            dropped.extend(left_over);
            return out;
        }
    }
    down(pieces.into_iter().map(|p| p.para).collect(), dropped)
}

/// Pieces that signatures have at most: where there are more, something else stands there.
const MOST: usize = 64;

/// The columns of `pieces` from left to right, where authorities or positions stand side by side.
fn columns(pieces: &[Piece]) -> Option<Vec<Vec<Para>>> {
    if pieces.len() > MOST {
        return None;
    }
    let heads: Vec<&Piece> = pieces.iter().filter(|p| p.claims()).collect();
    // the first line with most of them
    let row = |head: &&Piece| heads.iter().filter(|p| p.beside(head)).count();
    let most = heads.iter().map(row).max().filter(|n| *n > 1)?;
    let first = heads.iter().find(|h| row(h) == most)?;
    let mut middles: Vec<f32> = heads.iter().filter(|p| p.beside(first)).map(|p| p.middle).collect();
    middles.sort_by(f32::total_cmp);
    let mut out = vec![Vec::new(); middles.len()];
    for piece in pieces {
        let off = |k: &usize| (middles[*k] - piece.middle).abs();
        let nearest = (0..middles.len()).min_by(|a, b| off(a).total_cmp(&off(b)))?;
        out[nearest].push(piece.para.clone());
    }
    Some(out)
}

/// Those who sign in one column, one below the other. Whoever is named without being anything is nobody where someone else is, and
/// so is a second who is not named.
fn down(column: Vec<Para>, dropped: &mut Vec<Para>) -> Vec<Signer> {
    let mut all = vec![Signer::default()];
    for mut para in column {
        if para.text.chars().any(char::is_alphabetic) {
            para.text = unspecked(&para.text).into_owned();
        }
        // texts from fonts whose capitals were a font of their own are in small letters throughout
        let loud = para.text.to_uppercase();
        let small = !para.text.chars().any(char::is_uppercase) && (is_authority(&loud) || is_position(&loud));
        let text = if small { loud.as_str() } else { para.text.as_str() };
        if signed(text) || !text.chars().any(char::is_alphabetic) {
            dropped.push(para);
            continue;
        }
        if all.last().is_some_and(|s| s.name.is_some()) && claims(text) {
            all.push(Signer::default());
        }
        let Some(signer) = all.last_mut() else { continue };
        if signer.name.is_some() {
            dropped.push(para);
        } else if is_authority(text) && signer.position.is_none() {
            join(&mut signer.authority, para);
        } else if is_position(text) || begins_position(text) {
            join(&mut signer.position, para);
        } else if capitals(text) && !surname(text) {
            match (&signer.authority, &signer.position) {
                (Some(_), None) => join(&mut signer.authority, para),
                (_, Some(_)) => join(&mut signer.position, para),
                // the body itself above the position of its head
                _ if opens_body(text) => signer.authority = Some(para),
                _ => signer.position = Some(para),
            }
        } else if name_like(text) || capitals(text) {
            signer.name = Some(para);
        } else {
            dropped.push(para);
        }
    }
    let some = all.iter().any(Signer::complete);
    let mut first = true;
    let mut out = Vec::new();
    for signer in all {
        // the first is kept, whatever is known, unless another is complete
        if signer.complete() || first && (!some || signer.name.is_none()) {
            out.push(signer);
        } else {
            dropped.extend(signer.into_paras());
        }
        first = false;
    }
    out
}

fn join(field: &mut Option<Para>, para: Para) {
    match field {
        Some(p) => p.append(para),
        None => *field = Some(para),
    }
}

/// `(Đã ký)`, `Ký bởi: ...`: no data.
pub(super) fn signed(text: &str) -> bool {
    let said = words(text);
    ["da ky", "ky boi", "nguoi ky", "thoi gian ky", "email", "co quan"].iter().any(|s| begins(&said, s))
        && !is_dash(text)
}

/// Two to six words, each with a capital first and small letters after.
pub(super) fn name_like(text: &str) -> bool {
    let mut count = 0;
    // Thượng tá, Trung tướng: the only titles that are written out
    let said = words(text);
    let rank = RANKS.iter().any(|r| said.starts_with(r));
    for word in text.split(' ').skip(if rank { 2 } else { 0 }) {
        let bare = word.trim_end_matches('.');
        // ThS. TS. BSCKII. before the name, however they were read
        let title = word.ends_with('.') && (2..9).contains(&bare.chars().count());
        if count == 0 && (title || TITLES.contains(&words(bare).as_str())) {
            continue;
        }
        let mut chars = bare.chars();
        let capital = chars.next().is_some_and(char::is_uppercase);
        // H'Mông, Ma-ga; a name is no abbreviation
        let small = chars.all(|c| {
            c.is_lowercase()
                || matches!(c, '\'' | '’' | '-')
                || c.is_uppercase() && bare.contains(['\'', '’', '-'])
        });
        if !capital || !small || word.ends_with('.') && bare.chars().count() > 3 {
            return false;
        }
        count += 1;
    }
    (2..=6).contains(&count)
}

/// Military ranks, folded: a grade and what it is a grade of.
const RANKS: [&str; 13] = [
    "dai ta ",
    "thuong ta ",
    "trung ta ",
    "thieu ta ",
    "dai uy ",
    "thuong uy ",
    "trung uy ",
    "thieu uy ",
    "dai tuong ",
    "thuong tuong ",
    "trung tuong ",
    "thieu tuong ",
    "chuan uy ",
];

/// Whether `text` begins as a person's name does, after a title.
pub(super) fn surname(text: &str) -> bool {
    let said = words(text);
    said.split(' ')
        .find(|w| !TITLES.contains(w) || SURNAMES.contains(w))
        .is_some_and(|w| SURNAMES.contains(&w))
        || said.split(' ').next().is_some_and(|w| TITLES.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_other_capitals() {
        assert!(name_like("Nguyễn Thị Ngọc Dung"));
        assert!(name_like("H'Yiam Bkrông"));
        assert!(!name_like("Như trên"));
        assert!(!name_like("Sở Y tế"));
    }
}
