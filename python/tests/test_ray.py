"""The Ray job against the command line, and against what kills it. `./x ray-test` runs these: they need Ray, root for a network namespace, and minutes.

The cluster has two nodes of two CPUs on this machine. Both are 127.0.0.1, in a network namespace of their own, so that nothing else is met.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import sohoa
from conftest import FIXTURES, pdf, sohoa_program

pytest.importorskip("ray")
import pyarrow.dataset as dataset  # noqa: E402

pytestmark = pytest.mark.ray

#: Options of both programs: the small model, and pages of texts without looking at images.
FLAGS = ["--fast"]


def text(i: int) -> str:
    return f"UBND XÃ TÂN AN\nSố: {i}/KH-UBND\nTân An, ngày 09 tháng 3 năm 2021\nKẾ HOẠCH\nVệ sinh môi trường {i}\nI. MUC DICH\n1. Giu gin trat tu.\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nLê Văn Ba\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """IN: texts and scans in folders, one document of many pages, bad ones, and what is no document."""
    folder = tmp_path_factory.mktemp("archive") / "in"
    for i in range(120):
        path = folder / f"kế hoạch {i % 3}" / f"{i}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(i), encoding="utf-8")
    (folder / "a" / "b").mkdir(parents=True)
    for name in ("c5-office.pdf", "b3-office-1bit.tiff"):
        shutil.copy(FIXTURES / name, folder / "a" / "b" / name)
    shutil.copy(FIXTURES / "a6-bilevel.pdf", folder / "a6.pdf")
    shutil.copy(FIXTURES / "a5-garbled.txt", folder / "misnamed.pdf")
    line = "Uy ban nhan dan xa chu tri, to chuc thuc hien ke hoach nay."
    long = pdf([f"{n}. Noi dung so {n}\n" + "\n".join([line] * 3) for n in range(1, 41)])
    (folder / "long.pdf").write_bytes(long.replace(b"startxref", b"%" * 70_000 + b"\nstartxref"))
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "table.ods").write_bytes(b"PK\x03\x04 nothing")
    (folder / ".hidden.txt").write_text("hidden")
    return folder


@pytest.fixture(scope="module")
def expected(archive: Path) -> dict[str, str]:
    """The JSON of each document by the command line."""
    sohoa_program("digitise", "in", "-o", "cli", *FLAGS, "--quiet", cwd=archive.parent, code=1)
    out = archive.parent / "cli"
    return {str(path.relative_to(out))[:-5]: path.read_text(encoding="utf-8") for path in out.rglob("*.json")}


def job(archive: Path, out: str, *flags: str) -> list[str]:
    return [sys.executable, "-m", "sohoa.ray", "in", out, *FLAGS, "--portion", "4", "--unit-files", "8", *flags]


def environment(**more: str) -> dict[str, str]:
    """Ray waits long for its processes, and starts them no nicer than the test itself: a busy machine is no failure."""
    patient = {"RAY_raylet_start_wait_time_s": "180", "RAY_worker_niceness": "0"}
    return {**os.environ, "RAY_DEDUP_LOGS": "0", "RAY_USAGE_STATS_ENABLED": "0", **patient, **more}


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dataset.dataset(out / table, format="parquet", partitioning="hive").to_table().to_pylist()
    return found


def check(out: Path, expected: dict[str, str], source: str = "in/") -> None:
    """Every document is there once, in the tables and in the JSON Lines, as the command line made it. ``source`` is how warnings call IN."""
    lines = [line for path in (out / "json").rglob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    plans = [sohoa.Plan.from_json(line) for line in lines]
    assert Counter(plan.source.path for plan in plans) == Counter(expected.keys())
    for plan in plans:
        assert plan.to_json().replace(source, "in/") == expected[plan.source.path], plan.source.path
    assert Counter(row["name"] for row in rows(out, "documents")) == Counter(expected.keys())
    for table, count in (
        ("sections", sum(len(list(plan.walk())) for plan in plans)),
        ("references", sum(len(plan.references) for plan in plans)),
        ("tasks", sum(len(plan.tasks) for plan in plans)),
    ):
        assert (len(rows(out, table)) if count else 0) == count, table
    failures = {row["name"]: (row["state"], row["reason"]) for row in rows(out, "failures")}
    wanted = {"bad.pdf": ("failed", "input"), "empty.txt": ("failed", "input"), "table.ods": ("skipped", "no-document")}
    assert failures == wanted or failures == wanted | {"empty.txt": ("skipped", "no-document")}, failures
    assert not [path for path in out.iterdir() if path.name.startswith("_")]


def test_a_job_is_what_the_command_line_does(archive: Path, expected: dict[str, str]) -> None:
    out = archive.parent / "ray"
    ended = subprocess.run(job(archive, "ray"), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    assert ended.returncode == 1, ended.stderr
    check(out, expected)
    parts = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and "failures" not in path.parts}

    # again: nothing is done twice
    ended = subprocess.run(job(archive, "ray"), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    assert f"0 done, {len(expected)} up to date" in ended.stderr, ended.stderr
    check(out, expected)
    kept = {path: path.stat().st_mtime_ns for path in parts if path.exists()}
    assert sum("json" in path.parts for path in kept) == sum("json" in path.parts for path in parts)

    # one changes: its rows take the place of the old ones, and its neighbours stay
    changed = archive / "kế hoạch 1" / "1.txt"
    before = changed.read_text(encoding="utf-8")
    changed.write_text(text(1001), encoding="utf-8")
    ended = subprocess.run(job(archive, "ray"), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    assert f"1 done, {len(expected) - 1} up to date" in ended.stderr, ended.stderr
    numbers = [row["number"] for row in rows(out, "documents") if row["name"] == "kế hoạch 1/1.txt"]
    assert numbers == ["1001/KH-UBND"]
    changed.write_text(before, encoding="utf-8")
    subprocess.run(job(archive, "ray"), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    check(out, expected)


FAULTS = '''
import os, signal, subprocess, sys, time
from pathlib import Path
import ray
from ray.cluster_utils import Cluster

what, command, out = sys.argv[1], sys.argv[3:], Path(sys.argv[2])
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "node_ip_address": "127.0.0.1"})
second = cluster.add_node(num_cpus=2, node_ip_address="127.0.0.1")
job = subprocess.Popen([*command, "--address", cluster.address])

def network(pid):
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return None

def begun():
    return len(list((out / "documents").rglob("*.parquet"))) if out.exists() else 0

limit = time.monotonic() + 120
while begun() < 3 and job.poll() is None and time.monotonic() < limit:
    time.sleep(0.05)
assert job.poll() is None, "over before the fault"
if what == "node":
    cluster.remove_node(second, allow_graceful=False)
elif what == "worker":
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True).stdout
    pids = [int(line.split()[0]) for line in listed.splitlines() if "ray::" in line and "Map" in line]
    pids = [pid for pid in pids if network(pid) == network("self")]  # other clusters of this machine are not ours to hurt
    print("actors:", pids, flush=True)
    assert pids
    os.kill(pids[0], signal.SIGKILL)
elif what == "driver":
    job.kill()
code = job.wait(300)
print("ended with", code, flush=True)
cluster.shutdown()
'''


@pytest.mark.parametrize("what", ["node", "worker", "driver"])
def test_nothing_is_lost_or_doubled(what: str, archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "faults.py"
    script.write_text(FAULTS)
    name = f"ray-{what}"
    inner = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, script, what, name, *job(archive, name)]
    ended = subprocess.run(
        ["unshare", "-n", *map(str, inner)],
        cwd=archive.parent,
        env=environment(RAY_AUTH_MODE="disabled"),  # nobody else is in this network
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    again = subprocess.run(job(archive, name), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    assert again.returncode == 1, again.stderr
    print(ended.stdout, ended.stderr, again.stderr)
    check(archive.parent / name, expected)


POISON = '''

_document = Worker._document


def _poisoned(self, unit, file):
    if file.name.endswith("/50.txt"):
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
    return _document(self, unit, file)


Worker._document = _poisoned
'''


def test_a_poisoned_document_takes_no_other_with_it(archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    """A document that ends the very process that reads it: it becomes a failure, all others are done."""
    shutil.copytree(Path(sohoa.__file__).parent, tmp_path / "sohoa", ignore=shutil.ignore_patterns("__pycache__"))
    with open(tmp_path / "sohoa" / "ray" / "_work.py", "a") as work:
        work.write(POISON)
    poisoned = environment(PYTHONPATH=str(tmp_path))
    ended = subprocess.run(
        job(archive, "ray-poison"), cwd=archive.parent, env=poisoned, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 1, ended.stderr
    (failure,) = [row for row in rows(archive.parent / "ray-poison", "failures") if row["name"].endswith("/50.txt")]
    assert failure["reason"] == "crash"
    assert len(rows(archive.parent / "ray-poison", "documents")) == len(expected) - 1
    subprocess.run(job(archive, "ray-poison"), cwd=archive.parent, env=environment(), capture_output=True, text=True)
    check(archive.parent / "ray-poison", expected)


def test_a_store_of_objects(archive: Path, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """IN and OUT on S3, or what speaks like it."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", port=0)
    boto3 = pytest.importorskip("boto3")
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    server.start()
    try:
        host, port = server.get_host_and_port()
        store = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
        for bucket in ("scans", "plans"):
            store.create_bucket(Bucket=bucket)
        for path in archive.rglob("*"):
            if path.is_file():
                store.put_object(Bucket="scans", Key=f"in/{path.relative_to(archive)}", Body=path.read_bytes())
        query = f"?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
        command = [sys.executable, "-m", "sohoa.ray", "s3://scans/in" + query, "s3://plans/out" + query, *FLAGS, "--portion", "4"]
        for said in (f"{len(expected)} done", f"0 done, {len(expected)} up to date"):
            ended = subprocess.run(command, cwd=archive.parent, env=environment(), capture_output=True, text=True, timeout=600)
            assert ended.returncode == 1 and said in ended.stderr, ended.stderr
        listed = store.get_paginator("list_objects_v2").paginate(Bucket="plans")
        for key in [found["Key"] for page in listed for found in page["Contents"]]:
            copy = archive.parent / "s3" / key
            if not key.endswith("/"):
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(store.get_object(Bucket="plans", Key=key)["Body"].read())
        check(archive.parent / "s3" / "out", expected, "s3://scans/in/")
    finally:
        server.stop()
