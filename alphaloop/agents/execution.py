"""Execution: reads a change's fills against main's, on the same markets."""

from alphaloop.agents import data
from alphaloop.agents.answers import from_findings, held, unmeasured
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.metric import Record
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk

SEAT = "execution"
READ = ("markout_1s", "fill_rate", "effective_spread", "slippage")


def review(desk: Desk, change: Change) -> Verdict:
    """Approve with the numbers; hold what cannot be measured, and slippage beyond the base's threshold."""
    threshold = constitution_at(desk, change.base).threshold("slippage")
    main = data.measure_main(desk)
    try:
        here = data.measured(desk, change)
    except StrategyFault as fault:
        return unmeasured(SEAT, change, fault)
    slippage = here.value("slippage")
    beyond = None if slippage is None else threshold.holds(slippage)
    findings = tuple(_compared(name, here, main) for name in READ)
    if beyond:
        words = f"slippage {slippage:.4g} bps is beyond the threshold of roles.yaml, {threshold} bps"
        findings = (*findings, Finding("threshold", Severity.WARNING, words))
    rests_on = f"{here.rests_on}, main on the same seeds"
    if here.value("markout_1s") is None or beyond is not False:
        return held(SEAT, change, findings, rests_on)
    return from_findings(SEAT, change, findings, rests_on)


def _compared(name: str, here: Record, main: Record) -> Finding:
    now, before = here.value(name), main.value(name)
    if now is None:
        return Finding(
            name, Severity.WARNING, f"{name} is missing: no event carries it, so nothing can be said"
        )
    beside = "missing" if before is None else f"{before:.4g}"
    return Finding(name, Severity.NOTE, f"{name} {now:.4g}, main {beside}")
