"""SIGKILL after each of the seven steps, and in the middle of a test, loses nothing and doubles nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge.local import LocalForge
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.lessons import turn_of
from alphaloop.rules.entries.verdicts import verdict_of

ON_CORES = "import os; os.sched_setaffinity(0, {}); from alphaloop.doors.cli import main; main()"
PATIENCE_S = 200.0

# The first of these tests waits for the whole story.
pytestmark = pytest.mark.timeout(900)

Reached = Callable[[Sequence[Entry]], bool]


def _holds(kind: Kind, times: int = 1) -> Reached:
    return lambda entries: sum(entry.kind is kind for entry in entries) >= times


def _risk_has_spoken(entries: Sequence[Entry]) -> bool:
    return any(entry.kind is Kind.VERDICT and verdict_of(entry).seat == "risk" for entry in entries)


# What the ledger shows once a step is done, in the order of the loop.
DONE: dict[str, Reached] = {
    "1 review performance": _holds(Kind.RECORD),
    "2 propose": _holds(Kind.PLAN),
    "3 implement": _holds(Kind.CHANGE),
    "4 review, first answers": _holds(Kind.VERDICT, 2),
    "4 review, in the middle of the test": _holds(Kind.TEST_OPENED),
    "4 review": _risk_has_spoken,
    "5 deploy, decided": _holds(Kind.DECISION),
    "5 deploy": _holds(Kind.RELEASE),
    "6 execute, the canary's evidence": _holds(Kind.EVIDENCE, 2),
    "6 execute": _holds(Kind.OUTCOME),
    "7 learn": _holds(Kind.LESSON),
}


def _entries(folder: Path) -> tuple[Entry, ...]:
    forge = LocalForge(folder)
    try:
        return forge.ledger.entries()
    finally:
        forge.shut()


def _started(folder: Path, cores: int) -> "subprocess.Popen[bytes]":
    """A run in a session of its own; a file takes its words, because a pipe would outlive it with a child."""
    usable = sorted(os.sched_getaffinity(0))[:cores]
    run = (sys.executable, "-c", ON_CORES.format(usable), "run", "--seed", "1")
    with (folder.parent / "said.txt").open("w") as said:
        return subprocess.Popen(
            run,
            cwd=folder,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _killed_once(folder: Path, reached: Reached, cores: int = 1) -> int:
    """Run the loop, and SIGKILL it as soon as its ledger shows what `reached` looks for."""
    process = _started(folder, cores)
    forge = LocalForge(folder)
    try:
        until = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < until:
            if reached(forge.ledger.entries()):
                break
            time.sleep(0.002)
    finally:
        forge.shut()
        process.kill()
        process.wait(timeout=20)
    _nobody_survives(process.pid)
    return process.returncode


def _nobody_survives(session: int) -> None:
    """What the killed run had started notices, and ends by itself."""
    until = time.monotonic() + 20
    while _members(session) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _members(session)


def _members(session: int) -> list[str]:
    """The commands of all processes of a session that are not zombies."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (process / "stat").read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _, _, of = rest.split()[:4]
        if int(of) == session and state != "Z":
            found.append(name)
    return found


def _finished(folder: Path, cores: int = 1) -> int:
    process = _started(folder, cores)
    ended = process.wait(timeout=PATIENCE_S)
    assert ended in (0, 1), (folder.parent / "said.txt").read_text()
    return ended


def _everything_once(folder: Path) -> None:
    """One turn, as if nobody had ever killed anything."""
    counts = Counter(entry.kind for entry in _entries(folder))
    once = (Kind.PLAN, Kind.NUMBER, Kind.CHANGE, Kind.TEST_OPENED, Kind.RELEASE, Kind.OUTCOME, Kind.LESSON)
    assert {kind: counts[kind] for kind in once} == dict.fromkeys(once, 1)
    assert counts[Kind.EVIDENCE] == 2, "the test's and the canary's"
    keys = [entry.key for entry in _entries(folder)]
    assert len(set(keys)) == len(keys)


def _whole(folder: Path) -> None:
    """No half-written reference, no lock, a clean checkout, and nothing that verify calls false."""
    assert list((folder / ".git").rglob("*.lock")) == []
    for command in (["fsck", "--strict", "--no-dangling"], ["status", "--porcelain"]):
        done = subprocess.run(
            ["git", *command], cwd=folder, capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout == ""
    assert [claim for claim in verified(folder, 2, lambda words: None) if claim.holds is Holds.FALSE] == []


@pytest.fixture(scope="module")
def story(leaning: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A turn whose run was killed after every step, and how each of the killed runs ended."""
    folder = tmp_path_factory.mktemp("killed") / "desk"
    shutil.copytree(leaning, folder)
    return folder, {step: _killed_once(folder, reached) for step, reached in DONE.items()}


def test_every_run_was_killed_while_it_worked(story: tuple[Path, dict[str, int]]) -> None:
    _, endings = story
    assert endings == dict.fromkeys(DONE, -signal.SIGKILL)


def test_a_turn_that_was_killed_after_each_step_ends_as_if_it_had_not_been(
    story: tuple[Path, dict[str, int]],
) -> None:
    folder, _ = story
    _everything_once(folder)
    (lesson,) = (entry for entry in _entries(folder) if entry.kind is Kind.LESSON)
    assert (turn_of(lesson).turn, turn_of(lesson).decision) == (1, "merged")


def test_main_is_what_was_tested_and_confirmed(story: tuple[Path, dict[str, int]]) -> None:
    folder, _ = story
    forge = LocalForge(folder)
    try:
        (tested,) = (entry for entry in forge.ledger.entries() if entry.kind is Kind.TEST_OPENED)
        assert forge.tree(forge.main()) == tested.body["head_tree"]
        assert forge.change(1).head_tree == tested.body["head_tree"]
    finally:
        forge.shut()


def test_the_next_run_finds_a_whole_repository_and_turns_on(story: tuple[Path, dict[str, int]]) -> None:
    folder, _ = story
    _finished(folder)
    assert [turn_of(one).turn for one in _entries(folder) if one.kind is Kind.LESSON] == [1, 2]
    assert "Turn 1" in (folder / "walkthrough.md").read_text()
    _whole(folder)


def test_a_test_that_was_killed_half_way_goes_on_with_the_same_seeds_and_is_paid_once(
    leaning: Path, copied: Callable[[Path], Path]
) -> None:
    """On all cores, where more processes than one have to notice that nobody asks them any more."""
    folder = copied(leaning)
    assert _killed_once(folder, _holds(Kind.TEST_OPENED), cores=2) == -signal.SIGKILL
    (opened,) = (entry for entry in _entries(folder) if entry.kind is Kind.TEST_OPENED)
    assert not [entry for entry in _entries(folder) if entry.kind is Kind.EVIDENCE], "killed before its end"
    assert _killed_once(folder, _holds(Kind.EVIDENCE), cores=2) == -signal.SIGKILL
    entries = _entries(folder)
    assert [entry for entry in entries if entry.kind is Kind.TEST_OPENED] == [opened]
    (played,) = (evidence_of(entry) for entry in entries if entry.kind is Kind.EVIDENCE)
    assert played.of == opened.commit
    _whole(folder)
