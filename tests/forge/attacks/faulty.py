"""A `git` that is traced, killed, or failed at one system call, and the calls at which it can be.

A standalone helper of `sweep.py`.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CALLS = (
    "creat,write,pwrite64,writev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,"
    "mkdir,mkdirat,ftruncate,truncate,fsync,fdatasync,chmod,fchmod,fchmodat,openat,exit_group"
)
"""What can change a file or a folder; `exit_group` is the moment after the last change, before it is told."""
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
_OWN = -1


class Point(NamedTuple):
    """The `number`-th `call` of the `process`-th git of a command, or of the program itself (-1).

    about: what it was called with, for people.
    """

    process: int
    call: str
    number: int
    about: str


def environment(folder: Path, fault: str, point: Point | None) -> dict[str, str]:
    """An environment whose `git` records its calls, or meets `fault` at `point`.

    kill: that git dies and the program lives; crash: the program dies with it; else the name of an error,
    which the call answers.
    """
    folder.mkdir()
    (folder / "count").write_text("0\n")
    (folder / "git").write_text(_wrapper(folder, fault, point))
    (folder / "git").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def tracing(fault: str, point: Point) -> list[str]:
    """The strace that lets what it starts meet `fault` at `point`."""
    what = "signal=KILL" if fault in ("kill", "crash") else f"error={fault}"
    inject = f"inject={point.call}:{what}:when={point.number}"
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={point.call}", "-e", inject]


def recording(file: Path) -> list[str]:
    """The strace that writes down every call of what it starts that could change something."""
    return ["strace", "-qq", "-y", "-s", "60", "-o", str(file), "-e", f"trace={CALLS}"]


def points(folder: Path, desk: Path) -> Iterator[Point]:
    """Every mutating call that was recorded in `folder`, on files below `desk`."""
    for trace in sorted(folder.glob("*.trace"), key=lambda path: int(path.stem)):
        seen: Counter[str] = Counter()
        for line in trace.read_text(errors="replace").splitlines():
            called = _LINE.match(line)
            if called is None:
                continue
            call, about = called.groups()
            seen[call] += 1
            if _mutates(call, about, str(desk)):
                yield Point(int(trace.stem), call, seen[call], about[:120])


def _mutates(call: str, about: str, desk: str) -> bool:
    if call == "exit_group":
        return True
    if call == "openat":
        return desk in about and ("O_CREAT" in about or "O_TRUNC" in about)
    if call in ("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fchmod"):
        return desk in about.split(">", 1)[0]
    return True


def _wrapper(folder: Path, fault: str, point: Point | None) -> str:
    git = shutil.which("git")
    lines = [
        "#!/bin/sh",
        f'case "$1" in cat-file) exec {git} "$@";; esac',
        f"read n < {folder}/count",
        f"echo $((n + 1)) > {folder}/count",
    ]
    if point is None:
        lines.append(f'exec {" ".join(recording(folder / "$n.trace"))} {git} "$@"')
    elif point.process != _OWN:
        lines += [f"if [ $n -eq {point.process} ]; then", f'  {" ".join(tracing(fault, point))} {git} "$@"']
        lines += ["  ended=$?"]
        # Nothing of the program runs between git's death and its own: it waits for git.
        lines += ["  [ $ended -ge 128 ] && kill -KILL $PPID"] if fault == "crash" else []
        lines += ["  exit $ended", "fi"]
    return "\n".join([*lines, f'exec {git} "$@"', ""])
