"""The limit order book of the book world in calm and wild spells, with market orders that come in clusters.

A Markov chain in continuous time goes between a calm and a wild state and stays in either for an
exponential time.  In the wild state the fair value is `wild` times as volatile, and makers and traders are
`rush` times as busy.  Market orders are a Hawkes process: each brings forth `clustering` others on average,
after lognormal delays with the median `memory_s`, and a share `persistence` of those repeats its side.  Of
those that nobody brought forth a share `splitting` repeats the side of the one before, as the parts of a
large order do that somebody works; the others are informed or random as in the book world.  All means that
are parameters are stationary ones: sigma² is the mean variance a second, and trades, requotes and updates are
mean rates.  So a world with `wild` 1, `rush` 1 and `clustering` 0 has the book world's fair value and Poisson
flow; what long runs come to otherwise stands in moments.py.

Price, spread, sizes, depth, makers, informed traders and latency are the parameters of the book world, and

| parameter | unit | meaning |
|---|---|---|
| calm_s, wild_s | s | mean length of a calm and of a wild spell |
| wild | ratio | volatility in wild spells over that in calm ones |
| rush | ratio | rates of traders and makers in wild spells over those in calm ones |
| clustering | count | market orders that one brings forth, on average; below 1 |
| memory_s | s | median delay of an order that another brought forth |
| scatter | log | standard deviation of the logarithm of that delay |
| persistence | share | of the orders brought forth that repeat the side of the one before |
| splitting | share | of the orders that nobody brought forth that repeat the side of the last such order |

Trap: the spells are seen by nobody, but a strategy can tell them from volatility and flow, which is what they
are for; and an episode that is short beside `calm_s` often has no wild spell at all, so that the results of
episodes have heavy tails and few of them say little.
"""

from collections.abc import Mapping

from numpy.random import PCG64, Generator

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import book
from alphaloop.market.worlds.clusters import MOST_CLUSTERING
from alphaloop.market.worlds.params import within
from alphaloop.market.worlds.regime_flow import draw
from alphaloop.market.worlds.spells import paces

DEFAULTS = book.DEFAULTS | {
    "calm_s": 20.0,
    "wild_s": 5.0,
    "wild": 4.0,
    "rush": 3.0,
    "clustering": 0.5,
    "memory_s": 0.2,
    "scatter": 1.5,
    "splitting": 0.0,
}
SHORTEST_SPELL_S = 1e-3


def world(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int) -> Tape:
    """One tape of `episode_s` seconds, the first ten of which a strategy only watches."""
    params = book.checked(
        spec, DEFAULTS, instrument, (*book.MAY_BE_ZERO, "clustering", "scatter", "splitting")
    )
    _refuse_impossible(spec.name, params)
    peak = paces(params["calm_s"], params["wild_s"], params["wild"] ** 2)[1] ** 0.5
    book.refuse_leaps(spec.name, params["sigma"] * peak, params["requotes"], instrument.tick)
    generator = Generator(PCG64(seed))
    flow = draw(generator, params, instrument, episode_s)
    return book.played(f"{spec.name} seed {seed}", flow, params, instrument, episode_s, generator)


def _refuse_impossible(name: str, params: Mapping[str, float]) -> None:
    for ratio in ("wild", "rush"):
        within(name, ratio, params[ratio], 1.0, 1_000.0)
    within(name, "clustering", params["clustering"], 0.0, MOST_CLUSTERING)
    within(name, "scatter", params["scatter"], 0.0, 5.0)
    within(name, "splitting", params["splitting"], 0.0, 1.0)
    within(name, "memory_s", params["memory_s"], 1e-4, 60.0)
    for length in ("calm_s", "wild_s"):
        within(name, length, params[length], SHORTEST_SPELL_S, 86_400.0)
