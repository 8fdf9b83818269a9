"""A bare clone on another machine: everything is recomputed, and what cannot be played is named."""

import platform
from dataclasses import replace

import pytest

from alphaloop import wiring
from alphaloop.agents import replay
from alphaloop.errors import SandboxUnavailable
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.wiring import desk_at


@pytest.fixture
def bare(git_of, tmp_path, turned_desk):
    git_of(tmp_path)("clone", "--quiet", "--mirror", str(turned_desk), "clone.git")
    return tmp_path / "clone.git"


@pytest.fixture
def walls_are_gone(monkeypatch):
    def nothing(name):
        raise SandboxUnavailable(f"no {name} here: run `alphaloop doctor`")

    monkeypatch.setattr(wiring, "sandbox_named", nothing)


def test_without_a_sandbox_every_decision_is_recomputed_and_the_replay_named(door, bare, walls_are_gone):
    answer = door(bare, "verify")
    assert answer.code == 0, answer.out
    lines = answer.out.splitlines()
    assert [line for line in lines if line.startswith("recomputed          decision ")]
    assert [line for line in lines if line.startswith("not replayable here evidence ")]
    assert lines[-1] == "every claim that can be checked here holds"
    assert " recomputed, 1 not replayable here" in lines[-2]
    assert door(bare, "explain", "1").out.startswith("**#1 is closed**")


def test_another_c_library_is_named_with_what_to_do(door, bare, monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "9.99"))
    answer = door(bare, "verify")
    assert answer.code == 0, answer.out
    (line,) = [one for one in answer.out.splitlines() if one.startswith("not replayable here evidence")]
    assert "here it is " in line
    assert "glibc-9.99" in line
    assert line.endswith("play it on a machine of that kind, whose numbers end in the same digits")


def test_other_numbers_are_false_here_and_not_to_be_told_of_another_processor(turned_desk):
    with desk_at(turned_desk, lambda words: None) as desk:
        entry = next(one for one in desk.ledger.entries() if one.kind is Kind.EVIDENCE)
        found = evidence_of(entry)
        first = found.pairs[0]
        other = replace(first, candidate=replace(first.candidate, digest="sha256:" + "0" * 64))
        forged = replace(found, pairs=(other, *found.pairs[1:]))
        elsewhere = replace(forged, bound={**found.bound, "processor": "sha256:" + "f" * 64})
        assert replay.replayed(desk, found, 1)[0] is Holds.REPLAYED
        assert replay.replayed(desk, replace(found, bound=elsewhere.bound), 1)[0] is Holds.REPLAYED
        assert replay.replayed(desk, forged, 1)[0] is Holds.FALSE
        holds, words = replay.replayed(desk, elsewhere, 1)
    assert holds is Holds.NOT_REPLAYABLE
    assert words.endswith("play it on one of that kind")
