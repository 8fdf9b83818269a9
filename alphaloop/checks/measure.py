"""The measuring part: plays a candidate through every scenario and records what happened, no more."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from alphaloop.checks.subject import Subject
from alphaloop.errors import StrategyFault
from alphaloop.market.journal import Journal
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.ports import Sandbox
from alphaloop.rules import seeds
from alphaloop.simulation.rounds import rounds
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

CALM = "calm"
_OTHER_HASH_SEED = 1
_SILENT_S = 2.0


@dataclass(frozen=True, slots=True)
class Stressed:
    """What one scenario did to a candidate.

    run: None when the strategy could not even be made; fault: how it misbehaved in any run, "" if not.
    rerun, fresh: digests of a second instance and of one under another hash seed, "" when a fault came first.
    base_breach: whether base ran into a hard limit on the same tape, None when that was not asked.
    """

    scenario: str
    run: Journal | None
    fault: str
    rerun: str = ""
    fresh: str = ""
    base_breach: bool | None = None


def stress_runs(
    subject: Subject, venue: Venue, sandbox: Sandbox | None, tell: Callable[[str], None]
) -> tuple[Stressed, ...]:
    """A calm episode and every scenario, each played three times; the first fault ends the measuring.

    sandbox: instead of this process's own of the venue's name.  The tape is that of a seed which follows from
    the candidate's own bytes, so everybody can replay it and nobody can write a file for it; of a tape with
    rounds it is the first.  Raises Broken when the platform fails.
    """
    tape = rounds(tape_of(venue, _seed(subject.candidate)))[0]
    done: list[Stressed] = []
    told_s = monotonic()
    for name, stressed in _tapes(tape):
        if monotonic() - told_s > _SILENT_S:
            told_s = monotonic()
            tell(f"  safety: stress, {name}")
        done.append(_played(subject, stressed, name, venue, sandbox))
        if done[-1].fault:
            break
    return tuple(done)


def _tapes(tape: Tape) -> Iterator[tuple[str, Tape]]:
    yield CALM, tape
    for name, scenario in SCENARIOS.items():
        yield name, scenario.apply(tape)


def _played(subject: Subject, tape: Tape, name: str, venue: Venue, sandbox: Sandbox | None) -> Stressed:
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


def _base_breach(
    subject: Subject, run: Journal, tape: Tape, venue: Venue, sandbox: Sandbox | None
) -> bool | None:
    """Whether base breaks a limit too: asked only when the candidate did."""
    if not run.breach or subject.base is None:
        return None
    base, _ = _journal(subject.base, tape, venue, sandbox, 0)
    return base is not None and bool(base.breach)


def _journal(
    source: bytes, tape: Tape, venue: Venue, sandbox: Sandbox | None, hash_seed: int
) -> tuple[Journal | None, str]:
    try:
        journal = play_source(source, tape, venue, sandbox, hash_seed)
    except StrategyFault as fault:
        return None, str(fault) or "the strategy could not be made and did not say why"
    return journal, journal.fault


def _seed(candidate: bytes) -> int:
    (seed,) = seeds.search(0, f"stress {hashlib.sha256(candidate).hexdigest()}", 1)
    return seed
