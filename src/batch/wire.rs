//! Frames between parent and worker: a length of four bytes (little endian), then that many bytes of JSON.
//!
//! A frame never exceeds [`MAX_FRAME`]: a length beyond it is nonsense and ends the conversation before anything is
//! allocated for it. The bytes of a frame are read as they come, so a length alone costs no memory either.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest frame in bytes. A page of a dense A3 sheet with all its alternatives takes about 3 MB.
pub const MAX_FRAME: usize = 64 << 20;

/// Writes `value` as one frame and flushes.
///
/// # Errors
/// What the writer says; [`io::ErrorKind::InvalidData`] for a value that does not fit into a frame.
pub fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(value)?;
    if body.len() > MAX_FRAME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a message of {} bytes", body.len())));
    }
    let length = body.len() as u32; // fits: MAX_FRAME < 2^32
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&body)?;
    to.flush()
}

/// Reads the bytes of one frame; `None` at the end of the stream between two frames.
///
/// # Errors
/// What the reader says; [`io::ErrorKind::InvalidData`] for a length beyond [`MAX_FRAME`],
/// [`io::ErrorKind::UnexpectedEof`] if the stream ends inside a frame.
pub fn receive_bytes(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 4];
    if from.by_ref().take(1).read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..])?;
    let length = u32::from_le_bytes(head) as usize;
    if length > MAX_FRAME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a message of {length} bytes")));
    }
    let mut body = Vec::new();
    from.by_ref().take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(body))
}

/// Reads one frame as a `T`; `None` at the end of the stream.
///
/// # Errors
/// As [`receive_bytes`], and [`io::ErrorKind::InvalidData`] for a frame that is no `T`.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    match receive_bytes(from)? {
        None => Ok(None),
        Some(body) => Ok(Some(serde_json::from_slice(&body)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_in_order() {
        let mut pipe = Vec::new();
        send(&mut pipe, &"một").expect("sent");
        send(&mut pipe, &vec![1, 2]).expect("sent");
        let mut from = pipe.as_slice();
        assert_eq!(receive::<String>(&mut from).expect("read").as_deref(), Some("một"));
        assert_eq!(receive::<Vec<u8>>(&mut from).expect("read"), Some(vec![1, 2]));
        assert_eq!(receive::<String>(&mut from).expect("read"), None);
    }

    #[test]
    fn nonsense_is_an_error_and_costs_no_memory() {
        let kind = |bytes: &[u8]| receive::<String>(&mut &*bytes).expect_err("nonsense").kind();
        assert_eq!(kind(b"Tesseract says hello\n"), io::ErrorKind::InvalidData);
        assert_eq!(kind(&[3, 0, 0]), io::ErrorKind::UnexpectedEof);
        assert_eq!(kind(&[9, 0, 0, 0, b'"']), io::ErrorKind::UnexpectedEof);
        assert_eq!(kind(&[2, 0, 0, 0, b'{', b'}']), io::ErrorKind::InvalidData);
    }
}
