"""What a running canary means for the others, and when it must go without waiting for its end."""

from collections.abc import Sequence

from alphaloop.facts.change import RELEASE_PATHS, Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry
from alphaloop.facts.role import Power, Seats, is_human
from alphaloop.facts.verdict import Stance
from alphaloop.rules.decide import standing
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.decisions import decided_change
from alphaloop.rules.entries.verdicts import verdicts_in_force
from alphaloop.rules.overtaken import last_decided
from alphaloop.rules.shaken import shaken


def frozen(entries: Sequence[Entry], change: Change) -> str:
    """What a change of the release paths waits for, "" when it need not wait; other changes never do."""
    running = releases.canary(entries)
    if running is None or not any(path in RELEASE_PATHS for path in change.files):
        return ""
    number = releases.release_of(running).change
    if number == change.number:
        return ""
    return f"{', '.join(RELEASE_PATHS)} are frozen while #{number} is a canary; judged again after that"


def waiting(made: Decision, why: str) -> Decision:
    """The decision `made`, held while there is a reason `why` to wait; a veto or failure weighs more."""
    if not why:
        return made
    kept = made.reasons if made.stance >= Stance.VETO else ()
    rest = () if kept else made.reasons
    return Decision(
        made.change, made.head, made.base, max(made.stance, Stance.HOLD), (*kept, why, *rest), made.day
    )


def recalled(entries: Sequence[Entry], released: Entry, seats: Seats) -> str:
    """Why a canary goes without waiting for its end, "" while nothing speaks against it.

    Somebody held or vetoed it since it merged, and that stands; or a key that it rests on was changed since.
    seats: main's.
    """
    number = releases.release_of(released).change
    decided = last_decided(entries[: released.number], number)
    if decided is not None:
        change = decided_change(decided)
        before = standing(change, seats, verdicts_in_force(entries[: released.number], number))
        for one in standing(change, seats, verdicts_in_force(entries, number)):
            objects = one.stance in (Stance.HOLD, Stance.VETO) and one not in before
            if objects and _may_object(one.seat, seats):
                return f"{one.seat} answered {one.stance.name.lower()} after the merge"
    return shaken(entries, released)


def _may_object(principal: str, seats: Seats) -> bool:
    if is_human(principal):
        return seats.knows(principal)
    seat = seats.named(principal)
    return seat is not None and (seat.may(Power.REVIEW) or seat.may(Power.VETO))
