"""Orders and what the exchange reports of them, in integer ticks and lots."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Side(IntEnum):
    """The side of an order; its value is the sign of the position that a fill adds."""

    BUY = 1
    SELL = -1

    @property
    def word(self) -> str:
        """The side as the strategy contract spells it."""
        return "buy" if self is Side.BUY else "sell"


class Event(StrEnum):
    """What happened to an order at the exchange."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FILLED = "filled"
    CANCELED = "canceled"


class Report(NamedTuple):
    """One execution report, as the trader receives it: a tuple, because there are several for each decision.

    received_ns: market time of receipt; matched_ns: market time at the exchange; ticks and lots: price and
    size of this fill (the order's own price and its remaining size for the other events); left: lots that a
    fill left of its order, by which a repeated or late fill is known; None where none ever is.
    """

    order: int
    event: Event
    side: Side
    ticks: int
    lots: int
    matched_ns: int
    received_ns: int
    left: int | None = None


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
