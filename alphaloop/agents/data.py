"""Data: measures main's strategy, and answers for the tapes that evidence rests on."""

from dataclasses import replace

from alphaloop import words
from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at, venue_at
from alphaloop.agents.keeping import kept
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.metric import Record
from alphaloop.facts.verdict import Verdict
from alphaloop.market.metrics.overfit import tried
from alphaloop.market.metrics.record import record as measured_record
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.entries.measured import newest_scores, record, record_at, trials_so_far
from alphaloop.simulation.pairs import play_alone
from alphaloop.simulation.venue import Venue, tape_of

SEAT = "data"
EPISODES = 40
"""As many as the pilot of a tournament has."""
_SAMPLED = 3


def measure_main(desk: Desk) -> Record:
    """The four layers of main's strategy on search seeds; raises StrategyFault when it cannot be made."""
    main = desk.forge.main()
    try:
        return measured(desk, main, main)
    except StrategyFault as fault:
        raise StrategyFault(
            f"{STRATEGY} on main cannot be played: {fault}. The desk cannot improve what does not run: "
            "mend it with a signed commit, then run again"
        ) from fault


def measured(desk: Desk, commit: str, base: str) -> Record:
    """The four layers of `commit`'s strategy under the constitution of `base`: measured once, then read back.

    Every commit plays the same search seeds: two records differ by the strategy and not by the weather.
    Raises StrategyFault for a strategy that cannot be made, and for a candidate that fails in any episode.
    """
    known = record_at(desk.ledger.entries(), commit, desk.seed)
    if known is not None:
        return known
    desk.tell(f"Data measures {commit[:12]} on {EPISODES} episodes")
    numbers = seeds.search(desk.seed, "record", EPISODES)
    journals = tuple(play_alone(strategy_at(desk, commit), numbers, venue_at(desk, base), desk.cores))
    fault = next((journal.fault for journal in journals if journal.fault), "")
    if fault and commit != base:
        raise StrategyFault(f"{STRATEGY} at {commit[:12]} failed in an episode: {fault}")
    entries, grounds = desk.ledger.entries(), constitution_at(desk, base)
    made = measured_record(
        journals,
        grounds.targets,
        trials_so_far(entries),
        thresholds=grounds.thresholds,
        tried=tried(newest_scores(entries)),
    )
    made = replace(made, rests_on=words.conditional(grounds.market.world.tape) + made.rests_on)
    desk.ledger.append(record(made, commit, desk.seed), SEAT)
    if commit == base:
        kept(desk, journals, {"by": SEAT, "commit": commit, "seed": desk.seed, "episodes": EPISODES})
    return made


def review(desk: Desk, change: Change) -> Verdict:
    """Whether the tapes that the evidence will rest on can be made again, byte for byte."""
    venue = venue_at(desk, change.base)
    numbers = seeds.search(desk.seed, "integrity", _SAMPLED)
    differing = [seed for seed in numbers if _digest(venue, seed) != _digest(venue, seed)]
    world = venue.market.world
    rests_on = f"{words.conditional(world.tape)}{_SAMPLED} tapes of world {world.name!r}, each made twice"
    if differing:
        said = f"world {world.name!r} makes another tape of seed {differing[0]} each time"
        return held(
            SEAT, change, (Finding("tape-integrity", Severity.WARNING, said, "market.yaml"),), rests_on
        )
    return from_findings(SEAT, change, (), rests_on)


def _digest(venue: Venue, seed: int) -> str:
    return tape_of(venue, seed).digest()
