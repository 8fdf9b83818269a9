"""What the gate decided, with everything of the change that it read, so that it can be decided again."""

from collections.abc import Iterable

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.changes import change_body, change_in
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.overrides import day_in
from alphaloop.rules.entries.verdicts import stance_named


def decision(entries: Iterable[Entry], decided: Decision, change: Change) -> Draft:
    """The gate's answer on one head and base, from the ledger as `entries` shows it.

    While nothing else was recorded, the same answer is recorded once.
    """
    silent = (Kind.DECISION, Kind.RENDERING)
    body = {
        "change": change_body(change),
        "read": max((entry.number for entry in entries if entry.kind not in silent), default=0),
        "stance": decided.stance.name.lower(),
        "reasons": list(decided.reasons),
        "day": None if decided.day is None else decided.day.isoformat(),
    }
    subject = f"#{decided.change} at {decided.head[:12]}: {decided.word}"
    return Draft(Kind.DECISION, f"decision:{decided.change}:{digest(body)}", subject, body)


def decision_of(entry: Entry) -> Decision:
    """The decision that `entry` carries."""
    fields = body_of(entry, Kind.DECISION)
    change = decided_change(entry)
    day = None if fields.values.get("day") is None else day_in(fields, "day")
    stance = stance_named(fields, "stance")
    return Decision(change.number, change.head, change.base, stance, fields.texts("reasons"), day)


def decided_change(entry: Entry) -> Change:
    """The change as the gate read it."""
    return change_in(body_of(entry, Kind.DECISION).inner("change"))


def read_up_to(entry: Entry) -> int:
    """The number of the newest entry that the decision rests on."""
    return body_of(entry, Kind.DECISION).whole("read")


def last_decision(entries: Iterable[Entry], number: int) -> Decision | None:
    """The newest decision on change `number`, or None."""
    made = (decision_of(entry) for entry in entries if entry.kind is Kind.DECISION)
    return next((one for one in reversed([*made]) if one.change == number), None)
