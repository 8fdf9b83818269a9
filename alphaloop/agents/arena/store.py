"""Pairs of real episodes, played once, from which the loops of an arena are dealt.

A pair of a useless proposal counts as it was played or mirrored, at the toss of a coin: candidate and base
are each other's mirror image, so neither is more likely. That makes the truth exact, whatever was drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from alphaloop.agents.arena.gates import LARGEST, Dealt
from alphaloop.agents.arena.ground import Ground
from alphaloop.errors import Broken
from alphaloop.facts.episode import Pair
from alphaloop.rules import seeds
from alphaloop.rules.wagers import PILOTS, ended_by
from alphaloop.simulation.pairs import play_pairs

_SILENT_S = 5.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Store:
    """Pairs that were played: of useless proposals, and of good ones, which may be none."""

    useless: Sequence[Pair]
    good: Sequence[Pair]

    def dealt(self, chance: np.random.Generator, proposals: int, share: float) -> list[Dealt]:
        """One loop: `proposals`, each good with probability `share`, with all pairs that it could need."""
        return [self._proposal(chance, bool(chance.random() < share)) for _ in range(proposals)]

    def _proposal(self, chance: np.random.Generator, good: bool) -> Dealt:
        stock = self.good if good else self.useless
        places = chance.integers(len(stock), size=LARGEST).tolist()
        if good:
            return True, [stock[place] for place in places]
        coins = chance.random(LARGEST) < 0.5
        return False, [
            mirrored(stock[place]) if coin else stock[place]
            for place, coin in zip(places, coins, strict=True)
        ]


def mirrored(pair: Pair) -> Pair:
    """The same pair in the mirror: who was base is candidate."""
    return Pair(pair.seed, pair.base, pair.candidate)


@dataclass(frozen=True, slots=True)
class Stock:
    """What to play: pairs of useless proposals, and of good ones with their effect; None is none."""

    useless: int
    good: int
    effect: float | None
    seed: int


def stocked(ground: Ground, stock: Stock, cores: int, tell: Tell) -> Store:
    """Play what is asked for, on search seeds; candidates and base are isolated as any strategy.

    An interrupt ends the playing and keeps what was played, if a pilot could be had of it.  Raises Broken
    when a strategy of ours misbehaves.
    """
    # The good one first: an effect that cannot be had is refused before anything is played.
    better = None if stock.effect is None else ground.good(stock.effect)

    def played(candidate: bytes, kind: str, count: int) -> Sequence[Pair]:
        numbers = seeds.search(stock.seed, f"arena {ground.venue.market.world.name} {kind}", count)
        pairs = play_pairs(candidate, ground.standing, numbers, ground.venue, cores)
        return _kept(_told(pairs, kind, count, tell), f"{count} {kind} pairs", tell)

    useless = played(ground.useless, "useless", stock.useless)
    return Store(useless, () if better is None else played(better, "good", stock.good))


def measured(pairs: Sequence[Pair]) -> float | None:
    """Mean over deviation of the gains as they were played; None without any."""
    gains = np.array([pair.gain for pair in pairs], np.float64)
    return float(gains.mean() / gains.std(ddof=1)) if len(gains) > 1 else None


def _kept(pairs: Iterator[Pair], wanted: str, tell: Tell) -> Sequence[Pair]:
    done: list[Pair] = []
    try:
        for pair in pairs:
            wrong = ended_by(pair.candidate) or ended_by(pair.base)
            if wrong:
                raise Broken(f"a strategy of the arena {wrong} on seed {pair.seed}; report this")
            done.append(pair)
    except KeyboardInterrupt:
        if len(done) < PILOTS:
            raise
        tell(f"  interrupted: the loops are dealt from {len(done)} of {wanted}")
    return done


def _told(pairs: Iterator[Pair], kind: str, count: int, tell: Tell) -> Iterator[Pair]:
    began_s = told_s = monotonic()
    for number, pair in enumerate(pairs, 1):
        yield pair
        if number == count or monotonic() - told_s > _SILENT_S:
            told_s = monotonic()
            left_s = (told_s - began_s) / number * (count - number)
            tell(f"  {kind} proposals: {number} of {count} pairs played, {left_s:.0f} s to go")
