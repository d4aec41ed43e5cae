"""The actor: takes units of work, keeps its worker process and dictionaries from unit to unit.

A unit is some documents of one folder, or some pages of one large document. Whatever happens to a document is a row; whatever happens to the
filesystem is tried again, and then told to the driver. What kills the actor itself is met by counting: a unit that was begun before is done
document by document with a mark, and a document under whose mark the actor died twice is a failure.
"""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from typing import Any

from .. import Digitiser, SohoaError
from .._native import Digitiser as Native
from ._files import File, Place
from ._tables import Unit

#: How often a step that the filesystem refused is tried.
_TRIES = 3
#: How many deaths of the actor one document may cost.
_DEATHS = 2


class Worker:
    """Made once in each actor by Ray Data; called with one row of a unit, gives one row of what came of it, under the same number."""

    def __init__(self, source: tuple[str, str], out: tuple[str, str], options: dict[str, Any], portion: int) -> None:
        self.source, self.out, self.portion = Place(*source), Place(*out), portion
        self.digitiser = Digitiser(**options)
        self.fingerprint = self.digitiser.fingerprint
        self.is_last = False
        self.document_timeout = float(options.get("document_timeout") or 86_400)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        task = json.loads(row["task"])
        work = self._portion if "pages" in task else self._documents
        for attempt in range(1, _TRIES + 1):
            self.is_last = attempt == _TRIES
            try:
                return {"number": row["number"], "result": json.dumps(work(task))}
            except Exception as error:  # whatever it is, it must not end the job
                lost = f"{type(error).__name__}: {error}"
                time.sleep(attempt)
        return {"number": row["number"], "result": json.dumps({"lost": dict.fromkeys(names(task), lost)})}

    # Units of documents.

    def _documents(self, task: dict[str, Any]) -> dict[str, Any]:
        files = [File(**file) for file in task["files"]]
        unit = Unit(task["folder"], task["unit"])
        note = f"_large/{unit.name}"
        if done := Unit.done(self.out, task["folder"], task["unit"]):  # by this actor, before it was lost with its answer
            return done.counts() | {"large": json.loads(self.out.read(note)) if self.out.exists(note) else []}
        mark = f"_attempts/{unit.name}"
        deaths = self._begun(mark)
        if deaths > _DEATHS * (len(files) + 1):  # not by its documents
            raise RuntimeError(f"ended its process {deaths} times")
        careful = deaths > 0
        self._mark(mark)
        large = []
        for k, file in enumerate(files):
            own = f"{mark}-{k}"
            if careful:
                if self._begun(own) >= _DEATHS:
                    message = f"ended the process that read it {_DEATHS} times; leave it out, or give the nodes more memory"
                    unit.fail(file, "failed", "crash", message, 0.0)
                    continue
            with self._marked(own) if careful else nullcontext():
                found = self._document(unit, file)
            if found is not None:
                large.append(found)
        if large:
            self.out.write(note, json.dumps(large).encode(), durable=False)
        unit.commit(self.out)
        self.out.remove(mark)
        return unit.counts() | {"large": large}

    def _document(self, unit: Unit, file: File) -> dict[str, Any] | None:
        """Does one document. One that is large is left for later, page by page: what it is comes back."""
        begun = time.monotonic()
        native, called = self.digitiser._native, (file.name, self.source.shown(file.name))
        try:
            with self.source.local(file.name) as path:
                why = Native.left_out(path)
                if why is not None:
                    unit.fail(file, "skipped", "no-document", why, time.monotonic() - begun)
                    return None
                if file.bytes > 1 << 16:  # a smaller one has few pages
                    sha256, media, pages = native.examine(path, *called)
                    if pages > self.portion and media != "text/plain":
                        return {"file": asdict(file), "sha256": sha256, "count": pages}
                line = native.plan(path, *called)
        except SohoaError as error:
            unit.fail(file, "failed", error.reason, str(error), time.monotonic() - begun)
            return None
        except FileNotFoundError:
            message = "the file went away before it was read"
            unit.fail(file, "failed", "input", message, time.monotonic() - begun)
            return None
        except OSError as error:  # of IN: the documents beside it must not wait for it
            if not self.is_last:
                raise
            unit.fail(file, "failed", "input", f"cannot be read: {error}", time.monotonic() - begun)
            return None
        unit.add(file, line, self.fingerprint, time.monotonic() - begun)
        return None

    def _begun(self, mark: str) -> int:
        return len(self.out.read(mark)) if self.out.exists(mark) else 0

    def _mark(self, mark: str) -> None:
        self.out.write(mark, b"+" * (self._begun(mark) + 1), durable=False)

    @contextmanager
    def _marked(self, mark: str) -> Iterator[None]:
        """Work under a mark that only the end of the process leaves behind."""
        self._mark(mark)
        try:
            yield
        except Exception:
            self.out.remove(mark)
            raise
        self.out.remove(mark)

    # Portions of large documents.

    def _portion(self, task: dict[str, Any]) -> dict[str, Any]:
        file = File(**task["file"])
        unit = Unit(file.folder, task["unit"])
        if done := Unit.done(self.out, file.folder, task["unit"]):
            return done.counts() | {"document": unit.name}
        # the same from run to run, so that a run goes on with what the one before it had read
        key = f"{self.fingerprint}\0{task['sha256']}\0{file.name}\0{self.portion}"
        folder = f"_portions/{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        own = f"{folder}/{task['pages']}"
        if not self.out.exists(own):
            if (failure := self._read(task, file, own)) is not None:
                unit.fail(file, "failed", *failure)
                unit.commit(self.out)
                return unit.counts() | {"document": unit.name}
        if not set(task["portions"]) <= set(self.out.names(folder)):
            return {}
        whole = f"_attempts/{unit.name}-{task['pages']}"
        if self._begun(whole) >= _DEATHS:
            unit.fail(file, "failed", "crash", f"putting its pages together ended the process {_DEATHS} times", 0.0)
            unit.commit(self.out)
            return unit.counts() | {"document": unit.name}
        with self._marked(whole):
            return self._assemble(task, file, unit, folder)

    def _read(self, task: dict[str, Any], file: File, own: str) -> tuple[str, str, float] | None:
        """Reads pages and stores them; says why not, if not."""
        begun, mark = time.monotonic(), f"_attempts/{own.replace('/', '-')}"
        if self._begun(mark) >= _DEATHS:
            return "crash", f"pages {task['pages']}: ended the process that read them {_DEATHS} times", 0.0
        try:
            with self._marked(mark), self.source.local(file.name) as path:
                read = self.digitiser._native.read
                pages = read(path, task["pages"], file.name, self.source.shown(file.name))
        except SohoaError as error:
            return error.reason, str(error), time.monotonic() - begun
        except OSError as error:
            if not self.is_last:
                raise
            return "input", f"cannot be read: {error}", time.monotonic() - begun
        seconds = time.monotonic() - begun
        self.out.write(own, json.dumps(seconds).encode() + b"\n" + zlib.compress(pages, 1))
        return None

    def _assemble(self, task: dict[str, Any], file: File, unit: Unit, folder: str) -> dict[str, Any]:
        """Makes the document of its portions. Whoever brings in the last one does; where two do at once, both write the same."""
        begun = time.monotonic()
        try:
            stored = [self.out.read(f"{folder}/{pages}") for pages in task["portions"]]
        except FileNotFoundError:
            if done := Unit.done(self.out, file.folder, unit.name):  # the other one was faster
                return done.counts() | {"document": unit.name}
            raise
        parts = [part.split(b"\n", 1) for part in stored]
        spent = sum(float(seconds) for seconds, _ in parts)
        try:
            if spent > self.document_timeout:
                message = f"not finished after {self.document_timeout:g} s in all; allow more time with --document-timeout"
                raise SohoaError(message, "deadline")
            line = self.digitiser._native.assemble([zlib.decompress(pages) for _, pages in parts])
        except SohoaError as error:
            unit.fail(file, "failed", error.reason, str(error), spent)
        else:
            unit.add(file, line, self.fingerprint, spent + time.monotonic() - begun)
        unit.commit(self.out)
        self.out.clear(folder)
        return unit.counts() | {"document": unit.name}


def names(task: dict[str, Any]) -> list[str]:
    """The documents of a unit."""
    files = [task["file"]] if "pages" in task else task["files"]
    return [file["name"] for file in files]


def portions(count: int, each: int) -> list[str]:
    """Page ranges of a document of ``count`` pages."""
    return [f"{first}-{min(first + each - 1, count)}" for first in range(1, count + 1, each)]
