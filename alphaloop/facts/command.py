"""What a comment may command: a closed type."""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """The commands that this desk answers, in the order in which `help` lists them."""

    HELP = "help"
    STATUS = "status"
    EXPLAIN = "explain"
    REVIEW = "review"
    SIMULATE = "simulate"
    APPROVE = "approve"
    VETO = "veto"
    HOLD = "hold"
    UNHOLD = "unhold"
    MERGE = "merge"
    ROLLBACK = "rollback"
    PROPOSE = "propose"
    RETRY = "retry"
    OVERRIDE = "override"
    CLOSE = "close"
    STOP = "stop"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Command:
    """One command line of a comment: the verb and the rest of its line."""

    verb: Verb
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A line that starts like a command and is none; `nearest` is the verb it may have meant, or ""."""

    line: str
    nearest: str
