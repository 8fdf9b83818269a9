"""A zero-intelligence limit order book around a fair value that nobody sees.

The fair value diffuses with `sigma`.  Makers keep a book around it, but look only `requotes` times a second,
so a stale quote can be hit.  Market orders arrive at `trades` a second and walk the book; a share `informed`
of them knows where the fair value will be `horizon` seconds later, the others repeat the side of the order
before with probability `persistence`.  So a fill costs on average what the informed know (adverse selection),
a position is exposed to a martingale (inventory risk), and flow comes in one-sided bursts.

| parameter | unit | meaning |
|---|---|---|
| price | quote currency | fair value at the start |
| spread | ticks | between best bid and best ask |
| sigma | quote currency per √s | volatility of the fair value |
| trades | 1/s | market orders |
| size, tail | base units, ratio | lognormal size of a market order: mean, and deviation / mean |
| depth, behind | base units | mean size that the makers keep at the touch, and at each price behind it |
| gap | ticks | between the prices at which the makers keep size |
| requotes | 1/s | how often the makers look at the fair value |
| updates | 1/s | limit orders added, changed and cancelled |
| improve | share | of updates that put a small order inside the spread |
| informed, horizon | share, s | of market orders, and how far they see |
| persistence | share | of the other market orders that repeat the side before |
| latency_ms | ms | median delay of the feed and of an order, each way |
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.tape import Rows, Tape
from alphaloop.market.worlds import clocks
from alphaloop.market.worlds.flow import Flow, draw
from alphaloop.market.worlds.ladder import MOST_LEVELS, Ladder
from alphaloop.market.worlds.params import countable, parameters, positive, within

DEFAULTS = {
    "price": 100.0,
    "spread": 8.0,
    "sigma": 0.02,
    "trades": 3.0,
    "size": 2.0,
    "tail": 1.0,
    "depth": 2.0,
    "behind": 2.0,
    "gap": 1.0,
    "requotes": 8.0,
    "updates": 16.0,
    "improve": 0.15,
    "informed": 0.4,
    "horizon": 1.0,
    "persistence": 0.5,
    "latency_ms": 5.0,
}
MAY_BE_ZERO = ("tail", "updates", "improve", "informed", "horizon", "persistence")
MOST_TAIL, MOST_LATENCY_MS = 100.0, 60_000.0
MOST_LEAP = 100_000.0
"""Ticks that the book may move at once: matching walks every one of them."""
START_NS = 1_700_000_000_000_000_000


def world(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int) -> Tape:
    """One tape of `episode_s` seconds, the first ten of which a strategy only watches."""
    params = checked(spec, DEFAULTS, instrument)
    refuse_leaps(spec.name, params["sigma"], params["requotes"], instrument.tick)
    generator = Generator(PCG64(seed))
    flow = draw(generator, params, instrument, episode_s)
    return played(f"{spec.name} seed {seed}", flow, params, instrument, episode_s, generator)


def played(
    name: str,
    flow: Flow,
    params: Mapping[str, float],
    instrument: Instrument,
    episode_s: float,
    generator: Generator,
) -> Tape:
    """The tape of a drawn flow: the makers' book, played through once, with its feed and order delays."""
    return Tape(
        name=name,
        instrument=instrument,
        events=_events(flow, params, instrument, generator),
        latency=clocks.order_latency(generator, START_NS, episode_s, params["latency_ms"]),
        sigma=params["sigma"],
    )


def checked(
    spec: WorldSpec,
    defaults: Mapping[str, float],
    instrument: Instrument,
    may_be_zero: Sequence[str] = MAY_BE_ZERO,
) -> dict[str, float]:
    """The parameters of a book, `defaults` overlaid; raises BadConfiguration for what cannot be played."""
    params = parameters(spec, defaults)
    positive(spec.name, params, *(name for name in defaults if name not in may_be_zero))
    for share in ("improve", "informed", "persistence"):
        within(spec.name, share, params[share], 0.0, 1.0)
    within(spec.name, "tail", params["tail"], 0.0, MOST_TAIL)
    within(spec.name, "spread", params["spread"], 0.0, MOST_LEAP)
    within(spec.name, "latency_ms", params["latency_ms"], 0.0, MOST_LATENCY_MS)
    countable(spec.name, params, instrument.tick, "price", "sigma")
    countable(spec.name, params, instrument.lot, "size", "depth", "behind")
    # All levels must stand above zero even when the price has halved.
    deepest = params["price"] / instrument.tick / MOST_LEVELS / 4
    within(spec.name, "gap", params["gap"], 0.0, min(deepest, MOST_LEAP / MOST_LEVELS))
    if params["price"] < 100 * params["spread"] * instrument.tick:
        raise BadConfiguration(
            f"market.yaml: world {spec.name}: a spread of {params['spread']:g} ticks of "
            f"{instrument.tick:g} is more than a hundredth of the price {params['price']:g}; "
            "correct price, spread or tick"
        )
    return params


def refuse_leaps(world: str, sigma: float, requotes: float, tick: float) -> None:
    """Refuse a book that moves by more than MOST_LEAP ticks from one look to the next; sigma: at its peak."""
    leap = sigma / requotes**0.5 / tick
    if leap > MOST_LEAP:
        raise BadConfiguration(
            f"market.yaml: world {world}: between two looks of the makers the book moves by about {leap:.3g} "
            f"ticks, and matching walks every one; it may be {MOST_LEAP:g}: lower sigma or coarsen the tick"
        )


def _events(flow: Flow, params: Mapping[str, float], instrument: Instrument, generator: Generator) -> Rows:
    ladder = Ladder(
        flow,
        spread=max(1, round(params["spread"])),
        gap=max(1, round(params["gap"])),
        depth=max(1, round(params["depth"] / instrument.lot)),
        behind=max(1, round(params["behind"] / instrument.lot)),
    )
    ladder.play()
    exch_ns: NDArray[np.int64] = START_NS + flow.times_ns[np.asarray(ladder.when, dtype=np.int64)]
    return rows(
        np.asarray(ladder.ev, dtype=np.uint64) | np.uint64(BOTH),
        exch_ns,
        clocks.received(generator, exch_ns, params["latency_ms"]),
        multiples(ladder.ticks, instrument.tick),
        multiples(ladder.lots, instrument.lot),
    )
