"""What earlier pilots of a ledger say of the market, beside a test's own."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Opened, Scales
from alphaloop.rules.entries.opened import test_of


def with_earlier(scales: Scales, entries: Iterable[Entry], plays: str) -> Scales:
    """A pilot's scales beside those of every other contest that was opened before, each counted once."""
    tests = (test_of(entry) for entry in entries if entry.kind is Kind.TEST_OPENED)
    return _beside(scales, {test.plays: test.scales.neighbours for test in tests}, plays)


def false_pilots(entries: Sequence[Entry]) -> tuple[Opened, ...]:
    """Every test whose scales tell of other earlier pilots than stand before it in the ledger."""
    known: dict[str, float] = {}
    false = []
    for entry in entries:
        if entry.kind is Kind.TEST_OPENED:
            test = test_of(entry)
            if _beside(test.scales, known, test.plays) != test.scales:
                false.append(test)
            known[test.plays] = test.scales.neighbours
    return tuple(false)


def _beside(scales: Scales, known: dict[str, float], plays: str) -> Scales:
    others = [neighbours for contest, neighbours in known.items() if contest != plays]
    mean = math.fsum(others) / len(others) if others else 0.0
    return replace(scales, earlier=len(others), earlier_neighbours=mean)
