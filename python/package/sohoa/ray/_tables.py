"""What a job writes: tables and JSON Lines in parts, one part for each unit of work, committed as a whole.

``OUT/documents/folder=a%2Fb/<unit>.parquet`` and likewise ``sections``, ``references``, ``tasks``, ``failures`` and ``json`` (``.jsonl``). The part
of ``documents`` is written last: where it stands the unit is done, and a part of another table without it is what a kill left.
The driver names a unit, so an actor that does it again in the same run writes the same files.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from .. import Plan
from ._files import File, Place

_TEXTS = pa.list_(pa.string())

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
        plan = Plan.from_json(line)
        header, source, quality = plan.header, plan.source, plan.quality
        key: dict[str, Any] = {"name": file.name, "sha256": source.sha256}
        self.lines.append(line if line.endswith("\n") else line + "\n")
        self.rows["documents"].append(
            {
                **key,
                "bytes": file.bytes,
                "modified": file.modified,
                "fingerprint": fingerprint,
                "media_type": source.media_type,
                "pages": source.pages,
                "tool": source.tool,
                "models": source.models,
                "options": source.options,
                "issuer_parent": header.issuer_parent,
                "issuer": header.issuer,
                "number": header.number,
                "place": header.place,
                "date": header.date,
                "kind": header.kind,
                "title": header.title,
                "signer": plan.signature.name,
                "grade": quality.grade,
                "words": quality.words,
                "changed": quality.changed,
                "doubtful": quality.doubtful,
                "warnings": [warning.code for warning in plan.warnings],
                "seconds": seconds,
            }
        )
        for position, (path, section) in enumerate(plan.walk()):
            row: dict[str, Any] = {"label": section.label, "marker": section.marker, "text": section.text}
            row |= {"position": position, "path": list(path), "paragraphs": section.paragraphs}
            self.rows["sections"].append(key | row)
        for position, reference in enumerate(plan.references):
            row = {"raw": reference.raw, "kind": reference.kind, "number": reference.number, "date": reference.date}
            self.rows["references"].append(key | {"position": position} | row)
        for position, task in enumerate(plan.tasks):
            due = task.due_period
            row = {"text": task.text, "lead": task.lead, "partners": task.partners, "due": task.due}
            row |= {"due_from": due and due.from_, "due_to": due and due.to}
            self.rows["tasks"].append(key | {"position": position, "path": task.section} | row)

    def fail(self, file: File, state: str, reason: str, message: str, seconds: float) -> None:
        row = {"name": file.name, "bytes": file.bytes, "modified": file.modified, "state": state}
        self.rows["failures"].append(row | {"reason": reason, "message": message, "seconds": seconds})

    def commit(self, out: Place) -> None:
        """Writes all parts; after the last one the unit is done."""
        for table in ("sections", "references", "tasks", "failures"):
            if self.rows[table]:
                out.write(self.part(table), _parquet(table, self.rows[table]))
        if self.lines:
            out.write(self.part("json"), "".join(self.lines).encode())
        out.write(self.part("documents"), _parquet("documents", self.rows["documents"]))

    def is_done(self, out: Place) -> bool:
        return out.exists(self.part("documents"))

    def counts(self) -> dict[str, int]:
        """What became of its documents."""
        failures = [row["state"] for row in self.rows["failures"]]
        done, pages = len(self.rows["documents"]), sum(row["pages"] for row in self.rows["documents"])
        return {"done": done, "pages": pages, "failed": failures.count("failed"), "skipped": failures.count("skipped")}

    def load(self, out: Place) -> None:
        """Takes the rows of documents and failures that are there."""
        for table in ("documents", "failures"):
            if out.exists(self.part(table)):
                self.rows[table] = read_part(out, self.part(table))


def _parquet(table: str, rows: list[dict[str, Any]]) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS[table]), sink, compression="zstd")
    return sink.getvalue()


def read_part(out: Place, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(out.read(name))).to_pylist()
    return rows


class Shelf:
    """What OUT holds of one folder of IN."""

    def __init__(self, out: Place, folder: str) -> None:
        self.out, self.folder, self.partition = out, folder, partition(folder)

    def _names(self, table: str) -> list[str]:
        return self.out.names(f"{table}/{self.partition}")

    def sweep(self) -> None:
        """Removes parts that a kill left, and failures, which are tried again, with the units that were nothing else."""
        done = set()
        for name in self._names("documents"):
            if pq.ParquetFile(io.BytesIO(self.out.read(f"documents/{self.partition}/{name}"))).metadata.num_rows:
                done.add(name.split(".")[0])
        for table in ("documents", *(table for table in SCHEMAS if table != "documents"), "json"):
            for name in self._names(table):
                if name.split(".")[0] not in done or table == "failures":
                    self.out.remove(f"{table}/{self.partition}/{name}")

    def documents(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """The rows of each document by its name, each with the name of its unit."""
        rows: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for name in self._names("documents"):
            for row in read_part(self.out, f"documents/{self.partition}/{name}"):
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
        import json

        old = Unit(self.folder, unit)
        again = hashlib.sha256((unit + "\0" + "\0".join(sorted(without))).encode()).hexdigest()[:32]
        new = Unit(self.folder, again)
        for table in SCHEMAS:
            if self.out.exists(old.part(table)):
                rows = read_part(self.out, old.part(table))
                new.rows[table] = [row for row in rows if row["name"] not in without]
        if self.out.exists(old.part("json")):
            lines = self.out.read(old.part("json")).decode().splitlines(keepends=True)
            new.lines = [line for line in lines if json.loads(line)["source"]["path"] not in without]
        if new.rows["documents"]:
            new.commit(self.out)
        for table in ("documents", *(table for table in SCHEMAS if table != "documents"), "json"):
            self.out.remove(old.part(table))
