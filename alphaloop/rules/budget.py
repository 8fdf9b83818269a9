"""The error budget of a ledger's whole life: capped e-LORD.

    α_t = min(.05/30, (1/1000) (.05 − Σ_{j<t} α_j / (R_{j−1}+1)) (R_{t−1}+1))

R_{t−1} is the number of tests that had promoted something when test t was opened; it never falls, because a
rollback says something about the release and nothing about the test. A test pays when it is opened. With
independent e-values the false discovery rate stays under .05 over any number of tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Opened
from alphaloop.facts.judgement import Finish
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.opened import test_of

BUDGET = 0.05
CAP = BUDGET / 30
RATE = 1 / 1000


@dataclass(frozen=True, slots=True)
class Paid:
    """What one opened test took from the budget; promotions: R when it was opened."""

    level: float
    promotions: int


def level(paid: Iterable[Paid], promotions: int) -> float:
    """The α of the next test; 0 when the budget is spent, and then there is no test.

    paid: every test opened so far; promotions: R now.
    """
    left = BUDGET - sum(one.level / (one.promotions + 1) for one in paid)
    return min(CAP, RATE * max(0.0, left) * (promotions + 1))


def next_level(entries: Sequence[Entry]) -> float:
    """The α that the ledger grants its next test."""
    return level(_paid(entries), promotions(entries))


def promotions(entries: Iterable[Entry]) -> int:
    """R: how many opened tests have ended in a promotion, rolled back since or not.

    Evidence counts when whoever opened the test signed it too.
    """
    openers: dict[str, str] = {}
    promoted = set()
    for entry in entries:
        if entry.kind is Kind.TEST_OPENED:
            openers[entry.commit] = entry.signer
        elif entry.kind is Kind.EVIDENCE:
            fields = body_of(entry, Kind.EVIDENCE)
            test, finish = fields.text("of"), fields.inner("judgement").text("finish")
            if openers.get(test) == entry.signer and finish == Finish.BETTER:
                promoted.add(test)
    return len(promoted)


def false_levels(entries: Sequence[Entry]) -> tuple[Opened, ...]:
    """Every test that paid another level than the budget granted at its place in the ledger."""
    paid: list[Paid] = []
    false = []
    for place, entry in enumerate(entries):
        if entry.kind is not Kind.TEST_OPENED:
            continue
        test = test_of(entry)
        earned = promotions(entries[:place])
        if (test.level, test.promotions) != (level(paid, earned), earned):
            false.append(test)
        paid.append(Paid(test.level, earned))
    return tuple(false)


def _paid(entries: Iterable[Entry]) -> tuple[Paid, ...]:
    tests = (test_of(entry) for entry in entries if entry.kind is Kind.TEST_OPENED)
    return tuple(Paid(test.level, test.promotions) for test in tests)
