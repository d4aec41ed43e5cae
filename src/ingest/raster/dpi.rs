//! The resolution that an image file states: PNG `pHYs`, JPEG `JFIF` density, TIFF resolution tags, or a guess by paper size.
//!
//! Scanners sometimes write nonsense (0, 1 or 72 by default); only values from 50 to 2,400 dpi that agree in both directions count,
//! and 72 and 96, which programs write when they know nothing, count only where they make a sheet of paper of the page.

/// Points on which a stated resolution is believed: dots per inch across and down.
pub(super) fn believable(across: f32, down: f32) -> Option<f32> {
    let agrees = (across - down).abs() <= 0.02 * across.max(down);
    (agrees && (50.0..=2400.0).contains(&down)).then_some(down)
}

/// [`believable`], but not for the 72 and 96 dpi of programs that know nothing unless the page is then of a paper's size.
pub(super) fn stated(across: f32, down: f32, width: u32, height: u32) -> Option<f32> {
    let dpi = believable(across, down)?;
    let unknowing = (71.0..=72.5).contains(&dpi) || (95.5..=96.5).contains(&dpi);
    let long_side_mm = width.max(height) as f32 / dpi * 25.4;
    (!unknowing || long_side_mm <= 450.0).then_some(dpi)
}

/// The resolution at which the page would be an A4 sheet (or A3, when it has pixels enough), kept between 70 and 600: what to
/// assume of an image that states none.
pub(super) fn guess(width: u32, height: u32) -> f32 {
    let long = width.max(height) as f32;
    let a4 = long / 11.69;
    let dpi = if a4 > 450.0 { long / 16.54 } else { a4 };
    dpi.round().clamp(70.0, 600.0)
}

/// From the chunks of a PNG file.
pub(super) fn of_png(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let kind = rest.get(4..8)?;
        let data = rest.get(8..)?;
        match kind {
            b"pHYs" => {
                let across = u32::from_be_bytes(data.get(..4)?.try_into().ok()?);
                let down = u32::from_be_bytes(data.get(4..8)?.try_into().ok()?);
                let per_metre = *data.get(8)? == 1;
                let inch = |v: u32| (f64::from(v) * 0.0254) as f32;
                return per_metre.then(|| (inch(across), inch(down)));
            }
            b"IDAT" | b"IEND" => return None,
            _ => rest = data.get(length.checked_add(4)?..)?,
        }
    }
}

/// From the `JFIF` segment of a JPEG file.
pub(super) fn of_jpeg(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, high, low] = *rest.get(..4)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let data = rest.get(4..2 + length)?;
        match marker {
            0xe0 if data.starts_with(b"JFIF\0") => {
                let pair = |i: usize| Some(f32::from(u16::from_be_bytes([*data.get(i)?, *data.get(i + 1)?])));
                let (across, down) = (pair(8)?, pair(10)?);
                return match data.get(7)? {
                    1 => Some((across, down)),
                    2 => Some((across * 2.54, down * 2.54)),
                    _ => None,
                };
            }
            0xda => return None,
            _ => rest = rest.get(2 + length..)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn png_and_jpeg_densities() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0; 17]);
        png.extend(b"\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01");
        assert_eq!(of_png(&png).map(|(a, d)| (a.round(), d.round())), Some((300.0, 300.0)));
        assert_eq!(of_png(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffabcd"), None);
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x02\0\x76\0\x76\0\0";
        assert_eq!(of_jpeg(jpeg).map(|(a, d)| (a.round(), d.round())), Some((300.0, 300.0)));
        assert_eq!(of_jpeg(b"\xff\xd8\xff\xe0\0\0"), None);
    }

    #[test]
    fn nonsense_is_not_believed() {
        assert_eq!(stated(1.0, 1.0, 2480, 3508), None);
        assert_eq!(stated(204.0, 98.0, 1728, 1100), None);
        assert_eq!(stated(72.0, 72.0, 2480, 3508), None);
        assert_eq!(stated(72.0, 72.0, 595, 842), Some(72.0));
        assert_eq!(stated(300.0, 300.0, 2480, 3508), Some(300.0));
        assert_eq!(guess(2480, 3508), 300.0);
        assert_eq!(guess(7016, 4961), 424.0);
        assert_eq!(guess(1, 1), 70.0);
    }
}
