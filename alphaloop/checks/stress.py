"""The stress stage: what the scenarios, twins and drills did to a candidate, as findings."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from alphaloop.checks.measure import CALM, Kind, Stressed
from alphaloop.checks.metamorphic.table import TWINS
from alphaloop.errors import Broken
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.scenarios import SCENARIOS


def stress_findings(runs: Sequence[Stressed], path: str) -> tuple[Finding, ...]:
    """Every fault, difference, excess and breach.  Raises Broken when a run is missing."""
    _refuse_gaps(runs)
    return tuple(finding for run in runs for rule in RULES for finding in rule(run, path))


def _refuse_gaps(runs: Sequence[Stressed]) -> None:
    """Whatever the measuring part did, too few runs are no approval."""
    expected = [CALM, *SCENARIOS, *TWINS]
    played, drills = runs[: len(expected)], runs[len(expected) :]
    if not runs or [run.scenario for run in played] != expected[: len(played)]:
        raise Broken("the stress stage was given other scenarios than its own; measure again")
    if any((run.kind is Kind.DRILL) != (run.scenario not in expected) for run in runs):
        raise Broken("a run of the stress stage says that it is another than it is; measure again")
    whole = bool(drills) and len({run.scenario for run in drills}) == len(drills) == drills[0].due
    if not whole and not runs[-1].fault:
        raise Broken(f"the stress stage ended after {runs[-1].scenario} without a fault; measure again")


def _fault(run: Stressed, path: str) -> Iterator[Finding]:
    if run.fault and run.kind is Kind.COMPARISON:
        # Such a market is not met: the numbers of the file are meant for another price.
        yield _finding(Severity.WARNING, "units", run, path, f"the strategy failed: {run.fault}")
    elif run.fault:
        yield _finding(Severity.VETO, "fault", run, path, f"the strategy failed: {run.fault}")
    elif run.run is None:
        raise Broken(f"scenario {run.scenario} left no journal and no fault; measure again")


def _same(run: Stressed, path: str) -> Iterator[Finding]:
    if run.fault or run.run is None or run.kind is not Kind.SCENARIO:
        return
    if not (run.run.digest and run.rerun and run.fresh):
        raise Broken(f"scenario {run.scenario} was not played three times; measure again")
    if run.rerun != run.run.digest:
        seen = "nondeterministic: the same tape gave other orders the second time; use the callbacks only"
        yield _finding(Severity.VETO, "nondeterministic", run, path, seen)
    elif run.fresh != run.run.digest:
        seen = "nondeterministic: another hash seed gave other orders; sort what comes out of a set"
        yield _finding(Severity.VETO, "nondeterministic", run, path, seen)


def _alike(run: Stressed, path: str) -> Iterator[Finding]:
    """Never a veto: honest strategies trade by the clock, in quote currency, and on one side."""
    twin = TWINS.get(run.scenario)
    if twin is not None and run.same_share is not None and run.same_share < twin.alike:
        seen = f"{1 - run.same_share:.0%} of the orders differ from those of the calm market: {twin.meaning}"
        yield _finding(Severity.NOTE, "twin", run, path, seen)


def _left_out(run: Stressed, path: str) -> Iterator[Finding]:
    if run.left_out:
        seen = f"{run.left_out} meanings of its numbers were too many to be tried; write fewer numbers"
        yield _finding(Severity.NOTE, "left_out", run, path, seen)


def _growth(run: Stressed, path: str) -> Iterator[Finding]:
    if run.grows:
        seen = (
            "what is kept by key in self grew with every second of a market in which nothing comes twice; "
            "drop what is old, or round the keys"
        )
        yield _finding(Severity.VETO, "growth", run, path, seen)


def _position(run: Stressed, path: str) -> Iterator[Finding]:
    if run.run is None or len(run.run.marks) == 0:
        return
    most = float(np.abs(run.run.marks["position_lots"]).max()) * run.run.instrument.lot
    # Not `most > limit`: a number that is none must not pass.
    if not most <= run.run.max_position * (1 + 1e-9):
        seen = f"a position of {most:g} while the limit is {run.run.max_position:g}"
        yield _finding(Severity.VETO, "position", run, path, seen)


def _breach(run: Stressed, path: str) -> Iterator[Finding]:
    if run.run is None or not run.run.breach or run.kind is Kind.COMPARISON:
        return
    if run.base_breach:
        seen = f"{run.run.breach}; base breaks it too on this tape"
        yield _finding(Severity.WARNING, "breach", run, path, seen)
    else:
        seen = (
            f"{run.run.breach}, where base stays within it; hold less, or quote wider when the market moves"
        )
        yield _finding(Severity.VETO, "breach", run, path, seen)


def _finding(severity: Severity, rule: str, run: Stressed, path: str, words: str) -> Finding:
    return Finding(f"stress.{rule}", severity, f"scenario {run.scenario}: {words}", path)


RULES: tuple[Callable[[Stressed, str], Iterator[Finding]], ...] = (
    _fault,
    _same,
    _alike,
    _left_out,
    _growth,
    _position,
    _breach,
)
