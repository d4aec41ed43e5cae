//! Where recognition models are, and how to get one that is missing.
//!
//! Debian installs the Vietnamese script model as `Vietnamese.traineddata`, other systems as `script/Vietnamese.traineddata`; both are
//! found under either name. The default is that model, else `vie`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::RecogniseError;

/// The model used when none is named: the script model, which reads Vietnamese best.
pub const DEFAULT_MODEL: &str = "Vietnamese";
/// The smaller model, a fifth faster.
pub const FAST_MODEL: &str = "vie";

/// A model that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundModel {
    /// The name to load it by.
    pub name: String,
    /// The folder it stands in.
    pub folder: PathBuf,
}

impl FoundModel {
    /// Its name with a short digest of its files, for records.
    #[must_use]
    pub fn label(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for part in self.name.split('+') {
            let mut block = vec![0; 1 << 16];
            let Ok(mut file) = File::open(file_of(&self.folder, part)) else { continue };
            while let Ok(n @ 1..) = file.read(&mut block) {
                hash.update(&block[..n]);
            }
        }
        let digest = hash.finalize();
        let short: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        format!("tesseract {} ({short})", self.name)
    }
}

/// Finds a model (or several, joined by `+`) in `folder`, else in `TESSDATA_PREFIX` and the usual places. Where the default is not
/// installed, `vie` is taken in its stead.
///
/// # Errors
/// [`RecogniseError::ModelName`] for a name that is none, [`RecogniseError::MissingModel`] with the command that installs it.
pub fn find_model(model: &str, folder: Option<&Path>) -> Result<FoundModel, RecogniseError> {
    let places = match folder {
        Some(folder) => vec![folder.to_owned()],
        None => usual_places(std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from)),
    };
    find_in(model, &places)
}

fn find_in(model: &str, places: &[PathBuf]) -> Result<FoundModel, RecogniseError> {
    if !is_name(model) {
        return Err(RecogniseError::ModelName(model.to_owned()));
    }
    let names: &[&str] = match model {
        DEFAULT_MODEL => &[DEFAULT_MODEL, "script/Vietnamese", FAST_MODEL],
        "script/Vietnamese" => &["script/Vietnamese", DEFAULT_MODEL],
        _ => &[model],
    };
    for name in names {
        let whole = |folder: &&PathBuf| name.split('+').all(|part| file_of(folder, part).is_file());
        if let Some(folder) = places.iter().find(whole) {
            return Ok(FoundModel { name: (*name).to_owned(), folder: folder.clone() });
        }
    }
    Err(RecogniseError::MissingModel {
        model: model.to_owned(),
        looked_in: places.to_vec(),
        install: install_command(model),
    })
}

fn file_of(folder: &Path, part: &str) -> PathBuf {
    folder.join(format!("{part}.traineddata"))
}

/// Letters, digits, `_`, `-` and one level of folder, joined by `+`: nothing that could lead out of the model folder.
fn is_name(model: &str) -> bool {
    let word =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    model.split('+').all(|part| part.splitn(2, '/').all(word))
}

/// `TESSDATA_PREFIX` (which some take as the folder itself, some as its parent), then where packages install.
fn usual_places(prefix: Option<PathBuf>) -> Vec<PathBuf> {
    let mut out = Vec::new();
    if let Some(prefix) = prefix.filter(|p| !p.as_os_str().is_empty()) {
        out.push(prefix.join("tessdata"));
        out.insert(0, prefix);
    }
    out.extend(
        [
            "/usr/share/tesseract-ocr/5/tessdata",
            "/usr/share/tesseract-ocr/4.00/tessdata",
            "/usr/share/tessdata",
            "/usr/share/tesseract/tessdata",
            "/usr/local/share/tessdata",
            "/opt/homebrew/share/tessdata",
        ]
        .map(PathBuf::from),
    );
    out
}

/// The command that installs a model on Debian and its kin.
#[must_use]
pub fn install_command(model: &str) -> String {
    let package = |part: &str| match part {
        "Vietnamese" | "script/Vietnamese" => "tesseract-ocr-script-viet".to_owned(),
        part => format!("tesseract-ocr-{}", part.replace('_', "-").to_lowercase()),
    };
    let packages: Vec<_> = model.split('+').map(package).collect();
    format!("sudo apt-get install {}", packages.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_falls_back_and_says_what_is_missing() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let places = [dir.path().join("none"), dir.path().to_owned()];
        let missing = find_in(DEFAULT_MODEL, &places);
        let text = missing.map_err(|e| e.to_string()).err().unwrap_or_default();
        assert!(text.contains("`sudo apt-get install tesseract-ocr-script-viet`"), "{text}");
        std::fs::write(dir.path().join("vie.traineddata"), "x")?;
        let found = find_in(DEFAULT_MODEL, &places)?;
        assert_eq!((found.name.as_str(), found.folder.as_path()), ("vie", dir.path()));
        std::fs::create_dir(dir.path().join("script"))?;
        std::fs::write(dir.path().join("script/Vietnamese.traineddata"), "y")?;
        assert_eq!(find_in(DEFAULT_MODEL, &places)?.name, "script/Vietnamese");
        assert_eq!(find_in("vie+script/Vietnamese", &places)?.name, "vie+script/Vietnamese");
        assert!(found.label().starts_with("tesseract vie ("), "{}", found.label());
        Ok(())
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        for name in ["../vie", "", "a/b/c", "vie\0", "vie+", "/etc/x"] {
            assert!(matches!(find_in(name, &[]), Err(RecogniseError::ModelName(_))), "{name:?}");
        }
        assert!(matches!(find_in("zzz", &[]), Err(RecogniseError::MissingModel { .. })));
    }
}
