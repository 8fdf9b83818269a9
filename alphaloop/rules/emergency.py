"""The emergency stop as a table: from which stage which signal leads where, and who may give it.

Nothing here reads a clock, a file or a ledger: the runner asks `after`, and pulls orders where it answers
STOPPING.  A signal that is doubled or comes late changes nothing or is refused; none starts what is stopped.
"""

from collections.abc import Mapping
from enum import StrEnum

from alphaloop.errors import Refused
from alphaloop.facts.role import Seats, human_login, is_human


class Stage(StrEnum):
    """How far a stop has come; orders are sent in RUNNING alone."""

    RUNNING = "running"
    STOPPING = "stopping"  # nothing is sent, and every open order is being taken back
    STOPPED = "stopped"  # no order is open
    RESUMING = "resuming"  # a human lets it go on; the runner has still to see the flag down


class Signal(StrEnum):
    """What may move it."""

    STOP = "stop"
    ALIVE = "alive"  # an own order is open at the exchange, or may be
    PULLED = "pulled"  # no own order is open
    RESUME = "resume"  # with a human's own signature
    READY = "ready"  # the flag is down


class Hand(StrEnum):
    """Who gives a signal."""

    SEAT = "a seat"
    HUMAN = "a registered human"
    RUNNER = "the runner"
    STRANGER = "nobody of this desk"


_DESK = frozenset({Hand.SEAT, Hand.HUMAN, Hand.RUNNER})

HANDS: Mapping[Signal, frozenset[Hand]] = {
    Signal.STOP: _DESK,
    Signal.ALIVE: frozenset({Hand.RUNNER}),
    Signal.PULLED: frozenset({Hand.RUNNER}),
    Signal.RESUME: frozenset({Hand.HUMAN}),
    Signal.READY: frozenset({Hand.RUNNER}),
}

TABLE: Mapping[tuple[Stage, Signal], Stage] = {
    (Stage.RUNNING, Signal.STOP): Stage.STOPPING,
    (Stage.RUNNING, Signal.ALIVE): Stage.RUNNING,
    (Stage.RUNNING, Signal.PULLED): Stage.RUNNING,
    (Stage.RUNNING, Signal.RESUME): Stage.RUNNING,
    (Stage.RUNNING, Signal.READY): Stage.RUNNING,
    (Stage.STOPPING, Signal.STOP): Stage.STOPPING,
    (Stage.STOPPING, Signal.ALIVE): Stage.STOPPING,
    (Stage.STOPPING, Signal.PULLED): Stage.STOPPED,
    (Stage.STOPPED, Signal.STOP): Stage.STOPPED,
    # An order that nobody knew of, or a fill that came late: it has to be pulled after all.
    (Stage.STOPPED, Signal.ALIVE): Stage.STOPPING,
    (Stage.STOPPED, Signal.PULLED): Stage.STOPPED,
    (Stage.STOPPED, Signal.RESUME): Stage.RESUMING,
    (Stage.RESUMING, Signal.STOP): Stage.STOPPING,
    (Stage.RESUMING, Signal.ALIVE): Stage.STOPPING,
    (Stage.RESUMING, Signal.PULLED): Stage.RESUMING,
    (Stage.RESUMING, Signal.RESUME): Stage.RESUMING,
    (Stage.RESUMING, Signal.READY): Stage.RUNNING,
}

_WHY_NOT: Mapping[tuple[Stage, Signal], str] = {
    (Stage.STOPPING, Signal.RESUME): "orders are still open: wait until they are pulled",
    (Stage.STOPPING, Signal.READY): "orders are still open, and no human has resumed",
    (Stage.STOPPED, Signal.READY): "no human has resumed: `alphaloop resume`",
}


def hand_of(principal: str, seats: Seats) -> Hand:
    """Whose hand a principal's is; a stranger's for a name that the desk does not know."""
    if is_human(principal):
        return Hand.HUMAN if human_login(principal) in seats.humans else Hand.STRANGER
    return Hand.STRANGER if seats.named(principal) is None else Hand.SEAT


def after(stage: Stage, signal: Signal, hand: Hand) -> Stage:
    """The stage that follows; raises Refused for a hand or a signal that may not move this stage."""
    if hand not in HANDS[signal]:
        may = ", ".join(sorted(HANDS[signal]))
        raise Refused(f"{hand} may not signal '{signal}' to what is {stage}; this may: {may}")
    if (stage, signal) not in TABLE:
        raise Refused(f"'{signal}' is refused while {stage}: {_WHY_NOT[stage, signal]}")
    return TABLE[stage, signal]
