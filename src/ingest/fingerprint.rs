//! SHA-256 of an input's content: the name under which a rerun recognises what it has already done.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::IngestError;

/// SHA-256 in lower-case hexadecimal: of one file's bytes, or, for several, over their digests (32 bytes each) in order.
///
/// # Errors
/// [`IngestError::NotFound`] and [`IngestError::Io`] when a file cannot be read.
pub fn fingerprint(paths: &[PathBuf]) -> Result<String, IngestError> {
    if let [path] = paths {
        return Ok(hex(&digest(path)?));
    }
    let mut all = Sha256::new();
    for path in paths {
        all.update(digest(path)?);
    }
    Ok(hex(&all.finalize()))
}

/// SHA-256 of bytes in memory (text from standard input), in lower-case hexadecimal.
#[must_use]
pub fn fingerprint_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn digest(path: &Path) -> Result<Vec<u8>, IngestError> {
    let io = |e| IngestError::io(path, e);
    let mut file = File::open(path).map_err(io)?;
    let mut hash = Sha256::new();
    let mut block = vec![0_u8; 1 << 16];
    loop {
        let n = file.read(&mut block).map_err(io)?;
        if n == 0 {
            return Ok(hash.finalize().to_vec());
        }
        hash.update(&block[..n]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        // writing to a String cannot fail
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        std::fs::write(&a, "abc")?;
        std::fs::write(&b, "")?;
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint(std::slice::from_ref(&a))?, abc);
        assert_eq!(fingerprint_bytes(b"abc"), abc);
        let both = fingerprint(&[a.clone(), b.clone()])?;
        assert_ne!(both, abc);
        assert_ne!(both, fingerprint(&[b, a])?);
        let gone = fingerprint(&[dir.path().join("none")]);
        assert!(matches!(gone, Err(IngestError::NotFound(_))));
        Ok(())
    }
}
