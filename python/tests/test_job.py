"""The job of `sohoa.ray` without Ray: units, portions, tables, reruns and faults, with the actors in this very process. Whether the same holds on a cluster is
what test_ray.py asks."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sohoa
from conftest import FIXTURES, pdf

pytest.importorskip("pyarrow")
import pyarrow.dataset as dataset  # noqa: E402

from sohoa.ray import Summary, _work, run  # noqa: E402
from sohoa.ray._files import Place  # noqa: E402
from sohoa.ray._work import Worker  # noqa: E402

#: How the documents are read in most of these tests, which are about other things than recognition.
OPTIONS = {"fast": True, "ocr": "never"}


class Dies(BaseException):
    """Stands for a signal that ends the process of an actor."""


class Here:
    """An engine as Ray is one: units in any order, actors that die and come again, results that may be lost with them."""

    def __init__(self, breaks: int = 0) -> None:
        self.breaks = breaks

    def fingerprint(self, options: dict[str, Any]) -> str:
        with sohoa.Digitiser(**options) as digitiser:
            return digitiser.fingerprint

    def through(
        self, tasks: dict[int, dict[str, Any]], pool: dict[str, Any], actors: int | None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        rows = [{"number": number, "task": json.dumps(task)} for number, task in reversed(tasks.items())]
        worker = Worker(**pool)
        for row in rows:
            while True:
                try:
                    found = worker(row)
                    break
                except Dies:
                    worker = Worker(**pool)
            yield found["number"], json.loads(found["result"])
            if self.breaks:
                self.breaks -= 1
                raise RuntimeError("the cluster is gone")


def text(i: int) -> str:
    return f"UBND XÃ TÂN AN\nSố: {i}/KH-UBND\nTân An, ngày 09 tháng 3 năm 2021\nKẾ HOẠCH\nVệ sinh môi trường {i}\nI. MUC DICH\n1. Giu gin trat tu.\n"


def pages(count: int) -> bytes:
    """A PDF with a text layer, padded so that it counts as large."""
    layer = pdf([f"{n}. Giu gin trat tu, ve sinh." for n in range(1, count + 1)])
    return layer.replace(b"startxref", b"%" * 70_000 + b"\nstartxref")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    for i in range(12):
        path = folder / f"kế hoạch {i % 2}" / f"{i}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(i), encoding="utf-8")
    (folder / "long.pdf").write_bytes(pages(10))
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "table.ods").write_bytes(b"PK\x03\x04 nothing")
    return folder


def do(archive: Path, **more: Any) -> Summary:
    given: dict[str, Any] = {"options": OPTIONS, "portion": 4, "unit_files": 4, "engine": Here()}
    return run(str(archive), str(archive.parent / "out"), **given | more)


def rows(archive: Path, table: str) -> list[dict[str, Any]]:
    place = archive.parent / "out" / table
    return dataset.dataset(place, format="parquet", partitioning="hive").to_table().to_pylist() if place.exists() else []


def check(archive: Path, without: tuple[str, ...] = ()) -> None:
    """Every document but those is there once, and as `sohoa.digitise` makes it."""
    names = [str(path.relative_to(archive)) for path in archive.rglob("*") if path.suffix in (".txt", ".pdf")]
    wanted = Counter(set(names) - {"bad.pdf", *without})
    assert Counter(row["name"] for row in rows(archive, "documents")) == wanted
    lines = [line for path in (archive.parent / "out" / "json").rglob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    plans = {plan.source.path: plan for plan in map(sohoa.Plan.from_json, lines)}
    assert len(plans) == len(lines) and Counter(plans.keys()) == wanted
    with sohoa.Digitiser(jobs=1, **OPTIONS) as digitiser:  # type: ignore[arg-type]
        for name, plan in plans.items():
            assert plan.sections == digitiser.digitise(archive / name).sections
    for row in rows(archive, "documents"):
        plan = plans[row["name"]]
        assert (row["number"], row["title"], row["grade"]) == (plan.header.number, plan.header.title, plan.quality.grade)
    found = {(row["name"], row["position"]): (tuple(row["path"]), row["text"], row["paragraphs"]) for row in rows(archive, "sections")}
    assert found == {
        (name, position): (path, section.text, section.paragraphs)
        for name, plan in plans.items()
        for position, (path, section) in enumerate(plan.walk())
    }
    assert not [path for path in (archive.parent / "out").iterdir() if path.name.startswith("_")]


def test_a_job_and_the_ones_after_it(archive: Path) -> None:
    told: list[int] = []
    first = do(archive, progress=lambda summary: told.append(summary.done))
    assert (first.done, first.failed, first.skipped, first.pages, first.lost) == (13, 1, 1, 22, {})
    assert told == sorted(told) and told[-1] == 13
    check(archive)

    again = do(archive)
    assert (again.done, again.up_to_date, again.failed, again.skipped) == (0, 13, 1, 1)
    changed = archive / "kế hoạch 1" / "1.txt"
    changed.write_text(text(1001), encoding="utf-8")
    (archive / "kế hoạch 1" / "new.txt").write_text(text(77), encoding="utf-8")
    third = do(archive)
    assert (third.done, third.up_to_date) == (2, 12)
    check(archive)
    assert [row["number"] for row in rows(archive, "documents") if row["name"] == "kế hoạch 1/1.txt"] == ["1001/KH-UBND"]
    os.utime(changed, (1, 1))
    assert do(archive).up_to_date == 14, "the same content with another time is the same document"


def test_a_large_document_is_what_it_is_in_one_piece(archive: Path) -> None:
    do(archive, portion=3)
    (line,) = [
        line
        for path in (archive.parent / "out" / "json").rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if '"long.pdf"' in line
    ]
    with sohoa.Digitiser(jobs=1, **OPTIONS) as digitiser:  # type: ignore[arg-type]
        whole = digitiser.digitise((archive / "long.pdf").read_bytes(), name="long.pdf")
    found = sohoa.Plan.from_json(line)
    assert found.pages == whole.pages and found.sections == whole.sections and found.corrections == whole.corrections


def test_a_large_document_that_fails_counts_once(archive: Path) -> None:
    summary = do(archive, options=OPTIONS | {"max_stream_mb": 1, "document_timeout": 0.0001})
    failures = Counter(row["name"] for row in rows(archive, "failures"))
    assert set(failures.values()) == {1} and failures["long.pdf"] == 1
    assert summary.failed + summary.skipped == len(failures)


def test_actors_that_die(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that always ends its actor is a failure in the end, its neighbours are done."""
    document = Worker._document

    def poisoned(self: Worker, unit: Any, file: Any) -> Any:
        if file.name.endswith("/5.txt"):
            raise Dies
        return document(self, unit, file)

    monkeypatch.setattr(Worker, "_document", poisoned)
    summary = do(archive)
    assert (summary.done, summary.failed) == (12, 2)
    reasons = {row["name"]: row["reason"] for row in rows(archive, "failures")}
    assert reasons == {"kế hoạch 1/5.txt": "crash", "bad.pdf": "input", "table.ods": "no-document"}
    check(archive, without=("kế hoạch 1/5.txt",))
    monkeypatch.undo()
    assert do(archive).done == 1
    check(archive)


