"""Files on any filesystem: finding them, reading them as local files, and writing them whole or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyarrow import fs

#: Stores of objects, by parts of pyarrow's and fsspec's names for them: there a file appears when it is whole, and a folder is but a part of names.
_STORES = ("s3", "gcs", "gs", "abfs", "adl", "az", "oss")


@dataclass(frozen=True)
class File:
    """A file of IN."""

    name: str
    """Its path below IN, with ``/`` between its parts."""
    bytes: int
    modified: int
    """When it was last changed, in nanoseconds since 1970; 0 where the filesystem does not say."""

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]


class Place:
    """A folder on some filesystem. Cheap to make from its address, which is what is sent to other machines."""

    def __init__(self, address: str, path: str | None = None) -> None:
        """``path`` is where a local ``address`` leads: an actor need not have the working folder of the driver."""
        self.address = address
        if "://" not in address:
            self.fs, self.path = fs.LocalFileSystem(), path or os.path.abspath(address)
        else:
            try:
                self.fs, self.path = fs.FileSystem.from_uri(address)
            except (ValueError, OSError):  # none of pyarrow's own
                import fsspec

                found, self.path = fsspec.core.url_to_fs(address)
                self.fs = fs.PyFileSystem(fs.FSSpecHandler(found))
        self.is_local = isinstance(self.fs, fs.LocalFileSystem)
        self.refused: dict[str, str] = {}
        """Folders that could not be listed, and why."""
        self.is_store = any(name in self.fs.type_name.rpartition("+")[2] for name in _STORES)

    def at(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}" if name else self.path

    def shown(self, name: str) -> str:
        """A file as the user would name it."""
        address = self.address.partition("?")[0] if "://" in self.address else self.address
        return f"{address.rstrip('/')}/{name}" if name else self.address

    def require(self) -> None:
        """Raises an error unless it is there."""
        if self.fs.get_file_info(self.path).type == fs.FileType.NotFound:
            raise FileNotFoundError(f"{self.address}: no such folder; check the name")

    def walk(self) -> Iterator[tuple[str, list[File]]]:
        """The folders below, each with its files in order of their names. One folder is held at a time. Hidden names are left out, and links to
        folders, as the command line leaves them out."""
        info = self.fs.get_file_info(self.path)
        if info.type == fs.FileType.File:
            name = info.base_name
            address, mark, query = self.address.partition("?") if "://" in self.address else (self.address, "", "")
            self.path, self.address = os.path.dirname(self.path), os.path.dirname(address.rstrip("/")) + mark + query
            yield "", [_file(name, info)]
            return
        folders = [""]
        while folders:
            folder = folders.pop()
            files, below = [], []
            try:
                found = self.fs.get_file_info(fs.FileSelector(self.at(folder)))
            except OSError as error:
                if not folder:
                    raise
                self.refused[folder] = f"{type(error).__name__}: {error}"
                continue
            for info in found:
                if info.base_name.startswith("."):
                    continue
                name = f"{folder}/{info.base_name}" if folder else info.base_name
                if info.type == fs.FileType.Directory:
                    if not (self.is_local and os.path.islink(info.path)):
                        below.append(name)
                elif info.type == fs.FileType.File:
                    files.append(_file(name, info))
            files.sort(key=lambda file: file.name)
            yield folder, files
            folders.extend(sorted(below, reverse=True))

    @contextmanager
    def local(self, name: str) -> Iterator[str]:
        """The file as one of this machine; of another filesystem, a copy for as long as it is needed."""
        if self.is_local:
            yield self.at(name)
            return
        with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
            path = os.path.join(folder, os.path.basename(name))
            with self.fs.open_input_stream(self.at(name)) as source, open(path, "wb") as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
            yield path

    def names(self, folder: str) -> list[str]:
        """The files in one folder, by their last names, in order; none if there is no such folder."""
        found = self.fs.get_file_info(fs.FileSelector(self.at(folder), allow_not_found=True))
        return sorted(info.base_name for info in found if info.type == fs.FileType.File)

    def exists(self, name: str) -> bool:
        return bool(self.fs.get_file_info(self.at(name)).type == fs.FileType.File)

    def read(self, name: str) -> bytes:
        with self.fs.open_input_stream(self.at(name)) as source:
            return bytes(source.read())

    def write(self, name: str, content: Any, *, durable: bool = True) -> None:
        """Writes a file that is whole or not there. Stores of objects make it so by themselves; elsewhere it gets its name when it is whole, and on
        a local disk, if it is to be ``durable``, when it is on the disk."""
        target, draft = self.at(name), self.at(f"_temporary/{uuid.uuid4().hex}")
        if self.is_store:
            with self.fs.open_output_stream(target) as to:
                to.write(content)
            return
        for path in (target, draft):
            self.fs.create_dir(os.path.dirname(path), recursive=True)
        if not self.is_local:
            with self.fs.open_output_stream(draft) as to:
                to.write(content)
            self.fs.move(draft, target)
            return
        with open(draft, "wb") as to:
            to.write(content)
            to.flush()
            if durable:
                os.fsync(to.fileno())
        os.replace(draft, target)
        if durable:
            folder = os.open(os.path.dirname(target), os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other jobs from writing here at the same time, on filesystems that this machine can lock. Stores of objects have no locks."""
        if not self.is_local:
            yield
            return
        os.makedirs(self.path, exist_ok=True)
        with open(self.at(".lock"), "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ValueError(f"another job is writing into {self.address}: wait for it, or name another output folder") from None
            yield

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        try:
            self.fs.delete_file(self.at(name))
        except FileNotFoundError:
            pass

    def clear(self, folder: str) -> None:
        """Removes a folder with all that is in it, if it is there."""
        try:
            self.fs.delete_dir(self.at(folder))
        except FileNotFoundError:
            pass


def _file(name: str, info: fs.FileInfo) -> File:
    return File(name, info.size or 0, info.mtime_ns or 0)
