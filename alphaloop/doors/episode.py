"""The one episode that `alphaloop simulate` plays."""

from dataclasses import replace
from pathlib import Path

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.doors.reviewing import MAX_BYTES
from alphaloop.errors import BadTape, Misuse
from alphaloop.facts.market import WorldSpec
from alphaloop.facts.metric import Record
from alphaloop.market.ingest import ingest, load, slices
from alphaloop.market.journal import Journal
from alphaloop.market.metrics.record import record
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of


def played(
    desk: Desk, strategy: Path | None, tape: Path | None, world: str | None, scenario: str
) -> tuple[Journal, Record]:
    """The journal of one episode under main's constitution, and every metric of it."""
    main = desk.forge.main()
    venue = venue_at(desk, main)
    if world is not None and world != venue.market.world.name:
        venue = replace(venue, market=replace(venue.market, world=WorldSpec(world)))
    venue = replace(venue, scenario=scenario)
    source = strategy_at(desk, main) if strategy is None else _read(strategy)
    (seed,) = seeds.search(desk.seed, "simulate", 1)
    desk.tell("playing one episode")
    market = tape_of(venue, seed) if tape is None else _recorded(tape, venue)
    journal = play_source(source, market, venue, desk.sandbox)
    return journal, record((journal,), (), 0)


def _read(strategy: Path) -> bytes:
    try:
        with strategy.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as wrong:
        raise Misuse(f"{strategy} cannot be read: {wrong.strerror}; name a strategy file") from wrong


def _recorded(path: Path, venue: Venue) -> Tape:
    tape = load(path, venue.market.instrument) if path.suffix == ".npz" else ingest(path)[0]
    # A game's fills are drawn for all of it, so it is one episode.
    episodes = [tape] if tape.lottery is not None else slices(tape, venue.market.episode_s)
    if not episodes:
        raise BadTape(
            f"{path} holds no whole episode of {venue.market.episode_s:g} s without a gap; record longer"
        )
    return SCENARIOS[venue.scenario].apply(episodes[0]) if venue.scenario else episodes[0]
