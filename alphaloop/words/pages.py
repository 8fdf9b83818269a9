"""task.md: what is left to do, and for whom, rendered from the ledger."""

from collections.abc import Iterator, Mapping, Sequence

from alphaloop.facts.change import State
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules.budget import next_level, promotions
from alphaloop.rules.entries.changes import change_of, hypothesis_of_change
from alphaloop.rules.entries.decisions import decided_change, last_decision
from alphaloop.rules.entries.ideas import suggestion_of, tried_in
from alphaloop.rules.entries.lessons import refused_changes, turn_of
from alphaloop.rules.entries.measured import trials_so_far
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.releases import canary, confirmed_commit, release_of
from alphaloop.rules.life import ENDED, state
from alphaloop.rules.stopped import why_stopped
from alphaloop.words.answers import stopped_answer
from alphaloop.words.spelling import quoted

_OPEN = frozenset(State) - ENDED - {State.CANARY}


def task_page(entries: Sequence[Entry]) -> str:
    """The backlog: what waits for a human, what is open, what was refused, and what is left of the budget."""
    changes = states(entries)
    lines = [
        "# Tasks",
        "",
        "Rendered from the ledger by the Delivery Lead; a hand-made edit is written over.",
        "",
    ]
    lines += _section("Waits for a human", _for_humans(entries))
    lines += _section("Open", _open(entries, changes))
    lines += _section("Ideas", _ideas(entries, changes))
    lines += _section("Running", _running(entries))
    lines += _section("Tried and refused", _refused(entries))
    lines += _section("The error budget", _budget(entries))
    return "\n".join(lines).rstrip() + "\n"


def states(entries: Sequence[Entry]) -> Mapping[int, State]:
    """Where every change stands, by its number, at the newest head that the ledger knows."""
    newest = {}
    for entry in entries:
        if entry.kind is Kind.CHANGE:
            change = change_of(entry)
            newest[change.number] = change
        elif entry.kind is Kind.DECISION:
            change = decided_change(entry)
            newest[change.number] = change
    return {number: state(entries, change) for number, change in sorted(newest.items())}


def _section(title: str, rows: Iterator[str]) -> list[str]:
    listed = list(rows) or ["nothing"]
    return [f"## {title}", "", *(f"- {row}" for row in listed), ""]


def _for_humans(entries: Sequence[Entry]) -> Iterator[str]:
    why = why_stopped(entries)
    if why:
        yield stopped_answer(why).rstrip()
    for entry in entries:
        if entry.kind is Kind.ESCALATION:
            refused = ", ".join(f"#{number}" for number in refused_changes(entry))
            yield f"{quoted(entry.subject)}: {refused}. Both sides are in walkthrough.md; you decide."


def _open(entries: Sequence[Entry], changes: Mapping[int, State]) -> Iterator[str]:
    for number, where in changes.items():
        if where in _OPEN:
            yield f"#{number} {_named(entries, number)}is {where}{_because(last_decision(entries, number))}"


def _ideas(entries: Sequence[Entry], changes: Mapping[int, State]) -> Iterator[str]:
    tried = tried_in(entries)
    for entry in entries:
        if entry.kind is Kind.IDEA:
            idea, number = suggestion_of(entry), tried.get(entry.number)
            became = "open" if number is None else fate(number, changes[number])
            yield f"{quoted(idea.words)} ({quoted(idea.by)}, on #{idea.change}): {became}"


def fate(number: int, where: State) -> str:
    """What became of an idea: tried, and what the desk found out."""
    if where is State.CONFIRMED:
        return f"tried in #{number}: confirmed"
    if where in (State.VETOED, State.ROLLED_BACK, State.CLOSED):
        return f"tried in #{number}: refuted, it is {where}"
    return f"tried in #{number}, which is {where}"


def _running(entries: Sequence[Entry]) -> Iterator[str]:
    running = canary(entries)
    if running is not None:
        release = release_of(running)
        yield f"#{release.change} runs as a canary at `{release.commit[:12]}`, beside `{release.shadow[:12]}`"
    yield f"last confirmed release: `{confirmed_commit(entries)[:12]}`"


def _refused(entries: Sequence[Entry]) -> Iterator[str]:
    counts: dict[str, list[str]] = {}
    for turn in (turn_of(entry) for entry in entries if entry.kind is Kind.LESSON):
        if turn.decision in ("held", "vetoed", "rolled_back"):
            where = "" if turn.pr is None else f"#{turn.pr} "
            counts.setdefault(turn.hypothesis, []).append(f"{where}{turn.decision.replace('_', ' ')}")
    for hypothesis, refusals in sorted(counts.items()):
        yield f"{quoted(hypothesis)}: {', '.join(refusals)}"


def _budget(entries: Sequence[Entry]) -> Iterator[str]:
    opened, level = tests(entries), next_level(entries)
    yield f"{len(opened)} tests opened, {promotions(entries)} of them promoted something"
    yield f"{trials_so_far(entries)} candidates scored in searches"
    yield f"the next test would pay {level:.3g}" if level else "the budget is spent: there is no next test"


def _named(entries: Sequence[Entry], number: int) -> str:
    hypothesis = hypothesis_of_change(entries, number)
    return "" if hypothesis is None else f"({quoted(hypothesis.key)}) "


def _because(decision: Decision | None) -> str:
    return f": {quoted(decision.reasons[0])}" if decision is not None and decision.reasons else ""
