"""The error budget of a ledger's whole life: capped e-LORD.

    α_t = min(.05/30, (1/1000) (.05 − Σ_{j<t} α_j / (R_{j−1}+1)) (R_{t−1}+1))

R_{t−1} is the number of contests that had promoted something when test t was opened; it never falls,
because a rollback says something about the release and nothing about the test. A test pays when it is
opened. With independent e-values the false discovery rate stays under .05 over any number of tests. Why it is
not spent faster: docs/decisions/0048.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Opened
from alphaloop.facts.imported import Imported
from alphaloop.facts.judgement import Finish
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.imported import imported_of
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


def next_level(entries: Sequence[Entry], plays: str = "") -> float:
    """The α that the ledger grants its next test; plays: the digest of what it plays, "" for something new.

    Who asks again with the same files has the same draw, so never at a higher level than before: a near miss
    would else be kept until the level has risen.
    """
    life = _Life()
    for entry in entries:
        life.see(entry)
    return life.granted(plays)


def promotions(entries: Iterable[Entry]) -> int:
    """R: how many different contests have ended in a promotion, rolled back since or not.

    Evidence counts when whoever opened the test signed it too. The same files against the same base count
    once, however many tests were opened for them: one discovery does not raise the level a thousand times.
    """
    life = _Life()
    for entry in entries:
        life.see(entry)
    return len(life.promoted)


def false_levels(entries: Sequence[Entry]) -> tuple[Opened, ...]:
    """Every test that paid another level than the budget granted at its place in the ledger."""
    false = []
    life = _Life()
    for entry in entries:
        if entry.kind is Kind.TEST_OPENED:
            test = test_of(entry)
            if (test.level, test.promotions) != (life.granted(test.plays), len(life.promoted)):
                false.append(test)
        life.see(entry)
    return tuple(false)


class _Life:
    """A ledger's life so far: what was paid, and what was promoted."""

    def __init__(self) -> None:
        self.promoted: set[str] = set()
        self._paid: list[Paid] = []
        self._lowest: dict[str, float] = {}
        self._openers: dict[str, tuple[str, str]] = {}

    def granted(self, plays: str) -> float:
        """The α of a test that plays this, if it were opened now."""
        due = level(self._paid, len(self.promoted))
        return min(due, self._lowest.get(plays, due))

    def see(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.kind is Kind.TEST_OPENED:
            test = test_of(entry)
            self._paid.append(Paid(test.level, len(self.promoted)))
            self._lowest[test.plays] = min(test.level, self._lowest.get(test.plays, test.level))
            self._openers[entry.commit] = (entry.signer, test.plays)
        elif entry.kind is Kind.IMPORTED:
            self._see_imported(imported_of(entry))
        elif entry.kind is Kind.EVIDENCE:
            fields = body_of(entry, Kind.EVIDENCE)
            signer, plays = self._openers.get(fields.text("of"), ("", ""))
            if signer == entry.signer and fields.inner("judgement").text("finish") == Finish.BETTER:
                self.promoted.add(plays)

    def _see_imported(self, taken: Imported) -> None:
        """A test of a clone that diverged stays paid for, and can promote nothing."""
        if taken.plays:
            self._paid.append(Paid(taken.level, len(self.promoted)))
            self._lowest[taken.plays] = min(taken.level, self._lowest.get(taken.plays, taken.level))
