"""What one strategy's run over one tape left behind, and the difference of two."""

from dataclasses import dataclass

GUARDS = ("max_drawdown", "max_abs_position", "markout_1s", "filled_volume")


@dataclass(frozen=True, slots=True)
class Score:
    """The numbers of one episode that the tournament compares; None is missing.

    objective and pnl in quote currency; max_drawdown a share of starting capital; max_abs_position and
    filled_volume in base units; markout_1s in basis points; breach: why a hard limit ended the episode, ""
    if none did; digest: "sha256:…" over integer ticks and lots of everything that happened; fault: how the
    strategy misbehaved (its objective is then missing), "" if it did not.
    """

    objective: float | None
    pnl: float | None
    max_drawdown: float | None
    max_abs_position: float | None
    markout_1s: float | None
    filled_volume: float | None
    breach: str
    digest: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Candidate and base on the same tape, seed and latency draws."""

    seed: int
    candidate: Score
    base: Score

    @property
    def gain(self) -> float | None:
        """Candidate's objective less base's, quote currency; None when either is missing."""
        return _difference(self.candidate.objective, self.base.objective)

    def advantage(self, guard: str) -> float | None:
        """How much better the candidate is on a guard: positive is better; None when missing."""
        difference = _difference(getattr(self.candidate, guard), getattr(self.base, guard))
        if difference is None:
            return None
        return -difference if guard in ("max_drawdown", "max_abs_position") else difference


def _difference(candidate: float | None, base: float | None) -> float | None:
    return None if candidate is None or base is None else candidate - base
