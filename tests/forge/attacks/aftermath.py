"""What a desk acknowledges, and what is wrong with it once a command that met a fault was said again.

A standalone helper of `sweep.py` and `full_disk.py`.
"""

import json
import os
import subprocess
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import commands

from alphaloop.errors import AlphaLoopError
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify


def state(folder: Path) -> dict[str, Any]:
    """What is acknowledged: every entry and event in its order."""
    forge = LocalForge(folder)
    try:
        talks = {number: [said.commit for said in forge.conversation(number)] for number in forge.numbers()}
        entries = [[entry.key, entry.commit] for entry in forge.ledger.entries()]
        return {"entries": entries, "events": talks.get(1, []), "others": talks, "main": forge.main()}
    finally:
        forge.shut()


def lost(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What was there before the command and is not there now."""
    if "entries" not in now:
        return [f"cannot be read after the fault: {now}"]
    return [
        f"lost {kind}" for kind in ("entries", "events") if now[kind][: len(before[kind])] != before[kind]
    ]


def wrong_after(name: str, folder: Path, before: Mapping[str, Any]) -> list[str]:
    """What is wrong once the command has succeeded and what is left over was tidied up."""
    command = commands.COMMANDS[name]
    forge = LocalForge(folder)
    try:
        forge.recover()
        second = forge.recover()
    finally:
        forge.shut()
    after = state(folder)
    wrong = [*lost(before, after), *([f"recovery finds something twice: {second}"] if second else [])]
    if [key for key, _ in after["entries"][len(before["entries"]) :]] != list(command.entries):
        wrong.append(f"the ledger now ends with {after['entries'][len(before['entries']) :]}")
    if len(after["events"]) != len(before["events"]) + len(command.events):
        wrong.append(f"the pull request has {len(after['events'])} events")
    if name == "open" and len(after["others"].get(2, ())) != 1:
        wrong.append(f"pull request 2 has the events {after['others'].get(2)}")
    if (after["main"] != before["main"]) != (name in ("merge", "restore")):
        wrong.append("main moved, or did not")
    return [*wrong, *untidy(folder)]


def untidy(folder: Path) -> list[str]:
    """Locks, a checkout that differs, and claims that `verify` finds false."""
    locks = [str(path.relative_to(folder)) for path in folder.rglob("*.lock")]
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True
    )
    found = [f"locks are left: {locks}"] if locks else []
    found += [f"the checkout differs: {status.stdout}"] if status.stdout else []
    return [
        *found,
        *(f"{claim.what}: {claim.words}" for claim in verify(folder).claims if claim.holds == "false"),
    ]


def forked(work: Callable[[], dict[str, Any]], environment: Mapping[str, str]) -> dict[str, Any]:
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
