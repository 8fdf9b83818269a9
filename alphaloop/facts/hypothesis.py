"""What Quant believes, and the effect that it predicts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One idea about the strategy.

    key: what it changes, as a short name that outlives rewording; metric: the number it claims to move;
    predicted: the paired gain of the objective per episode, in quote currency, seen on search seeds;
    params: the literals that the search settled on; trials: candidates scored on the way; idea: the ledger
    entry of the suggestion that it takes up, None for one of its own.
    """

    key: str
    claim: str
    metric: str
    predicted: float | None = None
    params: dict[str, float] = field(default_factory=dict)
    trials: int = 0
    idea: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mind's answer: the hypothesis and the whole new text of each file that it edits."""

    hypothesis: Hypothesis
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What turn number `turn` proposes; no proposal when no hypothesis was to be had.

    base: main's commit that it was made on; takes_up: the change of an earlier turn that this turn finishes
    instead of proposing another.
    """

    turn: int
    proposal: Proposal | None
    base: str = ""
    takes_up: int | None = None

    def __post_init__(self) -> None:
        if self.proposal is not None and self.takes_up is not None:
            raise ValueError("a turn proposes a change or takes one up, not both")
