"""Conversations of two clones, joined: one order for every reader, and every event exactly once.

A join is a commit with two parents that says nothing itself.  What stands behind its first parent comes
first, then what only stands behind its second; what the same author said under the same key on both sides is
one event, said twice.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from alphaloop.errors import Untrusted
from alphaloop.forge import ahead
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository

JOINED = "joined"


class Line(NamedTuple):
    """Commits in reading order, oldest first.

    goes_on: whether they follow the known end, instead of being everything; seconds: for each join, where in
    `commits` its first side begins to be followed by what only its second side has, and where that ends.
    """

    commits: tuple[Commit, ...]
    goes_on: bool
    seconds: tuple[tuple[int, int], ...] = ()


def line(git: Repository, tip: str, known: str) -> Line:
    """What leads to `tip`: after `known` where no join lies between, else everything from the beginning."""
    found: list[Commit] = []
    current = tip
    while current and current != known:
        if len(found) == 1:
            ahead.commits(git, current, known)
        commit = git.commit(current)
        if len(commit.parents) > 1:
            return _joined(git, tip)
        found.append(commit)
        current = commit.parents[0] if commit.parents else ""
    return Line(tuple(found[::-1]), goes_on=bool(current))


def place(commit: Commit, verb: object, places: Mapping[str, int], where: str) -> int:
    """The place that an event must have: one after the later of those before it; Untrusted for a splice."""
    before = [places[parent] for parent in commit.parents]
    if (len(before) == 2) != (verb == JOINED) or (not before and places):
        raise Untrusted(f"{where} does not follow the one before it: somebody spliced the conversation")
    return 1 + max(before, default=-1)


def repeated(found: Line, said: Sequence[Hashable]) -> frozenset[int]:
    """Which places of a line say again what the first side of a join said; said: what each event of it says.

    Who says it is a part of that: else one author could hide another's words behind a key of theirs.
    """
    again: set[int] = set()
    for start, end in found.seconds:
        first = {said[place] for place in range(start)}
        again |= {place for place in range(start, end) if said[place] in first}
    return frozenset(again)


def _joined(git: Repository, tip: str) -> Line:
    """Parents before children, first sides before second ones, each commit once."""
    order: list[Commit] = []
    seconds: list[tuple[int, int]] = []
    begun: dict[str, int] = {}
    seen: set[str] = set()
    waiting: list[tuple[str, str]] = [("visit", tip)]
    while waiting:
        step, identity = waiting.pop()
        if step == "second":
            begun[identity] = len(order)
        elif step == "leave":
            seconds += [(begun[identity], len(order))] if identity in begun else []
            order.append(git.commit(identity))
        elif identity not in seen:
            seen.add(identity)
            waiting += _steps(git.commit(identity))
    return Line(tuple(order), goes_on=False, seconds=tuple(seconds))


def _steps(commit: Commit) -> list[tuple[str, str]]:
    if len(commit.parents) > 2 or len(set(commit.parents)) != len(commit.parents):
        raise Untrusted(f"event {commit.id} joins {len(commit.parents)} conversations: a join has two sides")
    steps = [("leave", commit.id)]
    if len(commit.parents) == 2:
        steps += [("visit", commit.parents[1]), ("second", commit.id)]
    return steps + [("visit", parent) for parent in commit.parents[:1]]
