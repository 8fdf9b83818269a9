"""What the platform can really send: the bounds of every market that a search may think up."""

import hashlib
from dataclasses import dataclass
from math import sqrt

from alphaloop.facts.history import MOST_MOVES, MOST_SILENT_S, MOST_TRADES, MOST_WAIT_MS, History, Move
from alphaloop.facts.market import Instrument, Limits
from alphaloop.rules import seeds
from alphaloop.simulation.rounds import rounds
from alphaloop.simulation.timeline import HALF_LIFE_S, SECOND_NS, WARM_UP_S, Timeline, timeline
from alphaloop.simulation.venue import Venue, tape_of

LEVEL = 1.25
"""How far the first price of a history may lie from that of the tape, as a factor."""
SWAY = 0.0025
"""How far a mid may move from there, as a share: both ends are a tenth of the usual collar apart, so that
what quotes around a mean of the past is not accused of lagging.  Volatility is at most what a mid makes that
goes from end to end every second."""
CALMEST_S = 600
"""The longest time in which a market that has moved stands still."""
SPREAD_OF_COLLAR = 0.4
"""The widest spread, as a share of the collar: one may quote one and a half spreads from the mid."""
SIZE_LOTS = 5_000_000
"""The largest searched size at a touch, in lots."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Bounds of a searched market; prices in ticks, sizes in lots, volatility in quote currency per √s.

    first_ns: market time of the first answer; low and high: where the first price may lie; sway: how far a
    bid may move from there, as a share; streams: whether mark, index and funding are told.
    """

    instrument: Instrument
    limits: Limits
    capital: float
    first_ns: int
    start_ticks: int
    low_ticks: int
    high_ticks: int
    widest_ticks: int
    sway: float
    most_lots: int
    streams: bool

    def within(self, level: int, bid_ticks: int) -> int:
        """The bid nearest to `bid_ticks` that a market around `level` ticks can have."""
        sway = round(level * self.sway)
        return max(1, level - sway, min(bid_ticks, level + sway))

    def holds(self, history: History) -> bool:
        """Whether a history of anybody's making stays within these bounds."""
        if len(history) > MOST_MOVES or not all(self._allows(move) for move in history):
            return False
        bids = [move.bid_ticks for move in history]
        return not bids or max(bids) - min(bids) <= 2 * round(max(bids) * self.sway) + 1

    def _allows(self, move: Move) -> bool:
        sizes = (move.bid_lots, move.ask_lots, *(abs(lots) for lots in move.trades))
        lowest, highest = (self.within(*edge) for edge in ((self.low_ticks, 0), (self.high_ticks, 1 << 60)))
        most = self.most_volatility(self.high_ticks)
        return (
            lowest <= move.bid_ticks <= highest
            and 1 <= move.spread_ticks <= self.widest_ticks
            and all(1 <= lots <= self.most_lots for lots in sizes)
            and len(move.trades) <= MOST_TRADES
            and 0 <= move.silent_s <= MOST_SILENT_S
            and 0 <= move.wait_ms <= MOST_WAIT_MS
            and (not move.volatility or self.least_volatility <= move.volatility <= most)
        )

    @property
    def least_volatility(self) -> float:
        """What half a tick moved before the longest calm leaves of volatility; below it is only 0."""
        newest = 1 - 0.5 ** (1 / HALF_LIFE_S)
        return self.instrument.tick / 2 * sqrt(newest * 0.5 ** (CALMEST_S / HALF_LIFE_S))

    def most_volatility(self, level: int) -> float:
        """The most volatility where the price is around `level` ticks; quote currency per √s."""
        return level * self.instrument.tick * 2 * self.sway


def reach_of(venue: Venue, candidate: bytes) -> Reach:
    """The bounds at a venue, around the first price of a tape whose seed follows from the candidate's bytes.

    Raises BadTape when the world's tape has no two-sided book.
    """
    (seed,) = seeds.search(0, f"proof {hashlib.sha256(candidate).hexdigest()}", 1)
    made = timeline(rounds(tape_of(venue, seed))[0])
    start_ticks, limits = _first_ticks(made), venue.limits
    return Reach(
        instrument=venue.market.instrument,
        limits=limits,
        capital=venue.market.capital,
        first_ns=made.start_ns + WARM_UP_S * SECOND_NS,
        start_ticks=start_ticks,
        low_ticks=max(1, round(start_ticks / LEVEL)),
        high_ticks=max(start_ticks, min(round(start_ticks * LEVEL), _dearest_ticks(venue))),
        widest_ticks=max(1, round(start_ticks * limits.price_collar_bps * 1e-4 * SPREAD_OF_COLLAR)),
        sway=min(SWAY, limits.price_collar_bps * 1e-4 / 6),
        most_lots=SIZE_LOTS,
        streams=bool({"mark", "index", "funding"} & made.streams.keys()),
    )


def _dearest_ticks(venue: Venue) -> int:
    """Where an order of MAX_ORDER_SIZE is still well within MAX_ORDER_VALUE: dearer is another market."""
    return int(
        0.95 * venue.limits.max_order_value / venue.limits.max_order_size / venue.market.instrument.tick
    )


def _first_ticks(made: Timeline) -> int:
    bid, ask = next((int(row[0]), int(row[2])) for row in made.local.states if row[0] and row[2])
    return max(2, (bid + ask) // 2)
