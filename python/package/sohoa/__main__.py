"""``python -m sohoa`` is the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line; says with which code to end."""
    import signal

    from ._native import run
    from ._worker import command

    # Ctrl-C is for the command line to handle: its first one lets the pages in flight finish
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run(["sohoa", *sys.argv[1:]], command())


if __name__ == "__main__":
    sys.exit(main())
