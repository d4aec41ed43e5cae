//! Everything that restoration knows, loaded once and shared between threads.

use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::RestoreError;
use super::candidates::Costs;
use super::case::CaseModel;
use super::channel::{Channel, STEP};
use super::confidence::Confidence;
use super::confusions::Confusions;
use super::lexicon::Lexicon;
use super::lm::{LanguageModel, WordId};
use super::own::{Names, OwnWords, RARITY};
use super::places::Places;
use super::reading::Memory;
use super::syllable::is_syllable;
use super::symbols::Symbols;
use super::trie::Words;
use crate::model::normal::strip_marks;

/// Files of a dictionary folder.
pub const FILES: [&str; 9] = [
    "lexicon.tsv",
    "lm.bin",
    "case.bin",
    "channel-english.tsv",
    "channel-vietnamese.tsv",
    "symbols.tsv",
    "places.txt",
    "confidence.tsv",
    "confusions-vietnamese.tsv",
];

/// How much a word's frequency counts when its candidates are sought, before any context is known.
const FREQUENCY: f32 = 0.5;

/// What kind of damage a text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// Read with the model of another language: marks lost, letters and signs in their place.
    Garbled = 0,
    /// Read with a Vietnamese model: a mark or a letter wrong here and there.
    Slight = 1,
}

/// Lexicon, language model, case model and channels.
#[derive(Debug, Clone)]
pub struct Models {
    pub(super) lexicon: Lexicon,
    pub(super) words: Words,
    pub(super) language: LanguageModel,
    pub(super) case: CaseModel,
    pub(super) garbled: Channel,
    pub(super) slight: Channel,
    pub(super) symbols: Symbols,
    pub(super) places: Places,
    pub(super) confidence: Confidence,
    /// Words that the Vietnamese model takes for others.
    pub(super) confusions: Confusions,
    /// What the syllables of the lexicon look like without marks.
    pub(super) shapes: FxHashSet<String>,
    /// `-ln P` of each word alone.
    pub(super) unigram: Vec<f32>,
    /// Whether each word is neither a Vietnamese syllable nor an acronym.
    pub(super) foreign: Vec<bool>,
    /// Names that the dictionaries lack.
    pub(super) names: Names,
    pool: Pool,
}

/// What was found for words seen earlier, by damage, while nobody uses it: the next document goes on with it.
#[derive(Debug, Default)]
struct Pool(Mutex<Vec<(Costs, [Memory; 2])>>);

impl Clone for Pool {
    /// Models that are copied start with an empty pool.
    fn clone(&self) -> Pool {
        Pool::default()
    }
}

/// The bytes of a dictionary's files, in the order of [`FILES`].
#[derive(Debug, Clone)]
pub struct Sources {
    /// `lexicon.tsv`
    pub lexicon: String,
    /// `lm.bin`
    pub language: std::borrow::Cow<'static, [u8]>,
    /// `case.bin`
    pub case: std::borrow::Cow<'static, [u8]>,
    /// `channel-english.tsv`
    pub garbled: String,
    /// `channel-vietnamese.tsv`
    pub slight: String,
    /// `symbols.tsv`
    pub symbols: String,
    /// `places.txt`
    pub places: String,
    /// `confidence.tsv`
    pub confidence: String,
    /// `confusions-vietnamese.tsv`
    pub confusions: String,
    /// Words and names that these lack.
    pub own: OwnWords,
}

static EMBEDDED: LazyLock<Models> = LazyLock::new(|| match Models::new(Sources::embedded()) {
    Ok(models) => models,
    // The embedded files are checked by a test: a build that fails here cannot be released.
    Err(error) => unreachable!("embedded dictionaries: {error}"),
});

impl Sources {
    /// The files that this program was built with.
    #[must_use]
    pub fn embedded() -> Sources {
        Sources {
            lexicon: include_str!("../../dictionaries/lexicon.tsv").into(),
            language: include_bytes!("../../dictionaries/lm.bin").as_slice().into(),
            case: include_bytes!("../../dictionaries/case.bin").as_slice().into(),
            garbled: include_str!("../../dictionaries/channel-english.tsv").into(),
            slight: include_str!("../../dictionaries/channel-vietnamese.tsv").into(),
            symbols: include_str!("../../dictionaries/symbols.tsv").into(),
            places: include_str!("../../dictionaries/places.txt").into(),
            confidence: include_str!("../../dictionaries/confidence.tsv").into(),
            confusions: include_str!("../../dictionaries/confusions-vietnamese.tsv").into(),
            own: OwnWords::default(),
        }
    }

