"""Orders and what the exchange reports of them, in integer ticks and lots."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final


class Side(IntEnum):
    """The side of an order; its value is the sign of the position that a fill adds."""

    BUY = 1
    SELL = -1

    @property
    def word(self) -> str:
        """The side as the strategy contract spells it."""
        return "buy" if self is Side.BUY else "sell"


# Looked up once: a member of an enumeration costs as much as a call.
_BUY: Final = Side.BUY


def towards(side: Side, count: int) -> int:
    """A count of lots or ticks as it is seen from a side: more is further in its direction."""
    return count if side is _BUY else -count


class Event(StrEnum):
    """What happened to an order at the exchange."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FILLED = "filled"
    CANCELED = "canceled"


class Report:
    """One execution report, as the trader receives it: a plain class, because every decision makes several.

    received_ns: market time of receipt; matched_ns: market time at the exchange; ticks and lots: price and
    size of this fill (the order's own price and its remaining size for the other events); left: lots that a
    fill left of its order, by which a repeated or late fill is known; None where none ever is.
    """

    __slots__ = ("event", "left", "lots", "matched_ns", "order", "received_ns", "side", "ticks")

    def __init__(
        self,
        order: int,
        event: Event,
        side: Side,
        ticks: int,
        lots: int,
        matched_ns: int,
        received_ns: int,
        left: int | None = None,
    ) -> None:
        self.order: Final = order
        self.event: Final = event
        self.side: Final = side
        self.ticks: Final = ticks
        self.lots: Final = lots
        self.matched_ns: Final = matched_ns
        self.received_ns: Final = received_ns
        self.left: Final = left


class Cause(StrEnum):
    """Whose doing a refusal of the outer risk engine is."""

    OWN = "own"
    CIRCUMSTANCE = "circumstance"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that the outer risk engine did not let through: the rule, its value and its limit."""

    rule: str
    cause: Cause
    value: float | None
    limit: float | None
    time_ns: int

    def __reduce__(self) -> tuple[Any, ...]:
        # Written out, because journals travel between processes, and one may play from source and one not.
        return Refusal, (self.rule, self.cause, self.value, self.limit, self.time_ns)
