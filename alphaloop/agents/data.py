"""Data: measures main's strategy, and answers for the tapes that evidence rests on."""

from dataclasses import replace

from alphaloop import words
from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.extras import unanswered
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at, venue_at
from alphaloop.agents.keeping import conditional_on, kept, run_of
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.evidence import CONDITIONAL_ON
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.metric import Record
from alphaloop.facts.verdict import Verdict
from alphaloop.market.metrics.overfit import tried
from alphaloop.market.metrics.record import record as measured_record
from alphaloop.market.store.journals import Run, journals_in
from alphaloop.market.store.reader import sources
from alphaloop.market.store.source import Source
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.entries.measured import newest_scores, record, record_at, trials_so_far
from alphaloop.simulation.pairs import play_alone
from alphaloop.simulation.venue import Venue, tape_of
from alphaloop.words.spelling import one_line

SEAT = "data"
EPISODES = 40
"""As many as the pilot of a tournament has."""
_SAMPLED = 3


def measure_main(desk: Desk) -> Record:
    """The four layers of main's strategy on search seeds; raises StrategyFault when it cannot be made."""
    main = desk.forge.main()
    try:
        return _measured(desk, main, main, None)
    except StrategyFault as fault:
        raise StrategyFault(
            f"{STRATEGY} on main cannot be played: {fault}. The desk cannot improve what does not run: "
            "mend it with a signed commit, then run again"
        ) from fault


def measured(desk: Desk, change: Change) -> Record:
    """The four layers of a change's strategy under the limits that judge it; else as `measure_main`.

    Raises StrategyFault for a strategy that cannot be made, and for one that fails in any episode.
    """
    return _measured(desk, change.head, change.judged_by, change)


def _measured(desk: Desk, commit: str, judged_by: str, change: Change | None) -> Record:
    """What `commit`'s strategy does under the constitution of `judged_by`: measured once, then read back.

    Every commit plays the same search seeds: two records differ by the strategy and not by the weather.
    change: whose head it is, None for main.
    """
    known = record_at(desk.ledger.entries(), commit, desk.seed)
    if known is not None:
        return known
    desk.tell(f"Data measures {commit[:12]} on {EPISODES} episodes")
    numbers = seeds.search(desk.seed, "record", EPISODES)
    journals = tuple(play_alone(strategy_at(desk, commit), numbers, venue_at(desk, judged_by), desk.cores))
    fault = next((journal.fault for journal in journals if journal.fault), "")
    if fault and change is not None:
        raise StrategyFault(f"{STRATEGY} at {commit[:12]} failed in an episode: {fault}")
    entries, grounds = desk.ledger.entries(), constitution_at(desk, judged_by)
    made = measured_record(
        journals,
        grounds.targets,
        trials_so_far(entries),
        thresholds=grounds.thresholds,
        tried=tried(newest_scores(entries)),
    )
    made = replace(made, rests_on=words.conditional(grounds.market.world.tape) + made.rests_on)
    desk.ledger.append(record(made, commit, desk.seed), SEAT)
    if change is None:
        kept(desk, journals, _run(desk, commit))
    return made


def kept_of(desk: Desk, commit: str) -> Source | None:
    """What the record of `commit` was computed from, if this desk's store has it."""
    run = _run(desk, commit)
    return next((source for source in sources(desk.store, "journals") if run_of(source) == run), None)


def measured_again(desk: Desk, source: Source) -> Record:
    """The four layers of a run that the store keeps, from its journals, by the targets of main.

    The overfit probability is missing: it belongs to a search, and no run says from which it came.
    """
    grounds = constitution_at(desk, desk.forge.main())
    made = measured_record(
        journals_in(desk.store, source),
        grounds.targets,
        trials_so_far(desk.ledger.entries()),
        thresholds=grounds.thresholds,
    )
    run = run_of(source)
    conditional = words.conditional(one_line(str(run.get(CONDITIONAL_ON, ""))))
    return replace(made, rests_on=f"{conditional}{words.kept_run(run)}: {made.rests_on}")


def _run(desk: Desk, commit: str) -> Run:
    run: Run = {"by": SEAT, "commit": commit, "seed": desk.seed, "episodes": EPISODES}
    return {**run, **conditional_on(constitution_at(desk, commit).market.world.tape)}


def review(desk: Desk, change: Change) -> Verdict:
    """Whether the tapes that the evidence will rest on can be made again, byte for byte.

    Holds as well what changes one of the repository's own metrics into one that cannot be asked.
    """
    venue = venue_at(desk, change.judged_by)
    numbers = seeds.search(desk.seed, "integrity", _SAMPLED)
    differing = [seed for seed in numbers if _digest(venue, seed) != _digest(venue, seed)]
    world = venue.market.world
    rests_on = f"{words.conditional(world.tape)}{_SAMPLED} tapes of world {world.name!r}, each made twice"
    found = [
        Finding("extra-metric", Severity.WARNING, why, path)
        for path, why in unanswered(desk, change.head, change.files)
    ]
    if differing:
        said = f"world {world.name!r} makes another tape of seed {differing[0]} each time"
        found.append(Finding("tape-integrity", Severity.WARNING, said, "market.yaml"))
    if found:
        return held(SEAT, change, tuple(found), rests_on)
    return from_findings(SEAT, change, (), rests_on)


def _digest(venue: Venue, seed: int) -> str:
    return tape_of(venue, seed).digest()