    /// The files of a folder that `sohoa train` wrote.
    ///
    /// # Errors
    /// [`RestoreError::Read`] naming the file that can't be read.
    pub fn read(folder: &Path) -> Result<Sources, RestoreError> {
        let bytes = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|e| RestoreError::Read { path, what: e.to_string() })
        };
        let text = |name: &str| {
            String::from_utf8(bytes(name)?)
                .map_err(|e| RestoreError::Read { path: folder.join(name), what: e.to_string() })
        };
        Ok(Sources {
            lexicon: text(FILES[0])?,
            language: bytes(FILES[1])?.into(),
            case: bytes(FILES[2])?.into(),
            garbled: text(FILES[3])?,
            slight: text(FILES[4])?,
            symbols: text(FILES[5])?,
            places: text(FILES[6])?,
            // learned from restored documents, when the rest is there already
            confidence: match folder.join(FILES[7]).exists() {
                true => text(FILES[7])?,
                false => Sources::embedded().confidence,
            },
            // learned from pairs of the Vietnamese model alone; without them nothing is known of whole words
            confusions: match folder.join(FILES[8]).exists() {
                true => text(FILES[8])?,
                false => String::new(),
            },
            own: OwnWords::default(),
        })
    }
}

impl Models {
    /// The words.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The models that this program was built with; loaded at the first call.
    #[must_use]
    pub fn embedded() -> &'static Models {
        &EMBEDDED
    }

    /// The models of a folder that `sohoa train` wrote.
    ///
    /// # Errors
    /// [`RestoreError`] naming the file that is missing or not what it should be.
    pub fn load(folder: &Path) -> Result<Models, RestoreError> {
        Models::new(Sources::read(folder)?)
    }

    /// Models of the given files.
    ///
    /// # Errors
    /// [`RestoreError::Model`] naming the file that is not what it should be.
    pub fn new(sources: Sources) -> Result<Models, RestoreError> {
        let mut lexicon = Lexicon::parse(&sources.lexicon)?;
        let mut language = LanguageModel::new(sources.language)?;
        if language.words() != lexicon.vocabulary() {
            return Err(RestoreError::Model {
                name: FILES[1].into(),
                what: format!("is of {} words, lexicon.tsv of {}", language.words(), lexicon.vocabulary()),
            });
        }
        let learned = language.words();
        let mut names = Names::default();
        if !sources.own.is_empty() {
            (lexicon, names) = sources.own.join(&lexicon);
            language.extend(lexicon.vocabulary(), -RARITY);
        }
        let unigram: Vec<f32> = (0..language.words()).map(|w| -language.unigram(w as WordId).0).collect();
        let price = |w: WordId| (FREQUENCY * unigram[usize::from(w)] / STEP) as u8;
        let words = Words::new(&lexicon, price, |w| usize::from(w) >= learned);
        let case = CaseModel::new(sources.case)?;
        let garbled = Channel::parse(FILES[3], &sources.garbled, &words.alphabet)?;
        let slight = Channel::parse(FILES[4], &sources.slight, &words.alphabet)?;
        let symbols = Symbols::parse(&sources.symbols)?;
        let places = Places::parse(&sources.places);
        let confidence = Confidence::parse(&sources.confidence)?;
        let confusions = Confusions::parse(FILES[8], &sources.confusions, &lexicon)?;
        let syllables = lexicon.iter().map(|(_, e)| e.word.as_str()).filter(|w| is_syllable(w));
        let shapes = syllables.map(strip_marks).collect();
        let mut foreign = vec![false; language.words()];
        for (word, entry) in lexicon.iter() {
            foreign[usize::from(word)] = usize::from(word) < learned
                && entry.word.chars().nth(1).is_some()
                && !is_syllable(&entry.word)
                && !entry.is_acronym();
        }
        let pool = Pool::default();
        Ok(Models {
            lexicon,
            words,
            language,
            case,
            garbled,
            slight,
            symbols,
            places,
            confidence,
            confusions,
            shapes,
            unigram,
            foreign,
            names,
            pool,
        })
    }

    /// What a word costs for being rare, before any context is known, in nats.
    pub(super) fn price(&self, word: WordId) -> f32 {
        FREQUENCY * self.unigram.get(usize::from(word)).copied().unwrap_or_default()
    }

    /// A memory for each kind of damage, filled by earlier documents if there is one at hand.
    pub(super) fn take_memory(&self, costs: Costs) -> [Memory; 2] {
        let mut pool = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        match pool.iter().position(|(c, _)| *c == costs) {
            Some(i) => pool.swap_remove(i).1,
            None => Default::default(),
        }
    }

    /// Keeps a memory for the next document.
    pub(super) fn give_memory(&self, costs: Costs, mut memory: [Memory; 2]) {
        memory.iter_mut().for_each(Memory::tidy);
        let mut pool = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        pool.push((costs, memory));
    }

    /// The channel for a kind of damage.
    pub(super) fn channel(&self, damage: Damage) -> &Channel {
        match damage {
            Damage::Garbled => &self.garbled,
            Damage::Slight => &self.slight,
        }
    }
}
