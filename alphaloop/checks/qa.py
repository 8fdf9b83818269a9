"""QA's test run, as a stance: failing tests hold a change, and passing ones prove nothing."""

from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance
from alphaloop.ports import TestRun

_WHERE = "tests/"


def stance_on_tests(run: TestRun) -> tuple[Stance, tuple[Finding, ...]]:
    """What QA answers to a run of the repository's tests, and why.

    The tests are the candidate's own code, so they can hold a change and never speed one up.
    """
    if not run.finished:
        return Stance.HOLD, (
            _finding("unfinished", Severity.WARNING, f"the tests did not finish: {run.words}"),
        )
    if run.failed:
        seen = f"{run.failed} of {run.failed + run.passed} tests failed: {run.words}"
        return Stance.HOLD, (_finding("failed", Severity.WARNING, seen),)
    if not run.passed:
        return Stance.HOLD, (_finding("none", Severity.WARNING, "no test ran; tests/ needs at least one"),)
    seen = f"{run.passed} tests passed, which proves nothing by itself"
    return Stance.APPROVE, (_finding("passed", Severity.NOTE, seen),)


def _finding(rule: str, severity: Severity, words: str) -> Finding:
    return Finding(f"tests.{rule}", severity, words, _WHERE)
