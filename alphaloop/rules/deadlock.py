"""Deadlock: the same hypothesis, refused again and again."""

from collections.abc import Sequence

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import change_of, hypothesis_of
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.lessons import escalated
from alphaloop.rules.entries.releases import rolled_back
from alphaloop.rules.life import release_entry


def deadlocked(
    entries: Sequence[Entry], escalate_after: int
) -> tuple[tuple[Hypothesis, tuple[int, ...]], ...]:
    """Hypotheses refused `escalate_after` times and not yet escalated, with the refused changes.

    Two changes hold the same hypothesis when they change the same thing to move the same metric, whatever the
    words.
    """
    done = escalated(entries)
    refused: dict[tuple[str, str], list[tuple[Hypothesis, int]]] = {}
    for number, hypothesis in _hypotheses(entries).items():
        if _was_refused(entries, number):
            refused.setdefault((hypothesis.key, hypothesis.metric), []).append((hypothesis, number))
    return tuple(
        (changes[-1][0], tuple(number for _, number in changes))
        for key, changes in refused.items()
        if key not in done and len(changes) >= escalate_after
    )


def _hypotheses(entries: Sequence[Entry]) -> dict[int, Hypothesis]:
    found: dict[int, Hypothesis] = {}
    for entry in entries:
        if entry.kind is Kind.CHANGE:
            hypothesis = hypothesis_of(entry)
            if hypothesis is not None:
                found.setdefault(change_of(entry).number, hypothesis)
    return found


def _was_refused(entries: Sequence[Entry], number: int) -> bool:
    """Held, vetoed or rolled back; a failure of the platform refuses nothing."""
    released = release_entry(entries, number)
    if released is not None:
        return rolled_back(entries, released) is not None
    decision = last_decision(entries, number)
    return decision is not None and decision.stance in (Stance.HOLD, Stance.VETO)
