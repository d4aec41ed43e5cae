"""Digitising documents: the same as the command line, with the same limits, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import sohoa
from conftest import FIXTURES, SCANS, pdf, sohoa_program


def children() -> set[str]:
    """The processes that this one has started and that have not ended."""
    listed = subprocess.run(["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {line for line in listed.stdout.splitlines() if "_worker.py" in line}


def test_documents_are_what_the_command_line_makes_of_them(digitised: Path) -> None:
    with sohoa.Digitiser(fast=True) as digitiser:
        for path in SCANS:
            written = (digitised / f"{path.name}.json").read_text(encoding="utf-8")
            assert digitiser.digitise(path).to_json() == written, path.name
        content = SCANS[0].read_bytes()
        assert digitiser.digitise(content, name=SCANS[0].name).to_json() == (
            digitised / f"{SCANS[0].name}.json"
        ).read_text(encoding="utf-8")
        assert children(), "workers are kept"
    assert not children(), "and ended"


def test_a_document_may_be_read_in_portions(digitised: Path) -> None:
    path = FIXTURES / "a6-bilevel.pdf"
    with sohoa.Digitiser(fast=True, jobs=1) as one, sohoa.Digitiser(fast=True, jobs=1) as other:
        sha256, media, pages = one.examine(path)
        assert len(sha256) == 64 and media == "application/pdf" and pages > 1
        assert one.fingerprint == other.fingerprint != sohoa.Digitiser(ocr="always").fingerprint
        portions = [other.read(path, f"2-{pages}"), one.read(path, "1")]
        written = (digitised / f"{path.name}.json").read_text(encoding="utf-8")
        assert one.assemble(portions).to_json() == written
        with pytest.raises(sohoa.IngestError, match="not the"):
            one.assemble(portions[:1])
        with pytest.raises(sohoa.IngestError, match="different documents"):
            one.assemble([portions[0], one.read(FIXTURES / "a5-garbled.txt")])
        with pytest.raises(ValueError, match="no portions"):
            one.assemble([b"{}"])


def test_progress_is_told_in_the_callers_thread() -> None:
    told: list[tuple[int, int]] = []
    threads = set()

    def progress(done: int, pages: int) -> None:
        told.append((done, pages))
        threads.add(threading.get_ident())

    sohoa.digitise(pdf(["Ke hoach"] * 5), ocr="never", progress=progress)
    assert told[-1] == (5, 5) and threads == {threading.get_ident()}


def test_an_exception_in_progress_stops_the_work() -> None:
    class Enough(Exception):
        pass

    def progress(done: int, pages: int) -> None:
        if done:
            raise Enough

    with sohoa.Digitiser(fast=True, jobs=1) as digitiser:
        with pytest.raises(Enough):
            digitiser.digitise(FIXTURES / "a6-bilevel.pdf", progress=progress)
        digitiser.digitise(FIXTURES / "b3-office-1bit.tiff")  # goes on working
    assert not children()


def test_failures_are_named_after_their_stage(tmp_path: Path) -> None:
    with pytest.raises(sohoa.IngestError, match="no such file|No such file") as caught:
        sohoa.digitise(tmp_path / "none.pdf")
    assert caught.value.reason == "input"
    for content in (b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n nothing", b"PK\x03\x04"):
        with pytest.raises(sohoa.IngestError):
            sohoa.digitise(content)
    with pytest.raises(sohoa.IngestError, match="max-pages"):
        sohoa.digitise(pdf(["a"] * 3), max_pages=2)
    with pytest.raises(sohoa.IngestError, match="is a folder"):
        sohoa.digitise(tmp_path)
    with pytest.raises(sohoa.RecogniseError) as missing:
        sohoa.digitise(SCANS[0], model="klingon")
    assert missing.value.reason == "dependency"
    with pytest.raises(sohoa.DeadlineError) as late:
        sohoa.digitise(SCANS[0], page_timeout=0.05)
    assert isinstance(late.value, TimeoutError) and late.value.reason == "deadline"
    with pytest.raises(sohoa.RestoreError):
        sohoa.Digitiser(dictionaries=tmp_path)


def test_options_are_checked() -> None:
    for wrong in ({"jobs": 0}, {"ocr": "perhaps"}, {"pages": "3-1"}, {"page_timeout": -1}, {"dpi": 1}):
        with pytest.raises(ValueError):
            sohoa.Digitiser(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no option"):
        sohoa.Digitiser(colour="red")  # type: ignore[call-arg]
    digitiser = sohoa.Digitiser()
    digitiser.close()
    digitiser.close()
    with pytest.raises(ValueError, match="closed"):
        digitiser.digitise(SCANS[0])


def test_a_worker_that_dies_is_replaced() -> None:
    with sohoa.Digitiser(fast=True, jobs=1, pages="1") as digitiser:
        digitiser.digitise(SCANS[0], name="a.pdf")
        (worker,) = children()
        os.kill(int(worker.split()[0]), signal.SIGKILL)
        digitiser.digitise(SCANS[0], name="a.pdf")
        (other,) = children()
        assert other != worker


def test_threads_share_a_digitiser() -> None:
    results: list[str] = []
    with sohoa.Digitiser(fast=True, jobs=2) as digitiser:

        def work() -> None:
            results.append(digitiser.digitise(FIXTURES / "b3-office-1bit.tiff").to_json())

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 3 and len(set(results)) == 1


def test_ctrl_c_stops_a_program() -> None:
    program = (
        # whoever runs the tests in the background has them ignore Ctrl-C
        "import signal, sohoa; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"print('begun', flush=True); sohoa.digitise({str(SCANS[0])!r}, jobs=1)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in said and process.returncode != 0


def test_the_command_line_is_all_there(tmp_path: Path) -> None:
    assert "digitise" in sohoa_program("--help", cwd=tmp_path)
    assert sohoa_program("--version", cwd=tmp_path) == f"sohoa {sohoa.__version__}\n"
    sohoa_program("digitise", cwd=tmp_path, code=2)
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    sohoa_program("digitise", "bad.pdf", FIXTURES / "a5-garbled.txt", "-o", "out", cwd=tmp_path, code=1)
    assert "bad.pdf" in sohoa_program("status", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "a5-garbled.txt.json").exists()


def test_workers_take_nothing_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_native.py", "os.py", "sohoa.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with sohoa.Digitiser(jobs=1) as digitiser:
        assert digitiser.examine(pdf(["Ke hoach"]))[1:] == ("application/pdf", 1)
