"""Commands of the forge on a disk that is really full, and again after room was made.

    unshare --mount python full_disk.py DISK KIB COMMAND[:PAGES[,PAGES]...]...

mounts a file system of KIB at the folder DISK, which nobody else sees and which ends with this process.  A
line of JSON for each number of free pages, from 0 up until the command succeeds or for PAGES alone: what it
answered, and everything that is wrong then or once the same command was said again with room.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import commands
from aftermath import forked, state, untidy, wrong_after

from alphaloop.errors import BadConfiguration, RepositoryFailure
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.forge.syncing.sync import sync
from alphaloop.rules.constitution.writing import with_humans

PAGE = 4096
_ROLES = Path(__file__).resolve().parents[3] / "roles.yaml"
MOST_PAGES = 80
_CHATTER, _ACKNOWLEDGED = 8, "acknowledged"
_MAKE_ROOM = ("RepositoryFailure: ", "OSError: [Errno 28]")
State = Mapping[str, Any]


class Errand(NamedTuple):
    """How a place is made ready, what is said there, and what is wrong once that has succeeded.

    A place holds the folder `desk`, and `origin.git` where there is one; full: which of them the disk holds.
    """

    ready: Callable[[Path], None]
    say: Callable[[Path, Path], dict[str, Any]]
    wrong: Callable[[Path, Path, State], list[str]]
    full: str = "desk"


def main(disk: Path, kib: int, asked: Sequence[str]) -> None:
    """Try each command at each number of free pages that was asked for."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", str(disk)], check=True)
    with tempfile.TemporaryDirectory(prefix="full-disk-") as scratch:
        for words in asked:
            name, _, pages = words.partition(":")
            sizes = [int(one) for one in pages.split(",")] if pages else range(MOST_PAGES)
            for line in _filled(name, disk, sizes, Path(scratch)):
                sys.stdout.write(json.dumps(line) + "\n")
                sys.stdout.flush()


def _filled(name: str, disk: Path, sizes: Sequence[int], scratch: Path) -> Iterator[dict[str, Any]]:
    errand, ready = _ERRANDS[name], scratch / name
    ready.mkdir()
    errand.ready(ready)
    for pages in sizes:
        place = scratch / "place"
        shutil.copytree(ready, place, symlinks=True)
        shutil.move(place / errand.full, disk / errand.full)
        (place / errand.full).symlink_to(disk / errand.full)
        line = _tried(errand, disk, place, pages)
        shutil.rmtree(place)
        shutil.rmtree(disk / errand.full)
        yield {"command": name, "pages": pages, **line}
        if "answer" in line["answer"]:
            return


def _tried(errand: Errand, disk: Path, place: Path, pages: int) -> dict[str, Any]:
    desk, origin = place / "desk", place / "origin.git"
    before = state(desk)
    with _full(disk, pages):
        answer = forked(partial(errand.say, desk, origin), {})
        middle = forked(partial(state, desk), {})
    wrong = [f"unclear: {answer['crashed']}"] if "crashed" in answer else []
    if not middle.get("error", "").startswith(_MAKE_ROOM):
        wrong += _gone(before, middle)
    again = forked(partial(errand.say, desk, origin), {})
    if set(again) != {"answer"}:
        wrong.append(f"said again with room, it answers {again}")
    elif "answer" in answer and answer != again:
        wrong.append(f"it answered {answer['answer']} and then {again['answer']}")
    after = forked(lambda: {"wrong": errand.wrong(desk, origin, before)}, {})
    return {"answer": answer, "wrong": [*wrong, *after.get("wrong", [f"cannot be told: {after}"])]}


def _gone(before: State, now: State) -> list[str]:
    """What was acknowledged and is not there now, neither itself nor imported."""
    if "entries" not in now:
        return [f"it cannot be read: {now}"]
    names = [name for entry in now["entries"] for name in entry]
    gone = [key for key, commit in before["entries"] if not any(name.endswith(commit) for name in names)]
    return [f"lost {one}" for one in (*gone, *(set(before["events"]) - set(now["events"])))]


