//! What an input's outputs are called: its path relative to the folder given, with `.json` and `.txt` appended to the full
//! name (`a.pdf` → `a.pdf.json`), below OUT and never elsewhere.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::EmitError;

/// The outputs of one input, relative to OUT.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The JSON.
    pub json: PathBuf,
    /// The restored text.
    pub text: PathBuf,
}

impl Target {
    /// The outputs of an input that is called `relative`: its path below the folder given, or its file name.
    ///
    /// # Errors
    /// [`EmitError::NoName`] if the path is empty or holds anything but plain names (`..`, a root): such a name could leave OUT.
    ///
    /// ```
    /// use sohoa::emit::Target;
    /// let target = Target::new("plans/a.pdf".as_ref()).unwrap();
    /// assert_eq!(target.json.to_str(), Some("plans/a.pdf.json"));
    /// assert!(Target::new("../a.pdf".as_ref()).is_err());
    /// ```
    pub fn new(relative: &Path) -> Result<Target, EmitError> {
        let no_name = || EmitError::NoName(relative.to_owned());
        let mut clean = PathBuf::new();
        for part in relative.components() {
            match part {
                Component::Normal(name) => clean.push(name),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(no_name()),
            }
        }
        let name = clean.file_name().ok_or_else(no_name)?.to_owned();
        let with = |suffix: &str| clean.with_file_name(append(&name, suffix));
        Ok(Target { json: with(".json"), text: with(".txt") })
    }

    /// Both files.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        [self.json.as_path(), self.text.as_path()].into_iter()
    }
}

fn append(name: &OsStr, suffix: &str) -> std::ffi::OsString {
    let mut name = name.to_owned();
    name.push(suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_out() {
        for bad in ["", ".", "..", "/", "/etc/passwd", "a/../../b", "a/.."] {
            assert!(Target::new(Path::new(bad)).is_err(), "{bad:?}");
        }
        let target = Target::new(Path::new("./năm 2020/kế hoạch.txt")).expect("a name");
        assert_eq!(target.json, Path::new("năm 2020/kế hoạch.txt.json"));
        assert_eq!(target.text, Path::new("năm 2020/kế hoạch.txt.txt"));
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let target = Target::new(Path::new(OsStr::from_bytes(b"a\xff\n.pdf"))).expect("a name");
        assert_eq!(target.json.as_os_str().as_bytes(), b"a\xff\n.pdf.json");
    }
}
