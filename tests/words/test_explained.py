"""Why something did or did not land: told in order, complete, and harmless whatever it quotes."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop import words
from alphaloop.facts.change import Change, State
from alphaloop.facts.decision import Decision
from alphaloop.facts.explanation import Explanation, Played, Said, Way
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.commands import commands
from alphaloop.rules.explained import WAYS, change_spoken_of

HEAD, BASE, TREE, LANDED = "a" * 40, "b" * 40, "c" * 40, "d" * 40
CHANGE = Change(7, "quant", "skew", "alphaloop/quant/7-skew", BASE, HEAD, TREE, (), True)
IDEA = Hypothesis("skew_by_inventory", "lean against inventory", "objective", 0.25, {}, 24)
FOUND = tuple(Finding(f"check-{place}", Severity.NOTE, f"note {place}") for place in range(3))
VETO = Finding("stress.crash", Severity.VETO, "passed MAX_POSITION", "strategy.py", 3)
SAID = (
    Said(Verdict("qa", 7, HEAD, BASE, Stance.APPROVE, rests_on="45 tests"), True),
    Said(Verdict("risk", 7, TREE, BASE, Stance.VETO, (*FOUND, VETO)), False),
)
TEST = Played(3, 5e-05, 240, "better", 1.5, "better", True)
WHOLE = Explanation(
    CHANGE,
    State.ROLLED_BACK,
    IDEA,
    SAID,
    (TEST,),
    Decision(7, HEAD, BASE, Stance.APPROVE, ("risk: approve",)),
    True,
    LANDED,
    "worse than its shadow",
    Played(0, None, 40, "harm", -2.0, "100 to 1 for harm", True),
    ("override of qa until 2026-12-01: flaky, by human:ann",),
    "",
    (Way.AFRESH,),
)


def test_a_release_that_was_taken_back_is_told_whole():
    assert words.explanation(WHOLE) == (
        "**#7 is rolled back** at `aaaaaaaaaaaa` on `bbbbbbbbbbbb`. It landed on main as `dddddddddddd`.\n"
        "quant proposed it: skew\n"
        "\n"
        "**Idea.** skew\\_by\\_inventory: lean against inventory\n"
        "Predicted 0.25 an episode in quote currency, after 24 candidates; measured 1.5.\n"
        "\n"
        "**Verdicts.**\n"
        "\n"
        "- risk vetoes (on `cccccccccccc`, another head or base)\n"
        "    - stress.crash: passed MAX\\_POSITION (strategy.py:3)\n"
        "    - check-0: note 0\n"
        "    - check-1: note 1\n"
        "    - and 1 more: `alphaloop pr show 7`\n"
        "- qa approves: 45 tests\n"
        "\n"
        "**Test 3** paid a level of 5e-05, so it needed evidence of 20 000 to 1. After 240 pairs it ended "
        "better: better; mean gain 1.5.\n"
        "\n"
        "**Decision: approved**, because\n"
        "\n"
        "- risk: approve\n"
        "\n"
        "**Beside its shadow.** After 40 pairs it ended harm: 100 to 1 for harm; mean gain -2.\n"
        "**Taken back.** worse than its shadow\n"
        "**Recorded.** override of qa until 2026-12-01: flaky, by human:ann\n"
        "\n"
        "**What to do next.** it has ended here; the same idea can only come as a new change, and is judged "
        "anew.\n"
    )


@pytest.mark.parametrize("state", State)
def test_every_state_says_what_to_do_next_and_a_stop_comes_first(state):
    told = words.explanation(
        replace(WHOLE, state=state, ways=(Way.RESUME, WAYS[state]), stopped="ann: smoke")
    )
    assert f"**#7 is {state}**" in told
    last = told.strip().split("\n")[-1]
    assert last.startswith("**What to do next.** a registered human ends the stop: `/alphaloop resume")


def test_nothing_said_yet_is_said():
    told = words.explanation(
        replace(WHOLE, said=(), tests=(), decision=None, landed="", beside=None, taken_back="", asides=())
    )
    for said in ("It did not land.", "Nobody has answered yet", "has not decided", "measured missing"):
        assert said in told


@given(st.text(max_size=300))
def test_what_others_wrote_never_acts_in_an_explanation(text):
    change = replace(CHANGE, title=text, author="quant")
    finding = Finding("x", Severity.VETO, text or "x", text)
    said = (Said(Verdict("risk", 7, HEAD, BASE, Stance.VETO, (finding,)), True),)
    idea = replace(IDEA, claim=text)
    told = words.explanation(
        replace(WHOLE, change=change, hypothesis=idea, said=said, taken_back=text, asides=(text,))
    )
    assert commands(told) == ()
    assert not re.search(r"(?<!\\)[<@]", told)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=8))
def test_whatever_an_entry_holds_looking_for_a_commit_ends(value):
    from alphaloop.facts.entry import Entry, Kind

    for body in ({"change": value}, {"change": {"touched": value, "number": value}}, {"landing": value}):
        entry = Entry(1, "e" * 40, "quant", Kind.CHANGE, "k", "s", body)
        assert change_spoken_of([entry], HEAD) is None
