"""Lets one command of the forge meet a fault at one system call after the other, and says it again each time.

    python sweep.py COMMAND EVERY FAULT...

takes each EVERY-th point, beginning elsewhere for each fault.  A line of JSON per point: what the command
answered, and everything that is wrong after the same command was said again; and a line for each fault of how
many points it has.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import commands
import faulty
from aftermath import forked, lost, state, wrong_after
from faulty import Point

from alphaloop.forge.local import LocalForge

HERE = Path(__file__).resolve().parent
LONGEST_S = 20.0
"""A command that waits longer for what will not come blocks its user."""


def main(name: str, every: int, faults: Sequence[str]) -> None:
    """Sweep one command with these faults."""
    with tempfile.TemporaryDirectory(prefix="sweep-") as scratch:
        place = Path(scratch)
        desk = commands.prepared(name, place / "desk")
        before = state(desk)
        found = _points(name, desk, place)
        for offset, fault in enumerate(faults):
            there = [point for point in found if _applies(fault, point)]
            for point in there[(9 + 11 * offset) % min(every, len(there)) :: every]:
                copy = place / "copy"
                shutil.copytree(desk, copy, symlinks=True)
                tried = _tried(name, fault, point, copy, before)
                _tell(fault=fault, point=point, **tried)
                shutil.rmtree(copy)
                shutil.rmtree(place / "bin", ignore_errors=True)
            _tell(fault=fault, points=len(there))


def _tell(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _applies(fault: str, point: Point) -> bool:
    if fault in ("kill", "crash"):
        return True
    return point.call != "exit_group" and not point.call.startswith(("unlink", "rmdir"))


def _points(name: str, desk: Path, place: Path) -> list[Point]:
    """Every mutating call of the program and of each git that it starts."""
    found: list[Point] = []
    for own in (True, False):
        copy, records = place / "copy", place / "bin"
        shutil.copytree(desk, copy, symlinks=True)
        environment = faulty.environment(records, "", None)
        if own:
            command = [*faulty.recording(records / "-1.trace"), *_command(name, copy)]
            subprocess.run(command, capture_output=True, check=True, timeout=60)
        elif "answer" not in (said := forked(partial(_said, name, copy), environment)):
            raise SystemExit(f"{name} fails without any fault: {said}")
        found += faulty.points(records, copy)
        shutil.rmtree(copy)
        shutil.rmtree(records)
    return found


def _tried(name: str, fault: str, point: Point, copy: Path, before: Mapping[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    if point.process < 0:
        answer = _own(name, fault, point, copy)
    else:
        environment = faulty.environment(copy.parent / "bin", fault, point)
        answer = forked(partial(_said, name, copy), environment)
    seconds = time.monotonic() - began
    middle = forked(partial(state, copy), {})
    _age_locks(copy)
    again = forked(partial(_said, name, copy), {})
    wrong = [*lost(before, middle), *forked(lambda: {"wrong": wrong_after(name, copy, before)}, {})["wrong"]]
    if set(again) != {"answer"}:
        wrong.append(f"said again, it answers {again}")
    elif "answer" in answer and answer != again:
        wrong.append(f"it answered {answer['answer']} and then {again['answer']}")
    if "crashed" in answer and fault not in ("kill", "crash"):
        wrong.append(f"unclear: {answer['crashed']}")
    if "crashed" in answer and fault == "kill" and point.process >= 0:
        wrong.append(f"unclear: {answer['crashed']}")
    if seconds > LONGEST_S:
        wrong.append(f"it took {seconds:.0f} s")
    return {"answer": answer, "seconds": round(seconds, 2), "wrong": wrong}


def _own(name: str, fault: str, point: Point, copy: Path) -> dict[str, Any]:
    """The program itself meets the fault."""
    command = [*faulty.tracing(fault, point), *_command(name, copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == 0:
        return {"answer": done.stdout.strip()}
    words = done.stderr.strip().splitlines()
    last = words[-1] if words else f"ended with {done.returncode}"
    return {"error": last} if last.startswith("alphaloop.errors.") else {"crashed": last}


def _command(name: str, folder: Path) -> list[str]:
    return [sys.executable, "-B", str(HERE / "commands.py"), name, str(folder)]


def _said(name: str, folder: Path) -> dict[str, Any]:
    forge = LocalForge(folder)
    try:
        return {"answer": commands.COMMANDS[name].say(forge)}
    finally:
        forge.shut()


def _age_locks(folder: Path) -> None:
    """Let a minute pass for the locks that were left, so that a sweep does not wait for each."""
    for path in folder.rglob("*.lock"):
        os.utime(path, (time.time() - 60,) * 2)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
