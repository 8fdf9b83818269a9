"""`advance` on a real desk: it goes on where things stand, leaves others theirs, and begins nothing."""

import subprocess
import sys
import time

import pytest

from alphaloop import loop
from alphaloop.doors.verifying import verified
from alphaloop.facts.change import State
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.step import Step
from alphaloop.facts.work import LEASE_S, Work
from alphaloop.rules.entries.claims import claim
from alphaloop.rules.life import state

pytestmark = pytest.mark.timeout(400)


def _kinds(desk, kind):
    return [entry for entry in desk.ledger.entries() if entry.kind is kind]


def test_it_decides_and_merges_what_was_reviewed_and_leaves_the_canary_to_whoever_claimed_it(
    approved, copied, sit
):
    folder = copied(approved)
    desk, main = sit(folder), sit(folder).forge.main()
    steps = loop.advance(desk)
    assert [next(steps).todo.step for _ in range(2)] == [Step.DECIDE, Step.MERGE]
    steps.close()
    assert desk.forge.main() != main
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.CANARY

    now_s = int(time.time())
    elsewhere = Work("watch", 1, "sha256:theirs", 1, "another machine:1:1:n", now_s, now_s + LEASE_S)
    desk.ledger.append(claim(elsewhere), "sre")
    (done,) = loop.advance(sit(folder))
    assert (done.todo.step, done.words) == (Step.WATCH, "another process is at it; nothing was spent")
    assert len(_kinds(desk, Kind.TEST_OPENED)) == 1
    assert not _kinds(desk, Kind.OUTCOME)
    assert not _kinds(desk, Kind.LESSON), "the turn is not over while its canary runs"


def test_it_begins_nothing_that_nobody_asked_for(leaning, copied, sit):
    folder = copied(leaning)
    before = len(sit(folder).ledger.entries())
    run = [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "advance"]
    told = subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert (told.returncode, told.stdout.partition(":")[0]) == (0, "nothing is unlocked"), told.stderr
    said = [entry for entry in sit(folder).ledger.entries()[before:] if entry.kind is not Kind.RENDERING]
    assert said == []


def test_three_that_advance_at_once_do_everything_once_and_the_losers_spend_nothing(approved, copied, sit):
    folder = copied(approved)
    run = [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "advance", "--json"]
    racing = [
        subprocess.Popen(run, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [one.communicate(timeout=300) for one in racing]
    assert [one.returncode for one in racing] == [0, 0, 0], told
    desk = sit(folder)
    list(loop.advance(desk))
    once = (Kind.TEST_OPENED, Kind.RELEASE, Kind.OUTCOME, Kind.LESSON)
    assert {kind: len(_kinds(desk, kind)) for kind in once} == dict.fromkeys(once, 1)
    assert len(_kinds(desk, Kind.EVIDENCE)) == 2, "the test's and the canary's, and nobody else's"
    watching = [entry for entry in _kinds(desk, Kind.CLAIM) if entry.body["step"] == "watch"]
    assert len(watching) == 1, "the losers found it claimed before they played anything"
    false = [claim for claim in verified(folder, 1, lambda words: None) if claim.holds is Holds.FALSE]
    assert false == []
    assert not list((folder / ".git").rglob("*.lock"))
