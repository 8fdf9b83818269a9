"""The published Avellaneda–Stoikov game, and the null world that is the same game with fills at mid.

Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book", section 3.3: sigma = 2, T = 1, dt
= 0.005, k = 1.5, A = 140.  One step of dt is one second of market time here, so the mid moves by ±sigma √dt
each second and a quote at distance δ is filled with probability min(1, A dt exp(−k δ)) a step.

A lead-in of LEAD_IN_STEPS steps under the same law comes before a game, because a strategy is first asked
after ten seconds of data; nothing can be filled in it (its draws are 1), and the mid is `price` when the
first ends.  Bid and ask stand one tick either side of the mid, and the mid is rounded to the tick, so the
game needs a fine tick: 0.0001 makes the rounding a thousandth of a step.

One game says little of which of two strategies is better, so an episode is `games` of them, the rounds of its
tape: each LEAD_IN_STEPS + episode_s seconds long and a second of pause after the one before, on one path of
the mid that goes on.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.tape import BUY, DEPTH, LATENCY, SELL, SNAPSHOT, Lottery, Rows, Tape
from alphaloop.market.worlds.params import countable, parameters, positive, refuse_many

NULL_DEFAULTS = {"price": 100.0, "sigma": 2.0, "dt": 0.005, "k": 1.5, "A": 140.0, "games": 1.0}
DEFAULTS = NULL_DEFAULTS | {"games": 8.0}
MOST_GAMES = 64
LEAD_IN_STEPS = 12
ROWS_A_STEP = 4
STEP_NS = 1_000_000_000
START_NS = 1_700_000_000_000_000_000
TOUCH_SIZE = 1.0


def avellaneda_stoikov(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int) -> Tape:
    """The paper's discrete game: fills at the quote by chance, zero latency."""
    return _games(spec, DEFAULTS, instrument, episode_s, seed)


def null(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int) -> Tape:
    """The game with fills at mid: without fees every PnL is a martingale, and no change can help."""
    return _games(spec, NULL_DEFAULTS, instrument, episode_s, seed, at_mid=True)


def _games(
    spec: WorldSpec,
    defaults: Mapping[str, float],
    instrument: Instrument,
    episode_s: float,
    seed: int,
    *,
    at_mid: bool = False,
) -> Tape:
    params = parameters(spec, defaults)
    positive(spec.name, params, *defaults)
    countable(spec.name, params, instrument.tick, "price", "sigma")
    move = params["sigma"] * params["dt"] ** 0.5
    steps, games = _steps(spec.name, episode_s), _whole(spec.name, params["games"])
    refuse_many(spec.name, ROWS_A_STEP * games * (LEAD_IN_STEPS + steps))
    _refuse_coarse_tick(spec.name, instrument.tick, move)
    generator = Generator(PCG64(seed))
    mids = _mids(generator, params["price"], move, steps, games, instrument.tick)
    draws = np.concatenate([_draws(generator, steps) for _ in range(games)])[:-1]
    return Tape(
        name=f"{spec.name} seed {seed}",
        instrument=instrument,
        events=_events(mids, instrument),
        latency=_no_latency(mids.size),
        sigma=move,
        lottery=Lottery(params["A"] * params["dt"], params["k"], STEP_NS, draws, at_mid),
        rounds_ns=tuple(START_NS + game * mids.shape[1] * STEP_NS for game in range(1, games)),
    )


def _steps(world: str, episode_s: float) -> int:
    steps = round(episode_s)
    if steps < 1 or steps != episode_s:
        raise BadConfiguration(
            f"market.yaml: world {world}: episode_s is a whole number of 1 s steps, not {episode_s}"
        )
    return steps


def _refuse_coarse_tick(world: str, tick: float, move: float) -> None:
    if tick > move:
        raise BadConfiguration(
            f"market.yaml: world {world}: tick {tick:g} is coarser than the mid's move of {move:g} a step; "
            "use 0.0001"
        )


def _whole(world: str, games: float) -> int:
    if games != round(games) or games > MOST_GAMES:
        raise BadConfiguration(
            f"market.yaml: world {world}: games is a whole number up to {MOST_GAMES}, not {games:g}"
        )
    return round(games)


def _mids(
    generator: Generator, price: float, move: float, steps: int, games: int, tick: float
) -> NDArray[np.int64]:
    """The mid in ticks at the start of each step and after the last; a game begins where the last one ended.

    Shape (games, LEAD_IN_STEPS + steps + 1).
    """
    signs = generator.integers(0, 2, (games, LEAD_IN_STEPS + steps)) * 2 - 1
    moves = np.concatenate([np.zeros((games, 1)), signs * move], axis=1)
    path = np.cumsum(moves).reshape(moves.shape)
    mids: NDArray[np.int64] = np.rint((price + path - path[0, LEAD_IN_STEPS]) / tick).astype(np.int64)
    if mids.min() <= 1:
        raise BadConfiguration("market.yaml: the game's price is so low that it fell to zero; raise `price`")
    return mids


def _draws(generator: Generator, steps: int) -> NDArray[np.float64]:
    """Lead-in, game and the pause after it; shape (LEAD_IN_STEPS + steps + 1, 2)."""
    return np.concatenate([np.ones((LEAD_IN_STEPS, 2)), generator.random((steps, 2)), np.ones((1, 2))])


def _events(mids: NDArray[np.int64], instrument: Instrument) -> Rows:
    """For each game a snapshot and then four rows a step, in an order that never crosses the book."""
    size = float(multiples([max(1, round(TOUCH_SIZE / instrument.lot))], instrument.lot)[0])
    ev, ticks, sizes = list[int](), list[int](), list[float]()
    for game in mids.tolist():
        ev += [SNAPSHOT | BUY | BOTH, SNAPSHOT | SELL | BOTH]
        ticks += [game[0] - 1, game[0] + 1]
        sizes += [size, size]
        for old, new in pairwise(game):
            bid, ask = (DEPTH | BUY | BOTH, -1), (DEPTH | SELL | BOTH, 1)
            for flag, offset in (ask, bid) if new > old else (bid, ask):
                ev += [flag, flag]
                ticks += [new + offset, old + offset]
                # A mid that rounds to the same tick writes its level again instead of deleting it.
                sizes += [size, 0.0 if new != old else size]
    within = np.concatenate([[0, 0], np.repeat(np.arange(1, mids.shape[1]), 4)])
    step = np.add.outer(np.arange(len(mids)) * mids.shape[1], within).ravel()
    times = START_NS + step * STEP_NS
    return rows(ev, times, times, multiples(ticks, instrument.tick), sizes)


def _no_latency(steps: int) -> NDArray[Any]:
    latency = np.zeros(2, LATENCY)
    ends = [START_NS, START_NS + steps * STEP_NS]
    for column in ("req_ts", "exch_ts", "resp_ts"):
        latency[column] = ends
    return latency
