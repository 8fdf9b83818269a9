"""Step 6: a release beside a shadow of the last confirmed version, judged on the difference.

Harm of 100 to 1, or a hard limit, takes it back at once. After 200 pairs it is confirmed when it is shown to
be no worse than .3 sd, clipped and unclipped, and taken back when it is not: docs/decisions/0040.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from alphaloop.facts.episode import Pair
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.rules.sequential import judged
from alphaloop.rules.wagers import CLIP, MARGIN_SD, STRETCH, Wager, clipped, ended_by

PAIRS = 200
HARMFUL = 100.0
ENOUGH = 20.0


@dataclass(frozen=True, slots=True)
class Watch:
    """A canary under way.

    sd: of the pilot's differences between release and shadow, quote currency; unharmed: the bet on "not worse
    by .3 sd"; counted: pairs in which the shadow had an objective; fallen: pairs in which the release was
    worse; total: the sum of the gains as they are, in quote currency.
    """

    sd: float | None
    harm: Wager = field(default_factory=Wager)
    unharmed: Wager = field(default_factory=Wager)
    pairs: int = 0
    counted: int = 0
    fallen: int = 0
    breach: str = ""
    total: float = 0.0

    def after(self, pair: Pair) -> Self:
        """The canary after one more pair; where the release alone has no number, it counts as its worst."""
        state = replace(self, pairs=self.pairs + 1, breach=self.breach or ended_by(pair.candidate))
        if pair.base.objective is None:
            return state
        gain = pair.gain
        state = replace(state, counted=state.counted + 1, fallen=state.fallen + (gain is None or gain < 0))
        if not state.sd:
            return state
        x = -CLIP if gain is None else clipped(gain / (STRETCH * state.sd))
        # Margin before clipping, so that the worst stays at −4.
        spared = -CLIP if gain is None else clipped((gain / state.sd + MARGIN_SD) / STRETCH)
        total = state.total + (-CLIP * STRETCH * state.sd if gain is None else gain)
        return replace(state, harm=state.harm.after(-x), unharmed=state.unharmed.after(spared), total=total)

    def standing(self) -> Judgement:
        """What the canary has shown so far; `against` is the evidence of harm."""
        finish, words = _finish(self)
        return Judgement(
            finish=finish,
            pairs=self.pairs,
            evidence=self.unharmed.worth,
            against=self.harm.worth,
            level=1 / ENOUGH,
            shown=("objective",) if finish is Finish.CONFIRMED else (),
            missing=("objective",) if 2 * self.counted < self.pairs or self.sd is None else (),
            words=words,
        )


def watch(pairs: Iterable[Pair], sd: float | None) -> Judgement:
    """What `pairs` show (candidate is the release, base its shadow), up to the one that decides."""
    return judged(Watch(sd), pairs)


def _finish(state: Watch) -> tuple[Finish, str]:
    if state.breach:
        return Finish.HARM, f"the release {state.breach} in pair {state.pairs}"
    if state.harm.worth >= HARMFUL:
        return Finish.HARM, f"worse than its shadow: {state.harm.worth:.3g} to 1 after {state.pairs} pairs"
    if state.pairs < PAIRS:
        return Finish.GOING_ON, f"{state.pairs} of {PAIRS} pairs beside the shadow"
    if state.sd is None or 2 * state.counted < state.pairs:
        return Finish.INCONCLUSIVE, f"the difference could not be measured on enough of {state.pairs} pairs"
    if state.sd == 0:
        return _without_deviation(state)
    odds = f"{state.unharmed.worth:.3g} to 1 after {state.pairs} pairs, {ENOUGH:.0f} to 1 needed"
    if state.unharmed.worth >= ENOUGH and state.total > -MARGIN_SD * state.sd * state.counted:
        return Finish.CONFIRMED, f"no worse than its shadow by {MARGIN_SD} sd: {odds}"
    return Finish.INCONCLUSIVE, f"not shown to be no worse than its shadow by {MARGIN_SD} sd: {odds}"


def _without_deviation(state: Watch) -> tuple[Finish, str]:
    if state.fallen:
        return (
            Finish.INCONCLUSIVE,
            f"worse than its shadow in {state.fallen} of {state.pairs} pairs, never before",
        )
    return Finish.CONFIRMED, f"never worse than its shadow in {state.pairs} pairs"
