//! Page images made ready to be read: an engine that stands on another.
//!
//! ```text
//! image ─ scale ─ seals ─ borders ─ quarter turns ─ skew ─ light ─ rules ─▶ first pass ─ good? ─▶ words on the page as it came
//!                                                                              │ no
//!                                                     other way up, or evenly lit, specks out ─▶ second pass, the better one kept
//! ```
//!
//! What the pixels say for sure is done before the first pass, and only where it is called for: an ordinary page is looked at in small
//! ([`reduced`]) and goes to the engine as it is. Whether that was enough, the reading itself tells ([`score`]); only
//! a page that was read badly costs a second pass.
//!
//! Words come back with boxes on the page as it came, in its pixels, and the page says how it lay ([`Page::turn`]).

mod border;
mod cells;
mod light;
mod reduced;
mod rules;
mod score;
mod seal;
mod skew;
mod specks;
mod turn;

use std::time::Duration;

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage};

use self::light::Paper;
use self::reduced::{Ink, Reduced};
use self::score::Score;
use self::turn::Frame;
use super::{Engine, RecogniseError, layout};
use crate::model::assemble::ReadWord;
use crate::model::{BBox, Page, PageImage, profile};

/// Resolutions that the engine reads as they are; others are brought to [`GOOD`].
const READABLE: std::ops::RangeInclusive<f32> = 145.0..=410.0;
const GOOD: f32 = 300.0;
/// Skew below this, in degrees, harms nothing.
const STRAIGHT: f32 = 0.3;
/// A first reading this sure that covers so much of the ink is good enough.
const SURE: f32 = 0.8;
const COVERED: f32 = 0.8;
/// Words this unsure may stand on their head.
const NONSENSE: f32 = 0.5;
/// How much better a strip has to be read the other way up.
const OTHER_WAY: f32 = 1.5;
/// Height of such a strip, in inches.
const STRIP: f32 = 0.9;
/// The confidence from which on what was read in a single cell counts.
const LEGIBLE: f32 = 40.0;

/// Straightens and cleans page images for another engine, and reads those a second time that were read badly.
#[derive(Debug)]
pub struct Prepared<E> {
    engine: E,
    /// CPU time spent in the engine itself.
    inside: Duration,
}

impl<E: Engine> Prepared<E> {
    /// An engine that prepares images for `engine`.
    pub fn new(engine: E) -> Prepared<E> {
        Prepared { engine, inside: Duration::ZERO }
    }

    /// The CPU time that the engine itself has taken so far, of all that recognition took.
    pub fn inside(&self) -> Duration {
        self.inside
    }
}

impl<E: Engine> Engine for Prepared<E> {
    fn recognise(&mut self, image: &PageImage, number: u32) -> Result<Page, RecogniseError> {
        if image.pixels.width().min(image.pixels.height()) < 100 {
            return self.timed(|engine| engine.recognise(image, number));
        }
        let mut sheet = Sheet::of(image);
        if sheet.down {
            // Lines seem to run down: reading a strip of each tells, the page as it is included.
            let mut best = self.strip(&sheet, number)?;
            for turned in [sheet.turned(1), sheet.turned(3)] {
                let letters = self.strip(&turned, number)?;
                if letters > best {
                    (best, sheet) = (letters, turned);
                }
            }
        }
        sheet.clear_rules();
        let (mut page, mut score) = self.read(&sheet, number)?;
        if score.sure < NONSENSE {
            let over = sheet.turned(2);
            if self.strip(&over, number)? > OTHER_WAY * self.strip(&sheet, number)? {
                let second = self.read(&over, number)?;
                if second.1.letters > score.letters {
                    (page, score, sheet) = (second.0, second.1, over);
                }
            }
        }
        if (score.sure < SURE || score.covered < COVERED) && !sheet.level {
            sheet.even_out();
            let second = self.read(&sheet, number)?;
            if second.1.letters > score.letters {
                page = second.0;
            }
        }
        Ok(sheet.back(page, image))
    }

    fn model(&self) -> &str {
        self.engine.model()
    }
}

