"""What a sequential test of paired episodes has shown so far."""

from dataclasses import dataclass
from enum import StrEnum


class Finish(StrEnum):
    """How a tournament or a release stands."""

    GOING_ON = "going on"
    BETTER = "better"
    FUTILE = "futile"
    HARM = "harm"
    CAP = "cap"
    GUARD = "guard"
    NO_TEST = "no test"
    CONFIRMED = "confirmed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A test's state after `pairs` pairs.

    evidence: e-value for "better"; against: e-value against "better by 0.3 sd"; level: the α this test pays;
    shown: guards whose non-inferiority is shown; missing: guards or numbers that could not be had;
    words: the reason as people read it.
    """

    finish: Finish
    pairs: int
    evidence: float
    against: float
    level: float
    shown: tuple[str, ...]
    missing: tuple[str, ...]
    words: str
