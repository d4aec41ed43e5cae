//! The log of a run: one line an event on stderr, as text or JSON. At the level of documents it holds no text of theirs.

use tracing::level_filters::LevelFilter;

use super::args::LogFormat;

/// Begins to log: warnings only if `quiet`, else documents as they end, and workers too if `verbose`.
pub fn begin(format: LogFormat, quiet: bool, verbose: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::WARN,
        (_, true) => LevelFilter::DEBUG,
        _ => LevelFilter::INFO,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
