//! One input: the files that make a document, the name its outputs take, and what it is.

use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::sniff::MediaType;
use crate::model::plan::Warning;

/// A document to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Its file, or the single-page images of one folder in natural order. Never empty.
    #[serde(with = "many_paths")]
    pub paths: Vec<PathBuf>,
    /// The name its outputs take below the output folder, before their extensions are appended: a file found in a folder keeps its
    /// path relative to that folder, a file given directly its own name. Only plain components, never `..` or a root.
    #[serde(with = "one_path")]
    pub name: PathBuf,
    /// What the content is; for a folder of images, the kind of the first.
    pub media: MediaType,
    /// Sum of the file sizes in bytes, when it was found.
    pub bytes: u64,
    /// What the user should know about it: `misnamed` when the name promises another kind than the content is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Input {
    /// The path to show: that of its file, or the folder of its images.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self.paths.as_slice() {
            [one] => one,
            [first, ..] => first.parent().unwrap_or(first),
            [] => Path::new(""),
        }
    }

    /// [`Input::name`] as text with `/` between its parts, for records.
    #[must_use]
    pub fn shown_name(&self) -> String {
        let parts: Vec<_> = self.name.iter().map(|p| p.to_string_lossy()).collect();
        parts.join("/")
    }
}

/// The warning for a file whose name promises another kind than its content is.
pub(super) fn misnamed(path: &Path, media: MediaType) -> Option<Warning> {
    let promised = MediaType::promised_by(path)?;
    (promised != media).then(|| Warning {
        code: "misnamed".to_owned(),
        message: format!(
            "{}: named like {} but the content is {}; read as that",
            path.display(),
            promised.name(),
            media.name()
        ),
        page: None,
    })
}

/// The last component of a path given by the user, also of `.`, `..` and `/`, which have none of their own.
pub(super) fn own_name(path: &Path) -> PathBuf {
    let plain = |p: &Path| match p.components().next_back() {
        Some(Component::Normal(name)) => Some(PathBuf::from(name)),
        _ => None,
    };
    plain(path)
        .or_else(|| fs::canonicalize(path).ok().and_then(|p| plain(&p)))
        .unwrap_or_else(|| PathBuf::from("document"))
}

/// A path as JSON: a string, or an array of bytes where it is not UTF-8.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum AnyPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl AnyPath {
    fn of(path: &Path) -> AnyPath {
        match path.to_str() {
            Some(text) => AnyPath::Text(text.to_owned()),
            None => AnyPath::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        }
    }

    fn into_path(self) -> Result<PathBuf, &'static str> {
        match self {
            AnyPath::Text(text) => Ok(PathBuf::from(text)),
            #[cfg(unix)]
            AnyPath::Bytes(bytes) => {
                use std::os::unix::ffi::OsStringExt as _;
                Ok(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
            }
            #[cfg(not(unix))]
            AnyPath::Bytes(_) => Err("a path that is not Unicode"),
        }
    }
}

mod one_path {
    use super::*;

    pub fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
        AnyPath::of(path).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
        AnyPath::deserialize(from)?.into_path().map_err(D::Error::custom)
    }
}

mod many_paths {
    use super::*;

    pub fn serialize<S: Serializer>(paths: &[PathBuf], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(paths.iter().map(|p| AnyPath::of(p)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
        let all = Vec::<AnyPath>::deserialize(from)?;
        all.into_iter().map(|p| p.into_path().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_survive_json_even_with_odd_names() -> Result<(), serde_json::Error> {
        #[cfg(unix)]
        let odd = {
            use std::os::unix::ffi::OsStrExt as _;
            PathBuf::from(std::ffi::OsStr::from_bytes(b"k\xff\nx.png"))
        };
        #[cfg(not(unix))]
        let odd = PathBuf::from("k.png");
        let input = Input {
            paths: vec![PathBuf::from("đề/án.png"), odd.clone()],
            name: odd,
            media: MediaType::Png,
            bytes: 7,
            warnings: vec![],
        };
        assert_eq!(serde_json::from_str::<Input>(&serde_json::to_string(&input)?)?, input);
        Ok(())
    }

    #[test]
    fn names_of_paths() {
        assert_eq!(own_name(Path::new("a/b/")), Path::new("b"));
        assert!(own_name(Path::new(".")).components().all(|c| matches!(c, Component::Normal(_))));
        assert_eq!(own_name(Path::new("/")), Path::new("document"));
    }
}
