"""A merge that is running, and what became of it."""

from dataclasses import dataclass

from alphaloop.facts.judgement import Judgement


@dataclass(frozen=True, slots=True)
class Release:
    """A merge: a canary until it is confirmed or rolled back.

    commit: main after the merge; shadow: the last confirmed commit, beside which it runs; judged: whether it
    has to run as a canary at all; scaled: whether it raised limits with the strategy, so that both go back.
    """

    change: int
    commit: str
    shadow: str
    judged: bool
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a release ended: `restored` is main after the rollback, "" when the release was confirmed."""

    release: Release
    judgement: Judgement | None
    restored: str

    @property
    def confirmed(self) -> bool:
        """Whether the release stands."""
        return not self.restored
