"""The measuring part of the proof stage: both searches, side by side, within one budget of wall time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from alphaloop.checks.proof.beginnings import beginnings
from alphaloop.checks.proof.claim import Progress
from alphaloop.checks.proof.examples import search_examples
from alphaloop.checks.proof.play import Counterexample, play
from alphaloop.checks.proof.reach import Reach, reach_of
from alphaloop.checks.proof.symbolic import MOST_CLAIMS, Prover, prover
from alphaloop.checks.subject import Subject
from alphaloop.ports import Sandbox
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.venue import Venue

PATIENCE_S = 20.0
"""Wall seconds that a busy machine gets on top, for the least that either search must have done."""
EXAMPLES = 200
"""The most histories that Hypothesis thinks up: what an idle core plays in half of the budget."""
_EXAMPLES_SHARE = 0.6
_NOT_STARTED = "it was not started"
NOT_HELD = "this sandbox cannot hold it"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the searches came to.

    found: the counterexample, None without one; by: which search found it, "" for none; examples: histories
    that were played; progress: how far the prover says that it came; ended: how it ended, "" if by us;
    refuted: claims that did not hold when they were played again; seconds: wall time of all of it; reach:
    where was looked; again: counterexamples of earlier candidates that were played before all else.
    """

    found: Counterexample | None
    by: str
    examples: int
    progress: Progress
    ended: str
    refuted: int
    seconds: float
    reach: Reach
    again: int = 0


def search_limits(
    subject: Subject,
    venue: Venue,
    sandbox: Sandbox | None,
    tell: Callable[[str], None],
    budget_s: float,
) -> Proof:
    """Look for a reachable market, position and history in which the strategy's own quotes break a limit.

    sandbox: instead of this process's own of the venue's name; budget_s: wall seconds of both searches, which
    run side by side.  Raises Broken when the platform fails.
    """
    chosen = sandbox or sandbox_named(venue.sandbox)
    began_s = monotonic()
    reach = reach_of(venue, subject.candidate)
    found, again = _met(subject, reach, chosen)
    if found is not None:
        return replace(_told(found, "a counterexample of before", began_s, reach), again=again)
    return replace(_searched(subject, reach, chosen, tell, budget_s), again=again)


def _met(subject: Subject, reach: Reach, sandbox: Sandbox) -> tuple[Counterexample | None, int]:
    """What breaks in the histories in which earlier candidates did, and how many of them were played."""
    again = 0
    for history in subject.met:
        # One that was found with other limits, or around another price, may be none that can come here.
        if reach.holds(history):
            again += 1
            found = play(subject.candidate, history, reach, sandbox)
            if found is not None:
                return found, again
    return None, again


def _searched(
    subject: Subject, reach: Reach, chosen: Sandbox, tell: Callable[[str], None], budget_s: float
) -> Proof:
    began_s = monotonic()
    begun, found = beginnings(subject.candidate, reach, chosen)
    if found is not None:
        return _told(found, "a first play", began_s, reach)
    hunt = _Hunt(subject.candidate, reach, chosen, began_s, budget_s)
    if not chosen.holds_prover:
        tell("  safety: proof, by examples alone")
        return _by_examples(hunt, hunt.left_s, NOT_HELD)
    with prover(subject.candidate, reach, begun, budget_s, walls=not chosen.tainted) as proving:
        tell("  safety: proof, by examples and by symbols")
        return _both(hunt, proving)


@dataclass(frozen=True, slots=True)
class _Hunt:
    source: bytes
    reach: Reach
    sandbox: Sandbox
    began_s: float
    budget_s: float

    @property
    def left_s(self) -> float:
        return self.began_s + self.budget_s - monotonic()


def _both(hunt: _Hunt, proving: Prover) -> Proof:
    tried = _by_examples(hunt, hunt.left_s * _EXAMPLES_SHARE, _NOT_STARTED)
    if tried.found is not None:
        return tried
    found, refuted = _claimed(hunt, proving)
    by = "CrossHair" if found is not None else ""
    return _told(
        found, by, hunt.began_s, hunt.reach, tried.examples, proving.progress, proving.ended, refuted
    )


def _by_examples(hunt: _Hunt, seconds: float, ended: str) -> Proof:
    tried = search_examples(hunt.source, hunt.reach, hunt.sandbox, seconds, PATIENCE_S, EXAMPLES)
    by = "Hypothesis" if tried.counterexample is not None else ""
    return _told(tried.counterexample, by, hunt.began_s, hunt.reach, tried.examples, None, ended)


def _claimed(hunt: _Hunt, proving: Prover) -> tuple[Counterexample | None, int]:
    """The first claim that holds when it is played again, and how many did not."""
    refuted = 0
    for history in proving.claims(hunt.began_s + hunt.budget_s, PATIENCE_S):
        if hunt.reach.holds(history):
            found = play(hunt.source, history, hunt.reach, hunt.sandbox)
            if found is not None:
                return found, refuted
        refuted += 1
        if refuted == MOST_CLAIMS:
            break
    return None, refuted


def _told(
    found: Counterexample | None,
    by: str,
    began_s: float,
    reach: Reach,
    examples: int = 0,
    progress: Progress | None = None,
    ended: str = _NOT_STARTED,
    refuted: int = 0,
) -> Proof:
    return Proof(found, by, examples, progress or Progress(), ended, refuted, monotonic() - began_s, reach)
