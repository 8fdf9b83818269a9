"""Candidate against base: both on the same tape, pair after pair, in the order of the seeds."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from alphaloop.facts.episode import Pair, Score
from alphaloop.market.journal import Journal
from alphaloop.simulation.fan_out import fanned_out
from alphaloop.simulation.side import play_source, score_source
from alphaloop.simulation.venue import Venue, tape_of


def play_pair(candidate: bytes, base: bytes, seed: int, venue: Venue) -> Pair:
    """Both strategies on the tape of `seed`, each in a fresh worker; raises Broken when we fail."""
    tape = tape_of(venue, seed)
    return Pair(seed, score_source(candidate, tape, venue), score_source(base, tape, venue))


def play_pairs(
    candidate: bytes, base: bytes, seeds: Sequence[int], venue: Venue, cores: int
) -> Iterator[Pair]:
    """The pairs of `seeds`, in their order, on up to `cores` processes; lazy."""
    return fanned_out(partial(_pair, candidate, base, venue), seeds, cores)


def play_scores(source: bytes, seeds: Sequence[int], venue: Venue, cores: int) -> Iterator[Score]:
    """One strategy's scores on the tapes of `seeds`, in order; lazy."""
    return fanned_out(partial(_score, source, venue), seeds, cores)


@lru_cache(maxsize=2)
def play_alone(source: bytes, seeds: tuple[int, ...], venue: Venue, cores: int) -> tuple[Journal, ...]:
    """One strategy's journals on the tapes of `seeds`, in order; raises StrategyFault if none can be made.

    Kept for the last two calls: a change that was merged is measured once more, as main.
    """
    return tuple(fanned_out(partial(_journal, source, venue), seeds, cores))


def _pair(candidate: bytes, base: bytes, venue: Venue, seed: int) -> Pair:
    return play_pair(candidate, base, seed, venue)


def _score(source: bytes, venue: Venue, seed: int) -> Score:
    return score_source(source, tape_of(venue, seed), venue)


def _journal(source: bytes, venue: Venue, seed: int) -> Journal:
    return play_source(source, tape_of(venue, seed), venue)
