"""A block bootstrap of a recorded tape: blocks of it, begun at random moments, one after the other.

An episode is made of blocks of `block_s` seconds whose beginnings are drawn uniformly among all moments from
which nothing is missing for the whole block: no block touches a gap or an outage.  Each block begins with
the whole book of its moment, moved by whole ticks so that the mid goes on from where the block before left
it, to half a tick; trades, order latency and recorded side channels are carried along, and mark and index
move with the book.  The first block begins at the recording's last price.

Everything that this world shows happened in the recording, so what is learned here is *conditional on that
tape*: episodes of different seeds are independent draws from it, and all of them know only its day.  The
tape's name says so, and so does every verdict that rests on it.

| parameter | unit | meaning |
|---|---|---|
| block_s | s | length of a block |

The tape is named beside the parameters, as `tape: NAME.npz@sha256:…`; market.yaml's tick and lot are its own.

Trap: a market that rose while it was recorded rises in every episode, so that whoever is long wins, and is
wrong on any other day.  Dependence that reaches farther than a block is gone: volatility over a minute needs
blocks of minutes.  A block length near that of the recording gives hardly more than one episode.
"""

from pathlib import Path

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.blocks import channels, events, latency, pieces
from alphaloop.market.worlds.observed import SECOND_NS
from alphaloop.market.worlds.params import parameters, within
from alphaloop.market.worlds.source import Source, source

DEFAULTS = {"block_s": 20.0}
SHORTEST_BLOCK_S, LONGEST_BLOCK_S = 0.1, 86_400.0
MOST_BLOCKS = 10_000
START_NS = 1_700_000_000_000_000_000


def world(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int, tapes: Path | None) -> Tape:
    """One tape of `episode_s` seconds from the pinned tape in the folder `tapes`.

    Raises BadConfiguration when no tape is named, BadTape when it is not there or has no stretch of a block.
    """
    params = parameters(spec, DEFAULTS)
    within(spec.name, "block_s", params["block_s"], SHORTEST_BLOCK_S, LONGEST_BLOCK_S)
    if not spec.tape or tapes is None:
        raise BadConfiguration(
            f"market.yaml: world {spec.name} is made of a recorded tape: name it there, as in "
            "`tape: NAME.npz@sha256:…`; `alphaloop ingest FILE` prints it"
        )
    recorded = source(tapes, spec.tape, instrument)
    length_ns, span_ns = round(params["block_s"] * SECOND_NS), round(episode_s * SECOND_NS)
    count = -(-span_ns // length_ns)
    if count > MOST_BLOCKS:
        raise BadConfiguration(
            f"market.yaml: world {spec.name}: an episode of {episode_s:g} s is {count:,} blocks, each with "
            f"a whole book; the limit is {MOST_BLOCKS:,}: make block_s longer"
        )
    begins = _begins(recorded, Generator(PCG64(seed)), count, min(length_ns, span_ns))
    wanted = pieces(recorded, begins, length_ns, START_NS, span_ns)
    return Tape(
        name=f"{spec.name} seed {seed}, conditional on {spec.tape}",
        instrument=instrument,
        events=events(recorded, wanted),
        latency=latency(recorded, wanted),
        channels=channels(recorded, wanted),
        sigma=recorded.sigma,
    )


def _begins(recorded: Source, generator: Generator, count: int, length_ns: int) -> list[int]:
    """Moments in the recording from which `length_ns` are whole, each as likely as any other."""
    rooms = [(start, end - length_ns) for start, end in recorded.whole_ns if end - length_ns > start]
    if not rooms:
        longest = max((end - start for start, end in recorded.whole_ns), default=0) / SECOND_NS
        raise BadTape(
            f"tape {recorded.tape.name}: its longest stretch without a gap is {longest:.2f} s, a block is "
            f"{length_ns / SECOND_NS:g} s; make block_s shorter, or pin a longer recording"
        )
    starts = np.array([start for start, _ in rooms])
    lengths = np.array([last - start for start, last in rooms])
    drawn = generator.integers(0, lengths.sum(), count)
    room = np.searchsorted(np.cumsum(lengths), drawn, side="right")
    begins: NDArray[np.int64] = starts[room] + drawn - (np.cumsum(lengths) - lengths)[room]
    return [int(begin) for begin in begins]
