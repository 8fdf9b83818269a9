"""One thing that a repository claims, and whether it was found to hold."""

from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """Whether a claim is so."""

    OK = "ok"
    RECOMPUTED = "recomputed"
    REPLAYED = "replayed"
    NOT_REPLAYABLE = "not replayable here"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Claim:
    """What was checked, whether it holds, and why in words."""

    what: str
    holds: Holds
    words: str