@contextmanager
def _full(disk: Path, pages: int) -> Iterator[None]:
    """Leave this many pages free within."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail
    filler.write_bytes(bytes(PAGE * (free - pages)))
    try:
        yield
    finally:
        filler.unlink()


# What is said.


def _command(name: str) -> Errand:
    def ready(place: Path) -> None:
        commands.prepared(name, place / "desk")

    def say(desk: Path, origin: Path) -> dict[str, Any]:
        return _with(desk, commands.COMMANDS[name].say)

    def wrong(desk: Path, origin: Path, before: State) -> list[str]:
        return wrong_after(name, desk, before)

    return Errand(ready, say, wrong)


def _apart(place: Path) -> None:
    """A desk and its origin, each with a comment and an entry that the other lacks."""
    commands.prepared("append", place / "desk")
    subprocess.run(
        ["git", "init", "-q", "--bare", "--initial-branch=main", "origin.git"], cwd=place, check=True
    )
    _sync(place / "desk", place / "origin.git")
    shutil.copytree(place / "desk", place / "other")
    _with(place / "other", commands.event)
    _with(place / "other", commands.opened)
    _sync(place / "other", place / "origin.git")
    _with(place / "desk", commands.append)


def _sync(desk: Path, origin: Path) -> dict[str, Any]:
    # Where it lies is a part of what it is called, and so is what was seen there.
    there = str(origin)
    return _with(desk, lambda forge: _told(sync(forge.git, forge.keys, forge.ledger, there, "human:ann")))


def _told(words: Sequence[str]) -> str:
    """Nothing: what is left to say of a sync depends on how far the last one came."""
    return "synced"


def _unlike(desk: Path, origin: Path, before: State) -> list[str]:
    """What the two do not both hold after a sync."""
    here, there = (_refs(folder) for folder in (desk, origin))
    wrong = [
        f"{name} differs" for name in sorted(here.keys() | there.keys()) if here.get(name) != there.get(name)
    ]
    after = state(desk)
    wrong += _gone(before, after)
    wrong += [] if "Go on." in _with(desk, _texts)["answer"] else ["the other's comment did not come"]
    return [*wrong, *untidy(desk)]


def _refs(folder: Path) -> dict[str, str]:
    listing = subprocess.run(
        ["git", "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/alphaloop"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return dict(line.split() for line in listing.stdout.splitlines())


def _texts(forge: LocalForge) -> str:
    return "\n".join(said.text for said in forge.conversation(1))


def _talking(place: Path) -> None:
    commands.prepared("event", place / "desk")


def _desk(place: Path) -> None:
    seats = with_humans(_ROLES.read_bytes(), ["ann"])
    found(place / "desk", {**commands.FILES, "roles.yaml": seats}, ("quant", "risk", "sre"), "ann")


def _rotated(desk: Path, origin: Path) -> dict[str, Any]:
    """Another key for Quant, as a person asks for it at the door; its exit code says who must act."""
    command = [
        sys.executable,
        "-c",
        "from alphaloop.doors.cli import main; main()",
        "keys",
        "rotate",
        "quant",
    ]
    ended = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=60, check=False)
    words = ended.stderr.strip().rpartition("\n")[2]
    if ended.returncode:
        return {"error" if ended.returncode == RepositoryFailure.exit_code else "crashed": words}
    return {"answer": "rotated"}


def _chatter(desk: Path, origin: Path) -> dict[str, Any]:
    """Comments and entries in turn, each written down elsewhere as soon as it is acknowledged."""
    forge = LocalForge(desk)
    try:
        with (desk.parent / _ACKNOWLEDGED).open("a") as elsewhere:
            for number in range(_CHATTER):
                forge.comment(1, "human:ann", f"{number} " + 3000 * "x", f"chatter:{number}")
                elsewhere.write(f"{forge.conversation(1)[-1].commit}\n")
                lesson = Draft(Kind.LESSON, f"lesson:{number}", "wider pays", {"words": 3000 * "x"})
                elsewhere.write(f"{forge.ledger.append(lesson, 'quant').commit}\n")
                elsewhere.flush()
    finally:
        forge.shut()
    return {"answer": "all is said"}


def _unsaid(desk: Path, origin: Path, before: State) -> list[str]:
    """What was acknowledged and is gone, or was said twice or never."""
    now = state(desk)
    held = {commit for _, commit in now["entries"]} | set(now["events"])
    acknowledged = (desk.parent / _ACKNOWLEDGED).read_text().split()
    wrong = [f"lost {commit}" for commit in acknowledged if commit not in held]
    said = len(now["events"]) - len(before["events"]), len(now["entries"]) - len(before["entries"])
    wrong += [] if said == (_CHATTER, _CHATTER) else [f"{said} were said"]
    return [*wrong, *untidy(desk)]


def _unsigned(desk: Path, origin: Path, before: State) -> list[str]:
    """What keeps Quant from signing with the new key, and whatever else is left of the old one."""
    left = sorted(path.name for path in (desk / ".alphaloop" / "keys").glob("-new-*"))
    wrong = [f"a drawn key is left: {left}"] if left else []
    try:
        _with(desk, commands.append)
    except BadConfiguration as unsigned:
        wrong.append(f"Quant cannot sign: {unsigned}")
    return [*wrong, *untidy(desk)]


def _with(desk: Path, work: Callable[[LocalForge], str]) -> dict[str, Any]:
    forge = LocalForge(desk)
    try:
        return {"answer": work(forge)}
    finally:
        forge.shut()


_ERRANDS = {
    **{name: _command(name) for name in commands.COMMANDS},
    "sync": Errand(_apart, _sync, _unlike),
    "origin": Errand(_apart, _sync, _unlike, full="origin.git"),
    "chatter": Errand(_talking, _chatter, _unsaid),
    "rotate": Errand(_desk, _rotated, _unsigned),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
