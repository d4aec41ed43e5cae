#!/usr/bin/env python3
"""Goes through the steps of a Dockerfile in clean Debian roots, without a container engine.

    sudo python3 tools/image_try.py [--build-arg NAME=VALUE]... [--keep FOLDER] [-- ARGUMENTS]

For each stage a root is made by debootstrap (minimal, the release that FROM names), RUN is run in it by chroot in a mount namespace of its own, COPY
copies the files that git knows and .dockerignore does not name, or those of an earlier stage. At the end ENTRYPOINT is run with ARGUMENTS in the last
root. It knows what this project's Dockerfile uses: FROM, ARG, ENV, WORKDIR, COPY, RUN, ENTRYPOINT, CMD; anything else is refused.

A root resolves names and trusts certificates as this machine does. What it does not show: the layers' sizes, users other than root, and what else the
image debian:12-slim leaves out of a minimal system.
Needs root, debootstrap and the Debian mirror.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RELEASES = {"12": "bookworm", "13": "trixie"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions with what follows them; comments gone, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [tuple(line.strip().split(None, 1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


class Stage:
    """A root and what the instructions before have set in it."""

    def __init__(self, root: Path, release: str, base: Path) -> None:
        self.root, self.environment, self.folder = root, {"PATH": PATH, "HOME": "/root"}, "/"
        self.arguments: dict[str, str] = {}
        self.entrypoint: list[str] = []
        self.command: list[str] = []
        if not base.exists():
            subprocess.run(["debootstrap", "--variant=minbase", release, base], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cp", "-a", base, root], check=True)
        shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
        # certificates that this machine trusts besides the usual ones, such as a proxy's
        own = Path("usr/local/share/ca-certificates")
        if (Path("/") / own).is_dir():
            shutil.copytree(Path("/") / own, root / own, dirs_exist_ok=True)

    def run(self, command: list[str]) -> None:
        """Runs a command inside the root, with /proc and /dev and nothing else of this system."""
        inside = f"cd {shlex.quote(self.folder)} && exec " + shlex.join(command)
        mounts = f"mount -t proc proc {self.root}/proc && mount --rbind /dev {self.root}/dev"
        script = f"{mounts} && exec chroot {self.root} /bin/sh -c {shlex.quote(inside)}"
        environment = {**self.environment, **self.arguments, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["unshare", "--mount", "--fork", "sh", "-c", script], env=environment, check=True)

    def at(self, path: str) -> Path:
        return self.root / os.path.join(self.folder, path).lstrip("/")


def context() -> list[str]:
    """The files of the project that a build sees."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    left_out = [line.strip() for line in (ROOT / ".dockerignore").read_text().splitlines() if line.strip()]

    def is_seen(name: str) -> bool:
        return not any(name == rule or name.startswith(rule + "/") or fnmatch.fnmatch(name, rule) for rule in left_out)

    return [name for name in listed.stdout.splitlines() if is_seen(name) and (ROOT / name).is_file()]


def copy(stage: Stage, words: list[str], stages: dict[str, Stage]) -> None:
    if words[0].startswith("--from="):
        source, target = words[1], stage.at(words[2])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(stages[words[0][7:]].at(source), target)
        return
    if words != [".", "."]:
        sys.exit(f"COPY {' '.join(words)}: only 'COPY . .' and 'COPY --from=STAGE FILE FILE' are known")
    for name in context():
        target = stage.at(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the roots are made, and stay")
    parser.add_argument("arguments", nargs="*", default=["--version"])
    asked = parser.parse_args()
    given = dict(pair.split("=", 1) for pair in asked.build_arg)
    place = asked.keep or Path(tempfile.mkdtemp(prefix="sohoa-image-"))
    place.mkdir(parents=True, exist_ok=True)
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    try:
        for instruction, rest in steps((ROOT / "Dockerfile").read_text()):
            print(f"{instruction} {rest}"[:160], flush=True)
            if instruction == "FROM":
                image, *named = rest.split(" AS ")
                name = named[0] if named else str(len(stages))
                release = RELEASES[re.fullmatch(r"debian:(\d+)-slim", image)[1]]  # type: ignore[index]
                stage = stages[name] = Stage(place / name, release, place / f"base-{release}")
            elif stage is None:
                sys.exit(f"{instruction} before FROM")
            elif instruction == "RUN":
                stage.run(["/bin/sh", "-c", rest])
            elif instruction == "ENV":
                stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            elif instruction == "ARG":
                name, _, value = rest.partition("=")
                stage.arguments[name] = given.get(name, value)
            elif instruction == "WORKDIR":
                stage.folder = os.path.join(stage.folder, rest)
                stage.at("").mkdir(parents=True, exist_ok=True)
            elif instruction == "COPY":
                copy(stage, rest.split(), stages)
            elif instruction in ("ENTRYPOINT", "CMD"):
                setattr(stage, {"ENTRYPOINT": "entrypoint", "CMD": "command"}[instruction], json.loads(rest))
            else:
                sys.exit(f"{instruction}: not known here")
        assert stage is not None
        print("=>", *stage.entrypoint, *asked.arguments, flush=True)
        stage.run([*stage.entrypoint, *(asked.arguments or stage.command)])
    finally:
        if asked.keep is None:
            shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
