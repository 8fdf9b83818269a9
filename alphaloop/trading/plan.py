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
    leaving: list[Open] = []
    staying: list[Open] = []
    for order in orders:
        match = None if order.stage is Stage.CANCELLING else _match(order, missing)
        if match is None:
            leaving.append(order)
        else:
            missing.remove(match)
            staying.append(order)
    cancels = [order.order for order in leaving if order.stage is Stage.RESTING]
    submissions = [want for want in missing if _may_go(want, leaving, staying)]
    return Plan(cancels, submissions, complete=not leaving and len(submissions) == len(missing))


def _match(order: Open, wants: Sequence[Want]) -> Want | None:
    for want in wants:
        if want.side is order.side and want.ticks == order.ticks and want.lots <= order.lots:
            return want
    return None


def _may_go(want: Want, leaving: Sequence[Open], staying: Sequence[Open]) -> bool:
    for order in leaving:
        if order.side is want.side or _meets(want, order):
            return False
    return not any(order.side is not want.side and _meets(want, order) for order in staying)


def _meets(want: Want, order: Open) -> bool:
    return want.ticks * want.side >= order.ticks * want.side
