"""Is the candidate better?  A bet on every pair of episodes, whose winnings are the evidence.

    s   = 1.25 × sd of the pilot's differences, frozen before judging
    x_i = clip(d_i / s, −4, 4)
    E_n = mean over λ in {.10, .17, .24} of Π (1 + λ x_i)            evidence for "better"
    F_n = Π (1 − .24 clip(x_i − .3 sd/s, −4, 4))                     evidence against "better by .3 sd"
    H_n = mean over λ of Π (1 − λ x_i)                               evidence for "worse"

If nothing is better, E_n is a fair game, and P(E_n ever ≥ 1/α) ≤ α (Ville 1939; Waudby-Smith & Ramdas 2024).
That is why it may be looked at after every pair. Where the pilot's neighbours correlate, an observation is
the mean of five pairs (`rules.blocks`). What is tested is the clipped mean, which a rare great loss hardly
moves: so the gains as they are, unclipped, must add up to more than nothing too, and a breach of a hard limit
ends the test. Products are plain floating-point ones, the same on every machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from alphaloop.facts.episode import GUARDS, Pair
from alphaloop.facts.evidence import Scales
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.rules.blocks import block_of
from alphaloop.rules.power import smallest_seen
from alphaloop.rules.sequential import judged
from alphaloop.rules.wagers import CLIP, MARGIN_SD, Wager, clipped, ended_by, stretch

CAP = 400
HARMFUL = 100.0
ENOUGH = 20.0
LAMBDA_AGAINST = 0.24


@dataclass(frozen=True, slots=True)
class Tournament:
    """A test under way.

    pairs: all that were looked at, the skipped ones included; played: those that counted; waiting: those of a
    block that is not full yet; margins: a wager for each guard on "not worse by .3 sd"; breach: why the
    candidate's hard limit or fault ended the test, "" if none did; total: the sum of the gains as they are,
    in quote currency.
    """

    scales: Scales
    level: float
    cap: int
    better: Wager
    worse: Wager
    against: float
    margins: Mapping[str, "Margin"]
    pairs: int = 0
    played: int = 0
    breach: str = ""
    total: float = 0.0
    waiting: tuple[Pair, ...] = ()

    def after(self, pair: Pair) -> Self:
        """The test after one more pair, in constant time.

        A pair that is missing on both sides, or on base's side only, is skipped; where the candidate alone
        has no number, it counts as its worst.
        """
        state = replace(
            self,
            pairs=self.pairs + 1,
            breach=self.breach or ended_by(pair.candidate),
            waiting=(*self.waiting, pair),
        )
        return state if len(state.waiting) < block_of(state.scales) else state._after_block()

    def _after_block(self) -> Self:
        state = replace(
            self,
            waiting=(),
            margins={
                guard: _margin(margin, self.waiting, guard, self.scales)
                for guard, margin in self.margins.items()
            },
        )
        gains = [pair.gain for pair in self.waiting if pair.base.objective is not None]
        stretched = stretch(state.scales)
        unit = stretched * (state.scales.objective or 0.0)
        if not unit or not gains:
            return state
        x = _observed(gains, unit)
        return replace(
            state,
            played=state.played + len(gains),
            total=state.total + _added([-CLIP * unit if gain is None else gain for gain in gains]),
            better=state.better.after(x),
            worse=state.worse.after(-x),
            against=min(1e300, state.against * (1 - LAMBDA_AGAINST * clipped(x - MARGIN_SD / stretched))),
        )

    def standing(self) -> Judgement:
        """What the test has shown so far."""
        shown = tuple(guard for guard, margin in self.margins.items() if _shown(margin, self.pairs))
        missing = tuple(_missing(self))
        finish, words = _finish(self, shown, missing)
        return Judgement(
            finish=finish,
            pairs=self.pairs,
            evidence=self.better.worth,
            against=self.against,
            level=self.level,
            shown=shown,
            missing=missing,
            words=words,
        )


@dataclass(frozen=True, slots=True)
class Margin:
    """Whether one guard is no worse than .3 sd: a bet that it is not, and a bet that it is.

    counted: pairs in which base had it; sd: of the pilot's differences, in the guard's own unit; fallen:
    pairs in which the candidate was worse.
    """

    sd: float | None
    unharmed: Wager = field(default_factory=Wager)
    harmed: Wager = field(default_factory=Wager)
    counted: int = 0
    fallen: int = 0


def judge(pairs: Iterable[Pair], scales: Scales, level: float, cap: int = CAP) -> Judgement:
    """What `pairs` show, up to the one that decides."""
    return judged(opened(scales, level, cap), pairs)


def opened(scales: Scales, level: float, cap: int = CAP) -> Tournament:
    """A test before its first pair."""
    margins = {guard: Margin(scales.guards[guard]) for guard in GUARDS}
    return Tournament(scales, level, cap, Wager(), Wager(), 1.0, margins)


def _finish(state: Tournament, shown: tuple[str, ...], missing: tuple[str, ...]) -> tuple[Finish, str]:
    """How the test stands; what is bad for the candidate is never hidden by what is good."""
    if not state.scales.objective:
        return Finish.NO_TEST, "the pilot's differences have no deviation, so there is nothing to bet on"
    if not 0 < state.level < 1:
        return (
            Finish.NO_TEST,
            "the error budget is spent, so there is no test; a human decides what comes next",
        )
    if state.breach:
        return Finish.HARM, f"the candidate {state.breach} in pair {state.pairs}"
    proven = state.better.worth >= 1 / state.level
    lacking = [guard for guard in GUARDS if guard not in shown]
    if not state.total > 0:
        lacking.append("the unclipped sum of its gains")
    if proven and not lacking and "objective" not in missing:
        return Finish.BETTER, f"better: {_odds(state)}; no guard is worse by {MARGIN_SD} sd"
    refused = _refused(state)
    if refused is not None:
        return refused
    if state.pairs < state.cap:
        return Finish.GOING_ON, _odds(state)
    return _at_the_cap(state, lacking if proven else [])


def _refused(state: Tournament) -> tuple[Finish, str] | None:
    """What has been shown against the candidate before the cap, so that no more episodes are spent on it."""
    if state.worse.worth >= HARMFUL:
        return Finish.HARM, f"worse: {state.worse.worth:.3g} to 1 after {state.pairs} pairs"
    harmed = [guard for guard, margin in state.margins.items() if _harmed(margin)]
    if harmed:
        return Finish.GUARD, f"worse on {', '.join(harmed)} by more than {MARGIN_SD} sd; {_odds(state)}"
    if state.against >= ENOUGH:
        return Finish.FUTILE, f"not better by {MARGIN_SD} sd: {state.against:.3g} to 1; {_odds(state)}"
    return None


def _at_the_cap(state: Tournament, lacking: Sequence[str]) -> tuple[Finish, str]:
    if lacking:
        words = f"better, but not shown to be no worse on {', '.join(lacking)}: {_odds(state)}"
        return Finish.GUARD, words
    missed = smallest_seen(state.scales, state.level, state.cap)
    return Finish.CAP, f"not shown to be better: {_odds(state)}; {missed}"


def _odds(state: Tournament) -> str:
    wanted = 1 / state.level
    return f"{state.better.worth:.3g} to 1 for better, {wanted:.3g} needed, after {state.pairs} pairs"


def _observed(gains: Sequence[float | None], unit: float) -> float:
    """One observation for the bets: the mean of a block in units; a number that is missing is the worst."""
    there = [gain for gain in gains if gain is not None]
    return clipped(_added(there) / len(there) / unit) if len(there) == len(gains) else -CLIP


def _added(numbers: Sequence[float]) -> float:
    """Their sum, from left to right: the same on every machine, and too large is infinite and no error."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _margin(margin: Margin, block: Sequence[Pair], guard: str, scales: Scales) -> Margin:
    had = [pair.advantage(guard) for pair in block if getattr(pair.base, guard) is not None]
    if not had:
        return margin
    fallen = sum(one is None or one < 0 for one in had)
    margin = replace(margin, counted=margin.counted + len(had), fallen=margin.fallen + fallen)
    if not margin.sd:
        return margin
    moved = [None if one is None else one / margin.sd + MARGIN_SD for one in had]
    x = _observed(moved, stretch(scales))
    return replace(margin, unharmed=margin.unharmed.after(x), harmed=margin.harmed.after(-x))


def _shown(margin: Margin, pairs: int) -> bool:
    """No worse by .3 sd, on at least half of the pairs; without any deviation, no pair may be worse."""
    if margin.sd is None or not margin.counted or 2 * margin.counted < pairs:
        return False
    return margin.fallen == 0 if margin.sd == 0 else margin.unharmed.worth >= ENOUGH


def _harmed(margin: Margin) -> bool:
    """Worse by more than .3 sd; without any deviation, a single worse pair has decided it."""
    return bool(margin.fallen) if margin.sd == 0 else margin.harmed.worth >= ENOUGH


def _missing(state: Tournament) -> Iterable[str]:
    """What could not be had on more than half of the pairs, or has no scale at all."""
    if state.scales.objective is None or 2 * state.played < state.pairs:
        yield "objective"
    for guard, margin in state.margins.items():
        if margin.sd is None or 2 * margin.counted < state.pairs:
            yield guard
