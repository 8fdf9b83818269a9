"""The genesis entry, as the forge writes it."""

from collections.abc import Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules.entries.fields import body_of


def genesis_id(entries: Sequence[Entry]) -> str:
    """The id that binds every statement to this repository; Untrusted for a ledger without a beginning."""
    if not entries or entries[0].kind is not Kind.GENESIS:
        raise Untrusted(
            "the ledger does not begin with its genesis entry; fetch the whole branch alphaloop/ledger"
        )
    return entries[0].commit


def founding_commit(entries: Sequence[Entry]) -> str:
    """Main's first commit: the version that counts as confirmed before any release was."""
    genesis_id(entries)
    return body_of(entries[0], Kind.GENESIS).text("founding")
