"""Restoring, parsing and measuring texts."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import sohoa
from conftest import FIXTURES, ROOT, sohoa_program

GARBLED = (FIXTURES / "a5-garbled.txt").read_text(encoding="utf-8")


def test_restoring_is_what_the_command_line_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sohoa", "restore"]
    printed = subprocess.run(command, input=GARBLED.encode(), capture_output=True, check=True, cwd=tmp_path)
    restored = sohoa.restore(GARBLED)
    assert len(GARBLED) < 30_000, "the filter takes more than that piece by piece"
    assert restored == printed.stdout.decode() and restored != GARBLED


def test_words_have_offsets_in_characters() -> None:
    text = "Uy ban nhân dân (xi)\u000ccông chức vin héa, céng chirc"
    restored = sohoa.Restorer().explain(text)
    assert str(restored) == restored.text == sohoa.restore(text) and "công chức văn hóa" in restored.text.lower()
    at = 0
    for word in restored.words:
        assert restored.raw[word.start : word.end] == word.raw
        assert restored.text[word.text_start : word.text_end] == word.text
        assert restored.raw[at : word.start].strip(" ,()\u000c") == ""
        at = word.end
        assert 0.0 <= word.confidence <= 1.0
    assert {word.raw for word in restored.words} >= {"xi", "chirc"}


def test_options_of_restoring() -> None:
    assert sohoa.restore("công chức vin héa", tone="new").endswith("văn hoá")
    assert sohoa.restore("xi vin héa", min_confidence=1.0) == "xi vin héa"
    assert sohoa.restore("ông Kdam", words=["Kđăm"]) != sohoa.restore("ông Kdam")
    for wrong in ({"tone": "odd"}, {"min_confidence": 1.5}):
        with pytest.raises(ValueError):
            sohoa.restore("a", **wrong)  # type: ignore[arg-type]
    with pytest.raises(sohoa.RestoreError, match="is no word") as caught:
        sohoa.Restorer(words=["a1b"])
    assert isinstance(caught.value, sohoa.SohoaError) and caught.value.reason == "dictionaries"
    with pytest.raises(sohoa.RestoreError):
        sohoa.Restorer(dictionaries="/nonexistent")


def test_threads_work_at_the_same_time() -> None:
    """The interpreter's lock is released: a thread that counts is not held up by one that restores."""
    restorer, counted, stop = sohoa.Restorer(), 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    begun = time.perf_counter()
    restorer.restore(GARBLED * 40)
    elapsed = time.perf_counter() - begun
    stop.set()
    thread.join()
    assert elapsed > 0.05, "too short to tell"
    assert counted > elapsed / 0.05, f"{counted} turns in {elapsed:.2f} s"


def test_parsing_is_what_the_command_line_does(tmp_path: Path) -> None:
    for path in sorted((FIXTURES / "parse").glob("*.txt"))[:6]:
        printed = sohoa_program("parse", path, cwd=tmp_path)
        assert sohoa.parse(path.read_bytes(), name=path.name).to_json() == printed, path.name


def test_texts_of_several_documents() -> None:
    one = "SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {0}/KH-SYT\nHuế, ngày {0} tháng 5 năm 2020\nKẾ HOẠCH\nPhòng bệnh\nI. MỤC ĐÍCH\n1. Một.\nNơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn An\n\n"
    plans = sohoa.parse_all(one.format(1) + one.format(2))
    assert [plan.header.number for plan in plans] == ["1/KH-SYT", "2/KH-SYT"]


def test_what_is_no_text() -> None:
    for refused in (b"\x7fELF\0\0\x01\x02\0\0", b"K\xe9 ho\xb9ch"):
        with pytest.raises(sohoa.IngestError) as caught:
            sohoa.parse(refused)
        assert caught.value.reason == "input"


def test_plans_come_back_from_their_json() -> None:
    text = (FIXTURES / "a5-garbled.txt.expected.json").read_text(encoding="utf-8")
    plan = sohoa.Plan.from_json(text)
    assert plan.to_json() == text
    assert sohoa.Plan.from_dict(json.loads(text)) == plan
    assert plan.to_text() == (FIXTURES / "a5-garbled.txt.expected.txt").read_text(encoding="utf-8")
    assert plan.to_markdown().lstrip().startswith("#") and "<html" in plan.to_html()
    walked = list(plan.walk())
    assert walked[0][0] == (plan.sections[0].label,) and len(walked) > len(plan.sections)
    correction = plan.corrections[0]
    assert plan.raw(sohoa.Span(page=correction.page, start=correction.start, end=correction.end)) == correction.raw
    assert "header=Header(" in repr(plan)
    plan.sections[0].text += "!"
    assert plan != sohoa.Plan.from_json(text)


def test_a_later_version_of_the_json_is_read() -> None:
    data = sohoa.parse("KẾ HOẠCH\nTrồng cây").to_dict()
    data["schema_version"], data["header"]["colour"], data["mood"] = "1.9", "red", {"a": 1}
    plan = sohoa.Plan.from_dict(data)
    assert plan.schema_version == "1.9" and not hasattr(plan, "mood")


def test_the_classes_are_those_of_the_schema() -> None:
    generator = ROOT / "python" / "tools" / "generate.py"
    subprocess.run([sys.executable, generator, "--check"], check=True)
    assert json.loads(sohoa.schema()) == json.loads((ROOT / "schema" / "plan.v1.json").read_text(encoding="utf-8"))


def test_scores() -> None:
    gold = "Kế hoạch số 5 của xã"
    scores = sohoa.evaluate("Kế hoạch so 5 của xã", gold, raw="Ke hoach so 5 cua xã")
    assert scores["figures"]["ser_before"] == {"errors": 4, "of": 6}
    assert scores["figures"]["ser"] == {"errors": 1, "of": 6}
    assert "ser_before" not in sohoa.evaluate(gold, gold)["figures"]
    plan = sohoa.parse("KẾ HOẠCH\nTrồng cây\nI. MỤC ĐÍCH\n1. Xanh hơn.\n2. Mát hơn.")
    assert sohoa.evaluate(plan, plan)["figures"]["nodes"] == 1.0
    fewer = sohoa.Plan.from_json(plan.to_json())
    del fewer.sections[0].children[1]
    found = sohoa.evaluate(fewer, plan.to_dict())
    assert found["findings"] == [{"what": "missing", "path": "i/2", "text": "Mát hơn."}]
    with pytest.raises(TypeError):
        sohoa.evaluate("text", plan)  # type: ignore[call-overload]
