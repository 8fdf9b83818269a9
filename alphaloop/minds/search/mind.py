"""SearchMind: the default mind of a proposing seat, without a language model and without a network."""

from collections.abc import Iterator
from dataclasses import dataclass

from alphaloop.facts.hypothesis import Hypothesis, Proposal
from alphaloop.facts.metric import Record
from alphaloop.minds.search.catalogue import CATALOGUE
from alphaloop.minds.search.idea import Draft, Idea
from alphaloop.minds.search.reading import Reading, read
from alphaloop.minds.search.retune import retunes
from alphaloop.minds.search.settling import Settled, predict, settle
from alphaloop.minds.search.suggested import suggested
from alphaloop.ports import Brief

STRATEGY = "strategy.py"
PAIRS = 100
"""Paired episodes after which no further idea is begun in one turn."""


@dataclass(frozen=True, slots=True)
class SearchMind:
    """Proposes from a catalogue, what was asked for first, then what the record misses most.

    The same brief, the same proposal.
    """

    catalogue: tuple[Idea, ...] = CATALOGUE

    def propose(self, brief: Brief) -> Proposal | None:
        """What was asked for, else the first idea that gains on search seeds; if none does, what loses least.

        So every turn proposes as long as there is anything to propose, if need be with a negative prediction,
        and the gate refuses what is not better.  None when no edit fits the file or no candidate survived.
        """
        reading = read(brief.source)
        if reading is None:
            return None
        found: list[_Found] = []
        trials = pairs = 0
        for idea, draft, asked in self._open(reading, brief):
            search = settle(draft, brief)
            trials, pairs = trials + search.trials, pairs + search.pairs
            if search.settled is not None:
                found.append(_Found(idea, draft.parameter, search.settled, asked))
            # Whoever asked for it is owed an answer, and the gate's is better than a search's.
            if found and (found[-1].asked or found[-1].settled.gain > 0 or pairs >= PAIRS):
                break
        return _proposal(found, trials, brief)

    def _open(self, reading: Reading, brief: Brief) -> Iterator[tuple[Idea, Draft, int | None]]:
        """Ideas that fit the file: asked for, urgent and not yet tried, numbers to tune again, the rest.

        Each with the number of the suggestion that asks for it, None where nobody does.
        """
        again = retunes(reading, brief.seed)
        asked = suggested(brief.suggestions, [*self.catalogue, *again])
        own = ((idea, None) for idea in self._own(again, brief))
        for idea, number in [*asked, *own]:
            draft = None if idea.key in brief.waiting else idea.draft(reading)
            if draft is not None:
                yield idea, draft, number

    def _own(self, again: tuple[Idea, ...], brief: Brief) -> list[Idea]:
        ordered = self._urgent(brief.record)
        untried = [idea for idea in [*ordered, *again] if idea.key not in brief.tried]
        return [*untried, *(idea for idea in [*again, *ordered] if idea.key in brief.tried)]

    def _urgent(self, record: Record) -> list[Idea]:
        """Ideas whose precondition on the record holds, what is missed most first."""
        urgent = [(idea, urgency) for idea in self.catalogue if (urgency := idea.urgency(record)) is not None]
        return [idea for idea, _ in sorted(urgent, key=lambda pair: -pair[1])]


@dataclass(frozen=True, slots=True)
class _Found:
    idea: Idea
    parameter: str
    settled: Settled
    asked: int | None


def _proposal(found: list[_Found], trials: int, brief: Brief) -> Proposal | None:
    """The best that was found and does not fail on the fresh seeds either."""
    for best in sorted(found, key=lambda one: (one.asked is None, -one.settled.gain)):
        predicted = predict(best.settled, brief)
        if predicted is not None:
            hypothesis = Hypothesis(
                key=best.idea.key,
                claim=best.idea.claim,
                metric=best.idea.metric,
                predicted=predicted,
                params={best.parameter: best.settled.value},
                trials=trials,
                idea=best.asked,
            )
            return Proposal(hypothesis, {STRATEGY: best.settled.source})
    return None
