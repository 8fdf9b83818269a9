"""Explaining: why something did or did not land, from the ledger and in words."""

import json

import pytest

from alphaloop.doors.commands.explain import command
from alphaloop.facts.change import State
from alphaloop.facts.explanation import Way
from alphaloop.rules.explained import WAYS
from alphaloop.words import explained as words_of


def test_every_state_of_a_life_has_a_next_step_and_every_step_its_words():
    assert set(WAYS) == set(State)
    assert set(words_of.WAYS) == set(Way)


@pytest.mark.parametrize("asked", ["99", "#99", "no-such-branch", "--output=x", "0" * 40, "f" * 12, "", "٣"])
def test_what_is_not_there_is_refused_with_the_way_out(door, turned_desk, asked):
    answer = door(turned_desk, "explain", "--", asked)
    assert (answer.code, answer.out) == (2, "")
    assert "alphaloop pr list" in answer.err


def test_a_vetoed_change_is_explained_from_idea_to_next_step(door, turned_desk):
    answer = door(turned_desk, "explain", "1")
    assert answer.code == 0
    told = answer.out
    assert told.startswith("**#1 is closed** at `")
    assert "It did not land." in told.split("\n")[0]
    wanted = (
        "**Idea.**", "**Verdicts.**", "- risk vetoes", "- qa approves", "**Test 1** paid a level of",
        "**Decision: vetoed**, because", "**Recorded.** delivery_lead closes #1", "**What to do next.**",
    )  # fmt: skip
    places = [told.find(words) for words in wanted]
    assert -1 not in places, told
    assert places == sorted(places)


def test_a_head_a_branch_and_a_ledger_entry_lead_to_their_change(door, turned_desk, git_of):
    git = git_of(turned_desk)
    branch = git("for-each-ref", "--format=%(refname:short)", "refs/heads/alphaloop/quant")
    head = git("rev-parse", branch)
    entry = git("log", "--format=%H", "-1", "--grep", "^test 1 opened", "alphaloop/ledger")
    whole = door(turned_desk, "explain", "1").out
    for asked in (head, head[:12], branch, entry, "#1"):
        assert door(turned_desk, "explain", asked).out == whole


def test_a_commit_that_nobody_proposed_is_said_to_be_so(door, turned_desk):
    answer = door(turned_desk, "explain", "main")
    assert (answer.code, answer.out) == (2, "")
    assert "`alphaloop verify` says who" in answer.err


def test_the_same_as_json_is_one_object(door, turned_desk):
    answer = door(turned_desk, "explain", "1", "--json")
    told = json.loads(answer.out)
    assert (told["pr"], told["state"], told["landed"], told["decision"]) == (1, "closed", None, "vetoed")
    (test,) = told["tests"]
    assert (test["test"], test["counts"]) == (1, True)
    assert told["measured"] == test["gain"]
    assert "risk" in [one["seat"] for one in told["verdicts"] if one["stance"] == "veto"]
    assert told["next"] == ["afresh"]
    assert command.help is not None
