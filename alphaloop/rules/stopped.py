"""Whether an emergency stop is in force."""

from collections.abc import Iterable

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import is_human
from alphaloop.rules.entries.fields import body_of


def stop_in_force(entries: Iterable[Entry]) -> Entry | None:
    """The stop that stands, or None.

    Only a resume that a human signed ends a stop, and only the one that it names.
    """
    standing = None
    for entry in entries:
        if entry.kind is Kind.STOP:
            standing = standing or entry
        elif standing is not None and _ends(entry, standing):
            standing = None
    return standing


def resumption(entries: Iterable[Entry]) -> Entry | None:
    """The human's resume that ended the last stop; None while a stop is in force, or where none ever was."""
    standing = ended = None
    for entry in entries:
        if entry.kind is Kind.STOP:
            standing, ended = standing or entry, None
        elif standing is not None and _ends(entry, standing):
            standing, ended = None, entry
    return ended


def why_stopped(entries: Iterable[Entry]) -> str:
    """Who stopped the desk and why, "" when it runs."""
    stop = stop_in_force(entries)
    if stop is None:
        return ""
    fields = body_of(stop, Kind.STOP)
    return f"{fields.text('by')}: {fields.text('reason') or 'no reason given'}"


def _ends(entry: Entry, stop: Entry) -> bool:
    if entry.kind is not Kind.RESUME or not is_human(entry.signer):
        return False
    return body_of(entry, Kind.RESUME).whole("ends") == stop.number