impl<E: Engine> Prepared<E> {
    fn read(&mut self, sheet: &Sheet, number: u32) -> Result<(Page, Score), RecogniseError> {
        let mut page = self.timed(|engine| engine.recognise(&sheet.image, number))?;
        let (reduced, ink) = (&sheet.reduced, &sheet.ink.text);
        let unread = cells::unread(&page, &sheet.rules, reduced, ink, sheet.image.dpi);
        if !unread.is_empty() {
            let mut lines = layout::words(&page);
            for place in unread {
                lines.push(self.cell(sheet, &place, number)?);
            }
            page = layout::with_lines(&page, lines);
        }
        let score = Score::of(&page, reduced, ink);
        Ok((layout::rows_of_tables(page, &sheet.rules), score))
    }

    /// The words at `place`, read by themselves.
    fn cell(&mut self, sheet: &Sheet, place: &BBox, number: u32) -> Result<Vec<ReadWord>, RecogniseError> {
        let dpi = sheet.image.dpi;
        let paper = if sheet.level { 255 } else { sheet.paper.usual };
        let (pixels, margin) = cells::cut_out(&sheet.image.pixels, place, dpi, paper);
        let page = self.timed(|engine| engine.recognise_block(&PageImage { pixels, dpi }, number))?;
        let mut words: Vec<ReadWord> = layout::words(&page).into_iter().flatten().collect();
        words.retain(|word| {
            word.confidence.is_none_or(|sure| sure >= LEGIBLE) && word.text.chars().any(char::is_alphanumeric)
        });
        for bbox in words.iter_mut().filter_map(|word| word.bbox.as_mut()) {
            bbox.x += place.x.floor() - margin as f32;
            bbox.y += place.y.floor() - margin as f32;
        }
        Ok(words)
    }

    /// What the densest strip of a page is worth, read this way up.
    fn strip(&mut self, sheet: &Sheet, number: u32) -> Result<f32, RecogniseError> {
        let strip = sheet.strip();
        let page = self.timed(|engine| engine.recognise(&strip, number))?;
        let reduced = Reduced::of(&strip.pixels, strip.dpi);
        let ink = reduced.ink();
        Ok(Score::of(&page, &reduced, &ink.text).letters)
    }

    fn timed<T>(&mut self, work: impl FnOnce(&mut E) -> T) -> T {
        profile::timed(&mut self.inside, || work(&mut self.engine))
    }
}

/// A page on its way to the engine.
#[derive(Debug, Clone)]
struct Sheet {
    image: PageImage,
    frame: Frame,
    reduced: Reduced,
    ink: Ink,
    paper: Paper,
    /// Printed rules of tables that were taken out.
    rules: Vec<BBox>,
    /// Whether its lines run down the page.
    down: bool,
    /// Whether it is lit evenly and cleared of specks.
    level: bool,
}

impl Sheet {
    /// The page with everything done that the pixels call for, except for quarter turns.
    fn of(image: &PageImage) -> Sheet {
        let (width, height) = (image.pixels.width(), image.pixels.height());
        let mut frame = Frame::plain(width, height);
        let mut dpi = image.dpi;
        let scaled;
        let pixels = if READABLE.contains(&dpi) {
            &image.pixels
        } else {
            frame.scale = GOOD / dpi;
            dpi = GOOD;
            let size = |n: u32| ((n as f32 * frame.scale).round() as u32).max(1);
            let filter = if frame.scale > 1.0 { FilterType::CatmullRom } else { FilterType::Triangle };
            scaled = image.pixels.resize_exact(size(width), size(height), filter);
            &scaled
        };
        let mut pixels = seal::grey(pixels, dpi);
        let mut reduced = Reduced::of(&pixels, dpi);
        let mut paper = Paper::of(&reduced);
        if let Some(border) = border::find(&reduced, paper.usual) {
            let mut grey = pixels.into_luma8();
            let width = grey.width() as usize;
            border::whiten(&mut grey, width, &reduced, &border, paper.usual);
            pixels = DynamicImage::ImageLuma8(grey);
            reduced = Reduced::of(&pixels, dpi);
            paper = Paper::of(&reduced);
        }
        let mut ink = reduced.ink();
        let lines = skew::lines(&reduced, &ink.text);
        if lines.skew.abs() > STRAIGHT {
            frame.degrees = lines.skew;
            pixels = turn::straightened(&pixels, lines.skew, paper.usual);
            reduced = Reduced::of(&pixels, dpi);
            paper = Paper::of(&reduced);
            ink = reduced.ink();
        }
        let image = PageImage { pixels, dpi };
        let mut sheet =
            Sheet { image, frame, reduced, ink, paper, rules: Vec::new(), down: lines.down, level: false };
        if sheet.paper.uneven {
            sheet.even_out();
        }
        sheet
    }

