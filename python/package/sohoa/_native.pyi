from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, final

VERSION: str

_Path = str | PathLike[str]

@final
class Word:
    """A word of a restored text. Offsets count characters."""

    @property
    def start(self) -> int:
        """First character in the text as read."""
    @property
    def end(self) -> int:
        """One past the last."""
    @property
    def text_start(self) -> int:
        """First character in the restored text."""
    @property
    def text_end(self) -> int:
        """One past the last."""
    @property
    def raw(self) -> str:
        """As read."""
    @property
    def text(self) -> str:
        """As restored."""
    @property
    def confidence(self) -> float:
        """Probability that it is right."""
    @property
    def runner_up(self) -> str | None:
        """The next best reading."""
    @property
    def doubtful(self) -> bool:
        """Whether a person should look at it."""

@final
class Restored:
    """A text that was restored."""

    @property
    def raw(self) -> str:
        """The text as read: composed Unicode (NFC), lines that end in a line feed."""
    @property
    def text(self) -> str:
        """The restored text."""
    @property
    def words(self) -> list[Word]:
        """Every word of it, in order. Between words, ``raw`` and ``text`` are the same."""

@final
class Restorer:
    def __new__(
        cls,
        *,
        dictionaries: _Path | None = None,
        words: Sequence[str] = ...,
        min_confidence: float = 0.0,
        tone: str | None = None,
    ) -> Restorer: ...
    def restore(self, text: str) -> str: ...
    def explain(self, text: str) -> Restored: ...
    @property
    def dictionaries(self) -> str: ...

@final
class Digitiser:
    def __new__(cls, worker: Sequence[_Path], **given: Any) -> Digitiser: ...
    def plan(
        self,
        source: _Path | bytes,
        name: _Path | None = None,
        shown: str | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> str: ...
    @staticmethod
    def left_out(path: _Path) -> str | None: ...
    def examine(
        self, source: _Path | bytes, name: _Path | None = None, shown: str | None = None
    ) -> tuple[str, str, int]: ...
    def read(
        self,
        source: _Path | bytes,
        pages: str | None = None,
        name: _Path | None = None,
        shown: str | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> bytes: ...
    def assemble(self, portions: Sequence[bytes]) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def close(self) -> None: ...

def run(arguments: Sequence[_Path], worker: Sequence[_Path]) -> int: ...
def serve() -> None: ...
def parse(content: bytes, name: str, split: bool = False) -> list[str]: ...
def json(plan: str) -> str: ...
def text(plan: str) -> str: ...
def markdown(plan: str) -> str: ...
def html(plan: str) -> str: ...
def schema() -> str:
    """The JSON Schema of plans."""

def evaluate_text(raw: str, restored: str, gold: str) -> str: ...
def evaluate_body(recognised: str, gold: str) -> str: ...
def evaluate_structure(plan: str, gold: str) -> str: ...
