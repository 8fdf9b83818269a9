"""What a turn came to, and what was handed to a human."""

from collections.abc import Iterable, Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.turn import Turn
from alphaloop.rules.entries.fields import Fields, body_of
from alphaloop.rules.entries.verdicts import stance_named


def lesson(turn: Turn, words: str) -> Draft:
    """One turn, and what was learned in it; a turn is recorded once."""
    body = {
        "turn": turn.turn,
        "change": turn.pr,
        "hypothesis": turn.hypothesis,
        "decision": turn.decision,
        "predicted": turn.predicted,
        "measured": turn.measured,
        "evidence": turn.evidence,
        "stances": {seat: stance.name.lower() for seat, stance in turn.stances.items()},
        "seconds": turn.seconds,
        "words": words,
    }
    return Draft(Kind.LESSON, f"turn:{turn.turn}", f"turn {turn.turn}: {turn.decision}", body)


def turn_of(entry: Entry) -> Turn:
    """The turn that `entry` records."""
    fields = body_of(entry, Kind.LESSON)
    stances = fields.inner("stances")
    number = None if fields.values.get("change") is None else fields.whole("change")
    try:
        return Turn(
            turn=fields.whole("turn"),
            pr=number,
            hypothesis=fields.text("hypothesis"),
            decision=fields.text("decision"),
            predicted=fields.maybe("predicted"),
            measured=fields.maybe("measured"),
            evidence=fields.text("evidence"),
            stances={seat: stance_named(stances, seat) for seat in stances.values},
            seconds=fields.number("seconds"),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def lesson_words(entry: Entry) -> str:
    """What was learned, in words."""
    return body_of(entry, Kind.LESSON).text("words")


def turns_taken(entries: Iterable[Entry]) -> int:
    """The number of the last finished turn, 0 before the first."""
    return max((turn_of(entry).turn for entry in entries if entry.kind is Kind.LESSON), default=0)


def refused_since_merge(entries: Iterable[Entry]) -> frozenset[str]:
    """Hypothesis keys refused since the strategy last changed for good.

    What did not help yesterday's strategy may help today's; a rollback brings yesterday's back, so it opens
    nothing.
    """
    refused: set[str] = set()
    for turn in (turn_of(entry) for entry in entries if entry.kind is Kind.LESSON):
        if turn.decision in ("merged", "would_merge"):
            refused.clear()
        elif turn.decision in ("held", "vetoed", "rolled_back"):
            refused.add(turn.hypothesis)
    return frozenset(refused)


def escalation(hypothesis: Hypothesis, refused: Sequence[int]) -> Draft:
    """Hand a hypothesis that was refused in these changes to a human: once, for ever."""
    body = {"hypothesis": hypothesis.key, "metric": hypothesis.metric, "refused": list(refused)}
    subject = f"escalated: {hypothesis.key!r} was refused {len(refused)} times"
    return Draft(Kind.ESCALATION, f"escalation:{hypothesis.key}:{hypothesis.metric}", subject, body)


def escalated(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """Every (hypothesis key, metric) that was handed to a human."""
    bodies = (body_of(entry, Kind.ESCALATION) for entry in entries if entry.kind is Kind.ESCALATION)
    return frozenset((fields.text("hypothesis"), fields.text("metric")) for fields in bodies)


def refused_changes(entry: Entry) -> tuple[int, ...]:
    """The changes that an escalation names."""
    fields = body_of(entry, Kind.ESCALATION)
    rows = [Fields({"number": number}, fields.where) for number in fields.list("refused")]
    return tuple(row.whole("number") for row in rows)
