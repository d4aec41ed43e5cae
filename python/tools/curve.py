"""What Ray costs: the same documents by the command line and by `python -m sohoa.ray`, in turn, on the same cores.

    python python/tools/curve.py texts 100 1000 10000 [--bytes 2000] [--workers 1 2] [--rounds 1]
    python python/tools/curve.py scans 100 [--workers 1 2] [--rounds 3]
    python python/tools/curve.py restore 100 [--bytes 15600] [--rounds 3]

Texts are pieces of a garbled plan of `fixtures/`, all of them different; scans are copies of the scanned plans there. Each row is one run: its
time by the clock, the CPU time of the whole machine meanwhile (of Ray's own processes too, so nothing else should run), the largest memory of the
process that was started (the driver, or the command line with no workers counted), and the clock's time against the command line's of the same
round. `restore` needs no Ray: CPU seconds of `sohoa.restore` and of `python -m sohoa restore`, the core itself, on the same texts. `./x ray-curve` runs it with all that it needs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SCANS = ["a6-bilevel.pdf", "c5-office.pdf"]
#: How many files a folder gets.
EACH = 1000


def texts(folder: Path, count: int, size: int) -> None:
    lines = (FIXTURES / "a5-garbled.txt").read_text(encoding="utf-8").split("\n")
    chance = random.Random(1)
    for i in range(count):
        place = folder / str(i // EACH)
        place.mkdir(parents=True, exist_ok=True)
        text, at = f"Số: {i}/KH-UBND\n", chance.randrange(len(lines))
        while len(text.encode()) < size:
            words = lines[at % len(lines)].split(" ")
            k = chance.randrange(len(words))
            words[k] = words[k].replace("a", chance.choice("aeo"), 1)
            text, at = text + " ".join(words) + "\n", at + 1
        (place / f"{i}.txt").write_bytes(text.encode()[:size].decode(errors="ignore").encode())


def scans(folder: Path, count: int) -> None:
    for i in range(count):
        place = folder / str(i // EACH)
        place.mkdir(parents=True, exist_ok=True)
        name = SCANS[i % len(SCANS)]
        shutil.copy(FIXTURES / name, place / f"{i}-{name}")


def cpu() -> float:
    """Seconds that the machine's processors have worked."""
    with open("/proc/stat") as stat:
        user, nice, system = map(int, stat.readline().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def measure(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds by the clock and of the machine's CPU, megabytes of the process."""
    with tempfile.TemporaryFile("w+") as said:
        begun, before = time.monotonic(), cpu()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds, spent = time.monotonic() - begun, cpu() - before
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{said.read()}")
    return seconds, spent, used.ru_maxrss / 1024


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=["texts", "scans", "restore"])
    asked.add_argument("counts", type=int, nargs="+", metavar="N")
    asked.add_argument("--bytes", type=int, default=2000)
    asked.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    asked.add_argument("--rounds", type=int, default=1)
    given = asked.parse_args()
    if given.what == "restore":
        for _ in range(given.rounds):
            restore(given.counts[0], given.bytes)
        return
    print("| documents | workers | by | s | CPU-s | documents/s | MB | against the command line |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for count in given.counts:
        with tempfile.TemporaryDirectory(prefix="sohoa-curve-") as name:
            folder = Path(name)
            texts(folder / "in", count, given.bytes) if given.what == "texts" else scans(folder / "in", count)
            for workers in given.workers:
                for _ in range(given.rounds):
                    row(folder, count, workers)


def restore(count: int, size: int) -> None:
    import sohoa

    with tempfile.TemporaryDirectory(prefix="sohoa-curve-") as name:
        folder = Path(name)
        texts(folder, count, size)
        read = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))]
        sohoa.restore("ke hoach")  # the dictionaries are there then
        begun = time.process_time()
        for text in read:
            sohoa.restore(text)
        python = time.process_time() - begun
        before = os.times()
        subprocess.run([sys.executable, "-m", "sohoa", "restore"], input="\n".join(read), text=True, stdout=subprocess.DEVNULL, check=True)
        after = os.times()
    core = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{count} texts of {size} bytes: sohoa.restore {python:.2f} CPU-s, sohoa restore {core:.2f}", flush=True)


def row(folder: Path, count: int, workers: int) -> None:
    line = ["digitise", "in", "-o", "cli", "--quiet", "--jobs", str(workers)]
    job = ["in", "ray", "--quiet", "--actors", str(workers)]
    alone = 0.0
    for by, module, arguments in (("command line", "sohoa", line), ("Ray", "sohoa.ray", job)):
        seconds, spent, memory = measure([sys.executable, "-m", module, *arguments], folder)
        alone = alone or seconds
        figures = f"{seconds:.1f} | {spent:.1f} | {count / seconds:.1f} | {memory:.0f} | {seconds / alone - 1:+.1%}"
        print(f"| {count} | {workers} | {by} | {figures} |", flush=True)
        for out in ("cli", "ray"):
            shutil.rmtree(folder / out, ignore_errors=True)


if __name__ == "__main__":
    main()
