"""Why a change stands where it stands, gathered from the ledger; nothing is judged anew here."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from alphaloop.facts.change import Change, State
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.episode import Pair
from alphaloop.facts.explanation import Explanation, Played, Said, Way
from alphaloop.facts.verdict import Verdict
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.evidence import evidence_of, evidence_on
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.lessons import refused_changes
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.releases import landed_at, rolled_back
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.life import release_entry, state
from alphaloop.rules.stopped import why_stopped

WAYS: Mapping[State, Way] = {
    State.DRAFT: Way.READY,
    State.PROPOSED: Way.RUN,
    State.IN_REVIEW: Way.RUN,
    State.APPROVED: Way.RUN,
    State.HELD: Way.ANSWER,
    State.VETOED: Way.MEND,
    State.BROKEN: Way.REPAIR,
    State.STALE: Way.RUN,
    State.MERGED: Way.NOTHING,
    State.CANARY: Way.WAIT,
    State.CONFIRMED: Way.NOTHING,
    State.ROLLED_BACK: Way.AFRESH,
    State.ESCALATED: Way.HUMAN,
    State.STOPPED: Way.RESUME,
    State.CLOSED: Way.AFRESH,
}
_OVER = (Way.NOTHING, Way.AFRESH)
# What has a place of its own in an explanation, or says nothing of one change's fate.
_TOLD = (
    Kind.CHANGE,
    Kind.VERDICT,
    Kind.TEST_OPENED,
    Kind.EVIDENCE,
    Kind.DECISION,
    Kind.RELEASE,
    Kind.OUTCOME,
    Kind.LESSON,
    Kind.RENDERING,
    Kind.CLAIM,
)


def explained(entries: Sequence[Entry], change: Change) -> Explanation:
    """Everything that the ledger holds on `change`, as it stands now."""
    where, stopped = state(entries, change), why_stopped(entries)
    decision, released = last_decision(entries, change.number), release_entry(entries, change.number)
    way = WAYS[where]
    return Explanation(
        change=change,
        state=where,
        hypothesis=hypothesis_of_change(entries, change.number),
        said=_said(change, verdicts_on(entries, change.number)),
        tests=tuple(_tests(entries, change)),
        decision=decision,
        current=_is_current(decision, change),
        landed="" if released is None else landed_at(released),
        taken_back=_taken_back(entries, released),
        beside=None if released is None else _run_of(entries, released),
        asides=tuple(_asides(entries, change.number)),
        stopped=stopped,
        ways=tuple(dict.fromkeys((Way.RESUME, way))) if stopped and way not in _OVER else (way,),
    )


def change_spoken_of(entries: Iterable[Entry], commit: str) -> int | None:
    """The number of the change that a commit is about, as the ledger tells it, or None.

    The commit may be a ledger entry, a landing on main, or any head that was opened, judged or decided.
    """
    for entry in entries:
        named = (entry.commit, *_commits_in(entry.body))
        number = _number_in(entry.body)
        if commit in named and number is not None:
            return number
    return None


def _said(change: Change, verdicts: Iterable[Verdict]) -> tuple[Said, ...]:
    newest = {verdict.seat: verdict for verdict in verdicts}
    here = (change.head, change.base)
    return tuple(Said(verdict, (verdict.head, verdict.base) == here) for verdict in newest.values())


def _is_current(decision: Decision | None, change: Change) -> bool:
    return decision is not None and (decision.head, decision.base) == (change.head, change.base)


def _tests(entries: Sequence[Entry], change: Change) -> Iterator[Played]:
    for test in tests(entries):
        if test.change == change.number:
            here = (test.head, test.base) == (change.head, change.base)
            yield _played(evidence_on(entries, test.entry), test.number, test.level, here)


def _run_of(entries: Sequence[Entry], released: Entry) -> Played | None:
    run = evidence_on(entries, released.commit)
    return None if run is None else _played(run, 0, None, True)


def _played(entry: Entry | None, test: int, level: float | None, here: bool) -> Played:
    if entry is None:
        return Played(test, level, None, "", None, "", here)
    found = evidence_of(entry)
    judgement = found.judgement
    gain = _mean_gain(found.pairs)
    return Played(test, level, judgement.pairs, str(judgement.finish), gain, judgement.words, here)


def _mean_gain(pairs: Iterable[Pair]) -> float | None:
    gains = [pair.gain for pair in pairs if pair.gain is not None]
    return math.fsum(gains) / len(gains) if gains else None


def _taken_back(entries: Sequence[Entry], released: Entry | None) -> str:
    back = None if released is None else rolled_back(entries, released)
    return "" if back is None else body_of(back, Kind.RELEASE).text("why")


def _asides(entries: Iterable[Entry], number: int) -> Iterator[str]:
    for entry in entries:
        if entry.kind is Kind.ESCALATION:
            if number in refused_changes(entry):
                yield f"{entry.subject}, by {entry.signer}"
        elif entry.kind not in _TOLD and _number_in(entry.body) == number:
            yield f"{entry.subject}, by {entry.signer}"


def _number_in(body: Mapping[str, object]) -> int | None:
    said = body.get("change")
    number = said.get("number") if isinstance(said, Mapping) else said
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _commits_in(body: Mapping[str, object]) -> Iterator[object]:
    """Every head and landed commit that a body names."""
    for name in ("change", "landing"):
        inner = body.get(name)
        if isinstance(inner, Mapping):
            yield from (inner.get("head"), inner.get("commit"))
            touched = inner.get("touched", ())
            rows = touched if isinstance(touched, list | tuple) else ()
            yield from (row[-1] for row in rows if isinstance(row, list | tuple) and row)
    yield body.get("head")
