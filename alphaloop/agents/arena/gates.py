"""The gates of an arena: ours, and four that people use, all on the same differences.

Ours is the product's own rule: a pilot of forty pairs, a level from the error budget of the loop's ledger,
and the tournament. The others see the first hundred pairs, the pilot's included, which is what ours spends on
a useless proposal; more of them would not make them more honest, only more certain of what they count.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.arena import Proposal
from alphaloop.facts.episode import Pair
from alphaloop.facts.judgement import Finish
from alphaloop.market.metrics.deflated import deflated_sharpe
from alphaloop.rules import betting
from alphaloop.rules.budget import Paid, level
from alphaloop.rules.wagers import PILOTS, scales_of

OURS = "ours"
SEEN = 100
LARGEST = PILOTS + betting.CAP
_SIGNIFICANT = NormalDist().inv_cdf(0.95)
_DEFLATED = 0.95

Gains = NDArray[np.float64]
Dealt = tuple[bool, Sequence[Pair]]
"""Whether a proposal is good, and the pairs that it is dealt: LARGEST of them."""


def judged(proposals: Sequence[Dealt]) -> Mapping[str, tuple[Proposal, ...]]:
    """What every gate makes of one loop's proposals, in their order."""
    gains = [(good, np.array([pair.gain for pair in pairs[:SEEN]], np.float64)) for good, pairs in proposals]
    told = {OURS: tuple(ours(proposals))}
    for gate, promotes in OTHERS.items():
        told[gate] = tuple(
            Proposal(good, promotes(seen, number), SEEN) for number, (good, seen) in enumerate(gains, 1)
        )
    return told


def ours(proposals: Sequence[Dealt]) -> Iterator[Proposal]:
    """Our gate over a loop: every test pays its level, and promotions raise the later ones."""
    paid: list[Paid] = []
    known: list[float] = []
    promotions = 0
    for good, pairs in proposals:
        granted = level(paid, promotions)
        mean = math.fsum(known) / len(known) if known else 0.0
        scales = replace(scales_of(pairs[:PILOTS]), earlier=len(known), earlier_neighbours=mean)
        found = betting.judge(pairs[PILOTS:], scales, granted)
        if scales.objective and granted:
            paid.append(Paid(granted, promotions))
            known.append(scales.neighbours)
        better = found.finish is Finish.BETTER
        promotions += better
        yield Proposal(good, better, found.pairs, found.finish)


def keep_if_better(gains: Gains, number: int) -> bool:
    """The mean is above nothing."""
    return bool(gains.mean() > 0)


def uncounted(gains: Gains, number: int) -> bool:
    """A t-test says p < 0.05, and nobody counts how often it was asked."""
    return _t(gains) > _SIGNIFICANT


def reused_hold_out(gains: Gains, number: int) -> bool:
    """Better on the first half, and p < 0.05 on the half that was held out; as it is for every proposal."""
    half = len(gains) // 2
    return bool(gains[:half].mean() > 0) and _t(gains[half:]) > _SIGNIFICANT


def deflated(gains: Gains, number: int) -> bool:
    """The deflated Sharpe ratio of the gains, with the proposals so far as trials, is above 0.95."""
    found = deflated_sharpe(gains, number)
    return found is not None and found > _DEFLATED


OTHERS: Mapping[str, Callable[[Gains, int], bool]] = {
    "keep_if_better": keep_if_better,
    "uncounted_p": uncounted,
    "reused_hold_out": reused_hold_out,
    "deflated_sharpe": deflated,
}


def _t(gains: Gains) -> float:
    sd = float(gains.std(ddof=1))
    return float(gains.mean()) / (sd / math.sqrt(len(gains))) if sd else 0.0
