"""Overrides of a hold, each signed by the person who gave it."""

from collections.abc import Sequence
from datetime import date

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.override import Override
from alphaloop.rules.entries.fields import Fields, body_of
from alphaloop.rules.entries.keys import in_force


def override(given: Override, comment: str) -> Draft:
    """An override as it was given in one comment; the same comment is recorded once.

    comment: what tells this comment from every other, so that the same words said later count anew.
    """
    body = {
        "change": given.change,
        "seat": given.seat,
        "head": given.head,
        "base": given.base,
        "given": given.given.isoformat(),
        "until": given.until.isoformat(),
        "reason": given.reason,
        "by": given.by,
    }
    subject = f"{given.by} overrides the hold of {given.seat} on #{given.change} until {given.until}"
    return Draft(Kind.OVERRIDE, f"override:{given.change}:{comment}", subject, body)


def override_of(entry: Entry) -> Override:
    """The override that `entry` carries; raises Untrusted unless its giver signed it."""
    fields = body_of(entry, Kind.OVERRIDE)
    by = fields.text("by")
    if by != entry.signer:
        raise Untrusted(f"{fields.where}: {entry.signer} signed an override of {by}; find out who did")
    try:
        return Override(
            change=fields.whole("change"),
            seat=fields.text("seat"),
            head=fields.text("head"),
            base=fields.text("base"),
            given=day_in(fields, "given"),
            until=day_in(fields, "until"),
            reason=fields.text("reason"),
            by=by,
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def overrides_on(entries: Sequence[Entry], number: int) -> tuple[Override, ...]:
    """Every override on change `number` whose giver still has the same key, of any head, oldest first."""
    given = (one for one in entries if one.kind is Kind.OVERRIDE and one.body.get("change") == number)
    counting = {entry.number for entry in in_force(entries)}
    return tuple(override_of(entry) for entry in given if entry.number in counting)


def day_in(fields: Fields, name: str) -> date:
    """The day in UTC that the text field `name` spells, as 2026-01-31 and in no other way."""
    text = fields.text(name)
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {name} is no day such as 2026-01-31") from wrong
    if day.isoformat() != text:
        raise Untrusted(f"{fields.where}: {name} is not spelled as 2026-01-31")
    return day
