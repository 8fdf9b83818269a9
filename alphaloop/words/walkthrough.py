"""walkthrough.md: what happened and why, turn by turn, rendered from the ledger."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Opened
from alphaloop.facts.turn import Turn
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import decided_change, last_decision
from alphaloop.rules.entries.evidence import evidence_of, evidence_on
from alphaloop.rules.entries.lessons import lesson_words, turn_of
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.overrides import overrides_on
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.life import release_entry, state
from alphaloop.words.answers import override_line
from alphaloop.words.deadlocks import handed_over
from alphaloop.words.picture import evidence_path
from alphaloop.words.reviews import STANCES, conditional, judgement_line, mean_gain
from alphaloop.words.scaling import scaling_story
from alphaloop.words.spelling import number, odds, quoted, seconds


def walkthrough_page(entries: Sequence[Entry]) -> str:
    """Every turn, newest first: the idea, its test, what every seat said, the decision and the outcome."""
    lessons = [entry for entry in entries if entry.kind is Kind.LESSON]
    lines = [
        "# Walkthrough",
        "",
        "Rendered from the ledger by the Delivery Lead. Gains are in quote currency an",
    ]
    lines += ["episode, candidate less main, on the same markets.", ""]
    if not lessons:
        lines += ["No turn has been finished yet.", ""]
    else:
        lines += [*_summary([turn_of(entry) for entry in lessons]), ""]
    lines += handed_over(entries)
    for entry in reversed(lessons):
        lines += [*_turn(entries, entry), ""]
    for change in _scalings(entries, {turn_of(entry).pr for entry in lessons}):
        lines += [f"## Scaling, change #{change.number}: {state(entries, change)}", ""]
        lines += _change(entries, change.number)
    return "\n".join(lines).rstrip() + "\n"


def _summary(turns: Sequence[Turn]) -> Iterator[str]:
    yield "| turn | change | hypothesis | decision | predicted | measured | time |"
    yield "|---|---|---|---|---|---|---|"
    for turn in turns:
        cells = (
            str(turn.turn),
            "–" if turn.pr is None else f"#{turn.pr}",
            quoted(turn.hypothesis) or "–",
            turn.decision.replace("_", " "),
            _gain(turn.predicted),
            _gain(turn.measured),
            seconds(turn.seconds),
        )
        yield f"| {' | '.join(cells)} |"


def _turn(entries: Sequence[Entry], entry: Entry) -> Iterator[str]:
    turn = turn_of(entry)
    where = "" if turn.pr is None else f", change #{turn.pr}"
    yield f"## Turn {turn.turn}{where}: {turn.decision.replace('_', ' ')}"
    yield ""
    if turn.pr is not None:
        yield from _change(entries, turn.pr)
    words = lesson_words(entry)
    if words:
        yield f"**Learned.** {quoted(words)}"


def _scalings(entries: Sequence[Entry], told: Collection[int | None]) -> Iterator[Change]:
    """Every scaling that the gate has decided on and no turn tells of, newest first: people's own acts."""
    for change in reversed(_decided(entries).values()):
        if change.scaling is not None and change.number not in told:
            yield change


def _decided(entries: Iterable[Entry]) -> dict[int, Change]:
    """Every change that the gate has decided on, as it read it last."""
    made = (decided_change(entry) for entry in entries if entry.kind is Kind.DECISION)
    return {change.number: change for change in made}


def _change(entries: Sequence[Entry], change: int) -> Iterator[str]:
    here = _decided(entries).get(change)
    if here is not None and here.scaling is not None:
        yield scaling_story(here, here.scaling)
        yield ""
    hypothesis = hypothesis_of_change(entries, change)
    if hypothesis is not None:
        yield f"**Idea.** {quoted(hypothesis.claim)} Predicted: {number(hypothesis.predicted)}, after"
        yield f"{hypothesis.trials} candidates."
        yield ""
    yield from _said(entries, change)
    yield from _overrides(entries, change)
    for test in tests(entries):
        if test.change == change:
            yield from _test(entries, test)
    decision = last_decision(entries, change)
    if decision is not None:
        yield f"**Decision: {decision.word}**, because"
        yield ""
        yield from (f"- {quoted(reason)}" for reason in decision.reasons)
        yield ""
    released = release_entry(entries, change)
    run = None if released is None else evidence_on(entries, released.commit)
    if run is not None:
        beside = evidence_of(run)
        said = conditional(beside.conditional_on) + judgement_line(beside.judgement)
        yield f"**Beside its shadow.** {quoted(said)}"
        yield ""


def _said(entries: Sequence[Entry], change: int) -> Iterator[str]:
    newest = {verdict.seat: verdict for verdict in verdicts_on(entries, change)}
    if newest:
        yield "| seat | says | rests on |"
        yield "|---|---|---|"
        for seat, verdict in newest.items():
            yield f"| {quoted(seat)} | {STANCES[verdict.stance]} | {quoted(verdict.rests_on)} |"
        yield ""


def _overrides(entries: Sequence[Entry], change: int) -> Iterator[str]:
    given = overrides_on(entries, change)
    if given:
        yield from (f"- {override_line(one, '')}" for one in given)
        yield ""


def _test(entries: Sequence[Entry], test: Opened) -> Iterator[str]:
    needed = odds(1 / test.level)
    yield f"**Test {test.number}** paid a level of {test.level:.3g}, so it needed evidence of {needed}."
    entry = evidence_on(entries, test.entry)
    if entry is None:
        yield "It was opened and has not ended; it is paid for all the same."
    else:
        found = evidence_of(entry)
        said = conditional(found.conditional_on) + judgement_line(found.judgement)
        yield f"{quoted(said)}. Mean gain {number(mean_gain(found.pairs))}."
        path = evidence_path(found, test.level)
        if path:
            yield f"Evidence, pair by pair, from even odds (▁) to enough (█): {path}"
    yield ""


def _gain(value: float | None) -> str:
    return "–" if value is None else number(value)
