"""The gate over the ledger: reads back what was signed, and decides on nothing else."""

from collections.abc import Sequence

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Evidence, Opened
from alphaloop.facts.judgement import Finish
from alphaloop.facts.role import Power, Seats
from alphaloop.rules.betting import judge
from alphaloop.rules.budget import false_levels
from alphaloop.rules.decide import decide
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import decided_change, read_up_to
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.lessons import escalated
from alphaloop.rules.entries.opened import test_of
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.pilots import false_pilots
from alphaloop.rules.stopped import why_stopped


def decided(entries: Sequence[Entry], change: Change, seats: Seats) -> Decision:
    """What the gate makes of everything that the ledger holds on `change`; seats: of the base commit."""
    hypothesis = hypothesis_of_change(entries, change.number)
    handed_over = hypothesis is not None and (hypothesis.key, hypothesis.metric) in escalated(entries)
    return decide(
        change,
        seats,
        verdicts_on(entries, change.number),
        evidence=promoting(entries, change, seats),
        stopped=why_stopped(entries),
        escalated=handed_over,
    )


def redecided(entries: Sequence[Entry], entry: Entry, seats: Seats) -> Decision:
    """What a recorded decision must have been; seats: of the base commit that it names."""
    return decided(entries[: read_up_to(entry) + 1], decided_change(entry), seats)


def promoting(entries: Sequence[Entry], change: Change, seats: Seats) -> frozenset[str]:
    """Digests of the evidence that promotes this head on this base.

    It belongs to a test that was opened for them before, by a seat that may open tests, at the level that the
    budget granted, and judging its pairs again ends in "better" again.
    """
    found = set()
    unpaid = {test.entry for test in (*false_levels(entries), *false_pilots(entries))}
    for opened in entries:
        if (
            opened.commit in unpaid
            or opened.kind is not Kind.TEST_OPENED
            or not _may_open(opened.signer, seats)
        ):
            continue
        test = test_of(opened)
        # Before any evidence is read: in a long ledger most tests are of other changes.
        if test.change != change.number:
            continue
        entry = evidence_on(entries[opened.number :], opened.commit)
        if (
            entry is not None
            and _may_open(entry.signer, seats)
            and _promotes(evidence_of(entry), test, change)
        ):
            found.add(evidence_digest(entry))
    return frozenset(found)


def _promotes(evidence: Evidence, test: Opened, change: Change) -> bool:
    here = (change.number, change.head, change.head_tree, change.base)
    return (
        here == (test.change, test.head, test.head_tree, test.base)
        and evidence.of == test.entry
        and here == (evidence.change, evidence.head, evidence.head_tree, evidence.base)
        and not evidence.tainted
        and evidence.scales == test.scales
        and judge(evidence.pairs, test.scales, test.level).finish is Finish.BETTER
    )


def _may_open(principal: str, seats: Seats) -> bool:
    seat = seats.named(principal)
    return seat is not None and seat.may(Power.OPEN_TESTS)
