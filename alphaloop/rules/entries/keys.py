"""Changes of keys, and what they take away: a word in favour dies with the key that gave it.

Validity goes by position in the ledger and never by a date.  What was signed before a change of keys stays
signed; but whatever still waits to take effect may not rest on a key that is no longer in force.
"""

from collections.abc import Iterable, Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.key import KeyChange
from alphaloop.facts.role import human_login, is_human
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import body_of


def key_changed(change: KeyChange) -> Draft:
    """The entry from which on `change` holds."""
    body = {
        "principal": change.principal,
        "old": change.old,
        "new": change.new,
        "why": change.why,
        "main": change.main,
        "talks": {str(number): commit for number, commit in sorted(change.talks.items())},
    }
    key = digest({"old": change.old, "new": change.new})
    subject = f"{change.words}{f': {change.why}' if change.why else ''}"
    return Draft(Kind.KEY, f"key:{change.principal}:{key}", subject, body)


def key_change_of(entry: Entry) -> KeyChange:
    """The change of keys that `entry` is; raises Untrusted when its body is none."""
    fields = body_of(entry, Kind.KEY)
    talks = fields.inner("talks")
    if not all(number.isdecimal() and number.isascii() for number in talks.values):
        raise Untrusted(f"{fields.where}: a pull request's number is no whole number; find out who wrote it")
    principal, old, new, why, main = (
        fields.text(name) for name in ("principal", "old", "new", "why", "main")
    )
    try:
        return KeyChange(
            principal, old, new, why, main, {int(number): talks.text(number) for number in talks.values}
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}; find out who wrote it") from wrong


def outlived(entries: Iterable[Entry], said: Entry) -> Entry | None:
    """The change of keys since which the key that signed `said` is not in force, or None while it is."""
    for entry in entries:
        if entry.kind is Kind.KEY and entry.number > said.number:
            changed = key_change_of(entry)
            if changed.principal == said.signer and changed.old:
                return entry
    return None


def in_force(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that are signed with a key which nobody has replaced or revoked since."""
    last = {
        key_change_of(entry).principal: entry.number
        for entry in entries
        if entry.kind is Kind.KEY and key_change_of(entry).old
    }
    return tuple(entry for entry in entries if entry.number >= last.get(entry.signer, 0))


def holders(entries: Sequence[Entry]) -> frozenset[str]:
    """Everybody who has a key in force at the end of these entries."""
    held = set(body_of(entries[0], Kind.GENESIS).inner("keys").values)
    for entry in entries:
        if entry.kind is Kind.KEY:
            changed = key_change_of(entry)
            held = (held | {changed.principal}) if changed.new else (held - {changed.principal})
    return frozenset(held)


def departed(entries: Iterable[Entry], number: int) -> tuple[str, ...]:
    """Logins of humans who had a key at entry `number` and have none now: what they signed then stays."""
    gone: dict[str, bool] = {}
    for entry in entries:
        if entry.kind is Kind.KEY and entry.number >= number:
            changed = key_change_of(entry)
            gone[changed.principal] = not changed.new
    return tuple(human_login(who) for who, left in gone.items() if left and is_human(who))
