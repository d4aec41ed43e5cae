//! One part of the inputs, for schedulers that start the same command on many machines: `3/16`.
//!
//! Which part an input is in follows from its name alone (its path below the folder given), by the first eight bytes of the name's SHA-256 as a
//! number, modulo the number of parts. So it is the same on every machine, whatever else is there, and stays so from version to version.
//! The parts of one number are disjoint and together everything.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Part `index` of `of`, counted from 1.
///
/// ```
/// use sohoa::batch::Shard;
/// let shards: Vec<Shard> = (1..=3).map(|i| format!("{i}/3").parse().unwrap()).collect();
/// assert_eq!(shards.iter().filter(|shard| shard.holds("plans/a.pdf".as_ref())).count(), 1);
/// assert!("0/3".parse::<Shard>().is_err() && "4/3".parse::<Shard>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    of: u32,
}

/// A part that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no part of a whole: write the number of the part, from 1, and how many there are, such as 3/16"
)]
pub struct BadShard(String);

impl Shard {
    /// Whether the input called `name` is in this part.
    #[must_use]
    pub fn holds(self, name: &Path) -> bool {
        let mut digest = Sha256::new();
        for (i, part) in name.iter().enumerate() {
            if i > 0 {
                digest.update(b"/");
            }
            digest.update(part.as_encoded_bytes());
        }
        let first =
            digest.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        first % u64::from(self.of) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = BadShard;

    fn from_str(text: &str) -> Result<Shard, BadShard> {
        let bad = || BadShard(text.to_owned());
        let (index, of) = text.split_once('/').ok_or_else(bad)?;
        let number = |digits: &str| digits.trim().parse::<u32>().map_err(|_| bad());
        let (index, of) = (number(index)?, number(of)?);
        if (1..=of).contains(&index) { Ok(Shard { index, of }) } else { Err(bad()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_what_it_was() {
        // a change here takes documents to other machines
        let part =
            |name: &str| (1..=5).find(|i| Shard { index: *i, of: 5 }.holds(name.as_ref())).expect("in one");
        let names = ["a.pdf", "b.pdf", "plans/a.pdf", "kế hoạch/1.pdf", ""];
        assert_eq!(names.map(part), [3, 3, 2, 5, 3]);
    }

    #[test]
    fn parts_are_of_about_one_size() {
        let counts = [1, 2, 3].map(|index| {
            let shard = Shard { index, of: 3 };
            (0..3000).filter(|i| shard.holds(format!("plans/{i}.pdf").as_ref())).count()
        });
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        assert_eq!(counts.iter().sum::<usize>(), 3000);
    }
}
