"""What makes a perpetual of any world: a mark price, an index and funding, beside the events.

The mark is the mid, as of each whole second and of the end, and is published as late as the feed is.  The
index is mid / (1 + b / 10,000), where the basis b is an Ornstein–Uhlenbeck process of its own: a Gaussian
with mean 0 and deviation `basis_bps` at every moment, of which half is forgotten in `basis_half_life_s`.
Funding is `funding_bps` at every settlement, positive or negative by the seed.  The events stay what they
are without; all times are moved by whole seconds so that a settlement of the venue's own hours falls into
the tape, at a second that the seed draws between 40 % and 90 % of it.

| parameter | unit | meaning |
|---|---|---|
| basis_bps | 1/10,000 | deviation of the basis; 0 as long as nobody names it |
| basis_half_life_s | s | in which half of the basis is forgotten |
| funding_bps | 1/10,000 | size of the funding rate of a settlement; 0 as long as nobody names it |

Trap: the basis comes back because the index moves, never because the contract does, so it foretells nothing;
and an episode of a minute is charged the funding of eight hours, 480 times what a minute costs on average.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.market.journal import FUNDING_INTERVAL_NS
from alphaloop.market.replay import Touches, touches
from alphaloop.market.tape import LOCAL, Channel, Rows, Spans, Tape
from alphaloop.market.worlds.params import within

DEFAULTS: Mapping[str, float] = {"basis_bps": 0.0, "basis_half_life_s": 60.0, "funding_bps": 0.0}
SECOND_NS = 1_000_000_000
MOST_BASIS_BPS, MOST_FUNDING_BPS = 1_000.0, 500.0
STREAMS = ("mark", "index", "funding")


def checked(world: str, params: Mapping[str, float]) -> bool:
    """Whether the streams are asked for; raises BadConfiguration for what cannot be."""
    within(world, "basis_bps", params["basis_bps"], 0.0, MOST_BASIS_BPS)
    within(world, "basis_half_life_s", params["basis_half_life_s"], 0.1, 604_800.0)
    within(world, "funding_bps", params["funding_bps"], 0.0, MOST_FUNDING_BPS)
    return params["basis_bps"] > 0 or params["funding_bps"] > 0


def perpetual(world: str, tape: Tape, params: Mapping[str, float], seed: int) -> Tape:
    """`tape` with mark, index and funding; raises BadConfiguration for a null world with a rate."""
    brought = [name for name in STREAMS if tape.channel(name) is not None]
    if brought:
        raise BadConfiguration(
            f"market.yaml: world {world}: its recording brings {', '.join(brought)}; "
            "leave basis_bps and funding_bps out"
        )
    if tape.lottery is not None and tape.lottery.at_mid and params["funding_bps"] > 0:
        raise BadConfiguration(
            f"market.yaml: world {world}: with funding_bps above 0 holding a position earns or costs, and "
            "the world is not null any more; leave it at 0"
        )
    # A stream of its own: the events' draws stay what they are without.
    generator = Generator(PCG64(SeedSequence(seed).spawn(1)[0]))
    streamed = replace(tape, channels=(*tape.channels, *_streams(tape, params, generator)))
    return _across_a_settlement(streamed, generator)


def basis_bps(generator: Generator, count: int, deviation: float, half_life_s: float) -> NDArray[np.float64]:
    """The basis at `count` whole seconds, stationary from the first; shape (count,)."""
    keeps = 0.5 ** (1.0 / half_life_s)
    noise = deviation * generator.standard_normal(count)
    noise[1:] *= (1.0 - keeps**2) ** 0.5
    basis = 0.0
    return np.array([basis := keeps * basis + step for step in noise.tolist()])


def _streams(tape: Tape, params: Mapping[str, float], generator: Generator) -> tuple[Channel, ...]:
    seen = touches(tape)
    if len(seen.times_ns) == 0:
        raise BadConfiguration(f"tape {tape.name}: it never has a bid and an ask, so it has no mark")
    delay_ns = _delay_ns(tape)
    of_ns = np.arange(seen.times_ns[0], tape.end_ns - delay_ns, SECOND_NS)
    times_ns = np.append(of_ns + delay_ns, tape.end_ns)
    mark = _mids(tape, seen, np.append(of_ns, tape.end_ns))
    basis = basis_bps(generator, len(mark), params["basis_bps"], params["basis_half_life_s"])
    rate = params["funding_bps"] * 1e-4 * (1.0 if generator.random() < 0.5 else -1.0)
    return (
        Channel("mark", times_ns, mark),
        Channel("index", times_ns, mark / (1.0 + basis * 1e-4)),
        Channel("funding", times_ns[:1].copy(), np.array([rate])),
    )


def _mids(tape: Tape, seen: Touches, at_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    places = np.searchsorted(seen.times_ns, at_ns, side="right") - 1
    half_ticks: NDArray[np.int64] = (seen.bid + seen.ask)[places]
    return half_ticks / 2 * tape.instrument.tick


def _delay_ns(tape: Tape) -> int:
    """The median delay of the feed: a published price must not run ahead of the book."""
    heard = tape.events[(tape.events["ev"] & LOCAL) != 0]
    return max(0, int(np.median(heard["local_ts"] - heard["exch_ts"])))


def _across_a_settlement(tape: Tape, generator: Generator) -> Tape:
    """`tape` at another time of the day: its events, and everything else that has a time."""
    length_s = (tape.end_ns - tape.start_ns) / SECOND_NS
    inside_ns = max(1, round((0.4 + 0.5 * generator.random()) * length_s)) * SECOND_NS
    by = -(tape.start_ns + inside_ns) % FUNDING_INTERVAL_NS
    latency = _moved(tape.latency, by, ("req_ts", "resp_ts"))
    # 0 there means that the exchange rejects.
    latency["exch_ts"][tape.latency["exch_ts"] > 0] += by
    return replace(
        tape,
        events=_moved(tape.events, by, ("exch_ts", "local_ts")),
        latency=latency,
        channels=tuple(Channel(one.name, one.times_ns + by, one.values) for one in tape.channels),
        gaps_ns=_spans(tape.gaps_ns, by),
        outages_ns=_spans(tape.outages_ns, by),
        rounds_ns=tuple(time_ns + by for time_ns in tape.rounds_ns),
    )


def _moved(rows: Rows, by: int, columns: tuple[str, ...]) -> Rows:
    made = rows.copy()
    for column in columns:
        made[column] += by
    return made


def _spans(spans: Spans, by: int) -> Spans:
    return tuple((start + by, end + by) for start, end in spans)
