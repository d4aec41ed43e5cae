//! Printing: data on stdout, where a closed pipe is no error, and complaints on stderr.

use std::io::{ErrorKind, Write};

use super::exit::Exit;

/// Prints data. A reader that has had enough is success.
pub fn print(data: &str) -> Exit {
    let mut out = anstream::stdout().lock();
    let printed = out.write_all(data.as_bytes()).and_then(|()| out.flush());
    match printed {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => {
            complain(&format!("cannot write to stdout: {error}; make room or name another file"));
            Exit::Output
        }
    }
}

/// One line on stderr, with the program's name before it. Nobody can be told if stderr is closed.
pub fn complain(line: &str) {
    tell(&format!("sohoa: {line}"));
}

/// Lines on stderr, as they are.
pub fn tell(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
