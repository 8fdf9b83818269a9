"""What was said after a decision was taken: it may have taken the decision back."""

from collections.abc import Sequence

from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules.entries.decisions import decision_of, read_up_to

_SPEAKS_OF_A_CHANGE = (Kind.VERDICT, Kind.OVERRIDE, Kind.CLOSED, Kind.MARK)


def last_decided(entries: Sequence[Entry], number: int) -> Entry | None:
    """The entry of the newest decision on change `number`, or None."""
    made = (entry for entry in reversed(entries) if entry.kind is Kind.DECISION)
    return next((entry for entry in made if decision_of(entry).change == number), None)


def overtaken(entries: Sequence[Entry], decided: Entry) -> Entry | None:
    """The first entry after what `decided` read that speaks of its change or to everybody, or None."""
    number = decision_of(decided).change
    return next((one for one in entries[read_up_to(decided) + 1 :] if _speaks(one, number)), None)


def _speaks(entry: Entry, number: int) -> bool:
    if entry.kind in (Kind.STOP, Kind.KEY, Kind.ESCALATION):
        return True
    return entry.kind in _SPEAKS_OF_A_CHANGE and entry.body.get("change") == number
