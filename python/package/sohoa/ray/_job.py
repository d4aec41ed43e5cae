"""The driver: finds what is to be done, hands it to actors in waves, and puts OUT in order afterwards.

A wave is a Ray Data pipeline over at most so many documents: first units of whole documents, then portions of those that are large. The driver
holds the names of one wave; rows that go through Ray are names and counts. Documents and pages are read and written by the actors themselves, so
the object store stays nearly empty whatever the archive's size.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from ._cluster import Cluster
from ._files import File, Place
from ._tables import Shelf
from ._work import names, portions

#: How often what a broken pipeline had not done is given to a new one.
_PIPELINES = 3


@dataclass
class Summary:
    """What a job came to."""

    done: int = 0
    """Documents done."""
    up_to_date: int = 0
    """Documents that were done before."""
    failed: int = 0
    """Documents that failed: rows of ``failures`` with the reason."""
    skipped: int = 0
    """Files that are no documents."""
    pages: int = 0
    """Pages of the documents done."""
    lost: dict[str, str] = field(default_factory=dict)
    """Documents without any row, and why: the filesystem refused it, or the actors were lost. The next run does them."""
    seconds: float = 0.0
    """So long it took, or has taken."""

    def __str__(self) -> str:
        said = f"{self.done} done, {self.up_to_date} up to date, {self.skipped} skipped, {self.failed} failed"
        return f"{said}; {self.pages} pages in {self.seconds:.1f} s"


class Engine(Protocol):
    """What :class:`Cluster` does."""

    def fingerprint(self, options: dict[str, Any]) -> str: ...

    def through(
        self, tasks: dict[int, dict[str, Any]], pool: dict[str, Any], actors: int | None
    ) -> Iterator[tuple[int, dict[str, Any]]]: ...


@dataclass
class _Wave:
    units: list[dict[str, Any]] = field(default_factory=list)
    folders: dict[str, dict[str, tuple[str, int, int]]] = field(default_factory=dict)
    """Of each folder the documents whose rows may be several, with what is true of the right one: fingerprint, size, time of change."""
    files: int = 0


def run(
    source: str,
    out: str,
    *,
    address: str | None = None,
    options: dict[str, Any] | None = None,
    actors: int | None = None,
    unit_files: int = 64,
    unit_mb: float = 2.0,
    portion: int = 16,
    wave: int = 20_000,
    shard: str | None = None,
    verify: bool = False,
    progress: Callable[[Summary], None] | None = None,
    engine: Engine | None = None,
) -> Summary:
    """Digitises what is below ``source`` into tables below ``out``, on the Ray cluster that is connected, else that of ``address``, or one of this machine.

    ``options`` are those of :class:`sohoa.Digitiser`. ``actors`` is how many work at a time (one a CPU otherwise), ``unit_files`` and ``unit_mb``
    how much one takes at once, ``portion`` how many pages of a large document, ``wave`` how many documents the driver holds. A document that was done with the
    same size, time of change, version, models and options is not read again; with ``verify`` its content is hashed again. ``progress`` is called
    whenever a unit has ended. ``engine`` is for tests, and for other engines than Ray.
    """
    begun = time.monotonic()
    inside, outside = Place(source), Place(out)
    for name, count in (("actors", actors), ("unit_files", unit_files), ("unit_mb", unit_mb), ("portion", portion), ("wave", wave)):
        if count is not None and count <= 0:
            raise ValueError(f"{name.replace('_', '-')} is {count}: it must be more than 0")
    part = _part(shard) if shard else None
    inside.require()
    _apart(inside, outside)
    with outside.held():
        engine = engine or Cluster(address)
        given = {"jobs": 1} | (options or {})
        fingerprint = engine.fingerprint(given)
        for folder in ("_attempts", "_temporary", "_large"):
            outside.clear(folder)
        summary = Summary()

        def through(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
            pool = {"source": (inside.address, inside.path), "out": (out, outside.path), "options": given, "portion": portion}
            for result in _through(engine, tasks, pool, actors):
                yield result
                summary.seconds = time.monotonic() - begun
                if progress is not None:
                    progress(summary)

        waves = _waves(inside, outside, fingerprint, summary, unit_files, int(unit_mb * (1 << 20)), wave, part, verify)
        for each in waves:
            large = []
            for result in through(each.units):
                _count(summary, result)
                large += result.get("large", [])
            told = set()
            tasks = [task for document in large for task in _portions_of(document, portion)]
            units = {task["unit"]: task["file"]["name"] for task in tasks}
            for result in through(tasks):
                if "document" in result:  # of several portions that fail, the first one tells
                    if result["document"] in told:
                        continue
                    told.add(result["document"])
                _count(summary, result)
            for unit, name in units.items():
                if unit not in told and name not in summary.lost:
                    summary.lost[name] = "not all of its portions were found"
            for folder, current in each.folders.items():
                Shelf(outside, folder).tidy(current)
        summary.lost |= inside.refused
        for folder in ("_attempts", "_temporary", "_large", *([] if summary.lost else ["_portions"])):
            outside.clear(folder)
    summary.seconds = time.monotonic() - begun
    return summary


def _portions_of(document: dict[str, Any], each: int) -> Iterator[dict[str, Any]]:
    ranges, unit = portions(document["count"], each), uuid.uuid4().hex
    for pages in ranges:
        yield document | {"unit": unit, "pages": pages, "portions": ranges}


def _apart(inside: Place, outside: Place) -> None:
    inner, outer = inside.path.rstrip("/") + "/", outside.path.rstrip("/") + "/"
    if inside.fs.type_name == outside.fs.type_name and (outer.startswith(inner) or inner.startswith(outer)):
        raise ValueError(f"{outside.address} is both read and written: name another output folder")


def _waves(
    inside: Place,
    outside: Place,
    fingerprint: str,
    summary: Summary,
    unit_files: int,
    unit_bytes: int,
    most: int,
    part: tuple[int, int] | None,
    verify: bool,
) -> Iterator[_Wave]:
    """Units of work in waves. What is done already is counted and left out."""
    wave = _Wave()
    for folder, files in inside.walk():
        files = [file for file in files if _is_in(part, file.name)]
        known = Shelf(outside, folder).sweep()
        todo, current = [], {}
        for file in files:
            row = _done(inside, file, known.get(file.name, []), fingerprint, verify)
            if row is None:
                todo.append(file)
                current[file.name] = (fingerprint, file.bytes, file.modified)
            else:
                summary.up_to_date += 1
                if len(known[file.name]) > 1:  # a run before was killed before it removed the others
                    current[file.name] = (row["fingerprint"], row["bytes"], row["modified"])
        if not todo and all(len(rows) < 2 for rows in known.values()):
            continue
        wave.folders[folder] = current
        for files_ in _units(todo, unit_files, unit_bytes):
            wave.units.append({"unit": uuid.uuid4().hex, "folder": folder, "files": [asdict(file) for file in files_]})
            wave.files += len(files_)
            if wave.files >= most:
                yield wave
                wave = _Wave(folders={folder: wave.folders[folder]})
    if wave.units or wave.folders:
        yield wave


def _units(files: list[File], most: int, most_bytes: int) -> Iterator[list[File]]:
    unit: list[File] = []
    size = 0
    for file in files:
        if unit and (len(unit) >= most or size + file.bytes > most_bytes):
            yield unit
            unit, size = [], 0
        unit.append(file)
        size += file.bytes
    if unit:
        yield unit


def _done(
    inside: Place, file: File, rows: list[tuple[str, dict[str, Any]]], fingerprint: str, verify: bool
) -> dict[str, Any] | None:
    """The row that says that a document is done."""
    for _, row in rows:
        if row["fingerprint"] == fingerprint and row["bytes"] == file.bytes:
            if not verify and file.modified and row["modified"] == file.modified:
                return row
            try:
                if row["sha256"] == _sha256(inside, file.name):
                    return row
            except OSError:  # an actor will say what is wrong with it
                return None
    return None


def _sha256(inside: Place, name: str) -> str:
    import hashlib

    digest = hashlib.sha256()
    with inside.fs.open_input_stream(inside.at(name)) as source:
        while block := source.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _part(shard: str) -> tuple[int, int]:
    index, slash, of = shard.partition("/")
    if not (slash and index.isdecimal() and of.isdecimal() and 1 <= int(index) <= int(of)):
        raise ValueError(f"'{shard}' is no part of a whole: write such as 3/16")
    return int(index), int(of)


def _is_in(part: tuple[int, int] | None, name: str) -> bool:
    """Whether a document is in part I of N: the split of `sohoa digitise --shard`."""
    if part is None:
        return True
    import hashlib

    index, of = part
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % of == index - 1


def _through(engine: Engine, tasks: list[dict[str, Any]], pool: dict[str, Any], actors: int | None) -> Iterator[dict[str, Any]]:
    """What comes of tasks, as it comes. What a pipeline that broke down had not done is given to another; in the end it is lost. Where nothing at all
    can be done, neither could what comes later, so the job ends."""
    left, why = dict(enumerate(tasks)), ""
    for _ in range(_PIPELINES):
        if not left:
            return
        try:
            for number, result in engine.through(dict(left), pool, actors):
                del left[number]
                yield result
        except Exception as error:  # of whatever kind: one of the engine's, or of what it calls
            why = f"{type(error).__name__}: {str(error).strip().rpartition(chr(10))[2]}"  # after the traceback, if it has one
    if len(left) == len(tasks):
        raise RuntimeError(f"none of {len(tasks)} units of work could be done: {why}")
    for task in left.values():
        yield {"lost": dict.fromkeys(names(task), why)}


def _count(summary: Summary, result: dict[str, Any]) -> None:
    for name in ("done", "failed", "skipped", "pages"):
        setattr(summary, name, getattr(summary, name) + result.get(name, 0))
    summary.lost |= result.get("lost", {})
