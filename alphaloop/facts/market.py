"""The market that candidates are judged on, as the base commit's market.yaml and risk.py state it."""

import math
from dataclasses import dataclass

ASSUMED_MARGIN = 0.005
"""Maintenance margin where nobody stated one: what large venues ask of small positions in liquid pairs."""
PROOF_S = 6.0
"""Seconds of the search for a counterexample where nobody stated them."""
MOST_PROOF_S = 600.0


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a positive finite number, not {value}")


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is traded: a linear contract.

    tick, quote currency; lot, base units; maker_bps and taker_bps, fees in 10⁻⁴ of notional (negative is a
    rebate); fees_assumed: nobody stated them; maintenance_margin: the share of a position's value that equity
    must stay above, or the venue liquidates it.
    """

    symbol: str
    tick: float
    lot: float
    maker_bps: float
    taker_bps: float
    fees_assumed: bool = False
    maintenance_margin: float = ASSUMED_MARGIN

    def __post_init__(self) -> None:
        _positive(tick=self.tick, lot=self.lot)
        if not 0 <= self.maintenance_margin < 1:
            raise ValueError(
                f"maintenance_margin is a share of at least 0 and below 1, not {self.maintenance_margin}"
            )
        if not (math.isfinite(self.maker_bps) and math.isfinite(self.taker_bps)):
            raise ValueError("fees must be finite numbers of basis points")


@dataclass(frozen=True, slots=True)
class Limits:
    """The hard limits of risk.py.

    Sizes and positions in base units, values in quote currency, max_drawdown as a share of starting capital,
    price_collar_bps around the mid, spreads in 10⁻⁴ of the mid.
    """

    max_position: float
    max_order_size: float
    max_order_value: float
    max_leverage: float
    max_drawdown: float
    price_collar_bps: float
    max_quotes_per_side: int
    max_messages_per_second: float
    min_spread_bps: float
    max_spread_bps: float

    def __post_init__(self) -> None:
        _positive(
            MAX_POSITION=self.max_position,
            MAX_ORDER_SIZE=self.max_order_size,
            MAX_ORDER_VALUE=self.max_order_value,
            MAX_LEVERAGE=self.max_leverage,
            MAX_DRAWDOWN=self.max_drawdown,
            PRICE_COLLAR_BPS=self.price_collar_bps,
            MAX_QUOTES_PER_SIDE=self.max_quotes_per_side,
            MAX_MESSAGES_PER_SECOND=self.max_messages_per_second,
            MAX_SPREAD_BPS=self.max_spread_bps,
        )
        if not 0 <= self.min_spread_bps <= self.max_spread_bps:
            raise ValueError("MIN_SPREAD_BPS must lie between 0 and MAX_SPREAD_BPS")
        if self.max_drawdown > 1:
            raise ValueError("MAX_DRAWDOWN is a share of starting capital and at most 1")


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """A generator of tapes by name, with its parameters (each world documents its own).

    tape: the recorded tape that the world is made of, `NAME.npz@sha256:…`; "" for a world that needs none.
    """

    name: str
    params: tuple[tuple[str, float], ...] = ()
    tape: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """Where candidates are judged.

    capital, quote currency; gamma, risk aversion in 1/quote; episode_s, seconds of market time; world makes
    the tapes that are evidence; tapes are recorded files that serve as report and loss guard;
    messages_per_second, order messages that the venue allows in any second, None where nobody stated it;
    proof_s, wall seconds in which Risk searches for a counterexample to the limits.
    """

    instrument: Instrument
    capital: float
    gamma: float
    episode_s: float
    world: WorldSpec
    tapes: tuple[str, ...] = ()
    messages_per_second: float | None = None
    proof_s: float = PROOF_S

    def __post_init__(self) -> None:
        _positive(capital=self.capital, episode_s=self.episode_s)
        if self.messages_per_second is not None:
            _positive(messages_per_second=self.messages_per_second)
        if not (math.isfinite(self.gamma) and self.gamma >= 0):
            raise ValueError(f"gamma must be a finite number of at least 0, not {self.gamma}")
        if not 1 <= self.proof_s <= MOST_PROOF_S:
            raise ValueError(f"proof_s lies between 1 and {MOST_PROOF_S:g} seconds; {self.proof_s} does not")
