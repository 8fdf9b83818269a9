"""Whether a running canary still rests on keys that are in force."""

from collections.abc import Sequence

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.decisions import decided_change
from alphaloop.rules.entries.keys import key_change_of
from alphaloop.rules.entries.releases import release_of
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.overtaken import last_decided
from alphaloop.rules.required import authors


def shaken(entries: Sequence[Entry], released: Entry) -> str:
    """Why the canary `released` may not be confirmed, "" while every key that let it in is in force.

    It rests on whoever wrote a part of it, approved it, decided and merged it.  Whoever lost their key since
    may not have been the one who signed; so it goes, as it would by a hold, and may be proposed again.
    """
    rests_on = _rests_on(entries[: released.number], released)
    for entry in entries[released.number + 1 :]:
        if entry.kind is Kind.KEY:
            changed = key_change_of(entry)
            if changed.old and changed.principal in rests_on:
                return f"it rests on a key of {changed.principal} that entry {entry.number} took away"
    return ""


def _rests_on(before: Sequence[Entry], released: Entry) -> frozenset[str]:
    decided = last_decided(before, release_of(released).change)
    if decided is None:
        return frozenset({released.signer})
    change = decided_change(decided)
    here = (change.head, change.base)
    approved = {
        one.seat
        for one in verdicts_on(before, change.number)
        if one.stance is Stance.APPROVE and (one.head, one.base) == here
    }
    return frozenset({released.signer, decided.signer, *approved, *authors(change)})
