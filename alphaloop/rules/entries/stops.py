"""The emergency stop, and the human who ended it."""

from collections.abc import Sequence

from alphaloop.errors import Refused
from alphaloop.facts.entry import Draft, Entry, Kind


def stop(entries: Sequence[Entry], by: str, reason: str) -> Draft:
    """Stop the desk.  While it is stopped already, this answers the stop that is in force."""
    since = max((entry.number for entry in entries if entry.kind is Kind.RESUME), default=0)
    body = {"by": by, "reason": reason}
    return Draft(Kind.STOP, f"stop:{since}", f"stopped by {by}: {reason or 'no reason given'}", body)


def resume(stopped: Entry, by: str, reason: str = "") -> Draft:
    """End the stop that `stopped` is; raises Refused for any other entry."""
    if stopped.kind is not Kind.STOP:
        raise Refused(f"ledger entry {stopped.number} is no stop, so there is nothing to resume from")
    body = {"by": by, "reason": reason, "ends": stopped.number}
    return Draft(Kind.RESUME, f"resume:{stopped.number}:{by}", f"resumed by {by}", body)
