"""What to send, given what is wanted and what is open: a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from alphaloop.facts.order import Side
from alphaloop.trading.want import Want


class Stage(Enum):
    """How far an order has come: only one that the exchange acknowledged can be cancelled."""

    SENT = auto()
    RESTING = auto()
    CANCELLING = auto()


# Looked up once: a member of an enumeration costs as much as a call.
_, _RESTING, _CANCELLING = Stage


@dataclass(slots=True)
class Open:
    """An order that may still be filled, or was and we have not heard; lots are those that remain."""

    order: int
    side: Side
    ticks: int
    lots: int
    stage: Stage = Stage.SENT


class Plan(NamedTuple):
    """Orders to cancel, and orders to send after them; complete: nothing will be left to do after that."""

    cancels: list[int]
    submissions: list[Want]
    complete: bool


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
        match = None if order.stage is _CANCELLING else _match(order, missing)
        if match is not None:
            missing.remove(match)
            staying.append(order)
            continue
        leaving.append(order)
        if order.stage is _RESTING:
            cancels.append(order.order)
    submissions = [want for want in missing if _may_go(want, leaving, staying)] if missing else missing
    return Plan(cancels, submissions, not leaving and len(submissions) == len(missing))


def _match(order: Open, wants: Sequence[Want]) -> Want | None:
    for want in wants:
        side, ticks, lots = want
        if side is order.side and ticks == order.ticks and lots <= order.lots:
            return want
    return None


def _may_go(want: Want, leaving: Sequence[Open], staying: Sequence[Open]) -> bool:
    side, limit = want.side, want.ticks * want.side
    for order in leaving:
        if order.side is side or limit >= order.ticks * side:
            return False
    return not any(order.side is not side and limit >= order.ticks * side for order in staying)
