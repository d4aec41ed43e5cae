//! The page's own files, part of the program.

/// A file: its path, its kind, its content.
type Asset = (&'static str, &'static str, &'static [u8]);

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// All of them.
const ALL: [Asset; 11] = [
    ("/", "text/html; charset=utf-8", include_bytes!("assets/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_bytes!("assets/style.css")),
    ("/icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
    ("/app.js", SCRIPT, include_bytes!("assets/app.js")),
    ("/api.js", SCRIPT, include_bytes!("assets/api.js")),
    ("/dom.js", SCRIPT, include_bytes!("assets/dom.js")),
    ("/words.js", SCRIPT, include_bytes!("assets/words.js")),
    ("/list.js", SCRIPT, include_bytes!("assets/list.js")),
    ("/document.js", SCRIPT, include_bytes!("assets/document.js")),
    ("/page.js", SCRIPT, include_bytes!("assets/page.js")),
    ("/card.js", SCRIPT, include_bytes!("assets/card.js")),
];

/// The file at `path`: its kind and its content.
#[must_use]
pub fn get(path: &str) -> Option<(&'static str, &'static [u8])> {
    ALL.iter().find(|(at, ..)| *at == path).map(|(_, kind, content)| (*kind, *content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_small_and_ask_for_nothing_from_elsewhere() {
        let bytes: usize = ALL.iter().map(|(.., content)| content.len()).sum();
        assert!(bytes <= 300 << 10, "{bytes} bytes");
        for (path, _, content) in ALL {
            let text = std::str::from_utf8(content).expect("text");
            let elsewhere = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!elsewhere.contains("http://") && !elsewhere.contains("https://"), "{path}");
        }
    }
}
