"""Where a change stands in its life, recomputed from the ledger every time and stored nowhere.

draft → proposed → in review → approved | held | vetoed | broken | stale → merged → canary →
confirmed | rolled back; any that has not ended → escalated, closed, stopped.
"""

from collections.abc import Sequence

from alphaloop.facts.change import Change, State
from alphaloop.facts.entry import Entry
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import decision_of
from alphaloop.rules.entries.lessons import escalated
from alphaloop.rules.entries.marks import is_closed, is_draft
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.releases import ended, is_merge, outcome_of, release_of, rolled_back
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.overtaken import last_decided, overtaken
from alphaloop.rules.stopped import stop_in_force

_DECIDED = {
    Stance.ABSTAIN: State.HELD,
    Stance.APPROVE: State.APPROVED,
    Stance.HOLD: State.HELD,
    Stance.VETO: State.VETOED,
    Stance.BROKEN: State.BROKEN,
}
ENDED = frozenset({State.MERGED, State.CONFIRMED, State.ROLLED_BACK, State.CLOSED})
"""States that neither a stop nor an escalation changes."""


def state(entries: Sequence[Entry], change: Change) -> State:
    """Where `change`, as it stands now, is.

    A decision on another head or base than those it has now is stale, until somebody has spoken on these.
    """
    released = release_entry(entries, change.number)
    if released is not None:
        where = _after_merge(entries, released)
    elif is_closed(entries, change.number):
        where = State.CLOSED
    elif is_draft(entries, change.number):
        where = State.DRAFT
    else:
        where = _before_merge(entries, change)
    if where in ENDED:
        return where
    return State.STOPPED if stop_in_force(entries) is not None else where


def over(entries: Sequence[Entry], number: int) -> bool:
    """Whether change `number` was merged or closed, so that nothing is left to be decided."""
    return is_closed(entries, number) or release_entry(entries, number) is not None


def release_entry(entries: Sequence[Entry], number: int) -> Entry | None:
    """The merge of change `number`, or None."""
    return next((one for one in entries if is_merge(one) and release_of(one).change == number), None)


def handed_over(entries: Sequence[Entry], number: int) -> bool:
    """Whether the hypothesis of change `number` was refused too often and is a human's to decide."""
    hypothesis = hypothesis_of_change(entries, number)
    return hypothesis is not None and (hypothesis.key, hypothesis.metric) in escalated(entries)


def _before_merge(entries: Sequence[Entry], change: Change) -> State:
    """What the last decision says, if it is on this head and base and has read all that was said.

    A handed-over hypothesis waits for its human, whatever else holds it.
    """
    decided = last_decided(entries, change.number)
    if decided is None:
        where = State.IN_REVIEW if _touched_by_review(entries, change.number) else State.PROPOSED
    elif (decision_of(decided).head, decision_of(decided).base) != (change.head, change.base):
        where = State.IN_REVIEW if _spoken_here(entries, change) else State.STALE
    elif overtaken(entries, decided) is not None:
        where = State.IN_REVIEW
    else:
        where = _DECIDED[decision_of(decided).stance]
    waits = where is not State.APPROVED and handed_over(entries, change.number)
    return State.ESCALATED if waits else where


def _after_merge(entries: Sequence[Entry], released: Entry) -> State:
    if rolled_back(entries, released) is not None:
        return State.ROLLED_BACK
    outcome = ended(entries, released)
    if outcome is not None:
        return State.CONFIRMED if outcome_of(entries, outcome).confirmed else State.ROLLED_BACK
    return State.CANARY if release_of(released).judged else State.MERGED


def _touched_by_review(entries: Sequence[Entry], number: int) -> bool:
    return bool(verdicts_on(entries, number)) or any(test.change == number for test in tests(entries))


def _spoken_here(entries: Sequence[Entry], change: Change) -> bool:
    here = (change.head, change.base)
    return any((one.head, one.base) == here for one in verdicts_on(entries, change.number))
