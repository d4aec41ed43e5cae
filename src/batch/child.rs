//! The parent's end of one worker process: start it, ask it one thing at a time under a deadline, and end it.
//!
//! A worker is never trusted. It has to answer within the deadline, with a whole frame, with the number of the question;
//! everything else is [`Broken`], after which the process is killed and its slot takes a new one. At most one unread answer
//! is held, so a worker that floods blocks itself and not the parent.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::protocol::{Reply, Request};
use super::wire;

/// The command that a worker is: a process that does nothing but [`serve`](super::serve).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl WorkerCommand {
    /// This very program with the hidden subcommand [`WORKER`]: right for `sohoa` itself, and for no program that merely uses the library.
    ///
    /// # Errors
    /// When the system does not say where the program is.
    pub fn own() -> io::Result<WorkerCommand> {
        Ok(WorkerCommand { program: std::env::current_exe()?, arguments: vec![WORKER.into()] })
    }
}

/// How to start a worker.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    /// What to run.
    pub command: WorkerCommand,
    /// Whether the worker's stderr (Tesseract's remarks) reaches the user.
    pub verbose: bool,
}

/// The hidden subcommand that a worker is started with.
pub const WORKER: &str = "worker-process";

/// A question or an answer with its number.
#[derive(Debug, Serialize, Deserialize)]
pub struct Numbered<T> {
    /// The same in the question and its answer.
    pub id: u64,
    /// The question or answer.
    pub body: T,
}

/// Why a worker has to be replaced.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// It could not be started.
    #[error("cannot start a worker process: {0}")]
    Start(io::Error),
    /// It did not answer in time.
    #[error("not finished after {} s", .0.as_secs_f32())]
    Deadline(Duration),
    /// It ended.
    #[error("the worker process {0}")]
    Died(String),
    /// It said something that is no answer.
    #[error("the worker process answered nonsense ({0})")]
    Nonsense(String),
}

/// A running worker.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    questions: ChildStdin,
    answers: Receiver<io::Result<Option<Vec<u8>>>>,
    asked: u64,
}

impl Child {
    /// Starts a worker in a process group of its own (a Ctrl-C at the terminal is for the parent to handle) and with
    /// OpenMP held to one thread, which has to be in the environment before Tesseract's library is loaded.
    ///
    /// # Errors
    /// [`Broken::Start`].
    pub fn start(launch: &Launch) -> Result<Child, Broken> {
        let mut process = Command::new(&launch.command.program)
            .args(&launch.command.arguments)
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(if launch.verbose { Stdio::inherit() } else { Stdio::null() })
            .process_group(0)
            .spawn()
            .map_err(Broken::Start)?;
        let (Some(questions), Some(mut from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Broken::Start(io::ErrorKind::BrokenPipe.into()));
        };
        let (to, answers) = sync_channel(1);
        // The reader ends with the pipe: at the latest when the process is killed.
        std::thread::Builder::new()
            .name("worker-answers".into())
            .spawn(move || {
                loop {
                    let answer = wire::receive_bytes(&mut from);
                    let last = !matches!(answer, Ok(Some(_)));
                    if to.send(answer).is_err() || last {
                        break;
                    }
                }
            })
            .map_err(Broken::Start)?;
        Ok(Child { process, questions, answers, asked: 0 })
    }

    /// Asks `request` and waits for the answer, at most until `deadline`; `limit` is what the deadline was made from.
    ///
    /// # Errors
    /// [`Broken`], after which this worker must not be asked again: drop it.
    pub fn ask(&mut self, request: &Request, deadline: Instant, limit: Duration) -> Result<Reply, Broken> {
        self.asked += 1;
        let question = Numbered { id: self.asked, body: request };
        // A worker that takes no question has ended, or has said something before: its pipe tells which.
        let _ = wire::send(&mut self.questions, &question);
        let wait = deadline.saturating_duration_since(Instant::now());
        let body = match self.answers.recv_timeout(wait) {
            Ok(Ok(Some(body))) => body,
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Broken::Nonsense(error.to_string()));
            }
            Ok(Ok(None) | Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
            Err(RecvTimeoutError::Timeout) => return Err(Broken::Deadline(limit)),
        };
        let answer: Numbered<Reply> =
            serde_json::from_slice(&body).map_err(|error| Broken::Nonsense(error.to_string()))?;
        if answer.id == self.asked {
            Ok(answer.body)
        } else {
            Err(Broken::Nonsense("to another question".into()))
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// How it ended. A worker that closed its pipe but lives is ended here.
    fn died(&mut self) -> Broken {
        for _ in 0..20 {
            match self.process.try_wait() {
                Ok(Some(status)) => return Broken::Died(ending(status)),
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Err(_) => break,
            }
        }
        Broken::Died("stopped answering".into())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Either may fail only because the process is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn ending(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("was ended by signal {signal}"),
        (None, Some(code)) => format!("ended with code {code}"),
        (None, None) => "ended".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(program: &str) -> Launch {
        let command = WorkerCommand { program: program.into(), arguments: vec![WORKER.into()] };
        Launch { command, verbose: false }
    }

    /// Any program will do as a worker that knows nothing of the protocol.
    fn ask(program: &str, limit: Duration) -> Broken {
        let mut child = Child::start(&launch(program)).expect("started");
        child.ask(&Request::Recognise, Instant::now() + limit, limit).expect_err("no worker")
    }

    #[test]
    fn a_worker_that_ends_is_told_from_one_that_talks_nonsense() {
        let minute = Duration::from_secs(60);
        assert!(matches!(ask("/bin/false", minute), Broken::Died(_)));
        // echo prints the subcommand's name: its first four bytes are a length beyond the limit
        assert!(matches!(ask("/bin/echo", minute), Broken::Nonsense(_)));
        let none = Child::start(&launch("/nonexistent")).expect_err("not there");
        assert!(matches!(none, Broken::Start(_)));
    }
}
