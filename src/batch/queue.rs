//! What to do next: pages of documents that are open come before further documents, so few documents are open at a time
//! and memory stays flat however many inputs there are.
//!
//! The queue is an iterator that rayon's `par_bridge` draws from, one unit of work for each free thread. A thread of its own
//! finds the inputs and offers them ([`Queue::offer`]); it is held back when it is some way ahead. When nothing is queued but
//! more may come, since inputs are being looked for or documents being opened, a thread waits.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How many inputs may be waiting.
const AHEAD: usize = 64;

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
    inputs: VecDeque<I>,
    /// Whether no further input will be offered.
    complete: bool,
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
    /// An empty queue.
    pub fn new() -> Queue<I, D> {
        let state = State {
            inputs: VecDeque::new(),
            complete: false,
            pages: VecDeque::new(),
            opening: 0,
            stopped: false,
        };
        Queue { state: Arc::new((Mutex::new(state), Condvar::new())) }
    }

    /// Takes an input, when there is room for it. `false` if the queue has stopped: then nothing more need be offered.
    pub fn offer(&self, input: I) -> bool {
        let mut state = self.lock();
        while state.inputs.len() >= AHEAD && !state.stopped {
            state = self.state.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.stopped {
            state.inputs.push_back(input);
            self.state.1.notify_all();
        }
        !state.stopped
    }

    /// Says that all inputs have been offered.
    pub fn complete(&self) {
        self.lock().complete = true;
        self.state.1.notify_all();
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

    /// Hands out nothing more, and takes nothing more.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.state.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<I, D>> {
        // No code that could panic runs under this lock.
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I, D> Iterator for Queue<I, D> {
    type Item = Work<I, D>;

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
            if let Some(input) = state.inputs.pop_front() {
                state.opening += 1;
                self.state.1.notify_all(); // there is room again
                return Some(Work::Open(input));
            }
            if state.complete && state.opening == 0 {
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
        let mut queue: Queue<_, &str> = Queue::new();
        assert!(queue.offer("a") && queue.offer("b"));
        queue.complete();
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
        let queue: Queue<_, usize> = Queue::new();
        let read = AtomicUsize::new(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
        let (tasks, read_by) = (queue.clone(), &read);
        let offered = std::thread::scope(|scope| {
            let finder = scope.spawn(|| {
                let offered = (0..500_usize).filter(|i| queue.offer(*i)).count();
                queue.complete();
                offered
            });
            pool.install(|| {
                tasks.par_bridge().for_each(|work| match work {
                    Work::Open(pages) => queue.opened(Some((Arc::new(pages), pages))),
                    Work::Page(..) => {
                        read_by.fetch_add(1, Ordering::Relaxed);
                    }
                });
            });
            finder.join().expect("all offered")
        });
        assert_eq!((offered, read.into_inner()), (500, (0..500).sum::<usize>()));
    }

    #[test]
    fn a_stopped_queue_is_empty_and_lets_go_of_who_offers() {
        let mut queue: Queue<_, ()> = Queue::new();
        let finder = queue.clone();
        let offering = std::thread::spawn(move || (0..1000).take_while(|i| finder.offer(*i)).count());
        assert!(queue.next().is_some());
        queue.stop();
        assert!(queue.next().is_none());
        assert!(offering.join().expect("let go") <= AHEAD + 1);
        assert!(!queue.offer(0));
    }
}
