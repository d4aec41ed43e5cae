//! The server: on the loopback interface alone, for as long as its user wants it.

use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;

use crate::batch::{Archive, ArchiveError, Interrupt};

use super::api;
use super::desk::Desk;
use super::guard::{self, Guard};
use super::keeper::Keeper;
use super::list::{List, id_of};

/// How the desk is to be opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// An OUT of `digitise`.
    pub out: PathBuf,
    /// The port; 0 for a free one.
    pub port: u16,
    /// Who decides.
    pub reviewer: String,
    /// Where sources are that are not where they were.
    pub scans: Option<PathBuf>,
}

/// Why it cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// OUT cannot be looked through.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The port is taken, or the system refuses.
    #[error("cannot listen on 127.0.0.1:{port}: {source}; name another port with --port")]
    Port {
        /// Which port.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something else was refused by the system.
    #[error("cannot start: {0}")]
    System(#[from] std::io::Error),
}

/// Serves until `interrupt` is raised. `ready` is told the link.
///
/// # Errors
/// [`ReviewError`].
pub fn run(options: &Options, interrupt: &Interrupt, ready: impl FnOnce(&str)) -> Result<(), ReviewError> {
    let archive = Archive::open(&options.out, options.scans.as_deref())?;
    let listed = archive.documents()?;
    let list = Arc::new(List::new(listed.clone()));
    let keeper = Keeper::start(archive.clone(), Arc::clone(&list))?;
    for behind in archive.behind(&listed) {
        keeper.decided(&id_of(&behind.name));
    }
    let desk = Arc::new(Desk::new(archive.clone(), options.reviewer.clone(), Arc::clone(&list), keeper));
    let heads = Arc::clone(&desk);
    std::thread::Builder::new().name("titles".into()).spawn(move || {
        let stop = || heads.keeper.is_ending();
        heads.list.read_heads(&archive, &stop);
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name("review").build()?;
    runtime.block_on(serve(options.port, Arc::clone(&desk), interrupt, ready))?;
    desk.keeper.end();
    runtime.shutdown_timeout(Duration::from_millis(500));
    Ok(())
}

async fn serve(
    port: u16,
    desk: Arc<Desk>,
    interrupt: &Interrupt,
    ready: impl FnOnce(&str),
) -> Result<(), ReviewError> {
    let failed = |source| ReviewError::Port { port, source };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
    let guard = Guard::new(token()?, listener.local_addr().map_err(failed)?.port());
    ready(&guard.link());
    let router = Router::new().fallback(move |request: Request| {
        let (desk, guard) = (Arc::clone(&desk), guard.clone());
        async move {
            let mut response = match guard.refuses(&request) {
                None => api::answer(desk, request).await,
                Some(refused) => refused,
            };
            guard::seal(&mut response);
            response
        }
    });
    let ended = async {
        while !interrupt.is_raised() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // Connections that browsers keep open are not waited for: what was decided is kept already.
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served.map_err(failed),
        () = ended => Ok(()),
    }
}

/// A token that nobody can guess: 128 random bits.
fn token() -> std::io::Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
