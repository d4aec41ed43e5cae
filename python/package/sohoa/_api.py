"""The functions and classes of ``sohoa``."""

from __future__ import annotations

from . import _native
from ._plan import Plan
from ._worker import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Literal, TypedDict, overload

    from typing_extensions import Self, Unpack

    Tone = Literal["keep", "old", "new"]

    class DigitiseOptions(TypedDict, total=False):
        """Keyword arguments of :func:`digitise` and :class:`Digitiser`; names and units are those of ``sohoa digitise``'s flags."""

        jobs: int
        model: str
        fast: bool
        ocr: Literal["auto", "always", "never"]
        pages: str
        dpi: float
        document_per_folder: bool
        dictionaries: str | os.PathLike[str]
        words: Sequence[str]
        page_timeout: float
        document_timeout: float
        worker_memory: int
        max_file_mb: int
        max_text_mb: int
        max_pages: int
        max_pixels: int
        max_stream_mb: int
        max_nesting: int

    class TextScores(TypedDict):
        """What :func:`evaluate` finds in texts."""

        figures: dict[str, Any]
        wrong: list[dict[str, Any]]

    class StructureScores(TypedDict):
        """What :func:`evaluate` finds in plans."""

        figures: dict[str, float | None]
        findings: list[dict[str, Any]]

    class BodyScores(TypedDict):
        """What :func:`evaluate_body` finds."""

        figures: dict[str, Any]
        misread: list[dict[str, Any]]

else:

    def overload(function):
        return function