def test_portions_whose_actors_die(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, deaths = Worker._read, Counter[str]()

    def poisoned(self: Worker, task: Any, file: Any, own: str) -> Any:
        # the second portion ends its actor for good, the first one once, after it is stored
        if task["pages"] == "5-8":
            self._mark(f"_attempts/{own.replace('/', '-')}")
            raise Dies
        found = read(self, task, file, own)
        deaths[task["pages"]] += 1
        if task["pages"] == "1-4" and deaths["1-4"] == 1:
            raise Dies
        return found

    def counted(self: Worker, task: Any, file: Any, own: str) -> Any:
        mark = f"_attempts/{own.replace('/', '-')}"
        return read(self, task, file, own) if self._begun(mark) >= _work._DEATHS else poisoned(self, task, file, own)

    monkeypatch.setattr(Worker, "_read", counted)
    summary = do(archive)
    assert (summary.done, summary.failed) == (12, 2)
    (row,) = [row for row in rows(archive, "failures") if row["name"] == "long.pdf"]
    assert row["reason"] == "crash" and "5-8" in row["message"]
    monkeypatch.undo()
    assert do(archive).done == 1
    check(archive)


def test_a_document_whose_assembling_ends_its_actor(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(self: Worker, *given: Any) -> Any:
        raise Dies

    monkeypatch.setattr(Worker, "_assemble", dies)
    summary = do(archive)
    assert (summary.done, summary.failed) == (12, 2)
    assert {row["name"]: row["reason"] for row in rows(archive, "failures")}["long.pdf"] == "crash"
    monkeypatch.undo()
    assert do(archive).done == 1
    check(archive)


def test_a_unit_that_always_ends_its_actor(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sohoa.ray._tables import Unit

    commit = Unit.commit

    def dies(self: Unit, out: Place) -> None:
        if self.partition.endswith("1"):
            raise Dies
        commit(self, out)

    monkeypatch.setattr(Unit, "commit", dies)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    summary = do(archive)
    assert set(summary.lost) == {f"kế hoạch 1/{i}.txt" for i in range(1, 12, 2)}
    monkeypatch.undo()
    assert do(archive).done == 6
    check(archive)


def killed_after(step: str, times: int, died: list[str]) -> Callable[..., None]:
    write = Place.write
    left = [times]

    def failing(self: Place, name: str, content: Any, **more: Any) -> None:
        write(self, name, content, **more)
        if name.startswith(step):
            left[0] -= 1
            if left[0] == 0:
                died.append(name)
                raise Dies

    return failing


#: Writes after which something dies; the last parts are those of the large document.
WRITES = [
    *[("_attempts", n) for n in (1, 2, 6)],
    *[("sections", n) for n in (1, 2, 4)],
    *[("json", n) for n in (1, 2, 5)],
    *[("documents", n) for n in (1, 2, 6)],
    *[("_portions", n) for n in (1, 3)],
    ("_large", 1),
]


@pytest.mark.parametrize(("step", "times"), WRITES)
def test_deaths_between_any_two_writes(step: str, times: int, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An actor that dies right after it wrote something: the unit is done again, and nothing is lost, doubled or counted twice."""
    died: list[str] = []
    monkeypatch.setattr(Place, "write", killed_after(step, times, died))
    summary = do(archive)
    assert died
    assert (summary.done, summary.failed, summary.skipped) == (13, 1, 1)
    check(archive)


@pytest.mark.parametrize(("step", "times"), WRITES)
def test_the_driver_dies(step: str, times: int, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole job ends right after something was written; the next one does the rest."""

    class Mortal(Here):
        def through(self, tasks: Any, pool: Any, actors: Any) -> Any:
            worker = Worker(**pool)
            for number, task in tasks.items():
                yield number, json.loads(worker({"number": number, "task": json.dumps(task)})["result"])

    monkeypatch.setattr(Place, "write", killed_after(step, times, []))
    with pytest.raises(Dies):
        do(archive, engine=Mortal())
    monkeypatch.undo()
    summary = do(archive)
    assert summary.done + summary.up_to_date == 13
    check(archive)


def test_the_driver_dies_before_old_rows_are_gone(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both rows of a document that changed are there: the next job keeps the right one."""
    from sohoa.ray._tables import Shelf

    do(archive)

    def dies(self: Shelf, current: Any) -> None:
        raise Dies

    for i in range(6):
        changed = archive / f"kế hoạch {i % 2}" / f"{i}.txt"
        changed.write_text(text(1000 + i), encoding="utf-8")
    with monkeypatch.context() as patched, pytest.raises(Dies):
        patched.setattr(Shelf, "tidy", dies)
        do(archive)
    assert do(archive).done == 0
    check(archive)
    numbers = {row["name"]: row["number"] for row in rows(archive, "documents")}
    assert all(numbers[f"kế hoạch {i % 2}/{i}.txt"] == f"{1000 + i}/KH-UBND" for i in range(6))


def test_what_the_filesystem_refuses_is_done_by_the_next_run(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Place.write

    def failing(self: Place, name: str, content: Any, **more: Any) -> None:
        if name.startswith("json/folder=k%E1%BA%BF%20ho%E1%BA%A1ch%201") or name.startswith("json/folder=k%E1%BA%BF ho%E1%BA%A1ch 1"):
            raise OSError("no space left")
        write(self, name, content, **more)

    monkeypatch.setattr(Place, "write", failing)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    summary = do(archive)
    assert set(summary.lost) == {f"kế hoạch 1/{i}.txt" for i in range(1, 12, 2)}
    assert all("no space left" in why for why in summary.lost.values())
    monkeypatch.undo()
    assert do(archive).done == 6
    check(archive)


def test_an_engine_that_breaks_down(archive: Path) -> None:
    """What it had not done is tried again; what cannot be done is told of, and left to the next run."""
    assert do(archive, engine=Here(breaks=2)).done == 13
    check(archive)
    shutil.rmtree(archive.parent / "out")
    broken = do(archive, engine=Here(breaks=1000))
    assert broken.lost and set(broken.lost.values()) == {"RuntimeError: the cluster is gone"}
    do(archive)
    check(archive)


def test_an_engine_that_does_nothing_ends_the_job(archive: Path) -> None:
    class Dead(Here):
        def through(self, tasks: Any, pool: Any, actors: Any) -> Any:
            raise RuntimeError("a traceback\nno node is left")
            yield

    with pytest.raises(RuntimeError, match="none of 5 units of work could be done: RuntimeError: no node is left"):
        do(archive, engine=Dead())
    do(archive)
    check(archive)


def test_a_filesystem_that_fails_now_and_then(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of reading is not the end of a process: it is tried again, and in the end a failure of that document, not a crash, and its neighbours are done."""
    local = Place.local

    def failing(self: Place, name: str) -> Any:
        if name in ("kế hoạch 1/5.txt", "long.pdf"):
            raise OSError("connection reset")
        return local(self, name)

    monkeypatch.setattr(Place, "local", failing)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    summary = do(archive)
    assert (summary.done, summary.lost) == (11, {})
    reasons = {row["name"]: row["reason"] for row in rows(archive, "failures")}
    assert reasons["kế hoạch 1/5.txt"] == reasons["long.pdf"] == "input"
    monkeypatch.undo()
    do(archive)
    check(archive)


def test_parts_that_are_not_whole(archive: Path) -> None:
    """A store of objects may keep what a writer that died had written: it commits nothing."""
    do(archive)
    part = sorted((archive.parent / "out" / "documents").rglob("*.parquet"))[-1]
    part.write_bytes(part.read_bytes()[:200])
    assert do(archive).done > 0
    check(archive)


def test_one_job_at_a_time(archive: Path) -> None:
    with Place(str(archive.parent / "out")).held(), pytest.raises(ValueError, match="another job"):
        do(archive)
    assert do(archive).done == 13


def test_shards_are_those_of_the_command_line(archive: Path) -> None:
    parts = [do(archive, shard=f"{i}/3") for i in (1, 2, 3)]
    assert sum(part.done for part in parts) == 13
    check(archive)


def test_other_filesystems(archive: Path) -> None:
    """IN and OUT in memory, by fsspec: nothing of the job leans on local files."""
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for path in archive.rglob("*"):
        if path.is_file():
            memory.pipe(f"/archive/{path.relative_to(archive)}", path.read_bytes())
    summary = run("memory://archive", "memory://plans", options=OPTIONS, portion=4, engine=Here())
    assert (summary.done, summary.failed, summary.skipped) == (13, 1, 1)
    again = run("memory://archive", "memory://plans", options=OPTIONS, portion=4, engine=Here())
    assert (again.done, again.up_to_date) == (0, 13)
    memory.get("/plans", str(archive.parent / "out"), recursive=True)
    check(archive)


def test_wrong_places(archive: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such folder"):
        run(str(archive / "missing"), str(archive.parent / "out"), engine=Here())
    with pytest.raises(ValueError, match="both read and written"):
        run(str(archive), str(archive / "out"), engine=Here())
    for name, value in (("shard", "3"), ("shard", "0/2"), ("shard", "a/b"), ("portion", 0), ("actors", -1), ("unit_mb", 0.0)):
        with pytest.raises(ValueError, match="no part of a whole" if name == "shard" else "more than 0"):
            do(archive, **{name: value})
    assert not (archive.parent / "out").exists()


def test_a_single_file(archive: Path) -> None:
    summary = run(str(archive / "long.pdf"), str(archive.parent / "out"), options=OPTIONS, portion=4, engine=Here())
    assert summary.done == 1
    assert [row["name"] for row in rows(archive, "documents")] == ["long.pdf"]


def test_scans_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(FIXTURES / "c5-office.pdf", folder / "c5.pdf")
    assert do(folder, options={"fast": True}).done == 1
    (line,) = next((tmp_path / "out" / "json").rglob("*.jsonl")).read_text(encoding="utf-8").splitlines()
    with sohoa.Digitiser(jobs=1, fast=True) as digitiser:
        plan = digitiser.digitise(folder / "c5.pdf")
    assert sohoa.Plan.from_json(line).sections == plan.sections
    assert [row["raw"] for row in rows(folder, "references")] == [reference.raw for reference in plan.references]
    got = [(row["text"], row["lead"], row["due"], row["due_from"], row["path"]) for row in rows(folder, "tasks")]
    wanted = [(task.text, task.lead, task.due, task.due_period and task.due_period.from_, task.section) for task in plan.tasks]
    assert got and got == wanted
