"""What to send, given what is wanted and what is open: a pure function."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final

from alphaloop.facts.order import Side, towards
from alphaloop.trading.pause import Pause
from alphaloop.trading.want import Want


class Stage(Enum):
    """How far an order has come: only one that the exchange acknowledged can be cancelled."""

    SENT = auto()
    RESTING = auto()
    CANCELLING = auto()


# Looked up once: a member of an enumeration costs as much as a call.
_SENT: Final = Stage.SENT
_RESTING: Final = Stage.RESTING
_CANCELLING: Final = Stage.CANCELLING
_NOWHERE: Final = -1


class Open:
    """An order that may still be filled, or was and we have not heard; lots are those that remain.

    asked_ns: when a cancel was last sent, 0 before; pause: the one after a cancel that was lost.
    """

    __slots__ = ("asked_ns", "lots", "order", "pause", "side", "stage", "ticks")

    def __init__(self, order: int, side: Side, ticks: int, lots: int, stage: Stage = _SENT) -> None:
        self.order: Final = order
        self.side: Final = side
        self.ticks = ticks
        self.lots = lots
        self.stage = stage
        self.asked_ns = 0
        self.pause: Pause | None = None


Plan = tuple[list[int], list[Want], bool]
"""Orders to cancel, orders to send after them, and whether nothing will be left to do after that."""


def plan(wants: Sequence[Want], orders: Iterable[Open]) -> Plan:
    """The messages that bring the open orders to what is wanted.

    An order keeps its place in the queue when side and price stay, unless its size has to grow.  While an
    order on a side is on its way out, nothing new goes to that side; and nothing goes where it would meet an
    own order.
    """
    missing = list(wants)
    cancels: list[int] = []
    leaving: list[Open] = []
    staying: list[Open] = []
    for order in orders:
        place = _NOWHERE if order.stage is _CANCELLING else _place(order, missing)
        if place != _NOWHERE:
            missing.pop(place)
            staying.append(order)
            continue
        leaving.append(order)
        if order.stage is _RESTING:
            cancels.append(order.order)
    if not missing:
        return cancels, missing, not leaving
    submissions = [want for want in missing if _may_go(want, leaving, staying)]
    return cancels, submissions, not leaving and len(submissions) == len(missing)


def _place(order: Open, wants: list[Want]) -> int:
    """Where the first of `wants` stands that an open order serves as it is."""
    for place, want in enumerate(wants):
        if want.side is order.side and want.ticks == order.ticks and want.lots <= order.lots:
            return place
    return _NOWHERE


def _may_go(want: Want, leaving: list[Open], staying: list[Open]) -> bool:
    """Whether no order on its side is on its way out, and it would meet none of the other side."""
    for order in leaving:
        if order.side is want.side or _meets(want, order):
            return False
    return not [order for order in staying if order.side is not want.side and _meets(want, order)]


def _meets(want: Want, other: Open) -> bool:
    """Whether an order's price is as far as that of an order on the other side, or farther."""
    return towards(want.side, want.ticks) >= towards(want.side, other.ticks)
