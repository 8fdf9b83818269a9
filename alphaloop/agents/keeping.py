"""Keeping what was played: for people and for later, and never a part of a judgement."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alphaloop.errors import AlphaLoopError
from alphaloop.facts.evidence import CONDITIONAL_ON
from alphaloop.market.journal import Journal
from alphaloop.market.store.journals import Run, keep_journals
from alphaloop.market.store.reader import sources
from alphaloop.market.store.source import Source
from alphaloop.market.store.writer import forget
from alphaloop.ports import Desk

SIMULATED = "simulated"
"""The venue of every order and fill that no exchange has seen, on recorded tapes too."""
HEAD, BASE = "head", "base"
MOST_CONTESTS = 10
"""Of each kind, the newest; one is about 10 MB on the disk, and none is larger than its room in memory."""


def kept(desk: Desk, journals: Sequence[Journal], run: Run) -> None:
    """Put the journals of `run` into the store; a rehearsal leaves nothing behind.

    Whatever the store refuses is told and changes nothing else: what was played is judged the same.
    """
    if desk.rehearsal:
        return
    try:
        keep_journals(desk.store, journals, SIMULATED, run)
    except AlphaLoopError as refused:
        desk.tell(f"these journals are not kept: {refused}")


def kept_sides(desk: Desk, head: Sequence[Journal], base: Sequence[Journal], run: Run) -> None:
    """Put both sides of a contest into the store, and drop the oldest contests of its kind beyond ten.

    run: with `by`, the kind, and `entry`, the number of the ledger entry that it belongs to.
    """
    for side, journals in ((HEAD, head), (BASE, base)):
        if journals:
            kept(desk, journals, {**run, "side": side})
    if not desk.rehearsal:
        _drop_oldest(desk, run["by"])


def conditional_on(tape: str) -> dict[str, str | int | float | None]:
    """What a run says of the recorded tape, NAME@digest, that its world is made of; nothing without one."""
    return {CONDITIONAL_ON: tape} if tape else {}


def run_of(source: Source) -> Mapping[str, Any]:
    """Where kept journals come from; what another program wrote may lack any name."""
    run = source.facts.get("run")
    return run if isinstance(run, dict) else {}


def contests(store: Path, by: object) -> list[Source]:
    """The kept sides of contests of one kind, the oldest first."""
    found = [source for source in sources(store, "journals") if run_of(source).get("by") == by]
    return sorted((source for source in found if _entry(source) >= 0), key=_entry)


def other_side(store: Path, of: Source) -> Source | None:
    """The side that `of` was played against, if `of` is one and the other is kept too."""
    run = run_of(of)
    if "side" not in run:
        return None
    pairs = [source for source in contests(store, run.get("by")) if _entry(source) == _entry(of)]
    return next((source for source in pairs if run_of(source).get("side") != run["side"]), None)


def _drop_oldest(desk: Desk, by: object) -> None:
    try:
        found = contests(desk.store, by)
        newest = sorted({_entry(source) for source in found})[-MOST_CONTESTS:]
        for source in found:
            if _entry(source) not in newest:
                forget(desk.store, source.key)
    except (AlphaLoopError, OSError) as refused:
        desk.tell(f"old journals are not dropped: {refused}")


def _entry(source: Source) -> int:
    """The number of the ledger entry that a contest belongs to; −1 for what belongs to none."""
    entry = run_of(source).get("entry")
    return entry if type(entry) is int else -1
