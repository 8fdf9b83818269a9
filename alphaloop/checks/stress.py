"""The stress stage: what the scenarios did to a candidate, as findings."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from alphaloop.checks.measure import CALM, Stressed
from alphaloop.errors import Broken
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.scenarios import SCENARIOS


def stress_findings(runs: Sequence[Stressed], path: str) -> tuple[Finding, ...]:
    """Every fault, difference, excess and breach.  Raises Broken when a scenario is missing."""
    expected = [CALM, *SCENARIOS]
    if [run.scenario for run in runs] != expected[: len(runs)] or not runs:
        raise Broken("the stress stage was given other scenarios than its own; measure again")
    if len(runs) < len(expected) and not runs[-1].fault:
        raise Broken(f"the stress stage ended after {runs[-1].scenario} without a fault; measure again")
    return tuple(finding for run in runs for rule in RULES for finding in rule(run, path))


def _fault(run: Stressed, path: str) -> Iterator[Finding]:
    if run.fault:
        yield _finding(Severity.VETO, "fault", run, path, f"the strategy failed: {run.fault}")
    elif run.run is None:
        raise Broken(f"scenario {run.scenario} left no journal and no fault; measure again")


def _same(run: Stressed, path: str) -> Iterator[Finding]:
    if run.fault or run.run is None:
        return
    if not (run.run.digest and run.rerun and run.fresh):
        raise Broken(f"scenario {run.scenario} was not played three times; measure again")
    if run.rerun != run.run.digest:
        seen = "nondeterministic: the same tape gave other orders the second time; use the callbacks only"
        yield _finding(Severity.VETO, "nondeterministic", run, path, seen)
    elif run.fresh != run.run.digest:
        seen = "nondeterministic: another hash seed gave other orders; sort what comes out of a set"
        yield _finding(Severity.VETO, "nondeterministic", run, path, seen)


def _position(run: Stressed, path: str) -> Iterator[Finding]:
    if run.run is None or len(run.run.marks) == 0:
        return
    most = float(np.abs(run.run.marks["position_lots"]).max()) * run.run.instrument.lot
    # Not `most > limit`: a number that is none must not pass.
    if not most <= run.run.max_position * (1 + 1e-9):
        seen = f"a position of {most:g} while the limit is {run.run.max_position:g}"
        yield _finding(Severity.VETO, "position", run, path, seen)


def _breach(run: Stressed, path: str) -> Iterator[Finding]:
    if run.run is None or not run.run.breach:
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


RULES: tuple[Callable[[Stressed, str], Iterator[Finding]], ...] = (_fault, _same, _position, _breach)
