"""What the desk can do next: one step on one change."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps of the loop that follow from what is recorded, without anybody asking for them."""

    IMPLEMENT = "implement"  # open the change that a begun turn planned
    REVIEW = "review"  # ask every seat, and play the test
    DECIDE = "decide"  # let the gate read back what was signed
    MERGE = "merge"  # land what the gate approved
    TAKE_BACK = "take back"  # roll a canary back that somebody held or vetoed
    WATCH = "watch"  # run a release beside its shadow, and end it
    CLOSE = "close"  # end what a seat proposed and the gate vetoed
    ESCALATE = "escalate"  # hand what was refused too often to a human
    LEARN = "learn"  # write down what a begun turn came to


@dataclass(frozen=True, slots=True)
class Todo:
    """A step that is unlocked; change: its pull request, 0 where it is about none."""

    step: Step
    change: int


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken, and what it came to in words."""

    todo: Todo
    words: str
