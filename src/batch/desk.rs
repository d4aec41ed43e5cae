//! Where finished documents wait to be written: bounded in bytes, so that a slow disk holds back the threads that produce
//! and not the memory; taken in groups, so that a disk flushes many at once.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes may wait. A single thing may be larger: it waits alone.
const MOST_BYTES: usize = 64 << 20;

/// The largest group. A document holds two files open until it is in its place.
const GROUP: usize = 64;

/// How long a group waits for more to come.
const LINGER: Duration = Duration::from_millis(100);

/// What waits.
#[derive(Debug)]
pub(super) struct Desk<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<(T, usize)>,
    bytes: usize,
    closed: bool,
}

impl<T> Desk<T> {
    pub fn new() -> Desk<T> {
        let state = State { waiting: VecDeque::new(), bytes: 0, closed: false };
        Desk { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Puts down a thing of so many bytes, when there is room. `false` if nobody takes anything any more.
    pub fn put(&self, thing: T, bytes: usize) -> bool {
        let mut state = self.lock();
        while !state.closed && !state.waiting.is_empty() && state.bytes + bytes > MOST_BYTES {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return false;
        }
        state.bytes += bytes;
        state.waiting.push_back((thing, bytes));
        self.changed.notify_all();
        true
    }

    /// The next things, oldest first; nothing when the desk is closed and empty.
    pub fn take(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let until = Instant::now() + LINGER;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if state.closed || state.waiting.len() >= GROUP || state.bytes >= MOST_BYTES / 2 || left.is_zero()
            {
                break;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut group = Vec::new();
        while group.len() < GROUP
            && let Some((thing, bytes)) = state.waiting.pop_front()
        {
            state.bytes -= bytes;
            group.push(thing);
        }
        self.changed.notify_all();
        Some(group)
    }

    /// Takes nothing more; what waits can still be taken.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_taken_in_order_and_in_groups() {
        let desk = Desk::new();
        let taken = std::thread::scope(|scope| {
            let taker = scope.spawn(|| std::iter::from_fn(|| desk.take()).collect::<Vec<_>>());
            for i in 0..1000 {
                assert!(desk.put(i, MOST_BYTES / 10));
            }
            desk.close();
            taker.join().expect("all taken")
        });
        assert!(taken.iter().all(|group| !group.is_empty() && group.len() <= 10), "bytes bound a group");
        assert_eq!(taken.concat(), (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn a_large_thing_goes_alone_and_a_closed_desk_takes_nothing() {
        let desk = Desk::new();
        assert!(desk.put("large", 10 * MOST_BYTES));
        desk.close();
        assert!(!desk.put("late", 1));
        assert_eq!(desk.take(), Some(vec!["large"]));
        assert_eq!(desk.take(), None);
    }
}
