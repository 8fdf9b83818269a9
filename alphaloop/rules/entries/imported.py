"""Entries of a clone that diverged: appended again, so that what was tried there counts here.

An imported entry promotes nothing and decides nothing.  It counts as trials, and a test that was opened in
the clone stays paid for: else somebody could open tests offline and bring only the winner along.
"""

from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.imported import Imported
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.opened import test_of


def imported(original: Entry) -> Draft:
    """The entry with which a ledger takes in `original`; importing it twice is one entry.

    Raises Untrusted when `original` is not what its kind must carry, or was imported itself.
    """
    if original.kind in (Kind.GENESIS, Kind.IMPORTED):
        raise Untrusted(f"ledger entry {original.number} is {original.kind}, and is never imported")
    test = test_of(original) if original.kind is Kind.TEST_OPENED else None
    body: dict[str, Any] = {
        "of": original.commit,
        "by": original.signer,
        "was": str(original.kind),
        "place": original.number,
        "count": _trials(original),
        "level": 0.0 if test is None else test.level,
        "plays": "" if test is None else test.plays,
    }
    subject = f"imported from a clone: {original.kind} {original.number}: {original.subject}"
    return Draft(Kind.IMPORTED, f"imported:{original.commit}", subject, body)


def imported_of(entry: Entry) -> Imported:
    """What `entry` took in."""
    fields = body_of(entry, Kind.IMPORTED)
    try:
        return Imported(
            of=fields.text("of"),
            by=fields.text("by"),
            was=Kind(fields.text("was")),
            place=fields.whole("place"),
            count=fields.whole("count"),
            level=fields.number("level"),
            plays=fields.text("plays"),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def _trials(original: Entry) -> int:
    """A search counts its candidates, and a test is a candidate that somebody looked at."""
    if original.kind is Kind.TRIAL:
        fields = body_of(original, Kind.TRIAL)
        return max(0, fields.whole("count")) if "count" in fields.values else 0
    return int(original.kind is Kind.TEST_OPENED)
