//! What to do next: pages of documents that are open come before further documents, so few documents are open at a time
//! and memory stays flat however many inputs there are.
//!
//! The queue is an iterator that rayon's `par_bridge` draws from, one unit of work for each free thread. It is lazy: an
//! input is touched when a thread is free for it. When nothing is queued but documents are being opened, it waits, since
//! their pages are work for every thread.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// One unit of parallel work over inputs `I` and open documents `D`.
#[derive(Debug)]
pub enum Work<I, D> {
    /// Open this input, then tell the queue with [`Queue::opened`].
    Open(I),
    /// Read the page with this index (0-based) of an open document.
    Page(Arc<D>, usize),
}

#[derive(Debug)]
struct State<I, D> {
    inputs: I,
    pages: VecDeque<(Arc<D>, std::ops::Range<usize>)>,
    opening: usize,
    stopped: bool,
}

/// The work of a run; clones share it.
#[derive(Debug)]
pub struct Queue<I, D> {
    state: Arc<(Mutex<State<I, D>>, Condvar)>,
}

impl<I, D> Clone for Queue<I, D> {
    fn clone(&self) -> Self {
        Queue { state: Arc::clone(&self.state) }
    }
}

impl<I, D> Queue<I, D> {
    /// A queue over `inputs`.
    pub fn new(inputs: I) -> Queue<I, D> {
        let state = State { inputs, pages: VecDeque::new(), opening: 0, stopped: false };
        Queue { state: Arc::new((Mutex::new(state), Condvar::new())) }
    }

    /// What [`Work::Open`] came to: a document with so many pages to read, or nothing more to do.
    pub fn opened(&self, document: Option<(Arc<D>, usize)>) {
        let mut state = self.lock();
        state.opening -= 1;
        if let Some((document, pages)) = document.filter(|(_, pages)| *pages > 0) {
            state.pages.push_back((document, 0..pages));
        }
        self.state.1.notify_all();
    }

    /// Hands out nothing more.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.state.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<I, D>> {
        // No code that could panic runs under this lock, except the inputs' iterator, which leaves the rest intact.
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I: Iterator, D> Iterator for Queue<I, D> {
    type Item = Work<I::Item, D>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            while let Some((document, pages)) = state.pages.front_mut() {
                if let Some(page) = pages.next() {
                    return Some(Work::Page(Arc::clone(document), page));
                }
                state.pages.pop_front();
            }
            if let Some(input) = state.inputs.next() {
                state.opening += 1;
                return Some(Work::Open(input));
            }
            if state.opening == 0 {
                return None;
            }
            state = self.state.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rayon::iter::{ParallelBridge, ParallelIterator};

    use super::*;

    #[test]
    fn pages_come_before_further_inputs() {
        let mut queue: Queue<_, &str> = Queue::new(["a", "b"].into_iter());
        assert!(matches!(queue.next(), Some(Work::Open("a"))));
        queue.opened(Some((Arc::new("a"), 2)));
        assert!(matches!(queue.next(), Some(Work::Page(_, 0))));
        assert!(matches!(queue.next(), Some(Work::Page(_, 1))));
        assert!(matches!(queue.next(), Some(Work::Open("b"))));
        queue.opened(None);
        assert!(queue.next().is_none());
    }

    #[test]
    fn every_page_is_read_once_by_several_threads() {
        let queue: Queue<_, usize> = Queue::new(0..50_usize);
        let read = AtomicUsize::new(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
        let (tasks, read_by) = (queue.clone(), &read);
        pool.install(|| {
            tasks.par_bridge().for_each(|work| match work {
                Work::Open(pages) => queue.opened(Some((Arc::new(pages), pages))),
                Work::Page(..) => {
                    read_by.fetch_add(1, Ordering::Relaxed);
                }
            });
        });
        assert_eq!(read.into_inner(), (0..50).sum::<usize>());
    }

    #[test]
    fn a_stopped_queue_is_empty() {
        let mut queue: Queue<_, ()> = Queue::new(0..3);
        assert!(queue.next().is_some());
        queue.stop();
        assert!(queue.next().is_none());
    }
}