class Restorer:
    """Restores texts by one set of dictionaries; may be shared between threads, which then work at the same time.

    ``words`` are words and names that no dictionary has, as they are written inside a sentence; ``dictionaries`` a folder to take in place of the
    embedded ones. Words that are less certain than ``min_confidence`` are left as they were read. ``tone="old"`` writes *hóa, khỏe*, ``"new"``
    *hoá, khoẻ*; else each word keeps what it has.

    >>> from sohoa import Restorer
    >>> Restorer(tone="new").restore("céng chirc vin héa")
    'công chức văn hoá'
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        *,
        words: Sequence[str] = (),
        dictionaries: str | os.PathLike[str] | None = None,
        min_confidence: float = 0.0,
        tone: Tone | None = None,
    ) -> None:
        self._native = _native.Restorer(
            words=list(words), dictionaries=dictionaries, min_confidence=min_confidence, tone=tone
        )

    def restore(self, text: str) -> str:
        """The text with its words restored; lines and page breaks (form feeds) stay. It is taken as one document, whose words help each other."""
        return self._native.restore(text)

    def explain(self, text: str) -> _native.Restored:
        """The restored text, and of every word what stood there, how sure it is and what else it might be.

        >>> from sohoa import Restorer
        >>> restored = Restorer().explain("cai cich hanh chinh")
        >>> word = restored.words[1]
        >>> word.raw, word.text, restored.text[word.text_start : word.text_end], word.doubtful
        ('cich', 'cách', 'cách', False)
        """
        return self._native.explain(text)

    @property
    def dictionaries(self) -> str:
        """The dictionaries by digest, as ``Plan.source.models`` shows them."""
        return self._native.dictionaries


_restorer: Restorer | None = None


def restore(
    text: str,
    *,
    words: Sequence[str] = (),
    dictionaries: str | os.PathLike[str] | None = None,
    min_confidence: float = 0.0,
    tone: Tone | None = None,
) -> str:
    """The text with its words restored; see :class:`Restorer` for the arguments, which for many texts is faster where ``words`` or
    ``dictionaries`` are given.

    >>> import sohoa
    >>> sohoa.restore("Uy ban nhan din xi", tone="new")
    'Uỷ ban nhân dân xã'
    """
    global _restorer
    if words or dictionaries is not None or min_confidence or tone:
        return Restorer(words=words, dictionaries=dictionaries, min_confidence=min_confidence, tone=tone).restore(text)
    if _restorer is None:
        _restorer = Restorer()
    return _restorer.restore(text)


def parse(text: str | bytes, *, name: str = "text") -> Plan:
    """The plan that a text holds, taken as it is: nothing is restored. ``name`` is what its record calls it.

    >>> import sohoa
    >>> plan = sohoa.parse("KẾ HOẠCH\\nTrồng cây\\nI. MỤC ĐÍCH\\n1. Xanh hơn.\\nII. KINH PHÍ")
    >>> [section.label for section in plan.sections]
    ['I', 'II']
    """
    return Plan.from_json(_native.parse(_bytes(text), name)[0])


def parse_all(text: str | bytes, *, name: str = "text") -> list[Plan]:
    """The plans of a text that holds several: each new letterhead starts one."""
    return [Plan.from_json(plan) for plan in _native.parse(_bytes(text), name, True)]


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


class Digitiser:
    """Digitises documents one after the other, keeping dictionaries and worker processes.

    Options are those of ``sohoa digitise``, by the names of its flags: ``jobs`` (pages at a time), ``model``, ``fast``, ``ocr``, ``pages``,
    ``dpi``, ``document_per_folder``, ``dictionaries``, ``words``, ``page_timeout``, ``document_timeout``, ``worker_memory`` and the limits
    ``max_...``. Use it in a ``with`` statement, or :meth:`close` it: that ends its processes. It may be shared between threads, and not
    taken through ``os.fork``.

    >>> from sohoa import Digitiser
    >>> with Digitiser(jobs=1) as digitiser:
    ...     plan = digitiser.digitise("Ké hoach\\nTrong cay\\nI. MUC DICH\\n1. Xanh hon.".encode(), name="plan.txt")
    >>> plan.sections[0].text
    'MỤC ĐÍCH'
    """

    __slots__ = ("_native",)

    def __init__(self, **options: Unpack[DigitiseOptions]) -> None:
        self._native = _native.Digitiser(command(), **options)

    def digitise(
        self,
        source: str | os.PathLike[str] | bytes,
        *,
        name: str | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> Plan:
        """The plan of a document: a path, or its content as bytes. ``name`` is what its record calls it (its file's name otherwise).

        ``progress(done, pages)`` is called in this thread as pages are read; an exception in it, or Ctrl-C, stops after the pages in
        flight. Other threads of the program run meanwhile.
        """
        return Plan.from_json(self._native.plan(source, name, None, progress))

    def read(
        self,
        source: str | os.PathLike[str] | bytes,
        pages: str | None = None,
        *,
        name: str | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> bytes:
        """Pages of a document such as ``"1-16"``, read and not yet restored: for :meth:`assemble` of the same version, on any machine."""
        return self._native.read(source, pages, name, None, progress)

    def assemble(self, portions: Sequence[bytes]) -> Plan:
        """The plan of the document whose pages ``portions`` hold: the same as that of :meth:`digitise`.

        >>> from sohoa import Digitiser
        >>> text = "KẾ HOẠCH\\nTrồng cây\\fI. MỤC ĐÍCH\\n1. Xanh hơn.".encode()
        >>> with Digitiser(jobs=1) as digitiser:
        ...     portions = [digitiser.read(text, pages) for pages in ("2", "1")]
        ...     digitiser.assemble(portions) == digitiser.digitise(text)
        True
        """
        return Plan.from_json(self._native.assemble(list(portions)))

    def examine(self, source: str | os.PathLike[str] | bytes, *, name: str | None = None) -> tuple[str, str, int]:
        """The SHA-256, the media type and the number of pages of a document, without reading them."""
        return self._native.examine(source, name)

    @property
    def fingerprint(self) -> str:
        """What besides a document's content decides about its plan (version, models, options), as a hash."""
        return self._native.fingerprint

    def close(self) -> None:
        """Ends the worker processes. It is all the same to call it twice."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def digitise(
    source: str | os.PathLike[str] | bytes,
    *,
    name: str | None = None,
    progress: Callable[[int, int], object] | None = None,
    **options: Unpack[DigitiseOptions],
) -> Plan:
    """The plan of one document, a path or its content as bytes; see :class:`Digitiser`, which is faster for many, for the options.

    >>> import sohoa
    >>> try:
    ...     sohoa.digitise(b"%PDF-1.7 nothing", name="broken.pdf")
    ... except sohoa.IngestError as error:
    ...     print(error.reason)
    input
    """
    with Digitiser(**options) as digitiser:
        return digitiser.digitise(source, name=name, progress=progress)


@overload
def evaluate(got: str, gold: str, *, raw: str | None = None) -> TextScores: ...
@overload
def evaluate(got: Plan | Mapping[str, Any], gold: Plan | Mapping[str, Any]) -> StructureScores: ...
def evaluate(
    got: str | Plan | Mapping[str, Any],
    gold: str | Plan | Mapping[str, Any],
    *,
    raw: str | None = None,
) -> TextScores | StructureScores:
    """How right a restored text, or a plan, is by the true one; the figures are those of ``sohoa evaluate text`` and ``structure``.

    Of texts: rates of wrong tokens (``ser``) and characters (``cer``) as ``errors`` and ``of``, before restoration too if ``raw`` is given, and
    every wrong word with its context. Of plans: scores from 0 to 1, and what is missing or out of place.

    >>> import sohoa
    >>> scores = sohoa.evaluate("Kế hoach số 5", "Kế hoạch số 5")
    >>> scores["figures"]["ser"], scores["wrong"][0]["want"]
    ({'errors': 1, 'of': 4}, 'hoạch')
    """
    import json

    if isinstance(got, str) and isinstance(gold, str):
        found: TextScores = json.loads(_native.evaluate_text(got if raw is None else raw, got, gold))
        if raw is None:
            for figure in ("ser_before", "cer_before", "repaired", "harmed"):
                del found["figures"][figure]
        return found
    if isinstance(got, str) or isinstance(gold, str):
        raise TypeError("give two texts or two plans")
    plans = [plan.to_dict() if isinstance(plan, Plan) else dict(plan) for plan in (got, gold)]
    scores: StructureScores = json.loads(_native.evaluate_structure(*map(json.dumps, plans)))
    return scores


def evaluate_body(recognised: str, gold: str) -> BodyScores:
    """How right the text of a scan is where the truth leaves out letterhead, tables and recipients; the figures of ``sohoa evaluate body``.

    >>> import sohoa
    >>> text = "Căn cứ nhu cầu của nhân dân trong xã và khả năng của ngân sách năm nay"
    >>> sohoa.evaluate_body(text, text)["figures"]["ser"]["errors"]
    0
    """
    import json

    scores: BodyScores = json.loads(_native.evaluate_body(recognised, gold))
    return scores
