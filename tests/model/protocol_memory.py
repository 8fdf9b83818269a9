"""What the model remembers, so that a rule which is asked the same again is not worked out again.

Sound because a rule is a function of its arguments, and because the id of an entry covers what the entry says
and everything before it: a stretch of a ledger is known by its last id and its length.  The rules themselves
are the product's, as they stand when the model begins, mutants included; `test_memory.py` explores with and
without memory and finds the same states.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from protocol_objects import HOLDER

from alphaloop.agents import steps
from alphaloop.facts.entry import Entry
from alphaloop.facts.episode import Pair
from alphaloop.facts.evidence import Scales
from alphaloop.facts.role import Seats
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk
from alphaloop.rules import betting, bound, canaries, gate, lawful, life, next_step
from alphaloop.rules.entries import (
    changes,
    claims,
    decisions,
    evidence,
    keys,
    marks,
    opened,
    releases,
    verdicts,
)  # fmt: skip
from alphaloop.rules.next_step import Sight

Rule = Callable[..., Any]
Swap = tuple[Any, str, Any]
MOST_KNOWN = 100_000
"""Answers of one rule: then they are forgotten, and worked out again when they are asked for."""


def remembered() -> Iterator[Swap]:
    """The swaps that put a remembering rule in the place of each rule that is costly."""
    for (module, name), key in _RULES.items():
        rule = getattr(module, name)
        yield from _everywhere(rule, name, _remembering(rule, key))
    for module, name in _READERS:
        rule = getattr(module, name)
        yield from _everywhere(rule, name, _reading(rule))


def everywhere(original: Rule, other: Rule) -> Iterator[Swap]:
    """The swaps that put `other` in the place of a function, whoever imported it."""
    return _everywhere(original, original.__name__, other)


def _everywhere(original: Rule, name: str, other: Rule) -> Iterator[Swap]:
    for module in [module for title, module in sys.modules.items() if title.startswith("alphaloop.")]:
        if getattr(module, name, None) is original:
            yield module, name, other


def _remembering(rule: Rule, key: Callable[..., Any]) -> Rule:
    """The rule, worked out once for each `key` of its arguments; a key of None is not remembered."""
    known: dict[Any, Any] = {}

    @wraps(rule)
    def quick(*args: Any) -> Any:
        asked = key(*args)
        if asked in known:
            return known[asked]
        found = rule(*args)
        answer = tuple(found) if isinstance(found, Iterator) else found
        if asked is not None:
            _bounded(known)[asked] = answer
        return answer

    return quick


def _bounded(known: dict[Any, Any]) -> dict[Any, Any]:
    if len(known) >= MOST_KNOWN:
        known.clear()
    return known


def _reading(reader: Rule) -> Rule:
    """What an entry carries, read once."""
    known: dict[str, Any] = {}

    @wraps(reader)
    def quick(entry: Entry) -> Any:
        if entry.commit not in known:
            _bounded(known)[entry.commit] = reader(entry)
        return known[entry.commit]

    return quick


# By what an argument is known.


def _ledger_and(entries: Sequence[Entry], *rest: Any) -> tuple[Any, ...] | None:
    """A stretch of a ledger without gaps, by its end and its length, and what else is asked by its value."""
    if type(entries) is not tuple or not entries:
        return None
    last, length = entries[-1], len(entries)
    if last.number - entries[0].number != length - 1:
        return None
    return (last.commit, length, *[_named(one) for one in rest])


def _named(value: Any) -> Any:
    # A model has one set of seats, and its hash is long to work out.
    if type(value) is Entry:
        return value.commit
    return id(value) if type(value) is Seats else value


def _ledger_alone(entries: Sequence[Entry], *_: Any) -> tuple[Any, ...] | None:
    """For a rule that also asks for the seats of a commit: a model has one set of them."""
    return _ledger_and(entries)


def _of_sight(sight: Sight) -> tuple[Any, ...] | None:
    return _ledger_and(sight.entries, sight.changes, sight.main, sight.today)


def _of_desk(desk: Desk) -> tuple[Any, ...]:
    store: Any = desk.forge
    return (*store.refs.key, *store.authors.items())


def _of_verdict(entries: Sequence[Entry], said: Verdict) -> tuple[Any, ...] | None:
    grounds = said.grounds
    if grounds is None:
        return None
    bound_to = (grounds.genesis, grounds.head_tree, grounds.test, grounds.opened, *grounds.bound.items())
    answer = (said.seat, said.change, said.head, said.base, said.stance, said.findings, said.evidence)
    return _ledger_and(entries, answer, said.rests_on, bound_to)


def _of_judgement(pairs: tuple[Pair, ...], scales: Scales, level: float) -> tuple[Any, ...]:
    # All pairs of this model are alike, and no scale differs but by what stands beside it.
    return len(pairs), level, scales.earlier


def _of_pairs(entry: Entry) -> int:
    return len(entry.body["pairs"]["rows"])


_READERS = (
    (verdicts, "verdict_of"), (evidence, "evidence_of"), (evidence, "evidence_digest"),
    (decisions, "decision_of"), (decisions, "decided_change"), (opened, "test_of"), (changes, "change_of"),
    (changes, "hypothesis_of"), (releases, "release_of"),
)  # fmt: skip
_RULES: dict[tuple[Any, str], Callable[..., Any]] = {
    (evidence, "pairs_of"): _of_pairs,
    (evidence, "_row"): lambda pair: pair.seed,
    (claims, "claim_of"): lambda entry: (entry.commit, entry.body[HOLDER]),
    (betting, "judge"): _of_judgement,
    (verdicts, "verdict"): _of_verdict,
    (verdicts, "verdict_entries"): _ledger_and,
    (verdicts, "verdict_entries_in_force"): _ledger_and,
    (keys, "in_force"): _ledger_and,
    (decisions, "decision"): _ledger_and,
    (bound, "counted"): _ledger_and,
    (gate, "decided"): _ledger_and,
    (canaries, "recalled"): _ledger_and,
    (lawful, "unlawful"): _ledger_alone,
    (life, "release_entry"): _ledger_and,
    (marks, "is_closed"): _ledger_and,
    (next_step, "unlocked"): _of_sight,
    (steps, "sight"): _of_desk,
}
