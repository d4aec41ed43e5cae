"""``python -m sohoa.ray IN OUT``: digitises an archive on a Ray cluster."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._job import Summary

EPILOG = """\
OUT gets Parquet tables (documents, sections, references, tasks, failures) and JSON Lines (json), parted by the folders of IN.
Running again does what is new, changed, or failed. Exit codes: 0 all done, 1 some failed, 2 wrong usage, 3 the cluster or a
filesystem failed, 130 interrupted.

Examples:
  python -m sohoa.ray scans/ out/
  python -m sohoa.ray s3://archive/scans s3://archive/plans --address auto --actors 512
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m sohoa.ray",
        description="Digitises an archive on a Ray cluster.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("source", metavar="IN", help="folder or address (s3://, hdfs://, any that fsspec knows)")
    made.add_argument("out", metavar="OUT", help="folder or address of the tables")
    made.add_argument("--address", help="the Ray cluster [default: RAY_ADDRESS, else one on this machine]")
    made.add_argument("--actors", type=int, metavar="N", help="documents at a time [default: one for each CPU]")
    made.add_argument("--shard", metavar="I/N", help="only part I of N, as names fall")
    made.add_argument("--verify", action="store_true", help="hash what is done again, instead of trusting size and time")
    made.add_argument("--unit-files", type=int, default=64, metavar="N", help="most documents of a unit [default: 64]")
    made.add_argument("--unit-mb", type=float, default=2.0, metavar="MB", help="size of a unit [default: 2]")
    made.add_argument("--portion", type=int, default=16, metavar="PAGES", help="pages of a portion of a large document [default: 16]")
    made.add_argument("--wave", type=int, default=20_000, metavar="N", help="documents the driver holds at a time [default: 20000]")
    made.add_argument("--quiet", "-q", action="store_true", help="no word of progress, only the last line")
    reading = made.add_argument_group("reading", "as for `sohoa digitise`")
    reading.add_argument("--model", metavar="NAME")
    reading.add_argument("--fast", action="store_true")
    reading.add_argument("--ocr", choices=["auto", "always", "never"])
    reading.add_argument("--dpi", type=float)
    reading.add_argument("--dictionaries", metavar="DIR", help="must be there on every node")
    limits = ("page-timeout", "document-timeout", "worker-memory", "max-file-mb", "max-text-mb", "max-pages")
    for name in (*limits, "max-pixels", "max-stream-mb", "max-nesting"):
        kind: Any = float if name.endswith("timeout") else int
        reading.add_argument(f"--{name}", type=kind, metavar="N")
    return made


OPTIONS = (
    "model fast ocr dpi dictionaries page_timeout document_timeout worker_memory max_file_mb max_text_mb max_pages max_pixels max_stream_mb max_nesting"
).split()


class Telling:
    """Says how far the job is, every ten seconds."""

    def __init__(self) -> None:
        self.told = time.monotonic()

    def __call__(self, summary: Summary) -> None:
        if time.monotonic() - self.told >= 10:
            self.told = time.monotonic()
            print(f"sohoa.ray: {summary}", file=sys.stderr, flush=True)


def main() -> int:
    asked = parser().parse_args()
    if importlib.util.find_spec("ray") is None:
        print("sohoa.ray: Ray is not installed: pip install 'sohoa[ray]'", file=sys.stderr)
        return 2
    from ._job import run

    options = {name: given for name in OPTIONS if (given := getattr(asked, name)) is not None and given is not False}
    try:
        summary = run(
            asked.source,
            asked.out,
            address=asked.address,
            options=options,
            actors=asked.actors,
            unit_files=asked.unit_files,
            unit_mb=asked.unit_mb,
            portion=asked.portion,
            wave=asked.wave,
            shard=asked.shard,
            verify=asked.verify,
            progress=None if asked.quiet else Telling(),
        )
    except (ValueError, FileNotFoundError) as error:
        print(f"sohoa.ray: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sohoa.ray: interrupted; the next run goes on", file=sys.stderr)
        return 130
    except Exception as error:  # the cluster's, or a filesystem's: there are no others to tell apart
        print(f"sohoa.ray: {type(error).__name__}: {error}\nThe next run goes on where this one ended.", file=sys.stderr)
        return 3
    print(summary, file=sys.stderr)
    if summary.lost:
        name, why = next(iter(summary.lost.items()))
        print(f"sohoa.ray: {len(summary.lost)} could not be read or written, such as {name}: {why}; run again", file=sys.stderr)
        return 3
    return 1 if summary.failed else 0


if __name__ == "__main__":
    sys.exit(main())
