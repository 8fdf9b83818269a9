"""One strategy's episode, from its source."""

import hashlib
from dataclasses import replace

from alphaloop.errors import StrategyFault
from alphaloop.facts.episode import Score
from alphaloop.market.journal import Journal
from alphaloop.market.metrics import score
from alphaloop.market.tape import Tape
from alphaloop.ports import Sandbox, Worker
from alphaloop.simulation.episode import play
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.rounds import joined, rounds
from alphaloop.simulation.venue import Venue

_NOTHING_HAPPENED = f"sha256:{hashlib.sha256(b'').hexdigest()}"


def play_source(
    source: bytes, tape: Tape, venue: Venue, sandbox: Sandbox | None = None, hash_seed: int = 0
) -> Journal:
    """Play the strategy of `source` over `tape` in a fresh worker, for each of its rounds another.

    sandbox: instead of this process's own of the venue's name.  Raises StrategyFault when the strategy cannot
    even be made; what goes wrong later, the journal tells.
    """
    chosen = sandbox or sandbox_named(venue.sandbox)
    journals: list[Journal] = []
    for part in rounds(tape):
        journals.append(_play_round(source, part, venue, chosen, hash_seed))
        if journals[-1].fault or journals[-1].breach:
            break
    return joined(journals)


def _play_round(source: bytes, tape: Tape, venue: Venue, sandbox: Sandbox, hash_seed: int) -> Journal:
    worker = sandbox.start(source, hash_seed)
    parting = ""
    try:
        journal = play(worker, tape, venue.market, venue.limits)
    finally:
        parting = _close(worker)
    return replace(journal, fault=parting) if parting and not journal.fault else journal


def score_source(source: bytes, tape: Tape, venue: Venue, sandbox: Sandbox | None = None) -> Score:
    """What the strategy of `source` scores on `tape`; a fault is told, and its objective missing."""
    try:
        journal = play_source(source, tape, venue, sandbox)
    except StrategyFault as fault:
        return never_made(fault)
    return scored(journal)


def scored(journal: Journal) -> Score:
    """What a played episode is worth; after a fault its objective is missing."""
    found = score(journal)
    return replace(found, objective=None, fault=journal.fault) if journal.fault else found


def never_made(fault: StrategyFault) -> Score:
    """The score of a strategy that cannot even be made."""
    return Score(None, None, None, None, None, None, "", _NOTHING_HAPPENED, str(fault))


def _close(worker: Worker) -> str:
    """End a worker; answers how it misbehaved to the last."""
    try:
        worker.close()
    except StrategyFault as fault:
        return str(fault)
    return ""
