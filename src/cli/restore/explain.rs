//! `restore --explain TOKEN`: what a word may stand for.

use std::fmt::Write;

use crate::model::normal;
use crate::restore::explain::explain;
use crate::restore::{Damage, Models, Options};

/// So many readings are shown for each kind of damage.
const MOST: usize = 12;

/// The readings of `token` under each kind of damage, likeliest first.
pub(super) fn table(models: &Models, token: &str) -> String {
    let token = normal::nfc(token.trim());
    let mut out = String::from("damage\treading\tchannel\tlanguage\tsum (nats: the less, the likelier)\n");
    for (damage, name) in [(Damage::Garbled, "garbled"), (Damage::Slight, "slight")] {
        for reading in explain(models, Options::default(), damage, &token).iter().take(MOST) {
            let (channel, language, sum) = (reading.channel, reading.language, reading.cost());
            // writing to a string cannot fail
            let _ = writeln!(out, "{name}\t{}\t{channel:.2}\t{language:.2}\t{sum:.2}", reading.text);
        }
    }
    out
}
