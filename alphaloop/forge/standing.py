"""Whether the ledger still stands where a decision left it: what was said since may have taken it back."""

from collections.abc import Sequence

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.ports import NotMerged
from alphaloop.rules.entries.decisions import decision_of
from alphaloop.rules.overtaken import overtaken
from alphaloop.rules.required import authors
from alphaloop.rules.stopped import stop_in_force


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
    return _since(change, overtaken(entries, recorded))


def _recorded(decision: Decision, entries: Sequence[Entry]) -> Entry | None:
    """The entry of `decision`, if it is the last one on its change."""
    for entry in reversed(entries):
        if entry.kind is Kind.DECISION:
            said = decision_of(entry)
            if said.change == decision.change:
                return entry if said == decision else None
    return None


def _since(change: Change, said: Entry | None) -> NotMerged | None:
    """What was said on the change, or to everybody, after the last entry that the decision read."""
    if said is None:
        return None
    if said.kind is Kind.STOP:
        return NotMerged("stale", f"the desk was stopped after #{change.number} was decided: judge again")
    if said.kind is Kind.KEY:
        return NotMerged("stale", f"a key was changed after #{change.number} was decided: judge again")
    words = f"{said.signer} recorded a {said.kind} on #{change.number}"
    return NotMerged("stale", f"{words} after it was decided: judge again")
