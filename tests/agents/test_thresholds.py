"""Where a seat must hold, the base commit's roles.yaml says: a change moves no line that it is judged by."""

import pytest

from alphaloop.agents import data, execution, infrastructure
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.entries.measured import record

STRATEGY, ROLES = "strategy.py", "roles.yaml"
MEASURED = {"slippage": 3.0, "markout_1s": 0.5, "tick_to_trade_p99": 40.0}


@pytest.fixture
def folder(leaning, copied):
    return copied(leaning)


def _put(desk, commit, **numbers):
    """What Data measured of a commit, written as Data writes it, so that nobody has to play it."""
    metrics = (Metric(name, Layer.EXECUTION, value, "") for name, value in (MEASURED | numbers).items())
    desk.ledger.append(record(Record(tuple(metrics), 40, "40 episodes"), commit, desk.seed), data.SEAT)


def _proposed(desk, numbers=None, **files):
    """An edit of the strategy and of `files`, measured with `numbers` beside a main that is measured."""
    standing = desk.forge.file(desk.forge.main(), STRATEGY)
    texts = {STRATEGY: standing + b"# more\n"} | {name: text.encode() for name, text in files.items()}
    change = desk.forge.open("quant", "an edit", "", texts, f"edit of {desk.forge.main()}")
    desk.ledger.append(change_opened(change, None, 0), "quant")
    _put(desk, change.base)
    _put(desk, change.head, **(numbers or {}))
    return change


def _roles(folder, metric, threshold):
    """roles.yaml with another threshold for `metric`, the target of the same name left alone."""
    head, line, tail = (folder / ROLES).read_text().partition("thresholds:\n")
    lines = [
        f'  {metric}: "{threshold}"' if row.startswith(f"  {metric}:") else row for row in tail.split("\n")
    ]
    assert lines != tail.split("\n")
    return head + line + "\n".join(lines)


SEATS = [(execution, "slippage", 3.0), (infrastructure, "tick_to_trade_p99", 40.0)]


@pytest.mark.parametrize(("seat", "metric", "value"), SEATS)
def test_a_tighter_threshold_in_base_turns_an_approval_into_a_hold(folder, sit, by_hand, seat, metric, value):
    desk = sit(folder)
    assert seat.review(desk, _proposed(desk)).stance is Stance.APPROVE
    by_hand(folder, {ROLES: _roles(folder, metric, f"> {value - 1}")})
    there = sit(folder)
    held = seat.review(there, _proposed(there))
    assert held.stance is Stance.HOLD
    assert any(f"> {value - 1:g}" in finding.message for finding in held.findings)


@pytest.mark.parametrize(("seat", "metric", "value"), SEATS)
def test_a_change_cannot_loosen_the_threshold_that_it_is_judged_by(folder, sit, by_hand, seat, metric, value):
    by_hand(folder, {ROLES: _roles(folder, metric, f"> {value - 1}")})
    desk = sit(folder)
    loosened = _proposed(desk, **{ROLES: _roles(folder, metric, "> 1000000")})
    assert seat.review(desk, loosened).stance is Stance.HOLD


@pytest.mark.parametrize(("seat", "metric", "value"), SEATS)
def test_the_threshold_itself_is_not_beyond_it_and_more_is(folder, sit, by_hand, seat, metric, value):
    by_hand(folder, {ROLES: _roles(folder, metric, f"> {value}")})
    desk = sit(folder)
    assert seat.review(desk, _proposed(desk)).stance is Stance.APPROVE
    by_hand(folder, {ROLES: _roles(folder, metric, f">= {value}")})
    there = sit(folder)
    assert seat.review(there, _proposed(there)).stance is Stance.HOLD


@pytest.mark.parametrize(
    ("seat", "metric"), [(execution, "slippage"), (execution, "markout_1s"), (infrastructure, SEATS[1][1])]
)
def test_what_was_not_measured_is_held_whatever_the_threshold(folder, sit, seat, metric):
    desk = sit(folder)
    assert seat.review(desk, _proposed(desk, {metric: None})).stance is Stance.HOLD
