"""Keeping what was played: for people and for later, and never a part of a judgement."""

from collections.abc import Sequence

from alphaloop.errors import AlphaLoopError
from alphaloop.market.journal import Journal
from alphaloop.market.store.journals import Run, keep_journals
from alphaloop.ports import Desk

SIMULATED = "simulated"
"""The venue of every order and fill that no exchange has seen, on recorded tapes too."""


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
