"""A search that is not counted, or counted as less than it lists, is false."""

import pytest

from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.hypothesis import Hypothesis, Plan, Proposal
from alphaloop.rules.audit import audited
from alphaloop.rules.entries.measured import trial
from alphaloop.rules.entries.plans import plan

IDEA = Hypothesis("an idea", "It helps.", "objective", trials=2)
PROPOSED = Plan(1, Proposal(IDEA, {"strategy.py": "# more"}), "b" * 40)


@pytest.fixture
def told(ledger, seats):
    """What is said of the entries of some kind, and whether it holds."""

    def run(kind: Kind) -> list[tuple[Holds, str]]:
        claims = audited(tuple(ledger.entries), lambda commit: seats, "m" * 40, lambda *_: True)
        return [(claim.holds, claim.words) for claim in claims if claim.what.startswith(str(kind))]

    return run


def test_a_counted_search_is_told(ledger, told):
    ledger.add(trial("b" * 40, 1, IDEA, [(1.0,), (2.0,)], scored=3), "quant")
    ledger.add(plan(PROPOSED, 0), "quant")
    assert told(Kind.TRIAL) == [(Holds.OK, "3 candidates for 'an idea' scored, as that seat says")]
    assert told(Kind.PLAN) == []


def test_a_proposal_whose_search_is_not_counted_is_false(ledger, told):
    ledger.add(trial("b" * 40, 2, IDEA), "quant")
    ledger.add(plan(PROPOSED, 0), "quant")
    ((holds, words),) = told(Kind.PLAN)
    assert (holds, "not counted" in words) == (Holds.FALSE, True)


def test_a_plan_without_a_proposal_needs_no_search(ledger, told):
    ledger.add(plan(Plan(1, None, "b" * 40), 0), "quant")
    assert told(Kind.PLAN) == []


@pytest.mark.parametrize("count", [1, 0, -5, "3", None, 2.0, True])
def test_a_count_below_the_candidates_that_are_listed_is_false(ledger, told, count):
    honest = trial("b" * 40, 1, IDEA, [(1.0,), (2.0,)])
    body = {**honest.body, "count": count}
    ledger.add(Draft(Kind.TRIAL, honest.key, honest.subject, body), "quant")
    ((holds, _),) = told(Kind.TRIAL)
    assert holds is Holds.FALSE


def test_a_search_that_lists_nothing_and_counts_below_nothing_is_false(ledger, told):
    honest = trial("b" * 40, 1, None, (), scored=4)
    ledger.add(Draft(Kind.TRIAL, honest.key, honest.subject, {**honest.body, "count": -1}), "quant")
    assert [holds for holds, _ in told(Kind.TRIAL)] == [Holds.FALSE]


def test_a_search_is_counted_by_the_seat_that_proposes_alone(ledger, told):
    ledger.add(trial("b" * 40, 1, IDEA), "sre")
    ((holds, words),) = told(Kind.TRIAL)
    assert holds is Holds.FALSE, words
