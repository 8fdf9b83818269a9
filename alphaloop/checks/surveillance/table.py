"""The surveillance stage: every pattern over every stress run, as findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from alphaloop.checks.measure import Kind, Stressed
from alphaloop.checks.surveillance.conduct import Conduct, conduct
from alphaloop.checks.surveillance.escalation import escalation
from alphaloop.checks.surveillance.flicker import stuffing, stuffing_in_a_drill
from alphaloop.checks.surveillance.spoofing import ratios, spoofing, told
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.journal import Journal

PATTERNS: Mapping[str, Callable[[Journal, Conduct], str]] = {
    "stuffing": stuffing,
    "spoofing": spoofing,
    "escalation": escalation,
}
DRILLED: Mapping[str, Callable[[Journal, Conduct], str]] = {"stuffing": stuffing_in_a_drill}
"""What counts in a drill, where it is we who decide which order is filled."""


def surveillance_findings(runs: Sequence[Stressed], path: str) -> tuple[Finding, ...]:
    """A veto for each pattern, with the first scenario in which it was seen and in how many more."""
    seen: dict[str, list[str]] = {}
    for run in runs:
        for pattern, words in _patterns(run):
            seen.setdefault(pattern, []).append(f"scenario {run.scenario}: {words}")
    if "spoofing" not in seen and (words := _together(runs)):
        seen["spoofing"] = [f"all scenarios together: {words}"]
    return tuple(
        Finding(f"surveillance.{pattern}", Severity.VETO, _told(cases), path)
        for pattern, cases in seen.items()
    )


def _patterns(run: Stressed) -> Iterator[tuple[str, str]]:
    if run.lifted:
        yield "halt", run.lifted
    done = None if run.run is None else conduct(run.run)
    if run.run is None or done is None or run.kind is Kind.COMPARISON or run.lines is not None:
        # The watched drill leaps to a market far from all averages, which are long in coming to rest there.
        return
    for pattern, look in (DRILLED if run.kind is Kind.DRILL else PATTERNS).items():
        words = look(run.run, done)
        if words:
            yield pattern, words


def _together(runs: Sequence[Stressed]) -> str:
    """Spoofing over all runs at once: who is filled seldom has too few fills in each of them."""
    looked = [
        ratios(run.run, done)
        for run in runs
        if run.kind in (Kind.SCENARIO, Kind.TWIN)
        if run.run is not None and (done := conduct(run.run)) is not None
    ]
    return told(np.concatenate(looked)) if looked else ""


def _told(cases: Sequence[str]) -> str:
    more = len(cases) - 1
    return f"{cases[0]} (and in {more} more scenarios)" if more else cases[0]
