"""Why a change did or did not land: everything that the ledger holds on it, in the order of its life."""

from dataclasses import dataclass
from enum import StrEnum

from alphaloop.facts.change import Change, State
from alphaloop.facts.decision import Decision
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.verdict import Verdict


class Way(StrEnum):
    """What would move a change on from where it stands."""

    RESUME = "resume"  # a human ends the emergency stop
    READY = "ready"  # its author says that the draft is ready
    HUMAN = "human"  # a person approves it, or drops the idea that was handed over
    RUN = "run"  # the desk does the next step by itself
    ANSWER = "answer"  # somebody who holds it says otherwise, or a seat that is silent speaks
    MEND = "mend"  # another head, because nobody overrides a veto
    REPAIR = "repair"  # the operator mends the platform, and the same seeds go on
    WAIT = "wait"  # the canary's run ends by itself
    AFRESH = "afresh"  # this change has ended; the idea can only come as a new one
    NOTHING = "nothing"  # it stands


@dataclass(frozen=True, slots=True)
class Played:
    """One paid test, or a canary beside its shadow.

    test: its number, 0 for a canary; level: the α that it paid, None for a canary; pairs, finish, gain (mean,
    quote currency an episode) and words: how it ended, None and "" while it has not; here: whether it was
    played for the head and base that the change has now.
    """

    test: int
    level: float | None
    pairs: int | None
    finish: str
    gain: float | None
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class Said:
    """The newest answer of one seat or human; counts: whether it is on the head and base that stand now."""

    verdict: Verdict
    counts: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `change` stands where it stands.

    tests: oldest first; decision: the last one, current: whether it is on the head and base of now; landed:
    main's commit of its merge, "" without one; taken_back: why it was rolled back; beside: the canary's run;
    asides: what else was recorded of it (closings, marks, overrides, escalations), in words; stopped: why
    the desk is stopped; ways: what would move it on.
    """

    change: Change
    state: State
    hypothesis: Hypothesis | None
    said: tuple[Said, ...]
    tests: tuple[Played, ...]
    decision: Decision | None
    current: bool
    landed: str
    taken_back: str
    beside: Played | None
    asides: tuple[str, ...]
    stopped: str
    ways: tuple[Way, ...]

    @property
    def measured(self) -> float | None:
        """The mean gain of the newest test, quote currency an episode; None before one has ended."""
        return next((one.gain for one in reversed(self.tests) if one.finish), None)
