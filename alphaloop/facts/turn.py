"""What one pass through the seven steps came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alphaloop.facts.verdict import Stance

DECISIONS = ("merged", "would_merge", "held", "vetoed", "broken", "rolled_back", "none")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as people and programs read it.

    predicted and measured: the paired gain of the objective per episode, in quote currency, None when not
    measured; evidence: the digest that the decision rests on, "" for none; stances: what every seat said;
    seconds: wall time.
    """

    turn: int
    pr: int | None
    hypothesis: str
    decision: str
    predicted: float | None
    measured: float | None
    evidence: str
    stances: Mapping[str, Stance] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise ValueError(f"a turn ends in one of {', '.join(DECISIONS)}, not {self.decision!r}")
