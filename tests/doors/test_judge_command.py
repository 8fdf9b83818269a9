"""The command that says which program judges here, and what everybody else says while it is another one."""

import json
from dataclasses import replace

import pytest

from alphaloop.simulation import machine

HERE = machine.judge()
OLDER = replace(HERE, version="0.0.1", program=f"sha256:{'0' * 64}")


@pytest.fixture
def other(monkeypatch):
    monkeypatch.setattr(machine, "judge", lambda: OLDER)


def test_show_says_the_pinned_program_and_this_one(door, quiet_desk):
    said = door(quiet_desk, "judge", "show")
    assert said.code == 0
    assert said.out == f"pinned  {HERE}\nhere    {HERE}\n"


@pytest.mark.usefixtures("other")
def test_show_answers_2_where_they_differ(door, quiet_desk):
    said = door(quiet_desk, "judge", "show", "--json")
    assert said.code == 2
    told = json.loads(said.out)
    assert (told["pinned"]["version"], told["here"]["version"]) == (HERE.version, "0.0.1")


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    "words", [["run"], ["run", "--dry-run"], ["advance"], ["review", "strategy.py"], ["review", "main"]]
)
def test_another_program_refuses_to_judge_and_says_what_to_do(door, copied_desk, quiet_desk, refs, words):
    desk = copied_desk(quiet_desk)
    before = refs(desk)
    said = door(desk, *words)
    assert said.code == 2
    assert f"version 0.0.1 instead of {HERE.version}" in said.err
    assert "`alphaloop judge upgrade`" in said.err
    assert refs(desk) == before


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("words", [["pr", "list"], ["verify"], ["stop", "smoke"]])
def test_what_judges_nothing_works_with_any_program(door, copied_desk, quiet_desk, words):
    assert door(copied_desk(quiet_desk), *words).code == 0


def test_an_upgrade_to_what_is_pinned_changes_nothing(door, copied_desk, quiet_desk, refs):
    desk = copied_desk(quiet_desk)
    before = refs(desk)
    said = door(desk, "judge", "upgrade")
    assert (said.code, said.out) == (0, f"{HERE}\nis pinned already\n")
    assert refs(desk) == before


@pytest.mark.usefixtures("other")
def test_an_upgrade_without_a_corpus_is_refused(door, copied_desk, quiet_desk, refs):
    desk = copied_desk(quiet_desk)
    before = refs(desk)
    said = door(desk, "judge", "upgrade")
    assert said.code == 2
    assert "there is no corpus in tests/corpus" in said.err
    assert refs(desk) == before
