"""What the desk says: true, complete, and harmless whatever it quotes."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop import words
from alphaloop.facts.change import Change, State, Touched
from alphaloop.facts.command import Misspelt, Verb
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.metric import OWNERS, Layer, Metric, Record
from alphaloop.facts.override import Override
from alphaloop.facts.release import Outcome
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.betting import judge
from alphaloop.rules.budget import next_level
from alphaloop.rules.commands import commands
from alphaloop.rules.entries import (
    changes,
    decisions,
    ideas,
    lessons,
    measured,
    opened,
    overrides,
    releases,
    stops,
    verdicts,
)
from alphaloop.rules.entries import evidence as evidences
from alphaloop.rules.standing import Circle, Usage
from alphaloop.words.spelling import number, odds, plain, quoted, sparkline

HEAD, BASE, TREE = "a" * 40, "b" * 40, "c" * 40
IDEA = Hypothesis("skew_by_inventory", "lean against inventory", "objective", 0.25, {"skew_bps": 2.0}, 24)
CHANGE = Change(
    7, "quant", "skew", "quant/7", BASE, HEAD, TREE, (Touched("strategy.py", "100644", "quant", HEAD),), True
)
VETO = Verdict(
    "risk",
    7,
    HEAD,
    BASE,
    Stance.VETO,
    (
        Finding("a", Severity.NOTE, "fine"),
        Finding("static.imports", Severity.VETO, "imports os", "strategy.py", 3),
    ),
    "",
    "the stages",
)
DECISION = Decision(7, HEAD, BASE, Stance.VETO, ("risk: veto, imports os", "qa: approve"))
USAGES = (Usage(Verb.STOP, "stop [reason]", "stops", Circle.DESK),)
GIVEN = date(2026, 3, 1)
OVERRIDE = Override(7, "qa", HEAD, BASE, GIVEN, GIVEN, "/alphaloop stop", "human:alice")
TURN = Turn(1, 7, IDEA.key, "vetoed", 0.25, None, "", {"risk": Stance.VETO, "qa": Stance.APPROVE}, 12.34)


@given(st.text(max_size=400))
def test_what_others_wrote_never_acts(text):
    said = quoted(text)
    assert "\n" not in said
    assert not re.search(r"(?<!\\)[`|<@]", said)
    assert commands(said) == () or commands(text.strip()) != ()


@given(st.text(max_size=400), st.sampled_from(Stance))
def test_no_comment_of_ours_is_ever_a_command(text, stance):
    findings = (Finding("x", Severity.NOTE, text or "x", text),)
    said = Verdict("qa", 7, HEAD, BASE, stance, findings, "", text)
    assert commands(words.verdict_comment(said)) == ()
    assert commands(words.proposal_body(Hypothesis(text, text, text))) == ()
    assert commands(words.decision_comment(Decision(7, HEAD, BASE, stance, (text,)))) == ()
    assert commands(words.misspelt_answer(Misspelt(text, ""), "")) == ()
    assert commands(words.stopped_answer(text)) == ()


def test_no_answer_to_a_command_is_a_command():
    assert commands(words.help_answer(USAGES)) == ()
    status = words.status_answer(CHANGE, State.HELD, DECISION, [VETO], [(OVERRIDE, "")], "human:alice: fire")
    assert commands(status) == ()


@given(st.text(max_size=300))
def test_a_refusal_is_no_command_and_nothing_of_others_in_it_acts(text):
    said = words.refused_answer(f"do `/alphaloop help`, and not {text}")
    assert commands(said) == ()
    outside = "".join(said.split("`")[::2])
    assert not set("@<|") & set(outside.replace("&#64;", "").replace("&lt;", "").replace("\\|", ""))


def test_the_help_table_lists_every_command_with_who_may():
    table = words.help_answer(USAGES)
    assert "| `/alphaloop stop [reason]` | stops | every seat and every registered human |" in table


def test_a_verdict_says_its_weightiest_finding_first():
    assert words.verdict_line(VETO) == "risk vetoes: imports os"
    said = words.verdict_comment(VETO)
    assert said.index("imports os") < said.index("fine")
    assert "strategy.py:3" in said
    assert HEAD[:12] in said


def test_a_flood_of_findings_stays_readable():
    findings = tuple(Finding("x", Severity.WARNING, "y" * 1000) for _ in range(500))
    said = words.verdict_comment(Verdict("qa", 7, HEAD, BASE, Stance.HOLD, findings))
    assert len(said) < 16_000
    assert "480 more" in said


def test_a_decision_says_why():
    assert words.decision_line(DECISION) == "#7 vetoed: risk: veto, imports os"
    assert "- qa: approve" in words.decision_comment(DECISION)


def test_status_says_where_why_and_that_an_old_decision_is_void():
    said = words.status_answer(
        CHANGE, State.STALE, Decision(7, "d" * 40, BASE, Stance.APPROVE, ("x",)), [], [], ""
    )
    assert "**stale**" in said
    assert "void" in said
    assert "Nobody has answered" in said


def test_a_misspelt_command_is_answered_with_the_nearest():
    assert "Did you mean `/alphaloop stop [reason]`?" in words.misspelt_answer(
        Misspelt("/alphaloop stpo", "stop"), USAGES[0].line
    )


@pytest.mark.parametrize(
    ("value", "said"), [(None, "missing"), (0.0, "0"), (-1234.5678, "-1235"), (1e-9, "1e-09")]
)
def test_a_missing_number_is_said_to_be_missing(value, said):
    assert number(value) == said


@given(st.lists(st.floats(), max_size=100))
def test_a_sparkline_has_at_most_its_width(values):
    assert len(sparkline(values, -1.0, 1.0, 20)) <= 20


def test_a_sparkline_rises_with_its_values():
    assert sparkline(range(8), 0, 7) == "▁▂▃▄▅▆▇█"
    assert sparkline([-9.0, 99.0], 0, 7) == "▁█"
    assert sparkline([], 0, 7) == ""


def test_a_sparkline_never_fills_up_before_the_top_is_reached():
    assert "█" not in sparkline([6.99] * 50, 0, 7)


def test_odds_are_readable():
    assert odds(24_000) == "24 000 to 1"
    assert odds(0.012) == "0.012 to 1"


def test_the_turn_table_shows_every_turn_and_every_seat():
    table = words.turn_table([TURN, Turn(2, None, "", "none", None, None, "", {}, 0.5)], [])
    assert "#7" in table
    assert "risk VETO, qa yes" in table
    assert table.splitlines()[0].startswith("turn  pr")
    assert all(line == line.rstrip() for line in table.splitlines())


def test_the_turn_table_reads_well_in_a_hundred_columns():
    seats = ("delivery_lead", "qa", "execution", "infrastructure", "data", "architect", "sre", "risk")
    said = Turn(1, 7, IDEA.key, "vetoed", 0.25, 0.1, "", dict.fromkeys(seats, Stance.BROKEN), 12.3)
    assert max(len(line) for line in words.turn_table([said], []).splitlines()) <= 100


def test_a_terminal_shows_what_was_quoted_as_it_was_written():
    written = r"a_b <c> | *d* [e] @f #g \h"
    assert plain(quoted(written)) == written
    assert plain("one\x1b[2J\ntwo\r") == "one [2J\ntwo"


def test_the_lesson_sets_what_was_measured_beside_what_was_predicted():
    assert "before anything was measured" in words.lesson(TURN)
    measured_less = words.lesson(Turn(2, 8, "widen", "merged", 0.3, 0.1, "sha256:e"))
    assert "measured 0.1 an episode, less than the 0.3" in measured_less
    assert "Nothing was proposed" in words.lesson(Turn(3, None, "", "none", None, None, ""))


def test_the_terminal_never_gets_control_characters():
    findings = [Finding("x", Severity.VETO, "a\x1b[2Jb\nc", "f.py", 2)]
    said = words.review_answer("vetoed", findings, {"bytes": 0.01}, "sha256:e")
    assert "\x1b" not in said
    assert "f.py:2" in said


LAYERED = Record(
    (
        Metric("drop_rate", Layer.INFRASTRUCTURE, None, "ratio", "< 1"),
        Metric("sequence_gaps", Layer.INFRASTRUCTURE, None, "count"),
        Metric("slippage", Layer.EXECUTION, 11.0, "bps", "< 2", False, "> 10", True),
        Metric("max_drawdown", Layer.RISK, 0.02, "ratio", "< 0.05", True),
        Metric("pnl", Layer.STRATEGY, 1.5, "quote"),
        Metric("sharpe", Layer.STRATEGY, 0.5, "", "> 2", False),
    ),
    40,
    "40 episodes",
)
RECORDING = {"drop_rate": "a recording", "sequence_gaps": "a recording"}


def test_metrics_say_without_colour_how_each_stands():
    """Four words and signs for four colours, because colour alone says nothing to many."""
    table = words.metric_table(LAYERED, None, RECORDING)
    assert re.search(r"drop_rate +– +< 1 +– missing", table)
    assert re.search(r"slippage +11 bps +< 2 +> 10 +! BEYOND", table)
    assert re.search(r"max_drawdown +0.02 ratio +< 0.05 +✓ meets", table)
    assert re.search(r"sharpe +0.5 +> 2 +✗ misses", table)
    assert re.search(r"pnl +1.5 quote$", table, re.MULTILINE)
    assert "health missing" in table
    assert "\x1b" not in table


def test_metrics_end_with_what_is_missing_and_what_would_carry_it():
    table = words.metric_table(LAYERED, 46.0, RECORDING)
    assert "what would carry it\n  a recording: drop_rate, sequence_gaps\n" in table
    assert table.splitlines()[-1] == "health 46 of 100 (for people; no gate reads it)"
    everything = Record(LAYERED.metrics[2:], 40, "40 episodes")
    assert "what would carry it" not in words.metric_table(everything, 46.0, RECORDING)


def test_every_layer_names_the_seat_that_answers_for_it():
    table = words.metric_table(LAYERED, None, RECORDING)
    for layer, seat in OWNERS.items():
        assert f"{layer} ({seat} answers for it)" in table


def test_a_line_of_a_metric_can_be_painted_and_nothing_else_is():
    painted = words.metric_table(LAYERED, None, RECORDING, lambda line, status: f"<{status}>{line}")
    plain = words.metric_table(LAYERED, None, RECORDING)
    statuses = re.findall("<([a-z]+)>", painted)
    assert statuses == ["missing", "missing", "beyond", "meets", "reported", "misses"]
    assert re.sub("<[a-z]+>", "", painted) == plain


@pytest.fixture
def story(grounded):
    """A ledger: one hypothesis that won its test, merged and was confirmed; one that was vetoed; a stop."""
    entries: list[Entry] = []

    def add(draft, signer="risk", **more):
        commit = f"{len(entries):040x}"
        body = {**draft.body, **more}
        entries.append(Entry(len(entries), commit, signer, draft.kind, draft.key, draft.subject, body))
        return entries[-1]

    add(Draft(Kind.GENESIS, "genesis", "begin", {"founding": "f" * 40}), "human:alice")
    add(measured.trial(BASE, 1, IDEA), "quant")
    add(changes.change_opened(CHANGE, IDEA, 1), "quant")
    scales = Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)
    test = add(opened.test_opened(entries, CHANGE, next_level(entries), 0, scales, "sha256:p"))
    base = Score(0.0, 0.0, 0.1, 1.0, 0.0, 5.0, "", "sha256:b")
    pairs = tuple(Pair(i, Score(1.0, 1.0, 0.1, 1.0, 0.0, 5.0, "", "sha256:c"), base) for i in range(80))
    bound = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
    judged = judge(pairs, scales, test.body["level"])
    made = Evidence(test.commit, 7, HEAD, TREE, BASE, "00", scales, pairs, bound, judged)
    found = add(evidences.evidence(made))
    said = Verdict(
        "risk", 7, HEAD, BASE, Stance.APPROVE, (), evidences.evidence_digest(found), words.tested(made)
    )
    add(verdicts.verdict(entries, grounded(entries, said, TREE, found)))
    approved = Decision(7, HEAD, BASE, Stance.APPROVE, ("risk: approve",))
    add(decisions.decision(entries, approved, CHANGE), "sre")
    merged = add(releases.release(CHANGE, "f" * 40), "sre", landing={"commit": "1" * 40})
    add(releases.outcome(merged, Outcome(releases.release_of(merged), None, ""), ""), "sre")
    turn = Turn(1, 7, IDEA.key, "merged", 0.25, 1.0, "sha256:e", {"risk": Stance.APPROVE}, 12.0)
    add(lessons.lesson(turn, words.lesson(turn)), "delivery_lead")
    second = Turn(2, 8, "widen|<b>", "vetoed", None, None, "", {}, 3.0)
    add(lessons.lesson(second, words.lesson(second)), "delivery_lead")
    add(lessons.escalation(IDEA, (1, 2, 3)), "delivery_lead")
    add(stops.stop(entries, "human:alice", "fire"), "human:alice")
    return entries


def test_the_walkthrough_tells_the_whole_story(story):
    page = words.walkthrough_page(story)
    for piece in (
        "## Turn 1, change #7: merged",
        "lean against inventory",
        "**Test 1** paid a level of 5e-05, so it needed evidence of 20 000 to 1.",
        "Mean gain 1.",
        "**Decision: approved**",
        "| risk | approves |",
        "would be missed",
        "▁",
        "█",
    ):
        assert piece in page
    assert page.index("Turn 2") < page.index("Turn 1,")
    assert "<b>" not in page


def test_the_task_page_says_what_waits_for_whom(story):
    page = words.task_page(story)
    assert "The desk is stopped (human:alice: fire)" in page
    assert "was refused 3 times" in page
    assert "#1, #2, #3" in page
    assert f"last confirmed release: `{'1' * 12}`" in page
    assert "1 tests opened, 1 of them promoted something" in page
    assert "24 candidates scored" in page


def test_an_override_and_an_idea_are_told_on_the_pages(story):
    given, idea = overrides.override(OVERRIDE, "k"), ideas.idea("human:alice", "quote @night", 7, "k")
    ledger = list(story)
    for draft in (given, idea):
        entry = Entry(len(ledger), "f" * 40, "human:alice", draft.kind, draft.key, draft.subject, draft.body)
        ledger.append(entry)
    line = "human:alice overrides the hold of qa until 2026-03-01: /alphaloop stop"
    assert line in words.walkthrough_page(ledger)
    assert "- quote &#64;night (human:alice, on #7): open" in words.task_page(ledger)


def test_an_empty_ledger_has_pages_too(story):
    assert "No turn has been finished yet" in words.walkthrough_page(story[:1])
    assert "nothing" in words.task_page(story[:1])


def test_a_test_that_never_ended_is_told(story):
    page = words.walkthrough_page([entry for entry in story if entry.kind is not Kind.EVIDENCE])
    assert "it is paid for all the same" in page
