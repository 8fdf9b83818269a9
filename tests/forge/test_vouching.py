"""Somebody answers for every commit on main, or nothing is judged by it."""

import pytest

from alphaloop.errors import Untrusted
from alphaloop.ports import Merged


@pytest.fixture
def change(desk):
    return desk.open("quant", "Widen", "because", {"strategy.py": b"HALF = 2\n"}, "turn-1")


def test_a_founded_main_and_a_landed_one_are_vouched_for(desk, change, decide, release):
    desk.vouch()
    assert isinstance(desk.merge(change, decide(desk, change), "sre", release), Merged)
    desk.vouch()


def test_a_humans_own_signed_commit_is_vouched_for(desk, git, repository):
    (repository / "note.txt").write_text("x")
    git("add", "note.txt")
    git("commit", "-qm", "By hand")
    desk.vouch()


@pytest.mark.parametrize("signing", ["false", "true"])
def test_an_unsigned_or_foreign_commit_on_main_stops_the_judging(desk, git, repository, signing):
    (repository / "strategy.py").write_text("HALF = 9\n")
    who = () if signing == "false" else ("-c", "user.email=mallory@alphaloop.invalid")
    git("-c", f"commit.gpgsign={signing}", *who, "commit", "-qam", "Slip it in")
    with pytest.raises(Untrusted, match="take it off main"):
        desk.vouch()


def test_a_seats_commit_that_was_never_landed_is_not_vouched_for(desk, change, git, repository):
    git("reset", "-q", "--hard", change.head)
    with pytest.raises(Untrusted, match="no ledger entry landed it"):
        desk.vouch()


def test_a_replaced_history_is_not_vouched_for(desk, git):
    tree = git("rev-parse", "main^{tree}")
    git("reset", "-q", "--soft", git("commit-tree", "-m", "another beginning", tree))
    with pytest.raises(Untrusted, match="does not begin"):
        desk.vouch()
