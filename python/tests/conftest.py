"""What the tests share. They run against the package on the path, whichever way it was built, and on the project's own fixtures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
SCANS = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".pdf", ".tiff"))


def sohoa_program(*args: object, cwd: Path, code: int = 0) -> str:
    """Runs the command line as `python -m sohoa`; gives what it prints."""
    command = [sys.executable, "-m", "sohoa", *map(str, args)]
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert ended.returncode == code, ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def digitised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OUT of a run of the command line over the scans among the fixtures."""
    folder = tmp_path_factory.mktemp("cli")
    sohoa_program("digitise", *SCANS, "-o", "out", "--fast", "--quiet", cwd=folder)
    return folder / "out"


def pdf(pages: list[str]) -> bytes:
    """A PDF without images, one text a page: made here, so that its text layer is what is read."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        lines = "".join(f"({line}) Tj 0 -16 Td " for line in text.split("\n"))
        stream = f"BT /F1 12 Tf 72 760 Td {lines}ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
        objects.append((page + "/Resources << /Font << /F1 3 0 R >> >> >>").encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + table + trailer
