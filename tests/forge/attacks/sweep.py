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
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import commands
import faulty
from faulty import Point

from alphaloop.errors import AlphaLoopError
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify

HERE = Path(__file__).resolve().parent
LONGEST_S = 20.0
"""A command that waits longer for what will not come blocks its user."""


def main(name: str, every: int, faults: Sequence[str]) -> None:
    """Sweep one command with these faults."""
    with tempfile.TemporaryDirectory(prefix="sweep-") as scratch:
        place = Path(scratch)
        desk = commands.prepared(name, place / "desk")
        before = _state(desk)
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
        elif "answer" not in (said := _forked(partial(_said, name, copy), environment)):
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
        answer = _forked(partial(_said, name, copy), environment)
    seconds = time.monotonic() - began
    middle = _forked(partial(_state, copy), {})
    _age_locks(copy)
    again = _forked(partial(_said, name, copy), {})
    wrong = [*_lost(before, middle), *_forked(lambda: {"wrong": _wrong(name, copy, before)}, {})["wrong"]]
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


def _state(folder: Path) -> dict[str, Any]:
    """What is acknowledged: every entry and event in its order."""
    forge = LocalForge(folder)
    try:
        talks = {number: [said.commit for said in forge.conversation(number)] for number in forge.numbers()}
        entries = [[entry.key, entry.commit] for entry in forge.ledger.entries()]
        return {"entries": entries, "events": talks.get(1, []), "others": talks, "main": forge.main()}
    finally:
        forge.shut()


def _lost(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What was there before the command and is not there now."""
    if "entries" not in now:
        return [f"cannot be read after the fault: {now}"]
    return [
        f"lost {kind}" for kind in ("entries", "events") if now[kind][: len(before[kind])] != before[kind]
    ]


def _wrong(name: str, folder: Path, before: Mapping[str, Any]) -> list[str]:
    """What is wrong once the command has succeeded and what is left over was tidied up."""
    command = commands.COMMANDS[name]
    forge = LocalForge(folder)
    try:
        forge.recover()
        second = forge.recover()
    finally:
        forge.shut()
    after = _state(folder)
    wrong = [*_lost(before, after), *([f"recovery finds something twice: {second}"] if second else [])]
    if [key for key, _ in after["entries"][len(before["entries"]) :]] != list(command.entries):
        wrong.append(f"the ledger now ends with {after['entries'][len(before['entries']) :]}")
    if len(after["events"]) != len(before["events"]) + len(command.events):
        wrong.append(f"the pull request has {len(after['events'])} events")
    if name == "open" and len(after["others"].get(2, ())) != 1:
        wrong.append(f"pull request 2 has the events {after['others'].get(2)}")
    if (after["main"] != before["main"]) != (name in ("merge", "restore")):
        wrong.append("main moved, or did not")
    return [*wrong, *_untidy(folder)]


def _untidy(folder: Path) -> list[str]:
    locks = [str(path.relative_to(folder)) for path in folder.rglob("*.lock")]
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True
    )
    untidy = [f"locks are left: {locks}"] if locks else []
    untidy += [f"the checkout differs: {status.stdout}"] if status.stdout else []
    return [
        *untidy,
        *(f"{claim.what}: {claim.words}" for claim in verify(folder).claims if claim.holds == "false"),
    ]


def _age_locks(folder: Path) -> None:
    """Let a minute pass for the locks that were left, so that a sweep does not wait for each."""
    for path in folder.rglob("*.lock"):
        os.utime(path, (time.time() - 60,) * 2)


def _forked(work: Callable[[], dict[str, Any]], environment: Mapping[str, str]) -> dict[str, Any]:
    """What `work` answers in a process of its own, or how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.environ.update(environment)
        os.write(writing, json.dumps(_answered(work)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"crashed": "killed"}


def _answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except AlphaLoopError as clear:
        return {"error": f"{type(clear).__name__}: {clear}"}
    except SystemExit as refused:
        return {"error": str(refused)}
    except BaseException:  # noqa: BLE001 what is not clear is what the sweep looks for
        return {"crashed": traceback.format_exc()}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
