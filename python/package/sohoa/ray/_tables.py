"""What a job writes: tables and JSON Lines in parts, one part for each unit of work, committed as a whole.

``OUT/documents/folder=a%2Fb/<unit>.parquet`` and likewise ``sections``, ``references``, ``tasks``, ``failures`` and ``json`` (``.jsonl``). The part
of ``documents`` is written last: where it stands the unit is done, and a part of another table without it is what a kill left.
The driver names a unit, so an actor that does it again in the same run writes the same files.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from ._files import File, Place

_TEXTS = pa.list_(pa.string())

#: What of a document's row says whether it is done.
_IDENTITY = ["name", "sha256", "bytes", "modified", "fingerprint"]

SCHEMAS = {
    "documents": pa.schema(
        [
            ("name", pa.string()),
            ("sha256", pa.string()),
            ("bytes", pa.int64()),
            ("modified", pa.int64()),
            ("fingerprint", pa.string()),
            ("media_type", pa.string()),
            ("pages", pa.int32()),
            ("tool", pa.string()),
            ("models", _TEXTS),
            ("options", _TEXTS),
            ("issuer_parent", pa.string()),
            ("issuer", pa.string()),
            ("number", pa.string()),
            ("place", pa.string()),
            ("date", pa.string()),
            ("kind", pa.string()),
            ("title", pa.string()),
            ("signer", pa.string()),
            ("grade", pa.string()),
            ("words", pa.int32()),
            ("changed", pa.int32()),
            ("doubtful", pa.int32()),
            ("warnings", _TEXTS),
            ("seconds", pa.float32()),
        ]
    ),
    "sections": pa.schema(
        [
            ("name", pa.string()),
            ("sha256", pa.string()),
            ("position", pa.int32()),
            ("path", _TEXTS),
            ("label", pa.string()),
            ("marker", pa.string()),
            ("text", pa.string()),
            ("paragraphs", _TEXTS),
        ]
    ),
    "references": pa.schema(
        [
            ("name", pa.string()),
            ("sha256", pa.string()),
            ("position", pa.int32()),
            ("raw", pa.string()),
            ("kind", pa.string()),
            ("number", pa.string()),
            ("date", pa.string()),
        ]
    ),
    "tasks": pa.schema(
        [
            ("name", pa.string()),
            ("sha256", pa.string()),
            ("position", pa.int32()),
            ("path", _TEXTS),
            ("text", pa.string()),
            ("lead", pa.string()),
            ("partners", _TEXTS),
            ("due", pa.string()),
            ("due_from", pa.string()),
            ("due_to", pa.string()),
        ]
    ),
    "failures": pa.schema(
        [
            ("name", pa.string()),
            ("bytes", pa.int64()),
            ("modified", pa.int64()),
            ("state", pa.string()),  # failed, or skipped: no document
            ("reason", pa.string()),
            ("message", pa.string()),
            ("seconds", pa.float32()),
        ]
    ),
}


def partition(folder: str) -> str:
    """A folder of IN as the name of a partition."""
    name = quote(folder or ".", safe=" ")
    if len(name) > 180:  # names of files have at most 255 bytes
        name = f"{name[:150]}~{hashlib.sha256(folder.encode()).hexdigest()[:16]}"
    return f"folder={name}"


class Unit:
    """The parts of one unit of work."""

    def __init__(self, folder: str, name: str) -> None:
        self.partition, self.name = partition(folder), name
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in SCHEMAS}
        self.lines: list[str] = []

    def part(self, table: str) -> str:
        suffix = "jsonl" if table == "json" else "parquet"
        return f"{table}/{self.partition}/{self.name}.{suffix}"

    def add(self, file: File, line: str, fingerprint: str, seconds: float) -> None:
        """A document that is done; ``line`` is its plan as JSON."""
        plan = json.loads(line)  # not a Plan: most of it, each word with its places, is in no table, and objects of it cost as much as restoring
        header, source, quality = plan["header"], plan["source"], plan["quality"]
        key: dict[str, Any] = {"name": file.name, "sha256": source["sha256"]}
        self.lines.append(line if line.endswith("\n") else line + "\n")
        row = key | {"bytes": file.bytes, "modified": file.modified, "fingerprint": fingerprint, "seconds": seconds}
        row |= {name: source[name] for name in ("media_type", "pages", "tool", "models", "options")}
        row |= {name: header[name] for name in ("issuer_parent", "issuer", "number", "place", "date", "kind", "title")}
        row |= {name: quality[name] for name in ("grade", "words", "changed", "doubtful")}
        row |= {"signer": plan["signature"]["name"], "warnings": [warning["code"] for warning in plan["warnings"]]}
        self.rows["documents"].append(row)
        for position, (path, section) in enumerate(_walk(plan["sections"])):
            row = {name: section[name] for name in ("label", "marker", "text", "paragraphs")}
            self.rows["sections"].append(key | {"position": position, "path": path} | row)
        for position, reference in enumerate(plan["references"]):
            row = {name: reference[name] for name in ("raw", "kind", "number", "date")}
            self.rows["references"].append(key | {"position": position} | row)
        for position, task in enumerate(plan["tasks"]):
            due = task["due_period"] or {}
            row = {name: task[name] for name in ("text", "lead", "partners", "due")}
            row |= {"path": task["section"], "due_from": due.get("from"), "due_to": due.get("to")}
            self.rows["tasks"].append(key | {"position": position} | row)

    def fail(self, file: File, state: str, reason: str, message: str, seconds: float) -> None:
        row = {"name": file.name, "bytes": file.bytes, "modified": file.modified, "state": state}
        self.rows["failures"].append(row | {"reason": reason, "message": message, "seconds": seconds})

    def commit(self, out: Place) -> None:
        """Writes all parts; after the last one the unit is done."""
        for table in ("sections", "references", "tasks", "failures"):
            if self.rows[table]:
                out.write(self.part(table), _parquet(table, self.rows[table]))
            else:
                out.remove(self.part(table))  # a try before may have had some
        if self.lines:
            out.write(self.part("json"), "".join(self.lines).encode())
        out.write(self.part("documents"), _parquet("documents", self.rows["documents"]))

    def counts(self) -> dict[str, int]:
        """What became of its documents."""
        failures = [row["state"] for row in self.rows["failures"]]
        done, pages = len(self.rows["documents"]), sum(row["pages"] for row in self.rows["documents"])
        return {"done": done, "pages": pages, "failed": failures.count("failed"), "skipped": failures.count("skipped")}

    @classmethod
    def done(cls, out: Place, folder: str, name: str) -> Unit | None:
        """The unit with its rows of documents and failures, if it was committed."""
        unit = cls(folder, name)
        if not out.exists(unit.part("documents")):
            return None
        try:
            for table in ("documents", "failures"):
                if out.exists(unit.part(table)):
                    unit.rows[table] = read_part(out, unit.part(table))
        except Damaged:
            return None
        return unit


def _walk(sections: list[dict[str, Any]]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """All items in print order, each with the path of labels that leads to it; as deep as a plan may be."""
    stack = [([section["label"]], section) for section in reversed(sections)]
    while stack:
        path, section = stack.pop()
        yield path, section
        stack += [([*path, child["label"]], child) for child in reversed(section["children"])]


def _parquet(table: str, rows: list[dict[str, Any]]) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS[table]), sink, compression="zstd")
    return sink.getvalue()


class Damaged(Exception):
    """A part that is not whole, as a store of objects may keep one whose writer died."""


def read_part(out: Place, name: str, columns: list[str] | None = None) -> list[dict[str, Any]]:
    content = io.BytesIO(out.read(name))
    try:
        rows: list[dict[str, Any]] = pq.read_table(content, columns=columns).to_pylist()
    except (pa.ArrowException, OSError) as error:  # both are what Parquet says of bytes that are not its own
        raise Damaged(f"{out.shown(name)}: {error}") from error
    return rows


class Shelf:
    """What OUT holds of one folder of IN."""

    def __init__(self, out: Place, folder: str) -> None:
        self.out, self.folder, self.partition = out, folder, partition(folder)

    def _names(self, table: str) -> list[str]:
        return self.out.names(f"{table}/{self.partition}")

    def sweep(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Removes parts that a kill left, and failures, which are tried again, with the units that were nothing else. What is done is what stays."""
        known = self.documents()
        done = {unit for rows in known.values() for unit, _ in rows}
        for table in ("documents", *(table for table in SCHEMAS if table != "documents"), "json"):
            for name in self._names(table):
                if name.split(".")[0] not in done or table == "failures":
                    self.out.remove(f"{table}/{self.partition}/{name}")
        return known

    def documents(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """The rows of each document by its name, each with the name of its unit; of each row what says whether the document is done."""
        rows: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for name in self._names("documents"):
            try:
                part = read_part(self.out, f"documents/{self.partition}/{name}", _IDENTITY)
            except Damaged:  # it commits nothing, and is swept
                continue
            for row in part:
                rows.setdefault(row["name"], []).append((name.split(".")[0], row))
        return rows

    def tidy(self, current: dict[str, tuple[str, int, int]]) -> None:
        """Leaves one row of each document: that of ``current`` (fingerprint, size, time of change), else the last one found. Units that lose rows
        are written anew under another name before the old ones go; a kill in between leaves rows twice, until this is done again."""
        losers: dict[str, set[str]] = {}
        for name, rows in self.documents().items():
            if len(rows) < 2:
                continue
            wanted = current.get(name)
            fits = [unit for unit, row in rows if (row["fingerprint"], row["bytes"], row["modified"]) == wanted]
            keep = (fits or [rows[-1][0]])[0]
            for unit, _ in rows:
                if unit != keep:
                    losers.setdefault(unit, set()).add(name)
        for unit, names in losers.items():
            self._rewrite(unit, names)

    def _rewrite(self, unit: str, without: set[str]) -> None:
        old = Unit(self.folder, unit)
        again = hashlib.sha256((unit + "\0" + "\0".join(sorted(without))).encode()).hexdigest()[:32]
        new = Unit(self.folder, again)
        for table in SCHEMAS:
            if self.out.exists(old.part(table)):
                rows = read_part(self.out, old.part(table))
                new.rows[table] = [row for row in rows if row["name"] not in without]
        if self.out.exists(old.part("json")):
            lines = self.out.read(old.part("json")).decode().split("\n")
            new.lines = [line + "\n" for line in lines if line and json.loads(line)["source"]["path"] not in without]
        if new.rows["documents"]:
            new.commit(self.out)
        for table in ("documents", *(table for table in SCHEMAS if table != "documents"), "json"):
            self.out.remove(old.part(table))
