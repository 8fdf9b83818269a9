"""Infrastructure: whether the strategy answers in time."""

from alphaloop.agents import data
from alphaloop.agents.answers import from_findings, held, unmeasured
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk

SEAT = "infrastructure"


def review(desk: Desk, change: Change) -> Verdict:
    """Hold a strategy whose 99 % tick-to-trade, on this machine's clock, is too long or was not measured.

    What is too long, the base's roles.yaml says.
    """
    threshold = constitution_at(desk, change.base).threshold("tick_to_trade_p99")
    try:
        here = data.measured(desk, change)
    except StrategyFault as fault:
        return unmeasured(SEAT, change, fault)
    slowest = here.value("tick_to_trade_p99")
    if slowest is None:
        words = "tick_to_trade_p99 is missing: the strategy sent no order, so nothing can be said"
        return held(SEAT, change, (Finding("tick-to-trade", Severity.WARNING, words),), here.rests_on)
    words = f"tick_to_trade_p99 {slowest:.3g} ms, held when {threshold} ms"
    if threshold.holds(slowest):
        return held(SEAT, change, (Finding("tick-to-trade", Severity.WARNING, words),), here.rests_on)
    return from_findings(SEAT, change, (Finding("tick-to-trade", Severity.NOTE, words),), here.rests_on)
