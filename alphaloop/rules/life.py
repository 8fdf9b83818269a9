"""Where a change stands in its life, recomputed from the ledger every time and stored nowhere."""

from collections.abc import Sequence

from alphaloop.facts.change import Change, State
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import closed_change
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.releases import ended, is_merge, outcome_of, release_of, rolled_back
from alphaloop.rules.entries.verdicts import verdicts_on

_DECIDED = {
    Stance.ABSTAIN: State.HELD,
    Stance.APPROVE: State.APPROVED,
    Stance.HOLD: State.HELD,
    Stance.VETO: State.VETOED,
    Stance.BROKEN: State.BROKEN,
}


def state(entries: Sequence[Entry], change: Change) -> State:
    """Where `change`, as it stands now, is.

    A decision on another head or base than those it has now is stale.
    """
    released = release_entry(entries, change.number)
    if released is not None:
        return _after_merge(entries, released)
    if any(entry.kind is Kind.CLOSED and closed_change(entry) == change.number for entry in entries):
        return State.CLOSED
    decision = last_decision(entries, change.number)
    if decision is None:
        return State.IN_REVIEW if _touched_by_review(entries, change.number) else State.PROPOSED
    if (decision.head, decision.base) != (change.head, change.base):
        return State.STALE
    return _DECIDED[decision.stance]


def over(entries: Sequence[Entry], number: int) -> bool:
    """Whether change `number` was merged or closed, so that nothing is left to be decided."""
    closed = any(entry.kind is Kind.CLOSED and closed_change(entry) == number for entry in entries)
    return closed or release_entry(entries, number) is not None


def release_entry(entries: Sequence[Entry], number: int) -> Entry | None:
    """The merge of change `number`, or None."""
    return next((one for one in entries if is_merge(one) and release_of(one).change == number), None)


def _after_merge(entries: Sequence[Entry], released: Entry) -> State:
    if rolled_back(entries, released) is not None:
        return State.ROLLED_BACK
    outcome = ended(entries, released)
    if outcome is not None:
        return State.CONFIRMED if outcome_of(entries, outcome).confirmed else State.ROLLED_BACK
    return State.CANARY if release_of(released).judged else State.MERGED


def _touched_by_review(entries: Sequence[Entry], number: int) -> bool:
    return bool(verdicts_on(entries, number)) or any(test.change == number for test in tests(entries))
