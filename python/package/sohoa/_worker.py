"""A worker process: this file is what is started, by its path and without the package around it.

Nothing is taken from the environment or the working folder (``-I``), and the site's packages are not looked for (``-S``): a worker needs the
extension module beside this file and nothing else, and starts sooner.
"""

import os
import sys

TYPE_CHECKING = False


def command() -> "list[str]":
    """How to start a worker."""
    if not sys.executable:
        raise RuntimeError("this interpreter does not know its own path (sys.executable), so no worker process can be started")
    return [sys.executable, "-I", "-S", os.path.abspath(__file__)]


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import _native  # type: ignore[import-not-found,unused-ignore]

    try:
        _native.serve()
    except OSError as error:
        sys.exit(f"worker process: {error}")