    /// The sheet turned by `quarters` clockwise.
    fn turned(&self, quarters: u8) -> Sheet {
        let pixels = turn::by_quarters(&self.image.pixels, quarters);
        let image = PageImage { pixels, dpi: self.image.dpi };
        let reduced = Reduced::of(&image.pixels, image.dpi);
        let ink = reduced.ink();
        let paper = Paper::of(&reduced);
        // rules are looked for after quarter turns; only a half turn may come later
        let (width, height) = (image.pixels.width() as f32, image.pixels.height() as f32);
        let over = |b: &BBox| BBox { x: width - b.x - b.w, y: height - b.y - b.h, ..*b };
        let rules = self.rules.iter().map(over).collect();
        let frame = Frame { quarters: (self.frame.quarters + quarters) % 4, ..self.frame };
        Sheet { image, frame, reduced, ink, paper, rules, down: false, level: self.level }
    }

    /// Lights the page evenly and takes specks out.
    fn even_out(&mut self) {
        let grey = std::mem::take(&mut self.image.pixels).into_luma8();
        let (width, height) = (grey.width(), grey.height());
        let mut level = light::levelled(grey.as_raw(), width as usize, &self.paper);
        specks::remove(&mut level, width as usize, self.image.dpi, 160);
        self.image.pixels = GrayImage::from_raw(width, height, level)
            .map_or_else(DynamicImage::default, DynamicImage::ImageLuma8);
        self.level = true;
    }

    /// Takes the rules of tables out.
    fn clear_rules(&mut self) {
        if !self.ink.table {
            return;
        }
        let mut grey = std::mem::take(&mut self.image.pixels).into_luma8();
        let width = grey.width() as usize;
        let paper = if self.level { 255 } else { self.paper.usual };
        self.rules = rules::remove(&mut grey, width, self.image.dpi, (f32::from(paper) * 0.65) as u8);
        self.image.pixels = DynamicImage::ImageLuma8(grey);
    }

    /// The strip across the page that holds most ink.
    fn strip(&self) -> PageImage {
        let (w, h) = (self.reduced.width, self.reduced.height);
        let rows: Vec<usize> =
            self.ink.text.chunks_exact(w.max(1)).map(|row| row.iter().filter(|dot| **dot).count()).collect();
        let wanted = ((STRIP * self.image.dpi) as usize / self.reduced.factor as usize).clamp(1, h);
        let best = (0..=h - wanted).max_by_key(|y| rows[*y..y + wanted].iter().sum::<usize>()).unwrap_or(0);
        let (top, height) = (best as u32 * self.reduced.factor, wanted as u32 * self.reduced.factor);
        let pixels = self.image.pixels.crop_imm(0, top, self.image.pixels.width(), height);
        PageImage { pixels, dpi: self.image.dpi }
    }

    /// The page as read from this sheet, its boxes on `image`.
    fn back(&self, mut page: Page, image: &PageImage) -> Page {
        let size = (self.image.pixels.width(), self.image.pixels.height());
        (page.width, page.height, page.dpi) = (image.pixels.width(), image.pixels.height(), image.dpi);
        if self.frame == Frame::plain(page.width, page.height) {
            return page;
        }
        for line in &mut page.lines {
            for word in &mut line.words {
                word.bbox = word.bbox.map(|b| self.frame.back(b, size));
            }
            line.bbox = line.words.iter().filter_map(|word| word.bbox).reduce(BBox::union);
        }
        page.turn = self.frame.turn();
        page
    }
}
