"""The measuring part: plays a candidate through every scenario and records what happened, no more."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic

from alphaloop.checks.bombs.drill import drilled
from alphaloop.checks.bombs.ground import ground
from alphaloop.checks.bombs.losing import LOSING, losing
from alphaloop.checks.bombs.script import scripts
from alphaloop.checks.bombs.script import watched as watched_script
from alphaloop.checks.bombs.thresholds import thresholds
from alphaloop.checks.bombs.watched import watched
from alphaloop.checks.metamorphic.table import TWINS, same_share
from alphaloop.checks.metamorphic.twin import Twin
from alphaloop.checks.subject import Subject
from alphaloop.errors import StrategyFault
from alphaloop.market.journal import Journal
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.ports import Sandbox
from alphaloop.rules import seeds
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.rounds import rounds
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

CALM = "calm"
_OTHER_HASH_SEED = 1
_SILENT_S = 2.0


class Kind(Enum):
    """What a run was.

    A scenario; the calm market told otherwise, as it could be met or only for comparison; or a drill of the
    file's own numbers, whose fills are ours.
    """

    SCENARIO = auto()
    TWIN = auto()
    COMPARISON = auto()
    DRILL = auto()


@dataclass(frozen=True, slots=True)
class Stressed:
    """What one run did to a candidate.

    run: None when the strategy could not even be made; fault: how it misbehaved in any run, "" if not;
    rerun, fresh: of a scenario, digests of a second instance and of one under another hash seed, "" when a
    fault came first; base_breach: whether base ran into a hard limit on the same tape, None when that was not
    asked; same_share: of a twin, the share of the orders that the calm market saw too, None without orders;
    due: of a drill, how many drills there are; left_out: values that were too many for it to try; lines:
    those that the watched drill reached, None of any other run; grows: whether the file kept ever more in it;
    lifted: how a halt was lifted in the drill of a loss, "" when none was.
    """

    scenario: str
    run: Journal | None
    fault: str
    rerun: str = ""
    fresh: str = ""
    base_breach: bool | None = None
    kind: Kind = Kind.SCENARIO
    same_share: float | None = None
    due: int = 0
    left_out: int = 0
    lines: frozenset[int] | None = None
    grows: bool = False
    lifted: str = ""


def stress_runs(
    subject: Subject, venue: Venue, sandbox: Sandbox | None, tell: Callable[[str], None]
) -> tuple[Stressed, ...]:
    """A calm episode and every scenario, each played three times; twins of the calm one; and the drills.

    sandbox: instead of this process's own of the venue's name.  The first fault ends the measuring.  The tape
    is that of a seed which follows from the candidate's own bytes, so everybody can replay it and nobody can
    write a file for it; of a tape with rounds it is the first.  Raises Broken when the platform fails.
    """
    tape = rounds(tape_of(venue, _seed(subject.candidate)))[0]
    chosen = sandbox or sandbox_named(venue.sandbox)
    done: list[Stressed] = []
    told_s = monotonic()
    for run in _runs(subject, tape, venue, chosen):
        done.append(run)
        if run.fault and run.kind is not Kind.COMPARISON:
            break
        if monotonic() - told_s > _SILENT_S:
            told_s = monotonic()
            tell(f"  safety: stress, {run.scenario} is done")
    return tuple(done)


def _runs(subject: Subject, tape: Tape, venue: Venue, sandbox: Sandbox) -> Iterator[Stressed]:
    calm = _played(subject, tape, CALM, venue, sandbox)
    yield calm
    for name, scenario in SCENARIOS.items():
        yield _played(subject, scenario.apply(tape), name, venue, sandbox)
    if calm.run is not None:
        for twin in TWINS.values():
            yield _twin(subject, twin, tape, calm.run, venue, sandbox)
    yield from _drills(subject, tape, venue, sandbox)


def _twin(
    subject: Subject, twin: Twin, tape: Tape, calm: Journal, venue: Venue, sandbox: Sandbox
) -> Stressed:
    told, where = twin.told(tape, venue)
    run, fault = _journal(subject.candidate, told, where, sandbox, 0)
    share = None if run is None else same_share(twin, tape, calm, run)
    kind = Kind.TWIN if twin.genuine else Kind.COMPARISON
    base = None if run is None else _base_breach(subject, run, told, where, sandbox)
    return Stressed(twin.name, run, fault, base_breach=base, kind=kind, same_share=share)


def _drills(subject: Subject, tape: Tape, venue: Venue, sandbox: Sandbox) -> Iterator[Stressed]:
    here = ground(tape, venue.market, venue.limits)
    met = thresholds(subject, here)
    drills = scripts(met, here)
    due = len(drills) + 2
    for script in drills:
        run, fault = drilled(subject.candidate, script, here, sandbox)
        out = met.left_out if script is drills[0] else 0
        yield Stressed(script.name, run, fault, kind=Kind.DRILL, due=due, left_out=out)
    (run, fault), lifted = losing(subject.candidate, here, sandbox)
    yield Stressed(LOSING, run, fault, kind=Kind.DRILL, due=due, lifted=lifted)
    script, quarters = watched_script(met, here)
    (run, fault), seen = watched(subject.candidate, script, quarters, here, sandbox)
    yield Stressed(
        script.name,
        run,
        fault,
        kind=Kind.DRILL,
        due=due,
        lines=None if seen is None else seen.lines,
        grows=seen is not None and bool(quarters) and seen.grows(quarters[-1] - quarters[0]),
    )


def _played(subject: Subject, tape: Tape, name: str, venue: Venue, sandbox: Sandbox) -> Stressed:
    run, fault = _journal(subject.candidate, tape, venue, sandbox, 0)
    if run is None or fault:
        return Stressed(name, run, fault)
    again, fault = _journal(subject.candidate, tape, venue, sandbox, 0)
    if again is None or fault:
        return Stressed(name, run, fault)
    fresh, fault = _journal(subject.candidate, tape, venue, sandbox, _OTHER_HASH_SEED)
    if fresh is None or fault:
        return Stressed(name, run, fault, again.digest)
    return Stressed(
        name, run, "", again.digest, fresh.digest, _base_breach(subject, run, tape, venue, sandbox)
    )


def _base_breach(subject: Subject, run: Journal, tape: Tape, venue: Venue, sandbox: Sandbox) -> bool | None:
    """Whether base breaks a limit too: asked only when the candidate did."""
    if not run.breach or subject.base is None:
        return None
    base, _ = _journal(subject.base, tape, venue, sandbox, 0)
    return base is not None and bool(base.breach)


def _journal(
    source: bytes, tape: Tape, venue: Venue, sandbox: Sandbox, hash_seed: int
) -> tuple[Journal | None, str]:
    try:
        journal = play_source(source, tape, venue, sandbox, hash_seed)
    except StrategyFault as fault:
        return None, str(fault) or "the strategy could not be made and did not say why"
    return journal, journal.fault


def _seed(candidate: bytes) -> int:
    (seed,) = seeds.search(0, f"stress {hashlib.sha256(candidate).hexdigest()}", 1)
    return seed
