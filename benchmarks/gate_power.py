"""What the tournament promotes: how often noise, how often a true gain, and after how many pairs.

Plays the product's own rule (`rules.betting`) on simulated differences; pilots are drawn anew for every test,
because their error is part of the answer. The peer in the same run is a paired t-test of fixed length at the
same level.

    python benchmarks/gate_power.py [tests for each row]
"""

import math
import statistics
import sys

import numpy as np
from figure import figure

from alphaloop.agents.arena.differences import autocorrelated
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Scales
from alphaloop.facts.judgement import Finish
from alphaloop.rules.betting import CAP, judge
from alphaloop.rules.budget import level
from alphaloop.rules.power import smallest_effect_sd
from alphaloop.rules.wagers import PILOTS, scales_of

ROWS = (
    ("normal", 0.0),
    ("normal", 0.15),
    ("normal", 0.3),
    ("normal", 0.5),
    ("t3", 0.0),
    ("t3", 0.3),
    ("skew", 0.0),
    ("ar1", 0.0),
)
LEVELS = (level((), 0), 0.001)
SCALES = Scales(1.0, dict.fromkeys(GUARDS, 1.0), PILOTS)
POWER = 0.8
"""What the design asks of the first test of a ledger's life, at a gain of 0.3 sd."""


def main() -> None:
    """One line for each kind of differences, true gain and level."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("differences  gain sd   level     promoted  t-test  harm  futile  guard  cap   pairs")
    for paid in LEVELS:
        for kind, gain in ROWS:
            line, better, peer = _row(kind, gain, paid, count)
            print(line, flush=True)
            if (paid, kind, gain) == (LEVELS[0], "normal", 0.3):
                figure("the gate's power at 0.3 sd", f"{better:.3f}", f"{POWER}", better / POWER, ">= 1")
                figure("that power against a t-test's", f"{better:.3f}", f"{peer:.3f}", better / peer)
        print(f"smallest gain found four times in five: {smallest_effect_sd(paid, CAP, SCALES):.3f} sd")


def _row(kind: str, gain: float, paid: float, count: int) -> tuple[str, float, float]:
    """A line for people, and the shares that the gate and the t-test promote."""
    random = np.random.default_rng([count, LEVELS.index(paid), ROWS.index((kind, gain))])
    ends, pairs, peer = [], [], 0
    for _ in range(count):
        scales = scales_of(_pairs(random, kind, gain, PILOTS))
        played = _pairs(random, kind, gain, CAP)
        found = judge(played, scales, paid)
        ends.append(found.finish)
        pairs.append(found.pairs)
        peer += _t_test([pair.gain or 0.0 for pair in played]) >= statistics.NormalDist().inv_cdf(1 - paid)
    shares = [ends.count(end) / count for end in (Finish.HARM, Finish.FUTILE, Finish.GUARD, Finish.CAP)]
    rest = "  ".join(f"{share:5.3f}" for share in shares)
    better = ends.count(Finish.BETTER) / count
    head = f"{kind:11}  {gain:7.2f}  {paid:8.2g}  {better:8.3f}  {peer / count:6.3f}"
    return f"{head}  {rest}  {statistics.mean(pairs):6.1f}", better, peer / count


def _pairs(random: np.random.Generator, kind: str, gain: float, count: int) -> list[Pair]:
    """Pairs whose gain has mean `gain` and sd 1, and whose guards differ by noise alone."""
    noise = _noise(random, kind, count) + gain
    guards = random.standard_normal((count, len(GUARDS)))
    return [_pair(float(d), [float(x) for x in row]) for d, row in zip(noise, guards, strict=True)]


def _noise(random: np.random.Generator, kind: str, count: int) -> np.ndarray:
    if kind == "t3":
        return random.standard_t(3, count) / math.sqrt(3)
    if kind == "skew":
        return 1 - random.exponential(1.0, count)
    if kind == "ar1":
        return autocorrelated(random, (1, count))[0]
    return random.standard_normal(count)


def _pair(gain: float, guards: list[float]) -> Pair:
    candidate = Score(gain, gain, *guards, "", "sha256:c")
    return Pair(0, candidate, Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, "", "sha256:b"))


def _t_test(gains: list[float]) -> float:
    return statistics.fmean(gains) / (statistics.stdev(gains) / math.sqrt(len(gains)))


if __name__ == "__main__":
    main()
