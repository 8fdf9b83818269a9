"""Pairs with all that happened in them, so that what was compared can be kept."""

from collections.abc import Iterator, Sequence
from functools import partial

from alphaloop.errors import StrategyFault
from alphaloop.facts.episode import Pair, Score
from alphaloop.market.journal import Journal
from alphaloop.market.tape import Tape
from alphaloop.simulation.fan_out import fanned_out
from alphaloop.simulation.side import never_made, play_source, scored
from alphaloop.simulation.venue import Venue, tape_of

Journals = tuple[Journal, Journal]
"""The candidate's and the base's."""


def play_witnessed(
    candidate: bytes, base: bytes, seeds: Sequence[int], venue: Venue, cores: int
) -> Iterator[tuple[Pair, Journals | None]]:
    """As `play_pairs`, each pair with its journals; None where one of the two could not even be made."""
    return fanned_out(partial(_witnessed, candidate, base, venue), seeds, cores)


def _witnessed(candidate: bytes, base: bytes, venue: Venue, seed: int) -> tuple[Pair, Journals | None]:
    tape = tape_of(venue, seed)
    (ours, mine), (theirs, its) = (_played(source, tape, venue) for source in (candidate, base))
    return Pair(seed, ours, theirs), None if mine is None or its is None else (mine, its)


def _played(source: bytes, tape: Tape, venue: Venue) -> tuple[Score, Journal | None]:
    try:
        journal = play_source(source, tape, venue)
    except StrategyFault as fault:
        return never_made(fault), None
    return scored(journal), journal
