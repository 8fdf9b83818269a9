"""The safety stages: scope, bytes, static, proof, stress, pre-trade.  Cheap first; the first veto ends it."""

from alphaloop import words
from alphaloop.agents.answers import from_findings
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at, venue_at
from alphaloop.agents.risk.seat import SEAT
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, Examination, examine
from alphaloop.errors import BadConfiguration
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk
from alphaloop.rules.scope import out_of_scope


def objection(desk: Desk, change: Change) -> Verdict | None:
    """Risk's veto when a safety stage finds one, else None: what is safe is not yet better."""
    findings = out_of_scope(change, constitution_at(desk, change.base).seats)
    if vetoes(findings):
        return from_findings(SEAT, change, findings, "the scope stage")
    if STRATEGY not in change.files:
        return None
    looked = examined(desk, change)
    if not looked.vetoed:
        return None
    return from_findings(SEAT, change, looked.findings, words.stages(looked.seconds))


def examined(desk: Desk, change: Change) -> Examination:
    """What the stages from bytes to pre-trade find in the change's own blob, judged by its base."""
    venue = venue_at(desk, change.base)
    subject = Subject(STRATEGY, strategy_at(desk, change.head), strategy_at(desk, change.base), venue.limits)
    return examine(subject, venue, STAGES[-1], desk.tell, desk.sandbox)


def harmless(desk: Desk, change: Change) -> Verdict:
    """Risk's answer on a change of no release path: approved when the constitution that it leaves loads."""
    try:
        constitution_at(desk, change.head)
    except BadConfiguration as wrong:
        unreadable = Finding(
            "constitution", Severity.VETO, f"after this change the desk could not work: {wrong}"
        )
        return from_findings(SEAT, change, (unreadable,), "the constitution of the head")
    return from_findings(
        SEAT, change, (), "the scope stage and the constitution of the head; no order depends on it"
    )
