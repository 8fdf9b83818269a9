"""Whether the ledger still stands where a decision left it: what was said since may have taken it back."""

from collections.abc import Sequence

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.ports import NotMerged
from alphaloop.rules.entries.decisions import decision_of, read_up_to
from alphaloop.rules.required import authors
from alphaloop.rules.stopped import stop_in_force

_SPEAKS_OF_A_CHANGE = (Kind.VERDICT, Kind.CLOSED)


def objection(change: Change, decision: Decision, seat: str, entries: Sequence[Entry]) -> NotMerged | None:
    """Why `decision` does not merge `change` now, or None.

    The decision must be the last one that the ledger holds on this change, and nothing may have been said
    since what it read that could speak against it: a stop, a verdict, a closing.
    """
    if not decision.may_merge:
        return NotMerged(
            "blocked", f"the decision on #{change.number} is {decision.word}: only an approval merges"
        )
    if (decision.change, decision.head, decision.base) != (change.number, change.head, change.base):
        return NotMerged(
            "stale", f"the decision is on {decision.head[:12]} onto {decision.base[:12]}: judge again"
        )
    if seat in authors(change):
        return NotMerged(
            "blocked", f"{seat} wrote a part of #{change.number} and may not merge it: let another seat merge"
        )
    if stop_in_force(entries) is not None:
        return NotMerged("blocked", "the emergency stop is in force: a human must resume")
    recorded = _recorded(decision, entries)
    if recorded is None:
        return NotMerged(
            "blocked", f"the ledger holds no such decision on #{change.number}: record it, then merge"
        )
    return _since(change, entries[read_up_to(recorded) + 1 :])


def _recorded(decision: Decision, entries: Sequence[Entry]) -> Entry | None:
    """The entry of `decision`, if it is the last one on its change."""
    for entry in reversed(entries):
        if entry.kind is Kind.DECISION:
            said = decision_of(entry)
            if said.change == decision.change:
                return entry if said == decision else None
    return None


def _since(change: Change, later: Sequence[Entry]) -> NotMerged | None:
    """What was said on the change, or to everybody, after the last entry that the decision read."""
    for entry in later:
        if entry.kind is Kind.STOP:
            return NotMerged("stale", f"the desk was stopped after #{change.number} was decided: judge again")
        if entry.kind in _SPEAKS_OF_A_CHANGE and entry.body.get("change") == change.number:
            said = f"{entry.signer} recorded a {entry.kind} on #{change.number}"
            return NotMerged("stale", f"{said} after it was decided: judge again")
    return None
