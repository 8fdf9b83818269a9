"""The safety stages: scope, bytes, static, proof, stress, pre-trade.  Cheap first; the first veto ends it."""

from alphaloop import words
from alphaloop.agents.answers import from_findings
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at, venue_at
from alphaloop.agents.risk.afterwards import unfit
from alphaloop.agents.risk.seat import SEAT
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, Examination, examine
from alphaloop.facts.change import LIMITS, SCALED_PATHS, Change
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk
from alphaloop.rules.entries.counterexamples import counterexample, counterexamples, is_new
from alphaloop.rules.scope import out_of_scope


def objection(desk: Desk, change: Change) -> Verdict | None:
    """Risk's veto when a safety stage finds one, else None: what is safe is not yet better."""
    findings = out_of_scope(change, constitution_at(desk, change.base).seats)
    if vetoes(findings):
        return from_findings(SEAT, change, findings, "the scope stage")
    after = unfit(desk, change)
    if after:
        return from_findings(SEAT, change, after, "the constitution of the head")
    if STRATEGY not in change.files:
        return None
    looked = examined(desk, strategy_at(desk, change.head), change.base, change.judged_by, STAGES[-1])
    if not looked.vetoed:
        return None
    if is_new(desk.ledger.entries(), looked.counterexample):
        check = vetoes(looked.findings)[0].check
        desk.ledger.append(counterexample(change, check, looked.counterexample), SEAT)
    findings = (*looked.findings, *no_scaling(desk, change))
    return from_findings(SEAT, change, findings, words.stages(looked.seconds))


def examined(desk: Desk, candidate: bytes, base: str, judged_by: str, through: str) -> Examination:
    """What the stages up to `through` find in a strategy beside that of `base`, by the limits of `judged_by`.

    Whatever made an earlier candidate break a limit, this one meets before anything is searched.
    """
    venue = venue_at(desk, base, judged_by)
    met = counterexamples(desk.ledger.entries())
    subject = Subject(STRATEGY, candidate, strategy_at(desk, base), venue.limits, met)
    return examine(subject, venue, through, desk.tell, desk.sandbox)


def no_scaling(desk: Desk, change: Change) -> tuple[Finding, ...]:
    """Why a change of limits and strategy together is judged by its base's limits all the same."""
    if change.scaling is not None or not set(SCALED_PATHS) <= set(change.files):
        return ()
    why = desk.forge.scaling(change.number, change.base, change.head)
    said = f"it is no scaling, so the limits of {change.base[:12]} judge it: {why}"
    return (Finding("scaling", Severity.NOTE, said, LIMITS),)


def harmless(desk: Desk, change: Change) -> Verdict:
    """Risk's approval of a change of no release path to which there is no objection."""
    return from_findings(
        SEAT, change, (), "the scope stage and the constitution of the head; no order depends on it"
    )
