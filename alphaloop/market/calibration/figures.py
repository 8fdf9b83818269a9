"""The statistics by which a tape and a world are compared.

Each figure is a number of one tape; three come with the values that they are the mean of, so that the shapes
of the distributions can be compared as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.replay import Touches, touches
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.observed import (
    SECOND_NS,
    counts,
    dispersion,
    market_orders,
    mids,
    moves,
    side_autocorrelation,
)

HORIZONS_S = (1.0, 10.0, 60.0)
LAGS = (1, 10)
DEEPEST_LAG = 20
GRID_NS = 100_000_000
UNITS: Mapping[str, str] = {
    "spread": "ticks",
    "trade_size": "base",
    "inter_arrival": "s",
    "bursts": "ratio",
    **{f"flow_autocorrelation_{lag}": "ratio" for lag in LAGS},
    **{f"volatility_{horizon:g}s": "quote/√s" for horizon in HORIZONS_S},
}
"""Every figure, with its unit."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one tape.

    values: name → number, None where the tape is too short for it; samples: name → the values themselves;
    autocorrelation: of the sides of market orders at lags 1 to DEEPEST_LAG, empty when there are too few.
    """

    values: Mapping[str, float | None]
    samples: Mapping[str, NDArray[np.float64]]
    autocorrelation: NDArray[np.float64]


def figures(tape: Tape) -> Figures:
    """The figures of `tape`; raises BadTape when it has no two-sided book or no trades.

    spread: time-weighted mean; trade_size: mean of a market order; inter_arrival: mean pause between two;
    bursts: variance of the market orders a second over their mean, 1 without clustering (trap: it grows with
    the window); flow_autocorrelation_n: of the sides of market orders n apart; volatility_h: √(mean squared
    change of the mid over h / h), windows overlap (trap: a minute is short of windows on a short tape).
    """
    seen, orders = touches(tape), market_orders(tape)
    if len(seen.times_ns) < 2 or len(orders.times_ns) < 2:
        raise BadTape(
            f"tape {tape.name}: without a two-sided book and trades there is nothing to compare; "
            "record a livelier market"
        )
    samples = {
        "spread": _spreads(tape, seen),
        "trade_size": orders.sizes,
        "inter_arrival": orders.pauses_s,
    }
    acf = side_autocorrelation(orders.sides, DEEPEST_LAG)
    values: dict[str, float | None] = {name: _mean(sample) for name, sample in samples.items()}
    values["bursts"] = dispersion(counts(tape, orders, 1.0))
    values |= {f"flow_autocorrelation_{lag}": _at(acf, lag) for lag in LAGS}
    values |= {f"volatility_{horizon:g}s": _volatility(tape, seen, horizon) for horizon in HORIZONS_S}
    return Figures(values, samples, acf)


def _spreads(tape: Tape, seen: Touches) -> NDArray[np.float64]:
    """The spread in ticks every 100 ms outside gaps: values that are sampled in time weigh by time."""
    grid = np.arange(seen.times_ns[0], seen.times_ns[-1] + 1, GRID_NS)
    places = np.searchsorted(seen.times_ns, grid, side="right") - 1
    known = ~np.isnan(mids(tape, seen, grid))
    spreads: NDArray[np.float64] = (seen.ask - seen.bid)[places][known].astype(np.float64)
    return spreads


def _volatility(tape: Tape, seen: Touches, horizon_s: float) -> float | None:
    if seen.times_ns[-1] - seen.times_ns[0] < 2 * horizon_s * SECOND_NS:
        return None
    changes = moves(tape, seen, horizon_s, min(1.0, horizon_s / 2))
    return float(np.sqrt(np.mean(changes**2) / horizon_s)) if len(changes) else None


def _mean(values: NDArray[np.float64] | NDArray[np.int64]) -> float | None:
    return float(values.mean()) if len(values) else None


def _at(acf: NDArray[np.float64], lag: int) -> float | None:
    return float(acf[lag - 1]) if len(acf) >= lag else None
