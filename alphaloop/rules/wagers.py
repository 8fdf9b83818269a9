"""A bet against "no better", at three stakes at once."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Scales
from alphaloop.rules.blocks import block_of, block_sd, neighbours

LAMBDAS = (0.10, 0.17, 0.24)
CLIP = 4.0
STRETCH = 1.25
MARGIN_SD = 0.3
PILOTS = 40
_CEILING = 1e300


@dataclass(frozen=True, slots=True)
class Wager:
    """Π (1 + λ x_i) for each λ.  Its worth is what one unit, spread over the stakes, has become."""

    products: tuple[float, ...] = field(default=(1.0,) * len(LAMBDAS))

    @property
    def worth(self) -> float:
        """The e-value: the mean over the stakes."""
        return math.fsum(self.products) / len(self.products)

    def after(self, x: float) -> "Wager":
        """The bet after one more observation, which lies between −4 and 4."""
        # The ceiling keeps the number finite, far above any evidence that is ever asked for.
        return Wager(
            tuple(min(_CEILING, p * (1 + lam * x)) for p, lam in zip(self.products, LAMBDAS, strict=True))
        )


def stretch(scales: Scales) -> float:
    """s, the unit of an observation, in deviations of one pair's difference.

    A block is nearer to a normal than a pair is and there are five times fewer, so it is bet on at twice the
    stakes: half the unit, and so a clip at half as many deviations.
    """
    return STRETCH if block_of(scales) == 1 else STRETCH / 2 * block_sd(scales)


def clipped(x: float) -> float:
    """`x` within −4 and 4; NaN counts as the worst."""
    return -CLIP if math.isnan(x) else max(-CLIP, min(CLIP, x))


def ended_by(score: Score) -> str:
    """How an episode ended before its time: a fault of the worker or a hard limit, "" if neither."""
    if score.fault:
        return f"misbehaved ({score.fault})"
    return f"broke a hard limit ({score.breach})" if score.breach else ""


def scales_of(pilot: Sequence[Pair]) -> Scales:
    """The standard deviations of the pilot's differences, from the search seeds.

    None for a number that fewer than 40 pairs have on both sides; a test without the objective's is no test.
    """
    gains = [pair.gain for pair in pilot if pair.gain is not None]
    sd = deviation(gains)
    guards = {guard: deviation(pair.advantage(guard) for pair in pilot) for guard in GUARDS}
    return Scales(sd, guards, len(pilot), neighbours(gains) if sd else 0.0)


def deviation(differences: Iterable[float | None]) -> float | None:
    """The sample standard deviation of those that are there; None below 40 or when one is not finite."""
    there = [difference for difference in differences if difference is not None]
    if len(there) < PILOTS or not all(map(math.isfinite, there)):
        return None
    return statistics.stdev(there)
