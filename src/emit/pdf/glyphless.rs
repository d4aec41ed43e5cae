//! The font of the layer: a TrueType font of one glyph without an outline, half an em wide, which stands for every character.
//!
//! Text in it is invisible whatever a reader makes of the rendering mode. The file is made here, table by table, as the OpenType specification
//! describes them: `glyf head hhea hmtx loca maxp`, all that a PDF asks of an embedded font whose glyphs it names by number.

/// Units of an em.
const EM: u16 = 1000;
/// Width of the glyph, ascent and descent, in these units.
pub(super) const WIDTH: u16 = 500;
pub(super) const ASCENT: i16 = 800;
pub(super) const DESCENT: i16 = -200;

/// The bytes of the font file.
pub(super) fn font() -> Vec<u8> {
    let glyphs: u16 = 2; // glyph 0 stands for what is missing
    let tables: [(&[u8; 4], Vec<u8>); 6] = [
        (b"glyf", vec![0; 4]), // no outline at all; some readers want the table to hold something
        (b"head", head()),
        (b"hhea", hhea(glyphs)),
        (b"hmtx", (0..glyphs).flat_map(|_| [WIDTH.to_be_bytes(), [0, 0]].concat()).collect()),
        (b"loca", vec![0; 2 * (usize::from(glyphs) + 1)]), // every outline is empty
        (b"maxp", [&0x0001_0000_u32.to_be_bytes()[..], &glyphs.to_be_bytes(), &MOST].concat()),
    ];
    let mut out = Vec::new();
    let count = tables.len() as u16;
    let power = count.ilog2() as u16;
    out.extend(0x0001_0000_u32.to_be_bytes());
    for value in [count, 16 << power, power, (count - (1 << power)) * 16] {
        out.extend(value.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    let mut data = Vec::new();
    let mut head_at = 0;
    for (tag, table) in &tables {
        if *tag == b"head" {
            head_at = offset;
        }
        out.extend(*tag);
        for value in [sum(table), offset as u32, table.len() as u32] {
            out.extend(value.to_be_bytes());
        }
        data.extend(table);
        data.resize(data.len().next_multiple_of(4), 0);
        offset = 12 + 16 * tables.len() + data.len();
    }
    out.extend(data);
    // the sum over the whole file is this number, by way of a field of `head`
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(sum(&out));
    out[head_at + 8..head_at + 12].copy_from_slice(&adjustment.to_be_bytes());
    out
}

/// `maxp` after the number of glyphs: nothing of anything but one zone.
const MOST: [u8; 26] = {
    let mut most = [0; 26];
    most[9] = 1; // maxZones
    most
};

fn head() -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(0x0001_0000_u32.to_be_bytes()); // version
    out.extend(0x0001_0000_u32.to_be_bytes()); // revision
    out.extend([0; 4]); // adjustment of the sum, filled in at the end
    out.extend(0x5F0F_3CF5_u32.to_be_bytes()); // magic number
    out.extend(0_u16.to_be_bytes()); // flags
    out.extend(EM.to_be_bytes());
    out.extend([0; 16]); // made and changed: no clock
    for edge in [0, DESCENT, WIDTH as i16, ASCENT] {
        out.extend(edge.to_be_bytes());
    }
    out.extend(0_u16.to_be_bytes()); // style
    out.extend(3_u16.to_be_bytes()); // the smallest readable size
    out.extend(2_i16.to_be_bytes()); // direction, as the specification wants it
    out.extend(0_i16.to_be_bytes()); // `loca` in units of two bytes
    out.extend(0_i16.to_be_bytes()); // format of `glyf`
    out
}

fn hhea(glyphs: u16) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(0x0001_0000_u32.to_be_bytes());
    out.extend(ASCENT.to_be_bytes());
    out.extend(DESCENT.to_be_bytes());
    out.extend([0; 2]); // line gap
    out.extend(WIDTH.to_be_bytes());
    out.extend([0; 4]); // bearings
    out.extend(WIDTH.to_be_bytes()); // extent
    out.extend(1_i16.to_be_bytes()); // slope of the caret: upright
    out.extend([0; 14]);
    out.extend(glyphs.to_be_bytes()); // how many widths
    out
}

/// The sum of big-endian words, the last one filled up with zeros.
fn sum(bytes: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(word)
    };
    bytes.chunks(4).fold(0, |sum, chunk| sum.wrapping_add(word(chunk)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_adds_up() {
        let font = font();
        assert_eq!(sum(&font), 0xB1B0_AFBA);
        assert_eq!(font.len() % 4, 0);
        let u32_at =
            |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().expect("four bytes")) as usize;
        let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
        let sizes = [("glyf", 4), ("head", 54), ("hhea", 36), ("hmtx", 8), ("loca", 6), ("maxp", 32)];
        assert_eq!(tables, sizes.len());
        for (i, (name, size)) in sizes.iter().enumerate() {
            let at = 12 + 16 * i;
            assert_eq!((&font[at..at + 4], u32_at(at + 12)), (name.as_bytes(), *size), "{name}");
            assert!(u32_at(at + 8) + size <= font.len(), "{name}");
        }
    }
}
