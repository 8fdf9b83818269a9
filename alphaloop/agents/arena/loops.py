"""Loop after loop: proposals are dealt, every gate judges the same ones, and all is counted."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import numpy as np

from alphaloop.agents.arena.gates import OTHERS, OURS, judged
from alphaloop.agents.arena.ground import ground
from alphaloop.agents.arena.store import Stock, Store, measured, stocked
from alphaloop.facts.arena import Arena, Proposal, Tally
from alphaloop.rules import seeds

_SILENT_S = 5.0
PAIRS_A_LOOP = 100
LEAST_USELESS, LEAST_GOOD = 1_000, 4_000
"""Pairs to play at least.  Of the useless ones the truth is exact whatever is drawn; the effect of the good
ones is what their pairs show, and 4,000 pin it to .016 deviations."""
MOST = 20_000
"""Of each kind: some ten minutes on two cores in the game, and an hour on the book."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run.

    share: of the proposals that are good; effect: of a good one, in deviations of a paired difference; pairs:
    real ones to play of each kind, None for as many as the loops are worth.
    """

    world: str
    loops: int
    proposals: int
    share: float = 0.0
    effect: float = 0.3
    seed: int = 0
    pairs: int | None = None

    @property
    def stock(self) -> Stock:
        """What to play for it."""
        worth = min(MOST, PAIRS_A_LOOP * self.loops)
        return Stock(
            self.pairs or max(LEAST_USELESS, worth),
            self.pairs or max(LEAST_GOOD, worth),
            self.effect if self.share > 0 else None,
            self.seed,
        )


def arena(wanted: Wanted, tell: Tell) -> Arena:
    """Play, deal and count; an interrupt ends it with the loops that are done.

    Raises Misuse for an effect that the world cannot plant, SandboxUnavailable where nothing isolates.
    """
    store = stocked(ground(wanted.world), wanted.stock, len(os.sched_getaffinity(0)), tell)
    return Arena(
        world=wanted.world,
        seed=wanted.seed,
        proposals=wanted.proposals,
        share=wanted.share,
        effect=wanted.stock.effect or 0.0,
        measured=measured(store.good),
        zero=measured(store.useless),
        played=len(store.useless) + len(store.good),
        tallies=_tallies(store, wanted, tell),
    )


def _tallies(store: Store, wanted: Wanted, tell: Tell) -> tuple[Tally, ...]:
    done: list[Mapping[str, tuple[Proposal, ...]]] = []
    told_s = monotonic()
    try:
        for loop in range(wanted.loops):
            done.append(judged(store.dealt(_random(wanted.seed, loop), wanted.proposals, wanted.share)))
            if monotonic() - told_s > _SILENT_S:
                told_s = monotonic()
                tell(f"  {loop + 1} of {wanted.loops} loops judged")
    except KeyboardInterrupt:
        if not done:
            raise
        tell(f"  interrupted: {len(done)} of {wanted.loops} loops are counted")
    return tuple(Tally(gate, tuple(loop[gate] for loop in done)) for gate in (OURS, *OTHERS))


def _random(seed: int, loop: int) -> np.random.Generator:
    """Each loop has its own draws, so that the first loops of a longer run are those of a shorter one."""
    return np.random.default_rng(seeds.search(seed, f"arena loop {loop}", 1)[0])
