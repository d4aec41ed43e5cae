"""Documentation that is run, types that are checked, and what an import costs."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import sohoa

PACKAGE = Path(sohoa.__file__).parent


@pytest.mark.parametrize("name", ["sohoa", "sohoa._api", "sohoa._record"])
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0 and result.failed == 0


def test_everything_public_says_what_it_is() -> None:
    for name in sohoa.__all__:
        assert name.startswith("__") or getattr(sohoa, name).__doc__, name


def test_an_import_loads_nothing_that_costs() -> None:
    """Models are loaded by the first use; typing, dataclasses, json and the like by whoever needs them."""
    program = "import sys; before = set(sys.modules); import sohoa; print(*sorted(set(sys.modules) - before))"
    program = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {program}"
    command = [sys.executable, "-I", "-S", "-c", program]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "sohoa._native" in loaded
    assert not {"typing", "dataclasses", "json", "re", "inspect", "subprocess"} & set(loaded), loaded


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_types_are_consistent(tmp_path: Path) -> None:
    assert (PACKAGE / "py.typed").exists()
    user = tmp_path / "user.py"
    user.write_text(
        "import sohoa\n"
        "plan: sohoa.Plan = sohoa.digitise('a.pdf', fast=True, pages='1-3')\n"
        "text: str = plan.sections[0].children[0].text\n"
        "number: str | None = plan.header.number\n"
        "wrong: int = plan.header.title  # type: ignore[assignment]\n"
        "sohoa.digitise('a.pdf', colour=1)  # type: ignore[call-arg]\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(user)],
        capture_output=True,
        text=True,
        # of an installed package mypy knows, and it refuses to be told
        env={"MYPYPATH": "" if PACKAGE.parent.name == "site-packages" else str(PACKAGE.parent), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
    )
    assert checked.returncode == 0, checked.stdout
