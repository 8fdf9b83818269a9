"""Seeds over processes: each process plays a few, and the answers come back in the order of the seeds."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import BrokenProcessPool

from alphaloop.errors import Broken

SEEDS_PER_CHUNK = 4
"""Seeds that a process plays before it answers: enough to hide the way there and back, few enough that a test
which stops early wastes less than a second."""
CHUNK_WALL_S = 1_200.0

Played = TypeVar("Played")


def fanned_out(play: Callable[[int], Played], seeds: Sequence[int], cores: int) -> Iterator[Played]:
    """`play` of every seed, in their order, on up to `cores` processes; one core plays here.

    Lazy: a caller that has seen enough leaves the rest unplayed, but for the wave that is under way.  Raises
    Broken when a process dies or takes too long.
    """
    if cores <= 1:
        yield from map(play, seeds)
        return
    for wave in _split(seeds, cores * SEEDS_PER_CHUNK):
        share = -(-len(wave) // cores)
        yield from itertools.chain.from_iterable(_wave(play, _split(wave, share), cores))


def _wave(play: Callable[[int], Played], chunks: Sequence[Sequence[int]], cores: int) -> list[list[Played]]:
    try:
        played: list[list[Played]] = Parallel(
            n_jobs=cores, backend="loky", batch_size=1, timeout=CHUNK_WALL_S
        )(delayed(_chunk)(play, chunk) for chunk in chunks)
    except BrokenProcessPool as error:
        raise Broken(
            f"a process that played episodes died on seeds {chunks[0][0]} and later; is there memory left?"
        ) from error
    except TimeoutError as error:
        raise Broken(
            f"{len(chunks[0])} seeds took over {CHUNK_WALL_S:g} s; free this machine, run again"
        ) from error
    return played


def _chunk(play: Callable[[int], Played], seeds: Sequence[int]) -> list[Played]:
    return [play(seed) for seed in seeds]


def _split(seeds: Sequence[int], size: int) -> list[Sequence[int]]:
    return [seeds[start : start + size] for start in range(0, len(seeds), size)]
