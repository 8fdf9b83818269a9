"""The gate over the ledger: reads back what was signed, and decides on nothing else."""

from collections.abc import Sequence
from datetime import date

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Evidence, Opened
from alphaloop.facts.judgement import Finish
from alphaloop.facts.override import Overrides
from alphaloop.facts.role import Power, Seats
from alphaloop.rules.betting import judge
from alphaloop.rules.bound import counted
from alphaloop.rules.budget import false_levels
from alphaloop.rules.canaries import frozen, waiting
from alphaloop.rules.decide import decide
from alphaloop.rules.entries.decisions import decided_change, decision_of, read_up_to
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.keys import in_force
from alphaloop.rules.entries.marks import is_draft
from alphaloop.rules.entries.opened import test_of
from alphaloop.rules.entries.overrides import overrides_on
from alphaloop.rules.life import handed_over
from alphaloop.rules.pilots import false_pilots
from alphaloop.rules.stopped import why_stopped


def decided(entries: Sequence[Entry], change: Change, seats: Seats, today: date | None = None) -> Decision:
    """What the gate makes of everything that the ledger holds on `change`; seats: of the base commit.

    today: in UTC; without it no override counts, because nobody knows whether it has expired.
    """
    made = decide(
        change,
        seats,
        counted(entries, change),
        evidence=promoting(entries, change, seats),
        stopped=why_stopped(entries),
        escalated=handed_over(entries, change.number),
        draft=is_draft(entries, change.number),
        overrides=overrides_now(entries, change.number, today),
    )
    return waiting(made, frozen(entries, change))


def redecided(entries: Sequence[Entry], entry: Entry, seats: Seats) -> Decision:
    """What a recorded decision must have been; seats: of the base commit that it names.

    The day that it states counts, if no day that was stated on the change before is later.
    """
    change = decided_change(entry)
    stated = overrides_now(entries[: entry.number], change.number, decision_of(entry).day).day
    return decided(entries[: read_up_to(entry) + 1], change, seats, stated)


def overrides_now(entries: Sequence[Entry], number: int, today: date | None) -> Overrides:
    """Every override on change `number`, and the day on which they are asked about.

    Days on one change never go back: a clock that is set back makes no override young again.
    """
    given = overrides_on(entries, number)
    if today is None or not given:
        return Overrides(given, None)
    made = (decision_of(entry) for entry in entries if entry.kind is Kind.DECISION)
    stated = [one.day for one in made if one.change == number and one.day is not None]
    return Overrides(given, max([today, *stated, *(one.given for one in given)]))


def promoting(entries: Sequence[Entry], change: Change, seats: Seats) -> frozenset[str]:
    """Digests of the evidence that promotes this head on this base.

    It belongs to a test that was opened for them before, by a seat that may open tests, at the level that the
    budget granted, and judging its pairs again ends in "better" again; and that seat still has the same key.
    """
    found = set()
    unpaid = {test.entry for test in (*false_levels(entries), *false_pilots(entries))}
    for opened in in_force(entries):
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
