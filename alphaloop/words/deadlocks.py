"""What was handed to a human, with the arguments of both sides, rendered from the ledger."""

from collections.abc import Iterator, Sequence

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.evidence import evidence_of, evidence_on
from alphaloop.rules.entries.lessons import refused_changes
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.releases import release_of, releases, rolled_back
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.words.reviews import mean_gain
from alphaloop.words.spelling import number, quoted

_MOST_REASONS = 3


def handed_over(entries: Sequence[Entry]) -> Iterator[str]:
    """A section for every escalation: what speaks for the idea, what against it, and what a human can do."""
    for entry in entries:
        if entry.kind is Kind.ESCALATION:
            yield from _section(entries, refused_changes(entry))


def _section(entries: Sequence[Entry], refused: Sequence[int]) -> Iterator[str]:
    ideas = {one: hypothesis_of_change(entries, one) for one in refused}
    known = {one: idea for one, idea in ideas.items() if idea is not None}
    if not known:
        return
    newest = [*known.values()][-1]
    changes = ", ".join(f"#{one}" for one in refused)
    yield f"## Handed to a human: {quoted(newest.key)}, which claims to move {quoted(newest.metric)}"
    yield ""
    yield f"Refused {len(refused)} times: {changes}. It is proposed no more until a human has decided."
    yield ""
    yield "**For it**, as whoever proposed it says:"
    yield ""
    yield from (f"- {_for(entries, one, idea)}" for one, idea in known.items())
    yield ""
    yield "**Against it**, as whoever refused it says:"
    yield ""
    for one in refused:
        yield from (f"- #{one}: {quoted(words)}" for words in _against(entries, one))
    yield ""
    yield "To let it in, look at a change of it and approve its head; to end it, close the change. A rule"
    yield "that refuses wrongly is changed by a change of your own."
    yield ""


def _for(entries: Sequence[Entry], change: int, idea: Hypothesis) -> str:
    gain = next((one for one in _measured(entries, change) if one is not None), None)
    came = "nothing was measured" if gain is None else f"measured {number(gain)}"
    said = "nothing" if idea.predicted is None else number(idea.predicted)
    return f"#{change}: {quoted(idea.claim)} Predicted {said}, after {idea.trials} candidates; {came}."


def _measured(entries: Sequence[Entry], change: int) -> Iterator[float | None]:
    for test in tests(entries):
        entry = evidence_on(entries, test.entry) if test.change == change else None
        if entry is not None:
            yield mean_gain(evidence_of(entry).pairs)


def _against(entries: Sequence[Entry], change: int) -> Iterator[str]:
    """What took it back, or whoever refused it, each in a seat's own words."""
    for released in releases(entries):
        back = rolled_back(entries, released) if release_of(released).change == change else None
        if back is not None:
            yield back.subject
            return
    objections = [one for one in verdicts_on(entries, change) if one.stance in (Stance.HOLD, Stance.VETO)]
    for one in objections:
        words = [finding.message for finding in one.findings] or [one.rests_on or "no reason given"]
        yield f"{one.seat} answered {one.stance.name.lower()}: {'; '.join(words[:_MOST_REASONS])}"
    decision = last_decision(entries, change)
    if not objections and decision is not None:
        yield from decision.reasons[:_MOST_REASONS]
