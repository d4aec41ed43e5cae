//! Reading one text, from a file or from stdin, within a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest text of `parse`, in bytes.
pub const MOST: u64 = 64 << 20;

/// The bytes of the file at `path`, or of stdin for `-`.
///
/// # Errors
/// One line that says what is wrong and what to do.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let (name, bytes) = if path.as_os_str() == "-" {
        ("stdin".to_owned(), take(io::stdin().lock()))
    } else {
        (crate::batch::one_line(&path.to_string_lossy()), File::open(path).and_then(take))
    };
    match bytes {
        Ok(bytes) if bytes.len() as u64 > MOST => {
            Err(format!("{name}: more than {} MB: split the text", MOST >> 20))
        }
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("{name}: no such file; check the name, or give - to read stdin"))
        }
        Err(error) => Err(format!("{name}: {error}; give a text file, or - to read stdin")),
    }
}

fn take(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
