"""Delivery Lead: writes down what a turn came to, escalates deadlocks, renders task.md and walkthrough.md."""

from collections.abc import Mapping, Sequence
from time import monotonic

from alphaloop import words
from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.grounds import constitution_at
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.release import Outcome
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules.deadlock import deadlocked
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.lessons import escalated, escalation, lesson, turns_taken
from alphaloop.rules.entries.opened import test_for
from alphaloop.rules.entries.verdicts import verdicts_on

SEAT = "delivery_lead"
_WORDS = {Stance.ABSTAIN: "held", Stance.HOLD: "held", Stance.VETO: "vetoed", Stance.BROKEN: "broken"}


def learn(desk: Desk, change: Change | None, outcome: Outcome | None, began_s: float) -> Turn:
    """Record the turn, close what was refused, escalate what is stuck, render the pages."""
    entries = desk.ledger.entries()
    turn = _came_to(desk, entries, change, outcome, began_s)
    if change is not None and turn.decision == "vetoed":
        close(desk, change)
    desk.ledger.append(lesson(turn, words.lesson(turn)), SEAT)
    catch_up(desk)
    return turn


def close(desk: Desk, change: Change) -> None:
    """Close a vetoed change: once for each head."""
    desk.forge.close(change.number, SEAT, "vetoed", f"closed:{change.number}:{change.head}")


def catch_up(desk: Desk) -> None:
    """What follows from the ledger alone, and a killed run may have left undone: escalations and pages."""
    escalate(desk)
    render(desk)


def review(desk: Desk, change: Change) -> Verdict:
    """Hold a change whose hypothesis was handed to a human: it is theirs, and no test is paid for it."""
    entries = desk.ledger.entries()
    hypothesis = hypothesis_of_change(entries, change.number)
    if hypothesis is None or (hypothesis.key, hypothesis.metric) not in escalated(entries):
        return from_findings(SEAT, change, (), "the ledger's escalations")
    said = f"{hypothesis.key!r} was refused too often and handed to a human, who decides"
    return held(SEAT, change, (Finding("deadlock", Severity.WARNING, said),), "the ledger's escalations")


def escalate(desk: Desk) -> tuple[str, ...]:
    """Hand every hypothesis that was refused too often to a human, once; answers what was handed over."""
    entries = desk.ledger.entries()
    seats = constitution_at(desk, desk.forge.main()).seats
    stuck = deadlocked(entries, seats.escalate_after)
    for hypothesis, refused in stuck:
        entry = desk.ledger.append(escalation(hypothesis, refused), SEAT)
        desk.tell(f"  {entry.subject}: a human decides")
    return tuple(hypothesis.key for hypothesis, _ in stuck)


def render(desk: Desk) -> None:
    """task.md and walkthrough.md, as the ledger stands."""
    entries = desk.ledger.entries()
    desk.ledger.render(
        {"task.md": words.task_page(entries), "walkthrough.md": words.walkthrough_page(entries)}, SEAT
    )


def _came_to(
    desk: Desk, entries: Sequence[Entry], change: Change | None, outcome: Outcome | None, began_s: float
) -> Turn:
    number = turns_taken(entries) + 1
    seconds = monotonic() - began_s
    if change is None:
        return Turn(number, None, "", "none", None, None, "", {}, seconds)
    hypothesis = hypothesis_of_change(entries, change.number)
    measured, digest = _evidence(entries, change)
    return Turn(
        turn=number,
        pr=change.number,
        hypothesis="" if hypothesis is None else hypothesis.key,
        decision=_decision(desk, entries, change, outcome),
        predicted=None if hypothesis is None else hypothesis.predicted,
        measured=measured,
        evidence=digest,
        stances=_stances(entries, change),
        seconds=seconds,
    )


def _decision(desk: Desk, entries: Sequence[Entry], change: Change, outcome: Outcome | None) -> str:
    if outcome is not None and not outcome.confirmed:
        return "rolled_back"
    if outcome is not None:
        return "would_merge" if desk.rehearsal else "merged"
    decided = last_decision(entries, change.number)
    # An approval that did not merge was overtaken by something: it waits to be judged again.
    return "broken" if decided is None else _WORDS.get(decided.stance, "held")


def _evidence(entries: Sequence[Entry], change: Change) -> tuple[float | None, str]:
    opened = test_for(entries, change)
    entry = None if opened is None else evidence_on(entries, opened.entry)
    if entry is None:
        return None, ""
    return words.mean_gain(evidence_of(entry).pairs), evidence_digest(entry)


def _stances(entries: Sequence[Entry], change: Change) -> Mapping[str, Stance]:
    here = (
        one
        for one in verdicts_on(entries, change.number)
        if (one.head, one.base) == (change.head, change.base)
    )
    return {one.seat: one.stance for one in here}
