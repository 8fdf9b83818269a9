"""A history: what happens between the answers of a strategy, as whole numbers that anybody can repeat."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """What happens until the strategy is asked again; prices in ticks, sizes in lots.

    wait_ms: market time since the last answer, 0 to 100; silent_s: seconds before that in which no book was
    to be seen, its orders taken back; volatility: what it is after a silence, None to let it follow from the
    mids; target_lots: own orders are filled, the nearest first, until the position is as near to that as they
    allow, None for no fill; trades: others' trades, the size bought, or sold if negative.

    Made by the thousand, so whether it stays within what the platform can send is asked of whole histories.
    """

    wait_ms: int
    bid_ticks: int
    spread_ticks: int
    bid_lots: int
    ask_lots: int
    target_lots: int | None = None
    trades: tuple[int, ...] = ()
    silent_s: int = 0
    volatility: float | None = None
    funding: float = 0.0


History = tuple[Move, ...]
MOST_MOVES = 150
"""Moves of one history; a claim of more is none."""
MOST_WAIT_MS = 100
MOST_TRADES = 3
MOST_SILENT_S = 120
