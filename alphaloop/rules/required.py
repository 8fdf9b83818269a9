"""Who must speak before a change may land."""

from alphaloop.facts.change import Change
from alphaloop.facts.role import Power, Seats, is_human
from alphaloop.rules.ownership import needs_a_human, owners
from alphaloop.rules.paths import any_matches


def required(change: Change, seats: Seats) -> tuple[str, ...]:
    """The seats that must answer, in roles.yaml's order: whoever reviews a touched path, and Risk always.

    A seat never reviews what it wrote; Risk stays required even then, so that such a change cannot land.
    """
    wrote = authors(change)
    return tuple(
        seat.name
        for seat in seats.seats
        if seat.may(Power.VETO)
        or (seat.name not in wrote and any(any_matches(seat.reviews, path) for path in change.files))
    )


def authors(change: Change) -> frozenset[str]:
    """Everybody who wrote a part of the change."""
    return frozenset({change.author, *(touch.committer for touch in change.touched)})


def human_must_approve(change: Change, seats: Seats) -> tuple[str, ...]:
    """Touched paths on which a seat's proposal needs a person's approval, () when people wrote it all.

    What only humans may write is among them: a seat can put a person's old commit into a change of its own.
    """
    if all(is_human(author) for author in authors(change)):
        return ()
    return tuple(path for path in change.files if needs_a_human(path) or not owners(path, seats))
