"""The one episode that `alphaloop simulate` plays."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.agents.keeping import kept
from alphaloop.doors.pictures.shown import Shown
from alphaloop.doors.reviewing import MAX_BYTES
from alphaloop.errors import BadTape, Misuse
from alphaloop.facts.market import WorldSpec
from alphaloop.facts.metric import Record
from alphaloop.market.ingest import ingest, load, slices
from alphaloop.market.metrics.record import record
from alphaloop.market.scenarios import SCENARIOS, Scenario
from alphaloop.market.tape import Tape
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

_PARAM = re.compile(r"([a-z_]+)=([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants to be played: None and "" mean main's own.

    params: NAME=VALUE for parameters of the scenario.  Impossible wishes are refused at birth, as Misuse.
    """

    strategy: Path | None
    tape: Path | None
    world: str | None
    scenario: str
    params: tuple[str, ...]
    seed: int

    def __post_init__(self) -> None:
        if self.tape is not None and self.world is not None:
            raise Misuse("--tape and --world are two markets: name one")
        if self.params and not self.scenario:
            raise Misuse(
                "--param belongs to a --scenario: name one; `alphaloop simulate --scenarios` lists them"
            )
        if self.scenario in SCENARIOS:
            SCENARIOS[self.scenario].values(self.changes)

    @property
    def changes(self) -> Mapping[str, float]:
        """The parameters by name; raises Misuse for what is none, and for one that is named twice."""
        changes: dict[str, float] = {}
        for text in self.params:
            said = _PARAM.fullmatch(text)
            if said is None:
                raise Misuse(f"--param {text!r} is not NAME=VALUE with a decimal number, such as size=-0.02")
            if said[1] in changes:
                raise Misuse(f"--param names {said[1]} twice; name it once")
            changes[said[1]] = float(said[2])
        return changes


def played(desk: Desk, asked: Asked) -> tuple[Shown, Record]:
    """The episode under main's constitution, and every metric of it."""
    main = desk.forge.main()
    venue = venue_at(desk, main)
    if asked.world is not None and asked.world != venue.market.world.name:
        venue = replace(venue, market=replace(venue.market, world=WorldSpec(asked.world)))
    # A venue refuses the name of a scenario that it does not know.
    replace(venue, scenario=asked.scenario)
    source = strategy_at(desk, main) if asked.strategy is None else _read(asked.strategy)
    (seed,) = seeds.search(desk.seed, "simulate", 1)
    desk.tell("playing one episode")
    calm = tape_of(venue, seed) if asked.tape is None else _recorded(asked.tape, venue)
    scenario = SCENARIOS[asked.scenario] if asked.scenario else None
    tape = calm if scenario is None else _stressed(desk, scenario, calm, asked.changes)
    journal = play_source(source, tape, venue, desk.sandbox)
    struck_ns = None if scenario is None or tape is calm else scenario.struck(calm, asked.changes)
    title = f"{', '.join((asked.scenario or 'calm', *asked.params))}: {tape.name}"
    played_by = hashlib.sha256(source).hexdigest()
    kept(desk, (journal,), {"by": "simulate", "of": title, "seed": seed, "strategy": f"sha256:{played_by}"})
    return Shown(title, journal, tape, struck_ns), record((journal,), (), 0)


def _read(strategy: Path) -> bytes:
    try:
        with strategy.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as wrong:
        raise Misuse(f"{strategy} cannot be read: {wrong.strerror}; name a strategy file") from wrong


def _stressed(desk: Desk, scenario: Scenario, calm: Tape, changes: Mapping[str, float]) -> Tape:
    tape = scenario.apply(calm, changes)
    if tape is calm:
        desk.tell(f"{scenario.name} means nothing where fills come by chance: the tape is played as it is")
    return tape


def _recorded(path: Path, venue: Venue) -> Tape:
    tape = load(path, venue.market.instrument) if path.suffix == ".npz" else ingest(path)[0]
    # A game's fills are drawn for all of it, so it is one episode.
    episodes = [tape] if tape.lottery is not None else slices(tape, venue.market.episode_s)
    if not episodes:
        raise BadTape(
            f"{path} holds no whole episode of {venue.market.episode_s:g} s without a gap; record longer"
        )
    return episodes[0]
