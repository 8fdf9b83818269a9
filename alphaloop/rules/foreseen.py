"""What would become of a change that nobody made: the same rules, asked before the work is done."""

from collections.abc import Iterator

from alphaloop.facts.change import Change, Touched
from alphaloop.facts.imagined import Expected, Foreseen, Imagined
from alphaloop.facts.role import Power, Seats
from alphaloop.rules.required import authors, human_must_approve, required
from alphaloop.rules.scope import DELETED, REGULAR, out_of_scope

_NO_COMMIT = "0" * 40


def foreseen(imagined: Imagined, seats: Seats) -> Foreseen:
    """What `seats` say of the imagined change: every commit of it by its author, on top of main."""
    change = _change(imagined)
    vetoes = out_of_scope(change, seats)
    wrote = authors(change)
    return Foreseen(
        vetoes=tuple(f"{_of_nobody(one.message)}{f' ({one.file})' if one.file else ''}" for one in vetoes),
        required=required(change, seats),
        human=human_must_approve(change, seats),
        merges=tuple(seat.name for seat in seats.seats if seat.may(Power.MERGE) and seat.name not in wrote),
    )


def differences(expected: Expected, found: Foreseen) -> tuple[str, ...]:
    """In what the foreseen is not as expected, in words; () when it is."""
    return tuple(_differences(expected, found))


def _differences(expected: Expected, found: Foreseen) -> Iterator[str]:
    if expected.in_scope not in (None, found.in_scope):
        yield f"scope: {_scope(expected.in_scope)} expected, {_scope(found.in_scope)} found"
    if expected.required is not None and set(expected.required) != set(found.required):
        yield f"seats: {_names(expected.required)} expected, {_names(found.required)} found"
    if expected.human not in (None, bool(found.human)):
        yield f"human: {_flag(expected.human)} expected, {_flag(bool(found.human))} found"
    if expected.because and not any(expected.because in veto for veto in found.vetoes):
        yield f"because: no reason says {expected.because!r}"


def _change(imagined: Imagined) -> Change:
    modes = [(path, REGULAR) for path in imagined.writes] + [(path, DELETED) for path in imagined.deletes]
    touched = tuple(Touched(path, mode, imagined.author, _NO_COMMIT) for path, mode in modes)
    return Change(0, imagined.author, "imagined", "", _NO_COMMIT, _NO_COMMIT, _NO_COMMIT, touched, based=True)


def _of_nobody(message: str) -> str:
    """A finding without the id of a commit that nobody made."""
    return message.replace(f"commit {_NO_COMMIT[:12]}", "the commit")


def _scope(within: bool | None) -> str:
    return "in" if within else "out"


def _flag(needed: bool | None) -> str:
    return "true" if needed else "false"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "nobody"
