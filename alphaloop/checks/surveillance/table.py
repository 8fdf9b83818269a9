"""The surveillance stage: every pattern over every stress run, as findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from alphaloop.checks.measure import Stressed
from alphaloop.checks.surveillance.conduct import Conduct, conduct
from alphaloop.checks.surveillance.escalation import escalation
from alphaloop.checks.surveillance.flicker import stuffing
from alphaloop.checks.surveillance.spoofing import spoofing
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.journal import Journal

PATTERNS: Mapping[str, Callable[[Journal, Conduct], str]] = {
    "stuffing": stuffing,
    "spoofing": spoofing,
    "escalation": escalation,
}


def surveillance_findings(runs: Sequence[Stressed], path: str) -> tuple[Finding, ...]:
    """A veto for each pattern, with the first scenario in which it was seen and in how many more."""
    seen: dict[str, list[str]] = {}
    for run in runs:
        for pattern, words in _patterns(run):
            seen.setdefault(pattern, []).append(f"scenario {run.scenario}: {words}")
    return tuple(
        Finding(f"surveillance.{pattern}", Severity.VETO, _told(cases), path)
        for pattern, cases in seen.items()
    )


def _patterns(run: Stressed) -> Iterator[tuple[str, str]]:
    done = None if run.run is None else conduct(run.run)
    if run.run is None or done is None:
        return
    for pattern, look in PATTERNS.items():
        words = look(run.run, done)
        if words:
            yield pattern, words


def _told(cases: Sequence[str]) -> str:
    more = len(cases) - 1
    return f"{cases[0]} (and in {more} more scenarios)" if more else cases[0]
