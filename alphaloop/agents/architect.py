"""Architect: answers for the shape of the code; what ruff sees more than in main holds the change."""

from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at
from alphaloop.checks.static.ruff import findings as ruff_findings
from alphaloop.checks.subject import Subject
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk

SEAT = "architect"


def review(desk: Desk, change: Change) -> Verdict:
    """Hold a strategy in which ruff, with our own configuration, sees more than it sees in main's."""
    here, before = _seen(desk, change.head, change.judged_by), _seen(desk, change.base, change.judged_by)
    rests_on = f"ruff on {STRATEGY}: {len(here)} findings, main has {len(before)}"
    if len(here) > len(before):
        return held(SEAT, change, here, rests_on)
    return from_findings(SEAT, change, here, rests_on)


def _seen(desk: Desk, commit: str, judged_by: str) -> tuple[Finding, ...]:
    limits = constitution_at(desk, judged_by).limits
    return tuple(ruff_findings(Subject(STRATEGY, strategy_at(desk, commit), None, limits)))
