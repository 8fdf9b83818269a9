"""The statisticians' table: our gate on drawn differences, many ledgers' lives side by side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.agents.arena.differences import KINDS, Draw
from alphaloop.agents.arena.swift import ended, neighbours
from alphaloop.facts.arena import Lives
from alphaloop.rules.betting import CAP
from alphaloop.rules.budget import BUDGET, RATE
from alphaloop.rules.budget import CAP as LARGEST_LEVEL
from alphaloop.rules.seeds import search
from alphaloop.rules.wagers import PILOTS

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn: so many lives of so many proposals; share of them good by `effect` deviations."""

    lives: int
    proposals: int
    share: float
    effect: float
    seed: int


def table(wanted: Drawn, tell: Callable[[str], None]) -> Iterator[Lives]:
    """A row for each kind of differences, and one without blocks where neighbours correlate."""
    for kind, draw in KINDS.items():
        tell(f"  {kind}: {wanted.lives} lives of {wanted.proposals} proposals")
        yield lived(kind, draw, wanted)
    *_, (kind, draw) = KINDS.items()
    tell(f"  {kind}, pair by pair: {wanted.lives} lives of {wanted.proposals} proposals")
    yield lived(f"{kind}, no blocks", draw, wanted, blocks=False)


def lived(kind: str, draw: Draw, wanted: Drawn, *, blocks: bool = True) -> Lives:
    """All lives of one kind, a proposal of each at a time: levels depend on what was promoted before."""
    chance = np.random.default_rng(search(wanted.seed, f"arena synthetic {kind}", 1)[0])
    left = np.full(wanted.lives, BUDGET)
    found = np.zeros((2, wanted.lives), np.int64)
    counts, pairs, correlated = np.zeros(2, np.int64), np.zeros(2), np.zeros(wanted.lives)
    for number in range(1, wanted.proposals + 1):
        promotions = found.sum(axis=0)
        levels = np.minimum(LARGEST_LEVEL, RATE * np.maximum(0.0, left) * (promotions + 1))
        left -= levels / (promotions + 1)
        good = chance.random(wanted.lives) < wanted.share
        shift = np.where(good, wanted.effect, 0.0)[:, None]
        pilot, gains = (draw(chance, (wanted.lives, count)) + shift for count in (PILOTS, CAP))
        correlated += neighbours(pilot) if blocks else 0.0
        ends = ended(pilot, gains, levels, correlated / number, number)
        for which, rows in enumerate((~good, good)):
            found[which] += ends.better & rows
            counts[which] += int(rows.sum())
            pairs[which] += float(ends.pairs[rows].sum())
    return _counted(kind, wanted, found, counts, pairs)


def _counted(
    kind: str, wanted: Drawn, found: NDArray[np.int64], counts: NDArray[np.int64], pairs: Numbers
) -> Lives:
    promoted = np.maximum(1, found.sum(axis=0))
    return Lives(
        kind=kind,
        lives=wanted.lives,
        proposals=wanted.proposals,
        share=wanted.share,
        false_lives=int((found[0] > 0).sum()),
        false_discovery_rate=float((found[0] / promoted).mean()),
        good=int(counts[1]),
        found=int(found[1].sum()),
        pairs_useless=float(pairs[0] / counts[0]) if counts[0] else None,
        pairs_good=float(pairs[1] / counts[1]) if counts[1] else None,
    )
