//! Reads the engine's results out into words.
//!
//! The result iterator has no lifetime of its own, so everything is copied before it goes. Its levels nest (block, paragraph, line, word,
//! symbol) but it cannot say where one begins; a change of the enclosing line's or paragraph's rectangle tells. Lines of different
//! paragraphs are parted by a blank line, as in the engine's own text output.

use tesseract_rs::{ResultIterator, TessPageIteratorLevel as Level, TesseractAPI, TesseractError};

use crate::model::assemble::ReadWord;
use crate::model::{Alternative, BBox};

type Rect = (i32, i32, i32, i32);

/// The words of the recognised page, line by line, paragraphs parted by an empty line.
pub(super) fn read(api: &TesseractAPI, alternatives: bool) -> Result<Vec<Vec<ReadWord>>, TesseractError> {
    let mut lines: Vec<Vec<ReadWord>> = Vec::new();
    let at = match api.get_iterator() {
        Ok(at) => at,
        // a page without anything on it has no iterator
        Err(TesseractError::NullPointerError) => return Ok(lines),
        Err(e) => return Err(e),
    };
    let mut line: Option<Rect> = None;
    let mut paragraph: Option<Rect> = None;
    loop {
        let text = at.get_utf8_text(Level::RIL_WORD).unwrap_or_default();
        if text.trim().is_empty() {
            if !at.next(Level::RIL_WORD)? {
                break;
            }
            continue;
        }
        let here = (at.get_bounding_box(Level::RIL_PARA).ok(), at.get_bounding_box(Level::RIL_TEXTLINE).ok());
        if here.0 != paragraph && !lines.is_empty() {
            lines.push(Vec::new());
        }
        if here != (paragraph, line) || lines.is_empty() {
            lines.push(Vec::new());
        }
        (paragraph, line) = here;
        let mut word = ReadWord {
            bbox: at.get_bounding_box(Level::RIL_WORD).ok().and_then(bbox),
            confidence: at.confidence(Level::RIL_WORD).ok().map(|c| c.clamp(0.0, 100.0)),
            ..ReadWord::default()
        };
        let more = if alternatives {
            let more = read_symbols(&at, &text, &mut word.alternatives)?;
            word.text = text;
            more
        } else {
            word.text = text;
            at.next(Level::RIL_WORD)?
        };
        if let Some(last) = lines.last_mut() {
            last.push(word);
        }
        if !more {
            break;
        }
    }
    Ok(lines)
}

/// Walks the symbols of the word at hand and leaves the iterator on the next word; false at the end of the page.
fn read_symbols(at: &ResultIterator, word: &str, out: &mut Vec<Alternative>) -> Result<bool, TesseractError> {
    let mut from = 0;
    loop {
        let symbol = at.get_utf8_text(Level::RIL_SYMBOL).unwrap_or_default();
        let here = from..from + symbol.len();
        let fits = !symbol.is_empty() && word.get(here.clone()) == Some(symbol.as_str());
        if !fits {
            // symbols and word disagree: the word stands, the rest of its alternatives is unknown
            return at.next(Level::RIL_WORD);
        }
        let readings = read_choices(at, &symbol)?;
        if !readings.is_empty() {
            out.push(Alternative { at: here.clone(), readings });
        }
        from = here.end;
        if from >= word.len() {
            return at.next(Level::RIL_WORD);
        }
        if !at.next(Level::RIL_SYMBOL)? {
            return Ok(false);
        }
    }
}

/// What else the symbol at hand could be, best first, without the reading that was chosen.
fn read_choices(at: &ResultIterator, chosen: &str) -> Result<Vec<(String, f32)>, TesseractError> {
    let choices = match at.get_choice_iterator() {
        Ok(choices) => choices,
        Err(TesseractError::NullPointerError) => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut out: Vec<(String, f32)> = Vec::new();
    loop {
        if let Ok(text) = choices.get_utf8_text() {
            let known = text == chosen || out.iter().any(|(t, _)| *t == text);
            if !known && !text.trim().is_empty() {
                out.push((text, choices.confidence()?.clamp(0.0, 100.0)));
            }
        }
        if !choices.next()? {
            break;
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(out)
}

fn bbox((left, top, right, bottom): Rect) -> Option<BBox> {
    (right > left && bottom > top).then(|| BBox {
        x: left as f32,
        y: top as f32,
        w: (right - left) as f32,
        h: (bottom - top) as f32,
    })
}
