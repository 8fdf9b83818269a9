"""How gates did on worlds whose truth is known: what they promoted, and what they missed."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from alphaloop.facts.judgement import Finish

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a gate made of one proposal: whether it is good in truth, and whether it was promoted.

    pairs: paired episodes that were judged; finish: how our own test of it ended, None for other gates.
    """

    good: bool
    promoted: bool
    pairs: int
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """One gate over all loops; each loop is a ledger's life of its own."""

    gate: str
    loops: tuple[tuple[Proposal, ...], ...]

    @property
    def promoting_loops(self) -> int:
        """Loops that promoted anything."""
        return sum(any(one.promoted for one in loop) for loop in self.loops)

    @property
    def false_loops(self) -> int:
        """Loops that promoted something useless."""
        return sum(any(one.promoted and not one.good for one in loop) for loop in self.loops)

    @property
    def good(self) -> int:
        """Good proposals in all loops."""
        return sum(one.good for loop in self.loops for one in loop)

    @property
    def found(self) -> int:
        """Good proposals that were promoted."""
        return sum(one.good and one.promoted for loop in self.loops for one in loop)

    @property
    def power(self) -> float | None:
        """Share of the good ones that were promoted; None without any."""
        return self.found / self.good if self.good else None

    @property
    def false_discovery_rate(self) -> float | None:
        """Mean over the loops of the share of their promotions that was useless; None without a loop."""
        shares = [_false_share(loop) for loop in self.loops]
        return math.fsum(shares) / len(shares) if shares else None

    def pairs(self, good: bool) -> float | None:
        """Paired episodes that a good or a useless proposal was judged on, on average; None without any."""
        spent = [one.pairs for loop in self.loops for one in loop if one.good is good]
        return sum(spent) / len(spent) if spent else None


@dataclass(frozen=True, slots=True)
class Arena:
    """A run: the tallies of all gates on the same differences, ours first.

    effect: deviations of a paired difference, what was planted; measured: what the played pairs of a good
    proposal show, None without any; zero: the same of a useless one, as played; played: pairs of real
    episodes that the loops were dealt from, 0 when the differences were drawn from a distribution.
    """

    world: str
    seed: int
    proposals: int
    share: float
    effect: float
    measured: float | None
    zero: float | None
    played: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Lives:
    """Our gate on drawn differences of one kind, over many ledgers' lives.

    share: of the proposals that are good; false_lives: lives that promoted something useless; good and found:
    proposals; pairs_useless and pairs_good: judged on average, None without any such proposal.
    """

    kind: str
    lives: int
    proposals: int
    share: float
    false_lives: int
    false_discovery_rate: float
    good: int
    found: int
    pairs_useless: float | None
    pairs_good: float | None


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None without a trial.  Wilson (1927), JASA 22, 209-212."""
    if trials < 1:
        return None
    share, z2 = successes / trials, _Z * _Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    # Exactly, where rounding would leave a hair's breadth.
    low, high = 0.0 if successes == 0 else centre - half, 1.0 if successes == trials else centre + half
    return max(0.0, low), min(1.0, high)


def _false_share(loop: tuple[Proposal, ...]) -> float:
    promoted = [one for one in loop if one.promoted]
    return sum(not one.good for one in promoted) / len(promoted) if promoted else 0.0
